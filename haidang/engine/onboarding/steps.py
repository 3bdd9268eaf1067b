"""How far a connection is, read from what is really there: nothing is ticked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.contracts.definition import SourceDefinition
from haidang.engine.incidents import days
from haidang.engine.people.models import Person, Role
from haidang.engine.store.models import ContentFile
from haidang.engine.submissions.models import Submission
from haidang.engine.submissions.shelf import shelf

if TYPE_CHECKING:
    from haidang.engine.onboarding.models import Connection, Trial

WEB = "web"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: since when it is done (None: not), what there is or what is missing, and where it is done."""

    name: str
    title: str
    at: datetime | None
    words: str
    url: str = ""

    @property
    def is_done(self) -> bool:
        return self.at is not None


@dataclass(frozen=True, slots=True)
class Clock:
    """The legal term: account and key by `due_on`, or a refusal. `given_at` is when it was met, if it was."""

    given_at: datetime | None
    is_late: bool
    days_left: float


def steps(connection: Connection) -> list[Step]:
    return [
        _contract(connection), _account(connection), _key(connection), _trial(connection), _live(connection),
    ]  # fmt: skip


def term(connection: Connection, found: list[Step]) -> Clock:
    """Met with the later of account and key, or with the refusal."""
    given = [step.at for step in found if step.name in ("account", "key")]
    at = connection.refused_at or (max(one for one in given if one) if all(given) else None)
    # What was there before anybody asked was given at once.
    at = max(at, connection.asked_at) if at else None
    until = clock.local(at or clock.now()).date()
    left = days.between(until, connection.due_on)
    return Clock(at, until > connection.due_on, left)


def definition_of(connection: Connection) -> SourceDefinition:
    return shelf().sources[connection.source.address]


def _contract(connection: Connection) -> Step:
    address = definition_of(connection).contract
    standing = ContentFile.objects.filter(address=address, superseded_at=None)
    since = standing.aggregate(at=Min("valid_from"))["at"]
    words = _("biểu mẫu “%(title)s” đang áp dụng") % {"title": shelf().title(address)}
    url = reverse("boards:standard", args=[address])
    return Step("contract", _("Biểu mẫu và tiêu chuẩn kết nối"), since, words, url)


def _account(connection: Connection) -> Step:
    people = Person.objects.filter(is_active=True, office=connection.office, grants__role=Role.OFFICER)
    first = people.order_by("date_joined", "pk").first()
    title, url = _("Tài khoản của cơ quan"), reverse("people:add_person")
    if first is None:
        return Step("account", title, None, _("chưa có cán bộ nào của cơ quan đăng nhập được"), url)
    return Step("account", title, first.date_joined, _("%(name)s gửi và ký được") % {"name": first.name})


def _key(connection: Connection) -> Step:
    doors = [door for door in definition_of(connection).doors if door not in (WEB, "pull")]
    title, url = (
        _("Khoá cho hệ thống gửi tự động"),
        reverse("boards:source_keys", args=[connection.source.address]),
    )
    valid = connection.source.credentials.filter(revoked_at=None).order_by("created_at").first()
    if valid is not None:
        return Step("key", title, valid.created_at, _("đã cấp: %(label)s") % {"label": valid.label}, url)
    if not doors or WEB in definition_of(connection).doors:
        return Step("key", title, connection.asked_at, _("không cần: tệp gửi bằng trang web"), url)
    return Step("key", title, None, _("chưa cấp khoá nào"), url)


def _trial(connection: Connection) -> Step:
    """A file that holds under the contract as it is in force now; an older edition's verdict does not count."""
    title = _("Gửi thử")
    now = shelf().editions[definition_of(connection).contract]
    held = _held(connection, now)
    if held is not None:
        return Step("trial", title, held.at, _("“%(name)s” đạt, không ô lỗi") % {"name": held.name})
    last = connection.trials.order_by("-at").first()
    if last is None:
        return Step("trial", title, None, _("chưa gửi thử tệp nào"), "#thu")
    if last.holds:
        return Step("trial", title, None, _("biểu mẫu đã đổi sau lần thử, thử lại"), "#thu")
    if not last.is_readable:
        return Step("trial", title, None, _("tệp gửi thử không đọc được"), "#thu")
    return Step("trial", title, None, _("lần thử gần nhất còn %(n)s ô lỗi") % {"n": last.faults}, "#thu")


def _held(connection: Connection, contract_sha256: str) -> Trial | None:
    good = connection.trials.filter(
        is_readable=True, faults=0, numbers__gt=0, contract_sha256=contract_sha256
    )
    return good.order_by("at").first()


def _live(connection: Connection) -> Step:
    """The first version an office answered for with its signature."""
    title, url = _("Vận hành"), reverse("submissions:desk")
    mine = Submission.objects.filter(source=connection.source, office=connection.office)
    signed = mine.aggregate(at=Min("signed_at"))["at"]
    if signed:
        return Step("live", title, signed, _("cơ quan đã ký gửi bản đầu tiên"), url)
    return Step("live", title, None, _("chờ cơ quan ký gửi bản thật đầu tiên"), url)
