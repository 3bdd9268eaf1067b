"""Turn the tiles of a board into what templates draw. Each builder asks the store at most twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.assets.models import Asset
from haidang.engine.boards import definition as d
from haidang.engine.boards import queries, writing
from haidang.engine.boards.content import Library, library
from haidang.engine.boards.shown import Point, Shown
from haidang.engine.indicators.definition import Indicator
from haidang.engine.people.rights import granted, sees_all, within
from haidang.engine.store import epochs

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone

T = TypeVar("T")
# A figure is awaited once a period: it is old when the next one is missing too.
PERIOD_S = {"hour": 2 * 3600, "day": 2 * 86400}


@dataclass(slots=True)
class Look:
    """One looking at a board: when, with which knowledge; remembers what it has already asked."""

    now: datetime
    as_of: datetime | None = None
    library: Library = field(default_factory=library)
    _asked: dict[Any, Any] = field(default_factory=dict)
    _epoch: int | None = None
    # Assets whoever looks may see; None: all of them.
    _seen: frozenset[int] | None = None
    # Whoever looks; None: nobody in particular, who sees all.
    person: Anyone | None = None
    # What must be allowed beside seeing: what is taken away is only what may be.
    also: str = ""
    # Periods that end later are left out; None: the newest ones.
    until: datetime | None = None
    # The unit whose numbers are shown, by its code; empty: the province.
    unit: str = ""

    @classmethod
    def at(cls, as_of: datetime | None, person: Anyone | None = None, *, also: str = "") -> Look:
        """Without a person the look is nobody's in particular and shows all."""
        look = cls(as_of or clock.now(), as_of, person=person, also=also)
        acts = ["station.see", *([also] if also else [])]
        if person is not None and not all(sees_all(person, act) for act in acts):
            seen = within(person, "station.see", place="place", domain="domain")
            if also:
                seen &= within(person, also, office="office", place="place", domain="domain")
            look._seen = frozenset(Asset.objects.filter(seen).values_list("pk", flat=True))
        if as_of is not None:
            look._epoch = epochs.resolve(as_of)
        return look

    @property
    def epoch(self) -> int | None:
        return self._epoch

    @property
    def horizon(self) -> datetime:
        """Up to when figures of periods are looked for, and by when the next one is called late."""
        return min(self.now, self.until) if self.until else self.now

    def sees(self, domain: str, place_id: int) -> bool:
        """Whether whoever looks may see figures of this domain at this place."""
        if self.person is None:
            return True
        return all(
            any(one.covers_place(place_id) and one.covers_domain(domain) for one in granted(self.person, act))
            for act in ("figure.see", self.also)
            if act
        )

    def once(self, key: Any, ask: Callable[[], T]) -> T:
        """Ask the store one question once, however many tiles need the answer."""
        if key not in self._asked:
            self._asked[key] = ask()
        found: T = self._asked[key]
        return found

    def figures(self, indicator: str) -> list[queries.FigureRow]:
        kind = self.library.indicators[indicator].asset_kind
        return self.once(
            ("figures", indicator),
            lambda: self._own(
                queries.latest_figures(indicator, kind, self.now, self.epoch), lambda row: row.asset.id
            ),
        )

    def readings(self, kind: str) -> list[queries.ReadingRow]:
        return self.once(
            ("readings", kind),
            lambda: self._own(
                queries.latest_readings(kind=kind, until=self.now, epoch=self.epoch), lambda row: row.asset_id
            ),
        )

    def assets(self, kind: str) -> list[queries.AssetRow]:
        return self.once(("assets", kind), lambda: self._own(queries.assets(kind), lambda row: row.id))

    def _own(self, rows: list[T], asset: Callable[[T], int]) -> list[T]:
        """Of these rows those of assets whoever looks may see."""
        return rows if self._seen is None else [row for row in rows if asset(row) in self._seen]


def owner_of(asset: queries.AssetRow) -> str:
    return asset.owner or _("chưa giao cơ quan")


def why_url(look: Look, **about: str) -> str:
    """Where the why-drawer of one number is."""
    base: str = look.once("why", lambda: reverse("boards:why"))
    tail = look.once("as_of", lambda: f"&as_of={quote(look.as_of.isoformat())}" if look.as_of else "")
    return f"{base}?" + "&".join(f"{key}={quote(value)}" for key, value in about.items() if value) + tail


