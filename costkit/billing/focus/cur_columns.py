"""The columns of FOCUS over the typed rows of a CUR, one expression a column.

What each column means: https://focus.finops.org/focus-specification/v1-2/.
"""

from collections.abc import Mapping

from costkit.billing.accounting import IS_USAGE, any_of, text
from costkit.billing.focus.rules import COMMITMENT_FEE, COMMITMENT_UNIT, COMMITTED, IS_PLAN, NOT_PRICED
from costkit.billing.focus.tables import chosen_sql
from costkit.model.day import month_after

UNIT_PRICE = "DECIMAL(38, 15)"
AWS = "Amazon Web Services, Inc."
# Our own columns, in any version.
CUSTOM = {
    "x_CostCategories": "cost_categories",
    "x_Discounts": "discounts",
    "x_LineItemType": "line_type",
    "x_Operation": "operation",
    "x_ServiceCode": "service",
    "x_UsageType": "usage_type",
}


def columns_of_cur(month: str, net: bool, regions: Mapping[str, str]) -> dict[str, str]:
    """Each column of FOCUS and where it comes from; ``net`` if the month's net columns count."""
    return {
        **_accounts(),
        **_periods(month),
        **_charge(),
        **_commitment(),
        **_costs(net),
        **_thing(regions),
        **CUSTOM,
    }


def _accounts() -> dict[str, str]:
    """Who pays and who uses."""
    return {
        "BillingAccountId": "COALESCE(payer, account)",
        "BillingAccountName": "payer_name",
        "BillingAccountType": text("Payer Account"),
        "SubAccountId": "account",
        "SubAccountName": "account_name",
        "SubAccountType": "CASE WHEN account IS NOT NULL THEN 'Usage Account' END",
        "InvoiceId": "invoice",
        "InvoiceIssuerName": f"COALESCE(issuer, {text(AWS)})",
        "ProviderName": text("AWS"),
        "PublisherName": f"COALESCE(seller, {text(AWS)})",
    }


def _periods(month: str) -> dict[str, str]:
    """When."""
    start, end = moment(text(f"{month}-01")), moment(text(f"{month_after(month)}-01"))
    ended = moment("usage_end")
    return {
        "BillingPeriodStart": start,
        "BillingPeriodEnd": end,
        "ChargePeriodStart": f"COALESCE({moment('usage_start')}, {start})",
        "ChargePeriodEnd": (
            f"CASE WHEN usage_end IS NULL THEN {end} WHEN usage_end LIKE '%:59:59%' THEN {ended} + INTERVAL 1 SECOND"
            f" ELSE {ended} END"
        ),
    }


def _charge() -> dict[str, str]:
    """What kind of charge it is, and how much was used."""
    return {
        "ChargeCategory": "category",
        "ChargeClass": "CASE WHEN line_type = 'Refund' THEN 'Correction' END",
        "ChargeDescription": "description",
        "ChargeFrequency": (
            f"CASE WHEN is_unused OR {IS_USAGE} THEN 'Usage-Based'"
            " WHEN line_type IN ('SavingsPlanRecurringFee', 'RIFee') THEN 'Recurring' ELSE 'One-Time' END"
        ),
        "ConsumedQuantity": f"CASE WHEN is_unused OR NOT ({IS_USAGE}) THEN NULL ELSE quantity END",
        "ConsumedUnit": f"CASE WHEN is_unused OR NOT ({IS_USAGE}) OR quantity IS NULL THEN NULL ELSE focus_unit END",
    }


def _commitment() -> dict[str, str]:
    """Which commitment covers it, and how much of that."""
    capacity = "resource LIKE '%:capacity-reservation/%'"
    return {
        "CapacityReservationId": f"CASE WHEN {capacity} THEN resource END",
        "CapacityReservationStatus": (
            f"CASE WHEN {capacity} AND category = 'Usage' THEN"
            " CASE WHEN usage_type LIKE '%Unused%' THEN 'Unused' ELSE 'Used' END END"
        ),
        "CommitmentDiscountCategory": (
            f"CASE WHEN commitment_id IS NOT NULL THEN CASE WHEN {IS_PLAN} THEN 'Spend' ELSE 'Usage' END END"
        ),
        "CommitmentDiscountId": "commitment_id",
        "CommitmentDiscountName": "CAST(NULL AS VARCHAR)",
        "CommitmentDiscountQuantity": "commitment_quantity",
        "CommitmentDiscountStatus": (
            "CASE WHEN commitment_id IS NULL OR category <> 'Usage' THEN NULL"
            " WHEN is_unused THEN 'Unused' ELSE 'Used' END"
        ),
        "CommitmentDiscountType": (
            f"CASE WHEN commitment_id IS NOT NULL THEN CASE WHEN {IS_PLAN} THEN COALESCE(plan_type, 'Savings Plan')"
            " ELSE 'Reservation' END END"
        ),
        "CommitmentDiscountUnit": COMMITMENT_UNIT,
    }


