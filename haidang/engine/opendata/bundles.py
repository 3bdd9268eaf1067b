"""What is handed out: the bytes of a file, and the key that tells one state of it from the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation

from haidang.engine.boards import mapping
from haidang.engine.contracts.reading import Text
from haidang.engine.opendata import files, shelf
from haidang.engine.opendata.datasets import SIMULATED, Dataset
from haidang.engine.opendata.editions import Edition, written
from haidang.engine.opendata.files import File
from haidang.engine.opendata.forms import dcat, plain_json
from haidang.engine.opendata.pages import Known
from haidang.engine.places.models import LoadedData

# To be raised when the bytes of any form change: what is kept on disk then counts no more.
WRITING = "2"
TITLES = dcat.TITLES
DCAT = {"jsonld": "application/ld+json", "ttl": "text/turtle; charset=utf-8"}
TITLE = Text("Dữ liệu mở của tỉnh", "Open data of the province")
ABOUT = Text(
    "Số liệu thống kê đã công bố mà nội dung của trung tâm cho phép mọi người dùng lại",
    "Published statistics that the centre's content opens to everybody",
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """`key` names everything the bytes depend on."""

    key: str
    ending: str
    content_type: str
    made: Callable[[], Iterable[bytes]]

    def path(self) -> Path:
        """The file on disk, written where it is not there yet."""
        return shelf.kept(shelf.name_of(self.key, ending=self.ending), self.made())


def of_dataset(file: File, dataset: Dataset, edition: Edition, homepage: str) -> Bundle:
    """A file of an edition."""
    told = [
        WRITING, file.name, plain_json.encoded(plain_json.about(dataset)), str(edition.epoch), edition.as_of, homepage,
        *_places(),
    ]  # fmt: skip
    return Bundle(
        "\n".join(told),
        file.ending,
        file.content_type,
        lambda: files.pieces(file, dataset, edition, homepage),
    )


def of_catalogue(
    form: str, datasets: Mapping[str, Dataset], known: Known, home: str, homepages: Mapping[str, str]
) -> Bundle:
    """The catalogue as it is now."""
    changes = [f"{address} {written(at)}" for address, at in sorted(known.changed.items())]
    said = [plain_json.encoded(plain_json.about(one)) for one in datasets.values()]
    key = "\n".join([WRITING, form, home, *said, *changes, *_places()])
    return Bundle(key, form, DCAT[form], lambda: _catalogue(form, datasets, known, home, homepages))


def _catalogue(
    form: str, datasets: Mapping[str, Dataset], known: Known, home: str, homepages: Mapping[str, str]
) -> Iterable[bytes]:
    everyone = [one.open.publisher for one in datasets.values()]
    publisher = everyone[0] if everyone else TITLE
    licences = [one.licence.url for one in datasets.values()]
    real = not any(one.is_simulated for one in datasets.values())
    about = ABOUT if real else Text(f"{SIMULATED.vi}. {ABOUT.vi}", f"{SIMULATED.en}. {ABOUT.en}")
    root = dcat.catalogue(TITLE, about, publisher, home, licences[0] if licences else "")
    place = mapping.province_code() or ""
    nodes = (
        dcat.dataset(one, homepages[address], known.covered.get(address), known.changed.get(address), place)
        for address, one in datasets.items()
    )
    with translation.override("vi"):
        parts = dcat.jsonld(root, nodes) if form == "jsonld" else dcat.turtle(root, nodes)
        for part in parts:
            yield part.encode()


def _places() -> list[str]:
    """Which names of places are loaded: the files carry them."""
    return [
        f"{name} {version}"
        for name, version in LoadedData.objects.order_by("name").values_list("name", "version")
    ]
