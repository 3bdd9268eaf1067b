"""A paper as a Word file in the layout of official papers (NĐ 30/2020), to be edited on before it is signed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm, Pt, RGBColor

from haidang.engine.reports import pdf, pictures
from haidang.engine.reports.paper import Heading, Number, Paper, Paragraph, Picture, Row, Run, Table, spelled

Link = Callable[[Number], str]
FONT = "Times New Roman"
WIDTH = Mm(210 - 30 - 17)
WIDE = Mm(297 - 30 - 17)
CENTRE, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
# A zip knows no time before this one; every part bears it, so that the same paper gives the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def render(paper: Paper, link: Link) -> bytes:
    """The bytes of the .docx."""
    paper = spelled(paper, lambda text: _UNWRITABLE.sub("␀", text))
    document = Document()
    _page(document, paper)
    _head(document, paper)
    for block in paper.blocks:
        if isinstance(block, Heading):
            _heading(document, block.text)
        elif isinstance(block, Paragraph):
            _words(_paragraph(document, JUSTIFY, indent=True), block.runs, link)
        elif isinstance(block, Picture):
            _picture(document, block)
        else:
            _table(document, block, link, paper.is_wide)
    _end(document, paper)
    return _saved(document, paper)


# What XML cannot hold, such as the vertical tab that Word itself ends a line with and people paste into forms. The sign in
# its place is that of the Excel files.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# --- the page -------------------------------------------------------------------------------------------------
def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if paper.is_wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(22), Mm(22)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    # Page numbers stand in the middle above, from the second page on.
    section.different_first_page_header_footer = True
    _field(_aligned(section.header.paragraphs[0], CENTRE), "PAGE", 13)
    for footer in (section.footer, section.first_page_footer):
        _foot(footer.paragraphs[0], paper)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(4)
    for level, size in (("Heading 1", 14), ("Heading 2", 13)):
        heading = document.styles[level]
        heading.font.name, heading.font.size, heading.font.bold = FONT, Pt(size), True
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.element.rPr.rFonts.attrib.clear()
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            heading.element.rPr.rFonts.set(qn(name), FONT)


def _foot(paragraph: Any, paper: Paper) -> None:
    said = pdf.words()
    head = paper.head
    text = f"{said['made']} {head.made_text} {said['for']} {head.recipient} · {paper.known_text}"
    _run(paragraph, text, size=8.5, colour=RGBColor(0x4D, 0x4D, 0x4D))
    if head.is_simulated:
        _run(paragraph, f" · {said['simulated']}", size=8.5, bold=True, colour=RGBColor(0xA6, 0x44, 0x00))


def _field(paragraph: Any, code: str, size: float) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)


# --- head and end ---------------------------------------------------------------------------------------------
def _head(document: Any, paper: Paper) -> None:
    said, head = pdf.words(), paper.head
    grid = document.add_table(rows=1, cols=2)
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = grid.rows[0].cells
    _widths(grid, [3.5, 5.9], paper.is_wide)
    _padding(grid, 0)
    above = [(head.authority.upper(), 12, False, False)] if head.authority else []
    _lines(left, [*above, (head.office.upper(), 12, True, False)], under=0.32)
    _run(_aligned(left.add_paragraph(), CENTRE), said["number"])
    _lines(right, [(said["state"], 12, True, False), (said["motto"], 13, True, False)], under=0.62)
    _run(_aligned(right.add_paragraph(), CENTRE), f"{head.place}, {head.day_text}", italic=True)
    title = document.add_heading(paper.kind, level=1)
    title.alignment = CENTRE
    title.paragraph_format.space_before = Pt(18)
    _run(_paragraph(document, CENTRE), paper.subject, size=14, bold=True)
    filters = " · ".join(f"{name}: {value}" for name, value in paper.filters)
    _run(_paragraph(document, CENTRE), filters, size=11)
    _run(_paragraph(document, CENTRE), paper.remark, size=9, italic=True)


def _lines(cell: Any, lines: Sequence[tuple[str, float, bool, bool]], under: float) -> None:
    """Words one below the other, with a rule below the last one, `under` of the cell's width long."""
    for number, (text, size, bold, italic) in enumerate(lines):
        paragraph = _aligned(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), CENTRE)
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, size=size, bold=bold, italic=italic)
    rule = _aligned(cell.add_paragraph(), CENTRE)
    side = Emu(int(cell.width * (1 - under) / 2))
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = side
    rule.paragraph_format.space_after = Pt(2)
    rule.paragraph_format.line_spacing = Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    rule._p.get_or_add_pPr().append(borders)


def _end(document: Any, paper: Paper) -> None:
    said = pdf.words()
    _paragraph(document, LEFT)
    grid = document.add_table(rows=1, cols=2)
    left, right = grid.rows[0].cells
    _widths(grid, [1, 1], paper.is_wide)
    _run(left.paragraphs[0], said["to"], size=12, bold=True, italic=True)
    _run(left.add_paragraph(), f"- {paper.head.recipient};", size=11)
    _run(left.add_paragraph(), said["filed"], size=11)
    _run(_aligned(right.paragraphs[0], CENTRE), said["signer"], bold=True)
    _run(_aligned(right.add_paragraph(), CENTRE), said["signer_note"], size=11, italic=True)


# --- blocks ---------------------------------------------------------------------------------------------------
def _heading(document: Any, text: str) -> None:
    if text:
        made = document.add_heading(text, level=2)
        made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(12), Pt(4)


