"""Which line of a CUR is which kind of charge, as conditions and expressions over its columns.

https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html says what the line item types are,
https://focus.finops.org/focus-specification/v1-2/ what FOCUS calls them.
"""

from costkit.billing.accounting import IS_USAGE, PLAN_FEES, RESERVED_UPFRONT, UNUSED, any_of, text

PLAN_TYPES = ("SavingsPlanCoveredUsage", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "SavingsPlanNegation")
IS_UNUSED = f"charge = {text(UNUSED)}"
COMMITTED = "line_type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage')"
COMMITMENT_FEE = f"({PLAN_FEES} OR ({RESERVED_UPFRONT}))"
CATEGORY = (
    f"CASE WHEN {IS_UNUSED} OR {IS_USAGE} THEN 'Usage' WHEN {COMMITMENT_FEE} OR line_type = 'Fee' THEN 'Purchase'"
    " WHEN line_type IN ('Tax', 'Credit') THEN line_type WHEN line_type = 'Refund' THEN CASE"
    " WHEN tax_type IS NOT NULL THEN 'Tax' WHEN commitment IS NOT NULL OR service = 'ComputeSavingsPlans'"
    " THEN 'Purchase'"
    " ELSE 'Usage' END ELSE 'Adjustment' END"
)
IS_PLAN = f"line_type IN {any_of(PLAN_TYPES)} OR (line_type = 'Refund' AND plan IS NOT NULL)"
COMMITMENT_ID = (
    f"CASE WHEN {COMMITTED} OR {COMMITMENT_FEE} OR line_type IN ('Refund', 'SavingsPlanNegation') THEN commitment END"
)
# Reservations count in normalised units where the bill does: one commitment keeps one unit.
COMMITMENT_QUANTITY = (
    "CASE WHEN commitment IS NULL OR category NOT IN ('Usage', 'Purchase') OR line_type = 'Refund' THEN NULL"
    " WHEN line_type = 'SavingsPlanCoveredUsage' THEN plan_effective"
    " WHEN is_unused AND plan IS NOT NULL THEN plan_total - plan_used"
    " WHEN line_type = 'SavingsPlanRecurringFee' THEN plan_total"
    " WHEN line_type = 'SavingsPlanUpfrontFee' THEN COALESCE(NULLIF(plan_total, 0), billed)"
    " WHEN line_type = 'DiscountedUsage' THEN COALESCE(NULLIF(normalized, 0), quantity)"
    " WHEN is_unused THEN COALESCE(NULLIF(unused_normalized, 0), unused_units)"
    f" WHEN {COMMITMENT_FEE} THEN COALESCE(NULLIF(reserved_normalized, 0), reserved_units, quantity) END"
)
COMMITMENT_UNIT = (
    "CASE WHEN commitment_quantity IS NULL THEN NULL WHEN plan IS NOT NULL THEN currency"
    " WHEN COALESCE(NULLIF(normalized, 0), NULLIF(unused_normalized, 0), NULLIF(reserved_normalized, 0)) IS NOT NULL"
    " THEN 'Normalized Hours' ELSE 'Hours' END"
)
# A unit price is never negative; where money comes back, the quantity is.
QUANTITY = (
    "CASE WHEN line_type = 'Refund' OR category NOT IN ('Usage', 'Purchase') THEN NULL"
    " WHEN is_unused THEN CASE WHEN plan IS NOT NULL THEN plan_total - plan_used"
    " ELSE COALESCE(NULLIF(unused_normalized, 0), unused_units) END"
    " WHEN category = 'Purchase' THEN COALESCE(NULLIF(quantity, 0), 1) * CASE WHEN contracted < 0 THEN -1 ELSE 1 END"
    " WHEN contracted < 0 THEN -ABS(quantity) ELSE quantity END"
)
PRICED_UNIT = (
    "CASE WHEN is_unused AND plan IS NOT NULL THEN currency WHEN is_unused THEN"
    " CASE WHEN NULLIF(unused_normalized, 0) IS NULL THEN 'Hours' ELSE 'Normalized Hours' END ELSE focus_unit END"
)
SKU = (
    "CASE WHEN category <> 'Tax' THEN COALESCE(sku,"
    " CASE WHEN rate_code LIKE '%.%' THEN substr(rate_code, 1, POSITION('.' IN rate_code) - 1) END) END"
)
NOT_PRICED = "category NOT IN ('Usage', 'Purchase') OR line_type = 'Refund'"
