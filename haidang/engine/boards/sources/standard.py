"""The connection standard: for each contract the document an office needs to send what was agreed, as it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from haidang.engine.boards.sources import content, desk, ledger
from haidang.engine.boards.writing import number, span_long
from haidang.engine.contracts.definition import Contract, SourceDefinition
from haidang.engine.contracts.sheets.definition import NUMERIC, Column, SheetContract
from haidang.engine.contracts.tree import Entry
from haidang.engine.said import in_vietnamese
from haidang.engine.store.models import Source

if TYPE_CHECKING:
    from haidang.engine.people.rights import Anyone


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file, or one parameter of a reading."""

    name: str
    code: str
    kind: str
    unit: str
    allowed: str
    required: bool
    spellings: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a file must have."""

    title: str
    unit: str
    required: bool
    sum_of: str
    spellings: str
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to send it: the door, and the command or the steps."""

    source: Source
    door: str
    steps: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """The whole document of one contract."""

    address: str
    title: str
    domain: str
    version: str
    sha256: str
    purpose: str
    is_file: bool
    promises: list[tuple[str, str]]
    fields: list[Field]
    lines: list[Line] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    sample: Path | None = None

    @property
    def about(self) -> str:
        """Beside the title in a list."""
        return dict(self.promises).get(str(_("Kỳ")), "")


def all_for(person: Anyone) -> list[Standard]:
    """Those of the sources this person may see, by title."""
    found: dict[str, list[Source]] = {}
    sources = {source.address: source for source in ledger.sources_for(person) if source.is_active}
    for address, entry in content.tree().sources.items():
        if source := sources.get(address):
            found.setdefault(entry.thing.contract, []).append(source)
    made = (standard(contract, of) for contract, of in found.items())
    return sorted((one for one in made if one), key=lambda one: (one.domain, one.title))


def one_for(person: Anyone, contract: str) -> Standard | None:
    """The document of one contract, for somebody who may see a source of it."""
    return next((one for one in all_for(person) if one.address == contract), None)


def standard(contract: str, sources: Sequence[Source]) -> Standard | None:
    """None when the contract does not hold at present."""
    tree = content.tree()
    if sheet := tree.sheets.get(contract):
        return _of_file(sheet, sources)
    readings = tree.contracts.get(contract)
    return _of_readings(readings, sources) if readings else None


def _head(entry: Entry[Any], sources: Sequence[Source]) -> dict[str, Any]:
    thing = entry.thing
    domain = content.tree().domains.get(entry.domain)
    samples = [path for ending, path in sorted(entry.beside.items()) if ending.startswith("sample.")]
    if not samples:
        beside = (content.tree().sources[source.address].beside for source in sources)
        samples = [p for files in beside for end, p in sorted(files.items()) if end.startswith("sample.")]
    return {
        "address": entry.address,
        "title": str(thing.title),
        "domain": str(domain.thing.title) if domain else entry.domain,
        "version": thing.version,
        "sha256": entry.sha256,
        "purpose": str(thing.description or ""),
        "sample": samples[0] if samples else None,
    }


def _common(thing: Contract | SheetContract, sources: Sequence[Source]) -> list[tuple[str, str]]:
    personal = {"none": _("không có"), "basic": _("cơ bản"), "sensitive": _("nhạy cảm")}
    offices = sorted({source.office.name for source in sources if source.office})
    said = str(thing.office) if isinstance(thing, SheetContract) and thing.office else ""
    return [
        (_("Cơ quan gửi"), ", ".join(offices) or said or _("chưa giao cơ quan")),
        (_("Căn cứ"), in_vietnamese(thing.legal_basis) if thing.legal_basis else _("không ghi")),
        (_("Dữ liệu cá nhân"), personal[thing.personal_data]),
    ]


