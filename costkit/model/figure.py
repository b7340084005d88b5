"""A number that carries the arithmetic that made it, so that an explanation cannot disagree with its sum."""

from decimal import ROUND_CEILING, Decimal, Inexact, getcontext

from costkit.model.exact import ONE, ZERO, plain, quotient

OPERATORS = (" x ", " / ", " + ", " - ")


class Figure:
    """An exact number and its arithmetic as text: ``3000000 requests x 120 ms / 1000 ms per s``.

    The number is kept as a fraction, ``top / bottom``, for 4,080 seconds are no decimal number of
    hours but cost exactly 0.425 at 0.375 an hour. An unknown figure has no number, and everything
    computed from it is unknown as well. The text can be evaluated once its words are dropped: ``x``
    multiplies, ``ceil``, ``max`` and ``min`` mean what they say.
    """

    __slots__ = ("bottom", "is_sum", "text", "top")

    def __init__(self, top: Decimal | None, text: str, bottom: Decimal = ONE, is_sum: bool = False) -> None:
        self.top, self.bottom, self.text, self.is_sum = top, bottom, text, is_sum

    @property
    def number(self) -> Decimal | None:
        """The number as a decimal, or None if it is unknown."""
        return self.top if self.top is None or self.bottom == ONE else quotient(self.top, self.bottom)

    def reduced(self) -> "Figure":
        """The same figure without a fraction if its decimals end."""
        context = getcontext()
        context.flags[Inexact] = False
        whole = ZERO if self.top is None else self.top / self.bottom
        return self if context.flags[Inexact] else Figure(whole, self.text, is_sum=self.is_sum)

    def factor(self) -> str:
        """The text as a factor of a product."""
        return f"({self.text})" if self.is_sum else self.text

    def __mul__(self, other: "Figure") -> "Figure":
        if self.top is None or other.top is None:
            return UNKNOWN
        text = f"{self.factor()} x {other.factor()}"
        return Figure(self.top * other.top, text, self.bottom * other.bottom)

    def __truediv__(self, other: "Figure") -> "Figure":
        if self.top is None or other.top is None:
            return UNKNOWN
        divisor = f"({other.text})" if any(sign in other.text for sign in OPERATORS) else other.text
        text = f"{self.factor()} / {divisor}"
        return Figure(self.top * other.bottom, text, self.bottom * other.top).reduced()

    def __add__(self, other: "Figure") -> "Figure":
        if self.top is None or other.top is None:
            return UNKNOWN
        top = self.top * other.bottom + other.top * self.bottom
        return Figure(top, f"{self.text} + {other.text}", self.bottom * other.bottom, is_sum=True)

    def __sub__(self, other: "Figure") -> "Figure":
        if self.top is None or other.top is None:
            return UNKNOWN
        top = self.top * other.bottom - other.top * self.bottom
        return Figure(top, f"{self.text} - {other.factor()}", self.bottom * other.bottom, is_sum=True)

    def in_steps_of(self, step: "Figure") -> "Figure":
        """Rounded up to whole steps, as AWS rounds milliseconds, megabytes and chunks."""
        if self.top is None or step.top is None:
            return UNKNOWN
        steps = (self.top / (self.bottom * step.top)).to_integral_value(ROUND_CEILING)
        rounded = steps * step.top
        if rounded * self.bottom == self.top:
            return self
        return Figure(rounded, f"ceil({self.factor()} / {step.text}) x {step.text}")

    def chunks_of(self, chunk: "Figure") -> "Figure":
        """How many chunks of a size this fills or begins; at least one."""
        if self.top is None or chunk.top is None:
            return UNKNOWN
        chunks = (self.top / (self.bottom * chunk.top)).to_integral_value(ROUND_CEILING)
        return Figure(max(chunks, ONE), f"max(1, ceil({self.factor()} / {chunk.text}))")

    def at_least(self, least: "Figure") -> "Figure":
        """This, or a minimum if that is more."""
        difference = (self - least).top
        if difference is None or difference >= ZERO:
            return self if difference is not None else UNKNOWN
        return Figure(least.top, f"max({least.text}, {self.text})", least.bottom)

    def beyond(self, included: "Figure") -> "Figure":
        """What exceeds an included amount, never less than nothing."""
        difference = self - included
        if difference.top is None:
            return UNKNOWN
        return Figure(max(difference.top, ZERO), f"max(0, {difference.text})", difference.bottom)


UNKNOWN = Figure(None, "")


def figure(number: Decimal | None, label: str = "") -> Figure:
    """A number somebody gave, and what it counts: ``figure(Decimal(120), "ms")``."""
    if number is None:
        return UNKNOWN
    return Figure(number, f"{plain(number)} {label}" if label else plain(number))


SECONDS_PER_HOUR = figure(Decimal(3600), "s per h")
MS_PER_SECOND = figure(Decimal(1000), "ms per s")
MB_PER_GB = figure(Decimal(1024), "MB per GB")
GB_PER_TB = figure(Decimal(1024), "GB per TB")
MB_PER_TB = figure(Decimal(1024 * 1024), "MB per TB")
