"""Take a photo or file given as proof: typed by its content, limited, kept as sent, served without what it
tells of the phone.

Files lie under `HAIDANG_HOME/proofs`, named by their SHA-256, on disk with fsync before the row that names
them.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 15 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
SERVED_EDGE = 1600
PHOTOS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# What decoders raise on files made to harm them. ValueError: a text chunk that inflates beyond all measure, EXIF
# that cannot be read; struct.error, EOFError, IndexError, TypeError: headers that promise what is not there.
BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was kept of one upload."""

    kind: str
    name: str
    content_type: str
    size: int
    sha256: str
    served_sha256: str
    width: int = 0
    height: int = 0


def take(file: IO[bytes], name: str) -> Taken:
    """Keep the upload and its served copy; raises ValidationError when it is not a photo or PDF, or too
    large.
    """
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValidationError(_("Tệp lớn hơn 15 MB. Chụp lại với độ phân giải thấp hơn."))
    if not data:
        raise ValidationError(_("Tệp rỗng. Chọn lại ảnh hoặc tệp."))
    name = plain_name(name)
    if data.startswith(b"%PDF-"):
        sha256 = keep(data)
        return Taken("file", name, "application/pdf", len(data), sha256, sha256)
    size, content_type, served = _picture(data)
    return Taken("photo", name, content_type, len(data), keep(data), keep(served), *size)


def _picture(data: bytes) -> tuple[tuple[int, int], str, bytes]:
    """Its size, its type and the copy that is served; whatever the decoder chokes on is no photo of ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=list(PHOTOS))
            content_type = PHOTOS[picture.format or ""]
            if picture.width * picture.height > LARGEST_PIXELS:
                raise ValidationError(_("Ảnh có quá nhiều điểm ảnh. Chụp lại với độ phân giải thấp hơn."))
            picture.load()
            return picture.size, content_type, _stripped(picture)
    except BROKEN:
        raise ValidationError(_("Không phải ảnh JPEG, PNG, WebP hay tệp PDF. Chọn tệp khác.")) from None


def _stripped(picture: Image.Image) -> bytes:
    """Upright, at most 1600 px, pixels only: no place, no time, no make of the phone."""
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((SERVED_EDGE, SERVED_EDGE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def plain_name(name: str) -> str:
    """The last part of the name without control characters: it is shown, and never used as a path."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f]", "", last)[-120:] or "khong-ten"


def path_of(sha256: str) -> Path:
    return Path(settings.HAIDANG_HOME) / "proofs" / sha256[:2] / sha256


def kept_as(sha256: str) -> str:
    """How the file of this hash stands: `whole`, `missing`, or `changed` when its bytes are others by now."""
    try:
        with path_of(sha256).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"
    return "whole" if found == sha256 else "changed"


def keep(data: bytes) -> str:
    """Write under its hash, durable when this returns; the same bytes twice are one file."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{sha256}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256
