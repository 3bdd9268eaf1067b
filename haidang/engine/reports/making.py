"""Draw up a paper: what was asked for, as its reader may see it, as it was known at an instant."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.assets.simulated import is_simulated
from haidang.engine.boards import definition as d
from haidang.engine.boards.content import library
from haidang.engine.boards.statistics import words as periods_words
from haidang.engine.boards.statistics.home import home_of
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.indicators import periods
from haidang.engine.people.models import Office, Person
from haidang.engine.people.rights import may
from haidang.engine.reports.content import templates
from haidang.engine.reports.drafting import draft
from haidang.engine.reports.of_board import Told
from haidang.engine.reports.paper import Block, Head, Number, Paper, numbers
from haidang.engine.reports.words import day_text, moment_text, public

Form = Literal["pdf", "docx"]
# What may be done to whatever is taken away: seen on a board, and exported.
ACTS = ("board.see", "export")


class NotToBeMade(Exception):
    """Nothing was made; the message is for whoever asked, in his language."""


class NoRight(NotToBeMade):
    """Its reader may see nothing of it."""


class Unknown(NotToBeMade):
    """There is no such board, template, unit or period."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A board or a template, of a unit (a code; empty: the province) and a period (empty: the newest figures)."""

    address: str
    unit: str = ""
    period: str = ""

    @property
    def is_draft(self) -> bool:
        return self.address in templates()

    @property
    def title(self) -> str:
        """Raises Unknown."""
        if self.is_draft:
            return str(templates()[self.address].title)
        return str(board_of(self.address).title)


def board_of(address: str) -> d.Board:
    """A board that can be put on paper: no wall and no overview of the desk. Raises Unknown."""
    found = library().boards.get(address)
    if found is None or found.layout != "board":
        raise Unknown(_("Không có bảng hay mẫu báo cáo %(address)s.") % {"address": address})
    return found


def settled(wanted: Wanted, as_of: datetime) -> Wanted:
    """With the period it is of: a template without one is of the last that is over."""
    if wanted.period or not wanted.is_draft:
        return wanted
    last = periods.back(
        periods.holding(as_of + timedelta(microseconds=1), templates()[wanted.address].period), 1
    )
    return replace(wanted, period=last.code)


def paper_of(wanted: Wanted, reader: Person, as_of: datetime, head: Head | None = None) -> tuple[Paper, int]:
    """The paper and the epoch it rests on, in Vietnamese. Raises NoRight, Unknown."""
    with translation.override("vi"):
        if not (reader.is_active and all(may(reader, act) for act in ACTS)):
            raise NoRight(_("%(who)s không có quyền xem và xuất bảng.") % {"who": reader.name})
        if as_of > clock.now():
            raise Unknown(_("%(at)s chưa tới.") % {"at": moment_text(as_of)})
        look = _look(wanted, reader, as_of)
        blocks, denied, shown = _blocks(wanted, look)
        if denied and not shown:
            said = {"who": reader.name, "title": wanted.title}
            raise NoRight(_("%(who)s không được xem số nào của “%(title)s”.") % said)
        epoch = look.epoch or 0
        paper = Paper(
            head=head or head_of(reader, look),
            kind=_("BÁO CÁO"),
            subject=_subject(wanted, look),
            known_text=_("số liệu như đã biết lúc %(at)s (mốc %(epoch)d)")
            % {"at": moment_text(as_of), "epoch": epoch},
            blocks=blocks,
            filters=_filters(wanted, look),
            denied=denied,
            remark=_remark(wanted),
        )
        return paper, epoch


def _look(wanted: Wanted, reader: Person, as_of: datetime) -> Look:
    look = Look.at(as_of, reader, also="export")
    look.unit = wanted.unit
    if wanted.period:
        try:
            look.until = periods.end_of(Period.parse(wanted.period))
        except ValueError:
            raise Unknown(
                _("“%(period)s” không phải một kỳ: viết 2026-10, 2026-Q4 hay 2026.")
                % {"period": wanted.period}
            ) from None
        if look.until > as_of:
            raise Unknown(_("Kỳ %(period)s chưa kết thúc lúc đó.") % {"period": wanted.period})
    if wanted.unit and home_of(look) is None:
        raise Unknown(_("Không có đơn vị hành chính mã %(code)s trong tỉnh.") % {"code": wanted.unit})
    return look


def _blocks(wanted: Wanted, look: Look) -> tuple[list[Block], int, int]:
    if wanted.is_draft:
        made = draft(templates()[wanted.address], look)
        return made.blocks, made.denied, made.shown
    told = Told(board_of(wanted.address), look, wanted.address)
    blocks = told.blocks()
    return blocks, told.denied, told.shown


