"""A bill with one line of each line item type, with all that a FOCUS dataset is made of, and its sums by hand."""

import csv
import io
from pathlib import Path

PLAN, UPFRONT_PLAN = (
    "arn:aws:savingsplans::999988887777:savingsplan/p1",
    "arn:aws:savingsplans::999988887777:savingsplan/p2",
)
RESERVED = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/r1"
UPFRONT_RESERVED = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/r2"
COLUMN_NAMES = """
bill_billing_period_start_date bill_bill_type bill_invoice_id bill_invoicing_entity bill_payer_account_id
bill_payer_account_name line_item_usage_account_id line_item_usage_account_name line_item_usage_start_date
line_item_usage_end_date line_item_product_code line_item_availability_zone product_region_code line_item_resource_id
line_item_line_item_type line_item_operation line_item_currency_code line_item_line_item_description
line_item_usage_type line_item_usage_amount line_item_normalized_usage_amount line_item_unblended_rate
line_item_net_unblended_rate line_item_unblended_cost line_item_net_unblended_cost line_item_legal_entity
line_item_tax_type pricing_public_on_demand_cost pricing_public_on_demand_rate pricing_unit pricing_rate_code
product_sku product_product_family product_instance_type savings_plan_savings_plan_a_r_n
savings_plan_offering_type savings_plan_savings_plan_effective_cost savings_plan_net_savings_plan_effective_cost
savings_plan_total_commitment_to_date savings_plan_used_commitment
savings_plan_recurring_commitment_for_billing_period savings_plan_net_recurring_commitment_for_billing_period
reservation_reservation_a_r_n reservation_effective_cost reservation_net_effective_cost reservation_unused_quantity
reservation_unused_normalized_unit_quantity reservation_total_reserved_units
reservation_total_reserved_normalized_units reservation_unused_amortized_upfront_fee_for_billing_period
reservation_unused_recurring_fee resource_tags
"""
COLUMNS = COLUMN_NAMES.split()


def line(kind: str, cost: str, **more: str) -> dict[str, str]:
    """A line of October; keywords are columns by the ends of their names, the shortest that fits."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "bill_billing_period_start_date": "2026-10-01T00:00:00.000Z",
        "bill_bill_type": "Anniversary",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": "999988887777",
        "bill_payer_account_name": "shop",
        "line_item_usage_account_id": "111122223333",
        "line_item_usage_account_name": "shop-prod",
        "line_item_usage_start_date": "2026-10-05T10:00:00.000Z",
        "line_item_usage_end_date": "2026-10-05T11:00:00.000Z",
        "line_item_product_code": "AmazonEC2",
        "product_region_code": "us-east-1",
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_line_item_type": kind,
        "line_item_line_item_description": f"{kind} line",
        "line_item_currency_code": "USD",
        "line_item_unblended_cost": cost,
        "product_sku": "SKU1",
        "pricing_rate_code": "SKU1.JRTCKXETXF.6YS6EN2CT7",
        "resource_tags": "{}",
    }
    for name, value in more.items():
        fitting = [column for column in COLUMNS if column == name or column.endswith(f"_{name}")]
        row[min(fitting, key=len)] = value
    return row


BOX = {
    "usage_type": "BoxUsage:m5.large",
    "unit": "Hrs",
    "instance_type": "m5.large",
    "product_family": "Compute Instance",
}
# Billed: 10 + 0.3 + 0 + 6 + 0 + 3.25 + 100 + 50 + 1 + 2 - 4 - 6 - 0.5 = 162.05 (the unblended column adds up to it:
# the covered 7 and the negation -7 cancel). Effective: 10 + 0.3 + 5 + 1 unused + 2.5 + 0.75 unused + 1 + 2 - 4 - 6
# - 0.5 = 12.05.
EVERY_TYPE = [
    line("Usage", "10", **BOX, usage_amount="10", unblended_rate="1", public_on_demand_cost="12",
         public_on_demand_rate="1.2", resource_id="i-1", line_item_availability_zone="us-east-1a",
         resource_tags='{"user_team": "web", "aws_created_by": "me"}'),
    line("Usage", "3.0E-1", usage_type="SpotUsage:m5.large", unit="Hrs", usage_amount="1", unblended_rate="0.3",
         public_on_demand_cost="1.2", public_on_demand_rate="1.2", resource_id="i-2"),
    line("SavingsPlanCoveredUsage", "7", **BOX, usage_amount="7", unblended_rate="1", public_on_demand_cost="8",
         resource_id="i-3", plan_a_r_n=PLAN, offering_type="ComputeSavingsPlans", plan_savings_plan_effective_cost="5"),
    line("SavingsPlanNegation", "-7", plan_a_r_n=PLAN, product_code="ComputeSavingsPlans"),
    line("SavingsPlanRecurringFee", "6", usage_type="ComputeSP:1yrNoUpfront", unit="Hrs", usage_amount="1",
         plan_a_r_n=PLAN, offering_type="ComputeSavingsPlans", total_commitment_to_date="6", used_commitment="5",
         product_code="ComputeSavingsPlans"),
    line("DiscountedUsage", "0", **BOX, usage_amount="4", normalized_usage_amount="16", public_on_demand_cost="4.8",
         public_on_demand_rate="1.2", reservation_a_r_n=RESERVED, reservation_effective_cost="2.5", resource_id="i-4"),
    line("RIFee", "3.25", usage_type="HeavyUsage:m5.large", unit="Hrs", usage_amount="5", reservation_a_r_n=RESERVED,
         reservation_unused_quantity="1", unused_normalized_unit_quantity="4", total_reserved_units="5",
         total_reserved_normalized_units="20", unused_recurring_fee="0.25",
         unused_amortized_upfront_fee_for_billing_period="0.5"),
    line("SavingsPlanUpfrontFee", "100", usage_type="ComputeSP:1yrAllUpfront", usage_amount="1",
         plan_a_r_n=UPFRONT_PLAN, product_code="ComputeSavingsPlans"),
    line("Fee", "50", usage_amount="2", reservation_a_r_n=UPFRONT_RESERVED, total_reserved_units="17520"),
    line("Fee", "1", product_code="AWSSupportBusiness", usage_amount="1"),
    line("Tax", "2", tax_type="VAT", product_sku="", rate_code="", usage_start_date="2026-10-01T00:00:00Z",
         usage_end_date="2026-10-31T23:59:59Z"),
    line("Credit", "-4", product_sku="", rate_code=""),
    line("Refund", "-6", product_sku="", rate_code="", bill_type="Refund"),
    line("EdpDiscount", "-0.5", product_sku="", rate_code=""),
]  # fmt: skip
BILLED, EFFECTIVE = "162.05", "12.05"


def write_bill(path: Path, rows: list[dict[str, str]]) -> str:
    """Write lines as CSV; returns the path."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)
