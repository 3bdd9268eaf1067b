"""Why a record was refused: one code, one sentence that names what and where, one that says how to mend it.

The codes are stored; the sentences are made when shown, so a better wording mends old refusals too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Reason:
    """Vietnamese and English sentences; `{place}`, `{value}` … are filled from the refusal's arguments."""

    vi: str
    remedy_vi: str
    en: str
    remedy_en: str


REASONS: dict[str, Reason] = {
    "unreadable": Reason(
        "{place}: không đọc được – {detail}.",
        "Gửi đúng định dạng của hợp đồng (JSON hợp lệ, UTF-8); xem mẫu ở trang nguồn.",
        "{place}: not readable – {detail}.",
        "Send the format of the contract (valid JSON, UTF-8); see the sample on the source's page.",
    ),
    "no_readings": Reason(
        "{place}: không có danh sách readings hoặc danh sách rỗng.",
        'Gửi một đối tượng có "station" và "readings" ít nhất một phần tử.',
        "{place}: no readings, or an empty list.",
        'Send an object with "station" and at least one entry in "readings".',
    ),
    "encoding": Reason(
        "{place}: sai bảng mã, không phải UTF-8 ({found}).",
        "Lưu nội dung bằng UTF-8 rồi gửi lại.",
        "{place}: wrong encoding, not UTF-8 ({found}).",
        "Save the content as UTF-8 and send it again.",
    ),
    "field_count": Reason(
        "{place}: có {found} trường, hợp đồng cần {wanted}.",
        "Mỗi dòng gồm: {fields}, cách nhau bằng {separator}.",
        "{place}: {found} fields, the contract wants {wanted}.",
        "Each line holds: {fields}, separated by {separator}.",
    ),
    "missing_field": Reason(
        "{place}: thiếu trường {field}.",
        "Bổ sung trường {field} rồi gửi lại.",
        "{place}: field {field} is missing.",
        "Add the field {field} and send again.",
    ),
    "bad_field": Reason(
        "{place}: trường {field} không đúng kiểu – {detail}.",
        "Sửa trường {field} theo hợp đồng rồi gửi lại.",
        "{place}: field {field} has the wrong type – {detail}.",
        "Mend the field {field} as the contract says and send again.",
    ),
    "unknown_station": Reason(
        "{place}: trạm “{station}” chưa đăng ký.",
        "Quản trị đăng ký: haidang station add --code {code} --name … --kind … --lat … --lon …, rồi chạy lại bản ghi này.",
        "{place}: station “{station}” is not registered.",
        "Register it: haidang station add --code {code} --name … --kind … --lat … --lon …, then replay this record.",
    ),
    "station_kind": Reason(
        "{place}: trạm “{station}” thuộc loại {kind}, hợp đồng này nhận {wanted}.",
        "Gửi vào đúng nguồn của loại trạm, hoặc sửa loại trạm trong quản trị.",
        "{place}: station “{station}” is of kind {kind}, this contract takes {wanted}.",
        "Send to the source of that kind, or mend the station's kind in administration.",
    ),
    "not_your_station": Reason(
        "{place}: tài khoản này không được gửi cho trạm “{station}”.",
        "Dùng khóa của đúng trạm, hoặc xin cấp khóa có trạm này.",
        "{place}: this account may not speak for station “{station}”.",
        "Use the station's own key, or ask for a key that includes it.",
    ),
    "no_station": Reason(
        "{place}: không biết số liệu của trạm nào; tên tệp “{name}” không theo mẫu {pattern}.",
        "Đặt tên tệp theo mẫu <MÃ TRẠM>_<YYYYMMDDhhmmss>.txt, hoặc khai mẫu tên riêng của trạm.",
        "{place}: which station is this? The file name “{name}” does not match {pattern}.",
        "Name the file <STATION>_<YYYYMMDDhhmmss>.txt, or register the station's own pattern.",
    ),
    "unknown_parameter": Reason(
        "{place}: thông số “{parameter}” không có trong hợp đồng.",
        "Dùng ký hiệu của hợp đồng ({known}), hoặc đề nghị thêm tên gọi khác vào hợp đồng.",
        "{place}: parameter “{parameter}” is not in the contract.",
        "Use a symbol of the contract ({known}), or have an alias added to it.",
    ),
    "not_of_kind": Reason(
        "{place}: trạm “{station}” thuộc loại {kind}, loại này không đo thông số “{parameter}”.",
        "Dùng ký hiệu của loại trạm này ({known}), hoặc sửa loại trạm trong quản trị.",
        "{place}: station “{station}” is of kind {kind}, which does not measure “{parameter}”.",
        "Use a symbol of this kind of station ({known}), or mend the station's kind in administration.",
    ),
    "unit": Reason(
        "{place}: {parameter} có đơn vị “{unit}”, hợp đồng cần {wanted}.",
        "Đổi số liệu sang {wanted} rồi gửi lại.",
        "{place}: {parameter} comes in “{unit}”, the contract wants {wanted}.",
        "Convert the values to {wanted} and send again.",
    ),
    "not_a_number": Reason(
        "{place}: giá trị “{value}” không phải là số.",
        "Gửi số hữu hạn, dấu thập phân là chấm hoặc phẩy; thiếu số liệu thì gửi trạng thái 02.",
        "{place}: value “{value}” is not a number.",
        "Send a finite number with a decimal point or comma; for a missing value send status 02.",
    ),
    "impossible_value": Reason(
        "{place}: {parameter} = {value} {unit} ngoài khoảng có thể ({low} đến {high}).",
        "Kiểm tra cảm biến và đơn vị; nếu thiết bị lỗi, gửi trạng thái 02.",
        "{place}: {parameter} = {value} {unit} is outside what is possible ({low} to {high}).",
        "Check sensor and unit; when the device is faulty, send status 02.",
    ),
    "bad_time": Reason(
        "{place}: thời điểm “{at}” không đọc được.",
        "Ghi thời điểm theo mẫu {pattern}.",
        "{place}: time “{at}” is not readable.",
        "Write the time as {pattern}.",
    ),
    "no_zone": Reason(
        "{place}: thời điểm “{at}” thiếu múi giờ.",
        "Thêm múi giờ, ví dụ 2026-11-21T10:05:00+07:00.",
        "{place}: time “{at}” has no zone.",
        "Add the zone, for example 2026-11-21T10:05:00+07:00.",
    ),
    "future_time": Reason(
        "{place}: thời điểm {at} ở tương lai (bây giờ là {now}).",
        "Chỉnh đồng hồ của thiết bị theo giờ Việt Nam rồi gửi lại.",
        "{place}: time {at} lies in the future (it is {now} now).",
        "Set the device's clock to Vietnamese time and send again.",
    ),
    "too_old": Reason(
        "{place}: thời điểm {at} trước năm 2000.",
        "Kiểm tra đồng hồ của thiết bị (có thể đã về mốc gốc sau khi mất điện).",
        "{place}: time {at} lies before the year 2000.",
        "Check the device's clock (it may have fallen back after a power cut).",
    ),
    "bad_status": Reason(
        "{place}: trạng thái “{status}” không có trong hợp đồng.",
        "Dùng 00 (đang đo), 01 (hiệu chuẩn) hoặc 02 (báo lỗi thiết bị).",
        "{place}: status “{status}” is not in the contract.",
        "Use 00 (measuring), 01 (calibration) or 02 (device fault).",
    ),
    "unknown_source": Reason(
        "{place}: nguồn “{source}” không có trong hệ thống.",
        "Gửi vào địa chỉ nguồn đã đăng ký (haidang source list), rồi chạy lại bản ghi này.",
        "{place}: source “{source}” does not exist here.",
        "Send to a registered source (haidang source list), then replay this record.",
    ),
    "not_a_sheet": Reason(
        "{place}: nguồn “{source}” nhận tệp Excel, đây không phải tệp Excel.",
        "Gửi tệp .xlsx, .xls hoặc .ods theo hợp đồng của nguồn.",
        "{place}: source “{source}” takes Excel files and this is none.",
        "Send the .xlsx, .xls or .ods file that the source's contract describes.",
    ),
    "file_missing": Reason(
        "{place}: tệp {sha256} không còn trong kho.",
        "Khôi phục tệp từ bản sao lưu rồi chạy lại bản ghi này.",
        "{place}: file {sha256} is no longer in the store.",
        "Restore the file from the backup, then replay this record.",
    ),
    "fault_of_ours": Reason(
        "{place}: lỗi của trung tâm khi xử lý ({detail}). Số liệu vẫn được giữ.",
        "Báo quản trị; sau khi sửa, chạy lại bản ghi này.",
        "{place}: our own fault while handling it ({detail}). The data are kept.",
        "Tell the administrator; replay this record after the repair.",
    ),
}


