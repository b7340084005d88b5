"""The one accounting: billed, effective, list and contracted cost of every line, as one portable SQL text.

The rules by line item type follow AWS's own amortisation:
https://docs.aws.amazon.com/cur/latest/userguide/use-cases.html and the CUR guide on reservations and savings plans.
Sums are decimals with twelve places, so that they are the same on every run.
"""

from collections.abc import Iterable, Sequence

from costkit.billing.columns import CUR

AMOUNT = "DECIMAL(28, 12)"
DISCOUNTS = (
    "EdpDiscount",
    "PrivateRateDiscount",
    "RiVolumeDiscount",
    "SppDiscount",
    "BundledDiscount",
    "Discount",
)
USAGE = ("Usage", "FlatRateSubscription", "SavingsPlanCoveredUsage", "DiscountedUsage")
# What the accounting has a rule for; anything else is counted as it is paid.
CUR_TYPES = (
    *USAGE,
    *DISCOUNTS,
    *("SavingsPlanNegation", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee"),
    *("Fee", "Tax", "Credit", "Refund"),
)
FOCUS_TYPES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
UNUSED = "Unused commitment"
# What rounding may do to a line of a CUR, whose amounts have ten decimals.
ROUNDED = "0.0000000001"
# The day of a charge in UTC. What is for a whole month starts on its first day and ends in another month; it has none.
DAY = (
    "CASE WHEN substr(usage_start, 9, 2) = '01' AND substr(usage_end, 1, 7) <> substr(usage_start, 1, 7) THEN NULL"
    " ELSE substr(usage_start, 1, 10) END"
)


def text(name: str) -> str:
    """A text as a literal of SQL."""
    return "'" + name.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def any_of(values: Iterable[str]) -> str:
    """Texts as a list of SQL."""
    return "(" + ", ".join(map(text, values)) + ")"


def total(amount: str) -> str:
    """A sum that is unknown if a part of it is: SUM alone would take what is unknown for nothing."""
    return f"CASE WHEN COUNT({amount}) = COUNT(*) THEN SUM({amount}) END"


def in_month(amount: str, month: str) -> str:
    """The sum of an amount in a month: unknown if a part of it is, and nothing where there is nothing."""
    here = f"month = {text(month)}"
    own = f"CASE WHEN {here} THEN {amount} END"
    return f"CASE WHEN COUNT({own}) = COUNT(CASE WHEN {here} THEN 1 END) THEN COALESCE(SUM({own}), 0) END"


class Basis:
    """The pieces of the accounting as SQL. ``net`` is the condition under which the net columns count."""

    def __init__(self, net: str) -> None:
        self.net = net

    def _either(self, net_column: str, column: str) -> str:
        if self.net == "FALSE":
            return column
        return f"CASE WHEN {self.net} THEN COALESCE({net_column}, {column}) ELSE {column} END"

    @property
    def paid(self) -> str:
        """What is invoiced for a line."""
        return self._either("net_unblended", "unblended")

    @property
    def covered_by_plan(self) -> str:
        """What covered usage costs at the plan's rate."""
        return self._either("plan_net_effective", "plan_effective")

    @property
    def covered_by_reservation(self) -> str:
        """What covered usage costs at the reservation's amortised rate."""
        return self._either("reserved_net_effective", "reserved_effective")

    @property
    def skipped(self) -> str:
        """Discounts that the net columns contain already."""
        return f"({self.net}) AND line_type IN {any_of(DISCOUNTS)}"

    @property
    def unused_plan(self) -> str:
        """What of a plan's commitment was not used, at its net price where there is one."""
        if self.net == "FALSE":
            return "plan_total - plan_used"
        share = (
            f"CASE WHEN {self.net} AND plan_recurring <> 0"
            " THEN COALESCE(plan_net_recurring, plan_recurring) / plan_recurring"
            f" WHEN {self.net} AND plan_upfront <> 0"
            " THEN COALESCE(plan_net_upfront, plan_upfront) / plan_upfront ELSE 1 END"
        )
        return f"CAST((plan_total - plan_used) * ({share}) AS {AMOUNT})"

    @property
    def unused_reservation(self) -> str:
        """What of a reservation's fees was not used; unknown if the bill says nothing of either."""
        upfront = self._either("reserved_net_unused_upfront", "reserved_unused_upfront")
        recurring = self._either("reserved_net_unused_recurring", "reserved_unused_recurring")
        return _of_both(upfront, recurring)


def basis(net_periods: Sequence[str]) -> Basis:
    """The basis of all months: net in those whose bill has negotiated discounts in its net columns."""
    return Basis(f"substr(period, 1, 7) IN {any_of(net_periods)}" if net_periods else "FALSE")


def _of_both(first: str, second: str) -> str:
    """The sum of two amounts, of which one may be missing."""
    return f"COALESCE({first} + {second}, {first}, {second})"


PLAN_FEES = "line_type IN ('SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'RIFee')"
RESERVED_UPFRONT = "line_type = 'Fee' AND reservation IS NOT NULL"
REFUND_OF_A_PLAN = "Refund for one-time fee for Savings Plan ID"
MAYBE_REFUNDED_PLAN = "line_type = 'Refund' AND service = 'ComputeSavingsPlans'"
REFUNDED_PLAN = f"{MAYBE_REFUNDED_PLAN} AND description LIKE {text(REFUND_OF_A_PLAN + '%')}"
IS_USAGE = f"line_type IN {any_of(USAGE)}"
LABEL = (
    f"CASE WHEN {IS_USAGE} THEN 'Usage' WHEN {PLAN_FEES} OR ({RESERVED_UPFRONT}) THEN 'Commitment fee'"
    f" WHEN line_type IN {any_of(DISCOUNTS)} THEN 'Discount'"
    " WHEN line_type IN ('Tax', 'Credit', 'Refund', 'Fee') THEN line_type ELSE 'Other' END"
)


def charges_sql(kind: str, tags: Sequence[str], net_periods: Sequence[str]) -> str:
    """The charges out of ``lines``: month, groups, what kind of charge, the four costs, and how many lines they are.

    ``net_periods`` are the months whose bill has negotiated discounts in its net columns: the basis is
    chosen once a month.
    """
    own = "".join(f", {identifier(tag)}" for tag in tags)
    common = (
        f"substr(period, 1, 7) AS month, {DAY} AS day, account, service, region, resource, currency, invoice,"
        f" usage_type, family, lines{own}"
    )
    if kind != CUR:
        return _focus_charges(common)
    ground = basis(net_periods)
    billed = f"CASE WHEN line_type = 'SavingsPlanCoveredUsage' THEN 0 ELSE {ground.paid} END"
    effective = (
        f"CASE WHEN line_type = 'SavingsPlanCoveredUsage' THEN {ground.covered_by_plan}"
        f" WHEN line_type = 'DiscountedUsage' THEN {ground.covered_by_reservation}"
        f" WHEN {PLAN_FEES} OR ({RESERVED_UPFRONT}) OR ({REFUNDED_PLAN}) THEN 0 ELSE {ground.paid} END"
    )
    bought = f"line_type = 'Fee' OR {PLAN_FEES}"
    listed = (
        f"CASE WHEN {IS_USAGE} THEN COALESCE(on_demand, unblended) WHEN {bought} THEN unblended ELSE {ground.paid} END"
    )
    contracted = (
        "CASE WHEN line_type = 'DiscountedUsage' THEN COALESCE(on_demand, unblended)"
        f" WHEN line_type = 'SavingsPlanCoveredUsage' OR {bought} THEN unblended ELSE {ground.paid} END"
    )
    unused = f"CASE WHEN line_type = 'RIFee' THEN {ground.unused_reservation} ELSE {ground.unused_plan} END"
    nothing = f"CAST(0 AS {AMOUNT})"
    return (
        f"SELECT {common}, COALESCE(plan, reservation) AS commitment, {LABEL} AS charge, {billed} AS billed,"
        f" {effective} AS effective, {listed} AS list, {contracted} AS contracted, quantity"
        f" FROM lines WHERE COALESCE(line_type, '') <> 'SavingsPlanNegation' AND NOT ({ground.skipped})"
        f" UNION ALL SELECT {common}, COALESCE(plan, reservation), {text(UNUSED)}, {nothing}, {unused}, {nothing},"
        f" {nothing}, {nothing} FROM lines WHERE line_type IN ('SavingsPlanRecurringFee', 'RIFee')"
        f" AND COALESCE({unused}, 1) <> 0"
    )


def residues_sql(tags: Sequence[str], net_periods: Sequence[str]) -> str:
    """Charges out of sums of ``lines`` for what savings plan negations leave of the usage that they cancel, by plan.

    AWS rounds the cost of each covered line to ten decimals, and a negation is for many of them. What is more than
    that can explain is left out: a report does not tie then.
    """
    paid = f"SUM({basis(net_periods).paid})"
    own = "".join(f", NULL AS {identifier(tag)}" for tag in tags)
    return (
        "SELECT substr(period, 1, 7) AS month, NULL AS day, account, MIN(service) AS service, NULL AS region,"
        " NULL AS resource, currency, NULL AS invoice, NULL AS usage_type, NULL AS family,"
        f" CAST(0 AS BIGINT) AS lines{own}, plan AS commitment, 'Other' AS charge, {paid} AS billed,"
        f" CAST(0 AS {AMOUNT}) AS effective, {paid} AS list, {paid} AS contracted, CAST(0 AS {AMOUNT}) AS quantity"
        " FROM lines WHERE line_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')"
        " GROUP BY substr(period, 1, 7), account, currency, plan"
        f" HAVING {paid} <> 0 AND ABS({paid}) <= SUM(lines) * {ROUNDED}"
    )


def control_sql(kind: str, net: bool) -> dict[str, str]:
    """What a month's billed and effective cost must add up to, straight from the lines of the bill.

    Billed: everything that is invoiced, negations included. Effective: AWS's formula of amortised cost.
    """
    if kind != CUR:
        return {"billed": "billed", "effective": "effective"}
    ground = Basis("TRUE" if net else "FALSE")
    effective = (
        f"CASE line_type WHEN 'SavingsPlanCoveredUsage' THEN {ground.covered_by_plan}"
        f" WHEN 'SavingsPlanRecurringFee' THEN {ground.unused_plan} WHEN 'SavingsPlanNegation' THEN 0"
        f" WHEN 'SavingsPlanUpfrontFee' THEN 0 WHEN 'DiscountedUsage' THEN {ground.covered_by_reservation}"
        f" WHEN 'RIFee' THEN {ground.unused_reservation}"
        f" ELSE CASE WHEN ({RESERVED_UPFRONT}) OR ({REFUNDED_PLAN}) OR ({ground.skipped}) THEN 0"
        f" ELSE {ground.paid} END END"
    )
    return {"billed": f"CASE WHEN {ground.skipped} THEN 0 ELSE {ground.paid} END", "effective": effective}


def _focus_charges(common: str) -> str:
    """A FOCUS export says its four costs itself."""
    label = (
        f"CASE WHEN commitment_status = 'Unused' THEN {text(UNUSED)} WHEN class = 'Correction' THEN 'Refund'"
        " WHEN line_type = 'Purchase' AND commitment IS NOT NULL THEN 'Commitment fee'"
        " WHEN line_type = 'Purchase' THEN 'Fee' WHEN line_type = 'Adjustment' THEN 'Discount'"
        " WHEN line_type IN ('Usage', 'Tax', 'Credit') THEN line_type ELSE 'Other' END"
    )
    return f"SELECT {common}, commitment, {label} AS charge, billed, effective, list, contracted, quantity FROM lines"
