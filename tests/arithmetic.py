"""Evaluates the arithmetic that an explanation prints, independently of how costkit computed it."""

import re
from decimal import ROUND_DOWN, Context, Decimal, Inexact
from fractions import Fraction
from math import ceil

TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z_%][A-Za-z_%]*|[()+\-/,]|\s+")


def evaluate(text: str) -> Fraction:
    """The exact value of ``3000000 requests x 120 ms / 1000``; words are dropped, ``x`` multiplies."""
    tokens = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        assert match is not None, f"cannot be read: {text[position:]!r} in {text!r}"
        position = match.end()
        token = match.group()
        if token == "x":
            tokens.append("*")
        elif re.fullmatch(r"\d+(\.\d+)?", token):
            tokens.append(f"F('{token}')")
        elif token in ("ceil", "max", "min") or token in "()+-/,":
            tokens.append(token)
    names = {"F": Fraction, "max": max, "min": min, "ceil": ceil}
    value: Fraction = eval("".join(tokens), {"__builtins__": {}}, names)
    return Fraction(value)


def to_decimal(value: Fraction) -> Decimal:
    """A fraction as the decimal that costkit keeps: in full if it ends, else cut off after twenty."""
    context = Context(prec=60)
    result = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return result.quantize(Decimal("1e-20"), ROUND_DOWN, Context(prec=100)) if context.flags[Inexact] else result


def step_value(step: str) -> tuple[Decimal, Decimal]:
    """What a step's arithmetic gives, and what it says it gives."""
    expression, _, result = step.partition(": ")[2].rpartition(" = ")
    said = re.match(r"-?\d+(\.\d+)?", result)
    assert said is not None, step
    return to_decimal(evaluate(expression)), Decimal(said.group())