def figure_why(look: Look, address: str, row: queries.FigureRow) -> str:
    return why_url(look, indicator=address, asset=row.asset.code, at=clock.local(row.at).isoformat())


def station_url(look: Look, code: str) -> str:
    base: str = look.once("station", lambda: reverse("boards:station", args=["-"]))
    url = f"{base[:-2]}{quote(code)}/"
    return f"{url}?{urlencode({'as_of': look.as_of.isoformat()})}" if look.as_of else url


def stations_url(look: Look, kind: str) -> str:
    """The list of all stations of a kind, as they were then."""
    asked = {"kind": kind} | ({"as_of": look.as_of.isoformat()} if look.as_of else {})
    return f"{reverse('boards:stations')}?{urlencode(asked)}"


def _chosen(rows: Sequence[T], of: str, value: Callable[[T], float | None]) -> T | None:
    known = [row for row in rows if value(row) is not None]
    if not known:
        return rows[0] if rows else None
    pick = min if of == "lowest" else max
    return pick(known, key=lambda row: value(row) or 0.0)


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure tile: `shown`, or the sentence that is true when there is nothing to show."""

    title: str
    shown: Shown | None
    empty: str = ""


def _aim(target: d.Target | None) -> dict[str, Any]:
    if target is None:
        return {}
    return {
        "target": target.value,
        "target_kind": target.kind,
        "target_word": str(target.word),
        "priority": target.priority,
    }


def _still_fresh(rows: Sequence[T], is_old: Callable[[T], bool]) -> list[T]:
    """Rows that are not old; all of them when every one is old, so that the tile can say so."""
    return [row for row in rows if not is_old(row)] or list(rows)


def figure(tile: d.FigureTile, look: Look) -> FigureView:
    indicator = look.library.indicators[tile.indicator]
    allowed = PERIOD_S[indicator.period]
    rows = look.figures(tile.indicator)
    if tile.asset:
        rows = [row for row in rows if row.asset.code == tile.asset]
    rows = _still_fresh(rows, lambda row: (look.now - row.at).total_seconds() > allowed)
    row = _chosen(rows, tile.of, lambda r: r.value)
    if row is None:
        return FigureView(str(tile.title), None, _("Chưa tính được số nào: chưa đủ số đo."))
    after = row.at - timedelta(hours=tile.spark_hours)
    points = look.once(
        ("points", tile.indicator, row.asset.id, tile.spark_hours),
        lambda: queries.figure_points(tile.indicator, [row.asset.id], after, row.at, look.epoch),
    )
    title = f"{tile.title}, {row.asset.name}" if tile.of != "one" else str(tile.title)
    line = points.get(row.asset.id, ())
    shown = shown_figure(look, tile.indicator, row, title=title, points=line, **_aim(tile.target))
    return FigureView(title, shown)


def shown_figure(
    look: Look, address: str, row: queries.FigureRow, *, title: str, points: Sequence[Point] = (), **aim: Any
) -> Shown:
    """One row of figures as the component wants it."""
    indicator = look.library.indicators[address]
    return Shown(
        title=title,
        value=row.value,
        unit=indicator.unit or _("chỉ số"),
        unitless=not indicator.unit,
        as_of=row.at,
        source=_("Trạm %(code)s") % {"code": row.asset.code},
        owner=owner_of(row.asset),
        phone=row.asset.phone,
        allowed_s=PERIOD_S[indicator.period],
        decimals=indicator.decimals,
        classed=look.library.classify(address, row.value),
        badge="" if row.status == "ok" else status_word(row.status),
        badge_kind="hand" if row.status == "flagged" else "",
        note=caution_of(indicator, row.at),
        why_url=figure_why(look, address, row),
        url=station_url(look, row.asset.code),
        points=points,
        now=look.now,
        **aim,
    )


def status_word(status: str) -> str:
    words = {
        "flagged": _("thiếu số đo"),
        "missing": _("không đủ số đo"),
        "provisional": _("tạm tính"),
    }
    return words.get(status, "")


def caution_of(indicator: Indicator, at: datetime) -> str:
    """Said beside every value of a formula nobody has compared with its legal text."""
    valid = [v for v in indicator.versions if v.valid_from <= clock.local(at).date()]
    newest = max(valid, key=lambda v: v.valid_from, default=None)
    return _("chưa đối chiếu") if newest and not newest.verified else ""


def reading(tile: d.ReadingTile, look: Look) -> FigureView:
    stations = {asset.id: asset for asset in look.assets(tile.asset_kind)}
    rows = [
        r for r in look.readings(tile.asset_kind) if r.parameter == tile.parameter and r.asset_id in stations
    ]
    if tile.asset:
        rows = [row for row in rows if stations[row.asset_id].code == tile.asset]
    measuring = [row for row in rows if row.status == 0] or rows
    fresh = _still_fresh(measuring, lambda r: (look.now - r.at).total_seconds() > r.silent_after_s)
    row = _chosen(fresh, tile.of, lambda r: r.value)
    if row is None:
        return FigureView(str(tile.title), None, _("Chưa có số đo nào."))
    after = row.at - timedelta(hours=tile.spark_hours)
    points = queries.raw_points([row.series_id], after, row.at, look.epoch).get(row.series_id, [])
    asset = stations[row.asset_id]
    title = f"{tile.title}, {asset.name}" if tile.of != "one" else str(tile.title)
    shown = Shown(
        title=title,
        value=row.value,
        unit=row.unit or _("chỉ số"),
        unitless=row.unit in writing.BARE,
        as_of=row.at,
        source=_("Trạm %(code)s") % {"code": asset.code},
        owner=owner_of(asset),
        phone=asset.phone,
        allowed_s=row.silent_after_s,
        decimals=look.library.decimals(row.parameter),
        badge=_("5 phút") if row.every_s == 300 else writing.span(row.every_s),
        why_url=why_url(look, series=str(row.series_id), at=clock.local(row.at).isoformat()),
        url=station_url(look, asset.code),
        points=points,
        now=look.now,
        **_aim(tile.target),
    )
    return FigureView(title, shown)


def reporting(tile: d.ShareTile, look: Look) -> FigureView:
    """Stations that spoke within their promise, out of all active ones."""
    stations = look.assets(tile.asset_kind)
    newest: dict[int, queries.ReadingRow] = {}
    for row in look.readings(tile.asset_kind):
        if row.asset_id not in newest or row.at > newest[row.asset_id].at:
            newest[row.asset_id] = row
    on_time = [r for r in newest.values() if (look.now - r.at).total_seconds() <= r.silent_after_s]
    if not stations:
        return FigureView(str(tile.title), None, _("Chưa đăng ký trạm nào."))
    as_of = max((r.at for r in newest.values()), default=None)
    if as_of is None:
        return FigureView(str(tile.title), None, _("Chưa trạm nào gửi số đo."))
    allowed = max(r.silent_after_s for r in newest.values())
    owners = {owner_of(a) for a in stations}
    shown = Shown(
        title=str(tile.title),
        value=len(on_time),
        unit=_("trong %(total)d trạm") % {"total": len(stations)},
        as_of=as_of,
        source=_("%(n)d trạm") % {"n": len(stations)},
        owner=owners.pop() if len(owners) == 1 else _("%(n)d cơ quan") % {"n": len(owners)},
        allowed_s=allowed,
        decimals=0,
        badge=_("tự động"),
        url=reverse("boards:stations"),
        list_url=stations_url(look, tile.asset_kind),
        now=look.now,
        **_aim(tile.target),
    )
    return FigureView(str(tile.title), shown)


def views_of(tiles: Sequence[d.AnyTile], look: Look) -> list[FigureView]:
    """The figure tiles among these, in their order."""
    found = []
    for tile in tiles:
        if isinstance(tile, d.FigureTile):
            found.append(figure(tile, look))
        elif isinstance(tile, d.ReadingTile):
            found.append(reading(tile, look))
        elif isinstance(tile, d.ShareTile):
            found.append(reporting(tile, look))
    return found


def gravest_first(views: list[FigureView]) -> list[FigureView]:
    """Past its target first, by priority; without a number last; all others keep the order of the board.

    On a low or narrow screen the first ones are those seen without scrolling.
    """

    def gravity(view: FigureView) -> int:
        if view.shown is None:
            return 11
        return (view.shown.priority or 9) if view.shown.is_bad else 10

    return sorted(views, key=gravity)
