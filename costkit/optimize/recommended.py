"""What AWS itself recommends, joined with what costkit found: the same about a resource is said and counted once.

https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html and
https://docs.aws.amazon.com/compute-optimizer/latest/ug/viewing-recommendations.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from costkit.inputs.snapshot_resources_translated import number, text
from costkit.model.exact import ZERO
from costkit.model.finding import A_MONTH, FINDING, NOT_APPLICABLE, Evidence, Finding
from costkit.model.resource import GLOBAL
from costkit.model.snapshot import Item
from costkit.model.snapshot_index import SnapshotIndex
from costkit.optimize.check import COMMITTING, RESIZING, STOPPING, Key, Sight

HUB, IDLE, VOLUME = "cost_optimization_hub_recommendation", "compute_optimizer_idle", "compute_optimizer_volume"
# Actions that come to the same, in the hub's words; for volumes it knows both of the last two.
SAME = {"Delete": STOPPING, "ScaleIn": RESIZING}
OF_VOLUMES = {"Upgrade": RESIZING}
CURRENCY = "USD"
LATEST = ":$LATEST"
Said = tuple[str, str]


class Recommended(NamedTuple):
    """One recommendation: the resource by its ARN, and by account, region and id; the action; AWS's saving a month."""

    item: Item
    arn: str
    place: tuple[str, str, str]
    action: str
    saving: Decimal | None
    currency: str
    why: str
    source: str

    @property
    def in_dollars(self) -> Decimal | None:
        """The saving, if AWS tells it in the currency of everything else."""
        return self.saving if self.currency == CURRENCY else None


class Joined(NamedTuple):
    """The findings with AWS's figures beside them, and what is left to be said of each item of AWS.

    ``commitments`` names what recommendations to commit are about: they overlap with all others.
    """

    findings: list[Finding]
    sights: Mapping[Key, Sight]
    commitments: frozenset[str] = frozenset()


def joined(
    findings: Sequence[Finding],
    said: Mapping[Said, Sequence[str]],
    snapshots: Iterable[SnapshotIndex],
    items: Mapping[str, Item],
) -> Joined:
    """AWS's recommendations told as findings of their own, but for those that costkit says as well.

    ``said`` gives the codes of costkit's own findings for a resource and an action, be they shown or suppressed;
    ``items`` are the items behind resources, by name.
    """
    found = list(findings)
    places = {(one.resource, one.code): place for place, one in enumerate(found) if one.verdict == FINDING}
    names = _names(items)
    sights: dict[Key, Sight] = {}
    bound: set[str] = set()
    for one in _distinct(recommendations(index) for index in snapshots):
        name = names.get(one.arn) or names.get(one.place) or one.place[-1]
        about = name or one.item.id
        codes = said.get((name, one.action), ())
        key = (one.item.kind, one.item.account, one.item.region, one.item.id)
        if not codes:
            sights[key] = Sight(FINDING, about, one.why, _evidence(one), one.in_dollars)
            bound |= {about} if one.action == COMMITTING else set()
            continue
        sights[key] = Sight(NOT_APPLICABLE, about)
        ours = [places[name, code] for code in codes if (name, code) in places]
        if ours:
            largest = max(ours, key=lambda place: _amount(found[place]))
            found[largest] = _beside(found[largest], one)
    return Joined(found, sights, frozenset(bound))


def _names(items: Mapping[str, Item]) -> dict[str | tuple[str, str, str], str]:
    """What resources are called, by ARN and by account, region and id."""
    names: dict[str | tuple[str, str, str], str] = {}
    for name, item in items.items():
        names.setdefault((item.account, item.region, item.id), name)
        if item.arn:
            names.setdefault(item.arn, name)
    return names


def _distinct(snapshots: Iterable[Iterable[Recommended]]) -> Iterator[Recommended]:
    """Each recommendation once: two services may make it, and the hubs of two accounts."""
    seen: set[object] = set()
    for one in (one for recommended in snapshots for one in recommended):
        same = (one.place, one.action) if one.place[-1] and one.action != COMMITTING else (one.item.kind, one.item.id)
        if same not in seen:
            seen.add(same)
            yield one


def _amount(finding: Finding) -> Decimal:
    return finding.saving.expected if finding.saving else ZERO


def _beside(finding: Finding, one: Recommended) -> Finding:
    """A finding of costkit with what AWS says of the same."""
    saving = finding.aws_saving if one.in_dollars is None else one.in_dollars
    return finding._replace(evidence=(*finding.evidence, *_evidence(one)), aws_saving=saving)


def _evidence(one: Recommended) -> tuple[Evidence, ...]:
    if one.saving is None:
        return ()
    unit = A_MONTH if one.currency == CURRENCY else f"{one.currency} a month"
    return (Evidence("AWS's own saving", one.saving, unit, one.source),)


