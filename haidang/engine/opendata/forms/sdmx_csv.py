"""`data.sdmx.csv`: SDMX-CSV 2.0 of SDMX 3.0, one structure for the whole catalogue.

Dimensions FREQ (A, Q, M, W), REF_AREA (official code), INDICATOR (address with `$` for the dot, since ids have none),
TIME_PERIOD; measure OBS_VALUE; attributes UNIT_MEASURE (text), OBS_STATUS (CL_OBS_STATUS: A normal, O missing,
Q suppressed), REVISION and PUBLISHED_AT. ACTION is I: the file informs, and takes nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from haidang.engine.opendata.datasets import Dataset
from haidang.engine.opendata.editions import written
from haidang.engine.opendata.forms.cells import number, record, text
from haidang.engine.opendata.forms.plain_csv import unit_text
from haidang.engine.opendata.rows import Line

STRUCTURE = ("dataflow", "HAIDANG:STATISTICS(1.0.0)", "I")
HEAD = [
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE",
    "OBS_STATUS", "REVISION", "PUBLISHED_AT",
]  # fmt: skip
FREQUENCIES = {"week": "W", "month": "M", "quarter": "Q", "year": "A"}
STATUSES = {"ok": "A", "missing": "O", "withheld": "Q"}


def write(dataset: Dataset, lines: Iterable[Line]) -> Iterator[str]:
    """The file, line by line."""
    yield record(HEAD)
    unit = text(unit_text(dataset.statistic.unit))
    frequency = FREQUENCIES[dataset.statistic.period]
    for line in lines:
        yield record(
            [
                *STRUCTURE, frequency, line.place_code, dataset.code, line.period.code, number(line.value), unit,
                STATUSES[line.status], str(line.revision), written(line.since),
            ]
        )  # fmt: skip
