"""What the pages show: the queue, and one difference with both sides and where each figure comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.indicators import periods
from haidang.engine.people.rights import may
from haidang.engine.places.models import Place
from haidang.engine.places.wording import province_in_a_sentence
from haidang.engine.reconciliation.forms import SettleForm, TextForm
from haidang.engine.reconciliation.models import Difference, today
from haidang.engine.reconciliation.past import SUMS, looked_at, span_words
from haidang.engine.reconciliation.sentences import number
from haidang.engine.reconciliation.units import factor
from haidang.engine.submissions.models import Submission

if TYPE_CHECKING:
    from datetime import datetime

    from django.forms import Form

    from haidang.engine.people.models import Person

# Of a finding over a hundred places these are shown with where they come from.
SHOWN = 30
PARTS = 12
# Weeks of a year.
PERIODS = 53


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one figure comes from, in words."""

    value: str
    known_at: datetime
    epoch: int
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Teller:
    """One side of one place: its value in words, and the figures it rests on."""

    source: str
    value: str
    unit: str
    origins: list[Origin]
    others: int = 0
    # How many figures it is the sum of.
    many: int = 0
    # Of which other periods it is: “cộng tháng 1/2026 đến tháng 10/2026”.
    span: str = ""
    # “Vì sao?” of the value; empty where there is none.
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One place of a difference, side by side."""

    name: str
    left: Teller
    right: Teller
    apart: str


@dataclass(frozen=True, slots=True)
class Queued:
    """One difference in the queue: where it is, and what both sides say of the first place."""

    difference: Difference
    name: str
    others: int
    left: str
    right: str
    apart: str


def queued(rows: Iterable[Difference]) -> list[Queued]:
    """The queue, line by line."""
    return [_queued(one, one.cases[0]) for one in rows]


def _queued(difference: Difference, case: dict[str, Any]) -> Queued:
    left, right = (_written(difference, case, side) for side in ("left", "right"))
    name = difference.name_of(case)
    language = get_language() or "vi"
    apart = _apart(difference, case, language)
    if case["left"] is not None and case["right"] is not None:
        apart += f" {unit_words(difference.left_unit, language)}"
    return Queued(difference, name, len(difference.cases) - 1, left, right, apart)


def _written(difference: Difference, case: dict[str, Any], side: str) -> str:
    """The value of one side with its unit, or that there is none."""
    value, language = case[side], get_language() or "vi"
    if value is None:
        return _("không có số")
    return f"{number(Decimal(value), language)} {unit_words(getattr(difference, f'{side}_unit'), language)}"


def difference_page(difference: Difference, person: Person) -> dict[str, Any]:
    """Everything of one difference that its page shows."""
    cases = difference.cases[:SHOWN]
    most = _parts_shown(difference)
    wanted = [one for case in cases for side in ("left", "right") for one in case[f"{side}_figures"][:most]]
    origins = _origins(wanted, difference)
    first = difference.first_by_id
    can_sign = _reaches(person, "difference.settle", difference)
    return {
        "difference": difference,
        "lines": [_line(difference, case, origins) for case in cases],
        "heads": _heads(difference),
        "more": len(difference.cases) - len(cases),
        "notes": difference.notes.select_related("person", "office").order_by("-at", "-pk"),
        "may_ask": can_sign and difference.state in (Difference.State.FOUND, Difference.State.ASKED),
        "may_explain": difference.is_open
        and Difference.objects.for_user(person, "difference.explain").filter(pk=difference.pk).exists(),
        "may_sign": can_sign and difference.state == Difference.State.EXPLAINED,
        # Said before somebody types: one person, and one office, signs once.
        "waits_for_another": bool(first)
        and (first == person.pk or difference.first_office_id == person.office_id),
        "today": today(),
    }


def difference_forms(difference: Difference) -> dict[str, Form]:
    """The forms of its page, empty, by the names the template knows them by."""
    initial = {"outcome": difference.outcome, "text": difference.settlement}
    return {
        "ask": TextForm(part="ask", label=_("Hỏi hai cơ quan"), initial={"text": difference.remedy}),
        "explain": TextForm(part="explain", label=_("Giải trình")),
        "settle": SettleForm(difference=difference, initial=initial if difference.outcome else {}),
    }


def _reaches(person: Person, act: str, difference: Difference) -> bool:
    return any(
        may(person, act, office=office, place=difference.place, domain=difference.domain)
        for office in (difference.left_office, difference.right_office)
    )


@dataclass(frozen=True, slots=True)
class Head:
    """Of a column of numbers: who says them, in which unit, of which other periods."""

    source: str
    unit: str
    span: str = ""


def _heads(difference: Difference) -> list[Head]:
    language, over = get_language() or "vi", difference.cases[0].get("over") or ""
    span = span_words(over, Period.parse(difference.period), language) if over else ""
    left, right = (unit_words(one, language) for one in (difference.left_unit, difference.right_unit))
    return [Head(difference.left_source, left), Head(difference.right_source, right, span)]


def _parts_shown(difference: Difference) -> int:
    """A sum since January is traced to each of its periods where it is of one place."""
    return PERIODS if len(difference.cases) == 1 and difference.cases[0].get("over") else PARTS


def _line(difference: Difference, case: dict[str, Any], origins: dict[int, Origin]) -> Line:
    language, most = get_language() or "vi", _parts_shown(difference)
    over = case.get("over") or ""
    sides = []
    for side in ("left", "right"):
        value, unit = case[side], unit_words(getattr(difference, f"{side}_unit"), language)
        ids = case[f"{side}_figures"]
        there = [origins[one] for one in ids[:most] if one in origins]
        source = getattr(difference, f"{side}_source")
        written = _("không có số") if value is None else number(Decimal(value), language)
        sides.append(
            Teller(
                source,
                written,
                unit if value is not None else "",
                there,
                max(0, len(ids) - most),
                len(ids),
                span_words(over, Period.parse(difference.period), language)
                if over and side == "right"
                else "",
                _why_url(difference, case, side) if value is not None else "",
            )
        )
    return Line(difference.name_of(case), sides[0], sides[1], _apart(difference, case, language))


def _why_url(difference: Difference, case: dict[str, Any], side: str) -> str:
    """The figure behind a value; of communes added up, their roll-up. Months added up stand below, each with its own."""
    over = (case.get("over") or "") if side == "right" else ""
    if not case.get("place_id") or over in SUMS:
        return ""
    at = difference.at
    if over:
        (other,) = looked_at(over, Period.parse(difference.period))
        at = periods.end_of(other)
    asked = {
        "indicator": case[f"{side}_indicator"],
        "place": case["place_id"],
        "at": clock.local(at).isoformat(),
    }
    return f"{reverse('boards:why_statistic')}?{urlencode(asked)}"


def _apart(difference: Difference, case: dict[str, Any], language: str) -> str:
    """Left less right, in the left unit."""
    if case["left"] is None or case["right"] is None:
        return "–"
    left = Decimal(case["left"])
    right = Decimal(case["right"]) * factor(difference.right_unit, difference.left_unit)
    apart = (left - right).normalize() if left != right else Decimal(0)
    return number(apart, language)


def _origins(ids: Iterable[int], difference: Difference) -> dict[int, Origin]:
    """Where these figures come from: the cell of the file as it was sent and who answers for it, or the formula."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, f.value, f.detail, f.epoch, e.committed_at, f.at, p.name, p.kind, p.level FROM indicators_figure f"
            " JOIN store_epoch e ON e.id = f.epoch JOIN places_place p ON p.id = f.place_id WHERE f.id = ANY(%s)",
            [sorted(set(ids))],
        )
        rows = cursor.fetchall()
    details = {row[0]: msgspec.json.decode(row[2]) if isinstance(row[2], str) else row[2] for row in rows}
    numbers = {one["submission"] for one in details.values() if isinstance(one.get("submission"), int)}
    numbers |= {number for one in details.values() for number, *_lines in one.get("lists", [])}
    files = Submission.objects.select_related("office", "signed_by", "approved_by").in_bulk(numbers)
    language = get_language() or "vi"
    found = {}
    length = Period.parse(difference.period).kind
    for pk, value, _detail, epoch, known_at, at, name, kind, level in rows:
        written = "–" if value is None else number(Decimal(repr(value)), language)
        where = name if name.startswith(kind) else f"{kind} {name}"
        if language == "en" and level == Place.Level.PROVINCE:
            where = province_in_a_sentence(kind, name)
        if at != difference.at:
            where = f"{where}, {periods.ending(at, length).words(language)}"
        found[pk] = Origin(f"{where}: {written}", known_at, epoch, _lines(details[pk], files))
    return found


