"""Why a pull could not go on: Vietnamese and English, what is wrong and how to mend it.

The code and its details are kept; the sentences are made when shown. No detail may hold a secret: whoever raises a
trouble passes addresses, names and numbers only, and `Secret.scrub` goes over all of it before it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from haidang.engine.connectors.arrival import Refused
from haidang.engine.connectors.pull.whys import KINDS, WHYS


@dataclass(frozen=True, slots=True)
class Words:
    vi: str
    mend_vi: str
    en: str
    mend_en: str
    # Whether the same request may succeed a moment later.
    passes: bool = False


_CHECK_VI, _CHECK_EN = "Sửa pull.url trong tệp YAML của nguồn.", "Mend pull.url in the YAML of the source."
_THEIRS_VI = "Không phải làm gì ở đây: sẽ tự thử lại. Nếu kéo dài, báo đơn vị giữ hệ thống."
_THEIRS_EN = "Nothing to do here: it is tried again. If it goes on, tell the office that runs the system."

TROUBLES: dict[str, Words] = {
    "bad_url": Words(
        "Địa chỉ {url} không đọc được: {why}.",
        _CHECK_VI,
        "The address {url} cannot be used: {why}.",
        _CHECK_EN,
    ),
    "scheme": Words(
        "Không kéo bằng giao thức {scheme}; nguồn này dùng {allowed}.",
        _CHECK_VI,
        "Scheme {scheme} is not pulled; this source uses {allowed}.",
        _CHECK_EN,
    ),
    "port": Words(
        "Cổng {port} của {host} không được phép với nguồn này.",
        "Nếu đúng là cổng của hệ thống đó, ghi vào pull.ports trong tệp YAML của nguồn.",
        "Port {port} of {host} is not allowed for this source.",
        "If it is the right one, add it to pull.ports in the YAML of the source.",
    ),
    "closed_address": Words(
        "{host} dẫn tới {address} ({kind}): địa chỉ nội bộ hoặc dành riêng, không kéo từ đó.",
        "Nếu là máy trong mạng của cơ quan, quản trị ghi đúng {host} vào HAIDANG_PULL_INTERNAL rồi khởi động lại.",
        "{host} leads to {address} ({kind}): an internal or reserved address, nothing is pulled from there.",
        "If it is a machine of the office's network, the administrator adds exactly {host} to HAIDANG_PULL_INTERNAL and restarts.",
    ),
    "closed_name": Words(
        "{host} là tên nội bộ, không kéo từ đó.",
        "Nếu là máy trong mạng của cơ quan, quản trị ghi {host} vào HAIDANG_PULL_INTERNAL rồi khởi động lại.",
        "{host} is an internal name, nothing is pulled from there.",
        "If it is a machine of the office's network, the administrator adds {host} to HAIDANG_PULL_INTERNAL and restarts.",
    ),
    "no_address": Words(
        "Không tìm được địa chỉ của {host} ({cause}).",
        "Xem tên máy trong pull.url và máy chủ DNS của trung tâm.",
        "No address is found for {host} ({cause}).",
        "Look at the host name in pull.url and at the DNS server of the centre.",
        passes=True,
    ),
    "unreachable": Words(
        "Không kết nối được {host}:{port} ({cause}).",
        "Hỏi đơn vị giữ hệ thống xem máy có chạy và tường lửa có cho trung tâm vào không.",
        "{host}:{port} cannot be reached ({cause}).",
        "Ask the office that runs it whether it is up and its firewall lets the centre in.",
        passes=True,
    ),
    "tls": Words(
        "Chứng thư TLS của {host} không dùng được ({cause}).",
        "Đơn vị giữ hệ thống phải thay chứng thư; không bỏ qua bước kiểm tra.",
        "The TLS certificate of {host} is not good ({cause}).",
        "The office that runs it must replace the certificate; the check is not skipped.",
    ),
    "broken_off": Words(
        "{host} cắt kết nối giữa chừng ({cause}).",
        _THEIRS_VI,
        "{host} broke the connection off ({cause}).",
        _THEIRS_EN,
        passes=True,
    ),
    "too_slow": Words(
        "{host} chưa trả lời xong sau {limit_s} giây.",
        "Tăng pull.timeout, hoặc giảm kích thước trang.",
        "{host} had not answered in full after {limit_s} s.",
        "Raise pull.timeout, or ask for smaller pages.",
        passes=True,
    ),
    "server_error": Words(
        "{host} báo lỗi {status}.", _THEIRS_VI, "{host} answers {status}.", _THEIRS_EN, passes=True
    ),
    "asked_to_wait": Words(
        "{host} yêu cầu đợi ({status}).",
        "Không phải làm gì: sẽ tự thử lại sau lúc được hẹn. Nếu lặp lại, tăng pull.every.",
        "{host} asks us to wait ({status}).",
        "Nothing to do: it is tried again after that time. If it repeats, raise pull.every.",
        passes=True,
    ),
    "refused_us": Words(
        "{host} không chấp nhận thông tin đăng nhập ({status}).",
        "Đặt lại bằng haidang source credential {source}.",
        "{host} does not accept the credential ({status}).",
        "Set it anew with haidang source credential {source}.",
    ),
    "client_error": Words(
        "{host} không nhận yêu cầu ({status}).",
        "So pull.url và các tham số trong tệp YAML của nguồn với tài liệu của hệ thống đó.",
        "{host} does not take the request ({status}).",
        "Compare pull.url and the parameters in the YAML with the documents of that system.",
    ),
    "redirect": Words(
        "{host} chuyển hướng không theo được: {why}.",
        "Ghi địa chỉ cuối cùng vào pull.url.",
        "{host} redirects where we do not follow: {why}.",
        "Write the final address into pull.url.",
    ),
    "too_large": Words(
        "Nội dung từ {host} lớn hơn {limit_mb} MB (sau giải nén).",
        "Giảm kích thước trang, hoặc tăng pull.size_mb (tối đa 64).",
        "The content from {host} is larger than {limit_mb} MB (after decompression).",
        "Ask for smaller pages, or raise pull.size_mb (64 at most).",
    ),
    "too_many_records": Words(
        "Một lần kéo chứa quá 200.000 bản ghi.",
        "Giảm kích thước trang hoặc lô.",
        "One delivery of this pull holds more than 200,000 records.",
        "Ask for smaller pages or batches.",
    ),
    "encoding": Words(
        "{host} gửi nội dung nén hoặc mã hóa kiểu {found}, không đọc được.",
        "Hệ thống đó phải gửi không nén hoặc gzip, chữ UTF-8.",
        "{host} sends content encoded as {found}, which cannot be read.",
        "That system must send it plain or as gzip, text as UTF-8.",
    ),
    "not_as_expected": Words(
        "Nội dung từ {host} không đúng dạng: {why}.",
        "So phần pull của tệp YAML với nội dung thật; chạy haidang pull {source} --once để xem lại.",
        "The content from {host} is not as expected: {why}.",
        "Compare `pull` in the YAML with what really comes; run haidang pull {source} --once to look again.",
    ),
    "no_table": Words(
        "Tệp từ {host} không đọc được thành bảng: {why}.",
        "So pull.table và pull.fields với tệp thật: dòng tiêu đề, trang tính, dấu phân cách, bảng mã.",
        "The file from {host} cannot be read as a table: {why}.",
        "Compare pull.table and pull.fields with the real file: row of names, sheet, separator, encoding.",
    ),
    "unstable_pages": Words(
        "Thứ tự các trang của {host} đổi trong lúc đọc, {rounds} vòng liền: không chắc đã đủ.",
        "Thêm tham số sắp xếp vào pull.url, hoặc dùng paging theo con trỏ; con trỏ đọc chưa dời nên không mất gì.",
        "The order of {host}'s pages changed while they were read, {rounds} rounds in a row: something may be missing.",
        "Add a sort parameter to pull.url or page by cursor; our place has not moved, so nothing is lost.",
        passes=True,
    ),
    "hole_in_pages": Words(
        "{host} trả lời trang {page} rỗng mà trang sau vẫn có dòng, {rounds} vòng liền: có dòng chưa tới.",
        "Báo đơn vị giữ hệ thống trang {page} rỗng. Các trang khác đã nhận; con trỏ đọc chưa dời nên không mất gì.",
        "{host} answers page {page} empty while the one after it has rows, {rounds} rounds in a row: rows are missing.",
        "Tell the office that runs it that page {page} is empty. The others are taken; our place has not moved, nothing is lost.",
        passes=True,
    ),
    "end_unproven": Words(
        "{host} trả lời trang rỗng sau {rows} dòng và các trang đều đầy: chưa chắc đã hết, nên mốc đọc giữ nguyên.",
        "Không mất gì: lần sau hỏi lại từ mốc cũ. Để mốc dời được, ghi paging.total, hoặc size_parameter và size.",
        "{host} answers with an empty page after {rows} rows in full pages: that may not be all, so the mark stays where it was.",
        "Nothing is lost: the next run asks from the old mark. So that it can move, give paging.total, or size_parameter and size.",
    ),
    "begun_anew": Words(
        "Dấu trang giữ từ lần kéo trước không còn dùng được với {host} ({why}): đã đọc lại từ mốc cuối.",
        "Không phải làm gì: dòng nào đã nhận sẽ tính là trùng, không sót dòng nào.",
        "The page that the last pull would have gone on with is of no use at {host} any more ({why}): it was begun again from the last mark.",
        "Nothing to do: what was taken before counts as duplicate, and none is missed.",
    ),
    "no_such_time": Words(
        "{count} mốc thời gian ở cột {field} của {host} không phải thời điểm có thật (ví dụ {example}).",
        "Dòng đó đã nhận nhưng không làm mốc đọc; nếu chính nó là thời điểm đo thì bị từ chối kèm lý do. Báo đơn vị giữ hệ thống sửa.",
        "{count} times in {field} of {host} are none that exist (for example {example}).",
        "Such rows are taken but are no mark; where it is the time of the reading it is refused with its reason. Ask the office that runs it to correct them.",
    ),
    "endless_pages": Words(
        "{host} gửi mãi không hết trang (đã {pages} trang).",
        "Kiểm tra tên tham số trang trong paging: có thể hệ thống đó bỏ qua nó.",
        "{host} never comes to a last page ({pages} so far).",
        "Check the page parameter under paging: that system may ignore it.",
    ),
    "other_place": Words(
        "Liên kết trang sau dẫn sang máy khác ({host}).",
        "Trang sau phải cùng máy với pull.url.",
        "The link to the next page leads to another machine ({host}).",
        "The next page must be on the machine of pull.url.",
    ),
    "query": Words(
        "Cơ sở dữ liệu ở {host} không chạy được câu hỏi: {why}.",
        "Sửa pull.query, hoặc xin quyền đọc cho tài khoản.",
        "The database at {host} does not run the query: {why}.",
        "Mend pull.query, or ask for the right to read for this account.",
    ),
    "host_key": Words(
        "{host} đưa ra khóa máy {found}, không phải khóa ghi trong pull.host_keys.",
        "Hỏi đơn vị giữ máy qua điện thoại; chỉ khi họ xác nhận đúng khóa này mới ghi vào pull.host_keys.",
        "{host} shows the host key {found}, which is not one of pull.host_keys.",
        "Ask the office that runs it by telephone; only when they confirm this key write it into pull.host_keys.",
    ),
    "bad_key": Words(
        "Khóa riêng đã lưu cho nguồn này không đọc được ({cause}).",
        "Đặt lại bằng haidang source credential {source}: private_key dạng OpenSSH hoặc PEM, mật khẩu của khóa ở password.",
        "The private key kept for this source cannot be read ({cause}).",
        "Set it anew with haidang source credential {source}: private_key as OpenSSH or PEM, its passphrase as password.",
    ),
    "no_credential": Words(
        "Chưa có thông tin đăng nhập cho nguồn này.",
        "Đặt bằng haidang source credential {source}.",
        "There is no credential for this source.",
        "Set one with haidang source credential {source}.",
    ),
    "sealed": Words(
        "Không mở được thông tin đăng nhập đã lưu: thiếu hoặc sai tệp khóa {file}.",
        "Chép lại tệp khóa cũ, hoặc đặt lại bằng haidang source credential {source}.",
        "The kept credential cannot be opened: the key file {file} is missing or another one.",
        "Bring the old key file back, or set it anew with haidang source credential {source}.",
    ),
    "not_taken": Words(
        "Luồng nhận của trung tâm chưa nhận được ({cause}); chưa dời con trỏ, không mất gì.",
        "Xem haidang doctor: đĩa, luồng.",
        "The centre's own stream does not take it ({cause}); our place has not moved, nothing is lost.",
        "See haidang doctor: disk, stream.",
        passes=True,
    ),
    "ours": Words(
        "Lỗi của chương trình khi kéo: {cause}.",
        "Gửi log/pull.log cho người phát triển; các nguồn khác không bị ảnh hưởng.",
        "A fault of this program while pulling: {cause}.",
        "Pass log/pull.log on to the developers; other sources are not touched.",
    ),
}


class Trouble(Exception):
    """A pull that cannot go on: a code of TROUBLES and what fills its sentences. Or, as a note, something that whoever
    looks at the pull should know though it went on.
    """

    def __init__(self, reason: str, *, wait_s: float | None = None, **detail: object) -> None:
        super().__init__(reason)
        self.reason = reason
        # NUL is what the record cannot keep.
        self.detail = {name: str(value)[:200].replace("\0", "␀") for name, value in detail.items()}
        # It is of one file among others: those go on at their pace.
        self.is_of_one = False
        # For how long the other side asked to be left alone.
        self.wait_s = wait_s

    @property
    def passes(self) -> bool:
        return TROUBLES[self.reason].passes


class _Filled(dict[str, str]):
    """A gap without a value stays readable."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong and how to mend it, in both languages."""

    vi: str
    mend_vi: str
    en: str
    mend_en: str


