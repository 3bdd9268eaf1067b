"""Forms of the desk for files: hand in, explain, send back, take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.connectors.arrival import BODY_BYTES
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.people.masking import PURPOSES
from haidang.engine.submissions import periods_owed as owed
from haidang.engine.submissions.shelf import Way
from haidang.engine.submissions.wording import period_words

# As `contracts.sheets.book` reads them, by what is in them; pages and how-tos name the same.
ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")
OFFERED = 13


class HandInForm(forms.Form):
    """A file for one period of the contract the page was opened for."""

    period = forms.ChoiceField(label=_("Kỳ số liệu"))
    file = forms.FileField(
        label=_("Tệp Excel"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": _("Chọn tệp Excel của bạn, hoặc kéo tệp vào khung."),
            "empty": _("Tệp rỗng. Mở bằng Excel, kiểm tra rồi lưu lại."),
        },
    )

    # What the page says of files.
    endings = ", ".join(ENDINGS)
    most_mb = BODY_BYTES >> 20

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["period"])
        if way.terms.period == "none":
            del self.fields["period"]
        else:
            field.choices = [(one.code, period_words(one)) for one in periods_offered(way.terms)]

    def clean_file(self) -> UploadedFile:
        file = cast("UploadedFile", self.cleaned_data["file"])
        if not str(file.name).lower().endswith(ENDINGS):
            words = gettext("“%(name)s” không phải tệp Excel. Gửi tệp %(endings)s.")
            raise ValidationError(words % {"name": file.name, "endings": ", ".join(ENDINGS)})
        if (file.size or 0) > BODY_BYTES:
            words = gettext("Tệp lớn hơn %(n)d MB. Bỏ hình ảnh và trang thừa rồi gửi lại.")
            raise ValidationError(words % {"n": BODY_BYTES >> 20})
        return file


def periods_offered(terms: SheetContract) -> Sequence[Period]:
    """The present period and those before it, the newest first."""
    return owed.back(owed.present(terms, clock.today()), OFFERED)


class PeriodForm(forms.Form):
    """Which period a file is for that came without one. None is proposed: it is somebody's own word."""

    period = forms.ChoiceField(label=_("Kỳ số liệu"))
    why = forms.CharField(
        label=_("Vì sao là kỳ này"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, terms: SheetContract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["period"])
        field.choices = [("", "—"), *((one.code, period_words(one)) for one in periods_offered(terms))]


class ExplainForm(forms.Form):
    text = forms.CharField(label=_("Giải trình"), max_length=500)


class SendBackForm(forms.Form):
    why = forms.CharField(label=_("Vì sao trả lại"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("Vì sao rút"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RevealForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Mục đích xem"), choices=[("", "—"), *PURPOSES])
