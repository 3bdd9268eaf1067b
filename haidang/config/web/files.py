"""Static files from the event loop, with Range for map tiles, gzip made at build time, and honest caching."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator

from django.contrib.staticfiles.finders import get_finders
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/octet-stream", ".pmtiles")
mimetypes.add_type("font/woff2", ".woff2")

# Third-party files stand in a folder named by their version: they never change.
_VERSIONED = re.compile(r"/vendor/.+@\d+\.\d+\.\d+[^/]*/")


def _folders() -> Iterator[str]:
    """Every folder Django would look in, ours first."""
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            if os.path.isdir(storage.location):  # noqa: PTH112 - storages give strings
                yield storage.location


class Files(StaticFiles):
    """`/static/`."""

    def __init__(self) -> None:
        super().__init__()
        self.all_directories = list(_folders())

    async def check_config(self) -> None:
        """Nothing to check: the folders were taken from Django."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        asked = Headers(scope=scope)
        small = f"{full_path}.gz"
        packed = "gzip" in asked.get("accept-encoding", "") and "range" not in asked and os.path.exists(small)  # noqa: PTH110
        if packed:
            stat_result = os.stat(small)  # noqa: PTH116
        response = super().file_response(small if packed else full_path, stat_result, scope, status_code)
        forever = _VERSIONED.search(scope["path"])
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if forever else "public, max-age=0, must-revalidate"
        )
        response.headers["Vary"] = "Accept-Encoding"
        if packed and not isinstance(response, NotModifiedResponse):
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Type"] = _content_type(str(full_path))
        return response


def _content_type(path: str) -> str:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
