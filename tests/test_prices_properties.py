"""What must hold of every refresh and every difference of prices, whatever AWS publishes."""

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from price_list import PUBLISHED, SKUS, OfferFile

from costkit.cli.output import write_file
from costkit.model.price import Tier
from costkit.pricebook.book import PriceBook, shipped_directory
from costkit.pricebook.checking import check_directory
from costkit.pricebook.comparing import differences
from costkit.pricebook.refresh.judging import judge
from costkit.pricebook.refresh.rules import all_rules
from costkit.pricebook.refresh.running import Run, Wish
from costkit.pricebook.refresh.writing import texts, write

RULES = all_rules(shipped_directory())
DAY = PUBLISHED[:10]
LIMIT = Decimal(10**9)
# Meters whose unit is AWS's own, without a type: what is stated is what must be found.
PLAIN = sorted(
    (offer, table, meter)
    for (offer, table, meter), sku in SKUS.items()
    if sku.holds == 1 and "{type}" not in json.dumps(sku.attributes) + sku.usage and meter != "iops.io2"
    if offer in ("AWSLambda", "AmazonSNS", "AWSELB", "AmazonECS", "AmazonS3", "AmazonCloudWatch")
    # What the shipped tables saw later than this publication stays as they have it.
    if table not in ("lambda_edge_function", "aws_api")
)
REGIONS = ("us-east-1", "eu-west-1")
amounts = st.decimals(min_value="0.0000000001", max_value=1000, places=10)
starts = st.lists(st.integers(1, 10**12), max_size=3, unique=True).map(lambda found: ["0", *map(str, sorted(found))])


class Statement(NamedTuple):
    """A price of a meter as AWS states it; with ``free`` its first tier is a free one."""

    starts: list[str]
    prices: list[Decimal]
    free: bool

    @property
    def published(self) -> list[tuple[str, str]]:
        prices = [Decimal(0), *self.prices[1:]] if self.free and len(self.starts) > 1 else self.prices
        return [(start, f"{price:f}") for start, price in zip(self.starts, prices, strict=False)]

    @property
    def expected(self) -> list[tuple[Decimal, Decimal]]:
        """By hand: a free tier is none, the next begins at 0, and neighbours with one price are one."""
        tiers = [(Decimal(start), Decimal(price)) for start, price in self.published if Decimal(price)]
        tiers[0] = (Decimal(0), tiers[0][1])
        return [tier for place, tier in enumerate(tiers) if not place or tier[1] != tiers[place - 1][1]]


statements = st.builds(Statement, starts, st.lists(amounts, min_size=4, max_size=4), st.booleans())
stated = st.dictionaries(
    st.tuples(st.sampled_from(PLAIN), st.sampled_from(REGIONS)), statements, min_size=1, max_size=5
)


def offers(prices: dict[Any, Statement], shuffled: random.Random | None = None) -> Iterator[OfferFile]:
    """The prices as offer files, a region's in each, in their order or another one."""
    made: dict[tuple[str, str], OfferFile] = {}
    for ((offer, table, meter), region), one in prices.items():
        file = made.setdefault((offer, region), OfferFile(offer, region))
        family, usage, unit, _, attributes = SKUS[(offer, table, meter)]
        file.price(file.add(family, usage, attributes), unit, one.published)
    for file in made.values():
        if shuffled is not None:
            file.products = mixed(file.products, shuffled)
            file.terms["OnDemand"] = mixed(file.terms["OnDemand"], shuffled)
            for terms in file.terms["OnDemand"].values():
                for term in terms.values():
                    term["priceDimensions"] = mixed(term["priceDimensions"], shuffled)
        yield file


def mixed(found: dict[str, Any], shuffled: random.Random) -> dict[str, Any]:
    keys = list(found)
    shuffled.shuffle(keys)
    return {key: found[key] for key in keys}


