"""The process that reads one workbook for `tables`: rows as JSON lists on its output, bounded in memory and time."""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from pathlib import Path

_MEMORY = 2 << 30
_SECONDS = 100
_UNPACKED = 512 << 20


def main(path: str, sheet: str) -> int:
    """Exit code: 0 read, 1 not, with the reason (a code of whys) as the last line of stderr."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    # After the bounds: what they import is small, what they read is not ours.
    import msgspec
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                if sum(part.file_size for part in parts.infolist()) > _UNPACKED:
                    return _no("unpacks")
        book = CalamineWorkbook.from_path(path)
        if sheet and sheet not in book.sheet_names:
            return _no("no_sheet", sheet=sheet, found=", ".join(book.sheet_names)[:150])
        found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        # From row 1 on, as people count, also where the first ones are empty.
        rows = found.to_python(skip_empty_area=False)
    except PasswordError:
        return _no("locked")
    except (CalamineError, zipfile.BadZipFile, OSError, MemoryError, IndexError, ValueError) as error:
        return _no("no_workbook", cause=f"{type(error).__name__}: {error}"[:150])
    encode = msgspec.json.Encoder(enc_hook=str).encode
    out = sys.stdout.buffer
    for row in rows:
        out.write(encode(row) + b"\n")
    return 0


def _no(why: str, **detail: str) -> int:
    sys.stderr.write(json.dumps({"why": why, **detail}) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1])), sys.argv[2]))
