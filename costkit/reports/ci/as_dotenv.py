"""Values for later jobs as GitLab's dotenv report, ``KEY=value`` a line.

https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv takes no quotes, no spaces, no empty lines
and no comments, at most 5 KB in all and, unless an administrator allows more, 20 variables. A later job's shell
will expand the values. So a key keeps ``A-Z``, ``0-9`` and ``_``, small letters become capitals, and a value keeps
letters and digits of ASCII and ``. _ - + : / @ , = %``; every other character, spaces too, becomes ``_``.
A value is cut after 200 characters. Amounts are plain decimals, USD a month.
"""

import re
from collections.abc import Iterator

from costkit.reports.ci.facts import Facts

MOST_CHARACTERS = 200
NOT_IN_A_KEY = re.compile(r"[^A-Z0-9_]")
NOT_IN_A_VALUE = re.compile(r"[^A-Za-z0-9._+:/@,=%-]")


def render(facts: Facts) -> Iterator[str]:
    """The variables in their order."""
    for key, value in facts.variables:
        yield f"{_key(key)}={NOT_IN_A_VALUE.sub('_', value[:MOST_CHARACTERS])}\n"


def _key(key: str) -> str:
    name = NOT_IN_A_KEY.sub("_", "".join(c.upper() if c.isascii() else "_" for c in key[:MOST_CHARACTERS]))
    return f"_{name}" if not name or name[0].isdigit() else name
