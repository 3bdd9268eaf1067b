"""Charts and maps as SVG that carries its own looks: paper knows no style sheet of the screens."""

from __future__ import annotations

import re
from html import escape

import typst
from django.utils.translation import gettext as _

from haidang.engine.boards import writing
from haidang.engine.boards.charts import ACROSS, Chart, Line, Tick
from haidang.engine.boards.statistics.breakdown import CommuneMap
from haidang.engine.fonts import fonts
from haidang.engine.reports.paper import Key, Picture

WIDTH, AXIS, EDGE = 960, 74, 30  # pixels: of a chart, of the room left of it and right of it
# Okabe and Ito; with a dash of its own each line is told apart in black and white too.
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("", "9 4", "3 3", "12 4 3 4", "6 3", "2 4", "")
FONT = "Tinos"
# One hue from light to dark; the lightest is for what has no number.
SHADES = ("#F4F5F6", "#DCE8F3", "#B4CEE6", "#82ACD3", "#4C86BB")
_MAP_STYLE = f"""
text {{ font-family: {FONT}; font-size: 21px; fill: #1B2127; }}
.m-out {{ fill: #EEF1F3; }} .m-nb {{ fill: none; stroke: #CBD1D7; stroke-width: 1.2; }}
.m-c {{ stroke: #FFFFFF; stroke-width: .8; }}
{" ".join(f".m-c{n} {{ fill: {colour}; }}" for n, colour in enumerate(SHADES))}
.m-c0 {{ stroke: #AEB7BF; }}
.m-edge {{ fill: none; stroke: #55606B; stroke-width: 1.5; stroke-linejoin: round; }}
.m-neat {{ fill: none; stroke: #55606B; stroke-width: 1; }}
.m-grad {{ stroke: #55606B; stroke-width: 4; }}
.m-grid {{ stroke: #55606B; stroke-width: .6; opacity: .28; stroke-dasharray: 1 5; }}
.m-co, .m-nbt, .mu {{ fill: #55606B; }}
.m-pl {{ paint-order: stroke; stroke: #FFFFFF; stroke-width: 3px; stroke-linejoin: round; }}
.m-box {{ fill: #FFFFFF; stroke: #55606B; stroke-width: 1; }}
.i-vn {{ fill: #82ACD3; stroke: #55606B; stroke-width: .8; }}
.i-tn {{ fill: #1B2127; }} .i-sea {{ fill: #EEF1F3; }} .i-is {{ fill: #1B2127; }}
.b {{ font-weight: bold; }}
"""


def map_of(view: CommuneMap, told: str) -> Picture:
    """The communes in shades; Hoàng Sa and Trường Sa are part of every drawing."""
    svg = view.drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    svg = svg.replace("</title>", f"</title><style>{_MAP_STYLE}</style>", 1)
    keys = [
        Key(
            colour=SHADES[one.step],
            text=_("%(range)s %(unit)s: %(n)d xã, phường") % _said(one.text, view, one.communes),
        )
        for one in view.classes
    ]
    if view.missing:
        keys.append(Key(colour=SHADES[0], text=_("%(n)d xã, phường chưa có số") % {"n": view.missing}))
    alt = _("Bản đồ %(title)s, %(period)s; có quần đảo Hoàng Sa và quần đảo Trường Sa") % {
        "title": view.title,
        "period": view.period,
    }
    return Picture(title=view.title, svg=svg, alt=alt, told=told, keys=keys)


def _said(text: str, view: CommuneMap, communes: int) -> dict[str, object]:
    return {"range": text, "unit": view.unit, "n": communes}


def chart_of(title: str, chart: Chart) -> Picture:
    """Lines with their axes; the numbers stand in the table below it."""
    told = " · ".join(
        [_("Đơn vị: %(unit)s") % {"unit": writing.unit(chart.unit) or _("chỉ số")}, *chart.beyond]
    )
    keys = [Key(colour=_colour(line.number), text=line.name) for line in chart.lines]
    return Picture(title=title, svg=_drawn(chart), alt=f"{title}: {chart.summary}", told=told, keys=keys)


def _colour(number: int) -> str:
    return SERIES[(number - 1) % len(SERIES)]


def _drawn(chart: Chart) -> str:
    plot = WIDTH - AXIS - EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {chart.height}" width="{WIDTH}" height="{chart.height}">',
        f'<g font-family="{FONT}" font-size="19" fill="#1B2127">',
    ]
    parts += [
        f'<line x1="{AXIS}" x2="{WIDTH - EDGE}" y1="{tick.at}" y2="{tick.at}" stroke="#CBD1D7" stroke-width="1"/>'
        f'<text x="{AXIS - 8}" y="{float(tick.at) + 6:.1f}" text-anchor="end">{escape(tick.text)}</text>'
        for tick in chart.y_ticks
    ]
    parts += [_time(chart, tick, plot) for tick in chart.x_ticks]
    parts += [
        f'<line x1="{AXIS}" x2="{WIDTH - EDGE}" y1="{rule.y}" y2="{rule.y}" stroke="#55606B" stroke-width="1.5" stroke-dasharray="2 3"/>'
        f'<text x="{WIDTH - EDGE}" y="{float(rule.y) - 5:.1f}" text-anchor="end" fill="#55606B">{escape(rule.text)}</text>'
        for rule in chart.rules
    ]
    parts += [_line(line, plot) for line in chart.lines]
    return "".join([*parts, "</g></svg>"])


def _time(chart: Chart, tick: Tick, plot: int) -> str:
    x = f"{AXIS + float(tick.at) / 100 * plot:.1f}"
    weight = ' font-weight="bold"' if tick.strong else ""
    return (
        f'<line x1="{x}" x2="{x}" y1="{chart.bottom}" y2="{chart.bottom + 5}" stroke="#55606B"/>'
        f'<text x="{x}" y="{chart.bottom + 22}" text-anchor="middle"{weight}>{escape(tick.text)}</text>'
    )


def _line(line: Line, plot: int) -> str:
    colour, dash = _colour(line.number), DASHES[(line.number - 1) % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    found = [
        f'<polyline points="{_moved(run, plot)}" fill="none" stroke="{colour}" stroke-width="2.4" stroke-linejoin="round"{dashed}/>'
        for run in line.runs
    ]
    for x, y in [*line.dots, *([line.last] if line.last else [])]:
        found.append(f'<circle cx="{_across(x, plot)}" cy="{y}" r="4" fill="{colour}"/>')
    return "".join(found)


def _moved(run: str, plot: int) -> str:
    pairs = (point.split(",") for point in run.split())
    return " ".join(f"{_across(x, plot)},{y}" for x, y in pairs)


def _across(x: str, plot: int) -> str:
    return f"{AXIS + float(x) / ACROSS * plot:.1f}"


_IMAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 480pt)\n'


def as_png(picture: Picture) -> bytes:
    """For papers that take no SVG: three times the pixels of a screen."""
    return typst.compile(
        _IMAGE.encode(),
        format="png",
        ppi=200,
        sys_inputs={"svg": picture.svg},
        font_paths=fonts(),
    )


_WORD = re.compile(r">([^<>]+)</text>")


def words_in(picture: Picture) -> list[str]:
    """What is written in the drawing."""
    return _WORD.findall(picture.svg)
