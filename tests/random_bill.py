"""Bills made at random, with every line item type that AWS documents; the same lines in each form of a CUR.

A line is a mapping of CUR 2.0's names; ``resource_tags`` and ``cost_category`` are mappings in it. Nothing here
knows of costkit.
"""

import csv
import io
import json
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Line = dict[str, Any]
COLUMN_NAMES = """
bill_billing_period_start_date bill_bill_type bill_invoice_id bill_payer_account_id line_item_usage_account_id
line_item_usage_start_date line_item_usage_end_date line_item_product_code product_region_code line_item_resource_id
line_item_line_item_type line_item_operation line_item_currency_code line_item_line_item_description
line_item_usage_type line_item_usage_amount line_item_unblended_cost line_item_net_unblended_cost
line_item_legal_entity pricing_public_on_demand_cost savings_plan_savings_plan_a_r_n
savings_plan_savings_plan_effective_cost savings_plan_net_savings_plan_effective_cost
savings_plan_total_commitment_to_date savings_plan_used_commitment
savings_plan_recurring_commitment_for_billing_period savings_plan_net_recurring_commitment_for_billing_period
savings_plan_amortized_upfront_commitment_for_billing_period
savings_plan_net_amortized_upfront_commitment_for_billing_period reservation_reservation_a_r_n
reservation_effective_cost reservation_net_effective_cost reservation_unused_amortized_upfront_fee_for_billing_period
reservation_unused_recurring_fee reservation_net_unused_amortized_upfront_fee_for_billing_period
reservation_net_unused_recurring_fee
"""
COLUMNS = COLUMN_NAMES.split()
MAPS = ("resource_tags", "cost_category")
MONEY = [
    name
    for name in COLUMNS
    if name.endswith(("_cost", "_fee", "_commitment", "_to_date", "_amount")) or "_for_billing_period" in name
]
PAYERS = {"111100000001": ("111100000001", "111100000002"), "222200000001": ("222200000001", "022200000002")}
SERVICES = ("AmazonEC2", "AmazonS3", "AWSLambda", "AmazonRDS")
DISCOUNTS = ("EdpDiscount", "PrivateRateDiscount", "RiVolumeDiscount", "SppDiscount", "BundledDiscount", "Discount")
PAYMENTS = ("no", "partial", "all")
OFF = Decimal("0.91")


