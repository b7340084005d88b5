"""An estimate beside what was billed, for a terminal: one sentence first, then what differs most."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from tabulate import tabulate

from costkit.model.against_estimate import AgainstEstimate, ComparedLine, Parts
from costkit.reports.bill.changes import month_name
from costkit.reports.wording import dated_notes, harmless, leading, money, percentage, signed

MOST_ROWS = 30
PERCENT = Decimal(100)


def render(result: AgainstEstimate) -> Iterator[str]:
    """The lines of the report; machine formats have the rows that are left out here."""
    yield f"{harmless(sentence(result))}\n\n"
    yield from table_of(result, result.lines[:MOST_ROWS], "plain", leading)
    if len(result.lines) > MOST_ROWS:
        yield f"and {len(result.lines) - MOST_ROWS} more\n"
    for note in dated_notes(result.price_dates, result.overlays, result.on):
        yield f"{harmless(note)}\n"


def sentence(result: AgainstEstimate) -> str:
    """What was billed, how far that is from the estimate, and why, in one sentence."""
    difference = result.billed - result.estimated
    share = f", {signed(difference / result.estimated * PERCENT, percentage)}" if result.estimated > 0 else ""
    known = "" if result.complete else "at least "
    reasons = sorted(
        ((name, part) for name, part in zip(Parts._fields, result.parts, strict=True) if part),
        key=lambda entry: -abs(entry[1]),
    )
    why = f": {', '.join(f'{name} {signed(part)}' for name, part in reasons)}" if reasons else ""
    return (
        f"{month_name(result.month)}: {money(result.billed)} {result.currency} {result.metric}, {known}"
        f"{money(result.estimated)} estimated ({signed(difference)}{share}){why}"
    )


def table_of(
    result: AgainstEstimate, lines: Sequence[ComparedLine], style: str, shown: Callable[[str], str]
) -> Iterator[str]:
    """The lines as a table of a style; ``shown`` makes texts of the bill harmless."""
    grouped = any(line.group for line in result.lines)
    used = [place for place, part in enumerate(result.parts) if any(line.parts[place] for line in result.lines)]
    headers = [*(["Of"] if grouped else []), "What", "Region", "Estimated", "Billed", "Change"]
    headers += [Parts._fields[place].capitalize() for place in used] + ["Status"]
    cells = [
        [
            *([shown(line.group)] if grouped else []),
            shown(line.what),
            shown(line.region),
            money(line.estimated),
            money(line.billed),
            signed(line.parts.total),
            *(signed(line.parts[place]) if line.parts[place] else "" for place in used),
            line.status,
        ]
        for line in lines
    ]
    names = ["left"] * (3 if grouped else 2)
    align = [*names, *["right"] * (len(headers) - len(names) - 1), "left"]
    if cells:
        yield tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"
