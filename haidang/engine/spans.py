"""Spans of time as content files write them."""


class Seconds(float):
    """A span of time written `5m`, `20s`, `2h`, `1d`."""
