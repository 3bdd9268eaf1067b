"""Nobody's address makes the centre connect to itself: a real server counts who comes, and none does."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from haidang.engine.connectors.pull import web
from haidang.engine.connectors.pull.guard import Guard, Internal, kind_of, place_of
from haidang.engine.connectors.pull.trouble import Trouble
from haidang.engine.connectors.pull.web import Web

HTTP = frozenset({"http", "https"})


@dataclass
class Listener:
    """Counts connections on 127.0.0.1 and ::1, and answers the first of them with `answer`."""

    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    came: int = 0
    asked: list[bytes] = field(default_factory=list)
    port: int = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    sockets = [socket.create_server(("127.0.0.1", 0))]
    listener.port = sockets[0].getsockname()[1]
    if socket.has_ipv6:
        sockets.append(socket.create_server(("::1", listener.port), family=socket.AF_INET6))
    servers = [await asyncio.start_server(listener.take, sock=one) for one in sockets]
    yield listener
    for server in servers:
        server.close()
        await server.wait_closed()


def resolver(**names: str | list[str]):
    """Names to addresses; a list is answered one after the other, the last one from then on."""

    async def resolve(host: str, port: int) -> Collection[str]:
        found = names.get(host.replace(".", "_").replace("-", "_"), "203.0.113.1")
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return found.split()

    return resolve


async def ask(guard: Guard, url: str, *ports: int, **more) -> bytes:
    client = Web(guard, ports=frozenset(ports), timeout_s=5, size_mb=1)
    try:
        async with client.ask(url, {}, **more) as answer:
            return await answer.whole()
    finally:
        await client.close()


FORMS = [
    # IPv4, as it is and as only some readers take it
    "http://127.0.0.1:{p}/", "http://127.0.0.2:{p}/", "http://127.255.255.254:{p}/", "http://0.0.0.0:{p}/",
    "http://0:{p}/", "http://127.1:{p}/", "http://127.0.1:{p}/", "http://2130706433:{p}/", "http://017700000001:{p}/",
    "http://0x7f000001:{p}/", "http://0x7f.0x0.0x0.0x1:{p}/", "http://0177.0.0.1:{p}/", "http://0177.0.0.01:{p}/",
    "http://127.000.000.001:{p}/", "http://0x7f.1:{p}/", "http://127.0.0.1.:{p}/", "http://127.0.0.256:{p}/",
    "http://0x:{p}/", "http://1.2.3.0x1:{p}/", "http://10.0.0.1:{p}/", "http://172.16.3.4:{p}/",
    "http://172.31.255.255:{p}/", "http://192.168.1.1:{p}/", "http://169.254.169.254:{p}/latest/meta-data/",
    "http://169.254.0.1:{p}/", "http://100.64.0.1:{p}/", "http://100.100.100.200:{p}/", "http://168.63.129.16:{p}/", "http://224.0.0.251:{p}/",
    "http://239.255.255.250:{p}/", "http://240.0.0.1:{p}/", "http://255.255.255.255:{p}/", "http://192.0.0.8:{p}/",
    "http://192.0.2.7:{p}/", "http://198.18.0.1:{p}/",
    # IPv6, and IPv4 inside it
    "http://[::1]:{p}/", "http://[0:0:0:0:0:0:0:1]:{p}/", "http://[::]:{p}/", "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::ffff:7f00:1]:{p}/", "http://[0:0:0:0:0:ffff:127.0.0.1]:{p}/", "http://[::ffff:0:127.0.0.1]:{p}/",
    "http://[::127.0.0.1]:{p}/", "http://[::ffff:8.8.8.8]:{p}/", "http://[64:ff9b::7f00:1]:{p}/",
    "http://[64:ff9b:1::7f00:1]:{p}/", "http://[2002:7f00:1::]:{p}/", "http://[2001::1]:{p}/",
    "http://[fe80::5efe:7f00:1]:{p}/", "http://[2606:4700::5efe:127.0.0.1]:{p}/", "http://[fe80::1]:{p}/",
    "http://[fe80::1%25lo]:{p}/", "http://[::1%lo]:{p}/", "http://[fc00::1]:{p}/", "http://[fd00:ec2::254]:{p}/",
    "http://[fec0::1]:{p}/", "http://[ff02::1]:{p}/", "http://[2001:db8::1]:{p}/", "http://::1:{p}/",
    "http://[127.0.0.1]:{p}/", "http://[::1:{p}/",
    # names
    "http://localhost:{p}/", "http://LOCALHOST:{p}/", "http://localhost.:{p}/", "http://x.localhost:{p}/",
    "http://intranet:{p}/", "http://db.internal:{p}/", "http://metadata.google.internal:{p}/", "http://so.local:{p}/",
    "http://home.vn.:{p}/", "http://private.vn:{p}/", "http://mixed.vn:{p}/", "http://six.vn:{p}/",
    "http://mapped.vn:{p}/", "http://.vn:{p}/", "http://a..vn:{p}/", "http://-a.vn:{p}/", "http://nói.vn:{p}/",
    "http://ｌocalhost:{p}/", "http://①②⑦.⓪.⓪.①:{p}/", "http://127。0。0。1:{p}/", "http://loc\u00adalhost:{p}/",
    "http://xn--nothing-.vn:{p}/",
    # what two readers take for two hosts
    "http://good.vn@127.0.0.1:{p}/", "http://127.0.0.1:{p}@good.vn/", "http://user:geheim@localhost:{p}/",
    "http://127.0.0.1:{p}\\@good.vn/", "http://good.vn\\@127.0.0.1:{p}/", "http://127.0.0.1%2f@good.vn:{p}/",
    "http://localhost%00.good.vn:{p}/", "http://127.0.0.1:{p}\t/", " http://127.0.0.1:{p}/", "http://127.0.0.1\n:{p}/",
    "http:///127.0.0.1:{p}/", "http:127.0.0.1:{p}/", "//127.0.0.1:{p}/", "127.0.0.1:{p}/", "http://:{p}/", "http://#@127.0.0.1:{p}/",
    "http://127.0.0.1:０{p}/", "http://127.0.0.1:{p}{p}/", "http://127.0.0.1:-1/", "http://good.vn:22/",
    # other schemes
    "file:///etc/passwd", "gopher://127.0.0.1:{p}/", "ftp://127.0.0.1:{p}/", "dict://127.0.0.1:{p}/",
    "unix:///run/docker.sock", "data:,x", "jar:http://127.0.0.1:{p}/!/", "javascript:alert(1)", "HTTP+UNIX://%2f/",
]  # fmt: skip
LEADS = resolver(
    home_vn="127.0.0.1", private_vn="10.1.2.3", mixed_vn="203.0.113.9 127.0.0.1", six_vn="::1",
    mapped_vn="::ffff:127.0.0.1", xn__ni_pma_vn="127.0.0.1", nothing="127.0.0.1",
)  # fmt: skip


async def test_no_form_of_an_address_reaches_this_machine(listener: Listener) -> None:
    guard = Guard(resolve=LEADS)
    assert len(FORMS) == len(set(FORMS)) >= 60
    for form in FORMS:
        url = form.replace("{p}", str(listener.port))
        with pytest.raises(Trouble) as told:
            await ask(guard, url, listener.port)
        assert told.value.reason in {"bad_url", "scheme", "port", "closed_address", "closed_name"}, form
        assert "geheim" not in str(told.value.detail), form
    assert listener.came == 0


async def test_a_resolver_that_changes_its_answer_is_asked_once_and_the_connection_is_pinned(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    connected: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8", "2001:4860:4860::8888"] if len(asked) == 1 else ["127.0.0.1"]

    async def connect(self: object, host: str, port: int, **_: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    guard = Guard(resolve=rebinding)
    with pytest.raises(Trouble, match="unreachable"):
        await ask(guard, f"http://a.vn:{listener.port}/", listener.port)
    assert (asked, connected) == (["a.vn"], ["8.8.8.8", "2001:4860:4860::8888"])
    with pytest.raises(Trouble, match="closed_address"):
        await ask(guard, f"http://a.vn:{listener.port}/", listener.port)
    assert len(connected) == 2
    assert listener.came == 0


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://127.0.0.2:{p}/", "closed_address"), ("http://[::1]:{p}/", "closed_address"),
        ("//localhost:{p}/", "closed_name"), ("http://2130706433:{p}/", "bad_url"), ("file:///etc/passwd", "scheme"),
        ("http://127.0.0.1:1/", "port"), ("http://home.vn:{p}/", "closed_address"), ("http://x@127.0.0.1:{p}/", "bad_url"),
        ("/again", "redirect"), ("", "redirect"),
    ],
)  # fmt: skip
async def test_a_redirect_is_judged_like_the_first_address(
    listener: Listener, target: str, reason: str
) -> None:
    where = target.replace("{p}", str(listener.port))
    listener.answer = (
        f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )
    guard = Guard(Internal.of(f"127.0.0.1:{listener.port}"), LEADS)
    with pytest.raises(Trouble, match=reason):
        await ask(guard, f"http://127.0.0.1:{listener.port}/", listener.port)
    # Only the allowed address was asked: once, or for as long as it sent us on to itself.
    assert listener.came == (6 if target == "/again" else 1)


async def test_what_an_administrator_names_is_reached_and_nothing_beside_it(listener: Listener) -> None:
    here = f"http://127.0.0.1:{listener.port}/x?y=1"
    allowed = Guard(Internal.of(f"127.0.0.1:{listener.port}"), LEADS)
    assert await ask(allowed, here, listener.port, secret_headers={"X-Key": "k"}) == b"{}"
    assert listener.asked[0].startswith(b"GET /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"X-Key: k" in listener.asked[0]
    for other in (f"http://127.0.0.2:{listener.port}/", f"http://home.vn:{listener.port}/"):
        with pytest.raises(Trouble, match="closed_address"):
            await ask(allowed, other, listener.port)
    # A name may lead into the office's network, but never to this machine, to link-local or to the metadata.
    for lead, is_open in (("10.0.0.1", True), ("fd12::1", True), ("100.64.1.1", True), ("127.0.0.1", False),
                          ("169.254.169.254", False), ("::1", False), ("::ffff:10.0.0.1", False)):  # fmt: skip
        named = Guard(Internal.of("db.so.vn:81, other"), resolver(db_so_vn=lead))
        place = place_of("http://db.so.vn:81/", HTTP)
        if is_open:
            assert [str(one) for one in await named.addresses(place, {81})] == [lead]
        else:
            with pytest.raises(Trouble, match="closed_address"):
                await named.addresses(place, {81})
    with pytest.raises(Trouble, match="closed_address"):  # the entry names another port
        await Guard(Internal.of("db.so.vn:81"), resolver(db_so_vn="10.0.0.1")).addresses(
            place_of("http://db.so.vn/", HTTP), {81}
        )
    for never in ("169.254.169.254", "224.0.0.1", "0.0.0.0", "::ffff:7f00:1"):  # noqa: S104 - not bound
        url = f"http://[{never}]/" if ":" in never else f"http://{never}/"
        with pytest.raises(Trouble, match="closed_address"):
            Guard(Internal.of(never)).admit(place_of(url, HTTP), {80})
    with pytest.raises(ValueError, match=r"a\.\.b"):
        Internal.of("10.0.0.0/8, a..b")


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "203.162.0.11", "2001:4860:4860::8888", "2402:800:20ff::1"]
)
def test_addresses_of_the_public_internet_are_open(text: str) -> None:
    assert kind_of(ip_address(text)) == ""


async def test_a_bomb_a_flood_and_a_silent_server_end_at_their_bounds(listener: Listener) -> None:
    guard = Guard(Internal.of(f"127.0.0.1:{listener.port}"))
    url = f"http://127.0.0.1:{listener.port}/"
    bomb = gzip.compress(b"0" * (8 << 20))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    listener.answer = head.encode() + bomb
    with pytest.raises(Trouble, match="too_large"):
        await ask(guard, url, listener.port)
    listener.answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * (2 << 20)
    with pytest.raises(Trouble, match="too_large"):
        await ask(guard, url, listener.port)
    listener.answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"
    with pytest.raises(Trouble, match="encoding"):
        await ask(guard, url, listener.port)
    listener.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"
    with pytest.raises(Trouble, match="broken_off"):
        await ask(guard, url, listener.port)
    listener.answer = b"nonsense\r\n\r\n"
    with pytest.raises(Trouble, match="broken_off"):
        await ask(guard, url, listener.port)


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    is_over = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1")
        await is_over.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = Web(Guard(Internal.of("127.0.0.1")), ports=frozenset({port}), timeout_s=0.05, size_mb=1)
        with pytest.raises(Trouble, match="too_slow"):
            async with client.ask(f"http://127.0.0.1:{port}/", {}) as answer:
                await answer.whole()
        await client.close()
        is_over.set()


def certificate(name: str, folder: Path) -> Path:
    """A certificate of its own authority for one host, with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(pem) + secret)
    return path


