"""Which unit the numbers of a file are of."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.places.models import Place
from haidang.engine.submissions.models import Submission

# sheet, row, column, raw, value, field, item
Line = list[tuple[str, int, int, Any, Any, str, str]]


class Places:
    """Which unit a line speaks of: the commune it names, else the province of whoever sends it."""

    def __init__(self, submission: Submission, contract: SheetContract) -> None:
        self.submission, self.contract = submission, contract
        self.column = next((n for n in contract.key if contract.columns[n].type == "place"), "")
        day = submission.when.last_day if submission.when else clock.local(submission.received_at).date()
        self.day, self.known = day, Place.objects.on(day)
        communes = self.known.filter(level=Place.Level.COMMUNE)
        self.communes = dict(communes.values_list("code", "pk")) if self.column else {}
        self._province: int | None = None

    def of(self, line: Line) -> int:
        if not self.column:
            return self.province
        code = next((str(value) for *_, value, field, _item in line if field == self.column), "")
        if code not in self.communes:
            words = _("Dòng %(row)d: không rõ xã, phường nào (mã “%(code)s”).")
            raise ValidationError(words % {"row": line[0][1], "code": code})
        return self.communes[code]

    @property
    def province(self) -> int:
        """That of the office, as it stood then. A code may have been another province's before a reform: what an office
        tells of such a month it tells for its own territory, and it stands at its own province.
        """
        if self._province is None:
            office, code = self.submission.office, self.contract.province
            place = office.place if office else None
            while place is not None and place.level != Place.Level.PROVINCE:
                place = place.parent
            provinces = self.known.filter(level=Place.Level.PROVINCE)
            if place:
                found = provinces.filter(code=place.code, name=place.name).first() or self._before(place)
            else:
                found = provinces.filter(code=code).first() if code else None
            if found is None:
                words = _("Chưa biết số liệu này của tỉnh nào: gắn địa bàn cho cơ quan “%(office)s”.")
                raise ValidationError(words % {"office": office or "—"})
            self._province = found.pk
        return self._province

    def _before(self, place: Place) -> Place | None:
        """A province that was made after the period: the months before are told for what it is made of."""
        return place if place.valid_from_date and place.valid_from_date > self.day else None
