"""The bulk door: AWS's index of offers, each offer's index of regions, and a file a region. No credentials.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html
"""

import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from costkit.model.problem import CostkitError, Problem
from costkit.pricebook.refresh.download import Download, Remote, failed
from costkit.pricebook.refresh.offer import Offer
from costkit.pricebook.refresh.reading import read_offer
from costkit.pricebook.refresh.rules import OfferRules

ENDPOINT = "https://pricing.us-east-1.amazonaws.com"
INDEX = "/offers/v1.0/aws/index.json"
PLAN_INDEX = "/savingsPlan/v1.0/aws/{offer}/current/region_index.json"
# An index is some hundred kilobytes; what is much larger is none.
LARGEST_INDEX = 50_000_000


class Fetched(NamedTuple):
    """A region's offer file, read from its start, and the path where it lies."""

    offer: Offer
    region: str
    path: str


class Bulk:
    """Fetches offer files into a directory; ``problems`` collects what could not be had."""

    def __init__(self, remote: Remote, directory: str, form: str = "json") -> None:
        self.remote, self.directory, self.form = remote, directory, form
        self.problems: list[Problem] = []
        self.index: dict[str, Any] | None = None
        self.no_index: CostkitError | None = None

    def regions_of(self, known: OfferRules) -> dict[str, str]:
        """The regions an offer has, each with the path of its file. Raises CostkitError if nobody can say."""
        if known.savings_plan:
            found = self._json(PLAN_INDEX.format(offer=known.offer))
            entries = [(one.get("regionCode"), one.get("versionUrl")) for one in _maps(found.get("regions"))]
        else:
            path = _maps_by_name(self._offers(), "offers").get(known.offer, {}).get("currentRegionIndexUrl")
            if not isinstance(path, str):
                raise failed(INDEX, f"AWS's index has no offer {known.offer}", "it may have been renamed")
            regions = _maps_by_name(self._json(path), "regions")
            entries = [(region, one.get("currentVersionUrl")) for region, one in regions.items()]
        return {str(region): path for region, path in entries if region and isinstance(path, str)}

    def file(self, known: OfferRules, region: str, path: str) -> Fetched | None:
        """The file of a region, or None if it cannot be had: the reason is kept, and other regions go on."""
        wanted = f"{path.removesuffix('json')}{self.form}"
        target = os.path.join(self.directory, f"{known.offer}-{region}.{self.form}")
        try:
            place = Download(self.remote, wanted, target).fetch()
            offer = read_offer(place, self.remote.endpoint.rstrip("/") + wanted, region)
            self._same_version(offer, path)
        except CostkitError as error:
            _discard(target)
            self.problems += error.problems
            return None
        return Fetched(offer, region, place)

    def _same_version(self, offer: Offer, path: str) -> None:
        """A file is what the index named; if AWS published meanwhile, the run would mix two states."""
        version = offer.publication.version
        if version and "/current/" not in path and f"/{version}/" not in path:
            message = f"the file is of version {version}, not of the one that the index names"
            raise failed(path, message, "AWS published meanwhile; run it again")

    def _offers(self) -> dict[str, Any]:
        if self.no_index is not None:
            raise self.no_index
        if self.index is None:
            try:
                self.index = self._json(INDEX)
            except CostkitError as error:
                self.no_index = error
                raise
        return self.index

    def _json(self, path: str) -> dict[str, Any]:
        target = os.path.join(self.directory, path.strip("/").replace("/", "_"))
        place = Download(self.remote, path, target).fetch()
        try:
            if os.path.getsize(place) > LARGEST_INDEX:
                raise ValueError("too large")
            tree = json.loads(_unpacked(place))
        except CostkitError:
            _discard(place)
            raise
        except (ValueError, RecursionError, OSError, EOFError) as error:
            _discard(place)
            raise failed(path, f"no JSON: {str(error)[:80]}", "a proxy may have answered instead of AWS") from None
        if not isinstance(tree, dict):
            raise failed(path, "no index of offers")
        return tree


def _unpacked(path: str) -> bytes:
    from costkit.pricebook.refresh.file import OfferText

    with OfferText(path, path).opened() as file:
        return file.read(LARGEST_INDEX)


def _discard(path: str) -> None:
    """Remove a file that must not be taken for a good one next time."""
    if os.path.exists(path):
        os.remove(path)


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _maps_by_name(tree: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    found = tree.get(name)
    return {key: one for key, one in found.items() if isinstance(one, dict)} if isinstance(found, dict) else {}
