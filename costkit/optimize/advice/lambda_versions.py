"""LMB-14: SnapStart keeps a snapshot of versions that nobody calls, and it is billed by the second.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-pricing
"""

from costkit.inputs.snapshot_resources_translated import text
from costkit.model.exact import ZERO
from costkit.model.finding import CLEAN, DERIVED, LOW, MEDIUM, NOT_APPLICABLE, NOT_ENOUGH_DATA, WASTE, Evidence
from costkit.optimize.check import DELETE, Check, Option, Proposal, Skip, Subject
from costkit.optimize.evidence import DAY, known, told
from costkit.optimize.fragments import GONE

DAYS, INACTIVE = 14, "Inactive"


def propose(subject: Subject) -> Proposal | Skip:
    """The version deleted, if no alias leads to it and nobody called it by its number."""
    observed = subject.observed
    if subject.usage.snap_start is None:
        return Skip(NOT_APPLICABLE)
    if text(observed.item, "State") == INACTIVE:
        return Skip(CLEAN, "AWS keeps no snapshot of an inactive version")
    found = observed.series(DAYS, ("Invocations", "Sum", DAY))
    if isinstance(found, Skip):
        return found
    age = observed.age_in_days("LastModified")
    if age is None or age < DAYS:
        return Skip(NOT_ENOUGH_DATA, f"it was published less than {DAYS} days ago, or nobody knows when")
    aliases = observed.others("lambda_alias", "FunctionName", text(observed.item, "FunctionName"))
    if isinstance(aliases, Skip):
        return aliases
    version = text(observed.item, "Version")
    if any(known(found[0])) or any(text(one, "FunctionVersion") == version for one in aliases):
        return Skip(CLEAN)
    # An alias may send a part of its calls to a second version, and counts them as its own.
    if any("AdditionalVersions" not in one.attributes for one in aliases):
        return Skip(NOT_ENOUGH_DATA, "the snapshot does not tell the second versions of its aliases")
    if any(version in one.attributes["AdditionalVersions"] for one in aliases):
        return Skip(CLEAN)
    return Proposal(
        why="no alias leads to this version and nobody called it, but SnapStart keeps its snapshot",
        options=(Option("", GONE),),
        confidence=DERIVED,
        evidence=(told(found[0], ZERO, "calls"), Evidence("aliases of it", ZERO, "", "ListAliases")),
    )


CHECK = Check(
    code="LMB-14",
    title="Delete a version that nobody calls",
    types=("lambda_function",),
    stage=DELETE,
    category=WASTE,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-pricing",
    propose=propose,
    kinds=("lambda_version",),
)
