from haidang.engine.indicators.definition import Result, Window


def compute(window: Window) -> Result:
    return Result(window.hours["Level"][0].mean * 2, "ok")
