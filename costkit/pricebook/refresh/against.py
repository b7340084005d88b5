"""Lays what offer files state beside the prices of tables, as far as the files speak of them."""

from collections.abc import Mapping

from costkit.pricebook.comparing import Key, Tiers
from costkit.pricebook.refresh.gathering import Gathered, Stated


def beside(gathered: Gathered, prices: Mapping[Key, Tiers]) -> tuple[dict[Key, Tiers], dict[Key, Tiers]]:
    """The prices of the tables and those of the files, for all that the files should state."""
    mine: dict[Key, Tiers] = {}
    theirs: dict[Key, Tiers] = {}
    for key, stated in gathered.stated.items():
        table, meter, _, region = key
        # A row without a type holds for every type that has no row of its own.
        found = prices.get(key) or prices.get((table, meter, "", region))
        if found is not None:
            mine[key] = found
        theirs[key] = found if found is not None and states(stated, found) else stated.tiers
    for key, tiers in prices.items():
        table, meter, kind, region = key
        unsaid = key not in gathered.stated and key not in gathered.doubted
        default = not kind and (table, meter) in gathered.typed
        if unsaid and not default and (table, meter, region) in gathered.covered:
            mine[key] = tiers
    return mine, theirs


def states(stated: Stated, tiers: Tiers | None) -> bool:
    """Whether a list states these tiers; figures that their source rounded may differ by the rule's tolerance."""
    if tiers is None or len(tiers) != len(stated.tiers):
        return False
    for mine, theirs in zip(tiers, stated.tiers, strict=True):
        if mine.start != theirs.start or mine.price is None or theirs.price is None:
            return False
        if abs(mine.price - theirs.price) > stated.tolerance:
            return False
    return True
