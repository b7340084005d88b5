"""What a comparison of Redshift takes for granted, in sentences without amounts of money."""

from collections.abc import Iterator
from decimal import Decimal

from costkit.compare import redshift_options as ways
from costkit.compare.redshift_options import Recipe
from costkit.compare.redshift_profile import CLUSTER, SERVERLESS, Points, Profile
from costkit.model.exact import plain
from costkit.model.resource import Setting


def subject(profile: Profile) -> tuple[tuple[str, str], ...]:
    """The usage that is compared, as (name, value)."""
    return (("region", profile.region), ("month_hours", plain(profile.month_hours)), *profile.said)


def notes(profile: Profile) -> tuple[str, ...]:
    """What all options take for granted."""
    unknown: list[str] = []
    if profile.node_hours is not None and profile.rpus_per_node is None:
        unknown.append("Serverless takes no part: --rpus-per-node would say how many RPUs a node is worth.")
    if profile.active is None and profile.rpu_hours is not None and not (profile.base_rpu or profile.rpus_per_node):
        unknown.append("RPU-hours alone do not tell when a cluster could be paused; --base-rpu would.")
    return (f"Equal speed: {equivalence(profile)}.", *unknown, *profile.notes)


def equivalence(profile: Profile) -> str:
    """What is taken for equally fast, and who says so."""
    if profile.rpus_per_node is not None:
        kind = profile.node_types[0]
        return f"one {kind} node is taken for {plain(profile.rpus_per_node)} RPU, as given"
    if profile.base_rpu is not None and profile.nodes is not None and len(profile.node_types) == 1:
        nodes = f"{plain(profile.nodes)} x {profile.node_types[0]}"
        return f"{nodes} are taken for {plain(profile.base_rpu)} RPU, as given"
    return "not claimed: costs are compared, not speeds"


def assumptions(recipe: Recipe, profile: Profile, at: Setting) -> tuple[str, ...]:
    """What the cost of an option takes for granted."""
    said = _of_cluster(recipe, profile, at) if recipe.kind == CLUSTER else _of_serverless(recipe, profile, at)
    return (*said, *_of_s3(recipe, profile))


def facts(recipe: Recipe, at: Setting) -> tuple[tuple[str, str], ...]:
    """What an option consists of, as far as the tables tell."""
    if recipe.kind == SERVERLESS:
        return () if recipe.size is None else (("base_rpu", plain(recipe.size)),)
    spec, nodes = at.specs(CLUSTER)[recipe.node_type], recipe.size or Decimal(1)
    known = [(name, spec.get(name)) for name in ("vcpu", "memory_gib")]
    return tuple((name, plain(Decimal(value) * nodes)) for name, value in known if value is not None)


def shown(points: Points) -> str:
    """Points as people write a range."""
    expected, low, high = points
    return plain(expected) if low == high else "..".join(map(plain, (low, expected, high)))


def _of_cluster(recipe: Recipe, profile: Profile, at: Setting) -> Iterator[str]:
    spec, nodes = at.specs(CLUSTER)[recipe.node_type], recipe.size or Decimal(1)
    room = ways.holds(spec, nodes, ways.stored(profile))
    if room is None:
        why = "how much data there is" if "storage_tb" in spec else f"how much data {recipe.node_type} nodes hold"
        yield f"It is not known {why}: whether the nodes hold it is not checked"
    if spec.get("storage") == "included":
        # https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
        yield f"{recipe.node_type} is a node of a former generation: check that AWS still creates it for you"
    if recipe.purchase == ways.PAUSED:
        yield "Runs in its active hours only; storage stays billed, and time to pause and resume is not counted"
    if recipe.purchase in ways.RESERVED:
        yield "A reservation bills the whole month, whether the cluster runs or is paused"
    if profile.scanned is not None and spec.get("spectrum") == "included":
        yield f"{recipe.node_type} nodes scan S3 without a charge by the TB"


def _of_serverless(recipe: Recipe, profile: Profile, at: Setting) -> Iterator[str]:
    shortest = plain(at.value("session_minimum", SERVERLESS))
    if recipe.size is not None:
        yield f"{plain(recipe.size)} RPU in every active hour; scaling beyond the base capacity is not counted"
    yield f"No session is shorter than {shortest} s, which each is billed at least"
    if recipe.size == at.value("rpu_min", SERVERLESS):
        yield "AWS does not offer the smallest base capacity in every region; check that it does in yours"
    if "concurrency_scaling" in profile.carried.get(CLUSTER, {}):
        yield "The concurrency scaling of the cluster has no counterpart here and is not counted"


def _of_s3(recipe: Recipe, profile: Profile) -> Iterator[str]:
    if profile.scanned is None:
        return
    if recipe.kind == SERVERLESS:
        yield "Scans of S3 take RPUs and are not charged by the TB: the usage given contains them"
    if recipe.access == ways.CONVERTED:
        yield f"Scans {shown(profile.scanned)} TB {profile.conversion.text}; the conversion itself is not counted"
    if recipe.access == ways.LOADED:
        size = shown(profile.external or ())
        yield f"Loads {size} GB / {plain(profile.conversion.compression)} compression; loading is not counted"
