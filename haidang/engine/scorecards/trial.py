"""Run the worked examples a scorecard carries, with the same scoring as in production."""

from __future__ import annotations

import math
from collections.abc import Iterator

from haidang.engine.both import both
from haidang.engine.scorecards.definition import Example, ScorecardVersion
from haidang.engine.scorecards.scoring import score


def differences(version: ScorecardVersion, example: Example) -> Iterator[str]:
    """What comes out otherwise than a worked example expects."""
    if not example.expect:
        yield both("it expects nothing", "chưa ghi kết quả mong đợi (expect)")
    try:
        found = score(version, example.counts)
    except ValueError as error:
        yield str(error)
        return
    for path, wanted in example.expect.items():
        try:
            got = found.found(path)
        except KeyError as error:
            yield both(f"{path} names {error}, which is not there", f"{path} gọi {error}, không có")
            continue
        if isinstance(wanted, float) and isinstance(got, float):
            holds = math.isclose(got, wanted, rel_tol=0, abs_tol=example.tolerance + 1e-9)
        else:
            holds = got == wanted
        if not holds:
            yield both(f"{path} is {got!r}, expected {wanted!r}", f"{path} ra {got!r}, mong đợi {wanted!r}")
