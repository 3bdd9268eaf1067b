"""The page of a draft as a form: a field for everything that is proposed, errors beside the field they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haidang.engine.contracts.proposing.csv_file import ENDINGS as CSV
from haidang.engine.contracts.proposing.proposal import Figure, Proposal, ProposedColumn, ProposedItem
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.days import Period
from haidang.engine.contracts.sheets.definition import NUMERIC
from haidang.engine.contracts.sheets.numerals import read_number, vietnamese
from haidang.engine.people.models import Office
from haidang.engine.places.names import fold
from haidang.engine.submissions.forms import ENDINGS

LARGEST = 16 << 20
KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}\Z")
TYPES = (
    ("number", _("số thập phân")), ("whole", _("số nguyên")), ("percent", _("tỷ lệ %")), ("text", _("chữ hoặc mã")),
    ("place", _("xã, phường")), ("date", _("ngày")), ("choice", _("danh mục")), ("note", _("lời ghi")),
    ("order", _("số thứ tự")), ("unit", _("đơn vị tính của dòng")),
)  # fmt: skip
PERIODS = (("week", _("tuần")), ("month", _("tháng")), ("quarter", _("quý")), ("year", _("năm")))
DIRECTIONS = (
    ("up_is_good", _("tăng là tốt")),
    ("down_is_good", _("giảm là tốt")),
    ("neutral", _("không tốt không xấu")),
)
OVER_PLACES = (("sum", _("cộng")), ("mean", _("bình quân")), ("none", _("không cộng")))
OVER_TIME = (
    ("sum", _("cộng")),
    ("mean", _("bình quân")),
    ("last", _("lấy kỳ cuối")),
    ("none", _("không cộng")),
)
LEGAL_BASIS = _("Theo yêu cầu báo cáo của trung tâm điều hành")


class UploadForm(forms.Form):
    """A file nobody has described."""

    file = forms.FileField(
        label=_("Tệp Excel hoặc CSV"),
        widget=forms.FileInput(attrs={"accept": ",".join((*ENDINGS, *CSV))}),
        error_messages={
            "required": _("Chọn tệp của bạn, hoặc kéo tệp vào khung."),
            "empty": _("Tệp rỗng. Mở bằng Excel, kiểm tra rồi lưu lại."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file = cast("UploadedFile", self.cleaned_data["file"])
        if not str(file.name).lower().endswith((*ENDINGS, *CSV)):
            words = gettext("“%(name)s” không phải tệp Excel hay CSV. Gửi tệp %(endings)s.")
            raise ValidationError(words % {"name": file.name, "endings": ", ".join((*ENDINGS, *CSV))})
        if (file.size or 0) > LARGEST:
            raise ValidationError(
                gettext("Tệp lớn hơn %(n)d MB. Giữ vài trăm dòng là đủ để lập hợp đồng.")
                % {"n": LARGEST >> 20}
            )
        return file


class Number(forms.CharField):
    """A number as people here write it; empty is none."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = read_number(text)
        if found.value is None or found.fault or found.unit:
            words = gettext(
                "“%(text)s” không rõ là số nào: viết liền, phẩy trước phần lẻ, như 200000 hoặc 0,5."
            )
            raise ValidationError(words % {"text": text})
        return float(found.value)


def shown(value: float | None) -> str:
    """A number to be edited: without points between thousands."""
    return "" if value is None else vietnamese(value).replace(".", "")


@dataclass(frozen=True, slots=True)
class ColumnFields:
    """One column of the page: what was proposed, and its fields by name."""

    proposed: ProposedColumn
    fields: dict[str, BoundField]


@dataclass(frozen=True, slots=True)
class ItemFields:
    proposed: ProposedItem
    fields: dict[str, BoundField]


def _choice(label: Any, choices: Sequence[tuple[str, Any]], value: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=value)


def _key(label: Any, value: str) -> forms.CharField:
    return forms.RegexField(
        KEY, label=label, initial=value, max_length=40,
        error_messages={"invalid": _("Chỉ dùng chữ thường không dấu, chữ số và _, bắt đầu bằng chữ.")},
    )  # fmt: skip


def _text(label: Any, value: str = "", *, required: bool = True, most: int = 150) -> forms.CharField:
    return forms.CharField(label=label, initial=value, required=required, max_length=most)


def _check(label: Any, *, value: bool) -> forms.BooleanField:
    return forms.BooleanField(label=label, initial=value, required=False)


