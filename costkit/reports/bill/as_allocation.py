"""What allocation came to: the resources that are nobody's, and who probably owns them."""

from collections.abc import Callable, Iterator
from typing import Any

from tabulate import tabulate

from costkit.model.allocation import Allocation, Guess
from costkit.reports.as_json import number
from costkit.reports.wording import harmless, money

MOST_ROWS = 10


def as_tree(allocation: Allocation) -> dict[str, Any]:
    """The part of a JSON report that is about allocation."""
    return {
        "rules": [
            {"name": rule.name, "currency": rule.currency, "lines": rule.lines, "cost": number(rule.cost)}
            for rule in allocation.rules
        ],
        "unallocated_resources": [
            {
                "resource": orphan.resource,
                "account": orphan.account,
                "service": orphan.service,
                "currency": orphan.currency,
                "cost": number(orphan.cost),
                "guess": None if orphan.guess is None else orphan.guess._asdict(),
            }
            for orphan in allocation.orphans
        ],
        "more_unallocated_resources": allocation.more,
    }


def lines(allocation: Allocation, style: str, shown: Callable[[str], str]) -> Iterator[str]:
    """The dearest resources that are nobody's, as a table of a style; ``shown`` makes texts harmless."""
    if not allocation.orphans:
        return
    yield "\nResources that no rule gives to anybody:\n\n"
    listed = allocation.orphans[:MOST_ROWS]
    cells = [
        [
            shown(orphan.resource),
            shown(orphan.account),
            shown(orphan.service),
            "unknown" if orphan.cost is None else f"{money(orphan.cost)} {shown(orphan.currency)}",
            "" if orphan.guess is None else shown(guessed(orphan.guess)),
        ]
        for orphan in listed
    ]
    headers = ["Resource", "Account", "Service", "Cost", "Perhaps"]
    align = ("left", "left", "left", "right", "left")
    yield tabulate(cells, headers, tablefmt=style, disable_numparse=True, colalign=align) + "\n"
    rest = len(allocation.orphans) - len(listed) + allocation.more
    if rest:
        yield f"and {rest} more\n"


def guessed(guess: Guess) -> str:
    """A guess with what supports it: ``web: 8 of 9 with the same account and service``."""
    return harmless(f"{guess.owner}: {guess.alike} of {guess.siblings} with {guess.by}")
