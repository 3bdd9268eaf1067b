"""What does not go together in a draft, said of the field that is to be changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haidang.engine.both import english, vietnamese
from haidang.engine.checks.texts import wrong
from haidang.engine.contracts.proposing.proposal import Proposal
from haidang.engine.contracts.proposing.terms import built, contract_of
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.sheets.definition import NUMERIC
from haidang.engine.drafts import placing
from haidang.engine.said import either

if TYPE_CHECKING:
    from haidang.engine.drafts.forms import DraftForm

Fault = tuple[str | None, str]


def faults(form: DraftForm) -> Iterator[Fault]:
    """Field (None: the whole) and what is wrong. Only of fields that hold by themselves."""
    found = form.proposal
    if domain := form.value("domain"):
        yield from _standing(form, domain)
    yield from _twice(form)
    yield from _not_vietnamese(form)
    for one in found.columns:
        if form.value(f"c{one.index}-use"):
            yield from _of_column(form, one.index)
    if found.lines == "items":
        yield from _of_items(form)
    else:
        yield from _of_lines(form)
    if not form.errors:
        yield from _of_contract(form, form.decided_proposal())


def _standing(form: DraftForm, domain: str) -> Iterator[Fault]:
    """A domain of the province's own takes a contract more; any other that is there is left alone."""
    if placing.taken(domain) is None:
        return
    if placing.own(domain) is None:
        words = _("Đã có lĩnh vực “%(name)s”: chọn khóa khác, tệp đang có không bị ghi đè.")
        yield "domain", words % {"name": domain}
        return
    names = placing.standing(domain)
    contract = form.value("contract")
    if {f"contracts/{contract}.yml", f"sources/{contract}_files.yml", f"boards/{contract}.yml"} & names:
        words = _("Lĩnh vực này đã có hợp đồng “%(name)s”: chọn khóa khác, tệp đang có không bị ghi đè.")
        yield "contract", words % {"name": contract}
    for start in _figures(form):
        if f"indicators/{(key := form.value(f'{start}-key'))}.yml" in names:
            words = _("Lĩnh vực này đã có chỉ tiêu “%(name)s”: chọn khóa khác, hoặc bỏ “Thành chỉ tiêu”.")
            yield f"{start}-key", words % {"name": key}


def _figures(form: DraftForm) -> Iterator[str]:
    """Where fields of what becomes an indicator start."""
    for one in form.proposal.columns:
        start = f"c{one.index}"
        if form.value(f"{start}-use") and form.value(f"{start}-pick"):
            yield start
    for number in range(len(form.proposal.items)):
        if form.value(f"i{number}-pick"):
            yield f"i{number}"


def _twice(form: DraftForm) -> Iterator[Fault]:
    """Keys name one column; of lines that are indicators they name one line."""
    columns = [f"c{one.index}" for one in form.proposal.columns if form.value(f"c{one.index}-use")]
    for starts in (columns, [f"i{number}" for number in range(len(form.proposal.items))]):
        count = Counter(form.value(f"{start}-key") for start in starts)
        for start in starts:
            key = form.value(f"{start}-key")
            if key and count[key] > 1:
                yield f"{start}-key", _("Khóa “%(key)s” đã dùng: mỗi cột một khóa.") % {"key": key}


def _not_vietnamese(form: DraftForm) -> Iterator[Fault]:
    """Titles as `haidang check` wants them, said before files are made."""
    starts = [f"c{one.index}-" for one in form.proposal.columns if form.value(f"c{one.index}-use")]
    starts += [f"i{number}-" for number in range(len(form.proposal.items))]
    for name in ("domain_title", "title", *(f"{start}title" for start in starts)):
        text = form.value(name)
        if text and wrong(Text(text, form.value(f"{name}_en") or "")):
            yield name, _("Viết bằng tiếng Việt có dấu: chữ này hiện trên màn hình.")


def _of_column(form: DraftForm, index: int) -> Iterator[Fault]:
    start = f"c{index}"
    low, high, kind = (form.value(f"{start}-{name}") for name in ("min", "max", "type"))
    if low is not None and high is not None and low > high:
        yield f"{start}-min", _("Nhỏ nhất lớn hơn lớn nhất.")
    if form.value(f"{start}-pick"):
        yield from _of_figure(form, start, kind)


def _of_figure(form: DraftForm, start: str, kind: str) -> Iterator[Fault]:
    if kind not in NUMERIC:
        yield f"{start}-pick", _("Chỉ cột số mới thành chỉ tiêu.")
    elif not form.value(f"{start}-unit"):
        yield f"{start}-unit", _("Chỉ tiêu phải có đơn vị: tệp không ghi, điền tại đây.")


def _of_lines(form: DraftForm) -> Iterator[Fault]:
    used = [one for one in form.proposal.columns if form.value(f"c{one.index}-use")]
    naming = [one for one in used if form.value(f"c{one.index}-in_key")]
    picked = [one for one in used if form.value(f"c{one.index}-pick")]
    if not naming:
        yield None, _("Chọn ít nhất một cột “Thuộc khóa dòng”: cột phân biệt các dòng.")
    if not picked:
        yield None, _("Chọn ít nhất một cột số “Thành chỉ tiêu”.")
    if naming and [form.value(f"c{one.index}-type") for one in naming] == ["place"]:
        return
    for one in picked:
        start = f"c{one.index}"
        if form.value(f"{start}-type") == "percent" or not form.value(f"{start}-additive"):
            yield (
                f"{start}-pick",
                _("Dòng là đơn vị, cơ sở: tỷ lệ và số không cộng được không thành số của tỉnh. Bỏ chọn."),
            )
        elif not form.value(f"{start}-required"):
            yield (
                f"{start}-required",
                _("Cộng các dòng thì không dòng nào được trống: đánh dấu bắt buộc, hoặc bỏ chọn chỉ tiêu."),
            )


def _of_items(form: DraftForm) -> Iterator[Fault]:
    picked = [number for number in range(len(form.proposal.items)) if form.value(f"i{number}-pick")]
    if not picked:
        yield None, _("Chọn ít nhất một dòng “Thành chỉ tiêu”.")
    for number in picked:
        if not form.value(f"i{number}-unit"):
            yield f"i{number}-unit", _("Chỉ tiêu phải có đơn vị: tệp không ghi, điền tại đây.")
    column = form.proposal.column(form.value("value_column") or "")
    if column is None or not form.value(f"c{column.index}-use"):
        yield "value_column", _("Cột này đang bị bỏ: dùng lại cột, hoặc chọn cột khác.")


def _of_contract(form: DraftForm, found: Proposal) -> Iterator[Fault]:
    """What the contract itself finds wrong with itself: two headings alike, a wrong unit of money, …"""
    by_key = {one.key: f"c{one.index}" for one in found.columns if one.use}
    by_key |= (
        {item.key: f"i{number}" for number, item in enumerate(found.items)} if found.lines == "items" else {}
    )
    for keys, message in built(contract_of(found, office="–", legal_basis="–")).faults():
        start = by_key.get(str(keys[1])) if len(keys) > 1 else None
        name = str(keys[2]) if len(keys) > 2 else "title"
        name = "title" if name == "aliases" else name
        field = f"{start}-{name}" if start and f"{start}-{name}" in form.fields else None
        yield field, either(vietnamese(message), english(message))
