"""What cannot be traced is said in a sentence."""

from __future__ import annotations

import click
import pytest

from haidang.config.tracing import steps


@pytest.mark.parametrize("what", ["delivery:abc", "delivery:", "delivery:1/x", "delivery:-1", "delivery:²"])
def test_a_delivery_that_is_no_number_is_answered_with_how_to_write_one(what: str) -> None:
    with pytest.raises(click.ClickException, match="write delivery:17"):
        steps(what, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["delivery:999999999", "delivery:" + "9" * 40, "order:abc", "alarm:²"])
def test_what_does_not_exist_is_said_to_be_missing(what: str) -> None:
    with pytest.raises(click.ClickException, match="does not exist"):
        steps(what, None, None)
