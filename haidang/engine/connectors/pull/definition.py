"""`pull:` of a source: where to fetch, how often, in which portions, and which of its fields mean what."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from haidang.engine.both import both
from haidang.engine.connectors.pull.guard import Place, place_of
from haidang.engine.connectors.pull.trouble import Trouble, told
from haidang.engine.spans import Seconds

Keys = tuple[str | int, ...]
Faults = Iterator[tuple[Keys, str]]


class Fixed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value every row has: `{text: CONG_TRA}`."""

    text: str


# A field of their rows, dots for what stands inside another (`station.code`), or a value for all of them.
Field = str | Fixed


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which fields of their rows are the parts of a reading. A row is one reading (`parameter`, `value`), or one of
    each of several parameters (`values: {PM2.5: pm25, …}`).
    """

    station: Field
    at: Field
    parameter: Field | None = None
    value: Field | None = None
    unit: Field | None = None
    status: Field | None = None
    values: dict[str, str] = {}
    units: dict[str, str] = {}
    # More fields of theirs that stay beside the reading, for whoever traces it.
    keep: list[str] = []
    # iso, seconds, milliseconds, period (2026, 2026-Q3, 2026-09: its end), or a pattern such as %d/%m/%Y %H:%M.
    time: str = "iso"
    # Of times written without one.
    zone: str = "Asia/Ho_Chi_Minh"

    def faults(self) -> Faults:
        if self.values and (self.parameter or self.value or self.unit):
            yield (
                ("values",),
                both(
                    "a row holds either `parameter` and `value`, or `values`",
                    "mỗi dòng có `parameter` và `value`, hoặc `values`: chọn một",
                ),
            )
        if not self.values and not (self.parameter and self.value):
            yield (
                (),
                both(
                    "fields need `parameter` and `value`, or `values`",
                    "fields cần `parameter` và `value`, hoặc `values`",
                ),
            )
        if strange := sorted(self.units.keys() - self.values.keys()):
            yield (
                ("units", strange[0]),
                both(
                    f"units of {strange[0]}, which is not under `values`",
                    f"units của {strange[0]}, không có trong `values`",
                ),
            )
        try:
            ZoneInfo(self.zone)
        except (OSError, ValueError, LookupError):
            yield (
                ("zone",),
                both(
                    f"zone {self.zone!r} is unknown; write for example Asia/Ho_Chi_Minh",
                    f"không biết múi giờ {self.zone!r}; viết ví dụ Asia/Ho_Chi_Minh",
                ),
            )
        if self.time not in ("iso", "seconds", "milliseconds", "period") and not _is_pattern(self.time):
            yield (
                ("time",),
                both(
                    f"time {self.time!r} is iso, seconds, milliseconds, period or like %d/%m/%Y %H:%M",
                    f"time {self.time!r} phải là iso, seconds, milliseconds, period hoặc mẫu như %d/%m/%Y %H:%M",
                ),
            )


def _is_pattern(pattern: str) -> bool:
    moment = datetime(2026, 11, 21)  # noqa: DTZ001 - the zone stands beside the pattern
    try:
        return datetime.strptime(moment.strftime(pattern), pattern) == moment  # noqa: DTZ007
    except ValueError:
        return False


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How their system wants to know us; the secret itself is set by `haidang source credential`."""

    kind: Literal["basic", "bearer", "header", "query", "oauth2"]
    # Of the header or the query parameter.
    name: str = ""
    token_url: str = ""
    scope: str = ""
    # Where OAuth2's client id and secret stand in the request for a token.
    client: Literal["header", "body"] = "header"

    def faults(self) -> Faults:
        if self.kind in ("header", "query") and not self.name:
            yield (
                ("kind",),
                both(
                    f"auth of the kind {self.kind} needs the `name` of it",
                    f"auth kiểu {self.kind} cần `name`",
                ),
            )
        if self.kind == "oauth2":
            yield from url_faults(self.token_url, {"http", "https"}, ("token_url",))


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How their pages follow each other.

    `page`: a number counted up; `offset`: rows to leave out; `cursor`: a token in the answer (`next`) for the next
    request's `parameter`; `link`: the address of the next page in the answer (`next`), or in its Link header.
    """

    kind: Literal["page", "offset", "cursor", "link"]
    parameter: str = ""
    first: int = 1
    size_parameter: str = ""
    size: Annotated[int, msgspec.Meta(ge=2, le=50_000)] = 500
    next: str = ""
    # Where the answer says how many rows there are in all: then the round is counted.
    total: str = ""

    def faults(self) -> Faults:
        if self.kind != "link" and not self.parameter:
            yield (
                ("kind",),
                both(
                    f"paging of the kind {self.kind} needs the name of its `parameter`",
                    f"phân trang kiểu {self.kind} cần tên `parameter`",
                ),
            )
        if self.kind == "cursor" and not self.next:
            yield (
                ("kind",),
                both(
                    "paging by cursor needs `next`: where the answer holds the token",
                    "phân trang kiểu cursor cần `next`: chỗ câu trả lời ghi dấu nối tiếp",
                ),
            )


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask only for what is new: `parameter` is sent with the largest value of `field` that was taken.

    What is written late or corrected a little later is asked for again within `overlap`; it counts as duplicate.
    """

    field: str
    parameter: str
    start: str = ""
    overlap: Seconds = Seconds(0)
    keys_back: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    # As a content file writes times; `key` for a number that only grows, with `keys_back` for an overlap.
    form: Literal["iso", "seconds", "milliseconds", "key"] = "iso"


