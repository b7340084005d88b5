"""Notices as SARIF 2.1.0, for GitHub code scanning and other readers of findings.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ is the format, and what GitHub reads of it is in
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning.
A level says what a gate decided, never how many dollars it is about; amounts are properties, USD a month.
"""

import json
from collections.abc import Iterator

from costkit import __version__
from costkit.model.exact import plain
from costkit.reports.ci.facts import ERROR, NOTE, OWN_PRICES, WARNING, Facts, Notice
from costkit.reports.ci.texts import NO_FILE, digest, fingerprints, located, sentence, shown

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# What GitHub takes of one run.
MOST_RESULTS = 25_000
LEVELS = (ERROR, WARNING, NOTE)
MORE = "more"
PLAIN_IN_URI = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
# What a rule is about, and its level if a policy says nothing else.
RULES = {
    "budget": (ERROR, "A cost is over its budget", "Make it cheaper, raise the limit, or waive the budget."),
    "growth": (ERROR, "A cost grows faster than allowed", "Make it cheaper, or waive the growth for a while."),
    "rule": (ERROR, "A resource breaks a rule of the policy", "Change the resource, or waive the rule."),
    "incomplete": (WARNING, "A cost is not known", "State the usage, or add the price; the total is too low."),
    "doubt": (WARNING, "A price or an input is doubtful", "Look at the place; the total may change."),
    "change": (NOTE, "A cost differs from before", "Nothing to do: it says what the change costs."),
    "moved": (NOTE, "A shared tier or allowance moved", "Nothing to do: untouched resources share a pool."),
    OWN_PRICES: (NOTE, "A price is not AWS's own", "Nothing to do: a table of your own is laid over AWS's list."),
    MORE: (NOTE, "Findings that are left out", "Look at the whole report; a run holds 25,000 results."),
}
_text = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def render(facts: Facts) -> Iterator[str]:
    """The document in pieces, one result a line, errors first."""
    marked = sorted(zip(facts.notices, fingerprints(facts), strict=True), key=lambda pair: LEVELS.index(pair[0].level))
    left_out = len(marked) - MOST_RESULTS + 1 if len(marked) > MOST_RESULTS else 0
    kept = marked[: len(marked) - left_out]
    if left_out:
        kept.append((_more(left_out), digest(f"{MORE}|{MORE}")))
    order = {name: index for index, name in enumerate(dict.fromkeys(shown(notice.rule) for notice, _ in kept))}
    driver = {"name": "costkit", "version": __version__, "rules": [_rule(name) for name in order]}
    yield f'{{"$schema": {_text(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
    yield f'"tool": {_text({"driver": driver})},\n'
    # The part after the last slash would be the name of one run; what stands before it is GitHub's category.
    yield f'"automationDetails": {_text({"id": f"costkit/{facts.source}/"})},\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    separator = "\n "
    for notice, mark in kept:
        yield separator + _text(_result(notice, mark, order[shown(notice.rule)]))
        separator = ",\n "
    yield "]}]}\n"


def _more(number: int) -> Notice:
    return Notice(NOTE, MORE, "", f"and {number} more findings, which one run has no room for", "", MORE)


def _rule(name: str) -> dict[str, object]:
    level, about, advice = RULES.get(name, (WARNING, f"Finding of {name}", "The message says what was found."))
    return {
        "id": f"costkit/{name}",
        "shortDescription": {"text": about},
        "fullDescription": {"text": f"{about}."},
        "help": {"text": advice},
        "defaultConfiguration": {"level": level},
    }


def _result(notice: Notice, mark: str, index: int) -> dict[str, object]:
    path, line = located(notice)
    place = {"artifactLocation": {"uri": _uri(path or NO_FILE)}, "region": {"startLine": line}}
    result: dict[str, object] = {
        "ruleId": f"costkit/{shown(notice.rule)}",
        "ruleIndex": index,
        "level": notice.level,
        "message": {"text": sentence(notice)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"costkit/v1": mark},
    }
    if notice.amount is not None:
        result["properties"] = {"monthly_cost": plain(notice.amount), "currency": "USD"}
    if notice.waived:
        result["suppressions"] = [{"kind": "external", "justification": shown(notice.waived)}]
    return result


def _uri(path: str) -> str:
    return "".join(chr(byte) if byte in PLAIN_IN_URI else f"%{byte:02X}" for byte in path.encode())
