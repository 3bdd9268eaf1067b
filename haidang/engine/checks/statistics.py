"""Statistics: who answers for them, worked examples that come out, and no formula that follows from itself."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.engine.both import both
from haidang.engine.checks import counts, stated
from haidang.engine.checks.known import Known
from haidang.engine.contracts.reading import Problem, key_line
from haidang.engine.contracts.tree import Entry
from haidang.engine.indicators import expression, worked
from haidang.engine.indicators.statistic import Keys, Statistic, Weighted, bare
from haidang.engine.opendata import rules as opening


def problems(known: Known, entry: Entry[Statistic]) -> Iterator[Problem]:
    """What does not hold in one statistic. What it names exists and fits its unit: the tree has seen to that."""
    for keys, message in [
        *_answered_for(known, entry),
        *_beside_others(known, entry),
        *_formulas(known, entry),
        *_opened(known, entry),
        *stated.failures(known, entry),
        *counts.failures(known, entry),
    ]:
        yield Problem(entry.path, key_line(entry.path, *keys), message)


def _answered_for(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    statistic = entry.thing
    contract = known.tree.sheets.get(statistic.contract)
    for key in ("office", "legal_basis"):
        if not getattr(statistic, key) and not (contract and getattr(contract.thing, key)):
            yield (
                ("title",),
                both(
                    f"no {key}: write it here, or in the contract it comes from",
                    f"chưa có {key}: ghi ở đây, hoặc trong hợp đồng mà số này lấy từ",
                ),
            )
    for number, version in enumerate(statistic.versions):
        if not version.basis.strip():
            yield (
                ("versions", number, "basis"),
                both(
                    "basis is empty: name the law or the decision of the centre",
                    "basis trống: ghi văn bản pháp luật hoặc quyết định của trung tâm",
                ),
            )


def _beside_others(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    """Cells that another statistic of the domain takes too, and weights that no commune has."""
    statistic, catalogue = entry.thing, known.statistics
    if entry.address not in catalogue:
        return
    if statistic.origin:
        taken = catalogue.cells_of(statistic.origin.contract)[statistic.origin.item, statistic.origin.column]
        others = [one for one in taken if one != entry.address and one.partition(".")[0] == entry.domain]
        if others:
            yield (
                ("from",),
                both(
                    f"this cell is {', '.join(others)} already: one number has one address",
                    f"ô này đã là {', '.join(others)}: một số có một địa chỉ",
                ),
            )
    if catalogue.level(entry.address) == "commune" and isinstance(statistic.over_places, Weighted):
        weight = statistic.over_places.weighted
        if weight in catalogue and catalogue.level(weight) == "province":
            yield (
                ("over_places", "weighted"),
                both(
                    f"{weight} is known for the province only: no commune has a weight",
                    f"{weight} chỉ có số toàn tỉnh: không xã nào có trọng số",
                ),
            )


def _opened(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    """What is open and may not be: it tells of persons, or gives small counts away."""
    if entry.address in known.statistics:
        sheets = {address: sheet.thing for address, sheet in known.tree.sheets.items()}
        yield from opening.faults(entry.address, known.statistics, sheets)


def _formulas(known: Known, entry: Entry[Statistic]) -> Iterator[tuple[Keys, str]]:
    place = (entry.kind, entry.address)
    try:
        inputs = [expression.parse(text).inputs for _, text in entry.thing.formulas]
    except expression.FormulaError:
        return  # the tree has said so
    catalogue = known.statistics
    if entry.address in catalogue.circular:
        ring = ", ".join(catalogue.circular)
        yield (
            ("formula",),
            both(
                f"this formula follows from itself: {ring} name each other in a circle",
                f"công thức này suy từ chính nó: {ring} gọi nhau thành vòng",
            ),
        )
    if place in known.tree.unsound or entry.address not in catalogue:
        return
    if catalogue.level(entry.address) == "province":
        for address in sorted({one for those in inputs for one in those}):
            if catalogue.level(address) == "commune" and catalogue.entries[
                bare(address)
            ].statistic.over_places not in ("sum", "mean"):
                yield (
                    ("formula",),
                    both(
                        f"{address} is counted by commune and makes no figure of the province",
                        f"{address} tính theo xã và không gộp thành số toàn tỉnh",
                    ),
                )
    unit_of = {address: catalogue.unit(address) for those in inputs for address in those}
    yield from worked.failures(entry.thing, unit_of)
