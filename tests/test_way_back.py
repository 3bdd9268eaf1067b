"""From the address of every button a way leads back to a page."""

import re

from django.urls import resolve

from haidang.config.web.wrong_method import above
from tests import rights

SAMPLES = {"int": "7", "uuid": "0198c0de-0000-7000-8000-000000000000"}


def test_over_every_address_that_cannot_be_opened_stands_one_that_can():
    _, lines = rights.table()
    opened = {line.route for line in lines if line.method == "GET"}
    pressed = {line.route for line in lines if line.method == "POST"} - opened
    wrong = []
    for route, pattern in rights.django_routes().items():
        if route in pressed:
            address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1], "x"), pattern)
            page = above(address)
            if resolve(page).view_name not in opened:
                wrong.append(f"{address} leads to {page}")
            if resolve(address).view_name != route:
                wrong.append(f"{address} is not {route}")
    assert len(pressed) > 50
    assert not wrong, "\n".join(wrong)
