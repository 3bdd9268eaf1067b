"""Words of the screens: Vietnamese in the source, every other language in haidang/locale.

`python tools/translations.py update [OTHER.po]` writes new strings into the catalogues (with the translations that another
catalogue has, after a merge), `check` says what is missing or wrong,
`compile` makes the files Django reads. No gettext programs are needed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "haidang"
LOCALE = PACKAGE / "locale"
IDLE_HEADERS = (
    b'"Project-Id',
    b'"Report-',
    b'"POT-',
    b'"PO-Revision',
    b'"Last-T',
    b'"Language-Team',
    b'"Generated',
)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("gettext_lazy", "gettext_noop", "_lazy", "N_", "said")),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Strings of a program's own command line, tests and demo are for those who run it: English.
APART = ("test_", "conftest", "/migrations/", "/cli/")


def sources() -> Iterator[Path]:
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        if not any(part in path.as_posix() for part in APART):
            yield path


def _python_of(path: Path) -> bytes:
    """A template as the Python that Django's own extractor makes of it."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    lines = templatize(path.read_text(), origin=str(path)).splitlines()
    # Whatever is not a call has become X; without indentation the tokenizer does not mind it.
    return "\n".join(line.strip() for line in lines).encode()


def strings() -> Catalog:
    """Every translatable string of the tree, with where it stands."""
    catalog = Catalog(domain="django", charset="utf-8")
    for path in sources():
        text = _python_of(path) if path.suffix == ".html" else path.read_bytes()
        for line, function, messages, _ in extract_python(io.BytesIO(text), KEYWORDS, [], {}):
            _add(catalog, path, line, str(function), messages)
    return catalog


def _add(catalog: Catalog, path: Path, line: int, function: str, messages: object) -> None:
    parts = messages if isinstance(messages, tuple) else (messages,)
    spec = KEYWORDS.get(function) or (1,)
    context = next((parts[s[0] - 1] for s in spec if isinstance(s, tuple)), None)
    found = [parts[s - 1] for s in spec if isinstance(s, int) and s <= len(parts)]
    if not found or not all(isinstance(text, str) and text for text in found):
        return
    identity = tuple(found) if len(found) > 1 else found[0]
    catalog.add(identity, locations=[(path.relative_to(PROJECT).as_posix(), line)], context=context)


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    return sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str = "en", other: Path | None = None) -> None:
    """`other` is a catalogue from which strings that lack a translation here take theirs."""
    path = catalogue_path(language)
    found = strings()
    catalog = read(language) if path.exists() else Catalog(locale=language, domain="django", charset="utf-8")
    # A translation guessed from a similar string looks right and is not: none is guessed.
    catalog.update(found, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    if other is not None:
        _take(catalog, other, language)
    catalog.header_comment, catalog.fuzzy = f"# {language}: words of the screens", False
    write(language, catalog)


def _take(catalog: Catalog, other: Path, language: str) -> None:
    with other.open("rb") as file:
        theirs = read_po(file, locale=language)
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        there = theirs.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if message.id and not any(texts) and there is not None:
            message.string = there.string


def write(language: str, catalog: Catalog) -> None:
    """Without the header lines that change on every run or name nobody."""
    out = io.BytesIO()
    # By what they say, without where they stand: two branches that add strings then seldom touch the same lines.
    write_po(out, catalog, sort_output=True, no_location=True, width=110)
    kept = [line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(IDLE_HEADERS)]
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(kept))


def compile_all() -> None:
    for language in languages():
        with catalogue_path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))


def problems(language: str = "en") -> list[str]:
    """Strings without a translation, and translations whose placeholders differ."""
    catalog = read(language)
    found = []
    for message in strings():
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        there = catalog.get(ids[0], message.context)
        texts = (
            []
            if there is None
            else [there.string]
            if isinstance(there.string, str)
            else list(there.string or [])
        )
        if not texts or not all(texts):
            found.append(f"{_place(message)}: no {language} for {message.id!r}")
        else:
            found += [
                f"{_place(message)}: {text!r}: other placeholders" for text in texts if not _fits(ids, text)
            ]
    return found


def _place(message: Message) -> str:
    return ":".join(map(str, message.locations[0])) if message.locations else "?"


_PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")


def _fits(ids: list[str], text: str) -> bool:
    wanted = {mark for one in ids for mark in _PLACEHOLDER.findall(one)}
    given = set(_PLACEHOLDER.findall(text))
    # A singular may spell its number out.
    return given <= wanted if len(ids) > 1 else given == wanted


if __name__ == "__main__":
    wish = sys.argv[1] if len(sys.argv) > 1 else ""
    if wish == "update":
        update(other=Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    elif wish == "compile":
        compile_all()
    elif wish == "check":
        bad = problems()
        print("\n".join(bad))
        sys.exit(bool(bad))
    else:
        sys.exit(__doc__)
