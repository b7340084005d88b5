"""What a comparison results in: ways to meet one need, what each costs, and where one becomes cheaper than another."""

from decimal import Decimal
from operator import le
from typing import NamedTuple

from costkit.model.charge import Estimate
from costkit.model.problem import Problem


class Option(NamedTuple):
    """One way to meet the need.

    ``kind`` is what it is (lambda, fargate, ec2, redshift_cluster, redshift_serverless, region, commitment),
    ``purchase`` how it is bought. ``instances`` is how many run, where that is a question.
    ``assumptions`` are sentences without amounts of money, ``facts`` further columns by their names.
    """

    name: str
    kind: str
    purchase: str
    estimate: Estimate
    instances: Decimal | None = None
    assumptions: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


class BreakEven(NamedTuple):
    """A point where one option becomes cheaper than another.

    ``unit`` is what is varied (requests a month, active hours a day). Up to ``amount`` the option named
    ``below`` is the cheaper one, beyond it the one named ``above``. ``exact`` is False where a fleet grows
    by an instance there: the sides then change between one amount and the next.
    """

    option: str
    against: str
    unit: str
    amount: Decimal
    below: str
    above: str
    exact: bool = True


class Curve(NamedTuple):
    """What an option costs as the volume grows: (volume, cost) points, to be joined by straight lines."""

    option: str
    points: tuple[tuple[Decimal, Decimal], ...]


class Comparison(NamedTuple):
    """A whole answer. ``options`` are ranked, the cheapest first; incomplete ones stand last and are not ranked.

    ``subject`` is the need, as (name, value) texts; ``present`` the name of the option in use today, or empty.
    ``close`` names the options whose range overlaps that of the cheapest: too close to tell. ``today`` is
    the option in use where it is none of those to choose from, to compare with. ``varied`` is what the
    break-even points and ``curves`` vary (as in BreakEven.unit), ``amount`` how much of it there is now;
    ``notes`` are assumptions that all options share.
    """

    subject: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    break_even: tuple[BreakEven, ...]
    close: tuple[str, ...]
    problems: tuple[Problem, ...]
    present: str = ""
    today: Option | None = None
    varied: str = ""
    amount: Decimal | None = None
    curves: tuple[Curve, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> Option | None:
        """The cheapest option whose cost is known whole, or None if no option is."""
        return next((option for option in self.options if option.estimate.complete), None)

    @property
    def in_use(self) -> Option | None:
        """The option in use today, one of those to choose from or beside them; None if nothing is."""
        return self.today or next((option for option in self.options if option.name == self.present), None)

    @property
    def shown(self) -> tuple[Option, ...]:
        """All options, after the one in use where it is none of those to choose from."""
        return self.options if self.today is None else (self.today, *self.options)


def ranked(options: list[Option]) -> tuple[Option, ...]:
    """Options with the cheapest first; incomplete ones last, however little of their cost is known."""
    return tuple(sorted(options, key=lambda option: (not option.estimate.complete, option.estimate.cost, option.name)))


def overlapping(options: tuple[Option, ...]) -> tuple[str, ...]:
    """The complete options whose range overlaps that of the first."""
    whole = [option for option in options if option.estimate.complete]
    return tuple(option.name for option in whole[1:] if option.estimate.low <= whole[0].estimate.high)


def contested(options: tuple[Option, ...]) -> tuple[str, ...]:
    """Those of ``overlapping`` that are cheaper than the first, or as cheap, at some point of the usage.

    For options that meet one usage at the same points: where one is the cheapest at low, expected and high
    usage alike, it is so, however wide the range.
    """
    close = overlapping(options)
    whole = [option for option in options if option.estimate.complete]
    rivals = [option for option in whole[1:] if option.name in close]
    return tuple(rival.name for rival in rivals if any(map(le, _totals(rival), _totals(whole[0]))))


def _totals(option: Option) -> list[Decimal]:
    """The cost at expected, low and high usage."""
    totals = [
        sum(points, Decimal(0)) for points in zip(*(own.points for own in option.estimate.resources), strict=True)
    ]
    return totals if option.estimate.ranged else totals * 3
