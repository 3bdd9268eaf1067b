"""Forms of what people do with an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock

SPANS = (
    ("30", _("30 phút")),
    ("60", _("1 giờ")),
    ("120", _("2 giờ")),
    ("240", _("4 giờ")),
    ("480", _("một ca, 8 giờ")),
)


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Ghi chú"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ShelveForm(forms.Form):
    reason = forms.CharField(label=_("Lý do tạm gác"), max_length=500)
    minutes = forms.ChoiceField(label=_("Gác trong"), choices=SPANS, initial="60")

    def until(self) -> datetime:
        return clock.now() + timedelta(minutes=int(self.cleaned_data["minutes"]))


class ServiceForm(forms.Form):
    reason = forms.CharField(label=_("Lý do ngừng dùng"), max_length=500)
