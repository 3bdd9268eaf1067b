"""Files are written once, those asked for longest ago go first, and several processes may do both at once."""

from __future__ import annotations

import os

import pytest

from haidang.engine.opendata import shelf


def test_a_file_that_goes_at_the_moment_it_is_asked_for_is_made_again_and_never_empty() -> None:
    path = shelf.kept("a.csv", [b"a,b\r\n"])
    path.unlink()
    assert not shelf._asked_for(path)
    assert not path.exists()
    assert shelf.kept("a.csv", [b"a,b\r\n"]).read_bytes() == b"a,b\r\n"


def test_what_was_asked_for_longest_ago_goes_also_while_another_process_tidies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelf, "MOST_FILES", 3)
    for number in range(3):
        os.utime(shelf.kept(f"{number}.csv", [b"x"]), (number, number))
    # What the other process has just taken away: listed still, and not there any more.
    (shelf.folder() / "gone.csv").symlink_to(shelf.folder() / "nowhere")
    shelf.kept("0.csv", [b"not written: it is there"])
    shelf.kept("3.csv", [b"x"])
    left = sorted(entry.name for entry in shelf.folder().iterdir() if entry.exists())
    assert left == ["0.csv", "2.csv", "3.csv"]
