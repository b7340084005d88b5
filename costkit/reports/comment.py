"""Bodies of comments on pull requests: a hidden marker, a headline, details, and never too long."""

import re
from collections.abc import Sequence
from decimal import Decimal

from costkit.model.exact import ZERO
from costkit.model.verdict import MOVED, REMOVED, Difference, ResourceChange
from costkit.reports.as_markdown import escaped
from costkit.reports.wording import money, signed

# What GitHub takes: https://docs.github.com/en/rest/issues/comments; bytes are never fewer than its characters.
LONGEST = 65_536
RESERVED = 400
LONGEST_TAG = 80


def marker(kind: str, name: str) -> str:
    """The first line, which shows nowhere and lets an action find its own comment again."""
    tag = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-")[:LONGEST_TAG]
    return f"<!-- costkit:{kind}{':' + tag if tag else ''} -->"


def assembled(head: str, rows: Sequence[str], foot: str) -> str:
    """Head, details in a fold, and foot; what would be too long is cut, and said to be."""
    head, foot = _cut(head, LONGEST // 2), _cut(foot, LONGEST // 4)
    opening = "\n<details><summary>Resources</summary>\n\n| Resource | Type | Before | After | Change |\n"
    opening += "| :--- | :--- | ---: | ---: | ---: |\n"
    room = LONGEST - RESERVED - sum(len(part.encode()) for part in (head, opening, foot))
    shown: list[str] = []
    for row in rows:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        shown.append(row)
    left = len(rows) - len(shown)
    more = f"\nAnd {left} more; the whole is in the JSON and CSV.\n" if left else ""
    body = opening + "".join(f"{row}\n" for row in shown) + more + "\n</details>\n" if rows else ""
    return head + body + foot


def change_rows(difference: Difference) -> list[str]:
    """A row a resource that differs, the largest change first; untouched ones that moved together in one."""
    touched = [resource for resource in difference.touched if resource.status != MOVED]
    touched.sort(key=lambda resource: -abs(resource.change))
    rows = [_row(resource) for resource in touched]
    moved = [resource for resource in difference.touched if resource.status == MOVED]
    if moved:
        before, after, change = together(moved)
        name = f"*shared tiers and allowances ({len(moved)} untouched)*"
        rows.append(f"| {name} | | {money(before)} | {money(after)} | {signed(change)} |")
    return rows


def together(resources: Sequence[ResourceChange]) -> tuple[Decimal, Decimal, Decimal]:
    """Before, after and change of several resources."""
    return (
        sum((resource.before for resource in resources), ZERO),
        sum((resource.after for resource in resources), ZERO),
        sum((resource.change for resource in resources), ZERO),
    )


def _row(resource: ResourceChange) -> str:
    before = "" if resource.status == "added" else money(resource.before)
    after = "" if resource.status == REMOVED else money(resource.after)
    name = escaped(resource.name) or "account"
    return f"| {name} ({resource.status}) | {escaped(resource.type)} | {before} | {after} | {signed(resource.change)} |"


def _cut(text: str, size: int) -> str:
    """Text of at most so many bytes, cut at the end of a line."""
    if len(text.encode()) <= size:
        return text
    kept = text.encode()[: size - RESERVED].decode(errors="ignore")
    return kept[: kept.rfind("\n") + 1 or None] + "\n(cut: too long for a comment)\n"
