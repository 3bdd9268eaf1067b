"""Forms of incidents and orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.alarms.models import Alarm
from haidang.engine.incidents.models import Incident, Order
from haidang.engine.incidents.procedure import procedures
from haidang.engine.people.models import Office, Person
from haidang.engine.places.models import Place

ROWS = {"rows": 2}
FARTHEST = timedelta(days=366)


class Apart(forms.Form):
    """One of several forms of a page: its fields have ids of their own, so that labels and errors meet them."""

    part = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.part}-%s")
        super().__init__(*args, **kwargs)


class IncidentForm(forms.Form):
    """Opened by hand: after a call, a report, something seen on a camera."""

    title = forms.CharField(
        label=_("Việc gì xảy ra"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    priority = forms.TypedChoiceField(label=_("Mức"), choices=Alarm.Priority.choices, coerce=int, initial=2)
    place = forms.ModelChoiceField(
        label=_("Xã, phường"), queryset=Place.objects.none(), required=False, empty_label=_("chưa rõ")
    )
    place_text = forms.CharField(label=_("Chỗ cụ thể"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = Place.objects.filter(level=Place.Level.COMMUNE, valid_to_date=None)
        here = set(Office.objects.exclude(place=None).values_list("place__parent_id", flat=True)) - {None}
        field = cast("forms.ModelChoiceField", self.fields["place"])
        # Of the province whose offices are registered here; without one, of the whole country.
        field.queryset = (communes.filter(parent__in=here) if here else communes).order_by("sort_key")


class OrderForm(forms.Form):
    """An order: to whom, what, by when, shown by what."""

    office = forms.ModelChoiceField(
        label=_("Giao cho"),
        queryset=Office.objects.none(),
        empty_label=_("chọn cơ quan…"),
        widget=forms.Select(attrs={"data-hotkey": "F6", "data-hotkey-label": _("Giao lệnh")}),
    )
    addressee = forms.ModelChoiceField(
        label=pgettext_lazy("addressee", "Người nhận"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("cả cơ quan"),
    )
    text = forms.CharField(label=_("Việc phải làm"), max_length=300, widget=forms.Textarea(attrs=ROWS))
    # Not type="date" and "time": browsers write them by their own locale, and an order must not say 07:11 PM.
    deadline_day = forms.DateField(
        label=_("Hạn, ngày"),
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput(
            attrs={"inputmode": "numeric", "maxlength": 10, "autocomplete": "off"}, format="%d/%m/%Y"
        ),
        error_messages={"invalid": _("Ngày viết như 28/11/2026.")},
    )
    deadline = forms.TimeField(
        label=_("Hạn, giờ:phút"),
        input_formats=["%H:%M", "%Hh%M", "%H.%M", "%H%M"],
        widget=forms.TimeInput(
            attrs={"inputmode": "numeric", "maxlength": 5, "autocomplete": "off"}, format="%H:%M"
        ),
        error_messages={"invalid": _("Giờ viết như 15:05.")},
    )
    needs = forms.CharField(
        label=_("Cần có khi xong, mỗi dòng một thứ"), required=False, widget=forms.Textarea(attrs=ROWS)
    )
    needs_proof = forms.BooleanField(label=_("phải có ảnh hoặc tệp minh chứng"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = cast("forms.ModelChoiceField", self.fields["office"])
        people = cast("forms.ModelChoiceField", self.fields["addressee"])
        offices.queryset = Office.objects.order_by("sort_key")
        people.queryset = Person.objects.filter(is_active=True).exclude(office=None).order_by("sort_key")
        if not self.is_bound:
            later = clock.local(clock.now() + timedelta(minutes=30))
            self.initial.setdefault("deadline_day", f"{later:%d/%m/%Y}")
            self.initial.setdefault("deadline", f"{later:%H:%M}")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, hour = data.get("deadline_day"), data.get("deadline")
        if day is None or hour is None:
            return data
        now = clock.local(clock.now())
        due = datetime.combine(day, hour, tzinfo=clock.LOCAL)
        told = {"due": f"{due:%H:%M %d/%m/%Y}", "now": f"{now:%H:%M}"}
        if due <= now:
            # Never quietly tomorrow: whoever types an hour that is over has mistaken the hour or the day.
            words = gettext("Hạn %(due)s đã qua, bây giờ là %(now)s. Chọn giờ muộn hơn, hoặc đổi ngày.")
            self.add_error("deadline", words % told)
        elif due > now + FARTHEST:
            self.add_error("deadline_day", gettext("Hạn %(due)s xa hơn một năm. Xem lại ngày.") % told)
        data["deadline_at"] = due
        return data


class ReissueForm(OrderForm):
    """The same order to another office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "needs", "needs_proof"):
            del self.fields[name]
        del self.fields["office"].widget.attrs["data-hotkey"]


