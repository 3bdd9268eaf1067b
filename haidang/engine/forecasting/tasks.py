"""`work` forecasts what changed; nobody's publication waits for it."""

from __future__ import annotations

from haidang.engine.forecasting import running
from haidang.engine.jobs.schedule import every


@every("* * * * * */20", "forecasting.renew")
def renew() -> None:
    """Series whose figures changed, once publications have been quiet for a while."""
    running.run()
