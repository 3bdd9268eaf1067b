"""Which number of a scorecard a "Vì sao?" asks about, and whether whoever asks may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from haidang.engine.boards.asof import as_of_from
from haidang.engine.boards.statistics.asking import LONGEST_LINE
from haidang.engine.boards.statistics.home import Home, home_of
from haidang.engine.boards.tiles import Look
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.scorecards.definition import Scorecard

Number = Literal["points", "covered", "share"]
# i18n: data – words of an address
NUMBERS: dict[str, Number] = {"diem": "points", "tinh-duoc": "covered", "ty-le": "share"}
WORDS: dict[Number, str] = {number: word for word, number in NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class ScoreAsked:
    """Points of a whole card, of a group or of a row, of the province or of one centre, for one period."""

    address: str
    card: Scorecard
    home: Home
    period: Period
    look: Look
    number: Number
    group: str
    row: str
    centre: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form asks again beside `as_of`."""
        told = {"the": self.address, "ky": self.period.code, "so": WORDS[self.number]}
        told |= {"nhom": self.group, "dong": self.row, "trung_tam": self.centre}
        return [(name, value) for name, value in told.items() if value]

    @property
    def now_url(self) -> str:
        return f"{reverse('boards:why_score')}?{urlencode(self.fields)}"


def score_url(
    look: Look, address: str, period: Period, number: Number = "points", *, group: str = "", row: str = "", centre: str = ""
) -> str:  # fmt: skip
    """Where the drawer of one number of a scorecard is."""
    base = look.once("why_score", lambda: reverse("boards:why_score"))
    told = {
        "the": address,
        "ky": period.code,
        "so": WORDS[number],
        "nhom": group,
        "dong": row,
        "trung_tam": centre,
    }
    told["as_of"] = look.as_of.isoformat() if look.as_of else ""
    return f"{base}?{urlencode({name: value for name, value in told.items() if value})}"


def score_asked_of(request: HttpRequest) -> ScoreAsked:
    """The question of an address. Raises Http404 for what is not there, and for what may not be seen."""
    get = request.GET
    look = Look.at(as_of_from(request), request.user)
    address = get.get("the", "")
    card, home = look.library.scorecards.get(address), home_of(look)
    try:
        period = Period.parse(get.get("ky", ""))
    except ValueError:
        raise Http404(get.get("ky", "")) from None
    if card is None or home is None or period.kind != card.period:
        raise Http404(address)
    # As on the board: of points one may see all that they rest on, or none of them.
    if not all(
        look.sees(domain, home.place.pk) for domain in {one.partition(".")[0] for one in card.indicators}
    ):
        raise Http404(address)
    number = NUMBERS.get(get.get("so", ""), "points")
    group, row, centre = (get.get(name, "")[:LONGEST_LINE] for name in ("nhom", "dong", "trung_tam"))
    return ScoreAsked(address, card, home, period, look, number, group, row, centre)