class RandomBill:
    """The lines of some months; those of ``net_months`` have negotiated discounts in their net columns."""

    def __init__(self, seed: int, months: Sequence[str], net_months: Sequence[str]) -> None:
        self.random, self.net_months = random.Random(seed), net_months
        self.lines = [line for month in months for line in self._month(month)]
        self.random.shuffle(self.lines)

    def _amount(self, most: int = 50) -> Decimal:
        """An amount with up to ten decimals, as AWS writes them; often tiny."""
        digits = self.random.choice((0, 2, 6, 10))
        return Decimal(self.random.randrange(1, most * 10**digits + 1)).scaleb(-digits)

    def _line(self, kind: str, cost: Decimal, **more: Any) -> Line:
        pick, month = self.random.choice, self.month
        day, hour = self.random.randrange(1, 28), self.random.randrange(23)
        payer = pick(list(PAYERS))
        net = cost * OFF if month in self.net_months and self.random.random() < 0.9 else None
        line: Line = dict.fromkeys(COLUMNS)
        line |= {
            "bill_billing_period_start_date": f"{month}-01T00:00:00.000Z",
            "bill_bill_type": "Anniversary",
            "bill_invoice_id": pick(("42", None)),
            "bill_payer_account_id": payer,
            "line_item_usage_account_id": pick(PAYERS[payer]),
            "line_item_usage_start_date": f"{month}-{day:02}T{hour:02}:00:00.000Z",
            "line_item_usage_end_date": f"{month}-{day:02}T{hour + 1:02}:00:00.000Z",
            "line_item_product_code": pick(SERVICES),
            "product_region_code": pick(("us-east-1", "eu-west-1", None)),
            "line_item_resource_id": pick((f"i-{self.random.randrange(6)}", None)),
            "line_item_line_item_type": kind,
            "line_item_operation": pick(("RunInstances", None)),
            "line_item_currency_code": "USD",
            "line_item_line_item_description": f"{kind} of something",
            "line_item_usage_type": pick(("BoxUsage:m5.large", "DataTransfer-Out-Bytes", "Requests-Tier1")),
            "line_item_usage_amount": self._amount(),
            "line_item_unblended_cost": cost,
            "line_item_net_unblended_cost": net,
            "line_item_legal_entity": "Amazon Web Services, Inc.",
            "resource_tags": pick(({"user_team": "web"}, {"user_team": "data", "user_env": "prod"}, {})),
            "cost_category": pick(({"unit": "shop"}, {})),
        }
        return line | more

    def _month(self, month: str) -> Iterator[Line]:
        self.month = month
        for _ in range(12):
            yield from self._usage()
        for number in range(3):
            yield from self._plan(f"arn:aws:savingsplans::1:savingsplan/{month}-{number}", PAYMENTS[number])
            yield from self._reservation(f"arn:aws:ec2:us-east-1:1:reserved-instances/{month}-{number}")
        yield from self._other_charges()

    def _usage(self) -> Iterator[Line]:
        cost = self._amount()
        listed = self.random.choice((cost * 2, cost, None))
        yield self._line("Usage", cost, pricing_public_on_demand_cost=listed)
        yield self._line("FlatRateSubscription", self._amount(), pricing_public_on_demand_cost=self._amount())
        # Split rows repeat their instance.
        split = self.random.choice(("EKSPod-EC2", "ECSTask-EC2"))
        yield self._line("Usage", self._amount(), line_item_operation=split, pricing_public_on_demand_cost=cost)
        # The marketplace has no public price, and sellers of its own.
        seller = {"line_item_legal_entity": "Seller Ltd", "line_item_product_code": "6xyzmarket"}
        yield self._line("Usage", self._amount(), **seller)

    def _plan(self, plan: str, payment: str) -> Iterator[Line]:
        account = self.random.choice(PAYERS["111100000001"])
        own = {"savings_plan_savings_plan_a_r_n": plan, "line_item_usage_account_id": account}
        used = Decimal(0)
        for _ in range(3):
            cost, effective = self._amount(), self._amount(5)
            used += effective
            net = {"line_item_net_unblended_cost": cost if self.month in self.net_months else None}
            rate = {"savings_plan_savings_plan_effective_cost": effective} | self._nets(
                savings_plan_net_savings_plan_effective_cost=effective
            )
            listed = {"pricing_public_on_demand_cost": cost * 2}
            yield self._line("SavingsPlanCoveredUsage", cost, **own, **net, **rate, **listed)
            net = {"line_item_net_unblended_cost": -cost if self.month in self.net_months else None}
            yield self._line("SavingsPlanNegation", -cost, **own, **net)
        total = used + self.random.choice((Decimal(0), self._amount()))
        recurring = {"no": total, "partial": total / 2, "all": Decimal(0)}[payment]
        fee = {
            "savings_plan_total_commitment_to_date": total,
            "savings_plan_used_commitment": used,
            "savings_plan_recurring_commitment_for_billing_period": recurring,
            "savings_plan_amortized_upfront_commitment_for_billing_period": total - recurring,
        } | self._nets(
            savings_plan_net_recurring_commitment_for_billing_period=recurring,
            savings_plan_net_amortized_upfront_commitment_for_billing_period=total - recurring,
        )
        yield self._line("SavingsPlanRecurringFee", recurring, **own, **fee, line_item_resource_id=plan)
        if payment != "no":
            yield self._line("SavingsPlanUpfrontFee", self._amount(5000), **own)

    def _nets(self, **amounts: Decimal) -> dict[str, Decimal]:
        """The net columns of a commitment, where the month has them and AWS has filled them."""
        filled = self.month in self.net_months and self.random.random() < 0.8
        return {name: amount * OFF for name, amount in amounts.items()} if filled else {}

    def _reservation(self, reservation: str) -> Iterator[Line]:
        own = {"reservation_reservation_a_r_n": reservation}
        for _ in range(2):
            effective = self._amount(5)
            rate = {"reservation_effective_cost": effective} | self._nets(reservation_net_effective_cost=effective)
            yield self._line("DiscountedUsage", Decimal(0), **own, **rate, pricing_public_on_demand_cost=self._amount())
        upfront, recurring = self.random.choice((Decimal(0), self._amount(5))), self._amount(5)
        unused = {
            "reservation_unused_amortized_upfront_fee_for_billing_period": upfront,
            "reservation_unused_recurring_fee": recurring,
        } | self._nets(
            reservation_net_unused_amortized_upfront_fee_for_billing_period=upfront,
            reservation_net_unused_recurring_fee=recurring,
        )
        yield self._line("RIFee", self._amount(), **own, **unused)
        yield self._line("Fee", self._amount(5000), **own)

    def _other_charges(self) -> Iterator[Line]:
        yield self._line("Fee", self._amount(), line_item_product_code="AWSSupportBusiness")
        yield self._line("Tax", self._amount())
        yield self._line("Credit", -self._amount())
        yield self._line("Refund", -self._amount(), bill_bill_type="Refund")
        words = "Refund for one-time fee for Savings Plan ID 4711"
        refund = {"line_item_product_code": "ComputeSavingsPlans", "line_item_line_item_description": words}
        yield self._line("Refund", -self._amount(1000), bill_bill_type="Refund", **refund)
        for kind in DISCOUNTS:
            yield self._line(kind, -self._amount())


