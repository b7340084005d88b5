"""Measures FOCUS datasets of a legacy CUR beside focus-converter: ``focus_beside_converter.py PROGRAM [ROWS]``.

focus-converter 1.0.0 starts only beside old packages, so PROGRAM stands in an environment of its own, made with
``pip install focus-converter==1.0.0 'multimethod<1.12' 'click<8.2'``. Of CUR 2.0 it writes nothing, so the bill is a
legacy one, as CSV. Both write Parquet, in turn; prints seconds, the most memory, rows, and what the file says.
"""

import glob
import os
import statistics
import sys
import tempfile

import duckdb
from focus import BILL, MILLION, measured

RUNS = 3
# The columns that focus-converter wants, as legacy reports spell them, and where the bill has none its value.
COLUMNS = {
    "bill/BillingPeriodStartDate": "bill_billing_period_start_date",
    "bill/BillingPeriodEndDate": "'2026-11-01T00:00:00.000Z'",
    "bill/BillType": "'Anniversary'",
    "bill/InvoicingEntity": "'Amazon Web Services, Inc.'",
    "bill/PayerAccountId": "bill_payer_account_id",
    "lineItem/UsageAccountId": "line_item_usage_account_id",
    "lineItem/UsageStartDate": "line_item_usage_start_date",
    "lineItem/UsageEndDate": "line_item_usage_end_date",
    "lineItem/ProductCode": "line_item_product_code",
    "lineItem/ResourceId": "line_item_resource_id",
    "lineItem/LineItemType": "line_item_line_item_type",
    "lineItem/LineItemDescription": "line_item_line_item_description",
    "lineItem/Operation": "line_item_operation",
    "lineItem/UsageType": "line_item_usage_type",
    "lineItem/UsageAmount": "line_item_usage_amount",
    "lineItem/CurrencyCode": "line_item_currency_code",
    "lineItem/UnblendedRate": "line_item_unblended_rate",
    "lineItem/UnblendedCost": "line_item_unblended_cost",
    "lineItem/NetUnblendedCost": "NULL",
    "lineItem/LegalEntity": "'Amazon Web Services, Inc.'",
    "lineItem/AvailabilityZone": "'us-east-1a'",
    "pricing/publicOnDemandCost": "pricing_public_on_demand_cost",
    "pricing/publicOnDemandRate": "pricing_public_on_demand_rate",
    "pricing/unit": "pricing_unit",
    "pricing/term": "'OnDemand'",
    "pricing/RateCode": "'SKU1.JRTCKXETXF.6YS6EN2CT7'",
    "pricing/RateId": "'1234'",
    "product/sku": "product_sku",
    "product/productFamily": "product_product_family",
    "product/regionCode": "product_region_code",
    "product/region": "product_region_code",
    "product/servicecode": "line_item_product_code",
    "product/instanceType": "'m5.large'",
    "savingsPlan/SavingsPlanARN": "savings_plan_savings_plan_a_r_n",
    "savingsPlan/SavingsPlanEffectiveCost": "savings_plan_savings_plan_effective_cost",
    "reservation/ReservationARN": "NULL",
    "reservation/EffectiveCost": "'0'",
    "reservation/TotalReservedUnits": "'0'",
}


def main() -> None:
    """Print a table of both."""
    converter, rows = sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else MILLION
    with tempfile.TemporaryDirectory() as place:
        bill = os.path.join(place, "bill.csv")
        listed = ", ".join(f'{value} AS "{name}"' for name, value in COLUMNS.items())
        duckdb.execute(f"COPY (SELECT {listed} FROM ({BILL.replace('?', str(rows))})) TO '{bill}' (HEADER)")
        converted, own = os.path.join(place, "converted"), os.path.join(place, "own.parquet")
        theirs = [converter, "convert", "--provider", "aws-cur", "--data-format", "csv", "--data-path", bill]
        theirs += ["--export-path", converted, "--export-format", "parquet", "--no-export-include-source-columns"]
        ours = [sys.executable, "-m", "costkit", "report", bill, "--columns", "focus", "--strict", "-o", own]
        taken: dict[str, list[tuple[float, float]]] = {"focus-converter 1.0.0": [], "costkit": []}
        for _ in range(RUNS):
            for found in glob.glob(f"{converted}/*"):
                os.remove(found)
            os.makedirs(converted, exist_ok=True)
            for name, arguments in zip(taken, (theirs, ours), strict=True):
                taken[name].append(measured(arguments))
        print(f"| {rows:,} rows | seconds, median | most memory | rows | effective cost |")
        print("| --- | --- | --- | --- | --- |")
        for name, files in zip(taken, (f"{converted}/*.parquet", own), strict=True):
            seconds, memory = statistics.median(s for s, _ in taken[name]), max(m for _, m in taken[name])
            sql = f"SELECT COUNT(*), SUM(CAST(EffectiveCost AS DECIMAL(28, 12))) FROM '{files}'"
            [(count, cost)] = duckdb.execute(sql).fetchall()
            print(f"| {name} | {seconds:.1f} | {memory:.0f} MB | {count:,} | {cost.normalize():f} |")


if __name__ == "__main__":
    main()
