"""The sums of the finance report in Polars, streaming: ``python bills_by_polars.py FOLDER``. Its sums are floats."""

import sys

import polars as pl

TYPE = pl.col("line_item_line_item_type")
PAID = pl.col("line_item_unblended_cost")
LIST = pl.coalesce("pricing_public_on_demand_cost", "line_item_unblended_cost")
USAGE = TYPE.is_in(["Usage", "SavingsPlanCoveredUsage", "DiscountedUsage"])
FEE = TYPE.is_in(["SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee"])
TEAM = pl.col("resource_tags").map.get("user_team")


def main() -> None:
    """Print the sums as CSV."""
    bill = pl.scan_parquet(f"{sys.argv[1]}/*/*.parquet", hive_partitioning=False)
    covered, discounted = TYPE == "SavingsPlanCoveredUsage", TYPE == "DiscountedUsage"
    found = (
        bill.filter(TYPE != "SavingsPlanNegation")
        .with_columns(
            team=TEAM,
            month=pl.col("bill_billing_period_start_date").dt.strftime("%Y-%m"),
            charge=pl.when(USAGE).then(pl.lit("Usage")).when(FEE).then(pl.lit("Commitment fee")).otherwise(TYPE),
            billed=pl.when(covered).then(0.0).otherwise(PAID),
            effective=pl.when(covered)
            .then("savings_plan_savings_plan_effective_cost")
            .when(discounted)
            .then("reservation_effective_cost")
            .when(FEE)
            .then(0.0)
            .otherwise(PAID),
            list=pl.when(USAGE).then(LIST).otherwise(PAID),
            contracted=pl.when(discounted).then(LIST).otherwise(PAID),
        )
        .group_by("month", "line_item_usage_account_id", "line_item_product_code", "team", "charge")
        .agg(pl.sum("billed"), pl.sum("effective"), pl.sum("list"), pl.sum("contracted"))
        .collect(engine="streaming")
    )
    sys.stdout.write(found.write_csv())


main()
