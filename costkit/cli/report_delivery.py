"""How an answer of ``costkit report`` is to be given."""

from collections.abc import Sequence
from typing import NamedTuple

from costkit.cli.output import tell
from costkit.model.bill import Control


class Delivery(NamedTuple):
    """What the options say of every answer: its format, the files of this machine it goes to, and how strict it is.

    ``spill`` is a directory for what is made on the way; it is gone after the answer. ``strict`` wants an exit code
    for what is missing, ``quiet`` no word beside the answer.
    """

    format: str | None
    outputs: tuple[str, ...]
    spill: str
    strict: bool
    quiet: bool


def tell_control_total(what: str, controls: Sequence[Control]) -> None:
    """Say on standard error whether what was made of a month, or of several, ties to the bill."""
    word = "ties" if all(control.holds for control in controls) else "DOES NOT TIE"
    tell(f"control total of {what}: {word} to the bill in {len(controls)} sums")
