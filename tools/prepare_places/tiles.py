"""The offline base map as one PMTiles archive: land, neighbours, provinces, communes, both archipelagos.

python -m tools.prepare_places.tiles      (reads the committed data; beside `make dev` it needs
                                          pip install --require-hashes --no-deps -r requirements/prepare.lock)
"""

from __future__ import annotations

import csv
import json
import os
import pathlib
from typing import Any

import freestiler
import geopandas
from shapely.geometry import MultiPoint, Point, shape

DATA = pathlib.Path(__file__).parents[2] / "haidang" / "engine" / "places" / "data"
ARCHIVE = DATA.parent / "static" / "places" / "vietnam.pmtiles"
FIRST_ZOOM, LAST_ZOOM = 2, 9
# Words of the symbol layers that are always on.
ARCHIPELAGOS = {
    "Hoàng Sa": "Quần đảo Hoàng Sa\n(TP. Đà Nẵng)",
    "Trường Sa": "Quần đảo Trường Sa\n(Khánh Hòa)",
}
Rows = list[dict[str, Any]]


def build() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.config.settings")
    import django

    django.setup()
    provinces, communes, labels = _units()
    islands, archipelagos = _islands()
    layers = {
        "land": (_features("land.geojson"), 2, 5),
        "countries": (_features("countries.geojson"), 3, LAST_ZOOM),
        "provinces": (provinces, 3, LAST_ZOOM),
        "communes": (communes, 8, LAST_ZOOM),
        "labels": (labels, 5, LAST_ZOOM),
        "islands": (islands, 3, LAST_ZOOM),
        "archipelagos": (archipelagos, FIRST_ZOOM, LAST_ZOOM),
    }
    ARCHIVE.parent.mkdir(parents=True, exist_ok=True)
    made = {
        name: freestiler.FreestileLayer(
            geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326"), min_zoom=first, max_zoom=last
        )
        for name, (rows, first, last) in layers.items()
    }
    freestiler.freestile(made, ARCHIVE, min_zoom=FIRST_ZOOM, max_zoom=LAST_ZOOM, quiet=True)
    print(f"{ARCHIVE.name}: {ARCHIVE.stat().st_size / 1000:.0f} kB")


def _features(name: str) -> Rows:
    collection = json.loads((DATA / name).read_text(encoding="utf-8"))
    rows = [
        feature["properties"] | {"geometry": shape(feature["geometry"])} for feature in collection["features"]
    ]
    return [{"name": ""} | row for row in rows]


def _units() -> tuple[Rows, Rows, Rows]:
    from haidang.engine.places.outlines import cells_of

    outlines = {row["code"]: row["geometry"] for row in _features("provinces.geojson")}
    with (DATA / "register.csv").open(encoding="utf-8", newline="") as file:
        today = [line for line in csv.DictReader(file) if not line["to"]]
    names = {line["code"]: line["name"] for line in today}
    provinces = [
        {"code": code, "name": names[code], "geometry": outline} for code, outline in outlines.items()
    ]
    labels: Rows = []
    communes: Rows = []
    for code, outline in outlines.items():
        spot = max(getattr(outline, "geoms", [outline]), key=lambda part: part.area).representative_point()
        labels.append({"name": names[code], "level": "province", "geometry": spot})
        own = [line for line in today if line["level"] == "commune" and line["parent"] == code]
        centres = [(line["code"], float(line["lat"]), float(line["lon"])) for line in own]
        for commune, cell in cells_of(outline, centres).items():
            communes.append({"code": commune, "name": names[commune], "geometry": cell})
        labels += [
            {
                "name": line["name"],
                "level": "commune",
                "geometry": Point(float(line["lon"]), float(line["lat"])),
            }
            for line in own
        ]
    return provinces, communes, labels


def _islands() -> tuple[Rows, Rows]:
    with (DATA / "archipelagos.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    islands = [
        {
            "name": line["name"],
            "code": line["code"],
            "geometry": Point(float(line["lon"]), float(line["lat"])),
        }
        for line in lines
    ]
    archipelagos = []
    for name, words in ARCHIPELAGOS.items():
        points = [(float(line["lon"]), float(line["lat"])) for line in lines if line["archipelago"] == name]
        archipelagos.append({"name": words, "geometry": MultiPoint(points).centroid})
    return islands, archipelagos


if __name__ == "__main__":
    build()
