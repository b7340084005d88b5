"""EC2-02: an instance that hardly anybody uses.

https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html
"""

from decimal import Decimal

from costkit.inputs.snapshot_resources_measuring import by_day
from costkit.model.exact import ZERO, plain
from costkit.model.finding import CLEAN, HEURISTIC, MEASURED, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.model.snapshot import Series
from costkit.optimize.advice import _smaller_instance
from costkit.optimize.advice.ec2_idle import ACCELERATED
from costkit.optimize.check import RIGHT_SIZE, Check, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, HOUR, LEAST_DAYS

# A processor at 10 % or less and 5 MB or less over the network on at least 4 of the last 14 days, as Trusted Advisor
# has it: https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html
LOW_CPU, LOW_TRAFFIC, LOW_DAYS, WINDOW = Decimal(10), Decimal(5 * 10**6), 4, 14


def propose(subject: Subject) -> Proposal | Skip:
    """A smaller size, as EC2-03 finds it; a warning where its peaks do not allow one."""
    observed = subject.observed
    if ACCELERATED.match(subject.usage.instance_type):
        return Skip(NOT_APPLICABLE, "its work does not show in its processor")
    if observed.item.attributes.get("InstanceType") != subject.usage.instance_type:
        return Skip(CLEAN, "it was measured as another type")
    wanted = (("CPUUtilization", "Average", HOUR), ("NetworkIn", "Sum", DAY), ("NetworkOut", "Sum", DAY))
    found = observed.series(LEAST_DAYS, *wanted, ("CPUUtilization", "Maximum", HOUR))
    if isinstance(found, Skip):
        return found
    cpu, coming, going, peaks = found
    low = _low_days(cpu, coming, going)
    if low < LOW_DAYS:
        return Skip(CLEAN)
    why = (
        f"on {low} of the last {WINDOW} days its processor was at {plain(LOW_CPU)} % or less and no more than "
        f"{plain(LOW_TRAFFIC / 10**6)} MB went over the network"
    )
    days = Evidence("days of low use", Decimal(low), f"of the last {WINDOW}", "CPUUtilization, NetworkIn, NetworkOut")
    barred = _smaller_instance.barred(subject)
    size = barred if barred is not None else _smaller_instance.smaller(subject, peaks)
    if isinstance(size, Skip):
        return Proposal(f"{why}; no smaller size of its family has room for its peaks", (), MEASURED, (days,))
    # The low use is measured; that less memory is enough may not be.
    sure = HEURISTIC if size.confidence == HEURISTIC else MEASURED
    return Proposal(f"{why}; {size.why}", size.options, sure, (days, *size.evidence))


def _low_days(cpu: Series, coming: Series, going: Series) -> int:
    """The days of the window on which all of it was low; a day that nobody knows, when it was stopped, is none."""
    traffic = zip(by_day(coming)[-WINDOW:], by_day(going)[-WINDOW:], strict=False)
    quiet = [came is not None and went is not None and came + went <= LOW_TRAFFIC for came, went in traffic]
    return sum(little and _low(hours) for little, hours in zip(quiet, _last_days(cpu), strict=False))


def _last_days(series: Series) -> list[list[Decimal]]:
    """The known hours of each day of the window."""
    each = DAY // series.period
    values = series.values[-WINDOW * each :]
    return [[one for one in values[at : at + each] if one is not None] for at in range(0, len(values), each)]


def _low(hours: list[Decimal]) -> bool:
    """Whether the mean of a day is low."""
    return bool(hours) and sum(hours, ZERO) <= LOW_CPU * len(hours)


CHECK = Check(
    code="EC2-02",
    title="Use a smaller instance, or put what runs there elsewhere",
    types=("ec2_instance",),
    stage=RIGHT_SIZE,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html",
    propose=propose,
    kinds=("ec2_instance",),
)
