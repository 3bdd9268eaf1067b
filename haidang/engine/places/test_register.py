"""The dated register: what stood when, and what became of it."""

from collections import Counter
from datetime import date

import pytest
from django.db.models import Sum

from haidang.engine.places.models import Place, Succession
from haidang.engine.places.register import ensure_loaded, load_register

pytestmark = pytest.mark.usefixtures("register")
COMMUNE, PROVINCE = Place.Level.COMMUNE, Place.Level.PROVINCE


@pytest.mark.parametrize(
    ("day", "provinces", "kinds"),
    [
        (date(2025, 6, 30), 63, {"Xã": 7692, "Phường": 1726, "Thị trấn": 617}),
        (date(2025, 7, 1), 34, {"Phường": 687, "Xã": 2621, "Đặc khu": 13}),
        (date(2026, 4, 30), 34, {"Phường": 697, "Xã": 2611, "Đặc khu": 13}),
        (date(2026, 9, 20), 34, {"Phường": 709, "Xã": 2599, "Đặc khu": 13}),
    ],
)
def test_each_day_has_its_own_units(day: date, provinces: int, kinds: dict[str, int]) -> None:
    units = Place.objects.on(day)
    assert units.filter(level=PROVINCE).count() == provinces
    assert Counter(units.filter(level=COMMUNE).values_list("kind", flat=True)) == kinds


def test_districts_end_with_june_2025() -> None:
    assert Place.objects.on(date(2025, 6, 30)).filter(level=Place.Level.DISTRICT).count() == 696
    assert not Place.objects.on(date(2025, 7, 1)).filter(level=Place.Level.DISTRICT).exists()


def test_a_province_that_became_a_city_keeps_its_code_and_its_past() -> None:
    spans = Place.objects.filter(level=PROVINCE, code="75").order_by("valid_from_date")
    assert [str(span) for span in spans] == ["Tỉnh Đồng Nai", "Thành phố Đồng Nai", "Tỉnh Đồng Nai"]
    city = spans.get(kind="Thành phố")
    assert city.valid_from_date == date(2026, 4, 30)
    assert "30/2026/QH16" in city.basis
    assert spans.get(valid_from_date=date(2025, 7, 1)).valid_to_date == date(2026, 4, 29)


def test_a_commune_that_became_a_ward_has_two_spans_of_one_code() -> None:
    spans = Place.objects.filter(level=COMMUNE, code="26248", valid_from_date__isnull=False)
    old, new = spans.order_by("valid_from_date")
    assert (old.kind, old.valid_to_date, new.kind, new.valid_from_date) == (
        "Xã",
        date(2026, 4, 29),
        "Phường",
        date(2026, 4, 30),
    )
    assert old.parent is not None
    assert new.parent is not None
    assert (old.parent.kind, new.parent.kind) == ("Tỉnh", "Thành phố")


def test_codes_are_text_with_their_zeros() -> None:
    assert Place.objects.on(date(2026, 1, 1)).get(level=COMMUNE, code="00004").name == "Ba Đình"


def test_no_unit_but_a_province_is_without_parent() -> None:
    assert not Place.objects.exclude(level=PROVINCE).filter(parent=None).exists()


def test_63_provinces_became_34_whole() -> None:
    moved = Succession.objects.filter(old__level=PROVINCE)
    assert set(moved.values_list("share", flat=True)) == {1.0}
    tay_ninh = moved.filter(new__code="80").values_list("old__code", "old__name")
    assert set(tay_ninh) == {("72", "Tây Ninh"), ("80", "Long An")}


def test_the_shares_of_every_old_commune_sum_to_one() -> None:
    totals = Succession.objects.values("old").annotate(total=Sum("share")).values_list("total", flat=True)
    assert all(abs(total - 1) < 0.001 for total in totals)
    old_communes = Place.objects.filter(level=COMMUNE, valid_to_date=date(2025, 6, 30))
    assert not old_communes.filter(successors=None).exists()


def test_a_divided_commune_says_that_its_shares_are_estimates() -> None:
    divided = Succession.objects.filter(share__lt=1)
    assert divided.exists()
    assert not divided.filter(is_estimate=False).exists()
    assert not Succession.objects.filter(share=1, is_estimate=True).exists()
    assert set(divided.values_list("basis", flat=True)) == {"ước: phần chính tính gấp đôi mỗi phần khác"}


def test_two_old_wards_of_one_name_go_each_to_their_own_city() -> None:
    wards = Succession.objects.filter(old__name="Phường 4", new__parent__code="80")
    by_city = {str(one.old.parent): one.new.name for one in wards.select_related("old__parent", "new")}
    assert by_city == {"Thành phố Tân An": "Long An", "Thành phố Tây Ninh": "Tân Ninh"}
    assert set(wards.values_list("share", flat=True)) == {1.0}


def test_loading_again_changes_nothing_and_keeps_ids() -> None:
    before = Place.objects.get(level=COMMUNE, code="20333", valid_to_date=None).pk
    assert ensure_loaded().was_current
    again = load_register()
    assert again.places == Place.objects.count()
    assert Place.objects.get(level=COMMUNE, code="20333", valid_to_date=None).pk == before


def test_the_archipelagos_are_units_of_their_provinces() -> None:
    for code, name, province in (("20333", "Hoàng Sa", "48"), ("22736", "Trường Sa", "56")):
        unit = Place.objects.on(date(2026, 11, 1)).select_related("parent").get(level=COMMUNE, code=code)
        assert unit.parent is not None
        assert (unit.kind, unit.name, unit.parent.code) == ("Đặc khu", name, province)
