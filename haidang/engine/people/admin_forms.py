"""Forms of the administration pages. They check shapes; what may be decided is checked by `actions`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from haidang.engine import clock
from haidang.engine.people.masking import PURPOSES
from haidang.engine.people.models import Office, Person, Role
from haidang.engine.people.verbs import VERBS
from haidang.engine.places.models import Place


class OfficeChoice(forms.ModelChoiceField):
    """One office, indented by its depth in the tree."""

    def __init__(self, *, label: Any, required: bool = False, empty: Any = None) -> None:
        super().__init__(
            queryset=Office.objects.order_by("sort_key"),
            label=label,
            required=required,
            empty_label=empty or gettext_lazy("— không —"),
        )

    def label_from_instance(self, obj: Office) -> str:
        return f"{obj.name} ({obj.code})"


class PlaceCode(forms.CharField):
    """A province or commune by its code; empty means everywhere."""

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        place = Place.objects.on(clock.local(clock.now()).date()).filter(code=code).first()
        if place is None:
            raise ValidationError(_("Không có đơn vị hành chính mang mã “%(code)s”.") % {"code": code})
        return place


def domains() -> list[tuple[str, Any]]:
    """The domains of this centre: ours and the province's own."""
    roots = [Path(settings.PACKAGE) / "domains", *settings.HAIDANG_DOMAINS]
    names = sorted({file.parent.name for root in roots for file in root.glob("*/domain.yml")})
    return [("", _("mọi lĩnh vực")), *((name, name) for name in names)]


def roles() -> list[tuple[str, Any]]:
    """Nothing is chosen beforehand: the first of the list is the most powerful."""
    return [("", _("— chọn —")), *Role.choices]


# --- people --------------------------------------------------------------------------------------------------
class PersonForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=150)
    title = forms.CharField(label=gettext_lazy("Chức danh"), max_length=150, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Điện thoại"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = OfficeChoice(label=gettext_lazy("Cơ quan"))


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Vai trò"), choices=roles)
    place = PlaceCode(
        label=gettext_lazy("Giới hạn trong địa bàn"),
        required=False,
        help_text=gettext_lazy("Mã tỉnh hoặc xã; để trống là mọi nơi."),
    )
    domain = forms.ChoiceField(label=gettext_lazy("Giới hạn trong lĩnh vực"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = domains()  # type: ignore[attr-defined]
        everywhere = gettext_lazy("toàn tỉnh (cán bộ, tổ hiện trường: cơ quan của người đó)")
        self.fields["office"] = OfficeChoice(label=gettext_lazy("Giới hạn trong cơ quan"), empty=everywhere)
        self.order_fields(["role", "office", "place", "domain"])


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu mới"),
        help_text=gettext_lazy("Từ 10 ký tự. Đọc cho người đó nghe; người đó tự đổi sau khi đăng nhập."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class NewPersonForm(PersonForm):
    email = forms.EmailField(label=gettext_lazy("Địa chỉ e-mail"))
    role = forms.ChoiceField(label=gettext_lazy("Vai trò đầu tiên"), choices=roles)
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu ban đầu"),
        help_text=gettext_lazy("Từ 10 ký tự."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "email", "title", "phone", "office", "role", "password"])


class RevealForm(forms.Form):
    purpose = forms.ChoiceField(label=gettext_lazy("Mục đích xem"), choices=PURPOSES)


# --- offices -------------------------------------------------------------------------------------------------
class OfficeForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên cơ quan"), max_length=200)
    short_name = forms.CharField(label=gettext_lazy("Tên ngắn"), max_length=60, required=False)
    code = forms.SlugField(
        label=gettext_lazy("Mã"),
        max_length=40,
        help_text=gettext_lazy("Chữ không dấu, ví dụ so-nnmt."),
        error_messages={"invalid": gettext_lazy("Chỉ dùng chữ không dấu, số và dấu gạch nối.")},
    )
    place = PlaceCode(
        label=gettext_lazy("Mã đơn vị hành chính"),
        required=False,
        help_text=gettext_lazy("Tỉnh hoặc xã nơi cơ quan phụ trách."),
    )
    phone = forms.CharField(label=gettext_lazy("Điện thoại trực"), max_length=30, required=False)

    def __init__(self, *args: Any, office: Office | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = OfficeChoice(label=gettext_lazy("Trực thuộc"))
        self.order_fields(["name", "short_name", "code", "parent", "place", "phone"])
        if office is not None:
            self.fields["code"].disabled = True  # orders and files name it


# --- shifts --------------------------------------------------------------------------------------------------
class Moment(forms.DateTimeField):
    """Local date and time in the browser's own picker."""

    def __init__(self, *, label: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"])


def on_desk() -> Any:
    """People who can sit in a shift."""
    roles = (Role.DUTY_CHIEF, Role.OPERATOR, Role.LEADER)
    return Person.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("sort_key")


class ShiftForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên ca"), max_length=60, initial=gettext_lazy("Ca 1"))
    starts_at = Moment(label=gettext_lazy("Từ"))
    ends_at = Moment(label=gettext_lazy("Đến"))
    chief = forms.ModelChoiceField(label=gettext_lazy("Trực ban trưởng"), queryset=Person.objects.none())
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Trực ban viên"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone = forms.CharField(label=gettext_lazy("Máy trực"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chief", "members"):
            self.fields[name].queryset = on_desk()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", _("Ca phải kết thúc sau khi bắt đầu."))
        return data


class HandOverForm(forms.Form):
    chief = forms.ModelChoiceField(
        label=pgettext_lazy("addressee", "Người nhận"), queryset=Person.objects.none()
    )
    note = forms.CharField(
        label=gettext_lazy("Điều cần bàn giao"), max_length=500, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chief"].queryset = on_desk()  # type: ignore[attr-defined]


# --- log -----------------------------------------------------------------------------------------------------
class LogFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Tên, đối tượng"), required=False, max_length=80)
    verb = forms.ChoiceField(
        label=gettext_lazy("Việc"),
        required=False,
        choices=lambda: [("", "—"), *sorted(VERBS.items(), key=lambda verb: str(verb[1]))],
    )
    day = forms.DateField(
        label=gettext_lazy("Ngày"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
