"""A figure of one line – a facility, an office, a centre – of those the number of the province was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from haidang.engine.boards.statistics.stats import why_url
from haidang.engine.boards.statistics.terms import Node
from haidang.engine.boards.tiles import Look
from haidang.engine.indicators.by_line import computed
from haidang.engine.places.names import comparable


def of_line(node: Node, line: str, look: Look) -> Node:
    """The node as it is for that line: a sum at its own cell, a count of its own lines, a formula over these. Its value
    is that of the table by line; None where the period has none of it.
    """
    value, detail, parts = None, dict(node.detail), [of_line(one, line, look) for one in node.parts]
    if node.kind == "derived":
        by_input = {one.subject.indicator: {line: one.value} for one in parts if one.value is not None}
        value = computed(look.library.statistics, node.subject, by_input).get(line)
    elif kept := _kept(node.detail, line):
        _name, cell, value = kept
        if node.kind == "summed":
            detail |= {"kind": "stated", "cell": cell, "raw": value}
    subject = node.subject
    url = why_url(look, subject.indicator, subject.place_id, subject.at, dong=line)
    return replace(node, value=value, detail=detail, parts=parts, place=line, line=line, url=url)


def _kept(detail: Mapping[str, Any], line: str) -> list[Any] | None:
    """Its line, cell and value; lists spell one centre in several ways, the very same spelling stands before the others."""
    lines = detail.get("lines", [])
    exact = next((one for one in lines if one[0] == line), None)
    return exact or next((one for one in lines if comparable(one[0]) == comparable(line)), None)
