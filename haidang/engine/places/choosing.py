"""A commune chosen by its name, typed with or without tones and offered as one types; kept by its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haidang.engine import clock
from haidang.engine.places.models import Place
from haidang.engine.places.names import comparable, fold

NAMED = 5


class CommuneInput(forms.TextInput):
    """A field of text with a list beside it. Browsers look into the value and the words behind it, and the latter are
    without tones: whoever types none finds it without a script.
    """

    offered: Callable[[], Mapping[str, Place]]

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        about = attrs or {}
        listed = f"{about.get('id', name)}-offered"
        box = super().render(name, value, {**about, "list": listed, "autocomplete": "off"}, renderer)
        rows = ((title, f"{fold(str(one))} {one.code}") for title, one in self.offered().items())
        options = format_html_join("", '<option value="{}">{}</option>', rows)
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


class CommuneField(forms.CharField):
    """Cleaned to the code of a commune of today's province; empty for none. `province` gives the province's code."""

    def __init__(self, *, province: Callable[[], str], **options: Any) -> None:
        self.province = province
        super().__init__(widget=CommuneInput(), **{"max_length": 120, **options})

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        # Forms copy their fields: the list is asked of the copy that is shown.
        self.widget.offered = self.offered
        return super().get_bound_field(form, field_name)

    def offered(self) -> dict[str, Place]:
        """What is typed for each; a name that stands twice has its code behind it."""
        units = list(Place.objects.communes_of(self.province(), clock.today()))
        often = Counter(str(one) for one in units)
        return {f"{one} ({one.code})" if often[str(one)] > 1 else str(one): one for one in units}

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.isdecimal():
            return value
        return next((title for title, one in self.offered().items() if one.code == value), value)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        return self._found(text).code if text else ""

    def _found(self, text: str) -> Place:
        offered = self.offered()
        wanted, typed = fold(text), comparable(text)
        for those in (
            [one for title, one in offered.items() if text in (title, one.code)],
            [one for one in offered.values() if typed in (comparable(str(one)), comparable(one.name))],
            [one for one in offered.values() if wanted in (fold(str(one)), fold(one.name))],
            [one for one in offered.values() if wanted in fold(str(one))],
        ):
            if len(those) == 1:
                return those[0]
            if those:
                names = ", ".join(f"{one} ({one.code})" for one in those[:NAMED])
                said = _("“%(text)s” có thể là nhiều nơi: %(names)s. Gõ đủ tên hoặc mã.")
                raise ValidationError(said % {"text": text, "names": names})
        raise ValidationError(
            _("Không tìm thấy xã, phường nào là “%(text)s”. Gõ tên, không dấu cũng được, hoặc mã.")
            % {"text": text}
        )
