"""``costkit report -``: a bill from standard input, kept as a file for as long as it is reported."""

import os
import shutil
import sys
from collections.abc import Sequence

from costkit.model.problem import CostkitError, Problem

STDIN, CALLED = "-", "stdin"
# How the files of each form begin; anything else is a CSV.
BEGINNINGS = {b"\x1f\x8b": ".csv.gz", b"\x28\xb5\x2f\xfd": ".csv.zst", b"PAR1": ".parquet"}
LONGEST = max(map(len, BEGINNINGS))


def without_stdin(bills: Sequence[str], spill: str) -> list[str]:
    """The bills with the path of a file in ``spill`` in the place of ``-``, which is read once.

    Raises CostkitError if nothing comes from there.
    """
    if STDIN not in bills:
        return list(bills)
    path = _kept(spill)
    return [path if bill == STDIN else bill for bill in bills]


def _kept(spill: str) -> str:
    first = sys.stdin.buffer.read(LONGEST) if sys.stdin else b""
    ending = next((ending for beginning, ending in BEGINNINGS.items() if first.startswith(beginning)), ".csv")
    if not first:
        raise CostkitError([Problem("CK601", CALLED, "nothing comes from standard input", "write a bill into it")])
    path = os.path.join(spill, f"{CALLED}{ending}")
    with open(path, "wb") as file:
        file.write(first)
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
