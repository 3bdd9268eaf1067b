"""What offices owe and have done: rows of an office's own desk, what waits for an approver, the matrix of all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haidang.engine import clock
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.people.models import Office, Person
from haidang.engine.people.rights import may, sees_all
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions.explaining import unexplained
from haidang.engine.submissions.models import Explanation, Submission
from haidang.engine.submissions.shelf import Way, shelf, ways
from haidang.engine.submissions.wording import period_words

State = Submission.State
PERIODS = 12
WAITING = 100
OWED = "owed:"
Key = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one office stands with one period of one contract.

    `newest`: the version it stands at (`standing()`). `kind`: ontime, late (signed after the due day), wrong (cannot be
    read, faults, sent back), open (handed in, not signed), silent (nothing, overdue), waiting (nothing, in time still),
    history (signed, due before its source was connected). `days_late` as `periods_owed.days_late` says.
    """

    way: Way
    office: Office
    period: Period
    due: date
    kind: str
    newest: Submission | None
    days_late: int = 0
    unexplained: int = 0
    # A file sent later that cannot be read; `newest` stands all the same.
    unread: Submission | None = None
    # When it stood so; None is now.
    then: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.newest is not None and self.newest.is_answered(self.then)

    @property
    def is_owed(self) -> bool:
        """Not what was due before the source was connected: that is handed in for the record."""
        return self.due >= self.way.source.connected_date

    @property
    def calls(self) -> bool:
        """Whether the office has to act now."""
        is_judged = self.newest is None or self.newest.state != State.RECEIVED
        return not self.is_done and self.kind != "waiting" and is_judged

    @property
    def period_words(self) -> str:
        return period_words(self.period)

    @property
    def thing(self) -> str:
        """By what reminders know it."""
        return f"{OWED}{self.way.contract}:{self.office.pk}:{self.period.code}"

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        late = ngettext("trễ %(n)d ngày", "trễ %(n)d ngày", self.days_late) % {"n": self.days_late}
        return {
            "ontime": _("đúng hạn"),
            "late": late,
            "wrong": _("sai"),
            "open": _("chưa ký"),
            "silent": _("chưa gửi"),
            "waiting": _("chưa tới hạn"),
            "history": _("trước đấu nối"),
        }[self.kind]

    @property
    def days_left(self) -> int:
        return (self.due - clock.today()).days

    @property
    def step(self) -> str:
        """What the newest version waits for."""
        row = self.newest
        if row is None:
            return _("chưa có tệp")
        if row.state == State.DRAFT and row.faults:
            return ngettext("%(n)d ô lỗi", "%(n)d ô lỗi", row.faults) % {"n": row.faults}
        if row.state == State.DRAFT and self.unexplained:
            words = ngettext("%(n)d ô chưa giải trình", "%(n)d ô chưa giải trình", self.unexplained)
            return words % {"n": self.unexplained}
        return str(_("sẵn sàng ký") if row.state == State.DRAFT else row.get_state_display())

    @property
    def action(self) -> str:
        """The next useful act of the office."""
        row = self.newest
        if row is None or row.state == State.WITHDRAWN:
            return _("Gửi tệp")
        if row.state in (State.DRAFT, State.RETURNED):
            if row.faults:
                return _("Sửa ô lỗi")
            if row.state == State.RETURNED:
                return _("Xem lý do trả lại")
            return _("Giải trình") if self.unexplained else _("Ký gửi")
        return _("Xem vì sao") if row.state == State.UNREADABLE else _("Xem")

    @property
    def url(self) -> str:
        return self.newest.get_absolute_url() if self.newest else self.hand_in_url

    @property
    def action_url(self) -> str:
        """Where `action` is done."""
        return self.hand_in_url if self.newest and self.newest.state == State.WITHDRAWN else self.url

    @property
    def hand_in_url(self) -> str:
        asked = {"hop-dong": self.way.contract, "ky": self.period.code}
        return f"{reverse('submissions:hand_in')}?{urlencode(asked)}"

    @property
    def template_url(self) -> str:
        return f"{reverse('submissions:template', args=[self.way.contract])}?{urlencode({'ky': self.period.code})}"


