"""Forms of reports: make one now, and send one by schedule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haidang.engine.contracts.sheets.days import Period
from haidang.engine.people.models import Person
from haidang.engine.reports.models import FormChoice, Schedule
from haidang.engine.reports.pages import subjects, weekday


class MakeForm(forms.Form):
    """What, of where and when, as which file."""

    address = forms.ChoiceField(label=_("Nội dung"), choices=subjects)
    period = forms.CharField(
        label=_("Kỳ"),
        required=False,
        max_length=10,
        help_text=_("Ví dụ 2026-10, 2026-Q4, 2026. Để trống: số mới nhất."),
    )
    unit = forms.CharField(
        label=_("Mã xã, phường"), required=False, max_length=12, help_text=_("Để trống: toàn tỉnh.")
    )
    form = forms.ChoiceField(
        label=_("Dạng tệp"), choices=FormChoice.choices, widget=forms.RadioSelect, initial="pdf"
    )

    def clean_period(self) -> str:
        code = str(self.cleaned_data["period"]).strip()
        if not code:
            return ""
        try:
            return Period.parse(code).code
        except ValueError:
            raise ValidationError(
                gettext("“%(code)s” không phải một kỳ: viết 2026-10, 2026-Q4 hay 2026.") % {"code": code}
            ) from None


class People(forms.ModelMultipleChoiceField):
    """Colleagues by name and office; their addresses are nobody's business here."""

    def label_from_instance(self, obj: Person) -> str:
        return f"{obj.name}, {obj.office.short_name}" if obj.office else obj.name


class ScheduleForm(forms.ModelForm):
    """A schedule as its owner writes it."""

    address = forms.ChoiceField(label=_("Nội dung"), choices=subjects)
    weekday = forms.TypedChoiceField(label=_("Ngày trong tuần"), coerce=int, required=False, empty_value="")
    recipients = People(
        label=_("Người nhận"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Mỗi người nhận bản theo quyền của chính mình lúc gửi; ai không được xem thì không nhận, và bạn được báo."
        ),
    )

    class Meta:
        model = Schedule
        fields = (
            "title",
            "address",
            "unit",
            "form",
            "cycle",
            "hour",
            "weekday",
            "days_after",
            "by_mail",
            "recipients",
        )
        labels = {  # noqa: RUF012 - Django reads a dictionary here
            "title": _("Tên lịch"),
            "unit": _("Mã xã, phường"),
            "form": _("Dạng tệp"),
            "cycle": _("Chu kỳ"),
            "hour": _("Giờ gửi"),
            "days_after": _("Số ngày làm việc sau hạn nộp"),
            "by_mail": _("Gửi cả qua thư điện tử"),
        }
        help_texts = {  # noqa: RUF012
            "unit": _("Để trống: toàn tỉnh."),
            "hour": _("Từ 0 đến 23, giờ Việt Nam."),
            "days_after": _("Chỉ dùng cho chu kỳ tháng, từ 0 đến 20."),
            "by_mail": _("Khi trung tâm đã đặt máy chủ thư. Bản trong hệ thống luôn có."),
        }
        widgets = {"form": forms.RadioSelect, "cycle": forms.RadioSelect}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekday"].choices = [(n, weekday(n)) for n in range(1, 8)]  # type: ignore[attr-defined]
        self.fields["weekday"].help_text = _("Chỉ dùng cho chu kỳ tuần.")
        people = Person.objects.filter(is_active=True).select_related("office").order_by("sort_key")
        self.fields["recipients"].queryset = people  # type: ignore[attr-defined]
        for name in ("form", "cycle"):
            # A radio of a model offers an empty choice first; one of these is always meant.
            field = self.fields[name]
            field.choices = [one for one in field.choices if one[0]]  # type: ignore[attr-defined]
        for name, (low, high) in {"hour": (0, 23), "days_after": (0, 20)}.items():
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label, help_text=self.fields[name].help_text, min_value=low, max_value=high,
                initial=self.fields[name].initial,
            )  # fmt: skip

    def clean_weekday(self) -> int:
        """Of other cycles nobody chooses one."""
        return int(self.cleaned_data["weekday"] or 1)
