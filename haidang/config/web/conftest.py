"""The web process under test is the real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from haidang.config.web.trial import Trial, running
from haidang.engine.people.models import Grant, Person


@pytest.fixture
def web(transactional_db: None, tmp_path: Path) -> Iterator[Trial]:
    with running(tmp_path) as trial:
        yield trial


def _person(role: str) -> Person:
    email = f"{role}@tayninh.example"
    person = Person.objects.create(email=email, username=email, name="Nguyễn Văn An", password="!")
    Grant.objects.create(person=person, role=role)
    return person


@pytest.fixture
def operator(transactional_db: None) -> Person:
    return _person("operator")


@pytest.fixture
def crew(transactional_db: None) -> Person:
    return _person("crew")