def told(reason: str, detail: dict[str, str]) -> Told:
    """The sentences of a kept trouble; of one that this version does not know, its code."""
    words = TROUBLES.get(reason)
    if words is None:
        return Told(reason, "", reason, "")
    why = detail.get("why", "")
    # A database's own words are no code and stay as they are.
    ends = WHYS.get(why, (why.replace("{", "{{").replace("}", "}}"),) * 2)
    vi, en = (_Filled({**detail, "why": end.format_map(_Filled(detail))}) for end in ends)
    vi["kind"] = KINDS.get(detail.get("kind", ""), detail.get("kind", "…"))
    return Told(
        words.vi.format_map(vi),
        words.mend_vi.format_map(vi),
        words.en.format_map(en),
        words.mend_en.format_map(en),
    )


_OURS = {"wire_full", "wire_unreachable", "disk_full", "door_busy", "door_fault"}


def of_refusal(refused: Refused, host: str) -> Trouble:
    """What our own door says of a content or of itself, as the trouble of a pull."""
    if refused.reason in TROUBLES:
        return Trouble(refused.reason, host=host, limit_mb=refused.detail.get("limit_mb", "…"))
    if refused.reason in _OURS:
        return Trouble("not_taken", cause=refused.detail.get("cause") or refused.reason)
    return Trouble("not_as_expected", host=host, why=refused.reason)