class _Gaps(Formatter):
    """Leaves a gap as “…” when an old refusal lacks an argument a newer sentence asks for."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:  # noqa: ARG002 - the base class asks so
        return kwargs.get(str(key), "…")


# What the reader of JSON says, which knows English only.
_JSON = tuple(
    (re.compile(said), told)
    for said, told in (
        (
            r"JSON is malformed: invalid character (\(byte \d+\))",
            r"ký tự không hợp lệ \1; JSON không có NaN, Infinity",
        ),
        (r"JSON is malformed: trailing characters (\(byte \d+\))", r"có chữ thừa phía sau \1"),
        (r"JSON is malformed: trailing comma in \w+ (\(byte \d+\))", r"dấu phẩy thừa \1"),
        (r"JSON is malformed: object keys must be strings (\(byte \d+\))", r"tên trường phải là chuỗi \1"),
        (r"JSON is malformed: .*?(\(byte \d+\))", r"sai cú pháp JSON \1"),
        (r"Input data was truncated", "nội dung bị cắt cụt"),
        (r"maximum recursion depth.*|too deep", "lồng quá sâu"),
        (r"Object missing required field", "thiếu trường"),
        (r"Expected (\S+), got (\S+)", r"cần \1, nhận được \2"),
        (r" - at ", " tại "),
    )
)


def _in_vietnamese(detail: str) -> str:
    for said, told in _JSON:
        detail = said.sub(told, detail)
    return detail


def sentence(code: str, args: Mapping[str, object], language: str = "vi") -> str:
    """What was wrong and where."""
    reason = REASONS[code]
    if language == "en":
        return _Gaps().vformat(reason.en, (), args)
    if code == "unreadable" and "detail" in args:
        args = {**args, "detail": _in_vietnamese(str(args["detail"]))}
    return _Gaps().vformat(reason.vi, (), args)


def remedy(code: str, args: Mapping[str, object], language: str = "vi") -> str:
    """How to mend it."""
    reason = REASONS[code]
    # The sentence holds a command for people to paste: what a sender wrote must not become part of it.
    quoted = {**args, "code": shlex.quote(str(args.get("station", "…")))}
    return _Gaps().vformat(reason.remedy_en if language == "en" else reason.remedy_vi, (), quoted)
