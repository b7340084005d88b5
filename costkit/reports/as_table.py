"""The estimate as a table for a terminal: the same in a pipe, never wider than the screen."""

from collections.abc import Iterator

from costkit.model.charge import NEEDS_USAGE, Charge, Estimate
from costkit.model.exact import plain
from costkit.reports.wording import footnotes, harmless, money, quantity, total_label

HEADERS = ("Name", "Quantity", "Unit", "Unit price", "Monthly cost")
RANGE_HEADERS = ("Low", "High")
LEFT = (0, 2)
GAP = "  "
NARROWEST_NAME = 16

Row = tuple[str, ...]


def render(estimate: Estimate, width: int | None = None, color: bool = False) -> Iterator[str]:
    """The lines of the table. ``width`` is the screen's in columns, None where there is none to fit."""
    headers: Row = HEADERS + RANGE_HEADERS if estimate.ranged else HEADERS
    rows = list(_rows(estimate))
    widths = [max(len(header), *(_width(row[place]) for row in rows)) for place, header in enumerate(headers)]
    if width is not None:
        others = sum(widths[1:]) + len(GAP) * (len(widths) - 1)
        widths[0] = min(widths[0], max(width - others, NARROWEST_NAME))
    yield _bold(_line(headers, widths), color)
    for row in rows:
        *first, last = _wrapped(row[0], widths[0])
        for part in first:
            yield f"{part}\n"
        line = _line((last, *row[1:]), widths)
        yield line if row[0].startswith(" ") else _bold(line, color)
    whole = sum(widths) + len(GAP) * (len(widths) - 1)
    label, amount = "Total a month", total_label(estimate)
    if estimate.ranged:
        amount += f" (from {money(estimate.low)} to {money(estimate.high)})"
    yield "\n" + _bold(f"{label}{amount:>{max(whole - len(label), len(amount) + 1)}}\n", color)
    for note in footnotes(estimate):
        yield from (f"{part}\n" for part in _wrapped(note, max(width or whole, NARROWEST_NAME)))


def _rows(estimate: Estimate) -> Iterator[Row]:
    for cost in estimate.resources:
        resource = cost.resource
        name = harmless(f"{resource.name} ({resource.type}, {resource.region})")
        span = (money(cost.low), money(cost.high)) if estimate.ranged else ()
        yield (name, "", "", "", money(cost.cost), *span)
        yield from (_charge(charge, estimate.ranged) for charge in cost.charges)
    if estimate.account:
        yield ("account", *("" for _ in HEADERS[1:]), *(("", "") if estimate.ranged else ()))
        yield from (_charge(charge, estimate.ranged) for charge in estimate.account)


def _charge(charge: Charge, ranged: bool) -> Row:
    title = f"  {harmless(charge.title)}"
    if charge.status == NEEDS_USAGE:
        title += f": {charge.steps[0].removeprefix('depends on usage: ')}"
    amount = charge.status.replace("_", " ") if charge.cost is None else money(charge.cost)
    row: Row = (
        title,
        "" if charge.quantity is None else quantity(charge.quantity),
        charge.unit,
        "" if charge.unit_price is None or charge.status == NEEDS_USAGE else plain(charge.unit_price),
        amount,
    )
    if not ranged:
        return row
    return (*row, *("" if point is None else money(point) for point in (charge.low, charge.high)))


def _line(row: Row, widths: list[int]) -> str:
    cells = [_padded(text, widths[place], place in LEFT) for place, text in enumerate(row)]
    return GAP.join(cells).rstrip() + "\n"


def _padded(text: str, width: int, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text


def _width(text: str) -> int:
    """Columns a text takes on a terminal: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of a width, broken between words where that is possible."""
    if _width(text) <= width:
        return [text]
    from textwrap import wrap

    indent = " " * (len(text) - len(text.lstrip()) + 2)
    return wrap(text, width, subsequent_indent=indent, drop_whitespace=True) if text.strip() else [text]


def _bold(line: str, color: bool) -> str:
    return f"\x1b[1m{line.rstrip()}\x1b[0m\n" if color else line
