"""How an answer of ``costkit report`` is to be given."""

from typing import NamedTuple


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
