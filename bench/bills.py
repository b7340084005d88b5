"""Measures ``costkit report`` on a large bill against hand-written SQL: ``python bench/bills.py [--millions N]``.

Makes a bill like CUR 2.0 in Parquet, the same every time, and runs whole processes in turn, so that a machine whose
speed drifts slows all of them alike. Prints a Markdown table of ratios to SQL written by hand. Polars is measured if it
is installed.
"""

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

BENCH = Path(__file__).parent
ROOT = BENCH.parent
MONTHS = ("2026-09", "2026-10")
FILE_ROWS = 1_000_000
# Twelve of a hundred lines are no plain usage.
LINES = """
SELECT *, CASE
 WHEN pick < 70 THEN 'Usage' WHEN pick < 82 THEN 'SavingsPlanCoveredUsage' WHEN pick < 94 THEN 'SavingsPlanNegation'
 WHEN pick < 96 THEN 'DiscountedUsage' WHEN pick = 96 THEN 'SavingsPlanRecurringFee' WHEN pick = 97 THEN 'RIFee'
 WHEN draw < 200 THEN 'Tax' WHEN draw < 400 THEN 'Credit' WHEN draw < 600 THEN 'Fee' WHEN draw < 800 THEN 'Refund'
 ELSE 'EdpDiscount' END AS kind
FROM (SELECT n, pair, CAST(hash(pair, 1) % 2000 AS BIGINT) AS thing,
 CASE WHEN slot IN (0, 1) AND base < 24 THEN 70 + slot * 12 + base % 12
 ELSE CASE WHEN base BETWEEN 70 AND 93 THEN base - 70 ELSE base END END AS pick, draw
 FROM (SELECT n, n // 2 AS pair, n % 2 AS slot, CAST(hash(n // 2, 2) % 100 AS BIGINT) AS base,
  CAST(hash(n, 3) % 1000 AS BIGINT) AS draw
  FROM range({first}, {last}) AS t(n)))
"""
BILL = """
COPY (SELECT
 TIMESTAMP '{month}-01' AS bill_billing_period_start_date,
 TIMESTAMP '{month}-01' + INTERVAL 1 MONTH AS bill_billing_period_end_date,
 'Anniversary' AS bill_bill_type, 'AWS' AS bill_billing_entity, '999900001111' AS bill_payer_account_id,
 '{month}-42' AS bill_invoice_id,
 md5(CAST(pair AS VARCHAR)) AS identity_line_item_id,
 strftime(TIMESTAMP '{month}-01' + INTERVAL (n % 672) HOUR, '%Y-%m-%dT%H:00:00Z') AS identity_time_interval,
 TIMESTAMP '{month}-01' + INTERVAL (n % 672) HOUR AS line_item_usage_start_date,
 TIMESTAMP '{month}-01' + INTERVAL (n % 672 + 1) HOUR AS line_item_usage_end_date,
 CAST(111100000000 + thing % 40 AS VARCHAR) AS line_item_usage_account_id,
 ['AmazonEC2', 'AmazonS3', 'AWSLambda', 'AmazonRDS', 'AmazonRedshift', 'AmazonCloudWatch', 'AmazonSQS'][1 + thing % 7]
  AS line_item_product_code,
 ['us-east-1', 'eu-west-1', 'ap-south-1'][1 + thing % 3] AS product_region_code,
 'arn:aws:thing:us-east-1:1:resource/' || lpad(CAST(thing AS VARCHAR), 17, '0') AS line_item_resource_id,
 kind AS line_item_line_item_type,
 ['RunInstances', 'PutObject', 'Invoke', 'GetObject'][1 + thing % 4] AS line_item_operation,
 ['BoxUsage:m7g.large', 'TimedStorage-ByteHrs', 'Lambda-GB-Second', 'Requests-Tier1'][1 + thing % 4]
  AS line_item_usage_type,
 kind || ' of ' || CAST(thing AS VARCHAR) AS line_item_line_item_description,
 'USD' AS line_item_currency_code, 'Amazon Web Services, Inc.' AS line_item_legal_entity,
 CAST(draw % 24 AS DOUBLE) AS line_item_usage_amount,
 CASE kind WHEN 'DiscountedUsage' THEN 0 WHEN 'SavingsPlanNegation' THEN -cost WHEN 'Credit' THEN -cost
  WHEN 'Refund' THEN -cost WHEN 'EdpDiscount' THEN -cost ELSE cost END AS line_item_unblended_cost,
 CAST(NULL AS DOUBLE) AS line_item_net_unblended_cost,
 CASE WHEN kind IN ('Usage', 'SavingsPlanCoveredUsage', 'DiscountedUsage') THEN cost * 1.25 END
  AS pricing_public_on_demand_cost,
 'Hrs' AS pricing_unit, 'OnDemand' AS pricing_term,
 CASE WHEN kind LIKE 'SavingsPlan%' THEN 'arn:aws:savingsplans::1:savingsplan/' || CAST(thing % 5 AS VARCHAR) END
  AS savings_plan_savings_plan_a_r_n,
 CASE kind WHEN 'SavingsPlanCoveredUsage' THEN cost * 0.75 END AS savings_plan_savings_plan_effective_cost,
 CASE kind WHEN 'SavingsPlanRecurringFee' THEN cost END AS savings_plan_total_commitment_to_date,
 CASE kind WHEN 'SavingsPlanRecurringFee' THEN cost * 0.875 END AS savings_plan_used_commitment,
 CASE kind WHEN 'SavingsPlanRecurringFee' THEN cost END AS savings_plan_recurring_commitment_for_billing_period,
 CASE WHEN kind IN ('DiscountedUsage', 'RIFee') THEN 'arn:aws:ec2:us-east-1:1:reserved-instances/'
  || CAST(thing % 5 AS VARCHAR) END AS reservation_reservation_a_r_n,
 CASE kind WHEN 'DiscountedUsage' THEN cost * 0.5 END AS reservation_effective_cost,
 CASE kind WHEN 'RIFee' THEN cost * 0.125 END AS reservation_unused_amortized_upfront_fee_for_billing_period,
 CASE kind WHEN 'RIFee' THEN cost * 0.0625 END AS reservation_unused_recurring_fee,
 MAP {{'region': 'us-east-1', 'product_name': 'thing ' || CAST(thing % 7 AS VARCHAR)}} AS product,
 CASE WHEN thing % 10 = 0 THEN MAP([], []) ELSE MAP {{'user_team': 'team-' || CAST(thing % 12 AS VARCHAR),
  'user_env': ['prod', 'dev'][1 + thing % 2]}} END AS resource_tags
 FROM (SELECT *, CAST(hash(pair, 4) % 100000 AS DOUBLE) / 65536 AS cost FROM ({lines})))
TO '{path}' (FORMAT parquet, COMPRESSION snappy)
"""


