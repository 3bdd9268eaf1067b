"""Forms of conclusions and documents: the paper, and a row for each task."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haidang.engine import clock
from haidang.engine.contracts.tree import Tree
from haidang.engine.incidents import days
from haidang.engine.incidents.forms import FARTHEST, ROWS
from haidang.engine.incidents.models import Conclusion
from haidang.engine.people.models import Office
from haidang.engine.people.rights import within
from haidang.engine.said import either
from haidang.engine.store.content import standing_tree

if TYPE_CHECKING:
    from haidang.engine.people.models import Person

DAYS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
ROWS_AT_FIRST, ROWS_MORE, ROWS_MOST = 3, 3, 40
# i18n: data – as people type it
_TERM = re.compile(r"(\d{1,3})\s*(ngày|ngay|d|days?)?( làm việc)?", re.IGNORECASE)


class ConclusionForm(forms.Form):
    """Number, date, signer, what it is about, and the signed file."""

    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=Conclusion.Kind.choices)
    code = forms.CharField(
        label=_("Số, ký hiệu"), max_length=60, widget=forms.TextInput(attrs={"autofocus": True})
    )
    dated_on = forms.DateField(
        label=_("Ngày ký"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"inputmode": "numeric", "maxlength": 10}, format="%d/%m/%Y"),
        error_messages={"invalid": _("Ngày viết như 28/11/2026.")},
    )
    signer = forms.CharField(label=_("Người ký"), max_length=150)
    office = forms.ModelChoiceField(
        label=_("Cơ quan ban hành"), queryset=Office.objects.none(), empty_label=_("chọn cơ quan…")
    )
    domain = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    title = forms.CharField(label=_("Trích yếu"), max_length=300, widget=forms.Textarea(attrs=ROWS))
    file = forms.FileField(
        label=_("Bản ký (PDF hoặc ảnh)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["office"]).queryset = Office.objects.order_by("sort_key")
        field = cast("forms.ChoiceField", self.fields["domain"])
        field.choices = [("", gettext("nhiều lĩnh vực")), *_domains(standing_tree())]
        if not self.is_bound:
            self.initial.setdefault("dated_on", f"{clock.local(clock.now()):%d/%m/%Y}")


def _domains(tree: Tree) -> list[tuple[str, str]]:
    domains = {name: entry.thing.title for name, entry in sorted(tree.domains.items())}
    return [(name, either(title.vi, title.en)) for name, title in domains.items()]


class TaskForm(forms.Form):
    """One task. A row left empty is none."""

    text = forms.CharField(label=_("Việc phải làm"), max_length=300, widget=forms.Textarea(attrs=ROWS))
    office = forms.ModelChoiceField(
        label=_("Chủ trì"), queryset=Office.objects.none(), empty_label=_("chọn cơ quan…")
    )
    helpers = forms.ModelMultipleChoiceField(
        label=_("Phối hợp"),
        queryset=Office.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 3}),
    )
    due = forms.CharField(
        label=_("Hạn"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("ngày 15/12/2026, hoặc số ngày làm việc: 10"),
    )
    needs_proof = forms.BooleanField(label=_("phải có minh chứng"), required=False, initial=True)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Office.objects.filter(within(person, "order.issue", office="pk")).order_by("sort_key")
        cast("forms.ModelChoiceField", self.fields["office"]).queryset = mine
        every = Office.objects.order_by("sort_key")
        cast("forms.ModelMultipleChoiceField", self.fields["helpers"]).queryset = every

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "due" in data:
            office = data.get("office")
            try:
                data["deadline_at"] = due_at(data["due"], office.code if office else "")
            except ValidationError as error:
                self.add_error("due", error)
        return data

    def task(self) -> dict[str, Any]:
        """As `conclusion_actions.assign` takes it."""
        data = self.cleaned_data
        return {name: data[name] for name in ("text", "office", "deadline_at", "needs_proof")} | {
            "helpers": list(data["helpers"])
        }


def due_at(text: str, office_code: str = "") -> datetime:
    """The last minute of a day, or of a term in working days of that office; raises ValidationError."""
    now = clock.now()
    term = _TERM.fullmatch(text.strip())
    if term and int(term[1]) > 0:
        return days.end_of(days.day_after(now, int(term[1]), office_code))
    day = _day(text.strip())
    if day is None:
        raise ValidationError(gettext("Hạn viết như 15/12/2026, hoặc số ngày làm việc như 10."))
    if day < clock.local(now).date():
        raise ValidationError(gettext("Hạn %(day)s đã qua.") % {"day": f"{day:%d/%m/%Y}"})
    if day > clock.local(now + FARTHEST).date():
        raise ValidationError(
            gettext("Hạn %(day)s xa hơn một năm. Xem lại ngày.") % {"day": f"{day:%d/%m/%Y}"}
        )
    return days.end_of(day)


def _day(text: str) -> date | None:
    for form in DAYS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=clock.LOCAL).date()
        except ValueError:
            continue
    return None


class _Tasks(forms.BaseFormSet):
    def tasks(self) -> list[dict[str, Any]]:
        return [form.task() for form in self.forms if form.has_changed()]


def task_rows(person: Person, data: Any = None, rows: int = ROWS_AT_FIRST) -> _Tasks:
    """Rows for tasks; with `data` as they were sent."""
    made = forms.formset_factory(
        TaskForm, formset=_Tasks, extra=rows, max_num=ROWS_MOST, absolute_max=ROWS_MOST
    )
    return cast("_Tasks", made(data, prefix="viec", form_kwargs={"person": person}))