class DraftForm(forms.Form):
    """Fields `c3-…` are of the column with index 3, `i3-…` of the third line that is an indicator."""

    def __init__(self, data: Any = None, *, proposal: Proposal) -> None:
        super().__init__(data)
        self.proposal = proposal
        self._of_domain()
        self._of_contract()
        for column in proposal.columns:
            self._of_column(column)
        for number, item in enumerate(proposal.items):
            self._of_item(number, item)

    # --- fields -------------------------------------------------------------------------------------------
    def _of_domain(self) -> None:
        found, add = self.proposal, self.fields.__setitem__
        add("domain", _key(_("Khóa lĩnh vực"), found.domain))
        add("domain_title", _text(_("Tên lĩnh vực"), found.title.vi))
        add("domain_title_en", _text(_("Lĩnh vực, tiếng Anh"), required=False))
        offices = [("", _("— chọn —")), *Office.objects.order_by("sort_key").values_list("code", "name")]
        add("office", _choice(_("Cơ quan gửi"), offices, ""))
        add("legal_basis", _text(_("Căn cứ"), str(LEGAL_BASIS), most=300))

    def _of_contract(self) -> None:
        found, add = self.proposal, self.fields.__setitem__
        add("contract", _key(_("Khóa hợp đồng"), found.contract))
        add("title", _text(_("Tên hợp đồng"), found.title.vi, most=200))
        add("title_en", _text(_("Hợp đồng, tiếng Anh"), required=False, most=200))
        add("period", _choice(_("Kỳ"), PERIODS, found.period))
        add("sample_period", _text(_("Kỳ của tệp này"), found.sample_period, most=10))
        due = forms.IntegerField(
            label=_("Hạn, ngày sau kỳ"), initial=found.due_days, min_value=0, max_value=366
        )
        add("due_days", due)
        province = forms.RegexField(
            r"^\d\d\Z", label=_("Mã tỉnh"), initial=found.province, max_length=2,
            error_messages={"invalid": _("Mã tỉnh có hai chữ số, như 80.")},
        )  # fmt: skip
        add("province", province)
        if found.lines == "items":
            numeric = [
                (one.key, one.title.vi) for one in found.columns if one.is_numeric and one.type != "percent"
            ]
            main = next(
                (key for key, _title in numeric if self._is_main(key)), numeric[0][0] if numeric else ""
            )
            add("value_column", _choice(_("Cột là số của kỳ"), numeric, main))

    def _is_main(self, key: str) -> bool:
        column = self.proposal.column(key)
        return bool(column and column.figure and column.figure.pick)

    def _of_column(self, one: ProposedColumn) -> None:
        types = [(key, word) for key, word in TYPES if key != "choice" or one.choices]
        made: dict[str, forms.Field] = {
            "use": _check(_("Dùng cột này"), value=one.use),
            "key": _key(_("Khóa"), one.key),
            "title": _text(_("Tên"), one.title.vi),
            "title_en": _text(_("Tên tiếng Anh"), one.title.en, required=False),
            "type": _choice(_("Kiểu"), types, one.type),
            "unit": _text(_("Đơn vị"), one.unit, required=False, most=20),
            "in_key": _check(_("Thuộc khóa dòng"), value=one.in_key),
            "required": _check(_("Bắt buộc có"), value=one.required),
            "min": Number(label=_("Nhỏ nhất"), initial=shown(one.min), required=False, max_length=30),
            "max": Number(label=_("Lớn nhất"), initial=shown(one.max), required=False, max_length=30),
            "additive": _check(_("Dòng tổng phải khớp"), value=one.additive),
        }
        if one.figure and self.proposal.lines != "items":
            made |= _of_figure(one.figure)
        where = gettext("cột %(letter)s") % {"letter": one.letter}
        self._put(f"c{one.index}", where, made)

    def _of_item(self, number: int, item: ProposedItem) -> None:
        made: dict[str, forms.Field] = {
            "key": _key(_("Khóa"), item.key),
            "title": _text(_("Tên"), item.title.vi),
            "title_en": _text(_("Tên tiếng Anh"), item.title.en, required=False),
            "unit": _text(_("Đơn vị"), item.unit, required=False, most=20),
            "min": Number(label=_("Nhỏ nhất"), initial=shown(item.min), required=False, max_length=30),
            "max": Number(label=_("Lớn nhất"), initial=shown(item.max), required=False, max_length=30),
        }
        if item.figure:
            made |= _of_figure(item.figure)
        self._put(f"i{number}", gettext("dòng %(row)s") % {"row": item.row}, made)

    def _put(self, start: str, where: str, made: dict[str, forms.Field]) -> None:
        """A label says of which column it is: the summary of errors and screen readers show it alone."""
        for name, field in made.items():
            field.label = f"{field.label}, {where}"
            self.fields[f"{start}-{name}"] = field

    @property
    def columns(self) -> Iterator[ColumnFields]:
        for one in self.proposal.columns:
            yield ColumnFields(one, self._with(f"c{one.index}-"))

    @property
    def items_of_lines(self) -> Iterator[ItemFields]:
        for number, item in enumerate(self.proposal.items):
            yield ItemFields(item, self._with(f"i{number}-"))

    def _with(self, start: str) -> dict[str, BoundField]:
        return {name[len(start) :]: self[name] for name in self.fields if name.startswith(start)}

    # --- what was decided ---------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        from haidang.engine.drafts import deciding

        cleaned = super().clean() or {}
        try:
            period = Period.parse(cleaned.get("sample_period", ""))
            if period.kind != cleaned.get("period"):
                self.add_error(
                    "sample_period",
                    gettext("Kỳ này không phải là %(kind)s.") % {"kind": dict(PERIODS)[cleaned["period"]]},
                )
        except (ValueError, KeyError):
            self.add_error("sample_period", gettext("Viết kỳ như 2026-10, 2026-Q4, 2026-W47 hoặc 2026."))
        for name, words in deciding.faults(self):
            self.add_error(name, words)
        return cleaned

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def decided_proposal(self) -> Proposal:
        """The proposal with everything as it was decided."""
        made = msgspec.structs.replace(self.proposal)
        keys = {one.key: self.value(f"c{one.index}-key") for one in made.columns}
        made.columns = [self._column(one, keys) for one in made.columns]
        made.items = [self._item(number, item) for number, item in enumerate(made.items)]
        for name in ("domain", "contract", "period", "sample_period", "due_days", "province"):
            setattr(made, name, self.value(name))
        made.title = Text(self.value("title"), self.value("title_en") or "")
        made.item_column = keys.get(made.item_column, made.item_column)
        if made.lines != "items":
            naming = [one for one in made.columns if one.use and one.in_key]
            made.lines = "places" if [one.type for one in naming] == ["place"] else "names"
        return made

    def _column(self, one: ProposedColumn, keys: dict[str, str]) -> ProposedColumn:
        said = {
            name: self.value(f"c{one.index}-{name}")
            for name in ("use", "key", "type", "in_key", "required", "additive", "min", "max")
        }
        used = {other.key for other in self.proposal.columns if self.value(f"c{other.index}-use")}
        numeric = said["type"] in NUMERIC
        return msgspec.structs.replace(
            one, **said, title=Text(self.value(f"c{one.index}-title"), self.value(f"c{one.index}-title_en") or ""),
            aliases=_known_by(one.aliases, one.title.vi, self.value(f"c{one.index}-title")),
            unit=(self.value(f"c{one.index}-unit") or "") if numeric else "",
            parts=[keys[part] for part in one.parts] if numeric and set(one.parts) <= used else [],
            pattern=one.pattern if said["type"] == "text" else "",
            figure=self._figure(f"c{one.index}", one.figure) if numeric and said["use"] else None,
        )  # fmt: skip

    def _item(self, number: int, item: ProposedItem) -> ProposedItem:
        start = f"i{number}"
        return msgspec.structs.replace(
            item, key=self.value(f"{start}-key"), unit=self.value(f"{start}-unit") or "",
            title=Text(self.value(f"{start}-title"), self.value(f"{start}-title_en") or ""),
            aliases=_known_by(item.aliases, item.title.vi, self.value(f"{start}-title")),
            min=self.value(f"{start}-min"), max=self.value(f"{start}-max"), figure=self._figure(start, item.figure),
        )  # fmt: skip

    def _figure(self, start: str, figure: Figure | None) -> Figure | None:
        if figure is None or f"{start}-pick" not in self.fields:
            return None
        return msgspec.structs.replace(
            figure, pick=bool(self.value(f"{start}-pick")), direction=self.value(f"{start}-direction"),
            over_places=self.value(f"{start}-over_places"), over_time=self.value(f"{start}-over_time"),
        )  # fmt: skip


def _known_by(aliases: list[str], was: str, title: str) -> list[str]:
    """What the file calls a thing stays known when a person gives it another title."""
    return aliases if fold(was) == fold(title) or was in aliases else [*aliases, was]


def _of_figure(figure: Figure) -> dict[str, forms.Field]:
    return {
        "pick": _check(_("Thành chỉ tiêu"), value=figure.pick),
        "direction": _choice(_("Chiều tốt"), DIRECTIONS, figure.direction),
        "over_places": _choice(_("Gộp các nơi"), OVER_PLACES, figure.over_places),
        "over_time": _choice(_("Gộp các kỳ"), OVER_TIME, figure.over_time),
    }
