"""One run of a refresh: which offers and regions are read through which door, and what they say together."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.book import PriceBook
from costkit.pricebook.refresh.bulk import Bulk
from costkit.pricebook.refresh.gathering import Gathered, Regions, gather
from costkit.pricebook.refresh.offer import SAVINGS_PLAN, unreadable
from costkit.pricebook.refresh.reading import read_offer
from costkit.pricebook.refresh.rules import OfferRules

# The partition whose prices are in US dollars and open to all.
PARTITION = "aws"
Tell = Callable[[str], None]


class Wish(NamedTuple):
    """What a run is about: tables (all if none is named) and patterns of regions."""

    tables: tuple[str, ...]
    regions: tuple[str, ...]


class Run:
    """Reads price lists into ``gathered``; ``problems`` holds what could not be read.

    Of the offers in ``narrowed`` AWS was asked only for what the rules name, so that it told of no unknown row.
    """

    def __init__(self, book: PriceBook, rules: Mapping[str, OfferRules], wish: Wish, tell: Tell) -> None:
        self.tell = tell
        self.rules = {known.offer: known.of_tables(wish.tables) for known in rules.values()}
        self.whole, self.some = not wish.regions, bool(wish.tables)
        ours = [name for name, about in book.regions().items() if about.get("partition") == PARTITION]
        wanted = [name for name in ours if self.whole or any(fnmatchcase(name, one) for one in wish.regions)]
        self.regions = Regions(frozenset(ours), frozenset(wanted))
        tables = {rule.table for known in self.rules.values() for rule in known.rules if rule.specs}
        self.kinds = {table: frozenset(book.specs(table)) for table in tables}
        self.gathered = Gathered()
        self.problems: list[Problem] = []
        self.narrowed: list[str] = []
        if not wanted:
            raise CostkitError([Problem("CK108", ", ".join(wish.regions), "AWS has no such region")])

    def bulk(self, door: Bulk, keep: bool) -> None:
        """Every wanted region's file of every offer; a file is read and, unless kept, removed before the next."""
        for known in self._feeding():
            try:
                places = door.regions_of(known)
            except CostkitError as error:
                self.problems += [problem for problem in error.problems if problem not in self.problems]
                continue
            for region in sorted(self.regions.wanted & set(places)):
                self.tell(f"{known.offer} {region}")
                fetched = door.file(known, region, places[region])
                if fetched is not None:
                    self._gather(known, fetched.offer, region)
                    if not keep:
                        os.remove(fetched.path)
            if self.whole:
                self._drop(known, set(self.regions.wanted) - set(places))
        self.problems += door.problems

    def files(self, paths: Iterable[str]) -> None:
        """Offer files on disk, each for the regions that are in it."""
        for path in paths:
            self.tell(path)
            try:
                if not os.path.isfile(path):
                    hint = "--from takes bulk, query, or offer files"
                    raise CostkitError([Problem("CK101", path, "no such file", hint)])
                offer = read_offer(path, os.path.basename(path))
                known = self.rules.get(offer.publication.offer)
                if known is None:
                    hint = f"known are {', '.join(sorted(self.rules))}"
                    raise unreadable(path, f"no rules for the offer {offer.publication.offer[:60]!r}", hint)
            except CostkitError as error:
                self.problems += error.problems
                continue
            self._gather(known, offer, "")

    def query(self, ask: Callable[[OfferRules, str, bool], AbstractContextManager[Any]], whole: bool) -> None:
        """Every offer in every wanted region, asked of the Query API, which has no savings plans.

        Offers that are large, and all if tables were named, are asked only for what the rules name, unless ``whole``.
        """
        for known in self._feeding():
            if known.savings_plan:
                continue
            narrow = not whole and (known.narrow or self.some)
            for region in sorted(self.regions.wanted):
                self.tell(f"{known.offer} {region}")
                try:
                    with ask(known, region, narrow) as offer:
                        if len(offer):
                            self._gather(known, offer, region)
                except CostkitError as error:
                    self.problems += error.problems
                    return
            if narrow:
                self.narrowed.append(known.offer)

    def refuse_silence(self) -> None:
        """A run that read nothing and met no problem has been told nothing; that is no news of prices."""
        if not self.gathered.publications and not self.problems:
            self.problems.append(
                Problem("CK213", "", "the price list states nothing of the tables and regions asked for")
            )

    def _feeding(self) -> list[OfferRules]:
        return [known for _, known in sorted(self.rules.items()) if known.rules]

    def _gather(self, known: OfferRules, offer: Any, region: str) -> None:
        if known.savings_plan != (offer.publication.kind == SAVINGS_PLAN):
            where = offer.publication.place
            self.problems.append(unreadable(where, "savings plans and offers are files of two kinds").problems[0])
            return
        try:
            gather(offer, known, self.regions, self.kinds, self.gathered, region)
        except CostkitError as error:
            self.problems += error.problems

    def _drop(self, known: OfferRules, regions: set[str]) -> None:
        """Regions that an offer no longer has: what the tables hold there should have been stated."""
        for rule in known.rules:
            if known.offer in {one.offer for one in self.gathered.publications.values()} and not rule.region:
                self.gathered.covered.update(
                    (rule.table, meter, region) for meter in rule.meters() for region in regions
                )
