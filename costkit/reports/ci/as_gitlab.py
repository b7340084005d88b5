"""Notices as GitLab's code quality report, which shows them in a merge request.

https://docs.gitlab.com/ci/testing/code_quality/ names the fields. Amounts, USD a month, stand only in the
description: a fingerprint with an amount in it would make a new finding of each change of a price.
What is waived is left out, because GitLab has no place for it.
"""

import json
from collections.abc import Iterator

from costkit.reports.ci.facts import ERROR, NOTE, WARNING, Facts, Notice
from costkit.reports.ci.texts import NO_FILE, fingerprints, located, sentence, shown

SEVERITIES = {ERROR: "major", WARNING: "minor", NOTE: "info"}
_text = json.JSONEncoder(ensure_ascii=False).encode


def render(facts: Facts) -> Iterator[str]:
    """The array in pieces, one finding a line."""
    separator = "[\n "
    for notice, mark in zip(facts.notices, fingerprints(facts), strict=True):
        if not notice.waived:
            yield separator + _text(_finding(notice, mark))
            separator = ",\n "
    yield "[]\n" if separator.startswith("[") else "\n]\n"


def _finding(notice: Notice, mark: str) -> dict[str, object]:
    path, line = located(notice)
    return {
        "description": sentence(notice),
        "check_name": f"costkit/{shown(notice.rule)}",
        "fingerprint": mark,
        "severity": SEVERITIES[notice.level],
        "location": {"path": path or NO_FILE, "lines": {"begin": line}},
    }
