"""Notices as GitLab's code quality report, which shows them in a merge request.

https://docs.gitlab.com/ci/testing/code_quality/ names the fields. Amounts, USD a month, stand only in the
description: a fingerprint with an amount in it would make a new finding of each change of a price.
What is waived is left out, because GitLab has no place for it.
"""

import json
from collections.abc import Iterator
from hashlib import sha256

from costkit.reports.ci.facts import ERROR, NOTE, WARNING, Facts, Notice, place
from costkit.reports.wording import harmless

SEVERITIES = {ERROR: "major", WARNING: "minor", NOTE: "info"}
MOST_CHARACTERS = 4000
# Where a finding is shown that belongs to no file.
NO_FILE = "costkit.yaml"
_text = json.JSONEncoder(ensure_ascii=False).encode


def render(facts: Facts) -> Iterator[str]:
    """The array in pieces, one finding a line."""
    separator = "[\n "
    for notice, mark in zip(facts.notices, fingerprints(facts), strict=True):
        if not notice.waived:
            yield separator + _text(_finding(notice, mark))
            separator = ",\n "
    yield "[]\n" if separator.startswith("[") else "\n]\n"


def shown(text: str, most: int = MOST_CHARACTERS) -> str:
    """Foreign text as one harmless line of at most so many characters; lone surrogates go too."""
    return harmless(text if len(text) <= most else f"{text[: most - 3]}...")


def sentence(notice: Notice) -> str:
    """Title and message in one harmless line, which is never empty."""
    return shown(": ".join(part for part in (shown(notice.title), notice.message) if part) or notice.rule)


def located(notice: Notice) -> tuple[str, int]:
    """The file with forward slashes and without a leading ``./``, and the line; an empty file if there is none."""
    file, line = place(notice.where)
    path = shown(file).replace("\\", "/")
    while path.startswith(("./", "//")):
        path = path[1:] if path.startswith("//") else path[2:]
    return path, line


def fingerprints(facts: Facts) -> Iterator[str]:
    """A SHA-256 for each notice out of its rule and key; the same rule and key again get a running number."""
    seen: set[str] = set()
    last: dict[str, int] = {}
    for notice in facts.notices:
        mark = base = _digest(f"{notice.rule}|{notice.key}")
        number = last.get(base, 1)
        while mark in seen:
            number += 1
            mark = _digest(f"{notice.rule}|{notice.key}|{number}")
        last[base] = number
        seen.add(mark)
        yield mark


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _finding(notice: Notice, mark: str) -> dict[str, object]:
    path, line = located(notice)
    return {
        "description": sentence(notice),
        "check_name": f"costkit/{shown(notice.rule)}",
        "fingerprint": mark,
        "severity": SEVERITIES[notice.level],
        "location": {"path": path or NO_FILE, "lines": {"begin": line}},
    }