class _Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    url: str
    every: Seconds
    # Of one request, from the first byte sent to the last one read.
    timeout: Seconds = Seconds(60)
    size_mb: Annotated[int, msgspec.Meta(ge=1, le=64)] = 16
    # Beside the usual one of the scheme and the one in `url`.
    ports: list[Annotated[int, msgspec.Meta(ge=1, le=65535)]] = []

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)

    def place(self) -> Place:
        """Where it goes first. Raises Trouble, but not of content that holds."""
        return place_of(self.url, self.schemes())

    def schemes(self) -> frozenset[str]:
        return frozenset({"http", "https"})

    def open_ports(self) -> frozenset[int]:
        return frozenset({self.place().port, *self.ports})

    def faults(self) -> Faults:
        yield from url_faults(self.url, self.schemes(), ("url",))
        for name, least, most in (("every", 1, 366 * 86400), ("timeout", 1, 3600)):
            if not least <= getattr(self, name) <= most:
                yield (
                    (name,),
                    both(
                        f"{name} is not between {least} s and {most} s",
                        f"{name} không trong khoảng {least}–{most} giây",
                    ),
                )
        for name in ("fields", "auth", "paging", "table"):
            part = getattr(self, name, None)
            for keys, message in part.faults() if part else ():
                yield (name, *keys), message


class _Web(_Common, frozen=True, forbid_unknown_fields=True, kw_only=True):
    auth: Auth | None = None
    headers: dict[str, str] = {}
    fields: Fields | None = None