def made(folder: Path, millions: int) -> Path:
    """The folder of the bill of so many million rows, made if it is not there."""
    bill = folder / f"bill-{millions}m"
    for place in range(millions):
        month = MONTHS[place * len(MONTHS) // millions]
        path = bill / f"BILLING_PERIOD={month}" / f"bill-{place + 1:05}.snappy.parquet"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = LINES.format(first=place * FILE_ROWS, last=(place + 1) * FILE_ROWS)
            duckdb.sql(BILL.format(month=month, lines=lines, path=f"{path}.tmp"))
            os.replace(f"{path}.tmp", path)
    return bill


def run(command: list[str]) -> tuple[float, float, int]:
    """Seconds on the wall, seconds of processors, and megabytes at the peak of a whole process."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, default=10, help="rows of the bill, in millions")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "costkit-bench")
    parser.add_argument("--only-make", action="store_true", help="make the bill and measure nothing")
    wishes = parser.parse_args()
    python = sys.executable
    if wishes.only_make:
        made(wishes.folder, wishes.millions)
        return
    # Made by a process of its own: what a process had in memory counts for those that it starts.
    subprocess.run([python, __file__, *sys.argv[1:], "--only-make"], check=True)
    bill = str(wishes.folder / f"bill-{wishes.millions}m")
    report = [python, "-m", "costkit", "report", bill, "--by", "account,service,tag:team", "--previous", "-f", "csv"]
    commands = {
        "SQL by hand, in DuckDB (floor)": [python, str(BENCH / "bills_by_hand.py"), bill],
        "`costkit report --previous`": report,
    }
    if importlib.util.find_spec("polars"):
        commands["Polars, streaming, sums only, as floats"] = [python, str(BENCH / "bills_by_polars.py"), bill]
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
    for _ in range(wishes.rounds):
        for name, command in commands.items():
            found[name].append(run(command))
    floor = found["SQL by hand, in DuckDB (floor)"]
    print(
        f"| {wishes.millions} million rows | seconds, best | of processors | ratio, median | of processors | memory |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name, runs in found.items():
        ratios = [statistics.median(mine[at] / its[at] for mine, its in zip(runs, floor, strict=True)) for at in (0, 1)]
        best = [min(one[at] for one in runs) for at in (0, 1)]
        memory = max(one[2] for one in runs)
        print(f"| {name} | {best[0]:.1f} | {best[1]:.1f} | {ratios[0]:.2f} | {ratios[1]:.2f} | {memory} MB |")


if __name__ == "__main__":
    main()
