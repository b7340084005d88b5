"""A number that carries the arithmetic that made it, so that an explanation cannot disagree with its sum."""

from decimal import ROUND_CEILING, Decimal

from costkit.model.exact import ZERO, plain

OPERATORS = (" x ", " / ", " + ", " - ")


class Figure:
    """An exact number and its arithmetic as text: ``3000000 requests x 120 ms / 1000 ms per s``.

    An unknown figure has the number None, and everything computed from it is unknown as well. The
    text can be evaluated once its words are dropped: ``x`` multiplies, ``ceil``, ``max`` and ``min``
    mean what they say.
    """

    __slots__ = ("is_sum", "number", "text")

    def __init__(self, number: Decimal | None, text: str, is_sum: bool = False) -> None:
        self.number, self.text, self.is_sum = number, text, is_sum

    def factor(self) -> str:
        """The text as a factor of a product."""
        return f"({self.text})" if self.is_sum else self.text

    def __mul__(self, other: "Figure") -> "Figure":
        if self.number is None or other.number is None:
            return UNKNOWN
        return Figure(self.number * other.number, f"{self.factor()} x {other.factor()}")

    def __truediv__(self, other: "Figure") -> "Figure":
        if self.number is None or other.number is None:
            return UNKNOWN
        divisor = f"({other.text})" if any(sign in other.text for sign in OPERATORS) else other.text
        return Figure(self.number / other.number, f"{self.factor()} / {divisor}")

    def __add__(self, other: "Figure") -> "Figure":
        if self.number is None or other.number is None:
            return UNKNOWN
        return Figure(self.number + other.number, f"{self.text} + {other.text}", is_sum=True)

    def __sub__(self, other: "Figure") -> "Figure":
        if self.number is None or other.number is None:
            return UNKNOWN
        return Figure(self.number - other.number, f"{self.text} - {other.factor()}", is_sum=True)

    def in_steps_of(self, step: "Figure") -> "Figure":
        """Rounded up to whole steps, as AWS rounds milliseconds, megabytes and chunks."""
        if self.number is None or step.number is None:
            return UNKNOWN
        steps = (self.number / step.number).to_integral_value(ROUND_CEILING)
        rounded = steps * step.number
        if rounded == self.number:
            return self
        return Figure(rounded, f"ceil({self.factor()} / {step.text}) x {step.text}")

    def chunks_of(self, chunk: "Figure") -> "Figure":
        """How many chunks of a size this fills or begins; at least one."""
        if self.number is None or chunk.number is None:
            return UNKNOWN
        chunks = (self.number / chunk.number).to_integral_value(ROUND_CEILING)
        return Figure(max(chunks, Decimal(1)), f"max(1, ceil({self.factor()} / {chunk.text}))")

    def at_least(self, least: "Figure") -> "Figure":
        """This, or a minimum if that is more."""
        if self.number is None or least.number is None:
            return UNKNOWN
        return self if self.number >= least.number else Figure(least.number, f"max({least.text}, {self.text})")

    def at_most(self, most: "Figure") -> "Figure":
        """This, or a maximum if that is less."""
        if self.number is None or most.number is None:
            return UNKNOWN
        return self if self.number <= most.number else Figure(most.number, f"min({most.text}, {self.text})")

    def beyond(self, included: "Figure") -> "Figure":
        """What exceeds an included amount, never less than nothing."""
        if self.number is None or included.number is None:
            return UNKNOWN
        return Figure(max(self.number - included.number, ZERO), f"max(0, {self.text} - {included.factor()})")


UNKNOWN = Figure(None, "")


def figure(number: Decimal | None, label: str = "") -> Figure:
    """A number somebody gave, and what it counts: ``figure(Decimal(120), "ms")``."""
    if number is None:
        return UNKNOWN
    return Figure(number, f"{plain(number)} {label}" if label else plain(number))


SECONDS_PER_HOUR = figure(Decimal(3600), "s per h")
MS_PER_SECOND = figure(Decimal(1000), "ms per s")
MB_PER_GB = figure(Decimal(1024), "MB per GB")
KB_PER_MB = figure(Decimal(1024), "KB per MB")
GB_PER_TB = figure(Decimal(1024), "GB per TB")
MB_PER_TB = figure(Decimal(1024 * 1024), "MB per TB")
