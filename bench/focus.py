"""Measures ``costkit report --columns focus`` on a large bill: ``python bench/focus.py [ROWS]``.

Makes a CUR 2.0 with a line of usage per hour and resource, some of it covered by a savings plan and negated, as
Parquet and as CSV.gz. Each is written as a FOCUS 1.2 dataset by a process of its own;
prints seconds and the most memory it held, beside a floor: DuckDB copying the same bill as it is.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

ROOT = Path(__file__).parent.parent
MILLION = 1_000_000
START = "TIMESTAMP '2026-10-01' + INTERVAL 1 HOUR * (n % 744)"
KIND = "CASE n % 20 WHEN 0 THEN 'SavingsPlanCoveredUsage' WHEN 1 THEN 'SavingsPlanNegation' ELSE 'Usage' END"
PLAN = "arn:aws:savingsplans::999988887777:savingsplan/p1"
BILL = f"""
SELECT '2026-10-01T00:00:00.000Z' AS bill_billing_period_start_date, '999988887777' AS bill_payer_account_id,
  printf('%012d', 100000000000 + n // 2 % 50) AS line_item_usage_account_id,
  strftime({START}, '%Y-%m-%dT%H:%M:%S.000Z') AS line_item_usage_start_date,
  strftime({START} + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%S.000Z') AS line_item_usage_end_date,
  'AmazonEC2' AS line_item_product_code, 'us-east-1' AS product_region_code,
  'i-' || md5(CAST(n // 744 AS VARCHAR)) AS line_item_resource_id, {KIND} AS line_item_line_item_type,
  'RunInstances' AS line_item_operation, 'BoxUsage:m5.' || (n % 8) || 'xlarge' AS line_item_usage_type,
  '1' AS line_item_usage_amount, 'USD' AS line_item_currency_code, '0.096' AS line_item_unblended_rate,
  CASE n % 20 WHEN 1 THEN '-0.096' ELSE '0.096' END AS line_item_unblended_cost,
  '0.096 per On Demand Linux instance hour' AS line_item_line_item_description,
  '0.096' AS pricing_public_on_demand_cost, '0.096' AS pricing_public_on_demand_rate, 'Hrs' AS pricing_unit,
  md5(CAST(n % 8 AS VARCHAR)) AS product_sku, 'Compute Instance' AS product_product_family,
  CASE WHEN n % 20 < 2 THEN '{PLAN}' END AS savings_plan_savings_plan_a_r_n,
  CASE n % 20 WHEN 0 THEN '0.07' END AS savings_plan_savings_plan_effective_cost,
  '{{"user_team": "team-' || (n % 30) || '", "user_env": "prod"}}' AS resource_tags
FROM range(?) AS lines(n)
"""
FLOOR = """
import sys, duckdb
bill, out = sys.argv[1:]
duckdb.sql("SET memory_limit = '768MB'; SET enable_progress_bar = false")
source = f"'{bill}'" if bill.endswith("parquet") else f"read_csv('{bill}', all_varchar = true)"
duckdb.sql(f"COPY (SELECT * FROM {source}) TO '{out}'")
"""


def measured(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds and the most megabytes of a program that ends well."""
    start = time.perf_counter()
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    """Print a table of each form of the bill and of the dataset."""
    rows = int(sys.argv[1]) if sys.argv[1:] else MILLION
    with tempfile.TemporaryDirectory() as place:
        print(f"| {rows:,} rows | to | seconds | most memory |\n| --- | --- | --- | --- |")
        for form in ("parquet", "csv.gz"):
            bill = os.path.join(place, f"bill.{form}")
            duckdb.execute(f"COPY ({BILL.replace('?', str(rows))}) TO '{bill}'")
            for to in ("csv", "parquet"):
                out = os.path.join(place, f"out.{to}")
                wanted = ("-m", "costkit", "report", bill, "--columns", "focus", "--strict", "-o", out)
                for name, arguments in ((f"{form}, copied (floor)", ("-c", FLOOR, bill, out)), (form, wanted)):
                    seconds, memory = measured((sys.executable, *arguments))
                    size = os.path.getsize(out) // MILLION
                    print(f"| {name} | {to}, {size} MB | {seconds:.1f} | {memory:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