def beyond(findings: Iterable[Finding], combined: Iterable[str], commitments: frozenset[str]) -> Decimal:
    """What AWS says the resources would save of which costkit itself claims nothing, each counted once; USD a month.

    Commitments are left out: what they save depends on everything else.
    """
    known = {*combined, *commitments}
    most: dict[str, Decimal] = {}
    for one in findings:
        if one.verdict == FINDING and one.saving is None and one.aws_saving is not None and one.resource not in known:
            most[one.resource] = max(one.aws_saving, most.get(one.resource, ZERO))
    return sum(most.values(), ZERO)


def recommendations(index: SnapshotIndex) -> Iterator[Recommended]:
    """Everything that AWS recommends, the hub first, as it has put together what others say."""
    for kind, read in ((HUB, _of_hub), (IDLE, _of_idle), (VOLUME, _of_volume)):
        for account, region in index.places:
            for item in index.of(kind, account, region):
                one = read(item)
                if one is not None:
                    yield one


def _of_hub(item: Item) -> Recommended:
    action = text(item, "actionType")
    same = SAME.get(action, COMMITTING if action.startswith(COMMITTING) else action)
    volume = text(item, "currentResourceType") == "EbsVolume"
    now, then = text(item, "currentResourceSummary"), text(item, "recommendedResourceSummary")
    arn = _arn(item, "resourceArn")
    return Recommended(
        item=item,
        arn=arn,
        place=_place(item, arn, text(item, "resourceId")),
        action=OF_VOLUMES.get(same, same) if volume else same,
        saving=number(item, "estimatedMonthlySavings"),
        currency=text(item, "currencyCode") or CURRENCY,
        why=f"AWS recommends: {action} {now}{f' to {then}' if then else ''}",
        source=text(item, "source") or "Cost Optimization Hub",
    )


def _of_idle(item: Item) -> Recommended:
    what = text(item, "findingDescription") or f"{text(item, 'resourceType')} is {text(item, 'finding').lower()}"
    saving, currency = opportunity(item.attributes)
    arn = _arn(item, "resourceArn")
    place = _place(item, arn, text(item, "resourceId"))
    why = f"Compute Optimizer says: {what.rstrip('.')}"
    return Recommended(item, arn, place, STOPPING, saving, currency, why, IDLE)


def _of_volume(item: Item) -> Recommended | None:
    """The option that is ranked first; a volume that is as it should be has none."""
    options = [one for one in item.attributes.get("volumeRecommendationOptions") or () if one.get("configuration")]
    if text(item, "finding") != "NotOptimized" or not options:
        return None
    first = min(options, key=lambda one: one.get("rank") or ZERO)
    saving, currency = opportunity(first)
    arn = _arn(item, "volumeArn")
    why = f"Compute Optimizer recommends {_volume(first['configuration'])} instead of "
    why += _volume(item.attributes.get("currentConfiguration") or {})
    return Recommended(item, arn, _place(item, arn, ""), RESIZING, saving, currency, why, VOLUME)


def _volume(configuration: Mapping[str, object]) -> str:
    """A volume in a few words: ``gp3, 100 GB, 3000 IOPS, 125 MiB/s``."""
    units = {"volumeSize": " GB", "volumeBaselineIOPS": " IOPS", "volumeBaselineThroughput": " MiB/s"}
    parts = [f"{configuration[name]}{unit}" for name, unit in units.items() if configuration.get(name) is not None]
    return ", ".join([str(configuration.get("volumeType") or "what it is"), *parts])


def opportunity(part: Mapping[str, object]) -> tuple[Decimal | None, str]:
    """What AWS says something saves a month at list price, None where it says nothing; and its currency."""
    opportunity = part.get("savingsOpportunity")
    monthly = opportunity.get("estimatedMonthlySavings") if isinstance(opportunity, Mapping) else None
    monthly = monthly if isinstance(monthly, Mapping) else {}
    value = monthly.get("value")
    return (value if isinstance(value, Decimal) else None), str(monthly.get("currency") or CURRENCY)


def _arn(item: Item, name: str) -> str:
    """The ARN of the resource itself, not of a function's version."""
    return (item.arn or text(item, name)).removesuffix(LATEST)


def _place(item: Item, arn: str, own_id: str) -> tuple[str, str, str]:
    """The account, region and id of a resource, by its ARN where there is one."""
    parts = arn.split(":", 5)
    if len(parts) == 6:
        account, region, rest = parts[4], parts[3], parts[5]
        return account or item.account, region or GLOBAL, own_id or rest.replace(":", "/").rpartition("/")[2]
    return text(item, "accountId") or item.account, text(item, "region") or item.region, own_id