class ExtensionForm(OrderForm):
    """Until when an order is asked to last, and why."""

    reason = forms.CharField(label=_("Lý do"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("office", "addressee", "text", "needs", "needs_proof"):
            del self.fields[name]
        self.fields["deadline"].initial = "23:59"
        if not self.is_bound:
            self.initial = {"deadline": "23:59"}


class NoteForm(Apart):
    part = "note"
    text = forms.CharField(
        label=_("Nội dung"),
        max_length=2000,
        widget=forms.Textarea(
            attrs={**ROWS, "data-hotkey": "KeyW", "data-hotkey-label": _("Ghi vào dòng thời gian")}
        ),
    )
    decided_by = forms.CharField(
        label=_("Ai quyết định"),
        max_length=150,
        required=False,
        help_text=_("điền tên thì dòng này là quyết định"),
    )


class StepForm(Apart):
    """What became of a step: a word about it, the order whose proof shows it, or why it is not needed."""

    part = "step"
    note = forms.CharField(label=_("Ghi chú của bước"), max_length=300, required=False)
    order = forms.ModelChoiceField(
        label=_("Lệnh có minh chứng"),
        queryset=Order.objects.none(),
        required=False,
        empty_label=_("minh chứng của lệnh…"),
        widget=forms.Select(attrs={"class": "input"}),
    )
    skip = forms.BooleanField(required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["order"])
        proven = Order.objects.filter(incident=incident, proofs__isnull=False).distinct()
        field.queryset = proven.select_related("incident").order_by("number")


class JoinForm(Apart):
    """One more alarm for this incident."""

    part = "join"
    alarm = forms.ModelChoiceField(
        label=_("Gắn thêm báo động"),
        queryset=Alarm.objects.none(),
        error_messages={"invalid_choice": _("Báo động này không có hoặc bạn không xem được.")},
    )

    def __init__(self, *args: Any, alarms: QuerySet[Alarm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["alarm"]).queryset = alarms


class CloseForm(Apart):
    """`is_standing` and its reason are asked only while an alarm of the incident still stands."""

    part = "close"
    note = forms.CharField(label=_("Kết quả"), max_length=2000, widget=forms.Textarea(attrs=ROWS))
    is_standing = forms.BooleanField(label=_("Đóng dù báo động chưa hết"), required=False)
    why_standing = forms.CharField(label=_("Vì sao vẫn đóng"), max_length=300, required=False)


class CommandForm(Apart):
    part = "command"
    commander = forms.ModelChoiceField(label=_("Chỉ huy"), queryset=Person.objects.none())
    priority = forms.TypedChoiceField(label=_("Mức"), choices=Alarm.Priority.choices, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["commander"])
        roles = ("leader", "duty_chief", "operator")
        field.queryset = (
            Person.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("sort_key")
        )


class ProcedureForm(Apart):
    part = "follow"
    procedure = forms.ChoiceField(label=_("Quy trình"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["procedure"])
        field.choices = [(address, found.heading) for address, found in sorted(procedures().items())]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=500)


class ReportForm(Apart):
    part = "report"
    text = forms.CharField(label=_("Tình hình"), max_length=500)


class FinishForm(Apart):
    part = "finish"
    note = forms.CharField(
        label=_("Kết quả"), max_length=1000, required=False, widget=forms.Textarea(attrs=ROWS)
    )


class ProofForm(forms.Form):
    """`capture` opens the camera of a phone; a desk offers its files."""

    file = forms.FileField(
        label=_("Ảnh hoặc tệp"),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "capture": "environment"}
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError(gettext("Tệp rỗng. Chọn lại ảnh hoặc tệp."))
        return file
