"""The accounts to ask: the caller's own, or those of roles, each with its regions."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from costkit.collect.asking import Asker
from costkit.collect.connecting import asking_session, own_session
from costkit.collect.expense import Expense
from costkit.collect.gap import Gap
from costkit.collect.services import ACCOUNT_WIDE, IDENTITY, REGIONS, calls_of
from costkit.collect.wish import Wish
from costkit.model.resource import GLOBAL
from costkit.model.snapshot import DISABLED, NO_CREDENTIALS

HOME = "us-east-1"


class Known(NamedTuple):
    """An account with the means to ask it, the regions to ask, and what keeps it from being asked, if anything."""

    id: str
    role: str
    partition: str
    asker: Asker
    regions: tuple[str, ...]
    offered: Callable[[str, str], bool]
    gap: Gap | None = None


def account_of_role(role: str) -> str:
    """The account in a role's ARN."""
    return role.split(":")[4] if role.count(":") >= 5 else ""


def accounts(wish: Wish, expense: Expense) -> list[Known]:
    """The accounts in order of their ids. Raises Gap if none can be asked at all."""
    own = own_session(wish.profile)
    home = str(own.get_config_variable("region") or HOME)
    found: dict[str, Known] = {}
    for role in wish.roles or ("",):
        session = asking_session(own, calls_of(wish.services), home, role, wish.external_id)
        asker = Asker(session, expense, wish.first_wait, dry=wish.dry)
        known = _known(wish, role, asker, home, _offered(own))
        found.setdefault(known.id, known)
    gaps = [known.gap for known in found.values() if known.gap is not None]
    if len(gaps) == len(found):
        raise gaps[0]
    return [found[name] for name in sorted(found)]


def _known(wish: Wish, role: str, asker: Asker, home: str, offered: Callable[[str, str], bool]) -> Known:
    try:
        identity = asker.ask(IDENTITY, home)
        regions = wish.regions
        if not regions and set(wish.services) - set(ACCOUNT_WIDE):
            regions = tuple(sorted(str(one["RegionName"]) for one in asker.ask(REGIONS, home)[REGIONS.expects]))
    except Gap as gap:
        # A key that AWS does not know at all is no matter of regions.
        invalid = gap.reason == DISABLED and gap.action == IDENTITY.iam
        told = Gap(NO_CREDENTIALS, gap.action) if invalid else gap
        return Known(account_of_role(role) or "000000000000", role, "aws", asker, wish.regions, offered, told)
    partition = str(identity.get("Arn", "")).split(":")[1:2] or ["aws"]
    return Known(str(identity["Account"]), role, partition[0], asker, regions, offered)


def _offered(session: Any) -> Callable[[str, str], bool]:
    """Whether botocore knows a service's endpoint in a region; one that knows none of a service says yes."""

    def offered(client: str, region: str) -> bool:
        regions = [
            one
            for partition in session.get_available_partitions()
            for one in session.get_available_regions(client, partition)
        ]
        return not regions or region in regions

    return offered


def places_of(known: Known, services: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The regions of an account in the order of the alphabet, each with the services to ask there."""
    regional = tuple(service for service in services if service not in ACCOUNT_WIDE)
    wide = tuple(service for service in services if service in ACCOUNT_WIDE)
    found = dict.fromkeys(known.regions, regional) if regional else {}
    if wide:
        found[GLOBAL] = wide
    if regional and not known.regions:
        # Nobody knows where it could have been asked.
        found[GLOBAL] = (*regional, *wide)
    yield from sorted(found.items())
