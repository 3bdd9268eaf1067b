"""What is said of a finding: what differs, where, by how much and what to do; in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from haidang.engine import clock
from haidang.engine.contracts.reading import Text
from haidang.engine.contracts.reasons import Reason
from haidang.engine.contracts.sheets.numerals import vietnamese
from haidang.engine.contracts.unit_words import unit_words
from haidang.engine.reconciliation.findings import Case, Finding, Kind
from haidang.engine.reconciliation.past import span_words
from haidang.engine.reconciliation.units import factor, unit_by
from haidang.engine.rounding import rounded

# i18n: data – both languages stand side by side
REASONS: dict[str, Reason] = {
    Kind.UNIT_SLIP: Reason(
        "{head}: {values}; hai số lệch đúng {times} lần.{meant}",
        "Hỏi bên nhập đã ghi theo đơn vị nào, sửa về đơn vị đã hẹn rồi gửi lại.",
        "{head}: {values}; the two lie exactly {times} times apart.{meant}",
        "Ask which unit was written, mend it to the unit agreed and send again.",
    ),
    Kind.SWAPPED_COLUMNS: Reason(
        "{head}: {values}; số này là số của cột “{other}” bên kia, và ngược lại: hai cột đổi chỗ.",
        "Mở hai tệp, xem bên nào ghi nhầm cột, đổi lại rồi gửi lại.",
        "{head}: {values}; that is the other side's column “{other}”, and the other way round: two columns are swapped.",
        "Open both files, see who wrote into the wrong column, swap them back and send again.",
    ),
    Kind.SWAPPED_ROWS: Reason(
        "{head}: {values}; số của hai nơi này đổi chỗ cho nhau ở một bên.",
        "Mở hai tệp, xem bên nào ghi nhầm dòng, đổi lại rồi gửi lại.",
        "{head}: {values}; the figures of these two places are swapped on one side.",
        "Open both files, see who wrote into the wrong line, swap them back and send again.",
    ),
    Kind.LATE_REVISION: Reason(
        "{head}: {values}; {side} vẫn giữ số {other_side} ghi lúc {recorded} rồi đã sửa.",
        "Báo {side} lấy số mới và gửi lại.",
        "{head}: {values}; {side} still holds what {other_side} recorded at {recorded} and has revised since.",
        "Tell {side} to take the new figure and send again.",
    ),
    "part_twice": Reason(
        "{head}: {values}; phần hơn của {side} đúng bằng số của {part}: có thể đã cộng {part} hai lần.",
        "Nhờ {side} cộng lại; {part} chỉ tính một lần.",
        "{head}: {values}; {side} is larger by exactly the figure of {part}: it may be counted twice.",
        "Ask {side} to add up again with {part} counted once.",
    ),
    "divided": Reason(
        "{head}: {values}; {part} đã chia cho các nơi này, nhưng {side} tính trọn {part} ở từng nơi: tính hai lần.",
        "Nhờ {side} chia {part} theo phần của từng nơi rồi gửi lại.",
        "{head}: {values}; {part} was divided among these places, but {side} counts all of it in each: counted twice.",
        "Ask {side} to divide {part} by the share of each place and send again.",
    ),
    "old_line": Reason(
        "{head}: {side} còn dòng của {part} ({value}), nay đã nằm trong đơn vị mới cũng có số: tính hai lần.",
        "Nhờ {side} bỏ dòng của đơn vị cũ.",
        "{head}: {side} still has a line for {part} ({value}), now part of a unit that has its figure too: counted twice.",
        "Ask {side} to drop the line of the former unit.",
    ),
    Kind.OLD_UNIT: Reason(
        "{head}: {side} còn ghi riêng {part} ({value}), là đơn vị cũ, chưa gộp vào đơn vị mới.",
        "Nhờ {side} gộp số vào đơn vị mới rồi gửi lại.",
        "{head}: {side} still tells {part} ({value}), a former unit, apart from the new one.",
        "Ask {side} to add it to the new unit and send again.",
    ),
    Kind.MISSING: Reason(
        "{head}: {side} không có số, {other_side} ghi {value}.",
        "Hỏi {side}: chưa gửi, không phát sinh (ghi “-”) hay bỏ sót.",
        "{head}: {side} has no figure, {other_side} says {value}.",
        "Ask {side}: not sent yet, nothing occurred (write “-”), or left out.",
    ),
    "period_twice": Reason(
        "{head}: {values}; phần hơn đúng bằng số của {of}: có thể {side} đã cộng {of} hai lần.",
        "Cộng lại lũy kế với {of} tính một lần, gửi tệp đính chính của kỳ này.",
        "{head}: {values}; what is over is exactly the figure of {of}: {side} may hold it twice.",
        "Add up again with {of} counted once and send a corrected file of this period.",
    ),
    "period_left_out": Reason(
        "{head}: {values}; phần thiếu đúng bằng số của {of}: có thể {side} chưa cộng {of}.",
        "Cộng thêm {of} vào lũy kế, gửi tệp đính chính của kỳ này.",
        "{head}: {values}; what is missing is exactly the figure of {of}: {side} may not hold it.",
        "Add {of} to the sum and send a corrected file of this period.",
    ),
    "period_slipped": Reason(
        "{head}: {values}; khớp khi số của {of} {large} {times} lần: {of} có thể ghi sai đơn vị.",
        "Xem tệp của {of} ghi theo đơn vị nào; bên sai gửi tệp đính chính.",
        "{head}: {values}; they agree with the figure of {of} {times} times as {large_en}: it may be in a wrong unit.",
        "See in which unit the file of {of} is; whoever is wrong sends a corrected file.",
    ),
    "past_revised": Reason(
        "{head}: {values}; {side} ghi theo số có lúc {recorded}, về sau số ấy đã được đính chính.",
        "Nếu lần sửa đúng, gửi tệp đính chính của kỳ này theo số mới; nếu không, giải trình.",
        "{head}: {values}; {side} goes by the figure of {recorded}, which was corrected since.",
        "If the correction is right, send a corrected file of this period with the new figure; else say why.",
    ),
    "past_restated": Reason(
        "{head}: {values}; {other_side} lúc {recorded} ghi khớp, rồi bị sửa đi.",
        "Xem lần sửa của tệp kỳ này: trả lại số cũ, hoặc đính chính các kỳ đã công bố.",
        "{head}: {values}; at {recorded} {other_side} agreed, and was changed since.",
        "Look at what the correction of this period changed: take it back, or correct the published periods.",
    ),
    "past_plain": Reason(
        "{head}: {values}; chênh {apart}, ngoài sai số cho phép.",
        "Mở tệp kỳ này và các kỳ đã công bố, xem số nào sai; bên sai gửi tệp đính chính, hoặc giải trình.",
        "{head}: {values}; they lie {apart} apart, beyond the tolerance.",
        "Open the file of this period and those published before; whoever is wrong sends a corrected one, or says why.",
    ),
    Kind.FOLLOWS: Reason(
        "{head}: {values}; chênh đúng bằng các đơn vị bên dưới cộng lại.",
        "Xử lý chênh lệch của các đơn vị bên dưới; dòng tổng sẽ hết theo.",
        "{head}: {values}; the difference is that of the units below it.",
        "Settle the differences below; the total follows.",
    ),
    Kind.PLAIN: Reason(
        "{head}: {values}; chênh {apart}, ngoài sai số cho phép.",
        "Hỏi hai bên cách tính, thời điểm chốt số và phạm vi; ghi lời giải trình.",
        "{head}: {values}; they lie {apart} apart, beyond the tolerance.",
        "Ask both how, when and over what they counted; write down the explanation.",
    ),
}  # fmt: skip

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Words:
    """How one pair is spoken of: its figure, its two sources and their units."""

    title: Text
    left: Text
    right: Text
    left_unit: str
    right_unit: str
    # Of which other periods the right side is (`past.Over`); empty where both sides are of the same one.
    over: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything a sentence needs: words of each pair by name, names of places by code; in English only of those that
    are called otherwise there.
    """

    pairs: Mapping[str, Words]
    places: Mapping[str, str]
    places_en: Mapping[str, str] = field(default_factory=dict)

    def told(self, finding: Finding, language: str = "vi") -> str:
        """Fault and remedy in one line."""
        return " ".join(self.parts(finding, language))

    def parts(self, finding: Finding, language: str = "vi") -> tuple[str, str]:
        """What differs, and what to do."""
        reason = REASONS[_key(finding, self.pairs[finding.pair])]
        words = (reason.en, reason.remedy_en) if language == "en" else (reason.vi, reason.remedy_vi)
        arguments = self._arguments(finding, language)
        return words[0].format_map(arguments), words[1].format_map(arguments)

    def _arguments(self, finding: Finding, language: str) -> dict[str, str]:
        pair, case = self.pairs[finding.pair], finding.cases[0]
        sides = {"left": _in(pair.left, language), "right": _in(pair.right, language), "": ""}
        other_side = {"left": "right", "right": "left", "": ""}[finding.side]
        spoken = case.right if case.left is None else case.left
        unit = unit_words(pair.right_unit if case.left is None else pair.left_unit, language)
        heading = f"{_in(pair.title, language)}, {finding.period.words(language)}, {self._places(finding, language)}"
        return {
            "head": heading,
            "values": "; ".join(
                self._values(one, finding, language, len(finding.cases)) for one in finding.cases[:2]
            )
            if finding.kind is Kind.SWAPPED_ROWS
            else self._values(case, finding, language, 1),
            "value": f"{number(spoken or Decimal(0), language)} {unit}",
            "side": sides[finding.side],
            "other_side": sides[other_side],
            "part": self._place(finding.part, language),
            "other": _in(self.pairs[finding.other].title, language) if finding.other else "",
            "times": number(_above_one(finding.times), language),
            "meant": _meant(finding, pair, sides, language),
            "recorded": f"{clock.local(finding.recorded_at):%H:%M %d/%m/%Y}" if finding.recorded_at else "",
            "apart": _apart(case, pair, language),
            "of": finding.of.words(language) if finding.of else "",
            "large_en": "large" if finding.times and finding.times > 1 else "small",
            "large": "lớn gấp" if finding.times and finding.times > 1 else "nhỏ đi",  # i18n: data
        }

    def _place(self, code: str, language: str) -> str:
        name = self.places.get(code, code)
        return self.places_en.get(code, name) if language == "en" else name

    def _places(self, finding: Finding, language: str) -> str:
        names = [self._place(place, language) for place in finding.places]
        shown, rest = ", ".join(names[:_NAMED]), len(names) - _NAMED
        if rest <= 0:
            return shown
        return f"{shown} and {rest} more" if language == "en" else f"{shown} và {rest} nơi khác"  # i18n: data

    def _values(self, case: Case, finding: Finding, language: str, count: int) -> str:
        said, pair = [], self.pairs[finding.pair]
        right = _in(pair.right, language)
        if pair.over:
            right += f" ({span_words(pair.over, finding.period, language)})"
        for name, value, unit in (
            (_in(pair.left, language), case.left, pair.left_unit),
            (right, case.right, pair.right_unit),
        ):
            nothing = "no figure" if language == "en" else "không có số"  # i18n: data
            shown = (
                nothing
                if value is None
                else f"{number(value, language)} {unit_words(unit, language)}".strip()
            )
            said.append(f"{name} {shown}")
        where = f"{self._place(case.place, language)} – " if count > 1 else ""
        return where + ", ".join(said)


