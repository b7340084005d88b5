"""A whole report: the months asked for, and whatever else is wanted beside their rows."""

from collections.abc import Mapping
from typing import NamedTuple

from costkit.billing import variance
from costkit.billing.allocation import OWNER, allocated, owner_sql, tags_of
from costkit.billing.anomalies import anomalies
from costkit.billing.forecast import forecasts
from costkit.billing.lines import DAY_OF
from costkit.billing.months import together
from costkit.billing.orphans import allocation
from costkit.billing.report import OF_A_CHANGE, BillReader, month_before
from costkit.model.allocation import AllocationRule
from costkit.model.bill import FinanceReport
from costkit.model.outlook import Outlook, Thresholds
from costkit.model.policy import Policy
from costkit.model.problem import CostkitError, Problem


class Wanted(NamedTuple):
    """What a report is asked for. No ``months`` means the last one in the bill; ``rules`` None means no allocation."""

    months: tuple[str, ...]
    metric: str
    previous: bool
    rules: tuple[AllocationRule, ...] | None = None
    policy: Policy | None = None
    forecast: bool = False
    thresholds: Thresholds | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are needed beside those of the groups."""
        budgets = () if self.policy is None else variance.tags_of(self.policy)
        return (*tags_of(self.rules or ()), *budgets)

    @property
    def details(self) -> tuple[str, ...]:
        """The columns that a bill's sums are told apart by beside the groups; what nobody asks for is not kept."""
        change = OF_A_CHANGE if self.previous or len(self.months) > 1 else ()
        days = (DAY_OF,) if self.forecast or self.thresholds is not None else ()
        scopes = [] if self.policy is None else [budget.scope for budget in self.policy.budgets]
        regions = ("region",) if self.rules is not None or any(scope.regions for scope in scopes) else ()
        # Resources that are nobody's are listed.
        resources = ("resource",) if self.rules is not None or any(scope.resources for scope in scopes) else ()
        return (*change, *days, *regions, *resources)

    @property
    def computed(self) -> Mapping[str, str]:
        """The groups that are not in the bill, with the SQL that finds them."""
        return {} if self.rules is None else {OWNER: owner_sql(self.rules)}


def reported(reader: BillReader, wanted: Wanted, on: str) -> FinanceReport:
    """The report of a bill on an ISO day. Raises CostkitError if there is nothing to report."""
    present = reader.months()
    if not present:
        raise CostkitError([Problem("CK606", reader.where, "the bill has no lines", "is it the right export?")])
    months = wanted.months or tuple(present[-1:])
    # Months side by side are there to be compared, as far as the bill goes.
    beside = [wanted.previous or (len(months) > 1 and month_before(month) in present) for month in months]
    pairs = zip(months, beside, strict=True)
    reports = [reader.report(month, wanted.metric, compared, on) for month, compared in pairs]
    if wanted.rules is not None:
        reports = [allocated(report, wanted.rules) for report in reports]
    found = together(reports)
    if not found.rows:
        raise CostkitError(found.problems)
    if wanted.rules is not None:
        shares, problems = allocation(reader, months, wanted.metric, wanted.rules)
        found = found._replace(allocation=shares, problems=(*found.problems, *problems))
    return _with_outlook(found, reader, wanted, on)


def _with_outlook(found: FinanceReport, reader: BillReader, wanted: Wanted, on: str) -> FinanceReport:
    """The report with budgets, forecasts and anomalies of its last month, as far as they are wanted."""
    outlook, problems = Outlook(), [*found.problems]
    about = (found.month, wanted.metric, found.status, on)
    if wanted.policy is not None:
        budgets, told = variance.variances(reader, wanted.policy, *about, wanted.forecast)
        outlook, problems = outlook._replace(budgets=budgets), [*problems, *told]
    if wanted.forecast:
        ahead, told = forecasts(reader, *about)
        outlook, problems = outlook._replace(forecasts=ahead), [*problems, *told]
    if wanted.thresholds is not None:
        unusual, told = anomalies(reader, *about, wanted.thresholds)
        outlook, problems = outlook._replace(anomalies=unusual), [*problems, *told]
    return found._replace(outlook=outlook, problems=tuple(problems))
