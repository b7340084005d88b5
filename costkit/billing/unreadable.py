"""What DuckDB says of a bill that it cannot read, in words that help: which file, line, column and value."""

import re

from costkit.model.kind import shown
from costkit.model.problem import CostkitError, Problem

FILE = re.compile(r"^ *file = (?P<line>.+)$|(?:file|stream:?) ?[\"']?(?P<quoted>/[^\"'\n]+)", re.MULTILINE)
# One file has the name that messages give it; of several the engine says which.
SEVERAL = re.compile(r" and \d+ more$")
AMOUNT = re.compile(r"Could not convert string \"(?P<value>.*?)\" to DECIMAL", re.DOTALL)
COLUMN = re.compile(r"CAST\(NULLIF\(TRIM\(CAST\(\"(?P<name>[^\"]+)\"")
LINE = re.compile(r"CSV Error on Line: (?P<number>\d+)\n(?:.*\n)?(?P<reason>[^\n]+)\n+Possible", re.DOTALL)
# From here on it quotes our own SQL.
QUERY = "\n\nLINE 1:"
WHOLE = "is the file whole, and all of one kind of export?"


def unreadable(error: Exception, where: str) -> CostkitError:
    """The error for what DuckDB says of a bill called ``where``."""
    said = str(error)
    # A bill is never written to: what cannot be is a file that spills.
    if said.startswith("Out of Memory") or "Could not write file" in said:
        message = "it needs more memory than costkit takes, or more room in the temporary directory"
        return _refused(where, message, "ask for fewer groups, or name a directory with more room in TMPDIR", "CK620")
    if (found := FILE.search(said)) and SEVERAL.search(where):
        where = found["line"] or found["quoted"]
    if amount := AMOUNT.search(said):
        column = _column(said)
        message = f"not an amount{f' in {column}' if column else ''}: {shown(amount['value'])}"
        return _refused(where, message, "a plain number below 10,000,000,000,000,000, with a dot for its decimals")
    if "not utf-8" in said:
        line = LINE.search(said)
        place = f"{where}:{line['number']}" if line else where
        return _refused(place, "not a text in UTF-8", "save it in UTF-8, or take the file that AWS wrote")
    if "when sniffing file" in said:
        hint = "is it whole, in UTF-8, with commas and doubled quotes, as AWS writes it?"
        return _refused(where, "the bill cannot be read: its lines do not have the same number of cells", hint)
    if line := LINE.search(said):
        return _refused(f"{where}:{line['number']}", f"the bill cannot be read: {_short(line['reason'])}", WHOLE)
    return _refused(where, f"the bill cannot be read: {_short(said.partition(QUERY)[0])}", WHOLE)


def _column(said: str) -> str:
    """The bill's column that the engine's own query was at, by the marks that it puts under it."""
    query = said.partition(QUERY)[2]
    code, _, marks = query.partition("\n")
    # The marks are set below a line that begins with the words before the query.
    start = max(0, marks.find("^") - len(QUERY.strip()))
    found = COLUMN.search(code, start) or COLUMN.search(code)
    return found["name"] if found else ""


def _short(said: str) -> str:
    """One line of it, without the name of the kind of error."""
    return " ".join(re.sub(r"^[A-Za-z ]+ Error: ", "", said).split())[:300]


def _refused(where: str, message: str, hint: str, code: str = "CK601") -> CostkitError:
    return CostkitError([Problem(code, where, message, hint)])