# --- readings -------------------------------------------------------------------------------------------------
def _of_readings(entry: Entry[Contract], sources: Sequence[Source]) -> Standard:
    thing = entry.thing
    promises = [
        (_("Kỳ"), _("mỗi %(every)s một lần") % {"every": span_long(thing.every)}),
        (_("Coi là im lặng sau"), span_long(thing.silent_after)),
        *_common(thing, sources),
        (
            _("Trạng thái thiết bị"),
            ", ".join(f"{code}: {_state(name)}" for code, name in thing.statuses.items()),
        ),
    ]
    if thing.lines:
        promises.append((_("Cột trong tệp"), " · ".join(thing.lines.fields)))
    fields = [
        Field(
            str(p.title), symbol, _("số"), p.unit, _between(p.min, p.max), required=False,
            spellings=", ".join([*p.aliases, *(f"{unit} (× {factor:g})" for unit, factor in p.convert.items())]),
        )
        for symbol, p, _kinds in thing.measured()
    ]  # fmt: skip
    checks = [
        _("Trạm phải được đăng ký trước; mã trạm không phân biệt hoa thường."),
        _("Thời điểm đo không được vượt hiện tại quá %(span)s.")
        % {"span": span_long(thing.future_tolerance)},
        _("Trị số ngoài khoảng có thể bị từ chối, kèm lý do; bản gốc vẫn giữ và nạp lại được."),
        _("Gửi lại cùng số đo là trùng, không đếm hai lần; trị số khác cùng thời điểm là bản sửa."),
    ]
    return Standard(
        **_head(entry, sources), is_file=False, promises=promises, fields=fields, checks=checks,
        ways=[way for source in sources for way in _reading_ways(source, thing)],
    )  # fmt: skip


def _state(name: str) -> str:
    return {"measuring": _("đang đo"), "calibration": _("hiệu chuẩn"), "fault": _("lỗi thiết bị")}[name]


def _reading_ways(source: Source, thing: Contract) -> list[Way]:
    definition = content.tree().sources[source.address].thing
    station = "MÃ_TRẠM"  # i18n: data
    sample = content.sample(source.address, station)
    steps = {
        "HTTP": _("Gửi JSON với khóa của nguồn; 202 nghĩa là đã nằm trên đĩa."),
        "MQTT": _("MQTT 3.1.1, QoS 1; PUBACK nghĩa là đã nằm trên đĩa."),
        "FTP": _("Tải lên tên tạm rồi đổi tên; 226 nghĩa là đã nằm trên đĩa."),
    }
    del thing
    lines = desk.commands(source.address, definition.doors, station, sample)
    return [Way(source, door, steps[door], line) for door, line in lines]


# --- files ----------------------------------------------------------------------------------------------------
def _of_file(entry: Entry[SheetContract], sources: Sequence[Source]) -> Standard:
    thing = entry.thing
    periods = {
        "week": _("mỗi tuần một tệp"), "month": _("mỗi tháng một tệp"), "quarter": _("mỗi quý một tệp"),
        "year": _("mỗi năm một tệp"), "none": _("khi có thay đổi"),
    }  # fmt: skip
    due = _("%(n)d ngày sau khi hết kỳ") % {"n": thing.due_days}
    promises = [(_("Kỳ"), periods[thing.period]), (_("Hạn nộp"), due), *_common(thing, sources)]
    if thing.key:
        names = ", ".join(str(thing.columns[name].title) for name in thing.key)
        promises.append((_("Mỗi dòng là một"), names))
    return Standard(
        **_head(entry, sources), is_file=True, promises=promises,
        fields=[_column(name, column) for name, column in thing.columns.items()],
        lines=[
            Line(
                str(item.title), item.unit, item.required,
                " + ".join(str(thing.items[part].title) for part in item.parts), ", ".join(item.aliases),
                _between(item.min, item.max),
            )
            for item in thing.items.values()
        ],
        checks=_file_checks(thing), ways=[way for source in sources for way in _file_ways(source)],
    )  # fmt: skip


def _column(name: str, column: Column) -> Field:
    kinds = {
        "number": _("số"), "whole": _("số nguyên"), "percent": _("tỷ lệ %"), "text": _("chữ"), "date": _("ngày"),
        "place": _("xã, phường (tên hoặc mã 5 số)"), "choice": _("chọn một"), "unit": _("đơn vị tính"),
        "note": _("ghi chú"), "order": _("số thứ tự"),
    }  # fmt: skip
    allowed = _between(column.min, column.max) if column.type in NUMERIC else ""
    if column.choices:
        allowed = "; ".join(str(choice.title) for choice in column.choices.values())
    return Field(
        str(column.title), name, kinds[column.type], column.unit, allowed, column.required,
        ", ".join(column.aliases), column.personal_data != "none",
    )  # fmt: skip


