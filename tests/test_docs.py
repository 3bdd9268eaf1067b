"""What the documents tell people to type works, word for word."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from haidang.config.broker import free_port
from haidang.config.cli.import_ import import_
from haidang.config.supervisor.trial import Trial
from haidang.engine.submissions.forms import ENDINGS

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: Path) -> list[str]:
    """The shell blocks of a document, as they stand."""
    return _BLOCK.findall(document.read_text(encoding="utf-8"))


def run(script: str, folder: Path, env: dict[str, str], *, patience_s: float) -> tuple[int, str]:
    """The blocks as one person would type them into one shell; whatever they started ends with them."""
    said = folder.with_suffix(".out")
    with said.open("wb") as out:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder, env=env, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        try:
            code = shell.wait(patience_s)
        except subprocess.TimeoutExpired:
            code = 124
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)  # a block that failed leaves its centre running
        shell.wait(60)
    return code, said.read_text(errors="replace")


def typed(document: str, tmp_path: Path, first: int | None = None) -> str:
    """What the blocks of a how-to say (its `first` ones, or all) when they are typed in an empty folder."""
    empty = tmp_path / "empty"
    empty.mkdir()
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = "\n".join(blocks(DOCS / "howto" / document)[:first])
    code, said = run(script, empty, env, patience_s=120)
    assert code == 0, said
    return said


def test_adding_a_source_works_word_for_word_in_an_empty_folder():
    base = Path(tempfile.mkdtemp(prefix="haidang-docs-"))
    base.chmod(0o755)  # PostgreSQL runs as an unprivileged account when the tests run as root
    home, empty = base / "home", base / "empty"
    empty.mkdir()
    env = Trial(home).env
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    script = "\n".join(blocks(DOCS / "howto" / "add-a-source.md"))
    code, said = run(script, empty, env, patience_s=240)
    logs = "\n".join(log.read_text(errors="replace")[-2000:] for log in home.glob("log/*.log"))
    shutil.rmtree(base, ignore_errors=True)
    assert code == 0, f"{said}\n{logs}"
    assert "4 content files hold together" in said
    assert '"value": 1.95' in said
    assert '"status": "flagged"' in said
    assert "ok  sluices.sluice_messages: nhận 3 = lưu 2 + trùng 0 + từ chối 1" in said


def test_the_rules_over_published_figures_hold_together(tmp_path: Path) -> None:
    said = typed("write-a-rule.md", tmp_path)
    assert "2 content files hold together" in said
    assert "3 content files hold together" in said


def test_the_files_of_pulling_from_a_system_hold_together(tmp_path: Path) -> None:
    said = typed("pull-from-a-system.md", tmp_path, first=3)
    assert "3 content files hold together" in said


@pytest.mark.long
def test_pulling_from_a_system_works_word_for_word_in_an_empty_folder():
    base = Path(tempfile.mkdtemp(prefix="haidang-docs-"))
    base.chmod(0o755)
    home, empty = base / "home", base / "empty"
    empty.mkdir()
    env = {**Trial(home).env, "SERVICE_PORT": str(free_port())}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    script = "\n".join(blocks(DOCS / "howto" / "pull-from-a-system.md"))
    code, said = run(script, empty, env, patience_s=240)
    logs = "\n".join(log.read_text(errors="replace") for log in home.glob("log/*.log"))
    texts = [
        path.read_text(errors="replace")
        for path in home.rglob("*")
        if path.is_file() and "pg" not in path.parts
    ]
    key = (home / "pull-key").stat().st_mode & 0o777
    shutil.rmtree(base, ignore_errors=True)
    assert code == 0, f"{said}\n{logs[-5000:]}"
    assert "3 content files hold together" in said
    assert "ok  sluices.sluice_service: nhận 7 = lưu 6 + trùng 0 + từ chối 1" in said
    assert "!   kéo về: sluices.sluice_service: Không kết nối được 127.0.0.1" in said
    assert "no_credential" in logs  # the first pull, before there was one
    assert key == 0o600
    # The token stands in no file of the home: no log, no state, no trace.
    assert not [text for text in [said, *texts] if "muoi-bien" in text]


def test_checking_an_excel_file_works_word_for_word_in_an_empty_folder(tmp_path: Path) -> None:
    said = typed("check-an-excel-file.md", tmp_path)
    assert "có phải đơn vị là nghìn đồng?" in said
    assert "('C4', 31.25, 31250)" in said
    assert "('B4', '12.500', 12500)" in said


def test_the_documents_name_the_forms_of_files_that_are_taken() -> None:
    for document in ("check-an-excel-file.md", "add-a-statistics-domain.md"):
        said = (DOCS / "howto" / document).read_text(encoding="utf-8")
        assert [ending for ending in ENDINGS if ending not in said] == [], document
    assert all(ending in (import_.help or "") for ending in ENDINGS)


def test_adding_a_statistics_domain_proposes_word_for_word_in_an_empty_folder(tmp_path: Path) -> None:
    said = typed("add-a-statistics-domain.md", tmp_path)
    assert "2/2 ô là số (1 ô viết dạng chữ)" in said
    assert "×   E  dien_thoai" in said


def test_counting_working_days_works_word_for_word_in_an_empty_folder(tmp_path: Path) -> None:
    said = typed("count-working-days.md", tmp_path)
    assert "Hạn trả: 2026-02-27T17:00+07:00\ntrong hạn, còn 3 ngày làm việc" in said
    assert "2027: lịch dự kiến" in said
    assert "2027: đã quyết định" in said
    assert "2 content files hold together" in said
    assert "Hạn trả: 2027-09-11T17:00+07:00" in said


def test_scoring_public_services_works_word_for_word_in_an_empty_folder(tmp_path: Path) -> None:
    said = typed("score-public-services.md", tmp_path)
    assert "Sở Xây dựng: 19,17 điểm trên 20 điểm tính được" in said
    assert "Sở Tư pháp: 100% của 20 điểm tính được, 12 hồ sơ (ít hồ sơ, không xếp hạng)" in said
    assert "Toàn tỉnh: nhận 40" in said
    assert "Toàn tỉnh: 25,1 điểm trên 32 điểm tính được" in said
    assert "Văn phòng: 10 điểm trên 10 điểm tính được" in said


def test_each_document_of_howto_has_blocks_that_are_shell():
    for document in sorted((DOCS / "howto").glob("*.md")):
        for block in blocks(document):
            done = subprocess.run(["bash", "-n", "-c", block], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{document.name}: {done.stderr}"
