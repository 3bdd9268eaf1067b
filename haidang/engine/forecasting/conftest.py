"""The province of three communes that indicators are tested with."""

from haidang.engine.indicators.conftest import catalogue as catalogue  # noqa: PLC0414
from haidang.engine.indicators.conftest import places as places  # noqa: PLC0414
from haidang.engine.indicators.conftest import say as say  # noqa: PLC0414
