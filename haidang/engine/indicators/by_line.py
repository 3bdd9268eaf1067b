"""A figure of the province by the lines it was added up from: by facility, by office.

Nothing of it is stored twice: a sum keeps its lines in its `detail`, and a formula over such sums is computed for each
line when somebody asks. A line that lacks one of the inputs is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haidang.engine.indicators import figure_rows, periods
from haidang.engine.indicators.catalogue import Catalogue
from haidang.engine.indicators.figure_rows import Row, Subject
from haidang.engine.indicators.statistic import bare

Lines = dict[str, float]


def lines_of(catalogue: Catalogue, subject: Subject, epoch: int | None = None) -> Lines:
    """Line → value in the indicator's unit, in the order of the file; empty where the figure has no lines. At most two
    queries for each depth of formulas.
    """
    rows = figure_rows.read([subject.indicator], [subject.place_id], [subject.at], epoch)
    return _of_row(catalogue, rows.get(subject))


def _of_row(catalogue: Catalogue, row: Row | None) -> Lines:
    if row is None or row.value is None:
        return {}
    if row.detail.get("kind") in ("summed", "counted"):
        return kept_lines(row)
    if row.detail.get("kind") != "derived":
        return {}
    versions = figure_rows.by_id([one[3] for one in row.detail["inputs"] if one[3] is not None])
    by_input = {one.subject.indicator: _of_row(catalogue, one) for one in versions}
    return computed(catalogue, row.subject, by_input)


def kept_lines(row: Row) -> Lines:
    """The parts a sum or count keeps; of a count also where its whole is not known."""
    return {line: value for line, _cell, value in row.detail.get("lines", [])}


def computed(catalogue: Catalogue, subject: Subject, by_input: Mapping[str, Lines]) -> Lines:
    """The formula in force at the end of the period, for each line that has all its inputs."""
    entry = catalogue.entries[bare(subject.indicator)]
    way = entry.way_on(periods.last_day(subject.at))
    if way is None:
        return {}
    formula, scale, found = way[1], catalogue.unit(subject.indicator).scale, {}
    for line in next(iter(by_input.values()), {}):
        values: dict[str, Any] = {
            one: (by_input[one][line], catalogue.unit(one))
            for one in formula.inputs
            if line in by_input.get(one, {})
        }
        if len(values) < len(formula.inputs):
            continue
        try:
            found[line] = float(formula.value(values) / scale)
        except ZeroDivisionError:
            continue  # nothing to divide by: a station without beds has no occupancy
    return found
