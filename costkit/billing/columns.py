"""Which column of a bill means what: AWS CUR 2.0 and legacy CUR, FOCUS 1.0 and 1.2.

https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html and https://focus.finops.org/focus-columns/.
A name is looked up without case and punctuation, so that ``lineItem/UnblendedCost`` and
``line_item_unblended_cost`` are one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

CUR, FOCUS = "cur", "focus"
# Our name, and the names a bill may have for it; the first one found is taken.
CUR_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "period": ("bill_billing_period_start_date", "line_item_usage_start_date"),
    "usage_start": ("line_item_usage_start_date",),
    "usage_end": ("line_item_usage_end_date",),
    "account": ("line_item_usage_account_id",),
    "account_name": ("line_item_usage_account_name",),
    "service": ("line_item_product_code",),
    "region": ("product_region_code", "product_region"),
    "resource": ("line_item_resource_id",),
    "line_type": ("line_item_line_item_type",),
    "operation": ("line_item_operation",),
    "usage_type": ("line_item_usage_type",),
    "family": ("product_product_family",),
    "description": ("line_item_line_item_description",),
    "quantity": ("line_item_usage_amount",),
    "invoice": ("bill_invoice_id",),
    "currency": ("line_item_currency_code", "pricing_currency"),
    "line_id": ("identity_line_item_id",),
    "line_interval": ("identity_time_interval",),
    "unblended": ("line_item_unblended_cost",),
    "net_unblended": ("line_item_net_unblended_cost",),
    "on_demand": ("pricing_public_on_demand_cost",),
    "plan": ("savings_plan_savings_plan_a_r_n",),
    "plan_effective": ("savings_plan_savings_plan_effective_cost",),
    "plan_net_effective": ("savings_plan_net_savings_plan_effective_cost",),
    "plan_total": ("savings_plan_total_commitment_to_date",),
    "plan_used": ("savings_plan_used_commitment",),
    "plan_recurring": ("savings_plan_recurring_commitment_for_billing_period",),
    "plan_net_recurring": ("savings_plan_net_recurring_commitment_for_billing_period",),
    "plan_upfront": ("savings_plan_amortized_upfront_commitment_for_billing_period",),
    "plan_net_upfront": ("savings_plan_net_amortized_upfront_commitment_for_billing_period",),
    "reservation": ("reservation_reservation_a_r_n",),
    "reserved_effective": ("reservation_effective_cost",),
    "reserved_net_effective": ("reservation_net_effective_cost",),
    "reserved_unused_upfront": ("reservation_unused_amortized_upfront_fee_for_billing_period",),
    "reserved_unused_recurring": ("reservation_unused_recurring_fee",),
    "reserved_net_unused_upfront": ("reservation_net_unused_amortized_upfront_fee_for_billing_period",),
    "reserved_net_unused_recurring": ("reservation_net_unused_recurring_fee",),
}
FOCUS_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "period": ("BillingPeriodStart", "ChargePeriodStart"),
    "usage_start": ("ChargePeriodStart",),
    "usage_end": ("ChargePeriodEnd",),
    "account": ("SubAccountId", "BillingAccountId"),
    "account_name": ("SubAccountName", "BillingAccountName"),
    "service": ("ServiceName",),
    "region": ("RegionId", "Region"),
    "resource": ("ResourceId",),
    "line_type": ("ChargeCategory",),
    "class": ("ChargeClass",),
    "operation": ("x_Operation",),
    "usage_type": ("SkuMeter", "x_UsageType", "SkuId", "ChargeDescription"),
    "family": (),
    "quantity": ("PricingQuantity", "ConsumedQuantity", "UsageQuantity"),
    "commitment": ("CommitmentDiscountId",),
    "commitment_status": ("CommitmentDiscountStatus",),
    "invoice": ("InvoiceId",),
    "currency": ("BillingCurrency",),
    "billed": ("BilledCost",),
    "effective": ("EffectiveCost",),
    "list": ("ListCost",),
    "contracted": ("ContractedCost",),
}
# Without these there is no bill; what else is missing is unknown in the report, never zero.
NEEDED: Mapping[str, tuple[str, ...]] = {
    CUR: ("period", "account", "service", "line_type", "unblended", "currency"),
    FOCUS: ("period", "account", "service", "line_type", "currency", "billed", "effective"),
}
COLUMNS = {CUR: CUR_COLUMNS, FOCUS: FOCUS_COLUMNS}


def squashed(name: str) -> str:
    """A column's name without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def kind_of(columns: Iterable[str]) -> str:
    """What a bill is by its columns: ``cur``, ``focus``, or an empty text if it is neither."""
    known = {squashed(name) for name in columns}
    if "lineitemunblendedcost" in known or "lineitemlineitemtype" in known:
        return CUR
    return FOCUS if {"billedcost", "chargecategory"} & known else ""


def parted_by(columns: Sequence[str]) -> str:
    """What parts the columns of a CSV that was read as having one column; empty if nothing does."""
    names = {";": "semicolons", "\t": "tabs", "|": "bars"}
    return next((names[sign] for sign in names if len(columns) == 1 and columns[0].count(sign) > 1), "")


def twice(kind: str, columns: Iterable[str]) -> list[str]:
    """The bill's columns that mean the same as another one, as files of two versions of an export together have."""
    own: dict[str, list[str]] = {}
    for name in columns:
        own.setdefault(squashed(name), []).append(name)
    known = {squashed(name) for candidates in COLUMNS[kind].values() for name in candidates}
    return [name for mark, names in own.items() if len(names) > 1 and mark in known for name in names]


def resolved(kind: str, columns: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The bill's own column for each of our names, and the first names of those that are missing and needed."""
    own = {squashed(name): name for name in columns}
    found = {}
    for name, candidates in COLUMNS[kind].items():
        match = next((own[squashed(one)] for one in candidates if squashed(one) in own), None)
        if match is not None:
            found[name] = match
    return found, [COLUMNS[kind][name][0] for name in NEEDED[kind] if name not in found]
