"""Offer files in CSV: five lines about the file, a line of column names, and a line a price."""

import csv
import io
from collections.abc import Container, Iterator

from costkit.pricebook.refresh.file import OfferText
from costkit.pricebook.refresh.offer import (
    ON_DEMAND,
    RESERVED,
    Dimension,
    Product,
    Publication,
    Term,
    day_of,
    dimension,
    plain_name,
    snake,
    unreadable,
    years,
)

HEAD_LINES = 5
KINDS = {"OnDemand": ON_DEMAND, "Reserved": RESERVED}
NEEDED = {"sku", "offertermcode", "termtype", "unit", "priceperunit", "currency", "productfamily"}
# A line longer than this is no line of a price list.
LONGEST_FIELD = 1 << 20


class CsvOffer:
    """A service's offer file; the file is read once for its products and once for their prices."""

    def __init__(self, text: OfferText, publication: Publication) -> None:
        self.text, self.publication = text, publication

    def products(self) -> Iterator[Product]:
        seen = set()
        for row in self._rows():
            if row["sku"] not in seen:
                seen.add(row["sku"])
                given = {name: value for name, value in row.items() if value}
                yield Product(row["sku"], row["productfamily"], given)

    def terms(self, wanted: Container[str]) -> Iterator[Term]:
        found: dict[tuple[str, str], tuple[dict[str, str], list[Dimension]]] = {}
        for row in self._rows():
            if row["sku"] in wanted and row["termtype"] in KINDS:
                price = row["priceperunit"] if row["currency"] == "USD" else None
                begin, end = row.get("startingrange"), row.get("endingrange")
                one = dimension(row["unit"], begin, end, price, self.text.place)
                found.setdefault((row["sku"], row["offertermcode"]), (row, []))[1].append(one)
        for (sku, _), (row, dimensions) in found.items():
            about = (row.get("offeringclass", "").lower(), years(row.get("leasecontractlength", "")))
            payment = snake(row.get("purchaseoption", ""))
            effective = day_of(row.get("effectivedate"))
            yield Term(sku, KINDS[row["termtype"]], effective, tuple(dimensions), *about, payment)

    def _rows(self) -> Iterator[dict[str, str]]:
        with self.text.opened() as file:
            lines = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
            csv.field_size_limit(LONGEST_FIELD)
            try:
                for _ in range(HEAD_LINES):
                    next(lines)
                names = [plain_name(name) for name in next(lines)]
                if missing := NEEDED - set(names):
                    raise unreadable(self.text.place, f"columns are missing: {', '.join(sorted(missing))}")
                for line in lines:
                    if len(line) != len(names):
                        hint = "fetch it again"
                        raise unreadable(f"{self.text.place}:{lines.line_num}", "the line is torn", hint)
                    yield dict(zip(names, line, strict=True))
            except (StopIteration, csv.Error, UnicodeDecodeError) as error:
                raise unreadable(self.text.place, f"no offer file in CSV: {error}") from None


def read_csv(text: OfferText) -> CsvOffer:
    """The offer file in a text. Raises CostkitError if it is none."""
    heads: dict[str, str] = {}
    with text.opened() as file:
        for raw in (file.readline(4096) for _ in range(HEAD_LINES)):
            [line] = csv.reader([raw.decode("utf-8", "replace").rstrip("\r\n")]) if raw.strip() else [[]]
            if len(line) > 1:
                heads[plain_name(line[0])] = line[1]
    published = day_of(heads.get("publicationdate"))
    if not published or not heads.get("offercode"):
        raise unreadable(text.place, "no offer file in CSV: its first lines give no publication date and offer code")
    return CsvOffer(text, Publication(heads["offercode"], heads.get("version", ""), published, text.place))


def read_offer_lines(text: OfferText) -> bool:
    """Whether a file starts as offer files in CSV do."""
    with text.opened() as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf").startswith((b'"FormatVersion"', b"FormatVersion"))
