"""The frame of a spec: everything but its resources, as forms."""

from decimal import Decimal
from typing import Annotated, NamedTuple

from costkit.model.form import Schedule
from costkit.model.kind import Amount, Choice, Day, Flag, Money, Month, Names, Nested, Text, Whole

SAVINGS_PLANS = ("compute_savings_plan", "ec2_savings_plan")
RESERVATIONS = ("reserved_instances", "redshift_reserved_nodes", "redshift_serverless_reservation")
PAYMENTS = ("no_upfront", "partial_upfront", "all_upfront")


class Discount(NamedTuple):
    """A negotiated discount on usage."""

    percent: Annotated[Decimal, Amount("%"), "Percent off"]
    types: Annotated[tuple[str, ...], Names("*"), "Resource types it applies to, as patterns"] = ("*",)
    reason: Annotated[str, Text("EDP 2026"), "Why"] = ""


class Commitment(NamedTuple):
    """A commitment that the account owns."""

    kind: Annotated[str, Choice(*SAVINGS_PLANS, *RESERVATIONS), "Kind of commitment"]
    term: Annotated[str, Choice("1y", "3y"), "Term"]
    payment: Annotated[str, Choice(*PAYMENTS), "How it is paid"]
    hourly: Annotated[Decimal | None, Money(), "Committed amount an hour (savings plans)"] = None
    family: Annotated[str | None, Text("m7g"), "Instance family (EC2 Instance Savings Plan)"] = None
    region: Annotated[str | None, Text("us-east-1"), "Region"] = None
    instance_type: Annotated[str | None, Text("m7g.large"), "Instance type (reserved instances)"] = None
    class_: Annotated[str | None, Choice("standard", "convertible"), "Class of reserved instances"] = None
    node_type: Annotated[str | None, Text("ra3.4xlarge"), "Node type (reserved nodes)"] = None
    count_: Annotated[Decimal | None, Whole("pieces"), "How many"] = None
    rpus: Annotated[Decimal | None, Amount("RPU"), "Reserved RPUs"] = None


class Suppression(NamedTuple):
    """A finding that somebody decided to live with."""

    code: Annotated[str, Text("LMB-01"), "Code of the finding"]
    resource: Annotated[str, Text("api"), "Resource, as a pattern"]
    owner: Annotated[str, Text("platform"), "Who decided"]
    reason: Annotated[str, Text("legacy runtime"), "Why"]
    until: Annotated[str | None, Day(), "Last day"] = None


class Frame(NamedTuple):
    """A spec without its resources."""

    version: Annotated[str, Choice("1"), "Version of the format"]
    name: Annotated[str, Text("shop"), "Name of the workload"] = ""
    region: Annotated[str | None, Text("us-east-1"), "Default region of the resources"] = None
    month_hours: Annotated[Decimal | None, Amount("h"), "Length of the month in hours (default: 730)"] = None
    days: Annotated[Decimal | None, Amount("days"), "Length of the month in days, instead"] = None
    month: Annotated[Decimal | None, Month(), "A month of the calendar, instead"] = None
    free_tier: Annotated[bool, Flag(), "Apply the always-free allowances (default: true)"] = True
    schedule: Annotated[Schedule | None, Nested(Schedule)] = None
    prices: Annotated[
        tuple[str, ...], Names("prices"), "Directories of your own price tables, from the spec's place"
    ] = ()
    discounts: Annotated[tuple[Discount, ...], Nested(Discount, many=True)] = ()
    commitments: Annotated[tuple[Commitment, ...], Nested(Commitment, many=True)] = ()
    suppressions: Annotated[tuple[Suppression, ...], Nested(Suppression, many=True)] = ()
