"""Formulas over other indicators: `(economy.export - economy.import) / population.people`.

Nothing is ever executed: Python's own parser makes a tree, and only sums, products, quotients, numbers and addresses
are looked at. Values are fractions, so that money adds up to the last đồng.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from haidang.engine.both import both
from haidang.engine.indicators.units import NUMBER, Unit

LONGEST = 400
_ADDRESS = re.compile(r"(?<![\w.])[A-Za-z_]\w*\.[A-Za-z_]\w*(?:@\w+)?")
_SIGNS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class FormulaError(ValueError):
    """A formula that cannot be read, or whose units do not go together."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Named:
    """An indicator, or a measure of one (`economy.revenue@plan`)."""

    address: str


@dataclass(frozen=True, slots=True)
class Joined:
    sign: str
    left: Term
    right: Term


Term: TypeAlias = "Constant | Named | Joined"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and the addresses in it in the order they stand."""

    text: str
    term: Term
    inputs: tuple[str, ...]

    def unit(self, units: Mapping[str, Unit]) -> Unit:
        """What comes out, from the units of what goes in. Raises FormulaError."""
        return _unit(self.term, units)

    def value(self, values: Mapping[str, tuple[float, Unit]]) -> Fraction:
        """In the unit's own base (đồng, not tỷ đồng): divide by the scale of the unit wanted. Raises ZeroDivisionError."""
        return _value(self.term, values)


@lru_cache(1024)
def parse(text: str) -> Formula:
    """Raises FormulaError saying what is not understood."""
    if len(text) > LONGEST:
        raise FormulaError(
            both(f"a formula has at most {LONGEST} letters", f"công thức dài tối đa {LONGEST} chữ")
        )
    names: dict[str, str] = {}

    def stand_in(found: re.Match[str]) -> str:
        # Python has its own idea of `economy.import`; a plain name stands in for each address.
        return names.setdefault(found[0], f"_{len(names)}")

    plain = _ADDRESS.sub(stand_in, text.strip())
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(
            both(
                f"formula {text!r} cannot be read: write sums, products and quotients",
                f"không đọc được công thức {text!r}: viết bằng cộng, trừ, nhân, chia",
            )
        ) from error
    term = _term(tree.body, {stand: address for address, stand in names.items()})
    if not names:
        raise FormulaError(
            both(f"formula {text!r} names no indicator", f"công thức {text!r} không gọi chỉ tiêu nào")
        )
    return Formula(text.strip(), term, tuple(names))


def _term(node: ast.AST, names: Mapping[str, str]) -> Term:
    match node:
        case ast.Name(id=name) if name in names:
            return Named(names[name])
        case ast.Constant(value=number) if type(number) in (int, float):
            return Constant(Fraction(repr(number)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Joined("-", Constant(Fraction(0)), _term(operand, names))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return Joined(_SIGNS[type(sign)], _term(left, names), _term(right, names))
    what = ast.unparse(node)
    for stand, address in names.items():
        what = re.sub(rf"\b{stand}\b", address, what)
    raise FormulaError(
        both(
            f"{what!r} is not understood: a formula has addresses, numbers, + - * / and brackets",
            f"không hiểu {what!r}: công thức gồm địa chỉ, số, + - * / và dấu ngoặc",
        )
    )


def _unit(term: Term, units: Mapping[str, Unit]) -> Unit:
    match term:
        case Constant():
            return NUMBER
        case Named(address):
            return units[address]
        case Joined(sign, left, right):
            one, other = _unit(left, units), _unit(right, units)
            if sign == "*":
                return one * other
            if sign == "/":
                return one / other
            if left == Constant(Fraction(0)):  # the minus before a term
                return other
            if not one.fits(other):
                raise FormulaError(
                    both(
                        f"{one} and {other} cannot be {'added' if sign == '+' else 'subtracted'}",
                        f"{one} và {other} không {'cộng' if sign == '+' else 'trừ'} với nhau được",
                    )
                )
            return one
    raise TypeError(term)


def _value(term: Term, values: Mapping[str, tuple[float, Unit]]) -> Fraction:
    match term:
        case Constant(value):
            return value
        case Named(address):
            number, unit = values[address]
            return Fraction(repr(number)) * unit.scale
        case Joined(sign, left, right):
            one, other = _value(left, values), _value(right, values)
            return {"+": one.__add__, "-": one.__sub__, "*": one.__mul__, "/": one.__truediv__}[sign](other)
    raise TypeError(term)
