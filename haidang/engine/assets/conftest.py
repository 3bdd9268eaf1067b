"""The register of units, as in the tests of places."""

from haidang.engine.places.conftest import register

__all__ = ["register"]
