"""`haidang score COUNTS`: points of a scorecard from counts, for each centre, with what is not known."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from haidang.config import written
from haidang.config.cli import json_option, print_json, setup
from haidang.config.cli.naming import unknown
from haidang.config.cli.record import INSTANT, future_told

if TYPE_CHECKING:
    from fractions import Fraction

    from haidang.engine.scorecards.definition import Scorecard, ScorecardVersion
    from haidang.engine.scorecards.ranking import Ranked
    from haidang.engine.scorecards.scoring import Counts, Score, Sum

_WHY = {"too_few": "ít hồ sơ, không xếp hạng", "nothing_scored": "không có số liệu để tính điểm"}


class Centre(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who is scored: an office's or a centre's counts by row. `volume` is what they rest on."""

    name: str
    counts: dict[str, dict[str, float | None]]
    level: str = ""
    volume: int = 0


class CountsFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`centres:` in YAML or JSON; `haidang dossiers --counts` writes one."""

    centres: list[Centre]
    on: date | None = None


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--card", default="services.qd_766", metavar="ADDRESS", help="The scorecard.")
@click.option("--on", "day", metavar="DAY", help="The day whose version holds; today's by default.")
@click.option("--least", type=int, default=0, metavar="N", help="Rank nobody with a smaller volume.")
@click.option(
    "--place", metavar="CODE", help="Score the published figures of this province instead of a file."
)
@click.option("--period", "text", metavar="P", help="Of this period: 2026-10.")
@click.option("--as-of", type=INSTANT, help="By what was known at that time.")
@json_option
def score(
    file: Path | None, card: str, day: str | None, least: int, place: str | None, text: str | None, as_of: datetime | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Score counts of a file, or the published figures of a period. What is missing is not 0: it earns no points, and the
    total says how much it covers.
    """
    if bool(file) == bool(place and text) or bool(place) != bool(text) or (file and as_of) or (day and place):
        raise click.UsageError("name a FILE, or a --place and a --period whose figures are scored")
    definition = load_card(card)
    if file:
        version, centres, scores = _of_file(definition, file, day)
    else:
        with future_told(as_of):
            version, centres, scores = _of_figures(definition, str(place), str(text), as_of)
    ranked = ranked_of(centres if file else centres[1:], scores, least)
    answer = {
        "card": card, "version": version.version, "valid_from": str(version.valid_from), "basis": version.basis,
        "centres": [centre_json(centre, scores[centre.name]) for centre in centres],
        "ranking": ranking_json(ranked),
    }  # fmt: skip
    if as_json:
        print_json(answer)
        return
    click.echo(f"{definition.title.vi} – {version.version}\nCăn cứ: {version.basis}")
    for centre in centres if file else centres[:1]:
        _print(centre, scores[centre.name])
    if len(scores) > 1:
        print_ranking(ranked)


Scores = tuple["ScorecardVersion", list[Centre], dict[str, "Score"]]


def _of_file(definition: Scorecard, file: Path, day: str | None) -> Scores:
    from haidang.engine.contracts.reading import ContentError, read
    from haidang.engine.scorecards.scoring import score as points_of

    try:
        given = read(file, CountsFile)
        version = definition.on(date.fromisoformat(day) if day else given.on or _today())
        scores = {centre.name: points_of(version, centre.counts) for centre in given.centres}
    except ContentError as error:
        raise click.UsageError("\n".join(map(str, error.problems))) from error
    except (ValueError, LookupError) as error:
        raise click.UsageError(str(error)) from error
    if len(scores) < len(given.centres):
        raise click.UsageError("two centres have one name")
    return version, given.centres, scores


def _of_figures(definition: Scorecard, code: str, text: str, as_of: datetime | None) -> Scores:
    """The place as a whole first, then its centres, from the same figures as the board."""
    setup()
    from haidang.engine.contracts.sheets.days import Period
    from haidang.engine.indicators import periods, statistics
    from haidang.engine.indicators.catalogue import load_catalogue
    from haidang.engine.indicators.scored import score_of
    from haidang.engine.places.models import Place

    try:
        period = Period.parse(text)
    except ValueError:
        raise click.UsageError(f"--period {text!r}: write a month as 2026-10") from None
    if period.kind != definition.period:
        raise click.UsageError(f"--period {text}: this scorecard is of each {definition.period}")
    try:
        place = statistics.place_on(code, period)
    except Place.DoesNotExist:
        day = period.last_day
        raise click.UsageError(
            f"no unit had the code {code!r} on {day:%d/%m/%Y}; see: haidang places search NAME"
        ) from None
    # All spans of time of this unit: its figures stand at the row that was valid then.
    rows = Place.objects.filter(code=place.code, level=place.level, name=place.name).values_list(
        "pk", flat=True
    )
    try:
        found = score_of(
            load_catalogue(), definition, list(rows), periods.end_of(period), statistics.epoch_of(as_of)
        )
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    whole = Centre(name=str(place), counts=_plain(found.scored.counts), volume=found.scored.volume or 0)
    centres = [
        Centre(name=one.name, level=one.level, volume=one.volume, counts=_plain(one.counts))
        for one in found.scored.centres
    ]
    scores = {whole.name: found.scored.score} | {one.name: one.score for one in found.scored.centres}
    return found.version, [whole, *centres], scores


