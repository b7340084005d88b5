"""Public IPv4 addresses: by the hour, in use or idle.

https://aws.amazon.com/vpc/pricing/
"""

from collections.abc import Iterator
from typing import NamedTuple

from costkit.model.figure import figure
from costkit.model.form import Hours, Refusals, month, refuse_hours
from costkit.model.reading import Reading
from costkit.model.resource import Setting


class Usage(NamedTuple):
    """A public IPv4 address."""

    hours: Hours = None


def check(use: Usage, at: Setting) -> Refusals:
    """Hours beyond the month."""
    yield from refuse_hours(use.hours, None, at)


def meter(use: Usage, at: Setting) -> Iterator[Reading]:
    """What an address uses in the month; a schedule does not release it."""
    hours = month(at) if use.hours is None else figure(use.hours, "h")
    yield Reading("hour", hours, "address-hour")