async def test_the_pinned_connection_still_asks_for_the_certificate_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """a.vn and b.vn lead to one public address, which stands here for a server with the certificate of a.vn."""
    listener, pem = Listener(), certificate("a.vn", tmp_path)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(pem)
    server = await asyncio.start_server(listener.take, "127.0.0.1", 0, ssl=served)
    port = server.sockets[0].getsockname()[1]
    connect, met = httpcore.AnyIOBackend.connect_tcp, []

    async def here(self: httpcore.AnyIOBackend, host: str, port_: int, **more: object) -> object:
        met.append((host, port_))
        return await connect(self, "127.0.0.1", port, **more)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", here)
    guard = Guard(resolve=resolver(a_vn="8.8.8.8", b_vn="8.8.8.8"))
    async with server:
        with pytest.raises(Trouble, match="tls"):  # an authority nobody knows
            await ask(guard, "https://a.vn/")
        monkeypatch.setattr(web, "_tls", lambda: ssl.create_default_context(cafile=str(pem)))
        assert await ask(guard, "https://a.vn/") == b"{}"
        with pytest.raises(Trouble, match="tls") as told:  # the same machine under another name
            await ask(guard, "https://b.vn/")
    assert "b.vn" in told.value.detail["cause"] or "mismatch" in told.value.detail["cause"].lower()
    assert set(met) == {("8.8.8.8", 443)}
    assert listener.came == 1
    assert b"Host: a.vn\r\n" in listener.asked[0]
