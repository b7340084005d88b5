"""The finance report as somebody would write it for one bill, in DuckDB's SQL: ``python bills_by_hand.py FOLDER``.

The answer of ``costkit report FOLDER --by account,service,tag:team --previous -f csv`` but for its control totals.
"""

import csv
import sys
import tempfile

import duckdb

TYPE = "line_item_line_item_type"
USAGE = f"{TYPE} IN ('Usage', 'SavingsPlanCoveredUsage', 'DiscountedUsage')"
FEE = (
    f"({TYPE} IN ('SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'RIFee')"
    f" OR {TYPE} = 'Fee' AND reservation_reservation_a_r_n <> '')"
)


def exact(column: str) -> str:
    """A column as a decimal, so that the sums are the same on every run."""
    return f"CAST({column} AS DECIMAL(28, 12))"


PAID, LIST = exact("line_item_unblended_cost"), exact("pricing_public_on_demand_cost")
UNUSED = (
    f"CASE {TYPE} WHEN 'RIFee' THEN {exact('reservation_unused_amortized_upfront_fee_for_billing_period')}"
    f" + {exact('reservation_unused_recurring_fee')} WHEN 'SavingsPlanRecurringFee' THEN"
    f" {exact('savings_plan_total_commitment_to_date')} - {exact('savings_plan_used_commitment')} END"
)
FACTS = f"""
CREATE TABLE facts AS SELECT substr(CAST(bill_billing_period_start_date AS VARCHAR), 1, 7) AS month,
 line_item_usage_account_id AS account, line_item_product_code AS service, resource_tags['user_team'] AS team,
 line_item_usage_type AS meter, CASE WHEN {USAGE} THEN 'Usage' WHEN {FEE} THEN 'Commitment fee'
  WHEN {TYPE} LIKE '%Discount' THEN 'Discount' ELSE {TYPE} END AS charge,
 SUM(CASE WHEN {TYPE} = 'SavingsPlanCoveredUsage' THEN 0 ELSE {PAID} END) AS billed,
 SUM(CASE WHEN {TYPE} = 'SavingsPlanCoveredUsage' THEN {exact("savings_plan_savings_plan_effective_cost")}
  WHEN {TYPE} = 'DiscountedUsage' THEN {exact("reservation_effective_cost")} WHEN {FEE} THEN 0
  ELSE {PAID} END) AS effective,
 SUM(CASE WHEN {USAGE} THEN COALESCE({LIST}, {PAID}) ELSE {PAID} END) AS list,
 SUM(CASE WHEN {TYPE} = 'DiscountedUsage' THEN COALESCE({LIST}, {PAID}) ELSE {PAID} END) AS contracted,
 SUM({UNUSED}) AS unused, SUM(line_item_usage_amount) AS quantity, COUNT(*) AS lines, COUNT(bill_invoice_id) AS invoiced
FROM read_parquet('{{folder}}/*/*.parquet', union_by_name = true)
WHERE {TYPE} <> 'SavingsPlanNegation' AND line_item_operation NOT IN ('EKSPod-EC2', 'ECSTask-EC2')
GROUP BY ALL
"""
REPORT = """
WITH charges AS (SELECT month, account, service, team, charge, billed, effective, list, contracted FROM facts
  UNION ALL SELECT month, account, service, team, 'Unused commitment', 0, unused, 0, 0 FROM facts WHERE unused <> 0),
 grouped AS (SELECT month, account, CASE WHEN charge = 'Usage' THEN service ELSE charge END AS service,
  CASE WHEN charge = 'Usage' THEN COALESCE(team, '(untagged)') ELSE charge END AS team, SUM(billed) AS billed,
  SUM(effective) AS effective, SUM(list) AS list, SUM(contracted) AS contracted FROM charges GROUP BY ALL)
SELECT now.*, before.effective FROM (SELECT * FROM grouped WHERE month = '2026-10') AS now
 FULL JOIN (SELECT * FROM grouped WHERE month = '2026-09') AS before USING (account, service, team)
 ORDER BY now.effective DESC
"""
MOVED = """
SELECT service, account, meter, SUM(CASE WHEN month = '2026-10' THEN effective ELSE -effective END) AS change,
 SUM(quantity) FILTER (month = '2026-10'), SUM(quantity) FILTER (month = '2026-09')
FROM facts WHERE charge = 'Usage' GROUP BY ALL ORDER BY ABS(change) DESC LIMIT 10
"""


def main() -> None:
    """Print the report as CSV."""
    with tempfile.TemporaryDirectory() as spill:
        connection = duckdb.connect(f"{spill}/facts.duckdb", config={"memory_limit": "768MB", "temp_directory": spill})
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(FACTS.format(folder=sys.argv[1]))
        rows = connection.execute(REPORT).fetchall()
        connection.execute(MOVED).fetchall()
        connection.execute("SELECT SUM(lines), SUM(invoiced) FROM facts WHERE month = '2026-10'").fetchall()
        csv.writer(sys.stdout).writerows(rows)


main()
