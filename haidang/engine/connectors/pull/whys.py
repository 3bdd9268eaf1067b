"""What exactly was wrong, as the end of a trouble's sentence: Vietnamese and English."""

from __future__ import annotations

WHYS: dict[str, tuple[str, str]] = {
    # addresses
    "signs": (
        'có dấu cách, ký tự điều khiển hoặc một trong các dấu \\ < > " {{ }} | ^ `',
        'it holds a space, a control character or one of \\ < > " {{ }} | ^ `',
    ),
    "no_url": ("không viết dạng scheme://máy/đường-dẫn", "it is not written scheme://host/path"),
    "userinfo": (
        "tên và mật khẩu không đứng trong địa chỉ; dùng haidang source credential",
        "user and password do not stand in an address; use haidang source credential",
    ),
    "percent": ("tên máy có dấu %", "its host holds a %"),
    "not_ascii": (
        "trong đường dẫn, viết chữ ngoài ASCII thành %XX",
        "write other letters than ASCII in its path as %XX",
    ),
    "brackets": (
        "địa chỉ IPv6 viết trong ngoặc vuông: [địa chỉ]:cổng",
        "an IPv6 address stands in brackets: [address]:port",
    ),
    "no_ipv6": ("trong ngoặc vuông không phải địa chỉ IPv6", "there is no IPv6 address between its brackets"),
    "no_port": ("cổng không phải số từ 1 đến 65535", "its port is not a number from 1 to 65535"),
    "odd_letters": (
        "tên máy có chữ không tên máy nào được có",
        "its host name holds letters that none may hold",
    ),
    "no_host": ("không có tên máy", "it names no host"),
    "odd_ipv4": (
        "địa chỉ IPv4 phải viết bằng bốn số thập phân",
        "an IPv4 address is written as four decimal numbers",
    ),
    "odd_host": ("tên máy sai", "its host name is none"),
    # redirects
    "too_often": ("quá {most} lần", "more than {most} of them"),
    "of_a_post": ("đó là trả lời cho POST", "it answers a POST"),
    "nowhere": ("không nói đi đâu", "it does not say where to"),
    "downgrade": ("từ https sang http", "from https to http"),
    # answers
    "no_token": ("không có access_token", "there is no access_token"),
    "no_json": ("không phải JSON ({cause})", "it is no JSON ({cause})"),
    "no_rows": (
        "ở pull.rows “{where}” không có danh sách mà là {found}",
        "at pull.rows “{where}” there is no list but {found}",
    ),
    "no_since": (
        "không dòng nào có pull.since.field “{field}” đọc được",
        "no row has a readable pull.since.field “{field}”",
    ),
    "no_next": ("dấu trang sau không dùng được", "what leads to the next page cannot be used"),
    "answered": ("trả lời {status}", "it answers {status}"),
    "unusable": ("câu trả lời không dùng được", "its answer cannot be used"),
    "moved": ("dòng ở đó đã khác", "other rows stand there"),
    "no_field": ("thiếu {field}", "{field} is missing"),
    "empty": ("rỗng", "it is empty"),
    "broken_gzip": ("gzip hỏng", "its gzip is broken"),
    "xml": ("XML, không phải SDMX-CSV hay SDMX-JSON", "it is XML, not SDMX-CSV or SDMX-JSON"),
    "no_sdmx": ("không phải SDMX-JSON ({cause})", "it is no SDMX-JSON ({cause})"),
    # tables
    "no_header": ("không có dòng {row}", "there is no row {row}"),
    "lacks": ("dòng {row} thiếu {columns}; có {found}", "row {row} lacks {columns}; it has {found}"),
    "twice": ("dòng {row} có hai cột {columns}", "row {row} has {columns} twice"),
    "letters": ("không phải bảng mã {encoding}", "it is not written in {encoding}"),
    "no_text_table": (
        "không phải văn bản có dấu phân cách ({cause})",
        "it is no text with separators ({cause})",
    ),
    "unpacks": ("bung ra quá 512 MB", "it is more than 512 MB when unpacked"),
    "no_sheet": ("không có trang {sheet}; có {found}", "there is no sheet {sheet}; there are {found}"),
    "locked": ("tệp có mật khẩu", "it is locked by a password"),
    "no_workbook": (
        "không phải tệp Excel đọc được ({cause})",
        "it is no workbook that can be read ({cause})",
    ),
    "too_much": ("quá lớn để đọc", "it is too large to be read"),
    # folders
    "many_files": ("quá {most} tệp trong {folder}", "more than {most} files in {folder}"),
    "no_folder": ("không có thư mục {folder}", "there is no folder {folder}"),
    "no_leave": ("không được đọc thư mục {folder}", "the folder {folder} may not be read"),
    "no_file": ("không đọc được ({cause})", "it cannot be read ({cause})"),
}

KINDS: dict[str, str] = {
    "loopback": "chính máy này",
    "private": "mạng nội bộ",
    "shared": "mạng dùng chung của nhà cung cấp",
    "link-local": "liên kết cục bộ",
    "site-local": "mạng nội bộ cũ",
    "metadata": "máy phát quyền của đám mây",
    "multicast": "phát nhóm",
    "unspecified": "không chỉ định",
    "documentation": "chỉ dùng trong tài liệu",
    "reserved": "dành riêng",
    "scoped": "địa chỉ kèm vùng",
}
"""Kinds of closed addresses in Vietnamese; what is missing here is the name of a technique."""
