"""Schools, pupils and teachers by commune at the beginning of a school year, and its results, as Sở GDĐT sends them."""

from __future__ import annotations

from openpyxl import Workbook

from haidang.demo.sheets import paper
from haidang.demo.sheets.communes import Communes
from haidang.demo.sheets.handling import between, chance

LEVELS = ("Mầm non", "Tiểu học", "THCS", "THPT")
# Share of the people who go to such a school, classes of a school, teachers a class needs by the norm.
PUPILS, CLASSES, NORM = (0.035, 0.082, 0.066, 0.032), (9, 18, 17, 26), (2.2, 1.5, 1.9, 2.25)
IN_A_CLASS = (28.0, 33.0, 39.0, 41.0)


def _of(communes: Communes, place: int, year: int) -> list[list[int]]:
    """Schools, classes, pupils, teachers there and needed, each by level. Not every commune has an upper school."""
    seed, people = communes.seed, communes.people(2025)[place]
    found: list[list[int]] = [[], [], [], [], []]
    for level, share in enumerate(PUPILS):
        pupils = round(people * share * between(0.9, 1.1, seed, place, level) * (1 + 0.008 * (year - 2025)))
        if level == 3:
            pupils = pupils * 2 if chance(seed, place, "upper") < 0.5 else 0
        classes = max(1, round(pupils / IN_A_CLASS[level])) if pupils else 0
        needed = round(classes * NORM[level])
        there = round(needed * between(0.88, 1.0, seed, place, level, "teachers"))
        schools = max(1, round(classes / CLASSES[level])) if pupils else 0
        for values, value in zip(found, (schools, classes, pupils, there, needed), strict=True):
            values.append(value)
    return found


def opening(communes: Communes, year: int) -> Workbook:
    title = f"TRƯỜNG, LỚP, HỌC SINH, GIÁO VIÊN ĐẦU NĂM HỌC {year} – {year + 1}"
    groups = ("Số trường", "Số lớp", "Số học sinh", "Giáo viên hiện có", "Giáo viên theo định mức")
    lines = [
        [one for values in _of(communes, place, year) for one in values]
        for place in range(len(communes.communes))
    ]
    return _book(communes, "Dau nam hoc", title, [(group, LEVELS) for group in groups], lines)


def results(communes: Communes, year: int) -> Workbook:
    """Of the school year that ends in `year`."""
    title = f"KẾT QUẢ NĂM HỌC {year - 1} – {year} VÀ HỌC SINH BỎ HỌC"
    lines = []
    for place in range(len(communes.communes)):
        pupils = _of(communes, place, year - 1)[2][1:]
        away = [
            round(many * between(0, 0.004, communes.seed, place, level, year))
            for level, many in enumerate(pupils)
        ]
        ended = [many - gone for many, gone in zip(pupils, away, strict=True)]
        done = [round(many * between(0.985, 1, communes.seed, place, year)) for many in ended]
        lines.append([*ended, *done, *away])
    groups = ("Học sinh cuối năm học", "Lên lớp, hoàn thành", "Học sinh bỏ học")
    return _book(communes, "Ket qua", title, [(group, LEVELS[1:]) for group in groups], lines)


def _book(
    communes: Communes,
    sheet_name: str,
    title: str,
    groups: list[tuple[str, tuple[str, ...]]],
    lines: list[list[int]],
) -> Workbook:
    book, sheet = paper.new(sheet_name, (6, 28))
    paper.titles(sheet, "SỞ GIÁO DỤC VÀ ĐÀO TẠO", [title], "N")
    top, low, merges = ["STT", "Xã, phường"], ["", ""], ["A4:A5", "B4:B5"]
    for group, levels in groups:
        first, last = sheet.cell(4, len(top) + 1), sheet.cell(4, len(top) + len(levels))
        merges.append(f"{first.coordinate}:{last.coordinate}")
        top += [group, *[""] * (len(levels) - 1)]
        low += levels
    paper.headings(sheet, 4, [[*top, "Ghi chú"], [*low, ""]], merges)
    for number, (commune, values) in enumerate(zip(communes.communes, lines, strict=True), 1):
        paper.line(sheet, 5 + number, [number, f"{commune.kind} {commune.name}", *values, None])
    last_row = 6 + len(lines)
    paper.line(sheet, last_row, [None, "Tổng cộng", *map(sum, zip(*lines, strict=True)), None])
    paper.signed(sheet, last_row + 2, 8, "Nguồn: cơ sở dữ liệu ngành giáo dục.", "GIÁM ĐỐC")
    return book
