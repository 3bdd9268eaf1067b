"""Fetch, extract, correct, write: the data files are committed, so nobody else needs this or the network."""

from __future__ import annotations

import argparse
import pathlib
import tempfile

from tools.prepare_places import outlines, packages, register

DATA = pathlib.Path(__file__).parents[2] / "haidang" / "engine" / "places" / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=pathlib.Path, help="folder for the downloaded packages (kept)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sources = arguments.sources or pathlib.Path(scratch)
        packages.fetch(sources)
        DATA.mkdir(exist_ok=True)
        communes = register.write(sources, DATA)
        outlines.write(sources, DATA, communes)


if __name__ == "__main__":
    main()