def _plain(counts: Counts) -> dict[str, dict[str, float | None]]:
    return {code: dict(named) for code, named in counts.items()}


def ranked_of(centres: list[Centre], scores: dict[str, Score], least: int) -> dict[str, list[Ranked]]:
    from haidang.engine.scorecards.ranking import Candidate, ranking

    return ranking((Candidate(one.name, one.level, one.volume, scores[one.name]) for one in centres), least)


def centre_json(centre: Centre, found: Score) -> dict[str, Any]:
    """One centre with every row: what was scored, what not and why."""
    from haidang.engine.scorecards.scoring import STATUS

    return {
        "name": centre.name, "level": centre.level, "volume": centre.volume,
        **_sum_json(found.total),
        "groups": {name: {"title": found.version.groups[name].title.vi, **_sum_json(one)} for name, one in found.groups.items()},
        "rows": {
            code: {
                "title": row.row.title.vi, "status": row.status, "words": STATUS[row.status].vi,
                "ratio": _number(row.ratio), "points": _number(row.score), "of": row.row.points,
                "threshold": row.row.threshold, "lacking": list(row.lacking), "why": row.why,
                "verified": row.row.verified, "mark": "" if row.row.verified else "chưa đối chiếu",
                "note": row.row.note.vi if row.row.note else "",
            }
            for code, row in found.rows.items()
        },
    }  # fmt: skip


def ranking_json(ranked: dict[str, list[Ranked]]) -> dict[str, list[dict[str, Any]]]:
    return {
        level: [
            {
                "rank": one.rank, "name": one.candidate.name, "volume": one.candidate.volume,
                **_sum_json(one.candidate.score.total), "why": _WHY.get(one.why, ""),
            }
            for one in places
        ]
        for level, places in ranked.items()
    }  # fmt: skip


def print_ranking(ranked: dict[str, list[Ranked]]) -> None:
    """By level: rank, percent of what could be scored, what that covers, and the volume behind it."""
    for level, places in ranked.items():
        click.echo(f"\nXếp hạng {level}".rstrip())
        for one in places:
            total = one.candidate.score.total
            percent = total.of_covered
            words = f"{_vi(percent)}% của {_vi(total.covered)} điểm tính được" if percent is not None else "–"
            why = f" ({_WHY[one.why]})" if one.why else ""
            click.echo(
                f"{one.rank or '–':>3}  {one.candidate.name}: {words}, {one.candidate.volume} hồ sơ{why}"
            )


def _sum_json(total: Sum) -> dict[str, Any]:
    return {
        "score": _number(total.score),
        "covered": _number(total.covered),
        "of_points": _number(total.points),
        "coverage": _number(total.coverage),
        "of_covered": _number(total.of_covered),
    }


def _number(value: Any) -> float | None:
    """As JSON; whoever computes on wants no rounding to two decimals."""
    return None if value is None else round(float(value), 10)


def _print(centre: Centre, found: Score) -> None:
    from haidang.engine.scorecards.scoring import STATUS

    total = found.total
    click.echo(f"\n{centre.name}: {_vi(total.score)} điểm trên {_vi(total.covered)} điểm tính được")
    click.echo(f"  Tính được {_vi(total.coverage)}% của {_vi(total.points)} điểm")
    for code, row in found.rows.items():
        mark = "" if row.row.verified else "  [chưa đối chiếu]"
        if row.score is not None and row.ratio is not None:
            click.echo(
                f"  {code:<5} {row.row.title.vi}: {_vi(row.ratio)}% → {_vi(row.score)}/{written.number(row.row.points)}{mark}"
            )
        elif row.status != "missing":
            value = "" if row.ratio is None else f" {_vi(row.ratio)} {row.row.unit or '%'}"
            click.echo(f"  {code:<5} {row.row.title.vi}:{value} {STATUS[row.status].vi}{mark}")
    if missing := [code for code, row in found.rows.items() if row.status == "missing"]:
        click.echo(f"  {STATUS['missing'].vi}: {', '.join(missing)}")


def _vi(value: Fraction) -> str:
    """Two decimals at most."""
    from haidang.engine.scorecards.scoring import half_up

    return written.number(half_up(value))


def load_card(address: str) -> Scorecard:
    from haidang.engine.contracts.tree import load_tree
    from haidang.engine.scorecards.definition import KINDS

    tree = load_tree(kinds=KINDS)
    entry = tree.of("scorecards").get(address)
    bad = [str(p) for p in tree.problems if p.path.parent.name == "scorecards"]
    if entry is None or ("scorecards", address) in tree.unsound:
        none = unknown("scorecard / bảng chấm điểm", address, tree.of("scorecards"), "scorecards")
        raise click.UsageError("\n".join(bad) or none)
    card: Scorecard = entry.thing
    return card


def _today() -> date:
    from haidang.engine.clock import local, now

    return local(now()).date()
