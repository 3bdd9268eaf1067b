"""A commune is chosen by its name as people type it; where that says too little, nothing is guessed."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from haidang.engine.places.choosing import CommuneField

pytestmark = pytest.mark.usefixtures("register")
TAN_NINH = "25459"


class Asked(forms.Form):
    unit = CommuneField(province=lambda: "80", required=False)


@pytest.mark.parametrize(
    "typed", ["Phường Tân Ninh", "phuong tan ninh", "Tân Ninh", "tan ninh", TAN_NINH, " 25459 "]
)
def test_a_name_with_or_without_tones_and_the_code_lead_to_the_code(typed: str) -> None:
    form = Asked({"unit": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["unit"] == TAN_NINH


def test_the_empty_field_is_the_whole_province() -> None:
    form = Asked({"unit": ""})
    assert form.is_valid()
    assert form.cleaned_data["unit"] == ""


def test_what_may_be_several_is_asked_and_what_is_elsewhere_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"có thể là nhiều nơi: .+\(\d{5}\), "):
        CommuneField(province=lambda: "80").clean("tan")
    for elsewhere in ("Hoàng Sa", "99999"):
        with pytest.raises(ValidationError, match="Không tìm thấy"):
            CommuneField(province=lambda: "80").clean(elsewhere)


def test_the_field_offers_every_commune_with_toneless_words_and_shows_a_code_by_its_name() -> None:
    shown = str(Asked(initial={"unit": TAN_NINH})["unit"])
    assert 'value="Phường Tân Ninh"' in shown
    assert 'list="id_unit-offered"' in shown
    assert '<option value="Phường Tân Ninh">phuong tan ninh 25459</option>' in shown
    assert shown.count("<option") == 96
