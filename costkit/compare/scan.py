"""Spectrum: what is scanned in S3 once data is columnar and partitioned, and how much it is to load it instead.

Spectrum bills the bytes that it reads, so that compression, columns that a query leaves alone and partitions
that it skips all lower the bill: https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-external-performance.html
"""

from decimal import Decimal, localcontext
from typing import Annotated, NamedTuple

from costkit.model.exact import EXACT, ONE, plain, quotient
from costkit.model.form import Refusal, Refusals
from costkit.model.kind import Amount, Share

Compression = Annotated[Decimal, Amount("times"), "How many times smaller columnar data is: 4 for a quarter"]
ColumnShare = Annotated[Decimal, Share(), "Part of the columns, by size, that queries read"]
PartitionShare = Annotated[Decimal, Share(), "Part of the partitions that queries read"]


class Conversion(NamedTuple):
    """How much less is read of columnar, compressed and partitioned data."""

    compression: Compression = ONE
    column_share: ColumnShare = ONE
    partition_share: PartitionShare = ONE

    @property
    def text(self) -> str:
        """The arithmetic, behind the amount that is scanned today."""
        columns, partitions = plain(self.column_share), plain(self.partition_share)
        return f"/ {plain(self.compression)} compression x {columns} of columns x {partitions} of partitions"


def check(conversion: Conversion) -> Refusals:
    """What would make data grow, or leave nothing to read."""
    if conversion.compression < ONE:
        yield Refusal("compression", "data does not grow by compression", "write 4 for a quarter of the size")
    for name in ("column_share", "partition_share"):
        if not getattr(conversion, name):
            yield Refusal(name, "queries that read nothing", "more than 0, at most 1")


def scanned_after(raw: Decimal, conversion: Conversion) -> Decimal:
    """What is scanned of converted data, in the unit of ``raw``: raw / compression x columns x partitions."""
    with localcontext(EXACT):
        return quotient(raw * conversion.column_share * conversion.partition_share, conversion.compression)


def loaded_size(raw: Decimal, conversion: Conversion) -> Decimal:
    """What data of S3 takes in a warehouse, in the unit of ``raw``: Redshift stores columns, compressed."""
    with localcontext(EXACT):
        return quotient(raw, conversion.compression)