def _costs(net: bool) -> dict[str, str]:
    """The four costs, and the prices behind them."""
    at_list = f"is_unused OR {COMMITMENT_FEE}"
    agreed = f"CASE WHEN {at_list} THEN NULL WHEN line_type = 'DiscountedUsage' THEN list_rate"
    agreed += f" ELSE {'COALESCE(net_rate, rate)' if net else 'rate'} END"
    contracted_price = _unit_price(agreed, "contracted")
    list_price = _unit_price("CASE WHEN is_unused THEN NULL ELSE list_rate END", "list")
    one_currency = "COALESCE(pricing_currency, currency) = currency"
    return {
        "BillingCurrency": "currency",
        "BilledCost": "billed",
        "EffectiveCost": "effective",
        "ListCost": "list",
        "ContractedCost": "contracted",
        "ListUnitPrice": list_price,
        "ContractedUnitPrice": contracted_price,
        "PricingCategory": (
            f"CASE WHEN {NOT_PRICED} THEN NULL WHEN is_unused OR {COMMITTED} THEN 'Committed'"
            " WHEN usage_type LIKE '%SpotUsage%' THEN 'Dynamic' ELSE 'Standard' END"
        ),
        "PricingCurrency": "COALESCE(pricing_currency, currency)",
        "PricingCurrencyContractedUnitPrice": f"CASE WHEN {one_currency} THEN {contracted_price} END",
        "PricingCurrencyEffectiveCost": f"CASE WHEN {one_currency} THEN effective END",
        "PricingCurrencyListUnitPrice": f"CASE WHEN {one_currency} THEN {list_price} END",
        "PricingQuantity": "priced_quantity",
        "PricingUnit": "CASE WHEN priced_quantity IS NOT NULL THEN priced_unit END",
    }


def _thing(regions: Mapping[str, str]) -> dict[str, str]:
    """What is charged for: service, place, resource, SKU, tags."""
    fee = f"({COMMITMENT_FEE} OR is_unused)"
    own_kind = f"CASE WHEN {IS_PLAN} THEN 'Savings Plan' ELSE 'Reservation' END"
    return {
        "AvailabilityZone": f"CASE WHEN zone NOT IN {any_of(regions)} THEN zone END",
        "RegionId": "region_id",
        "RegionName": chosen_sql("region_id", regions, "region_id"),
        "ResourceId": f"CASE WHEN {fee} THEN COALESCE(commitment, resource) ELSE resource END",
        "ResourceName": "CAST(NULL AS VARCHAR)",
        "ResourceType": (
            f"CASE WHEN {fee} THEN CASE WHEN COALESCE(commitment, resource) IS NOT NULL THEN {own_kind} END"
            " WHEN resource IS NOT NULL THEN COALESCE(family, service_name) END"
        ),
        "ServiceCategory": "service_category",
        "ServiceName": "service_name",
        "ServiceSubcategory": "service_subcategory",
        "SkuId": "sku_id",
        "SkuMeter": "CASE WHEN sku_id IS NOT NULL THEN usage_type END",
        "SkuPriceDetails": (
            "CASE WHEN sku_id IS NOT NULL AND instance_type IS NOT NULL"
            " THEN CAST(json_object('InstanceType', instance_type) AS VARCHAR) END"
        ),
        "SkuPriceId": "CASE WHEN category <> 'Tax' THEN COALESCE(rate_code, sku_id) END",
        "Tags": "tags",
    }


def _unit_price(rate: str, cost: str) -> str:
    """The bill's rate where rate times quantity is the cost at six decimals, else cost / quantity cut at fifteen."""
    scale, cents = 10**12, 10**15
    derived = (
        f"CAST((CAST(ABS({cost}) * {scale} AS HUGEINT) * {cents}) // CAST(ABS(priced_quantity) * {scale} AS HUGEINT)"
        " AS DECIMAL(38, 0)) * 0.000000000000001"
    )
    return (
        f"TRY(CASE WHEN {NOT_PRICED} THEN NULL"
        f" WHEN ABS({rate} * priced_quantity - {cost}) < 0.0000005 THEN CAST({rate} AS {UNIT_PRICE})"
        f" WHEN priced_quantity = 0 OR {cost} * SIGN(priced_quantity) < 0 THEN NULL"
        f" ELSE CAST({derived} AS {UNIT_PRICE}) END)"
    )


def moment(value: str) -> str:
    """A text as a moment in UTC."""
    return f"CAST({value} AS TIMESTAMPTZ)"
