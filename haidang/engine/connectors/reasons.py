"""Why a door turned something away: Vietnamese and English, each naming what, where, and how to mend it.

These are answers to a sender that keeps its data. What was taken and does not fit its contract has its reasons in
`contracts.reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    status: int  # of HTTP; FTP has its own codes
    vi: str
    en: str


ANSWERS: dict[str, Answer] = {
    "no_key": Answer(
        401,
        "Thiếu khóa. Gửi tiêu đề “Authorization: Bearer KHÓA” hoặc “X-Api-Key: KHÓA”; xin khóa bằng haidang source key {source}.",
        "No key. Send “Authorization: Bearer KEY” or “X-Api-Key: KEY”; get one with haidang source key {source}.",
    ),
    "wrong_key": Answer(
        401,
        "Khóa không đúng hoặc đã bị thu hồi. Xin khóa mới bằng haidang source key {source}.",
        "The key is wrong or was revoked. Get a new one with haidang source key {source}.",
    ),
    "wrong_source": Answer(
        403,
        "Khóa này thuộc nguồn khác, không được gửi vào {source}. Dùng khóa của đúng nguồn.",
        "This key belongs to another source and may not deliver to {source}. Use the key of that source.",
    ),
    "unknown_source": Answer(
        404,
        "Không có nguồn {source}. Xem danh sách bằng haidang source list.",
        "There is no source {source}. See the list with haidang source list.",
    ),
    "wrong_door": Answer(
        403,
        "Nguồn {source} không nhận qua cửa {door}. Gửi qua cửa: {doors}.",
        "Source {source} takes nothing through the door {door}. Use: {doors}.",
    ),
    "wrong_topic": Answer(
        403,
        "Tài khoản này không được gửi vào chủ đề {name}. Gửi vào đúng chủ đề được cấp cùng khóa.",
        "This account may not publish to {name}. Publish to the topic that was given with the key.",
    ),
    "empty": Answer(
        400,
        "Thân yêu cầu rỗng. Gửi ít nhất một số liệu.",
        "The body is empty. Send at least one reading.",
    ),
    "wrong_sheet_type": Answer(
        415,
        "Nguồn {source} nhận tệp Excel, không nhận {name}. Gửi .xlsx, .xlsm, .xlsb, .xls, .ods hoặc .csv với đúng Content-Type, hoặc application/octet-stream.",
        "Source {source} takes Excel files, not {name}. Send .xlsx, .xlsm, .xlsb, .xls, .ods or .csv with its Content-Type, or application/octet-stream.",
    ),
    "bad_period": Answer(
        400,
        "Kỳ {name} không đọc được. Viết ?period=2026-10, 2026-Q4, 2026-W47 hoặc 2026.",
        "Period {name} cannot be read. Write ?period=2026-10, 2026-Q4, 2026-W47 or 2026.",
    ),
    "broken_gzip": Answer(
        400,
        "Thân gzip hỏng, không giải nén được. Nén lại rồi gửi lại.",
        "The gzip body is broken. Compress it again and send it again.",
    ),
    "broken_request": Answer(
        400,
        "Yêu cầu bị đứt giữa chừng. Gửi lại.",
        "The request broke off half-way. Send it again.",
    ),
    "bad_idempotency_key": Answer(
        400,
        "Idempotency-Key phải dài 1–200 ký tự ASCII in được.",
        "Idempotency-Key must be 1–200 printable ASCII characters.",
    ),
    "key_reused": Answer(
        422,
        "Idempotency-Key này đã dùng cho một nội dung khác. Dùng khóa mới cho nội dung mới.",
        "This Idempotency-Key was used for another body. Use a new one for new content.",
    ),
    "not_found": Answer(
        404,
        "Không có lần nhận {name} ở nguồn {source}.",
        "There is no delivery {name} at source {source}.",
    ),
    "record_unreachable": Answer(
        503,
        "Cơ sở dữ liệu chưa sẵn sàng; số liệu đã nhận vẫn an toàn. Hỏi lại sau {retry_s} giây.",
        "The database is not reachable; what was taken is safe. Ask again in {retry_s} s.",
    ),
    "too_large": Answer(
        413,
        "Nội dung lớn hơn {limit_mb} MB (sau giải nén). Chia nhỏ rồi gửi từng phần.",
        "The content is larger than {limit_mb} MB (after decompression). Split it and send the parts.",
    ),
    "too_many_records": Answer(
        413,
        "Một lần gửi chỉ nhận tối đa 200.000 số liệu hoặc dòng (2.000.000 giá trị). Chia nhỏ rồi gửi từng phần.",
        "One delivery may hold at most 200,000 records or lines (2,000,000 values). Split it and send the parts.",
    ),
    "wrong_type": Answer(
        415,
        "Không nhận kiểu {name}. Dùng application/json hoặc application/x-ndjson, nén gzip nếu cần.",
        "Type {name} is not taken. Use application/json or application/x-ndjson, gzip if needed.",
    ),
    "too_many": Answer(
        429,
        "Quá nhiều yêu cầu cùng lúc từ khóa này. Chờ {retry_s} giây rồi gửi lại; gộp nhiều số liệu vào một lần gửi.",
        "Too many requests at once with this key. Wait {retry_s} s and send again; put more readings into one request.",
    ),
    "door_busy": Answer(
        503,
        "Cửa nhận đang đầy. Giữ số liệu và gửi lại sau {retry_s} giây.",
        "The door is full. Keep the data and send again in {retry_s} s.",
    ),
    "address_full": Answer(
        429,
        "Địa chỉ {name} mở quá nhiều kết nối MQTT cùng lúc. Cho mỗi trạm một kết nối; trạm đi chung một địa chỉ thì quản trị tăng HAIDANG_MQTT_PER_ADDRESS.",
        "Address {name} holds too many MQTT connections at once. Give each station one; where stations share an address the administrator raises HAIDANG_MQTT_PER_ADDRESS.",
    ),
    "wire_full": Answer(
        503,
        "Luồng nhận đã đầy hoặc đĩa đầy. Giữ số liệu và gửi lại sau {retry_s} giây; quản trị giải phóng đĩa.",
        "The stream or the disk is full. Keep the data and send again in {retry_s} s; the administrator must free space.",
    ),
    "wire_unreachable": Answer(
        503,
        "Luồng nhận chưa sẵn sàng. Giữ số liệu và gửi lại sau {retry_s} giây.",
        "The stream is not reachable. Keep the data and send again in {retry_s} s.",
    ),
    "disk_full": Answer(
        503,
        "Đĩa của trung tâm đầy. Giữ số liệu và gửi lại sau {retry_s} giây; quản trị giải phóng đĩa.",
        "The centre's disk is full. Keep the data and send again in {retry_s} s; the administrator must free space.",
    ),
    "bad_name": Answer(
        400,
        "Tên tệp {name} không dùng được. Dùng chữ, số, dấu gạch và chấm, tối đa 200 ký tự, không có đường dẫn.",
        "File name {name} cannot be used. Use letters, digits, dashes and dots, at most 200 characters, no path.",
    ),
    "quota": Answer(
        507,
        "Tài khoản này đang giữ quá nhiều tệp tạm. Đổi tên hoặc xóa tệp tạm rồi gửi tiếp.",
        "This account holds too many temporary files. Rename or delete them, then go on.",
    ),
    "wrong_login": Answer(
        401,
        "Tên hoặc mật khẩu không đúng, hoặc đã bị thu hồi. Xin khóa mới bằng haidang source key.",
        "User or password is wrong, or was revoked. Get a new key with haidang source key.",
    ),
    "tls_first": Answer(
        401,
        "Ở đây chỉ đăng nhập khi đường truyền đã mã hóa. Đặt thiết bị sang FTPS tường minh (AUTH TLS).",
        "Sign-in is taken over TLS only. Set the device to explicit FTPS (AUTH TLS).",
    ),
    "bad_offset": Answer(
        400,
        "Không có phần đầu của {name} dài đúng bằng vị trí REST. Gửi lại cả tệp, không dùng REST.",
        "There is no beginning of {name} as long as the REST position. Send the whole file again, without REST.",
    ),
    "mqtt_version": Answer(
        400,
        "Thiết bị nói một phiên bản MQTT khác. Đặt thiết bị sang MQTT 3.1.1.",
        "The device speaks another version of MQTT. Set it to MQTT 3.1.1.",
    ),
    "door_fault": Answer(
        500,
        "Cửa nhận gặp lỗi với {name}; nội dung vẫn nằm ở bên gửi. Quản trị xem nhật ký tiến trình doors.",
        "The door failed on {name}; the content stays with the sender. The administrator should read the log of doors.",
    ),
    "broken_off": Answer(
        400,
        "Kết nối đứt trước khi tệp về hết. Gửi lại cả tệp.",
        "The connection broke off before the whole file came. Send the whole file again.",
    ),
}

RETRY_S = 2


class _Filled(dict[str, object]):
    """A gap without a value stays readable."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentences(reason: str, **detail: object) -> tuple[str, str]:
    """Vietnamese and English, filled."""
    answer = ANSWERS[reason]
    filled = _Filled(retry_s=RETRY_S, **{name: str(value)[:120] for name, value in detail.items()})
    return answer.vi.format_map(filled), answer.en.format_map(filled)