def _between(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return _("từ %(low)s") % {"low": number(low)}
    if low is None:
        return _("đến %(high)s") % {"high": number(high)}
    return f"{number(low)} … {number(high)}"


def _file_checks(thing: SheetContract) -> list[str]:
    found = [
        _("Số viết 1.234,5 hay 1234.5 đều đọc được; ô mơ hồ bị hỏi lại, không đoán."),
        _("Dòng cộng phải bằng tổng các dòng; ô lệch được nêu tên cùng số tính ra."),
        _("Ô lỗi được trả lại màu đỏ kèm lý do và cách sửa; ô cảnh báo cần giải trình trước khi ký."),
    ]
    jumps = [(str(one.title), one.jump) for one in thing.columns.values() if one.jump]
    jumps += [(str(one.title), one.jump) for one in thing.items.values() if one.jump]
    for percent, those in groupby(sorted(jumps, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        words = _("%(name)s đổi quá %(jump)s%% so với kỳ trước thì phải giải trình.")
        found.append(words % {"name": ", ".join(title for title, _of in those), "jump": number(percent)})
    for column in thing.columns.values():
        if column.parts:
            parts = " + ".join(str(thing.columns[part].title) for part in column.parts)
            found.append(f"{column.title} = {parts}")
        if column.asked_above:
            words = _("%(name)s lớn hơn %(whole)s thì phải giải trình.")
            found.append(words % {"name": column.title, "whole": thing.columns[column.asked_above].title})
        if column.share_of:
            part, whole = (str(thing.columns[other].title) for other in column.share_of)
            found.append(f"{column.title} = {part} : {whole}")
        if column.change_of:
            part, whole = (str(thing.columns[other].title) for other in column.change_of)
            words = _("%(name)s = %(part)s : %(whole)s, hoặc số đó bớt 100%%.")
            found.append(words % {"name": column.title, "part": part, "whole": whole})
        if column.not_before:
            words = _("%(name)s không ở trước %(first)s.")
            found.append(words % {"name": column.title, "first": thing.columns[column.not_before].title})
        if column.not_after:
            found.append(_("%(name)s không ở sau ngày gửi tệp.") % {"name": column.title})
        if when := column.needed_when:
            other = thing.columns[when.column]
            words = _("Dòng có %(other)s là %(states)s mà thiếu %(name)s thì phải giải trình.")
            states = ", ".join(f"“{other.choices[code].title}”" for code in when.one_of)
            found.append(words % {"name": column.title, "other": other.title, "states": states})
    return found + [f"{one} ≤ {whole}" for one, whole in thing.wholes]


def _file_ways(source: Source) -> list[Way]:
    definition: SourceDefinition = content.tree().sources[source.address].thing
    host, user, password = desk.host_for_people(), _("NGƯỜI_DÙNG"), _("MẬT_KHẨU")
    found = []
    for door in definition.doors:
        if door == "web":
            steps = _("Đăng nhập, mở Số liệu › Gửi tệp, chọn kỳ và tệp. Kết quả chấm hiện ngay tại trang.")
            found.append(Way(source, _("Trang web"), steps))
        elif door == "push":
            url = f"http://{host}:{settings.HAIDANG_DOORS_PORT}/api/v1/sources/{source.address}/deliveries?period=2026-11"
            kind = "Content-Type: application/octet-stream"
            line = f"curl -H 'Authorization: Bearer KHOA' -H '{kind}' --data-binary @tep.xlsx '{url}'"  # i18n: data
            found.append(
                Way(source, "HTTP", _("Gửi nguyên tệp Excel với khóa của nguồn, nêu kỳ trong địa chỉ."), line)
            )
        elif door == "ftp":
            line = f"curl -T tep.xlsx --ftp-create-dirs --user {user}:{password} ftp://{host}:{settings.HAIDANG_FTP_PORT}/2026-11/tep.xlsx"
            found.append(Way(source, "FTP", _("Tải tệp vào thư mục mang tên kỳ."), line))
    return found
