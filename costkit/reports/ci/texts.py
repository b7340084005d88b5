"""Texts out of the input as CI platforms may have them: harmless, short, with a place and a fingerprint."""

import re
from collections.abc import Iterator
from hashlib import sha256

from costkit.reports.ci.facts import Facts, Notice, place
from costkit.reports.wording import harmless

MOST_CHARACTERS = 4000
# Where a finding is shown that belongs to no file.
NO_FILE = "costkit.yaml"
SLASHES = re.compile(r"[/\\]+")


def shown(text: str, most: int = MOST_CHARACTERS) -> str:
    """Foreign text as one harmless line of at most so many characters; lone surrogates go too."""
    return harmless(text if len(text) <= most else f"{text[: most - 3]}...")


def sentence(notice: Notice) -> str:
    """Title and message in one harmless line, which is never empty."""
    return shown(": ".join(part for part in (shown(notice.title), notice.message) if part) or notice.rule)


def located(notice: Notice) -> tuple[str, int]:
    """The file with forward slashes and without a leading ``./``, and the line; an empty file if there is none."""
    file, line = place(notice.where)
    path = SLASHES.sub("/", shown(file))
    while path.startswith("./"):
        path = path[2:]
    return path, line


def fingerprints(facts: Facts) -> Iterator[str]:
    """A SHA-256 for each notice out of its rule and key; the same rule and key again get a running number."""
    seen: set[str] = set()
    last: dict[str, int] = {}
    for notice in facts.notices:
        mark = base = digest(f"{notice.rule}|{notice.key}")
        number = last.get(base, 1)
        while mark in seen:
            number += 1
            mark = digest(f"{notice.rule}|{notice.key}|{number}")
        last[base] = number
        seen.add(mark)
        yield mark


def digest(text: str) -> str:
    """The SHA-256 of any text, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
