"""The lines of a price list in CSV: five about the file, one of column names, and a line a price."""

import csv
import io
from collections.abc import Iterator

from costkit.pricebook.refresh.file import OfferText
from costkit.pricebook.refresh.offer import plain_name, unreadable

HEAD_LINES = 5
# A line longer than this is no line of a price list.
LONGEST_FIELD = 1 << 20


def heads_of(text: OfferText) -> dict[str, str]:
    """What the first lines say of the file, by names in small letters."""
    heads: dict[str, str] = {}
    with text.opened() as file:
        for raw in (file.readline(4096) for _ in range(HEAD_LINES)):
            [line] = csv.reader([raw.decode("utf-8-sig", "replace").rstrip("\r\n")]) if raw.strip() else [[]]
            if len(line) > 1:
                heads[plain_name(line[0])] = line[1]
    return heads


def columns_of(text: OfferText) -> set[str]:
    """The names of the columns, in small letters; none where the file ends before them."""
    with text.opened() as file:
        for _ in range(HEAD_LINES):
            file.readline(LONGEST_FIELD)
        raw = file.readline(LONGEST_FIELD).decode("utf-8", "replace").rstrip("\r\n")
    return {plain_name(name) for line in csv.reader([raw]) for name in line}


def rows_of(text: OfferText, needed: set[str]) -> Iterator[dict[str, str]]:
    """Each line by its columns. Raises CostkitError for a torn line, or where a needed column is missing."""
    with text.opened() as file:
        lines = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
        csv.field_size_limit(LONGEST_FIELD)
        try:
            for _ in range(HEAD_LINES):
                next(lines)
            names = [plain_name(name) for name in next(lines)]
            if missing := needed - set(names):
                raise unreadable(text.place, f"columns are missing: {', '.join(sorted(missing))}")
            for line in lines:
                if len(line) != len(names):
                    raise unreadable(f"{text.place}:{lines.line_num}", "the line is torn", "fetch it again")
                yield dict(zip(names, line, strict=True))
        except (StopIteration, csv.Error, UnicodeDecodeError) as error:
            raise unreadable(text.place, f"no offer file in CSV: {error}") from None
