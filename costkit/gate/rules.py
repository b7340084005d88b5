"""Rules: what resources must be like, whatever they cost."""

from collections.abc import Iterator

from costkit.gate.scopes import missing_in, point_of, selected
from costkit.model.charge import Estimate, ResourceCost
from costkit.model.exact import ZERO
from costkit.model.pattern import fits
from costkit.model.policy import Rule
from costkit.model.resource import GLOBAL
from costkit.model.verdict import FAILED, INCOMPLETE, PASSED, RULE, Mover, Result

OF_AWS = ("aws_", "AWS::")


def judge_rule(rule: Rule, estimate: Estimate, allow_incomplete: bool) -> Result:
    """Whether every resource of the rule's scope is as the rule wants it.

    What costs nothing in itself is not looked at: a role has no region, and often no tags.
    """
    resources = selected(rule.scope, estimate)
    movers = [mover for cost in resources for mover in _violations(rule, cost)]
    movers += [
        Mover(kind, "", ZERO, reason=f"type {kind} is forbidden")
        for kind in estimate.free
        if rule.forbid_types and rule.scope.everything and fits(kind, rule.forbid_types)
    ]
    actual = None
    missing = 0
    if rule.max_per_resource is not None:
        costs = [point_of(cost, rule.against) for cost in resources]
        actual = max(costs, default=ZERO)
        missing = missing_in(rule.scope, estimate) if resources else 0
    if rule.allow_regions:
        # What is not in AWS has no region of AWS; where something of AWS is, the rule has to know.
        missing += sum(not cost.resource.region and cost.resource.type.startswith(OF_AWS) for cost in resources)
    status = FAILED if movers else INCOMPLETE if missing and not allow_incomplete else PASSED
    return Result(
        name=rule.name,
        kind=RULE,
        status=status,
        scope=rule.scope,
        against=rule.against,
        limit=rule.max_per_resource,
        actual=actual,
        movers=tuple(movers),
        where=rule.where,
        missing=missing,
    )


def _violations(rule: Rule, cost: ResourceCost) -> Iterator[Mover]:
    resource = cost.resource
    mover = Mover(resource.name, resource.where, cost.cost)
    if rule.allow_regions and resource.region and not _allowed(resource.region, rule.allow_regions):
        yield mover._replace(reason=f"region {resource.region} is not allowed")
    if rule.forbid_types and fits(resource.type, rule.forbid_types):
        yield mover._replace(reason=f"type {resource.type} is forbidden")
    lacking = [tag for tag in rule.require_tags if not resource.tags.get(tag, "").strip()]
    if lacking:
        yield mover._replace(reason=f"tag{'s' if len(lacking) > 1 else ''} {', '.join(lacking)} missing")
    point = point_of(cost, rule.against)
    if rule.max_per_resource is not None and point > rule.max_per_resource:
        yield mover._replace(cost=point, reason="over the limit for one resource")


def _allowed(region: str, regions: tuple[str, ...]) -> bool:
    """Whether a region is allowed; what is everywhere only if the word is on the list, not by a pattern."""
    return region in regions if region == GLOBAL else fits(region, regions)