def _subject(wanted: Wanted, look: Look) -> str:
    home, parts = home_of(look), [wanted.title]
    if wanted.period:
        parts.append(periods_words.of_period(Period.parse(wanted.period)))
    if wanted.unit and home:
        parts.append(str(home.place))
    return ", ".join(parts)


def _remark(wanted: Wanted) -> str:
    said = _("Mỗi con số là liên kết tới trang “Vì sao?” của nó, ở đúng thời điểm số liệu được biết.")
    if wanted.is_draft:
        return _("Dự thảo soạn từ số liệu đã công bố; người ký kiểm tra trước khi ban hành.") + " " + said
    return said


def _filters(wanted: Wanted, look: Look) -> list[tuple[str, str]]:
    home = home_of(look)
    period = periods_words.period(Period.parse(wanted.period)) if wanted.period else _("mới nhất")
    return [(_("Nơi"), str(home.place) if home else _("chưa biết")), (_("Kỳ"), period)]


def _is_committee(office: Office) -> bool:
    # i18n: data – names of offices
    return office.name.lower().startswith(("ủy ban nhân dân", "uỷ ban nhân dân", "ubnd"))


def head_of(reader: Person, look: Look) -> Head:
    """Who reports to whom, when and where."""
    home, now = home_of(look), clock.now()
    province = (home.place.parent or home.place) if home else None
    authority = _("UBND %(province)s") % {"province": province} if province else _("UBND cấp tỉnh")
    office = reader.office.name if reader.office else _("Trung tâm điều hành thông minh")
    # The province's own committee has no body above it, and is called by its province.
    if province and reader.office and not reader.office.parent_id and _is_committee(reader.office):
        authority, office = "", _("Ủy ban nhân dân %(province)s") % {"province": province}
    return Head(
        authority=authority,
        office=office,
        place=province.name if province else "…",
        recipient=reader.name,
        made_at=now.isoformat(),
        made_text=moment_text(now),
        day_text=day_text(now),
        is_simulated=is_simulated(),
    )


def file_of(paper: Paper, form: str, epoch: int) -> bytes:
    """The same bytes for the same paper."""
    with translation.override("vi"):
        return _renderer(form)(paper, lambda number: public(number.why, epoch))


def _renderer(form: str) -> Callable[[Paper, Callable[[Number], str]], bytes]:
    # Each brings a library of its own, which whatever only lists or plans reports does without.
    if form == "pdf":
        from haidang.engine.reports import pdf

        return pdf.render
    from haidang.engine.reports import word

    return word.render


def content_sha256(wanted: Wanted) -> str:
    """Of the board or template and the definitions of all it shows: another one explains why a number differs."""
    digest = hashlib.sha256()
    known = library()
    thing = templates()[wanted.address] if wanted.is_draft else board_of(wanted.address)
    digest.update(msgspec.json.encode(thing))
    for address in sorted(indicators_of(thing)):
        if address in known.statistics.entries:
            digest.update(msgspec.json.encode(known.statistics.entries[address].statistic))
        elif address in known.indicators:
            digest.update(msgspec.json.encode(known.indicators[address]))
    return digest.hexdigest()


def indicators_of(thing: object) -> set[str]:
    """Addresses a board or template names, of figures and of all else."""
    return set(_named(thing))


def _named(thing: object) -> Iterator[str]:
    """Addresses of all indicators below it."""
    if isinstance(thing, str):
        yield from (
            word.partition("@")[0]
            for word in thing.replace("{", " ").replace("}", " ").replace(":", " ").split()
            if "." in word
        )
    elif isinstance(thing, msgspec.Struct):
        for name in thing.__struct_fields__:
            yield from _named(getattr(thing, name))
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _named(part)
    elif isinstance(thing, dict):
        for part in thing.values():
            yield from _named(part)


def may_still(reader: Person, known: dict[str, Number]) -> bool:
    """Whether whoever was given these numbers may see every one of them today."""
    if not (reader.is_active and all(may(reader, act) for act in ACTS)):
        return False
    look = Look.at(None, reader, also="export")
    places = {(one.indicator.partition(".")[0], one.place) for one in known.values() if one.place}
    if not all(look.sees(domain, place) for domain, place in places):
        return False
    if look._seen is None:
        return True
    assets = {one.asset for one in known.values() if one.asset}
    return Asset.objects.filter(code__in=assets, pk__in=look._seen).count() == len(assets)


__all__ = [
    "NoRight",
    "NotToBeMade",
    "Unknown",
    "Wanted",
    "content_sha256",
    "file_of",
    "may_still",
    "numbers",
    "paper_of",
]
