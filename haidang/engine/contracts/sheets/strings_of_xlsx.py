"""The texts of an .xlsx: those its cells share, and texts in pieces of several looks (ECMA-376 part 1, 18.4)."""

from __future__ import annotations

import html
import re
import zipfile

from haidang.engine.contracts.sheets.pieces import Piece, joined

_STRING = re.compile(r"<si>(?:<t(?: [^>]*)?>([^<]*)</t>|(.*?))</si>|<si ?/>", re.DOTALL)
_TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh.*?</rPh>", re.DOTALL)
_RUN, _STRUCK = re.compile(r"<r>(.*?)</r>", re.DOTALL), re.compile(r'<strike(?: val="(?:1|true)")? ?/>')
_SUPERSCRIPT = 'vertAlign val="superscript"'
_CONTROL = re.compile(r"_x([0-9A-Fa-f]{4})_")


def strings_of(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The texts cells share, by number."""
    if not part or part not in archive.NameToInfo:
        return []
    text = archive.read(part).decode("utf-8")
    if prefix := re.search(r"<(\w+:)sst", text):
        text = text.replace(f"<{prefix[1]}", "<").replace(f"</{prefix[1]}", "</")
    found = _STRING.findall(text)
    if "&" not in text and not _CONTROL.search(text):
        return [plain if plain or not rich else rich_text(rich) for plain, rich in found]
    return [plain_text(plain) if plain or not rich else rich_text(rich) for plain, rich in found]


def plain_text(text: str) -> str:
    """Without the escapes of XML and those of Excel for signs XML cannot hold (_x000D_)."""
    if "&" in text:
        text = html.unescape(text)
    return _CONTROL.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def rich_text(text: str) -> str:
    """Text in pieces of several looks; how it is pronounced is no part of it."""
    text = _PHONETIC.sub("", text)
    runs = [
        (plain_text("".join(_TEXT.findall(run))), run.rpartition("</rPr>")[0]) for run in _RUN.findall(text)
    ]
    if len(runs) < 2:
        return plain_text("".join(_TEXT.findall(text)))
    return joined([Piece(words, _SUPERSCRIPT in look, bool(_STRUCK.search(look))) for words, look in runs])
