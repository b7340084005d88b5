"""The estimate as a table for a terminal: the same in a pipe, never wider than the screen."""

from collections.abc import Iterable, Iterator, Sequence

from costkit.model.charge import NEEDS_USAGE, Charge, Estimate
from costkit.model.exact import plain
from costkit.reports.wording import footnotes, harmless, leading, marked, money, quantity, span, total_label

HEADERS = ("Name", "Quantity", "Unit", "Unit price", "Monthly cost")
RANGE_HEADERS = ("Low", "High")
LEFT = (0, 2)
GAP = "  "
NARROWEST_NAME = 16

Row = tuple[str, ...]


def render(
    estimate: Estimate, width: int | None = None, color: bool = False, hints: Iterable[str] = ()
) -> Iterator[str]:
    """The lines of the table. ``width`` is the screen's in columns, None where there is none to fit.

    ``hints`` are lines to stand under it.

    Ranges have columns of their own where the screen has room for them, else a line under each row.
    """
    columns = estimate.ranged
    headers, rows, widths = _laid_out(estimate, columns)
    if columns and width is not None and _whole(widths) > width:
        columns = False
        headers, rows, widths = _laid_out(estimate, columns)
    if width is not None:
        widths[0] = max(min(widths[0], width - _whole(widths[1:]) - len(GAP)), NARROWEST_NAME)
    yield _bold(_line(headers, widths), color)
    for row in rows:
        yield from _row_lines(row, widths, color)
    yield "\n" + _total(estimate, _whole(widths), color)
    for note in (*footnotes(estimate), *hints):
        yield from (f"{part}\n" for part in _wrapped(note, max(width or _whole(widths), NARROWEST_NAME)))


def _laid_out(estimate: Estimate, columns: bool) -> tuple[Row, list[Row], list[int]]:
    headers: Row = HEADERS + RANGE_HEADERS if columns else HEADERS
    rows = list(_rows(estimate, columns))
    widths = [len(header) for header in headers]
    for row in rows:
        # A resource's name may run over the empty cells beside it.
        for place in range(0 if row[0].startswith(" ") else 4, len(headers)):
            widths[place] = max(widths[place], _width(row[place]))
    return headers, rows, widths


def _whole(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _row_lines(row: Row, widths: list[int], color: bool) -> Iterator[str]:
    if row[0].startswith(" "):
        *first, last = _wrapped(row[0], widths[0])
        yield from (f"{part}\n" for part in first)
        yield _line((last, *row[1:]), widths)
        return
    label = _whole(widths[:4])
    *first, last = _wrapped(row[0], label)
    yield from (_bold(f"{part}\n", color) for part in first)
    yield _bold(_line((last, *row[4:]), [label, *widths[4:]], left=(0,)), color)


def _total(estimate: Estimate, whole: int, color: bool) -> str:
    label, amount = "Total a month", total_label(estimate)
    if estimate.ranged:
        amount += f" ({span(estimate)})"
    return _bold(f"{label}{amount:>{max(whole - len(label), len(amount) + 1)}}\n", color)


def _rows(estimate: Estimate, columns: bool) -> Iterator[Row]:
    for cost in estimate.resources:
        resource = cost.resource
        copies = "" if resource.copies == 1 else f", {plain(resource.copies)} copies"
        name = leading(f"{resource.name} ({resource.type}, {resource.region}{copies})")
        ends = (money(cost.low), money(cost.high)) if columns else ()
        yield (name, "", "", "", money(cost.cost), *ends)
        if estimate.ranged and not columns and cost.low != cost.high:
            yield (f"  from {money(cost.low)} to {money(cost.high)}", "", "", "", "")
        for charge in cost.charges:
            yield _charge(charge, columns)
    if estimate.account:
        yield ("account", *("" for _ in HEADERS[1:]), *(("", "") if columns else ()))
        yield from (_charge(charge, columns) for charge in estimate.account)


def _charge(charge: Charge, ranged: bool) -> Row:
    title = f"  {marked(harmless(charge.title), charge)}"
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


def _line(row: Row, widths: list[int], left: Sequence[int] = LEFT) -> str:
    cells = [_padded(text, widths[place], place in left) for place, text in enumerate(row)]
    return GAP.join(cells).rstrip() + "\n"


def _padded(text: str, width: int, left: bool) -> str:
    if text.isascii():
        return text.ljust(width) if left else text.rjust(width)
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
    indent = " " * (len(text) - len(text.lstrip()))
    lines, line = [], indent
    for word in text.split():
        joined = f"{line} {word}" if line.strip() else line + word
        if _width(joined) > width and line.strip():
            lines.append(line)
            joined = f"{indent}  {word}"
        while _width(joined) > width and len(joined.strip()) > 1:
            head = _head(joined, width)
            lines.append(head)
            joined = f"{indent}  {joined[len(head) :]}"
        line = joined
    return [*lines, line]


def _head(text: str, width: int) -> str:
    """As many characters as fit into a width, and at least one that shows."""
    end = len(text) - len(text.lstrip()) + 1
    while end < len(text) and _width(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def _bold(line: str, color: bool) -> str:
    return f"\x1b[1m{line.rstrip()}\x1b[0m\n" if color else line
