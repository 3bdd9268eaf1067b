"""A number as a link to its reasons: the drawer where there is one, else the page."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def why_link(url: str, text: object) -> SafeString:
    return format_html(
        '<a class="why-a" href="{}" hx-get="{}" hx-target="#drawer" hx-swap="innerHTML">{}</a>',
        url,
        url,
        text,
    )
