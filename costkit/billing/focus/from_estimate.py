"""An estimate as a FOCUS 1.2 bill of a month, so that every report of a bill is a report of an estimate too.

What has no cost is left out, since FOCUS has no unknown cost: the estimate's own problems say what that is. An
estimate has one price for a charge, so list, contracted, billed and effective cost are the same; what is paid
upfront is in it by the month. Charges of commitments are usage of a commitment that is named by its meter.
"""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from typing import TextIO

from costkit.billing.focus.tables import columns, services, units
from costkit.billing.usage_types import COVERING, meter_of_charge, service_of
from costkit.model.charge import ALLOWANCE, Charge, Estimate
from costkit.model.day import month_after
from costkit.model.exact import EXACT, plain, quotient
from costkit.model.resource import GLOBAL, Resource

VERSION = "1.2"
ISSUER = "costkit estimate"
CUSTOM = ("x_EstimateName", "x_PriceDate", "x_Status")
OTHER = {"name": "AWS", "category": "Other", "subcategory": "Other (Other)"}


def write_estimate(
    estimate: Estimate, month: str, tables: frozenset[str], regions: Mapping[str, str], file: TextIO
) -> None:
    """Write the estimate's charges as rows of a FOCUS dataset of an ISO month; ``regions`` are names by code."""
    names = [column.name for column in columns(VERSION)]
    writer = csv.DictWriter(file, [*names, *CUSTOM], restval="", lineterminator="\r\n")
    writer.writeheader()
    with localcontext(EXACT):
        for resource, charge in _charges(estimate):
            row = {**_common(estimate, month), **_thing(resource, charge, tables, regions), **_costs(charge)}
            writer.writerow(row)


def _charges(estimate: Estimate) -> Iterator[tuple[Resource, Charge]]:
    account = Resource("", "account", "", None)
    pairs = [(cost.resource, charge) for cost in estimate.resources for charge in cost.charges]
    for resource, charge in (*pairs, *((account, charge) for charge in estimate.account)):
        if charge.cost is not None:
            yield resource, charge


def _common(estimate: Estimate, month: str) -> dict[str, str]:
    start, end = f"{month}-01T00:00:00Z", f"{month_after(month)}-01T00:00:00Z"
    return {
        "BillingAccountId": estimate.name or "estimate",
        "BillingAccountType": "Estimate",
        "BillingCurrency": estimate.currency,
        "PricingCurrency": estimate.currency,
        "BillingPeriodStart": start,
        "BillingPeriodEnd": end,
        "ChargePeriodStart": start,
        "ChargePeriodEnd": end,
        "InvoiceIssuerName": ISSUER,
        "ProviderName": "AWS",
        "PublisherName": "AWS",
        "x_EstimateName": estimate.name,
    }


def _thing(resource: Resource, charge: Charge, tables: frozenset[str], regions: Mapping[str, str]) -> dict[str, str]:
    """What is charged for."""
    import json

    meter = meter_of_charge(resource.type, charge.meter, tables)
    service = services().get(service_of(meter.table) or service_of(resource.type), OTHER)
    region = "" if resource.region == GLOBAL else resource.region
    sku = f"{meter.table}.{meter.name}" + (f".{meter.kind}" if meter.kind else "")
    found = {
        "ServiceName": service["name"],
        "ServiceCategory": service["category"],
        "ServiceSubcategory": service["subcategory"],
        "RegionId": region,
        "RegionName": regions.get(region, region),
        "ResourceId": resource.name,
        "ResourceType": resource.type if resource.name else "",
        "ChargeDescription": charge.title,
        "SkuId": sku,
        "SkuMeter": str(meter),
        "SkuPriceId": f"{sku}@{region or 'global'}@{charge.price_date}" if charge.price_date else sku,
        "Tags": json.dumps(dict(resource.tags), ensure_ascii=False) if resource.tags else "",
        "x_PriceDate": charge.price_date,
        "x_Status": charge.status,
    }
    return found | _commitment(resource, charge)


def _commitment(resource: Resource, charge: Charge) -> dict[str, str]:
    """Which commitment a charge is of, if it is of one."""
    covering = COVERING.match(charge.meter)
    unused = resource.type == "account"
    if covering is None and not unused:
        return {}
    name = charge.meter if unused or covering is None else covering.group().rstrip(".")
    plan = "savings_plan" in name
    quantity = charge.cost if plan or charge.quantity is None else charge.quantity
    unit = "USD" if plan or charge.quantity is None else _unit(charge)
    return {
        "CommitmentDiscountId": f"{resource.name or 'account'}/{name}",
        "CommitmentDiscountCategory": "Spend" if plan else "Usage",
        "CommitmentDiscountType": "Savings Plan" if plan else "Reservation",
        "CommitmentDiscountStatus": "Unused" if unused else "Used",
        "CommitmentDiscountQuantity": plain(quantity or Decimal(0)),
        "CommitmentDiscountUnit": unit,
    }


def _costs(charge: Charge) -> dict[str, str]:
    """Category, quantity, price and cost of a charge."""
    cost = charge.cost or Decimal(0)
    written = plain(cost)
    costs = dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), written)
    costs["PricingCurrencyEffectiveCost"] = written
    if charge.status == ALLOWANCE:
        return {**costs, "ChargeCategory": "Credit", "ChargeFrequency": "Recurring"}
    if charge.meter.startswith("discount."):
        return {**costs, "ChargeCategory": "Adjustment", "ChargeFrequency": "Recurring"}
    # A charge without a quantity, such as the unused part of a plan, is one of its own cost.
    quantity = Decimal(1) if charge.quantity is None else charge.quantity
    price = charge.unit_price
    if charge.quantity is None or (price is None and quantity):
        price = quotient(cost, quantity)
    shown = "" if price is None else plain(price)
    used = charge.quantity is not None
    return {
        **costs,
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "PricingCategory": "Committed" if COVERING.match(charge.meter) or not used else "Standard",
        "PricingQuantity": plain(quantity),
        "PricingUnit": _unit(charge) or "Units",
        "ConsumedQuantity": plain(quantity) if used else "",
        "ConsumedUnit": _unit(charge) if used else "",
        "ListUnitPrice": shown,
        "ContractedUnitPrice": shown,
        "PricingCurrencyListUnitPrice": shown,
        "PricingCurrencyContractedUnitPrice": shown,
    }


def _unit(charge: Charge) -> str:
    return units().get(charge.unit.lower(), charge.unit)