def refresh(directory: str, files: Iterator[OfferFile], form: str = "json", confirm: bool = False) -> int:
    """Refresh the tables of a directory from files; returns how many files were written."""
    paths = []
    for file in files:
        paths.append(Path(directory).parent / f"{file.offer}-{file.region}.{form}")
        paths[-1].write_bytes(getattr(file, form))
    book = PriceBook((directory,))
    run = Run(book, RULES, Wish((), ()), lambda text: None)
    run.files(map(str, paths))
    assert not run.problems
    assert not run.gathered.unknown
    judged = judge(book, run.gathered, LIMIT)
    return write(texts(book, directory, judged, run.gathered.publications, confirm), write_file)


@contextmanager
def directories(*names: str) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as place:
        yield [
            str(Path(place, name, "tables"))
            for name in names
            if Path(place, name, "tables").mkdir(parents=True) is None
        ]


def content(directory: str) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in Path(directory).rglob("*.yaml")}


# Each example writes files: few of them, and the first that fails is told as it is.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
careful = settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])


@careful
@given(stated)
def test_a_price_in_the_book_is_exactly_the_one_that_aws_states(prices: dict[Any, Statement]) -> None:
    with directories("one") as [tables]:
        refresh(tables, offers(prices))
        book = PriceBook((tables,))
        for ((_, table, meter), region), one in prices.items():
            found = book.price(table, meter, "", region, DAY)
            assert found is not None
            assert list(found.tiers) == [Tier(*tier) for tier in one.expected]
        assert not check_directory(tables).problems


@careful
@given(stated, st.booleans())
def test_a_second_refresh_from_the_same_files_changes_nothing(prices: dict[Any, Statement], confirm: bool) -> None:
    with directories("one") as [tables]:
        refresh(tables, offers(prices), confirm=confirm)
        before = content(tables)
        assert refresh(tables, offers(prices), confirm=confirm) == 0
        assert content(tables) == before


@careful
@given(stated, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_form_of_the_file_do_not_matter(
    prices: dict[Any, Statement], shuffled: random.Random
) -> None:
    with directories("one", "two", "three") as [one, two, three]:
        refresh(one, offers(prices))
        refresh(two, offers(prices, shuffled))
        refresh(three, offers(prices, shuffled), "csv")
        tables = {name: text for name, text in content(one).items() if name != "sources.yaml"}
        for other in (two, three):
            assert {name: text for name, text in content(other).items() if name != "sources.yaml"} == tables


keys = st.tuples(st.just("t"), st.sampled_from("ab"), st.sampled_from(["", "x"]), st.sampled_from(REGIONS))
ladders = st.lists(amounts | st.none(), min_size=1, max_size=3).map(
    lambda found: tuple(Tier(Decimal(place * 10), price) for place, price in enumerate(found))
)
states = st.dictionaries(keys, ladders, max_size=6)
TURNED = {"new": "ended", "ended": "new", "changed": "changed"}


@given(states)
def test_nothing_differs_from_itself(state: Any) -> None:
    assert differences(state, dict(reversed(state.items()))) == []


@given(states, states)
def test_a_difference_is_the_mirror_of_the_way_back(old: Any, new: Any) -> None:
    there, back = differences(old, new), differences(new, old)
    assert {one.key: (one.old, one.new, one.kind) for one in there} == {
        one.key: (one.new, one.old, TURNED[one.kind]) for one in back
    }
    assert {one.key for one in there} == {key for key in old | new if old.get(key) != new.get(key)}
    assert [(one.percent is None) for one in there] == sorted(one.percent is None for one in there)
    sizes = [abs(one.percent) for one in there if one.percent is not None]
    assert sizes == sorted(sizes, reverse=True)
    # What became dearer by more than anything became cheaper is cheaper on the way back, and the other way round.
    for one in there:
        if one.percent is not None and len(one.old or ()) == len(one.new or ()) == 1:
            [again] = [other for other in back if other.key == one.key]
            assert again.percent is not None
            assert (one.percent > 0) == (again.percent < 0)
