"""Forms: ask for a connection, refuse it, try a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from haidang.engine.people.models import Office
from haidang.engine.people.rights import within
from haidang.engine.store.models import Source
from haidang.engine.submissions.forms import HandInForm
from haidang.engine.submissions.shelf import shelf

if TYPE_CHECKING:
    from haidang.engine.people.models import Person


class _Sources(forms.ModelChoiceField):
    """Named by their forms, as offices know them."""

    def label_from_instance(self, obj: Any) -> str:
        return shelf().title(shelf().sources[obj.address].contract)


class AskForm(forms.Form):
    office = forms.ModelChoiceField(
        label=_("Cơ quan đấu nối"), queryset=Office.objects.none(), empty_label=_("chọn cơ quan…")
    )
    source = _Sources(label=_("Nguồn số liệu"), queryset=Source.objects.none())
    reference = forms.CharField(
        label=_("Văn bản đề nghị"), max_length=120, required=False, help_text=_("số, ngày; nếu có")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = within(person, "source.manage", office="office")
        sources = Source.objects.filter(mine, address__in=shelf().sources, is_active=True).order_by("title")
        cast("forms.ModelChoiceField", self.fields["source"]).queryset = sources
        offices = Office.objects.filter(within(person, "source.manage", office="pk")).order_by("sort_key")
        cast("forms.ModelChoiceField", self.fields["office"]).queryset = offices


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("Lý do từ chối"), max_length=500)


class TryForm(HandInForm):
    """A file as it would be handed in, for one period."""