def _picture(document: Any, block: Picture) -> None:
    _heading(document, block.title)
    _small(document, block.told)
    paragraph = _paragraph(document, CENTRE)
    shape = paragraph.add_run().add_picture(io.BytesIO(pictures.as_png(block)), width=Emu(WIDTH - Mm(1)))
    shape._inline.docPr.set("descr", block.alt)
    keys = _paragraph(document, LEFT)
    for key in block.keys:
        _run(keys, "■ ", size=10, colour=RGBColor.from_string(key.colour.lstrip("#")))
        _run(keys, f"{key.text}    ", size=10)


def _table(document: Any, block: Table, link: Link, is_wide: bool) -> None:
    _heading(document, block.title)
    _small(document, block.told)
    if not block.rows:
        _run(_paragraph(document, JUSTIFY, indent=True), block.empty, italic=True)
        return
    made = document.add_table(rows=1, cols=len(block.columns))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, column in zip(made.rows[0].cells, block.columns, strict=True):
        unit = f"\n({column.unit})" if column.unit else ""
        _run(_tight(cell.paragraphs[0], CENTRE), column.title + unit, size=10, bold=True)
        _shade(cell)
    _repeat(made.rows[0])
    for row in block.rows:
        _row(made.add_row().cells, block, row, link)
    _widths(made, [column.width for column in block.columns], is_wide)
    _padding(made, 45)
    _paragraph(document, LEFT).paragraph_format.space_after = Pt(0)


def _row(cells: Sequence[Any], block: Table, row: Row, link: Link) -> None:
    named = next(
        (n for n, cell in enumerate(row.cells) if any(isinstance(r, str) and len(r) > 3 for r in cell)), -1
    )
    for number, (cell, content) in enumerate(zip(cells, row.cells, strict=False)):
        paragraph = _tight(cell.paragraphs[0], RIGHT if block.columns[number].is_number else LEFT)
        _words(paragraph, content, link, size=10, bold=row.is_sum)
        if row.note and number == named:
            _run(_tight(cell.add_paragraph(), LEFT), row.note, size=8, colour=RGBColor(0x55, 0x55, 0x55))
    if row.said:
        rest = cells[len(row.cells)].merge(cells[-1])
        _run(_tight(rest.paragraphs[0], LEFT), row.said, size=10, italic=True)


def _small(document: Any, text: str) -> None:
    if text:
        paragraph = _paragraph(document, LEFT)
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, text, size=9, colour=RGBColor(0x55, 0x55, 0x55))


# --- words ----------------------------------------------------------------------------------------------------
def _words(paragraph: Any, runs: Sequence[Run], link: Link, *, size: float = 13, bold: bool = False) -> None:
    for one in runs:
        if isinstance(one, str):
            _run(paragraph, one, size=size, bold=bold)
        elif address := link(one):
            _linked(paragraph, one.text, address, size=size, bold=bold)
        else:
            _run(paragraph, one.text, size=size, bold=bold)


def _linked(paragraph: Any, text: str, address: str, *, size: float, bold: bool) -> None:
    """A number that opens its “Vì sao?”: black as the words around it, with a thin line below."""
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), key)
    run = _run(paragraph, text, size=size, bold=bold)
    run.font.underline = True
    made.append(run._r)
    paragraph._p.append(made)


def _run(
    paragraph: Any,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    colour: RGBColor | None = None,
) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _paragraph(document: Any, alignment: Any, *, indent: bool = False) -> Any:
    made = _aligned(document.add_paragraph(), alignment)
    if indent:
        made.paragraph_format.first_line_indent = Cm(1)
    return made


def _aligned(paragraph: Any, alignment: Any) -> Any:
    paragraph.alignment = alignment
    return paragraph


def _tight(paragraph: Any, alignment: Any) -> Any:
    paragraph.paragraph_format.space_after = Pt(0)
    return _aligned(paragraph, alignment)


def _widths(table: Any, shares: Sequence[float], is_wide: bool = False) -> None:
    """Word asks each cell for its width, not only the column."""
    table.autofit = False
    whole, width = sum(shares), WIDE if is_wide else WIDTH
    for row in table.rows:
        for cell, share in zip(row._tr.tc_lst, shares, strict=False):
            cell.width = Emu(int(width * share / whole))
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Emu(int(width * share / whole))


def _padding(table: Any, twentieths: int) -> None:
    """Room left and right of the words of every cell, in twentieths of a point."""
    made = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twentieths))
        edge.set(qn("w:type"), "dxa")
        made.append(edge)
    table._tbl.tblPr.append(made)


def _shade(cell: Any) -> None:
    made = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
        made.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(made)


def _repeat(row: Any) -> None:
    """The head of a table stands on each of its pages."""
    made = OxmlElement("w:tblHeader")
    made.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(made)


def _saved(document: Any, paper: Paper) -> bytes:
    about = document.core_properties
    about.title, about.author, about.language = paper.subject, paper.head.office, "vi-VN"
    about.comments = paper.known_text
    made = datetime.fromisoformat(paper.head.made_at).astimezone(UTC).replace(tzinfo=None)
    about.created = about.modified = made
    about.last_modified_by, about.revision = paper.head.office, 1
    out, fixed = io.BytesIO(), io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return fixed.getvalue()


__all__ = ["render"]
