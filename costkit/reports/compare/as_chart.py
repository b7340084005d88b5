"""A comparison as a picture of characters: the cost over the volume, or bars where nothing is varied."""

from collections.abc import Iterator
from decimal import Decimal
from textwrap import fill

from costkit.model.comparison import Comparison
from costkit.reports.compare.columns import cheaper_beyond, shown_options
from costkit.reports.compare.plotting import (
    COST_TITLE,
    MOST_POINTS,
    Bounds,
    bounds,
    cost_at,
    drawn_points,
    short,
    ticks,
    within,
)
from costkit.reports.compare.sentences import per_second, verdict, volume
from costkit.reports.wording import harmless, money, total_label

USUAL, WIDEST, NARROWEST, HEIGHT = 80, 120, 40, 18
MARKS = "*o+x#@%&"
CROSSING, OVERLAP = "X", "="
BARS = 12
FULL = "\u2588"


def render(comparison: Comparison, width: int | None = None) -> Iterator[str]:
    """The lines of the picture, with a legend. ``width`` is the screen's in columns."""
    across = min(max(width or USUAL, NARROWEST), WIDEST)
    yield fill(verdict(comparison), across, break_on_hyphens=False) + "\n\n"
    yield from _lines(comparison, across) if comparison.curves else _bars(comparison, across)


def _lines(comparison: Comparison, across: int) -> Iterator[str]:
    limits = bounds(comparison.curves)
    costs = {
        round(tick / limits.cost * (HEIGHT - 1)): short(tick) for tick in ticks(limits.cost) if tick <= limits.cost
    }
    margin = max(len(text) for text in costs.values())
    columns = across - margin - 3
    grid = _drawn(comparison, limits, columns)
    yield f"{COST_TITLE}\n"
    for row in range(HEIGHT - 1, -1, -1):
        label = costs.get(row, "")
        yield f"{label:>{margin}} {'+' if label else '|'}{''.join(grid[row]).rstrip()}\n"
    yield f"{'':>{margin}} +{'-' * columns}\n"
    yield f"{'':>{margin}}  {_volumes(limits.volume, columns)}\n"
    yield f"{comparison.varied:>{across}}\n\n"
    for mark, curve in zip(MARKS, comparison.curves, strict=False):
        yield f"{mark} {harmless(curve.option)}\n"
    points = drawn_points(comparison, limits)
    for one, cost in points[:MOST_POINTS]:
        where = f"{volume(one.amount)} {one.unit}{per_second(comparison, one)}"
        yield fill(f"{CROSSING} {where}, {money(cost)}: {harmless(cheaper_beyond(one))}", across) + "\n"
    if len(points) > MOST_POINTS:
        yield f"{CROSSING} and {len(points) - MOST_POINTS} more\n"
    if comparison.amount is not None and comparison.amount <= limits.volume:
        yield f": {volume(comparison.amount)} {comparison.varied}, as expected\n"


def _drawn(comparison: Comparison, limits: Bounds, columns: int) -> list[list[str]]:
    """The rows of the picture, the lowest first."""
    grid = [[" "] * columns for _ in range(HEIGHT)]
    if comparison.amount is not None and comparison.amount <= limits.volume:
        for cells in grid:
            cells[_place(comparison.amount, limits.volume, columns)] = ":"
    for mark, curve in zip(MARKS, comparison.curves, strict=False):
        for column in range(columns):
            cost = cost_at(curve, limits.volume * column / (columns - 1))
            row = _place(cost, limits.cost, HEIGHT)
            grid[row][column] = OVERLAP if grid[row][column] in MARKS else mark
    for one, cost in drawn_points(comparison, limits):
        grid[_place(cost, limits.cost, HEIGHT)][_place(one.amount, limits.volume, columns)] = CROSSING
    return grid


def _place(number: Decimal, top: Decimal, places: int) -> int:
    return min(places - 1, round(number / top * (places - 1)))


def _volumes(top: Decimal, columns: int) -> str:
    """The numbers under the axis, each where it belongs, as far as they do not touch."""
    line = ""
    for tick in within(top):
        text = short(tick)
        start = min(_place(tick, top, columns), columns - len(text))
        if not line or start > len(line):
            line = line.ljust(start) + text
    return line


def _bars(comparison: Comparison, across: int) -> Iterator[str]:
    options = shown_options(comparison, BARS)
    names = [harmless(option.name) for option in options]
    costs = [total_label(option.estimate) for option in options]
    margin = min(max(map(len, names), default=0), across // 2)
    room = max(across - margin - max(map(len, costs), default=0) - 3, 4)
    top = max((option.estimate.cost for option in options), default=Decimal(0)) or Decimal(1)
    for option, name, cost in zip(options, names, costs, strict=True):
        length = round(option.estimate.cost / top * room)
        yield f"{name[:margin]:<{margin}} {FULL * length:<{room}} {cost}\n"
    if left := len(comparison.options) - len(options):
        yield f"{left} more cost more or are not known whole.\n"