def _lines(detail: dict[str, Any], files: dict[int, Submission]) -> list[str]:
    if detail.get("kind") == "stated":
        cell = _("trang “%(sheet)s”, ô %(cell)s ghi “%(raw)s”") % {
            "sheet": detail.get("sheet", ""), "cell": detail.get("cell", ""), "raw": detail.get("raw", ""),
        }  # fmt: skip
        file = files.get(detail.get("submission", 0))
        if file is None:
            return [cell]
        about = {"name": file.name or file.contract, "number": file.number, "office": file.office or "–"}
        signed = {"signed": file.signed_by or "–", "approved": file.approved_by or "–"}
        return [
            _("tệp “%(name)s”, lần %(number)d của %(office)s") % about,
            cell,
            _("%(signed)s ký gửi, %(approved)s duyệt") % signed,
        ]
    if detail.get("kind") == "counted":
        counted = _("đếm %(n)d trong %(of)d dòng của kỳ, cách đếm bản %(version)s")
        lists = (files[number] for number, *_lines in detail["lists"] if number in files)
        names = [
            _("tệp “%(name)s”, lần %(number)d của %(office)s")
            % {"name": one.name or one.contract, "number": one.number, "office": one.office or "–"}
            for one in lists
        ]
        return [counted % {"n": detail["counted"], "of": detail["of"], "version": detail["version"]}, *names]
    if detail.get("kind") == "derived":
        return [_("tính theo %(formula)s") % {"formula": detail.get("formula", "")}]
    return [_("không ghi nguồn gốc")]