def verdict(
    newest: Submission | None,
    signed_at: datetime | None,
    due: date,
    today: date,
    connected: date = date.min,
    then: datetime | None = None,
) -> tuple[str, int]:
    """(kind, days late). `signed_at`: when the office first answered for a version of the period; `connected`: the day
    its source was; `then`: the time that is looked back to.
    """
    over = owed.days_late(due, clock.local(signed_at).date() if signed_at else today, connected)
    if signed_at is not None:
        return ("late" if over else "ontime" if due >= connected else "history"), over
    if newest is None or newest.is_gone(then):
        return ("silent", over) if over else ("waiting", 0)
    wrong = newest.state in (State.UNREADABLE, State.RETURNED) or bool(newest.faults)
    return ("wrong" if wrong else "open"), over


# --- rows of one office -----------------------------------------------------------------------------------
def own_rows(person: Person) -> list[Standing]:
    """What this person's offices owe, the newest period first; empty where nobody's grant names an office."""
    mine = [way for way in ways(person, "sheet.submit") if _is_own(way, person)]
    rows = standings(mine, person)
    return sorted(rows, key=lambda row: (row.due, row.way.title), reverse=True)


def _is_own(way: Way, person: Person) -> bool:
    if not sees_all(person, "sheet.submit"):
        return True
    # Who may send for everybody owes what his own office owes.
    return way.office is not None and way.office.pk == person.office_id


def standings(
    found: Sequence[Way], person: Person | None, count: int = PERIODS, then: datetime | None = None
) -> list[Standing]:
    """Every period owed on these ways, of the last `count` and the present one, as this person may see it; None is the
    centre itself. Before the first period that was owed stand those that were handed in all the same. `then`: by what
    was handed in and signed at that time.
    """
    day = clock.local(then or clock.now()).date()
    periodic = [way for way in found if way.terms.period != "none"]
    spans = {way: owed.back(owed.present(way.terms, day), count + 1) for way in periodic}
    if not spans:
        return []
    codes = {period.code for span in spans.values() for period in span}
    seen = Submission.objects.for_user(person) if person else Submission.objects.all()
    rows = seen.filter(contract__in={way.contract for way in periodic}, period__in=codes)
    rows = rows.come_by(then) if then else rows
    newest = {_key(row): row for row in rows.standing(then).select_related("office", "signed_by")}
    signed = _first_signed(rows.filter(signed_at__lte=then) if then else rows)
    left, unread = unexplained_counts(newest.values()), _unread(rows, newest)
    offices = _offices_of(periodic, newest.values())
    built = []
    for way, span in spans.items():
        for office in offices[way.contract]:
            for period in span:
                key = (way.contract, office.pk, period.code)
                row, due = newest.get(key), owed.due_on(way.terms, period)
                connected = way.source.connected_date
                if row is None and due < connected:
                    continue
                kind, days = verdict(row, signed.get(key), due, day, connected, then)
                built.append(
                    Standing(
                        way,
                        office,
                        period,
                        due,
                        kind,
                        row,
                        days,
                        left.get(row.pk, 0) if row else 0,
                        unread.get(key),
                        then,
                    )
                )
    return built


def _key(row: Submission) -> Key:
    return row.contract, row.office_id, row.period


def _first_signed(rows: QuerySet[Submission]) -> dict[Key, datetime]:
    found = rows.exclude(signed_at=None).values_list("contract", "office_id", "period")
    return {(c, o, p): at for c, o, p, at in found.annotate(first=Min("signed_at")).order_by()}


def _unread(rows: QuerySet[Submission], newest: Mapping[Key, Submission]) -> dict[Key, Submission]:
    """Files that cannot be read and came after the version that stands, the last of each."""
    found = {_key(row): row for row in rows.filter(state=State.UNREADABLE).order_by("number")}
    return {key: row for key, row in found.items() if key in newest and row.number > newest[key].number}


