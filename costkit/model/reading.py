"""What a service file produces: how much of which meter a resource uses in the month."""

from typing import NamedTuple

from costkit.model.figure import Figure


class Reading(NamedTuple):
    """A quantity of a meter for one copy of a resource in one month, with its arithmetic. Never money.

    ``amount`` may be unknown: it then depends on usage that nobody has stated. ``kind`` is the
    instance or node type of meters that have one; ``table`` names the price table where the meter
    belongs to another service (an instance's volumes). ``priced_by`` names the meter whose price
    applies where it is another one, ``title`` then says what this one is. ``once`` is how much of the
    unit is paid upfront, for meters that spread a payment over its term. ``fee`` marks what a
    commitment costs whether used or not: negotiated discounts do not touch it. ``part`` names the part
    of the resource that is metered, where it has several of a kind (an instance's second volume).
    ``cover`` says which commitments of the account may cover it: ``instance`` (reserved instances and all
    savings plans), ``compute`` (compute savings plans), ``node``, ``rpu``, or none. ``running`` is for how
    many hours of the month it runs; without it, it is spread over all of them.
    """

    meter: str
    amount: Figure
    unit: str
    kind: str = ""
    table: str = ""
    priced_by: str = ""
    title: str = ""
    once: Figure | None = None
    fee: bool = False
    part: str = ""
    cover: str = ""
    running: Figure | None = None
