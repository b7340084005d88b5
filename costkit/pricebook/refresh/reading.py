"""Finds out what kind of price list a file is, and reads it."""

from costkit.pricebook.refresh.csv_offer import read_csv, read_offer_lines
from costkit.pricebook.refresh.file import OfferText
from costkit.pricebook.refresh.json_offer import read_json
from costkit.pricebook.refresh.offer import Offer, unreadable

TABLES = (".yaml", ".yml")


def read_offer(path: str, place: str = "", region: str = "") -> Offer:
    """The offer file at a path; ``place`` is how it is called, ``region`` the one it was fetched for.

    Raises CostkitError if it is no offer file, is torn, or changes while it is read.
    """
    if path.endswith(TABLES):
        hint = "a table is compared by its directory: costkit prices diff DIR ..."
        raise unreadable(place or path, "this is a price table, not a price list of AWS", hint)
    text = OfferText(path, place or path)
    return read_csv(text) if read_offer_lines(text) else read_json(text, region)
