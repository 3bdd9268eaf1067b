"""Forms on the page of a difference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haidang.engine.reconciliation.models import Difference

ROWS = {"rows": 3}


class TextForm(forms.Form):
    """Something said to the other side."""

    text = forms.CharField(label=_("Nội dung"), max_length=2000, widget=forms.Textarea(attrs=ROWS))

    def __init__(self, *args: Any, part: str, label: str = "", **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{part}-%s"
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class SettleForm(TextForm):
    """What holds, and why."""

    outcome = forms.ChoiceField(label=_("Kết luận"), choices=[], widget=forms.RadioSelect)
    field_order = ("outcome", "text")

    def __init__(self, *args: Any, difference: Difference, **kwargs: Any) -> None:
        super().__init__(*args, part="settle", label=gettext("Lý do"), **kwargs)
        words = gettext("số của %(source)s đúng")
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (Difference.Outcome.LEFT, words % {"source": difference.left_source}),
            (Difference.Outcome.RIGHT, words % {"source": difference.right_source}),
            (Difference.Outcome.BOTH, Difference.Outcome.BOTH.label),
        ]
