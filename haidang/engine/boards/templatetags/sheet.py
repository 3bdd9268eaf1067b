"""Template tags of the ruled sheet: figures, ages, priorities, Vietnamese numbers and dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.forms import BoundField, Form
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.boards import writing
from haidang.engine.boards.content import library
from haidang.engine.boards.queries import SourceRow
from haidang.engine.boards.shown import Class, Point, Shown
from haidang.engine.boards.sparkline import spark as _spark
from haidang.engine.boards.statistics import words
from haidang.engine.boards.statistics.linking import why_link
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.said import in_vietnamese
from haidang.engine.store.models import Source

register = template.Library()

# --- writing ----------------------------------------------------------------------------------------------


@register.filter
def vn_number(value: float | None, decimals: int | None = None) -> str:
    """`{{ 1234.5|vn_number:1 }}` → 1.234,5"""
    return writing.number(value, decimals)


@register.simple_tag
def why(url: str, text: object) -> SafeString:
    """A number that leads to its reasons: `{% why line.url line.value|vn_number:1 %}`."""
    return why_link(url, text)


@register.simple_tag
def by_rule(text: object) -> SafeString:
    """A number that a decision sets: nothing was reported or reckoned that could be explained."""
    return format_html('<span class="by-rule">{}</span>', text)


register.filter("vn_date", writing.date)
register.filter("vn_time", writing.hour_minute)
register.filter("vn_clock", writing.clock_time)
register.filter("vn_moment", writing.moment)
register.filter("vn_stamp", writing.stamp)
register.filter("vn_size", writing.size)
register.filter("vn_unit", writing.unit)


@register.filter
def vn_period(code: str) -> str:
    """`{{ "2026-W47"|vn_period }}` → Tuần 47/2026"""
    return words.period(Period.parse(code)) if code else ""


@register.filter
def vn_iso(instant: datetime | None) -> str:
    """For `datetime=` and links: local time with its offset."""
    return clock.local(instant).isoformat(timespec="seconds") if instant else ""


@register.filter
def age(instant: datetime | None) -> str:
    """How long ago, short: `2 ph`."""
    return writing.span((clock.now() - instant).total_seconds()) if instant else writing.NONE


@register.filter
def age_long(instant: datetime | None) -> str:
    return writing.span_long((clock.now() - instant).total_seconds()) if instant else writing.NONE


@register.filter
def span_long(seconds: float | None) -> str:
    return writing.span_long(seconds) if seconds is not None else writing.NONE


@register.simple_tag(name="age")
def counting_age(instant: datetime | None, prefix: str = "") -> str:
    """An age that goes on counting on the page, also while it is cut off."""
    if instant is None:
        return writing.NONE
    text = writing.span((clock.now() - instant).total_seconds())
    return format_html('<time datetime="{}" data-age>{}{}</time>', vn_iso(instant), prefix, text)


STANDS_STILL = 120  # seconds


# --- marks ------------------------------------------------------------------------------------------------
def priority_word(priority: int) -> str:
    return {1: _("Khẩn cấp"), 2: _("Cao"), 3: _("Thấp")}.get(priority, _("Sự kiện"))


register.filter("priority_word", priority_word)


@register.simple_tag
def priority(
    value: int, text: str | int | None = None, *, acked: bool = False, new: bool = False, word: bool = False
) -> str:
    """Shape + number (+ word). `acked`: outline; `new`: the P1 shape blinks; `text` replaces the number."""
    level = int(value) if int(value) in (1, 2, 3) else 0
    shown = str(text) if text is not None else (str(level) if level else "")
    classes = f"p p{level}" + (" open" if acked else "") + (" new" if new else "")
    label = priority_word(level)
    tail = format_html(" {}", label) if word else format_html('<span class="vh"> {}</span>', label)
    return format_html(
        '<span class="{}"><svg aria-hidden="true"><use href="#s{}"/></svg>{}{}</span>',
        classes,
        level,
        shown,
        tail,
    )


@register.simple_tag
def ring(as_of: datetime | None, allowed_s: float, *, now: datetime | None = None) -> str:
    """The age ring: filled part = age ÷ age allowed. Goes on counting on the page."""
    if as_of is None:
        return ""
    here = clock.now()
    seconds = max(0.0, ((now or here) - as_of).total_seconds())
    # Looking back, an age stands still: the page must not go on counting it.
    counts = now is None or (here - now).total_seconds() < STANDS_STILL
    share = min(100, round(100 * seconds / allowed_s)) if allowed_s else 100
    return format_html(
        '<svg class="ring{}" viewBox="0 0 16 16" aria-hidden="true"{}>'
        '<circle class="t" cx="8" cy="8" r="6" pathLength="100"/>'
        '<circle class="v" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100"/></svg>',
        " old" if seconds > allowed_s else "",
        format_html(' data-as-of="{}" data-allowed="{}"', vn_iso(as_of), int(allowed_s)) if counts else "",
        share,
    )


@register.simple_tag
def aqi(value: float | None, indicator: str, *, number: bool = True) -> str:
    """Legal swatch with number and word; with `number=False` swatch and word only."""
    classed = library().classify(indicator, value)
    if value is None or classed is None:
        return format_html('<span class="sw-n none">{}</span>', writing.number(value, 0))
    if not number:
        return format_html('<span class="aqi {}">{}</span>', classed.token, classed.word)
    return format_html("{} {}", swatch(value, classed), classed.word)


@register.simple_tag
def swatch(value: float | None, classed: Class | None) -> str:
    """The number on its legal ground, without the word (which then stands beside it)."""
    if value is None or classed is None:
        return format_html('<span class="sw-n none">{}</span>', writing.NONE)
    full = " full" if classed.full else ""
    return format_html('<span class="sw-n {}{}">{}</span>', classed.token, full, writing.number(value, 0))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of the sprite (`parts/sprite.html`), silent for screen readers."""
    return format_html(
        '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>', name
    )


