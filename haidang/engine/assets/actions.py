"""Decisions about what sources speak about."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haidang.engine.assets import file_names
from haidang.engine.assets.models import Asset
from haidang.engine.audit.actions import record
from haidang.engine.people.models import Office, Person
from haidang.engine.places.locating import place_at
from haidang.engine.places.models import Place
from haidang.engine.places.names import fold, vn_sort_key

_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")


@transaction.atomic
def register_station(
    *,
    code: str,
    name: str,
    kind: str,
    lat: float,
    lon: float,
    domain: str = "environment",
    place: Place | None = None,
    office: Office | None = None,
    file_name_pattern: str | None = None,
    is_demo: bool | None = None,
    by: Person | None = None,
) -> tuple[Asset, bool]:
    """Register a station or change a registered one; (station, whether it is new).

    What is None stays as it was; the place follows the coordinates unless one is given. What was refused because
    nobody knew the station can be replayed afterwards.
    """
    known = _known(code, name, lat, lon)
    if file_name_pattern:
        others = Asset.objects.exclude(code=code).filter(is_active=True)
        patterns = dict(others.values_list("code", "file_name_pattern"))
        if why := file_names.why_refused(file_name_pattern, code, patterns):
            raise ValidationError(why)
    values = {
        "name": name,
        "kind": kind,
        "domain": domain,
        "lat": lat,
        "lon": lon,
        "folded": fold(f"{code} {name}")[:260],
        "sort_key": vn_sort_key(name),
        "is_active": True,
    }
    given = {"office": office, "file_name_pattern": file_name_pattern, "is_demo": is_demo}
    values |= {key: value for key, value in given.items() if value is not None}
    if place is not None:
        values["place"] = place
    elif known is None or known.place is None or (known.lat, known.lon) != (lat, lon):
        values["place"] = place_at(lat, lon)
    asset, created = Asset.objects.update_or_create(code=code, defaults=values)
    record(
        person=by,
        actor="" if by else "haidang station",
        verb="station.register",
        object=asset,
        detail={"name": name, "kind": kind, "new": created},
    )
    return asset, created


def _known(code: str, name: str, lat: float, lon: float) -> Asset | None:
    """The station as it is registered now. Raises ValidationError where this one could not be told from others."""
    if not _CODE.fullmatch(code):
        raise ValidationError(_("Mã trạm “%s” chỉ được gồm chữ, số, - và _, tối đa 60 ký tự.") % code)
    if not 1 <= len(name.strip()) <= 200:
        raise ValidationError(_("Tên trạm phải có từ 1 đến 200 ký tự."))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValidationError(
            _("Tọa độ %(lat)s, %(lon)s không có trên Trái Đất: vĩ độ từ -90 đến 90, kinh độ từ -180 đến 180.")
            % {"lat": lat, "lon": lon}
        )
    alike = list(Asset.objects.filter(code__iexact=code))
    known = next((asset for asset in alike if asset.code == code), None)
    if alike and known is None:
        raise ValidationError(
            _("Đã có trạm %(known)s, chỉ khác “%(code)s” ở chữ hoa, chữ thường: dùng đúng mã đó.")
            % {"known": alike[0].code, "code": code}
        )
    return known
