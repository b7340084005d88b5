"""Asks the command line and reads what it answers."""

import json
import re
from typing import Any, NamedTuple

MESSAGE = re.compile(r"(?:(?P<severity>warning|error): )?(?:(?P<where>.*?): )?(?P<code>CK\d{3}) (?P<message>.*)")
# A spec of one address: 730 h x 0.005 = 3.65.
ADDRESS = "version: 1\nregion: us-east-1\nresources: {address: {type: public_ipv4}}\n"


class Told(NamedTuple):
    """One message on standard error."""

    severity: str
    where: str
    code: str
    message: str
    hint: str


class Answer(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> list[Told]:
        found: list[Told] = []
        for line in self.err.split("\n"):
            if line.startswith("  hint: ") and found:
                found[-1] = found[-1]._replace(hint=line.removeprefix("  hint: "))
            elif match := MESSAGE.fullmatch(line):
                found.append(Told(match["severity"] or "", match["where"] or "", match["code"], match["message"], ""))
        return found

    @property
    def tree(self) -> Any:
        return json.loads(self.out)

    @property
    def total(self) -> str:
        return str(self.tree["total"]["monthly_cost"])


def assert_civil(err: str) -> None:
    """Nobody is shown a traceback, or told of a bug that is a mistake of their own."""
    assert "Traceback" not in err
    assert "met a bug" not in err