# --- words of two languages -------------------------------------------------------------------------------
register.filter("in_vietnamese", in_vietnamese)


@register.filter
def source_title(source: Source | SourceRow | str) -> str:
    """Of a source or an address: as its content says it in the screen's language.

    A source whose content is gone keeps the title it had.
    """
    address, otherwise = (source, source) if isinstance(source, str) else (source.address, source.title)
    return str(library().source_titles.get(address, otherwise))


# --- components -------------------------------------------------------------------------------------------
@register.inclusion_tag("parts/figure.html")
def figure(shown: Shown, hotkey: str = "") -> dict[str, object]:
    """One figure with all that makes it trustworthy. Anything but a `Shown` is refused."""
    if not isinstance(shown, Shown):
        raise TypeError(f"figure needs a boards.shown.Shown, got {type(shown).__name__}")
    return {"f": shown, "hotkey": hotkey}


@register.inclusion_tag("parts/spark.html")
def sparkline(
    points: Sequence[Point], label: str, unit: str, target: float | None = None
) -> dict[str, object]:
    return {"spark": _spark(points, target=target), "label": label, "unit": unit, "points": points}


@register.inclusion_tag("parts/state.html")
def state(
    kind: str, title: str, text: str = "", url: str = "", action: str = "", phone: str = ""
) -> dict[str, str]:
    """`kind`: empty, failed, old or denied. The sentence that is true, and the next useful action."""
    if kind == "denied" and not text:
        text = _("Quản trị viên của trung tâm có thể cấp quyền cho bạn.")
    return {"kind": kind, "title": title, "text": text, "url": url, "action": action, "phone": phone}


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, help: str = "") -> dict[str, object]:  # noqa: A002 - reads as it is meant in a template
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    described = [f"{bound.id_for_label}-help"] if (help or bound.help_text) else []
    described += [f"{bound.id_for_label}-error"] if bound.errors else []
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "help": help or bound.help_text,
        "control": bound.as_widget(attrs=attrs),
        "is_check": kind == "checkbox",
        "is_group": kind in ("radio", "checkboxselectmultiple", "radioselect"),
    }


@register.inclusion_tag("parts/errors.html")
def errors(*forms: Form) -> dict[str, object]:
    """Summary of what is wrong, on top of the form: takes the focus, links to the fields."""
    found = [(b.id_for_label, b.label, message) for f in forms for b in f for message in b.errors]
    return {"found": found, "general": [m for f in forms for m in f.non_field_errors()]}
