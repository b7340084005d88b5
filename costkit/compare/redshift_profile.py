"""What a warehouse has to do in a month: as flags say it, or as a cluster or workgroup of a spec does it."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Annotated, Any, NamedTuple

from costkit.compare import scan
from costkit.inputs.binding import POINTS, Binder, nearest
from costkit.inputs.resources import ResourceReader
from costkit.model.exact import EXACT, ONE, ZERO, plain, quotient
from costkit.model.form import Refusal, Refusals
from costkit.model.kind import Amount, Count, Size, Time, Whole
from costkit.model.pattern import fits
from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.book import PriceBook
from costkit.pricebook.setting import setting
from costkit.services import redshift_serverless

CLUSTER, SERVERLESS = "redshift_cluster", "redshift_serverless"
HOURS_PER_DAY, HOURS_PER_WEEK = Decimal(24), Decimal(168)
FIXED = ("days", "nodes", "base_rpu", "rpus_per_node", *scan.Conversion._fields)
LOADS = ("active_hours", "hours_per_week", "rpu_hours", "node_hours")
# Usage at its expected, low and high ends; the same number three times where it is no range.
Points = tuple[Decimal, ...]


class Flags(NamedTuple):
    """What can be said of a warehouse."""

    active_hours: Annotated[Decimal | None, Time("h"), "Hours a day in which queries run: 8, 30 min or 4..8..12"] = None
    days: Annotated[Decimal | None, Amount("days"), "Days a month with active hours (default: all)"] = None
    hours_per_week: Annotated[Decimal | None, Amount("hours"), "Hours a week in which queries run, instead"] = None
    rpu_hours: Annotated[Decimal | None, Count("RPU-hour"), "RPU-hours a month, instead: 6400 or 200/day"] = None
    node_hours: Annotated[Decimal | None, Count("node-hour"), "Node-hours a month, instead"] = None
    storage: Annotated[Decimal | None, Size("GB"), "Data in the warehouse: 2 TB"] = None
    scanned: Annotated[Decimal | None, Size("TB"), "Data that Spectrum scans in S3 a month: 12 TB"] = None
    queries: Annotated[Decimal | None, Count("query"), "Spectrum queries a month; each is billed a minimum"] = None
    external: Annotated[Decimal | None, Size("GB"), "Data in S3 that could be loaded instead"] = None
    nodes: Annotated[Decimal | None, Whole("nodes"), "Only clusters of so many nodes"] = None
    base_rpu: Annotated[Decimal | None, Amount("RPU"), "Only this base capacity"] = None
    rpus_per_node: Annotated[Decimal | None, Amount("RPU"), "RPUs that you take for one node of --node-type"] = None
    compression: scan.Compression = ONE
    column_share: scan.ColumnShare = ONE
    partition_share: scan.PartitionShare = ONE


class Profile(NamedTuple):
    """What a warehouse does in a month. One of ``active`` (hours a month), ``rpu_hours``, ``node_hours`` is known.

    ``days`` are those with active hours, None for all. ``storage`` and ``external`` are in GB, ``scanned`` is in TB.
    ``node_types`` are those to compare. ``frame`` is that of the spec, ``carried`` what the options of
    each type take over from the resource in use; ``notes`` are assumptions that reading it took, ``said``
    is the usage in the words of whoever gave it. No cluster with less than ``least_vcpu`` and
    ``least_memory`` (GiB) in all its nodes takes part, unless the number of nodes is given.
    ``hides_storage`` says that the nodes in use hold data of which nothing is known.
    """

    region: str
    month_hours: Decimal
    days: Decimal | None = None
    node_types: tuple[str, ...] = ()
    active: Points | None = None
    rpu_hours: Points | None = None
    node_hours: Points | None = None
    storage: Points | None = None
    scanned: Points | None = None
    queries: Points | None = None
    external: Points | None = None
    nodes: Decimal | None = None
    base_rpu: Decimal | None = None
    rpus_per_node: Decimal | None = None
    conversion: scan.Conversion = scan.Conversion()
    frame: Mapping[str, Any] = {}
    carried: Mapping[str, Mapping[str, Any]] = {}
    notes: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    least_vcpu: Decimal = ZERO
    least_memory: Decimal = ZERO
    hides_storage: bool = False

    def monthly(self, hours: Decimal) -> Decimal:
        """Hours a month of hours a day."""
        with localcontext(EXACT):
            every_day = quotient(hours * self.month_hours, HOURS_PER_DAY)
            return every_day if self.days is None else hours * self.days


def flag_of(field: str) -> str:
    """How the command line calls a field."""
    return f"--{field.replace('_', '-')}"


def read_profile(
    raw: Mapping[str, Any], node_types: Sequence[str], basis: Profile, book: PriceBook, on: str
) -> Profile:
    """A profile as flags say it, over what is known already: region, month, and the resource in use.

    Raises CostkitError with everything that is wrong, by the names of the flags.
    """
    with localcontext(EXACT):
        binders = [Binder(basis.month_hours, point) for point in POINTS]
        bound = [binder.bind(Flags, dict(raw), ()) for binder in binders]
        problems = [flaw.at(flag_of(".".join(map(str, flaw.path)))) for flaw in binders[0].flaws]
        told = {str(flaw.path[0]) for flaw in binders[0].flaws}
        refusals = [*_refuse_ranges(bound), *_refuse(bound[-1], basis, told), *_refuse_region(basis, book, on)]
        types, unsold = _node_types(node_types, basis, book)
        found = _profile(bound, raw, basis, types)
        refusals += [*unsold, *_refuse_capacity(found, book, on)]
        problems += [Problem(r.code, flag_of(r.field), r.message, r.hint) for r in refusals if r.field not in told]
    if problems:
        raise CostkitError(problems)
    return found


def _profile(bound: Sequence[Flags], raw: Mapping[str, Any], basis: Profile, types: tuple[str, ...]) -> Profile:
    def points(name: str) -> Points | None:
        values = tuple(getattr(flags, name) for flags in bound)
        return getattr(basis, name, None) if None in values else values

    first = bound[0]
    days = basis.days if first.days is None else first.days
    found = basis
    if any(name in raw for name in LOADS):
        found = basis._replace(active=None, rpu_hours=points("rpu_hours") if "rpu_hours" in raw else None)
        found = found._replace(node_hours=points("node_hours") if "node_hours" in raw else None)
    if first.active_hours is not None:
        hours = (basis._replace(days=days).monthly(flags.active_hours or ZERO) for flags in bound)
        found = found._replace(active=tuple(hours))
    elif first.hours_per_week is not None:
        weekly = (flags.hours_per_week or ZERO for flags in bound)
        hours = (quotient(each * basis.month_hours, HOURS_PER_WEEK) for each in weekly)
        found = found._replace(active=tuple(hours))
    return found._replace(
        days=days,
        node_types=types,
        storage=points("storage"),
        scanned=points("scanned"),
        queries=points("queries"),
        external=points("external"),
        nodes=first.nodes,
        base_rpu=first.base_rpu if first.base_rpu or first.rpus_per_node else basis.base_rpu,
        rpus_per_node=first.rpus_per_node,
        said=(*basis.said, *((name, str(value)) for name, value in raw.items())),
        conversion=scan.Conversion(first.compression, first.column_share, first.partition_share),
    )


def _refuse_ranges(bound: Sequence[Flags]) -> Refusals:
    """What says which options there are cannot be three things at once."""
    for name in FIXED:
        if len({getattr(flags, name) for flags in bound}) > 1:
            yield Refusal(name, "no range is possible here", "give one number; usage may have ranges", "CK104")


def _refuse(flags: Flags, basis: Profile, told: set[str]) -> Refusals:
    """What does not go together, at the high end of every range."""
    given = [name for name in LOADS if getattr(flags, name) is not None]
    known = basis.active or basis.rpu_hours
    if not given and known is None and not told & set(LOADS):
        words = "for example --active-hours 8; or --hours-per-week, --rpu-hours, --node-hours"
        yield Refusal("active_hours", "missing: how much the warehouse is used", words, "CK106")
    if basis.hides_storage and flags.storage is None and "storage" not in told:
        hint = "give --storage: other nodes are charged for it"
        yield Refusal("storage", "missing: how much data the DC2 nodes hold", hint, "CK106")
    for name in given[1:]:
        message = f"{flag_of(given[0])} and {flag_of(name)} both say how much it is used"
        yield Refusal(name, message, "keep one of them", "CK113")
    for name, most in (("active_hours", HOURS_PER_DAY), ("hours_per_week", HOURS_PER_WEEK)):
        value = getattr(flags, name)
        if value is not None and value > most:
            what = "day" if name == "active_hours" else "week"
            yield Refusal(name, f"more hours than a {what} has: {plain(value)}", f"at most {plain(most)}", "CK110")
    longest = quotient(basis.month_hours, HOURS_PER_DAY)
    if flags.days is not None and flags.days > longest:
        yield Refusal("days", f"more days than the month has: {plain(flags.days)}", "see --month-hours", "CK110")
    if flags.days is not None and "active_hours" not in given:
        yield Refusal("days", "days of how many hours?", "give --active-hours too", "CK113")
    yield from scan.check(scan.Conversion(flags.compression, flags.column_share, flags.partition_share))
    changed = [name for name in scan.Conversion._fields if getattr(flags, name) != ONE]
    for name in [*(n for n in ("queries", "external") if getattr(flags, n) is not None), *changed]:
        if flags.scanned is None and basis.scanned is None and "scanned" not in told:
            yield Refusal(name, "nothing is scanned in S3", "give --scanned too", "CK113")
    if flags.nodes is not None and not flags.nodes:
        yield Refusal("nodes", "a cluster has at least one node", "write 1 or more")
    if flags.rpus_per_node is not None and flags.base_rpu is not None:
        yield Refusal("rpus_per_node", "--base-rpu and --rpus-per-node exclude each other", "keep one", "CK113")
    if flags.rpus_per_node is not None and not flags.rpus_per_node:
        yield Refusal("rpus_per_node", "a node is worth more than nothing", "for example 8")


def _refuse_region(basis: Profile, book: PriceBook, on: str) -> Iterator[Refusal]:
    if not basis.region:
        yield Refusal("region", "missing: region", "give --region", "CK109")
    else:
        door = ResourceReader(book, on, basis.month_hours)
        door.default_region(basis.region, ("region",))
        yield from (Refusal("region", f.message, f.hint, f.code) for f in door.flaws)


def _refuse_capacity(found: Profile, book: PriceBook, on: str) -> Refusals:
    """A base capacity that AWS does not sell, and an equivalence without its node type."""
    if found.rpus_per_node is not None and len(found.node_types) > 1:
        yield Refusal("rpus_per_node", "a node of which type?", "give one --node-type", "CK106")
    if found.base_rpu is not None and found.region in book.regions():
        at = setting(book, SERVERLESS, found.region, on, found.month_hours, None)
        usage = redshift_serverless.Usage(base_rpu=found.base_rpu)
        yield from redshift_serverless.check(usage, at)


def _node_types(asked: Sequence[str], basis: Profile, book: PriceBook) -> tuple[tuple[str, ...], list[Refusal]]:
    """The node types that patterns stand for, all of them for none, and the patterns that stand for none."""
    known = list(book.specs(CLUSTER))
    unsold = [
        Refusal("node_type", f"AWS sells no node type {pattern}", nearest(pattern, known), "CK115")
        for pattern in asked
        if not any(fits(kind, (pattern,)) for kind in known)
    ]
    return tuple(kind for kind in known if fits(kind, asked or basis.node_types or ("*",))), unsold
