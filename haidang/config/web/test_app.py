"""What every answer of the web process carries, whoever gives it."""

import json
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings
from django.urls import reverse

from haidang.config.web.trial import Trial

PMTILES = "/static/vendor/pmtiles@{}/dist/pmtiles.js"


def version_of(name: str) -> str:
    package = json.loads((settings.PROJECT / "package.json").read_text())
    return str(package["dependencies"][name])


@pytest.mark.parametrize("path", ["/healthz", "/static/mark.svg", "/live", "/", "/nowhere"])
def test_every_answer_is_protected(web: Trial, path: str) -> None:
    headers = httpx.get(web.url + path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_health_and_readiness(web: Trial) -> None:
    assert httpx.get(f"{web.url}/healthz").text == "ok\n"
    ready = httpx.get(f"{web.url}/readyz").json()
    assert ready == {"ready": True, "database": "ok", "migrations": "ok", "changes": "ok"}


def test_a_host_that_is_not_ours_is_refused(web: Trial) -> None:
    for path in ("/healthz", "/static/mark.svg", "/live", "/"):
        assert httpx.get(web.url + path, headers={"Host": "evil.example"}).status_code == 400


def test_metrics_are_for_this_machine_only(web: Trial) -> None:
    assert "haidang_requests_total" in httpx.get(f"{web.url}/metrics").text
    through_proxy = httpx.get(f"{web.url}/metrics", headers={"X-Forwarded-For": "10.0.0.9"})
    assert through_proxy.status_code == 403


def test_reports_of_the_policy_are_counted_whatever_they_contain(web: Trial) -> None:
    good = {"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "inline"}}
    for body in (json.dumps(good).encode(), b"[", b"[1]", b"[" * 9000, b"\xff", b"x" * 99_999):
        assert httpx.post(f"{web.url}/csp-report", content=body).status_code in (204, 413)
    assert web.metric("haidang_csp_reports_total") == 6


def test_ranges_gzip_and_caching_of_files(web: Trial) -> None:
    path = PMTILES.format(version_of("pmtiles"))
    whole = httpx.get(web.url + path, headers={"Accept-Encoding": "identity"})
    part = httpx.get(web.url + path, headers={"Range": "bytes=10-19", "Accept-Encoding": "identity"})
    packed = httpx.get(web.url + path, headers={"Accept-Encoding": "gzip"})
    assert part.status_code == 206
    assert part.content == whole.content[10:20]
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == whole.content
    assert packed.headers["content-type"] == whole.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in whole.headers["cache-control"]
    again = httpx.get(
        web.url + path, headers={"If-None-Match": packed.headers["etag"], "Accept-Encoding": "gzip"}
    )
    assert again.status_code == 304
    for wrong in (
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/vendor",
        "/static/nothing.js",
    ):
        assert httpx.get(web.url + wrong).status_code == 404


def test_raw_bytes_in_the_address_are_refused_and_headers_with_underscores_ignored(web: Trial) -> None:
    address = urlsplit(web.url)
    for query, status in ((b"\xe1\xbb\x87", b"400"), (b"/", b"200")):
        head = f"GET {reverse('account_login')}?next=".encode() + query + b" HTTP/1.0\r\n"
        with socket.create_connection((address.hostname, address.port)) as raw:
            raw.sendall(head + f"Host: {address.netloc}\r\nX_Forwarded_Host: evil.example\r\n\r\n".encode())
            answer = raw.makefile("rb").read()
        assert answer.split(b" ")[1] == status
        assert b"evil.example" not in answer


def test_addresses_of_third_party_files_name_the_pinned_versions() -> None:
    package = json.loads((settings.PROJECT / "package.json").read_text())["dependencies"]
    places = [
        *(settings.PACKAGE).rglob("*.html"),
        *(settings.PROJECT / "web").rglob("*.ts"),
        *(settings.PROJECT / "web").rglob("*.css"),
    ]
    found = 0
    for place in places:
        for name, version in re.findall(
            r"/static/vendor/((?:@[\w-]+/)?[\w.-]+)@([\d.]+)/", place.read_text()
        ):
            assert package[name] == version, f"{place}: {name}@{version}, package.json has {package[name]}"
            found += 1
    assert found >= 2


def test_the_lock_names_no_registry() -> None:
    lock = Path(settings.PROJECT, "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "http" not in re.sub(r'"url": "[^"]*"', "", lock)
