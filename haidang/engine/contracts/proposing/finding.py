"""From a file to a proposal."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from haidang.engine.contracts.proposing import lines as of_lines
from haidang.engine.contracts.proposing import measuring, naming
from haidang.engine.contracts.proposing.kinds import Kind, is_order, kind_of
from haidang.engine.contracts.proposing.personal import personal_in
from haidang.engine.contracts.proposing.proposal import Figure, Proposal, ProposedColumn
from haidang.engine.contracts.proposing.ranges import bounds
from haidang.engine.contracts.proposing.table import Table, find_table
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.book import Book, Value, column_letters
from haidang.engine.contracts.sheets.communes import Communes, communes
from haidang.engine.contracts.sheets.days import Period, stated
from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.contracts.sheets.verdict import address as address_of
from haidang.engine.places.names import fold

_DUE: dict[str, int] = {"week": 2, "month": 10, "quarter": 15, "year": 45}
_NAMES = {
    "week": ("tuần", "week"),
    "month": ("tháng", "month"),
    "quarter": ("quý", "quarter"),
    "year": ("năm", "year"),
}
_SHOWN = 3


def propose(path: Path, *, today: date, name: str = "", prefer: str = "") -> Proposal:
    """What this file would be as a contract. `prefer` is the province where names fit several.

    Raises Unreadable where no table is found.
    """
    with Book(path) as book:
        table = find_table(book)
        others = [sheet.name for sheet in book.sheets if sheet is not table.sheet and sheet.visible]
    period, why_period = _period(table, name or path.name, today)
    province, why_province = _province(table, period, prefer)
    known = communes(province, period.last_day) if province else None
    columns, kinds = _columns(table, period, known)
    title = naming.report_title(table.above) or naming.sentence(
        Path(name or path.name).stem.replace("_", " ")
    )
    found = Proposal(
        file=name or path.name,
        sheet=table.sheet.name,
        heading_rows=table.heading_rows,
        rows=len(table.rows),
        lines="names",
        domain=naming.subject_of(title),
        contract=naming.key_of(title, otherwise="bieu"),
        title=Text(title),
        period=period.kind,
        sample_period=period.code,
        due_days=_DUE[period.kind],
        columns=columns,
        why={"period": why_period, "due_days": _why_due(period.kind), "heading_rows": _why_rows(table)},
    )
    of_lines.decide(found, table)
    if found.lines == "places":
        found.province, found.why["province"] = province, why_province
    elif prefer:
        found.province = prefer
        found.why["province"] = Text("tỉnh của trung tâm này", "the province of this centre")
    _adds_up(found, table, kinds)
    _figures(found)
    _notes(found, table, others, known)
    return found


def _why_due(kind: str) -> Text:
    vi, en = _NAMES[kind]
    return Text(
        f"thường gặp: {_DUE[kind]} ngày sau khi hết {vi}; sửa theo quy định của tỉnh",
        f"usual: {_DUE[kind]} days after the {en}; change it to what the province rules",
    )


def _why_rows(table: Table) -> Text:
    rows = "–".join(map(str, sorted({table.first, table.last})))
    return Text(
        f"dòng {rows} đặt tên cho {len(table.headings)} cột có số liệu; bên dưới là {len(table.rows)} dòng",
        f"row {rows} names {len(table.headings)} columns with data; {len(table.rows)} lines stand below",
    )


def _period(table: Table, name: str, today: date) -> tuple[Period, Text]:
    """The period the titles name, else the headings, else the name of the file; else the month before."""
    headings = [text for texts in table.headings.values() for text in texts]
    for words, vi, en in (
        (table.above, "dòng tiêu đề", "a title"),
        ([table.sheet.name], "tên trang tính", "the sheet's name"),
        ([name.replace("_", " ").replace("-", "/")], "tên tệp", "the file's name"),
        (headings, "tiêu đề cột", "a heading"),
    ):
        for kind in ("week", "month", "quarter", "year"):
            named = [(one, text) for text in words if (one := stated(text, kind))]
            if named:
                # Headings name the period before as well: the last one is reported.
                found, text = max(named, key=lambda one: one[0].last_day)
                return found, Text(f"{vi} ghi “{text[:80]}”", f"{en} says “{text[:80]}”")
    last = Period("month", today.year, today.month).before
    return last, Text(
        "tệp không ghi kỳ: tạm lấy tháng vừa qua", "the file names no period: last month for now"
    )


def _province(table: Table, period: Period, prefer: str) -> tuple[str, Text]:
    """The province whose communes the texts of the file name most; empty where none."""
    everywhere = communes("", period.last_day)
    votes: Counter[str] = Counter()
    for column in table.headings:
        own: Counter[str] = Counter()
        for _, cell in table.cells(column):
            words = str(int(cell)) if isinstance(cell, float) and cell.is_integer() and cell > 9999 else cell
            if isinstance(words, str):
                own.update({everywhere.parents[code] for code in everywhere.find(words)})
        votes = max(votes, own, key=lambda one: max(one.values(), default=0))
    if not votes:
        return "", Text("không cột nào nêu tên xã, phường", "no column names communes")
    most = max(votes.values())
    best = sorted(code for code, count in votes.items() if count == most)
    code = prefer if prefer in best else best[0]
    return code, Text(
        f"{most} ô trùng tên xã, phường của tỉnh mã {code}", f"{most} cells name communes of province {code}"
    )


# --- columns ----------------------------------------------------------------------------------------------
def _columns(
    table: Table, period: Period, known: Communes | None
) -> tuple[list[ProposedColumn], dict[str, Kind]]:
    columns: list[ProposedColumn] = []
    kinds: dict[str, Kind] = {}
    titles = _titles(table, period)
    for index, parts in table.headings.items():
        title = titles[index]
        cells = table.cells(index)
        kind = kind_of(table, index, parts[-1], known)
        if kind.type in {"whole", "number"} and index == min(table.headings) and is_order(cells):
            kind = Kind("order", Text("1, 2, 3, … từ trên xuống", "1, 2, 3, … down the column"))
        key = naming.key_of(title, kinds)
        kinds[key] = kind
        columns.append(_column(table, index, parts, title, key, kind, period, cells))
    return columns, kinds


def _titles(table: Table, period: Period) -> dict[int, str]:
    """A title for each column, no two alike."""
    found: dict[int, str] = {}
    for index, parts in table.headings.items():
        title, number = naming.title_of(parts, period), 2
        while any(fold(title) == fold(other) for other in found.values()):
            title, number = f"{naming.title_of(parts, period)} ({number})", number + 1
        found[index] = title
    return found


def _column(
    table: Table, index: int, parts: list[str], title: str, key: str, kind: Kind, period: Period,
    cells: list[tuple[int, Value]],
) -> ProposedColumn:  # fmt: skip
    heading = " / ".join(parts)
    made = ProposedColumn(
        index=index, letter=column_letters(index), heading=heading, use=True, key=key, title=Text(title), type=kind.type,
        aliases=naming.alias_of(parts, title, period), choices=kind.choices, pattern=kind.pattern,
        examples=[_shown(cell) for _, cell in cells[:_SHOWN]], why={"type": kind.why},
    )  # fmt: skip
    blank = [
        address_of(number, index) for number, row in table.rows if index >= len(row) or row[index] is None
    ]
    made.required = not blank and kind.type not in {"order", "note"}
    made.why["required"] = (
        Text(f"ô trống: {', '.join(blank[:4])}", f"empty: {', '.join(blank[:4])}")
        if blank
        else Text(f"cả {len(cells)} dòng đều có", f"all {len(cells)} lines have it")
    )
    if private := personal_in(heading, [cell for _, cell in cells]):
        # Nothing of what stands there is shown, not even between what it lies.
        made.use, made.personal_data, made.type, made.why["use"] = False, "basic", "text", private
        made.examples, made.choices, made.pattern = ["•••"] * len(made.examples), [], ""
    elif made.is_numeric:
        _measured(made, table, kind)
    return made


def _shown(cell: Value) -> str:
    if isinstance(cell, float):
        return vietnamese(cell)
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(cell)[:60]


def _measured(made: ProposedColumn, table: Table, kind: Kind) -> None:
    unit = measuring.unit_for(made.heading, table.unit, percent=kind.type == "percent", written=kind.unit)
    made.unit, made.why["unit"] = unit.value, unit.why
    made.decimals = min(kind.decimals or (0 if kind.type == "whole" else 1), 6)
    made.min, made.max, made.why["range"] = bounds(list(kind.values.values()), percent=kind.type == "percent")


# --- sums -------------------------------------------------------------------------------------------------
def _adds_up(found: Proposal, table: Table, kinds: dict[str, Kind]) -> None:
    of_lines.judge_totals(found, table, kinds)
    if found.lines != "items":
        of_lines.find_parts(found, kinds)


def _figures(found: Proposal) -> None:
    """Which columns of numbers become statistics: those that say what happened or is, not the plan beside it."""
    numeric = [one for one in found.columns if one.is_numeric]
    main = [one for one in numeric if one.use and not measuring.role_of(one.heading)] or numeric
    for one in numeric:
        percent = one.type == "percent"
        figure = figure_of(one.heading, percent=percent, additive=one.additive)
        figure.pick = one.use and one in main
        if found.lines == "names" and (percent or not one.additive or not one.required):
            figure.pick = False
            figure.why["pick"] = Text(
                "dòng là đơn vị, cơ sở: chỉ cột cộng được và không có ô trống mới thành số của tỉnh",
                "lines are offices or facilities: only a column that adds up and has no gaps makes a figure of the province",
            )
        elif not one.use:
            figure.why["pick"] = one.why["use"]
        elif not figure.pick:
            figure.why["pick"] = Text(
                "là mốc so sánh bên cạnh số của kỳ", "it is what the value of the period is compared with"
            )
        one.figure = figure
    for item in found.items:
        item.figure = figure_of(item.label, percent=item.unit == "%", additive=True)
        item.figure.pick = True


def figure_of(heading: str, *, percent: bool, additive: bool) -> Figure:
    direction = measuring.direction_of(heading)
    places = measuring.over_places(heading, percent=percent, additive=additive)
    time = measuring.over_time(heading, percent=percent)
    why = {"direction": direction.why, "over_places": places.why, "over_time": time.why}
    return Figure(
        pick=False, direction=direction.value, over_places=places.value, over_time=time.value, why=why
    )


def _notes(found: Proposal, table: Table, others: list[str], known: Communes | None) -> None:
    if others:
        words = ", ".join(others)
        found.notes.append(
            Text(
                f"chỉ dùng trang “{table.sheet.name}”; không dùng: {words}",
                f"only “{table.sheet.name}” is used; not: {words}",
            )
        )
    if table.is_cut:
        found.notes.append(
            Text(
                f"đề xuất dựa trên {len(table.rows)} dòng đầu",
                f"proposed from the first {len(table.rows)} lines",
            )
        )
    if found.lines == "places" and known and (lack := len(known.codes) - found.rows) > 0:
        vi = f"tệp có {found.rows} trong {len(known.codes)} xã, phường: số của cả tỉnh chỉ hiện khi đủ"
        en = f"{found.rows} of {len(known.codes)} communes are in the file: the province's figure shows when all are ({lack} lack)"
        found.notes.append(Text(vi, en))
    if not any(one.figure for one in found.columns) and not found.items:
        found.notes.append(
            Text("tệp không có cột số nào để thành chỉ tiêu", "no column of numbers can become an indicator")
        )
