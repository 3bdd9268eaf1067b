"""What a template says it was made for, beside what it is handed in as: another report, period, office or version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from haidang.engine.contracts.sheets.book import Book, Unreadable, safely
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.verdict import ABOUT, Level, Remark


@dataclass(frozen=True, slots=True)
class HandedIn:
    """As what a file is handed in; what is empty is not compared."""

    address: str = ""
    office_code: str = ""
    office_name: str = ""


def made_for(book: Book) -> dict[str, str]:
    """The words of the hidden sheet; empty for a file that is no template of ours."""
    sheet = next((one for one in book.sheets if one.name == ABOUT), None)
    rows = [cells for _, cells in safely(sheet)] if sheet else []
    return {str(cells[0]): str(cells[1]) for cells in rows if len(cells) > 1 and cells[0] and cells[1]}


def differences(
    told: dict[str, str], contract: SheetContract, period: Period | None, handed_in: HandedIn
) -> list[Remark]:
    """What must be explained or chosen again. Raises Unreadable for a template of another report."""
    if handed_in.address and told.get("contract", handed_in.address) != handed_in.address:
        other = told.get("title") or told["contract"]
        raise Unreadable("other_template", {"other": other, "wanted": contract.title.vi})
    found = []
    if period and told.get("period", period.code) != period.code:
        shown = periods_said(_period(told["period"]), period)
        found.append(Remark(Level.WARNING, "template_period", shown))
    if handed_in.office_code and told.get("office", handed_in.office_code) != handed_in.office_code:
        shown = {"stated": told.get("office name") or told["office"], "wanted": handed_in.office_name}
        found.append(Remark(Level.WARNING, "template_office", shown))
    if told.get("version", f"v{contract.version}") != f"v{contract.version}":
        shown = {"stated": told["version"], "wanted": f"v{contract.version}"}
        found.append(Remark(Level.WARNING, "template_version", shown))
    return found


def periods_said(told: Period | str, wanted: Period) -> dict[str, Any]:
    """The period a file names beside the one it was sent for, in both languages."""
    stated, stated_en = (told, told) if isinstance(told, str) else (str(told), told.words("en"))
    return {
        "stated": stated, "stated_en": stated_en, "wanted": str(wanted), "wanted_en": wanted.words("en"),
    }  # fmt: skip


def _period(code: str) -> Period | str:
    try:
        return Period.parse(code)
    except ValueError:
        return code
