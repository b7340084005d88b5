"""A whole report: the months asked for, and whatever else is wanted beside their rows."""

from collections.abc import Mapping
from typing import NamedTuple

from costkit.billing.allocation import OWNER, allocated, owner_sql, tags_of
from costkit.billing.months import together
from costkit.billing.orphans import allocation
from costkit.billing.report import OF_A_CHANGE, BillReader, month_before
from costkit.model.allocation import AllocationRule
from costkit.model.bill import FinanceReport
from costkit.model.problem import CostkitError, Problem


class Wanted(NamedTuple):
    """What a report is asked for. No ``months`` means the last one in the bill; ``rules`` None means no allocation."""

    months: tuple[str, ...]
    metric: str
    previous: bool
    rules: tuple[AllocationRule, ...] | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are needed beside those of the groups."""
        return tags_of(self.rules or ())

    @property
    def details(self) -> tuple[str, ...]:
        """The columns that a bill's sums are told apart by beside the groups; what nobody asks for is not kept."""
        change = OF_A_CHANGE if self.previous or len(self.months) > 1 else ()
        # Resources that are nobody's are listed.
        return (*change, *(() if self.rules is None else ("region", "resource")))

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
    return found
