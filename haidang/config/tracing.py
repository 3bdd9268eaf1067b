"""The way back from anything to the delivered line, as rows of depth, what and text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from haidang.config import statistics, written
from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.incidents import chain
from haidang.engine.indicators.book import load_book
from haidang.engine.indicators.figures import Answer, figure
from haidang.engine.store import epochs, trace
from haidang.engine.store.models import Delivery, Epoch, Series

Step = dict[str, Any]
_LARGEST = 2**63 - 1


def steps(what: str, station: str | None, at: datetime | None) -> list[Step]:
    """Raises click.ClickException naming what could not be found."""
    kind, _, rest = what.partition(":")
    if kind == "delivery":
        number, _, ordinal = rest.partition("/")
        if not (number.isdecimal() and (ordinal or "0").isdecimal()):
            raise click.ClickException(f"{what!r} names no delivery; write delivery:17 or delivery:17/3")
        return _delivered(int(number), int(ordinal) if ordinal else None)
    if kind in ("order", "document", "incident", "alarm"):
        return _handled(kind, rest)
    if station is None or at is None:
        raise click.ClickException(
            "with an indicator or parameter give --station and --at;"
            " or delivery:ID, alarm:ID, incident:CODE, order:ID, document:CODE"
        )
    asset = Asset.objects.filter(code=station).first()
    if asset is None:
        raise click.ClickException(f"station {station!r} is not registered")
    book = load_book()
    if what in book.entries:
        return _figure(figure(book, what, asset, at))
    series = Series.objects.filter(asset=asset, parameter=what).order_by("precedence", "id")
    found = [step for one in series for step in _observation(one.pk, at, 0)]
    if not found:
        raise click.ClickException(
            f"{what!r} is no indicator, and no reading of {station} at {clock.local(at)}"
        )
    return found


def _figure(answer: Answer) -> list[Step]:
    opened = trace.Opened()
    shown = "không có dữ liệu" if answer.value is None else written.amount(answer.value, answer.unit)
    found: list[Step] = [
        {
            "depth": 0, "what": "figure", "id": answer.id, "epoch": answer.epoch,
            "text": f"{answer.indicator} {answer.asset_code} {clock.local(answer.at):%H:%M %d/%m/%Y} = {shown}"
            f" (công thức {answer.version}, {answer.formula_sha256[:12]})",
        }
    ]  # fmt: skip
    # The lines this version was made of, whatever was corrected since.
    then = epochs.visible("o", answer.epoch)
    for item in answer.inputs:
        hour = datetime.fromisoformat(item["hour"])
        found.append(
            {
                "depth": 1, "what": "hour", "series": item["series"], "epoch": item["epoch"],
                "text": f"{item['parameter']} giờ {clock.local(hour):%H:%M %d/%m/%Y} = {written.number(item['mean'], digits=6)}",
            }
        )  # fmt: skip
        for row in trace.observations(item["series"], hour - clock.HOUR, hour, then):
            found += _stored(
                opened, item["series"], row["at"], row["value"], row["status"], row["delivery_id"], row["ordinal"], 2
            )  # fmt: skip
    return found


def _observation(series_id: int, at: datetime, depth: int) -> list[Step]:
    found, opened = [], trace.Opened()
    for version in trace.versions_of(series_id, at):
        found += _stored(
            opened, series_id, at, version.value, version.status, version.delivery_id, version.ordinal, depth
        )
    return found


def _stored(
    opened: trace.Opened,
    series_id: int,
    at: datetime,
    value: float | None,
    status: int,
    delivery_id: int,
    ordinal: int,
    depth: int,
) -> list[Step]:
    text = f"{clock.local(at):%H:%M:%S %d/%m/%Y} = {written.number(value)} trạng thái {status:02d}"
    row = {
        "depth": depth,
        "what": "reading",
        "series": series_id,
        "at": at,
        "value": value,
        "status": f"{status:02d}",
        "text": text,
    }
    return [row, *_line(delivery_id, ordinal, depth + 1, opened)]


def _line(delivery_id: int, ordinal: int, depth: int, opened: trace.Opened | None = None) -> list[Step]:
    try:
        line = (opened or trace.Opened()).line_of(delivery_id, ordinal)
    except Delivery.DoesNotExist:
        raise click.ClickException(f"delivery {delivery_id} does not exist") from None
    except trace.BytesGone:
        text = f"lần nhận {delivery_id}: nội dung gốc không còn trong kho"
        return [{"depth": depth, "what": "delivery", "id": delivery_id, "text": text}]
    except trace.NoSuchRecord as error:
        text = f"lần nhận {delivery_id} có {error.count} bản ghi, đánh số từ 0: không có bản ghi {ordinal}"
        return [{"depth": depth, "what": "delivery", "id": delivery_id, "text": text}]
    return [
        {
            "depth": depth, "what": "delivery", "id": delivery_id, "source": line.source, "door": line.door,
            "name": line.name, "received_at": line.received_at, "sha256": line.sha256, "line": line.number,
            "start": line.record.start, "end": line.record.end, "raw": line.text,
            "text": f"lần nhận {delivery_id} {line.source} qua {line.door} {line.name}"
            f" lúc {clock.local(line.received_at):%H:%M:%S}, SHA-256 {line.sha256[:12]}…, dòng {line.number}: {line.text}",
        }
    ]  # fmt: skip


def _delivered(delivery_id: int, ordinal: int | None) -> list[Step]:
    """A record of a delivery, its first where none is named, and on to what it led to, or the whole delivery did."""
    found = _line(delivery_id, ordinal or 0, 0)
    delivery = Delivery.objects.get(pk=delivery_id)
    return [*found, *(_told(step) for step in chain.led_to_by(delivery, ordinal))]


def _told(step: chain.Step) -> Step:
    return {
        "depth": step.depth,
        "what": step.what,
        "id": step.id,
        "at": step.at,
        "text": step.text,
        **step.facts,
    }


def _handled(kind: str, rest: str) -> list[Step]:
    """Order → incident → alarm → reading → line, and on to the orders and their proof, as the incidents app knows it."""
    found: list[Step] = []
    for step in chain.walk(kind, rest):
        if (
            step.indicator
        ):  # the way of a figure begins with the figure itself, as it was known when it was judged
            known = Epoch.objects.filter(pk=step.epoch or 0).values_list("committed_at", flat=True).first()
            found += [{**one, "depth": one["depth"] + step.depth} for one in _judged(step, known)]
            continue
        found.append(_told(step))
        if step.series_id is not None and step.at is not None:
            found += _observation(step.series_id, step.at, step.depth + 1)
    if not found:
        raise click.ClickException(f"{kind} {rest!r} does not exist")
    return found


def _judged(step: chain.Step, known: datetime | None) -> list[Step]:
    if step.period:
        return statistics.steps(step.indicator, step.place_code, step.period, known)
    book, asset = load_book(), Asset.objects.filter(code=step.asset_code).first()
    if asset is None or step.indicator not in book.entries:
        return [{"depth": 0, "what": step.what, "id": step.id, "at": step.at, "text": step.text}]
    return _figure(figure(book, step.indicator, asset, step.at, known))
