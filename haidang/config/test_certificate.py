"""A certificate that cannot be used is told at start, with the name of its setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.config import doors as module


@pytest.mark.parametrize(
    ("certificate", "only", "said"),
    [
        ("missing.pem", False, "HAIDANG_FTP_CERTIFICATE or"),
        ("bad.pem", False, "cannot be used"),
        (None, True, "ONLY needs"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: str | None, only: bool, said: str
) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    path = str(tmp_path / certificate) if certificate else None
    monkeypatch.setattr(module.settings, "HAIDANG_FTP_CERTIFICATE", path)
    monkeypatch.setattr(module.settings, "HAIDANG_FTP_TLS_ONLY", only)
    with pytest.raises(SystemExit, match=said):
        module._certificate()
