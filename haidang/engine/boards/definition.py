"""A board as content (`boards/*.yml`): which tiles, in which pane, of which indicator."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from haidang.engine.contracts.complaints import InBoth
from haidang.engine.contracts.reading import Text
from haidang.engine.indicators.count import Test

Pane = Literal["list", "main", "side", "log", "feed"]
Which = Literal["highest", "lowest", "one"]


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the number is measured against: a ceiling it should not pass, or a goal it should reach."""

    value: float
    kind: Literal["ceiling", "floor"]
    word: Text
    # Priority of the mark when it is passed.
    priority: Literal[1, 2, 3] = 2
    basis: str = ""


class Tile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What all tiles have."""

    title: Text
    pane: Pane = "side"


class FigureTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="figure"):
    """One figure of an indicator: of the asset where it is highest or lowest now, or of one named asset."""

    indicator: str
    of: Which = "highest"
    asset: str = ""
    target: Target | None = None
    spark_hours: int = 24


class ReadingTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reading"):
    """The newest measured value of one parameter, before any roll-up."""

    parameter: str
    asset_kind: str
    of: Which = "highest"
    asset: str = ""
    target: Target | None = None
    spark_hours: int = 6


class ShareTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reporting"):
    """How many stations of a kind report within their promise, out of all."""

    asset_kind: str
    target: Target | None = None


class TableTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="table"):
    """Every asset of the indicator's kind, worst first, with its class and the parameters named here."""

    indicator: str
    pane: Pane = "main"
    parameters: list[str] = []


class ChartTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="chart"):
    """The indicator over time: the worst `lines` assets."""

    indicator: str
    pane: Pane = "main"
    hours: int = 48
    lines: int = 5


class MapTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="map"):
    """The province with the indicator at its stations."""

    indicator: str
    pane: Pane = "main"


class AlarmsTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="alarms"):
    """Alarms that are not over, not acknowledged ones first."""

    pane: Pane = "list"


class OrdersTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="orders"):
    """Orders past their deadline, oldest first."""

    most: int = 3


class IncidentTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="incident"):
    """One open incident on a wall: the one that was pushed there, or the gravest."""

    pane: Pane = "main"
    lines: int = 3


class LogTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="log"):
    """What happened last."""

    pane: Pane = "log"
    lines: int = 5


class SourcesTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="sources"):
    """Sources that are late, silent ones first."""

    pane: Pane = "feed"
    most: int = 3


class StatisticTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="statistic"):
    """One statistic of the province: against its plan, the last period and the same period of last year."""

    indicator: str
    pane: Pane = "main"
    periods: int = 24
    # Points of per cent behind the share of the year that is over, from which the plan is marked as in danger.
    behind: float = 10.0
    # Say what comes next, with interval and past error.
    forecast: bool = False


class StatisticTableTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="statistic_table"):
    """Statistics of the province, one a line, with every comparison."""

    indicators: list[str]
    pane: Pane = "main"


class BreakdownTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="breakdown"):
    """One statistic by commune, largest first, with another one beside it that says of how many."""

    indicator: str
    pane: Pane = "main"
    volume: str = ""


class LineTableTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="line_table"):
    """Statistics by the lines they were added up from, `of` saying what those are: offices, facilities."""

    of: Text
    indicators: list[str]
    pane: Pane = "main"


class CommuneMapTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="commune_map"):
    """The communes coloured by one statistic."""

    indicator: str
    pane: Pane = "main"


class PeriodChartTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="period_chart"):
    """Statistics of one unit over their periods, with the plan as a line where there is one."""

    indicators: list[str]
    pane: Pane = "main"
    periods: int = 24
    plan: bool = True
    # Go on with the forecast of the first indicator: dashed, with its interval.
    forecast: bool = False


class UnusualTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="unusual"):
    """What is unusual in the newest period, in words; of these statistics, or of all that stand on the board."""

    indicators: list[str] = []
    most: int = 4


class CommuneChangeTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="commune_change"):
    """Which communes made the change of a statistic that adds up over them; the parts add up to it exactly."""

    indicator: str
    pane: Pane = "main"
    against: Literal["last", "year"] = "year"
    most: int = 8


class ReportsTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="reports"):
    """By office: what was published last, what is due, what is late."""

    # Domains whose contracts are listed; empty: the board's own.
    domains: list[str] = []


class ScorecardTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="scorecard"):
    """The points of a scorecard over the newest figures, with the period before and the ranking of centres by level."""

    card: str
    pane: Pane = "main"
    # Centres with a smaller volume have no rank.
    least: Annotated[int, msgspec.Meta(ge=0)] = 0
    # Places of each level that stand on the board; all of them on its page.
    most: Annotated[int, msgspec.Meta(ge=1)] = 5


class DueListTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="due_list"):
    """Open lines of lists that are overdue or have at most `within` working days left, the most urgent first."""

    contract: str
    # The column whose day is the last one; a day off lasts until the next working day.
    due: str
    # The column by which they are grouped: the office that has them.
    by: str
    # What a line that is still open says, as in `count` of an indicator.
    where: dict[str, Test] = {}
    # Columns that are shown beside; never personal data.
    columns: list[str] = []
    within: Annotated[float, msgspec.Meta(ge=0, le=60)] = 2
    pane: Pane = "main"
    # Lines on the board; all of them on its page.
    most: Annotated[int, msgspec.Meta(ge=1)] = 8


class RedTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="red"):
    """What stands in red: urgent alarms, orders past their deadline, numbers of this board that are late or behind."""

    most: int = 8


class OrderTableTile(Tile, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="order_table"):
    """Orders by office: given, open, late, done in time and late. `ground` keeps those of documents or of incidents."""

    ground: Literal["", "documents", "incidents"] = ""
    pane: Pane = "main"


OfStatistics = (
    StatisticTile
    | StatisticTableTile
    | BreakdownTile
    | LineTableTile
    | CommuneMapTile
    | PeriodChartTile
    | UnusualTile
    | CommuneChangeTile
    | ReportsTile
    | ScorecardTile
    | DueListTile
)

AnyTile = (
    FigureTile
    | ReadingTile
    | ShareTile
    | TableTile
    | ChartTile
    | MapTile
    | AlarmsTile
    | OrdersTile
    | IncidentTile
    | LogTile
    | SourcesTile
    | StatisticTile
    | StatisticTableTile
    | BreakdownTile
    | LineTableTile
    | CommuneMapTile
    | PeriodChartTile
    | UnusualTile
    | CommuneChangeTile
    | ReportsTile
    | ScorecardTile
    | DueListTile
    | RedTile
    | OrderTableTile
)


class Menu(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of the navigation of every page: few boards deserve one, the others are tabs beside them."""

    place: int  # among the boards, lowest first
    title: Text


class Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One screen."""

    title: Text
    tiles: list[AnyTile]
    layout: Literal["overview", "board", "wall"] = "board"
    description: Text | None = None
    menu: Menu | None = None

    def __post_init__(self) -> None:
        if self.menu and self.layout != "board":
            raise InBoth(
                f"menu: a {self.layout} is no page among the boards",
                f"menu: {self.layout} không phải trang trong danh mục bảng",
            )

    @property
    def indicators(self) -> list[str]:
        """Addresses this board cannot do without."""
        found = [
            t.indicator for t in self.tiles if isinstance(t, FigureTile | TableTile | ChartTile | MapTile)
        ]
        return list(dict.fromkeys(found))

    def of_pane(self, pane: Pane) -> list[AnyTile]:
        return [tile for tile in self.tiles if tile.pane == pane]
