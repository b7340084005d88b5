"""What AWS will charge, before you deploy: exact, explained, offline.

    >>> import costkit
    >>> spec = costkit.read_spec("examples/shop.yaml", on="2026-11-21")
    >>> result = costkit.estimate(spec, on="2026-11-21")
    >>> result.complete
    True

Days are ISO texts and never taken from a clock, money is a Decimal in US dollars a month, and what is
wrong with an input is a CostkitError that lists every problem.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from costkit.library import estimate, one_resource, read_spec, render
    from costkit.model.charge import Charge, Estimate, ResourceCost
    from costkit.model.price import Price
    from costkit.model.problem import CostkitError, Problem
    from costkit.model.resource import Resource
    from costkit.model.spec import Spec
    from costkit.pricebook.book import PriceBook

__version__ = "0.1.0"

__all__ = [
    "Charge",
    "CostkitError",
    "Estimate",
    "Price",
    "PriceBook",
    "Problem",
    "Resource",
    "ResourceCost",
    "Spec",
    "__version__",
    "estimate",
    "one_resource",
    "read_spec",
    "render",
]

# Each public name is imported when it is first used: a command needs few of them.
_HOMES = {
    "Charge": "costkit.model.charge",
    "CostkitError": "costkit.model.problem",
    "Estimate": "costkit.model.charge",
    "Price": "costkit.model.price",
    "PriceBook": "costkit.pricebook.book",
    "Problem": "costkit.model.problem",
    "Resource": "costkit.model.resource",
    "ResourceCost": "costkit.model.charge",
    "Spec": "costkit.model.spec",
    "estimate": "costkit.library",
    "one_resource": "costkit.library",
    "read_spec": "costkit.library",
    "render": "costkit.library",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'costkit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
