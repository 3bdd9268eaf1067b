"""LibreOffice computes the index of QĐ 766 from formulas written here after the guidance, and comes to the same points."""

from __future__ import annotations

import pytest
from xlsxwriter import Workbook

from haidang.engine.contracts.tree import load_tree
from haidang.engine.scorecards.definition import KINDS
from haidang.engine.scorecards.scoring import score
from tests.libreoffice import computed

pytestmark = pytest.mark.long

# Row: share as a formula of its counts, points (None: not scored), threshold. Typed from the guidance, not from our content.
GUIDANCE: dict[str, tuple[str, float | None, float | None]] = {
    "1.1": ("{in_time}/{announced}", 6, None),
    "1.2": ("{in_time}/{due}", 4, None),
    "1.3": ("{complete}/{public}", 2, None),
    "1.4": ("{synced}/MAX({in_registry},{on_portal})", 6, None),
    "2.1": ("{in_time}/{handled}", 20, None),
    "3": ("{end_to_end}/{eligible}", 12, None),
    "3.1": ("{online}/{procedures}", None, None),
    "3.2": ("{used}/{services}", None, None),
    "3.3": ("{with_result}/{received}*{sync}", None, None),
    "3.5a": ("{offered}/{with_fee}", 2, 80),
    "3.5b": ("{paid}/{with_fee}", 2, 80),
    "3.6": ("{paid_online}/{with_fee}", 6, None),
    "4.1": ("{valid}/{in_writing}", 6, None),
    "4.2": ("{digitised}/{dossiers}", 4, 80),
    "4-CT": ("{offered}", 2, None),
    "4.3": ("{reusing}/{received}", 2, 80),
    "4.4": ("{from_store}/{received}", 4, None),
    "4.5a": ("{joined}/{of_citizens}", 2, None),
    "4.5b": ("{using}/{dossiers}", 2, None),
    "5.1": ("{of_kind}/{petitions}", None, None),
    "5.2": ("({in_time}+{running})/{petitions}", 6, None),
    "5.3": ("({petitions}-{unsatisfied}-{repeated}-{late})/{first}", 6, None),
    "5.4": ("1-({overdue}/{dossiers}+{complained}/{dossiers})", 6, 90),
}
MEAN = "2.2"
CARD = load_tree(kinds=KINDS).of("scorecards")["services.qd_766"].thing
CASES = [(version, example) for version in CARD.versions for example in version.examples]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Case → row → (share in percent, what LibreOffice says of it: points or a word), total and covered."""
    path = tmp_path_factory.mktemp("index") / "index.xlsx"
    book = Workbook(str(path))
    places = [
        _lay_out(book.add_worksheet(f"Ca {n}"), version, example)
        for n, (version, example) in enumerate(CASES)
    ]
    book.close()
    sheets = computed(path)
    found = []
    for number, rows in enumerate(places):
        cells = sheets[f"Ca {number}"]
        found.append(({code: cells[row][:2] for code, row in rows.items()}, cells[-1][:2]))
    return found


def _lay_out(sheet, version, example):
    """A line for each row: share, points, weight, counts; the last line holds total and covered points."""
    places = {}
    for line, code in enumerate(code for code in version.rows if code != MEAN):
        formula, points, threshold = GUIDANCE[code]
        names = list(version.rows[code].counts)
        letters = dict(zip(names, "DEFGH", strict=False))
        for name, letter in letters.items():
            value = example.counts.get(code, {}).get(name)
            if value is not None:
                sheet.write_number(f"{letter}{line + 1}", value)
        share = formula.format(**{name: f"{letter}{line + 1}" for name, letter in letters.items()})
        counts = f"COUNT(D{line + 1}:{'DEFGH'[len(names) - 1]}{line + 1})"
        sheet.write_formula(
            line, 0, f'=IF({counts}<{len(names)},"missing",IFERROR(({share})*100,"empty"))', value=""
        )
        here = f"A{line + 1}"
        earned = (
            '"unscored"'
            if points is None
            else f"IF({here}>={threshold or 100},{points},{here}/{threshold or 100}*{points})"
        )
        judged = f'IF(OR({here}<0,{here}>100),"contradictory",{earned})'
        sheet.write_formula(line, 1, f"=IF(ISNUMBER({here}),{judged},{here})", value="")
        sheet.write_number(line, 2, points or 0)
        places[code] = line
    last = len(places)
    sheet.write_formula(last, 0, f"=SUM(B1:B{last})", value="")
    sheet.write_formula(last, 1, f"=SUMPRODUCT(ISNUMBER(B1:B{last})*C1:C{last})", value="")
    return places


@pytest.mark.parametrize("case", range(len(CASES)), ids=[example.name for _, example in CASES])
def test_libreoffice_comes_to_the_same_points(answers, case):
    version, example = CASES[case]
    found = score(version, example.counts)
    rows, (total, covered) = answers[case]
    assert rows.keys() == version.rows.keys() - {MEAN}
    for code, (share, points) in rows.items():
        ours = found.rows[code]
        if isinstance(points, str):
            assert ours.status == points, code
            assert ours.score is None
        else:
            assert float(ours.score) == pytest.approx(points, abs=1e-9), code
        if not isinstance(share, str):
            assert float(ours.ratio) == pytest.approx(share, abs=1e-9), code
    assert float(found.total.score) == pytest.approx(total, abs=1e-9)
    assert float(found.total.covered) == covered


def test_the_points_of_the_guidance_are_a_hundred():
    assert sum(points or 0 for _, points, _ in GUIDANCE.values()) == 100