# What is said otherwise of a sum since January, and of a file that states another period.
_OF_A_PERIOD = {
    Kind.DOUBLE_COUNT: "period_twice",
    Kind.MISSING: "period_left_out",
    Kind.UNIT_SLIP: "period_slipped",
}


def _key(finding: Finding, pair: Words) -> str:
    if finding.of:
        return _OF_A_PERIOD[finding.kind]
    if pair.over and finding.kind is Kind.LATE_REVISION:
        return "past_revised" if finding.side == "left" else "past_restated"
    if pair.over and finding.kind is Kind.PLAIN:
        return "past_plain"
    if finding.kind is Kind.DOUBLE_COUNT:
        if finding.part in finding.places:
            return "old_line"
        return "divided" if len(finding.cases) > 1 else "part_twice"
    return finding.kind


def _in(text: Text, language: str) -> str:
    return text.en if language == "en" and text.en else text.vi


def _above_one(times: Decimal | None) -> Decimal:
    if times is None:
        return Decimal(1)
    return 1 / times if times < 1 else times


def _meant(finding: Finding, pair: Words, sides: Mapping[str, str], language: str) -> str:
    """Which unit each side may have written instead of its own."""
    if finding.times is None:
        return ""
    guesses = [
        (sides["left"], unit_by(pair.left_unit, finding.times)),
        (sides["right"], unit_by(pair.right_unit, 1 / finding.times)),
    ]
    verb, either = ("wrote", " or ") if language == "en" else ("ghi bằng", " hoặc ")  # i18n: data
    said = either.join(f"{who} {verb} {unit_words(unit, language)}" for who, unit in guesses if unit)
    if not said:
        return ""
    return f" Perhaps {said}." if language == "en" else f" Có thể {said}."  # i18n: data


def _apart(case: Case, pair: Words, language: str) -> str:
    if case.left is None or case.right is None:
        return ""
    right = case.right * factor(pair.right_unit, pair.left_unit)
    apart, larger = abs(case.left - right), max(abs(case.left), abs(right))
    share = number(rounded(100 * apart / larger, 1), language) if larger else "0"
    unit = unit_words(pair.left_unit, language)
    return f"{number(apart.normalize() if apart else apart, language)} {unit} ({share}%)"


def number(value: Decimal, language: str) -> str:
    """`−1.234,5`, in English `−1,234.5`, with the sign of minus of every screen."""
    written = vietnamese(value).replace("-", "−")
    return written.translate(str.maketrans(".,", ",.")) if language == "en" else written
