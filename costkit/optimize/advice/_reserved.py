"""What the checks of reservations share: nodes or RPUs reserved for a term."""

from typing import Any

from costkit.model.finding import HEURISTIC, NOT_APPLICABLE, NOT_ENOUGH_DATA, Evidence
from costkit.optimize.check import Option, Proposal, Skip


def base_reserved(use: Any, careful: tuple[str, str], other: tuple[str, str]) -> Proposal | Skip:
    """The base capacity of a workgroup for a term, where a spec says how many RPU-hours it uses; nobody measured them.

    The engine says from how many RPU-hours on that is cheaper. ``careful`` and ``other`` are a term and a payment
    each; the other one is only shown.
    """
    if use.base_rpu is None:
        return Skip(NOT_APPLICABLE, "without a base capacity nobody knows how much to reserve")
    if use.rpu_hours is None and not use.sessions:
        return Skip(NOT_ENOUGH_DATA, "its RPU-hours are not stated")
    return Proposal(
        why="a reserved RPU is billed every hour of the term at a lower rate, and what is used beyond it on demand; "
        "its RPU-hours are taken to be spread over the month, while a reservation covers them hour by hour",
        options=(reserved(*careful), reserved(*other)._replace(shown=True)),
        confidence=HEURISTIC,
        evidence=(Evidence("base capacity", use.base_rpu, "RPU"),),
    )


def reserved(term: str, payment: str) -> Option:
    """Everything reserved for a term."""
    purchase = {"kind": "reserved", "term": term, "payment": payment}
    return Option(f"reserved, {term}, {payment.replace('_', ' ')}", {"purchase": purchase})
