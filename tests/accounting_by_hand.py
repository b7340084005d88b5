"""A second accounting, in plain Python with fractions, for tests that hold reports against it.

It follows AWS's own SQL for amortised cost by line item type (the summary view of the Cloud Intelligence Dashboards and
https://catalog.workshops.aws/cur-query-library, amortized cost by charge type), and shares nothing with costkit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

SPLIT = ("EKSPod-EC2", "ECSTask-EC2")
DISCOUNTS = ("EdpDiscount", "PrivateRateDiscount", "RiVolumeDiscount", "SppDiscount", "BundledDiscount", "Discount")
Line = Mapping[str, Any]


class Sums(NamedTuple):
    """The four costs, in the bill's currency."""

    billed: Fraction
    effective: Fraction
    list: Fraction
    contracted: Fraction

    def plus(self, other: "Sums") -> "Sums":
        return Sums(*(one + two for one, two in zip(self, other, strict=True)))


NOTHING = Sums(Fraction(0), Fraction(0), Fraction(0), Fraction(0))


def charges(lines: Iterable[Line]) -> Iterable[tuple[str, Line, Sums]]:
    """The charges of a CUR: what kind each is, the line it is of, and its costs."""
    kept = [line for line in lines if line["line_item_operation"] not in SPLIT]
    # Whether a month's costs are net is decided for the whole month: the columns may be there and empty.
    net = {_month(line) for line in kept if line["line_item_net_unblended_cost"] is not None}
    for line in kept:
        yield from _Accountant(line, _month(line) in net).charges()


def report(lines: Iterable[Line], month: str, groups: Sequence[str]) -> dict[tuple[str, ...], Sums]:
    """The rows of a report of a month, by the values of its groups."""
    found: dict[tuple[str, ...], Sums] = defaultdict(lambda: NOTHING)
    for charge, line, sums in charges(lines):
        if _month(line) == month:
            key = tuple(_key(group, groups, charge, line) for group in groups)
            found[key] = found[key].plus(sums)
    return dict(found)


def _month(line: Line) -> str:
    month: str = line["bill_billing_period_start_date"][:7]
    return month


def _key(group: str, groups: Sequence[str], charge: str, line: Line) -> str:
    if group == "charge":
        return charge
    value, missing = {
        "account": (line["line_item_usage_account_id"], ""),
        "service": (line["line_item_product_code"], ""),
        "region": (line["product_region_code"], "(no region)"),
        "resource": (line["line_item_resource_id"], "(no resource)"),
        "tag:team": (line["resource_tags"].get("user_team"), "(untagged)"),
        "category:Unit": (line["cost_category"].get("unit"), "(no category)"),
        "commitment": (line["savings_plan_savings_plan_a_r_n"] or line["reservation_reservation_a_r_n"], "(none)"),
    }[group]
    shown = str(value or missing)
    if charge == "Usage" or "charge" in groups:
        return shown
    if group == "account":
        return f"{shown} ({charge})" if len(groups) == 1 else shown
    return charge


class _Accountant:
    """One line of a bill, on the month's basis."""

    def __init__(self, line: Line, net: bool) -> None:
        self.line, self.net = line, net
        self.kind = line["line_item_line_item_type"]
        self.unblended = self._of("line_item_unblended_cost")
        self.paid = self._either("line_item_net_unblended_cost", "line_item_unblended_cost")

    def _of(self, name: str) -> Fraction:
        return Fraction(self.line[name] or Decimal(0))

    def _either(self, net_name: str, name: str) -> Fraction:
        """The net column where the month is net and the cell is filled, else the plain one."""
        return self._of(net_name if self.net and self.line[net_name] is not None else name)

    def charges(self) -> Iterable[tuple[str, Line, Sums]]:
        line, paid, unblended, nothing = self.line, self.paid, self.unblended, Fraction(0)
        public = self._of("pricing_public_on_demand_cost")
        public = unblended if line["pricing_public_on_demand_cost"] is None else public
        match self.kind:
            case "Usage" | "FlatRateSubscription":
                yield "Usage", line, Sums(paid, paid, public, paid)
            case "SavingsPlanCoveredUsage":
                rate = self._either(
                    "savings_plan_net_savings_plan_effective_cost", "savings_plan_savings_plan_effective_cost"
                )
                yield "Usage", line, Sums(nothing, rate, public, unblended)
            case "DiscountedUsage":
                rate = self._either("reservation_net_effective_cost", "reservation_effective_cost")
                yield "Usage", line, Sums(paid, rate, public, public)
            case "SavingsPlanNegation":
                return
            case "SavingsPlanRecurringFee" | "SavingsPlanUpfrontFee" | "RIFee":
                yield "Commitment fee", line, Sums(paid, nothing, unblended, unblended)
                if unused := self._unused():
                    yield "Unused commitment", line, Sums(nothing, unused, nothing, nothing)
            case "Fee" if line["reservation_reservation_a_r_n"]:
                yield "Commitment fee", line, Sums(paid, nothing, unblended, unblended)
            case "Fee":
                yield "Fee", line, Sums(paid, paid, unblended, unblended)
            case "Refund" if self._of_a_plan():
                yield "Refund", line, Sums(paid, nothing, paid, paid)
            case "Tax" | "Credit" | "Refund":
                yield self.kind, line, Sums(paid, paid, paid, paid)
            case kind if kind in DISCOUNTS:
                # Net columns contain the discounts already.
                if not self.net:
                    yield "Discount", line, Sums(paid, paid, paid, paid)
            case kind:
                raise ValueError(kind)

    def _of_a_plan(self) -> bool:
        words = str(self.line["line_item_line_item_description"])
        started = words.startswith("Refund for one-time fee for Savings Plan ID")
        return started and self.line["line_item_product_code"] == "ComputeSavingsPlans"

    def _unused(self) -> Fraction:
        if self.kind == "RIFee":
            return self._either(
                "reservation_net_unused_amortized_upfront_fee_for_billing_period",
                "reservation_unused_amortized_upfront_fee_for_billing_period",
            ) + self._either("reservation_net_unused_recurring_fee", "reservation_unused_recurring_fee")
        unused = self._of("savings_plan_total_commitment_to_date") - self._of("savings_plan_used_commitment")
        for name in ("recurring", "amortized_upfront"):
            column = f"{name}_commitment_for_billing_period"
            if whole := self._of(f"savings_plan_{column}"):
                return unused * self._either(f"savings_plan_net_{column}", f"savings_plan_{column}") / whole
        return unused
