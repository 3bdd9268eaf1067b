"""What a table is about: words of a contract, and whether a title or a group of headings speaks of something else.

Reports of two offices may have the same columns (“STT, Xã, phường, Kế hoạch, Tháng 9, Tháng 10”). Only the title tells
them apart, so one that names another subject and none of the contract's is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from haidang.engine.contracts.sheets.definition import SheetContract
from haidang.engine.contracts.sheets.wording import folded, in_full

# What offices report on, folded; of more than one syllable, since single ones without tones mean many things.
_SUBJECTS = (
    "cong nghiep", "ban le", "thuong mai", "nong nghiep", "lam nghiep", "thuy san", "nong thon moi", "xay dung", "van tai",
    "vien thong", "xuat khau", "nhap khau", "dau tu", "ngan sach", "thu thue", "tin dung", "ngan hang", "bao hiem", "du lich",
    "luu tru", "giao duc", "hoc sinh", "giao vien", "dao tao", "y te", "kham benh", "chua benh", "dich benh", "tiem chung",
    "truyen nhiem", "dan so", "lao dong", "viec lam", "ho ngheo", "can ngheo", "giam ngheo", "tre em", "nguoi co cong",
    "gia tieu dung", "doanh nghiep", "hop tac xa", "dat dai", "quan trac", "moi truong", "rac thai", "chat thai", "khoang san",
    "tai nan", "giao thong", "toi pham", "chay no", "khieu nai", "to cao", "tiep cong dan", "thu tuc hanh chinh", "van ban",
    "ho tich", "chung thuc", "chan nuoi", "gia suc", "gia cam", "trong trot", "gieo trong", "san luong", "che pham", "lua gao",
    "cay trong", "nuoc sach", "nha o", "quy hoach", "van hoa", "the thao", "di tich", "thien tai", "giai ngan", "phan bon",
)  # fmt: skip
_SUBJECT = re.compile(rf"\b(?:{'|'.join(_SUBJECTS)})\b")
# Who sends or gets it, the motto, and what it is attached to: no titles.
_NO_TITLE = re.compile(
    r"^\W*(?:ubnd|hdnd|uy ban|hoi dong|so (?!lieu|luong|ca |ho |nguoi|thu)|chi cuc|cuc |tong cuc|bo |phong |trung tam|benh vien|van phong|ban |hoi |cong ty|"
    r"tap doan|thue (?:tinh|co so|thanh pho)|thong ke (?:tinh|thanh pho|co so)|truong |tram |kho bac|cong an|cong hoa|doc lap|kem theo|\(kem theo|ban hanh|\(ban hanh|can cu|"
    r"kinh gui|thuc hien (?:cong van|quyet dinh)|don vi|dv |noi (?:gui|nhan)|ngay |tu ngay|\(tu ngay|so:|so \d|dvt|bieu so|mau so|ma |ky bao cao|nguoi )"
)
_TITLE = re.compile(
    r"^\W*(?:bao cao|bieu|bang|tinh hinh|danh sach|thong ke|ket qua|tong hop|phu luc|so lieu|gia tri|san luong)\b"
)
_PROVINCE = re.compile(r"\b(?:tinh|thanh pho|tp\.?) [a-z]+ [a-z]+")
# Words any report is made of.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "bao cao bieu bang tong hop ket qua tinh hinh danh sach thong ke so lieu luong thuc hien thang quy nam tuan ky theo cac cua "
        "va ve trong tren dia ban xa phuong dac khu huyen tp thanh pho uoc chinh thuc mot chi tieu chu yeu don vi co phu luc mau kem "
        "den ngay tu dau cuoi luy ke ca toan loai nhom gia tri phan noi dung muc cot ngoai voi sanh tien cong dong trieu nghin ngan ty "
        "thoi gian het nay truoc sau bc do tinh cap thu chi tang giam dat ty le ",
    )
)


class Subject:
    """Of one contract."""

    def __init__(self, contract: SheetContract) -> None:
        self.contract = contract

    @cached_property
    def words(self) -> str:
        """Everything the contract says of itself, folded and with abbreviations written out."""
        contract = self.contract
        texts = [
            contract.title.vi,
            contract.description.vi if contract.description else "",
            contract.legal_basis,
        ]
        texts += [contract.office.vi if contract.office else ""]
        for column in contract.columns.values():
            texts += [column.title.vi, *column.aliases]
        for item in contract.items.values():
            texts += [item.title.vi, *item.aliases]
        return " | ".join(in_full(folded(text)) for text in texts)

    @cached_property
    def syllables(self) -> frozenset[str]:
        return frozenset(re.findall(r"[a-z]+", self.words))

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset(_SUBJECT.findall(self.words))

    def is_other(self, words: Iterable[str]) -> bool:
        """Whether folded words of a heading are all foreign to the contract; common ones and a single one say nothing."""
        content = _content(" ".join(words))
        return len(content) > 1 and not content & self.syllables

    def is_strange(self, texts: Iterable[str]) -> bool:
        """Whether headings hold words the contract does not have, common ones aside."""
        return bool(_content(" ".join(in_full(folded(text)) for text in texts)) - self.syllables)

    def others(self, titles: Iterable[str]) -> set[str]:
        """Of the texts above a table those that say it is about something else; none where one says what is meant."""
        plain = {text: in_full(folded(text)) for text in titles}
        told = {text: words for text, words in plain.items() if not _NO_TITLE.search(words)}
        named = {text: set(_SUBJECT.findall(words)) for text, words in told.items()}
        if any(found & self.own for found in named.values()):
            return set()
        foreign = {text for text, found in named.items() if found}
        if foreign:
            return foreign
        content = {
            text: _content(_PROVINCE.sub(" ", words))
            for text, words in told.items()
            if _TITLE.search(words) or text.isupper()
        }
        if any(found & self.syllables for found in content.values()):
            return set()
        return {text for text, found in content.items() if len(found) > 2}


def _content(words: str) -> set[str]:
    return set(re.findall(r"\b[a-z]{2,}\b", words)) - _COMMON
