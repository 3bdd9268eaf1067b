"""What commands about people and offices are given by name: an office, a place, and what is said where there is none."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from haidang.engine.people.models import Office
    from haidang.engine.places.models import Place


def spoken(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what a decision refuses into one line on the terminal."""

    @functools.wraps(command)
    def told(*args: Any, **kwargs: Any) -> None:
        from django.core.exceptions import ValidationError

        try:
            command(*args, **kwargs)
        except ValidationError as error:
            raise click.ClickException("; ".join(error.messages)) from None

    return told


def office_of(code: str | None) -> Office | None:
    from haidang.engine.people.models import Office

    if not code:
        return None
    found = Office.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Office.objects.order_by("code").values_list("code", flat=True)[:12]) or "none yet"
        raise click.ClickException(
            f"No office has the code {code} (known: {known}); see `haidang office add`."
        )
    return found


def place_of(code: str | None) -> Place | None:
    from haidang.engine.places.models import Place

    if not code:
        return None
    found = Place.objects.filter(code=code, valid_to_date=None).order_by("-valid_from_date").first()
    if found is None:
        raise click.ClickException(f"No place in force has the code {code}; see `haidang places`.")
    return found
