"""What an account has committed to: savings plans and reservations."""

from decimal import Decimal
from typing import NamedTuple

COMPUTE_SAVINGS_PLAN, EC2_SAVINGS_PLAN = "compute_savings_plan", "ec2_savings_plan"
RESERVED_INSTANCES, RESERVED_NODES = "reserved_instances", "redshift_reserved_nodes"
RPU_RESERVATION = "redshift_serverless_reservation"
SAVINGS_PLANS = (COMPUTE_SAVINGS_PLAN, EC2_SAVINGS_PLAN)
RESERVATIONS = (RESERVED_INSTANCES, RESERVED_NODES, RPU_RESERVATION)
TITLES = {
    COMPUTE_SAVINGS_PLAN: "Compute Savings Plan",
    EC2_SAVINGS_PLAN: "EC2 Instance Savings Plan",
    RESERVED_INSTANCES: "Reserved Instances",
    RESERVED_NODES: "Redshift reserved nodes",
    RPU_RESERVATION: "Redshift Serverless reservation",
}


class Commitment(NamedTuple):
    """One commitment. ``size`` is USD an hour of a savings plan, instances, nodes or RPUs of a reservation.

    ``what`` is the instance type, node type or instance family that it is for, ``offer`` the class of
    reserved instances. ``region`` is empty where it holds in all of them.
    """

    kind: str
    term: str
    payment: str
    size: Decimal
    region: str = ""
    what: str = ""
    offer: str = "standard"
    where: str = ""

    @property
    def terms(self) -> str:
        """How price tables call its term and payment: ``1y.no_upfront``."""
        return f"{self.term}.{self.payment}"

    @property
    def title(self) -> str:
        """How people call it: ``Compute Savings Plan 1y no upfront``."""
        what = f" {self.what}" if self.what else ""
        return f"{TITLES[self.kind]}{what} {self.term} {self.payment.replace('_', ' ')}"
