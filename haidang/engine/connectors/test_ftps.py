"""Explicit TLS with a real client; its certificate is made for the test."""

from __future__ import annotations

import asyncio
import ftplib
import io
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from haidang.engine.connectors.test_ftp import Bench


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "door.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


class Secure:
    """The bench of the FTP door, with a certificate."""

    def __init__(self, folder: Path, *, tls_only: bool = False) -> None:
        pem = _certificate(folder)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(pem)
        self.bench = Bench(folder)
        self.bench.door.tls, self.bench.door._tls_only = server, tls_only
        self.client = ssl.create_default_context(cafile=str(pem))

    async def session(self, talk: Callable[[ftplib.FTP_TLS], None]) -> None:
        def whole() -> None:
            with ftplib.FTP_TLS(context=self.client, timeout=60) as line:  # noqa: S321 - the door under test
                line.connect("localhost", self.bench.port)
                talk(line)

        await asyncio.to_thread(whole)


async def _open(secure: Secure) -> asyncio.Task[None]:
    serving = asyncio.create_task(secure.bench.door.run())
    async with asyncio.timeout(10):
        while not getattr(secure.bench.door, "server", None):  # noqa: ASYNC110 - aioftp does not tell
            await asyncio.sleep(0.01)
    return serving


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[Secure]:
    found = Secure(tmp_path)
    serving = await _open(found)
    yield found
    serving.cancel()
    await asyncio.wait([serving])


def _deliver(line: ftplib.FTP_TLS) -> None:
    line.login("one", "word")
    line.prot_p()
    assert isinstance(line.sock, ssl.SSLSocket)
    line.storbinary("STOR part.tmp", io.BytesIO(b"one\n" * 20_000))
    line.rename("part.tmp", "whole.txt")
    assert "whole.txt" in line.nlst()


async def test_a_file_comes_in_through_tls(secure: Secure) -> None:
    await secure.session(_deliver)
    (arrival,) = secure.bench.arrivals
    assert (arrival.name, arrival.body) == ("whole.txt", b"one\n" * 20_000)


def test_the_loop_of_the_real_doors_does_so_too(tmp_path: Path) -> None:
    async def whole() -> None:
        found = Secure(tmp_path)
        serving = await _open(found)
        for _ in range(5):
            await found.session(_deliver)
        serving.cancel()
        await asyncio.wait([serving])
        assert len(found.bench.arrivals) == 5

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(whole())


async def test_a_plain_client_is_served_beside_it_unless_only_tls_may(secure: Secure) -> None:
    def plain(line: ftplib.FTP) -> None:
        line.storbinary("STOR plain.txt", io.BytesIO(b"one\n"))

    await secure.bench.session(plain)
    secure.bench.door._tls_only = True
    with pytest.raises(ftplib.error_perm, match=r"530.*AUTH TLS.*\n530 .*AUTH TLS"):
        await secure.bench.session(plain)

    def half(line: ftplib.FTP_TLS) -> None:
        line.login("one", "word")
        with pytest.raises(ftplib.error_perm, match="521"):
            line.storbinary("STOR half.txt", io.BytesIO(b"one\n"))

    await secure.session(half)
    await secure.session(_deliver)
    assert [arrival.name for arrival in secure.bench.arrivals] == ["plain.txt", "whole.txt"]


async def test_who_signed_in_before_tls_must_do_so_again(secure: Secure) -> None:
    def talk(line: ftplib.FTP_TLS) -> None:
        line.login("one", "word", secure=False)
        line.auth()
        with pytest.raises(ftplib.error_perm, match="503"):
            line.sendcmd("PWD")
        line.login("one", "word")
        assert line.pwd() == "/"

    await secure.session(talk)


async def test_without_a_certificate_there_is_no_tls(secure: Secure) -> None:
    secure.bench.door.tls = None

    def talk(line: ftplib.FTP_TLS) -> None:
        with pytest.raises(ftplib.error_perm, match="502"):
            line.auth()
        with pytest.raises(ftplib.error_perm, match="503"):
            line.sendcmd("PROT P")

    await secure.session(talk)
