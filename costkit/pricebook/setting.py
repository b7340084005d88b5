"""The circumstances of a day and region, answered by the price book."""

from decimal import Decimal

from costkit.model.resource import Setting
from costkit.pricebook.book import PriceBook


def setting(
    book: PriceBook, table: str, region: str, on: str, month_hours: Decimal, hours_per_week: Decimal | None
) -> Setting:
    """Under which circumstances a resource of a type is metered in a region on an ISO day."""
    return Setting(
        table=table,
        region=region,
        month_hours=month_hours,
        hours_per_week=hours_per_week,
        fact=lambda owner, name: book.fact(owner, name, on),
        specs=book.specs,
        priced=lambda meter, kind: bool(book.earliest(table, meter, kind, region)),
    )
