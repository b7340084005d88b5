"""The estimate as a Markdown table, for pull requests and wikis."""

import re
from collections.abc import Iterator

from tabulate import tabulate

from costkit.model.charge import Charge, Estimate
from costkit.model.exact import plain
from costkit.reports.wording import footnotes, harmless, marked, money, quantity, span, total_label

SPECIAL = str.maketrans(
    {
        "|": "\\|",
        "`": "\\`",
        "*": "\\*",
        "_": "\\_",
        "[": "\\[",
        "]": "\\]",
        "<": "&lt;",
        ">": "&gt;",
        "&": "&amp;",
        # Platforms look for mentions, issues and addresses in the text that is left, entities resolved: a space
        # of no width keeps them from finding any.
        "@": "&#64;&#8203;",
        "#": "\\#&#8203;",
    }
)
LINKS = re.compile(r"(?i)\b(GH-|www\.|[a-z]+:(?=//))")


def render(estimate: Estimate) -> Iterator[str]:
    """A table of resources and charges, the total above it, the footnotes below."""
    headers = ["Name", "Quantity", "Unit", "Unit price", "Monthly cost"]
    if estimate.ranged:
        headers += ["Low", "High"]
    rows = []
    for cost in estimate.resources:
        resource = cost.resource
        name = f"**{escaped(resource.name)}** ({escaped(resource.type)}, {resource.region})"
        row = [name, "", "", "", f"**{money(cost.cost)}**"]
        rows.append([*row, money(cost.low), money(cost.high)] if estimate.ranged else row)
        rows += [_row(charge, estimate.ranged) for charge in cost.charges]
    rows += [_row(charge, estimate.ranged) for charge in estimate.account]
    title = escaped(estimate.name) or "Estimate"
    ends = f", {span(estimate)}" if estimate.ranged else ""
    yield f"**{title}: {total_label(estimate)} a month{ends}**\n\n"
    align = ("left", "right", "left", "right", "right", "right", "right")[: len(headers)]
    yield tabulate(rows, headers, tablefmt="pipe", disable_numparse=True, colalign=align) + "\n"
    for note in footnotes(estimate):
        yield f"\n{note}\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no mention, no HTML, one line."""
    return LINKS.sub(r"\1&#8203;", harmless(text).translate(SPECIAL))


def _row(charge: Charge, ranged: bool) -> list[str]:
    title = marked(escaped(charge.title), charge)
    amount = charge.status.replace("_", " ") if charge.cost is None else money(charge.cost)
    row = [
        f"&nbsp;&nbsp;{title}",
        "" if charge.quantity is None else quantity(charge.quantity),
        charge.unit,
        "" if charge.unit_price is None else plain(charge.unit_price),
        amount,
    ]
    if ranged:
        row += ["" if charge.low is None else money(charge.low), "" if charge.high is None else money(charge.high)]
    return row
