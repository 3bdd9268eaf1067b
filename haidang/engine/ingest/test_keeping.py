"""What stands in a refusal is text the record can keep, and says all it can."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from haidang.engine.ingest.keeping import _clean, _written

ANY = st.text(st.characters(exclude_categories=[]), max_size=400)


@given(ANY)
@example("\ud800\0µ" * 200)
def test_no_text_holds_what_the_record_cannot_keep(text: str) -> None:
    clean = _clean(text, 300)
    assert clean == text.replace("\0", "␀").encode("utf-8", "replace").decode()[:300]
    clean.encode()


@given(st.dictionaries(st.sampled_from(["place", "value", "station"]), ANY | st.integers()))
@example({"value": "\0"})
@example({"value": "\\u0000"})
@example({"value": "\ud800", "place": "x" * 301})
def test_arguments_are_cleaned_one_by_one_or_were_clean_as_a_whole(args: dict[str, object]) -> None:
    wanted = {name: _clean(value, 300) if isinstance(value, str) else value for name, value in args.items()}
    assert json.loads(_written(args)) == wanted