def write_cur2(path: Path, lines: Sequence[Line]) -> str:
    """CUR 2.0 as CSV: maps are JSON, some amounts have an exponent, and null is spelled in four ways."""
    spellings = ("", '""', "NULL", "None")
    text = io.StringIO()
    text.write(",".join((*COLUMNS, *MAPS)) + "\n")
    for number, line in enumerate(lines):
        cells = []
        for name in (*COLUMNS, *MAPS):
            value = line[name]
            if value is None:
                cells.append(spellings[number % 4])
            elif isinstance(value, dict):
                cells.append('"' + json.dumps(value).replace('"', '""') + '"')
            else:
                spelled = f"{value:E}" if isinstance(value, Decimal) and number % 3 == 0 else f"{value}"
                cells.append(f'"{spelled}"' if "," in spelled else spelled)
        text.write(",".join(cells) + "\n")
    path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)


def write_cur1(path: Path, lines: Sequence[Line]) -> str:
    """A legacy report: slashes in the header, a column a tag."""
    tags, units = ("user_team", "user_env"), ("unit",)
    names = {name: _legacy(name) for name in COLUMNS}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        extra = [f"resourceTags/user:{tag.removeprefix('user_')}" for tag in tags]
        writer.writerow([*names.values(), *extra, *(f"costCategory/{unit.capitalize()}" for unit in units)])
        for line in lines:
            own = [line["resource_tags"].get(tag) for tag in tags] + [line["cost_category"].get(unit) for unit in units]
            cells = [line[name] for name in COLUMNS] + own
            writer.writerow(["" if cell is None else cell for cell in cells])
    return str(path)


def _legacy(name: str) -> str:
    heads = ("bill", "line_item", "product", "pricing", "savings_plan", "reservation")
    head = next(one for one in heads if name.startswith(f"{one}_"))
    start, *more = head.split("_")
    words = name.removeprefix(f"{head}_").split("_")
    return f"{start}{''.join(map(str.capitalize, more))}/{''.join(word.capitalize() for word in words)}"


def write_parquet(path: Path, lines: Sequence[Line]) -> str:
    """CUR 2.0 as Parquet: real maps, timestamps, and amounts as exact as they were."""
    source = path.with_suffix(".json")
    plain = (
        {name: str(value) if isinstance(value, Decimal) else value for name, value in line.items()} for line in lines
    )
    source.write_text("\n".join(json.dumps(line) for line in plain), encoding="utf-8")

    def kind(name: str) -> str:
        return "DECIMAL(38, 18)" if name in MONEY else "TIMESTAMP" if name.endswith("_date") else "VARCHAR"

    typed = [f"CAST({name} AS {kind(name)}) AS {name}" for name in COLUMNS]
    typed += [f"CAST(CAST({name} AS JSON) AS MAP(VARCHAR, VARCHAR)) AS {name}" for name in MAPS]
    columns = ", ".join(f"'{name}': '{'JSON' if name in MAPS else 'VARCHAR'}'" for name in (*COLUMNS, *MAPS))
    duckdb.sql(
        f"COPY (SELECT {', '.join(typed)} FROM read_json('{source}', format = 'newline_delimited',"
        f" columns = {{{columns}}})) TO '{path}' (FORMAT parquet)"
    )
    source.unlink()
    return str(path)
