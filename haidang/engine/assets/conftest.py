"""The register of units, as in the tests of places."""

from haidang.engine.places.conftest import _register_once, register

__all__ = ["_register_once", "register"]
