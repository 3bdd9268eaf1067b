"""Forms of reports: make one now, and send one by schedule."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.boards.mapping import province_code
from haidang.engine.contracts.sheets.days import Period, PeriodName
from haidang.engine.people.models import Person
from haidang.engine.places.choosing import CommuneField
from haidang.engine.reports.models import FormChoice, Schedule
from haidang.engine.reports.pages import subjects, weekday
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions.wording import period_words

WHERE = _("Gõ tên, không dấu cũng được, hoặc mã. Để trống: toàn tỉnh.")
# How far back the list of periods goes; what is older is reached by its code in the address.
OFFERED: dict[PeriodName, int] = {"month": 36, "quarter": 12, "year": 10, "week": 26}


def periods_offered() -> list[tuple[str, Any]]:
    """The newest number, or a period that is over or runs: months first, then what is made of them, then weeks."""
    heads: dict[PeriodName, str] = {
        "month": gettext("Tháng"),
        "quarter": gettext("Quý"),
        "year": gettext("Năm"),
        "week": gettext("Tuần"),
    }
    day = clock.today()
    groups = [
        (heads[kind], [(one.code, period_words(one)) for one in owed.back(owed.holding(kind, day), count)])
        for kind, count in OFFERED.items()
    ]
    return [("", gettext("Số mới nhất")), *groups]


class PeriodField(forms.ChoiceField):
    """Cleaned to the code of a period; also of one older than the list offers."""

    default_error_messages: ClassVar = {
        "invalid_choice": _("“%(value)s” không phải một kỳ: viết 2026-10, 2026-Q4 hay 2026.")
    }

    def valid_value(self, value: str) -> bool:
        try:
            return bool(Period.parse(value))
        except ValueError:
            return False

    def clean(self, value: Any) -> str:
        found = str(super().clean(str(value or "").strip()))
        return Period.parse(found).code if found else ""


class MakeForm(forms.Form):
    """What, of where and when, as which file."""

    address = forms.ChoiceField(label=_("Nội dung"), choices=subjects)
    period = PeriodField(label=_("Kỳ"), required=False, choices=periods_offered)
    unit = CommuneField(province=province_code, label=_("Xã, phường"), required=False, help_text=WHERE)
    form = forms.ChoiceField(
        label=_("Dạng tệp"), choices=FormChoice.choices, widget=forms.RadioSelect, initial="pdf"
    )


class People(forms.ModelMultipleChoiceField):
    """Colleagues by name and office; their addresses are nobody's business here."""

    def label_from_instance(self, obj: Person) -> str:
        return f"{obj.name}, {obj.office.short_name}" if obj.office else obj.name


class ScheduleForm(forms.ModelForm):
    """A schedule as its owner writes it."""

    address = forms.ChoiceField(label=_("Nội dung"), choices=subjects)
    unit = CommuneField(province=province_code, label=_("Xã, phường"), required=False, help_text=WHERE)
    weekday = forms.TypedChoiceField(label=_("Ngày trong tuần"), coerce=int, required=False, empty_value="")
    recipients = People(
        label=pgettext_lazy("addressee", "Người nhận"),
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
            "form": _("Dạng tệp"),
            "cycle": _("Chu kỳ"),
            "hour": _("Giờ gửi"),
            "days_after": _("Số ngày làm việc sau hạn nộp"),
            "by_mail": _("Gửi cả qua thư điện tử"),
        }
        help_texts = {  # noqa: RUF012
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
