from haidang.engine.indicators.definition import Result, Window


def compute(window: Window) -> Result:
    levels = window.hours.get("Level", {})
    if 0 not in levels or 3 not in levels:
        return Result(None, "missing")
    rise = round((levels[0].mean - levels[3].mean) * 100, 1)
    flagged = levels[0].flagged or levels[3].flagged
    return Result(rise, "flagged" if flagged else "ok", used=frozenset({("Level", 0), ("Level", 3)}))