class Rest(_Web, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="rest"):
    """A JSON service."""

    # Where the list of rows stands in the answer; empty: the answer is the list.
    rows: str = ""
    paging: Paging | None = None
    since: Since | None = None

    def faults(self) -> Faults:
        yield from super().faults()
        if self.fields is None and (self.rows or self.paging or self.since):
            yield (
                ("fields",),
                both(
                    "`rows`, `paging` and `since` need `fields`: without them an answer is taken as it is",
                    "`rows`, `paging` và `since` cần `fields`: không có thì câu trả lời được nhận nguyên",
                ),
            )


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a file of rows is written: .csv, or .xlsx, .xls, .ods of the shape of one."""

    # The row with the names of the columns; the sheet, the first one where it is empty.
    header: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    sheet: str = ""
    # Of text; empty: the one of , ; | and tab that the row of names has most of.
    separator: str = ""
    encoding: str = "utf-8"

    def faults(self) -> Faults:
        if len(self.separator) > 1:
            yield ("separator",), both("separator is one character", "separator là một ký tự")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            yield (
                ("encoding",),
                both(
                    f"encoding {self.encoding!r} is unknown; write utf-8, utf-16 or cp1258",
                    f"không biết bảng mã {self.encoding!r}; viết utf-8, utf-16 hoặc cp1258",
                ),
            )


class File(_Web, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="file"):
    """A file at an address, fetched again when it is another one."""

    table: Table | None = None

    def faults(self) -> Faults:
        yield from super().faults()
        if self.table is not None and self.fields is None:
            yield (
                ("table",),
                both(
                    "`table` needs `fields`: without them a file is taken as it is",
                    "`table` cần `fields`: không có thì tệp được nhận nguyên",
                ),
            )


class Sftp(_Common, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="sftp"):
    """Files of a folder on an SFTP server: `sftp://host/folder`."""

    # Fingerprints of the server, as ssh-keygen -l shows them; more than one where it will get another key.
    host_keys: Annotated[list[str], msgspec.Meta(min_length=1)]
    pattern: str = "*"
    # A file changed less long ago may still be written to: it waits.
    settle: Seconds = Seconds(60)
    table: Table | None = None
    fields: Fields | None = None

    def schemes(self) -> frozenset[str]:
        return frozenset({"sftp"})

    def faults(self) -> Faults:
        yield from super().faults()
        for number, key in enumerate(self.host_keys):
            if not re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", key):
                yield (
                    ("host_keys", number),
                    both(
                        f"{key!r} is no fingerprint: write SHA256: and 43 letters",
                        f"{key!r} không phải dấu vân tay khóa: viết SHA256: và 43 chữ",
                    ),
                )
        if self.table is not None and self.fields is None:
            yield (
                ("table",),
                both(
                    "`table` needs `fields`: without them a file is taken as it is",
                    "`table` cần `fields`: không có thì tệp được nhận nguyên",
                ),
            )


class Sdmx(_Web, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="sdmx"):
    """Data of a statistics office: the address of one data query of SDMX REST."""

    fields: Fields
    # Ask only for what was changed since the last run; a service that does not know this gives everything.
    updated_after: bool = False


class Ckan(_Web, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="ckan"):
    """A resource of a CKAN portal: `url` is that of the portal."""

    resource: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    take: Literal["datastore", "file"] = "datastore"
    size: Annotated[int, msgspec.Meta(ge=2, le=32_000)] = 1_000
    table: Table | None = None

    def faults(self) -> Faults:
        yield from super().faults()
        if self.fields is None and (self.take == "datastore" or self.table is not None):
            yield (
                ("fields",),
                both(
                    "the datastore and `table` need `fields`: without them a file is taken as it is",
                    "datastore và `table` cần `fields`: không có thì tệp được nhận nguyên",
                ),
            )


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The column by which a query goes on from where it ended: a number that only grows, or a time."""

    column: str
    kind: Literal["key", "time"]
    start: str = ""
    # Of a time: what is written late. Of a key: numbers given out and committed later than larger ones.
    overlap: Seconds = Seconds(0)
    keys_back: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class Sql(_Common, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="sql"):
    """A query on a database: `postgresql://host/database`."""

    query: str
    fields: Fields
    step: Step | None = None
    batch: Annotated[int, msgspec.Meta(ge=10, le=50_000)] = 5_000
    # verify: the certificate is that of the host; encrypt: whoever it is; off.
    tls: Literal["verify", "encrypt", "off"] = "verify"

    def schemes(self) -> frozenset[str]:
        return frozenset({"postgresql"})

    @property
    def since(self) -> Since | None:
        """The step as all connectors keep it."""
        if self.step is None:
            return None
        form: Literal["key", "iso"] = "key" if self.step.kind == "key" else "iso"
        return Since(
            field=self.step.column, parameter="", start=self.step.start, overlap=self.step.overlap,
            keys_back=self.step.keys_back, form=form,
        )  # fmt: skip

    def faults(self) -> Faults:
        yield from super().faults()
        if ";" in self.query or not re.match(r"\s*(?:select|with|values|table)\b", self.query, re.IGNORECASE):
            yield (
                ("query",),
                both(
                    "query is one SELECT, without a semicolon",
                    "query là một câu SELECT, không có dấu chấm phẩy",
                ),
            )
        if not re.fullmatch(r"[a-z]+://[^/?#]+/[^/?#]+", self.url):
            yield (
                ("url",),
                both(
                    "url names one database: postgresql://host/database",
                    "url chỉ một cơ sở dữ liệu: postgresql://máy/tên",
                ),
            )


Pull = Rest | File | Sftp | Sql | Sdmx | Ckan


def url_faults(url: str, schemes: frozenset[str] | set[str], keys: Keys) -> Faults:
    """What is wrong with an address as it is written; where it leads is seen when it is used."""
    try:
        place_of(url, schemes)
    except Trouble as trouble:
        words = told(trouble.reason, trouble.detail)
        yield keys, both(words.en, words.vi)