def _offices_of(found: Iterable[Way], rows: Iterable[Submission]) -> dict[str, list[Office]]:
    """Contract → who owes it: the office of its source, and whoever has sent it. Of a form open to all nobody owes the
    first file.
    """
    sent: dict[str, dict[int, Office]] = defaultdict(dict)
    for row in rows:
        if row.office:
            sent[row.contract][row.office.pk] = row.office
    owners: dict[str, list[Office]] = {}
    for way in found:
        if way.office:
            sent[way.contract][way.office.pk] = way.office
        owners[way.contract] = sorted(sent[way.contract].values(), key=lambda one: bytes(one.sort_key))
    return owners


def unexplained_counts(rows: Collection[Submission]) -> dict[int, int]:
    """Submission → cells with a warning about which nothing has been said."""
    wanted = {
        row.pk: row.warnings for row in rows if row.warnings and row.state in (State.DRAFT, State.RETURNED)
    }
    said = Explanation.objects.filter(submission__in=wanted).values_list(
        "submission", "sheet", "row", "column"
    )
    counted = Counter(pk for pk, *_cell in said.distinct())
    left = {pk: max(0, warned - counted[pk]) for pk, warned in wanted.items()}
    # Where a warning came later, what was said before it does not count.
    return left | {row.pk: len(unexplained(row)) for row in rows if row.pk in left and row.renewed_at}


def newest_due(rows: Iterable[Standing]) -> list[Standing]:
    """Of each source and office the newest period that is due; else the present one."""
    found: dict[tuple[int, int], Standing] = {}
    for row in rows:
        key = (row.way.source.pk, row.office.pk)
        known = found.get(key)
        if known is None or (row.kind != "waiting" and (known.kind == "waiting" or row.due > known.due)):
            found[key] = row
    return list(found.values())


# --- what waits for an approver ---------------------------------------------------------------------------
def waiting_for(person: Person) -> list[Submission]:
    """Signed versions to approve, and approved ones to publish, the oldest first."""
    mine = Submission.objects.for_user(person, "sheet.approve").standing()
    rows = mine.filter(state__in=(State.SUBMITTED, State.APPROVED)).select_related("office", "signed_by")
    return list(rows.order_by("signed_at", "pk")[:WAITING])


# --- the matrix -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One office and contract: a cell per column, None where nothing was owed."""

    office: Office
    way: Way
    cells: list[Standing | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The lines of contracts of one kind of period."""

    kind: str
    periods: list[Period]
    lines: list[Line]

    @property
    def heads(self) -> list[str]:
        return [period_words(period, short=True) for period in self.periods]


def matrices(person: Person) -> list[Matrix]:
    """Office × contract over the last periods, one table for each kind of period; the oldest period first."""
    cells: dict[tuple[str, int], dict[str, Standing]] = defaultdict(dict)
    for one in standings(ways(person, "sheet.see"), person):
        cells[one.way.contract, one.office.pk][one.period.code] = one
    found = []
    for kind in ("week", "month", "quarter", "year"):
        periods = owed.back(owed.holding(kind, clock.today()), PERIODS)[::-1]
        lines = []
        for row in cells.values():
            first = next(iter(row.values()))
            if first.way.terms.period == kind:
                lines.append(Line(first.office, first.way, [row.get(period.code) for period in periods]))
        if lines:
            lines.sort(key=lambda line: (bytes(line.office.sort_key), line.way.title))
            found.append(Matrix(kind, periods, lines))
    return found


def is_overseer(person: Person) -> bool:
    """Whether the matrix says more than the rows of one's own office: whoever only decides has no rows."""
    if not may(person, "sheet.submit"):
        return True
    offices = {way.office.pk for way in ways(person, "sheet.see") if way.office}
    return sees_all(person, "sheet.see") or len(offices) > 1


def late_to_send(person: Person) -> int:
    """How much is overdue or wrong at this person's own offices: the number in the navigation."""
    return sum(row.kind in ("silent", "wrong", "open") and row.days_late > 0 for row in own_rows(person))


def owed_words(thing: str) -> str:
    """What `Standing.thing` names, in the language of the screen; empty for anything else."""
    if not thing.startswith(OWED):
        return ""
    contract, _office, period = thing.removeprefix(OWED).split(":")
    return f"{shelf().title(contract)}, {period_words(Period.parse(period))}"


def titles() -> dict[str, str]:
    """Contract → what it is called."""
    return {address: shelf().title(address) for address in shelf().contracts}
