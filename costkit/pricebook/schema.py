"""What a price table must look like: the pydantic door of the book, and the checks between rows.

Every problem is told at once, with the table's file and line. ``pricing/README.md`` explains the format.
"""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from costkit.model.place import Lines, Path
from costkit.model.problem import Problem
from costkit.model.unit import UNITS

Amount = Annotated[Decimal, Field(ge=0)]
Attribute = Decimal | str | bool | None


class Strict(BaseModel):
    """Refuses keys it does not know, so that a misspelt one is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Strict):
    """What all dated rows have: since when, last seen when, who says so."""

    effective: datetime.date
    confirmed: datetime.date
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def ordered(self) -> "Row":
        if self.effective > self.confirmed:
            raise ValueError("effective lies after confirmed")
        return self


class PriceRow(Row):
    """A price of one meter in one region: flat, or by graduated tiers keyed by their start."""

    region: str | None = None
    type: str | None = None
    price: Amount | None = None
    tiers: dict[Amount, Amount | None] | None = None
    confidence: Literal["A", "B", "C"] = "A"
    note: str = ""

    @model_validator(mode="after")
    def priced_once(self) -> "PriceRow":
        named = self.model_fields_set & {"price", "tiers"}
        if len(named) != 1:
            raise ValueError("a row has either a price or tiers")
        if self.tiers is not None:
            starts = list(self.tiers)
            if not starts or starts[0] != 0:
                raise ValueError("the first tier must start at 0")
            if starts != sorted(set(starts)):
                raise ValueError("tiers must start in ascending order")
            if None in list(self.tiers.values())[:-1]:
                raise ValueError("only the last tier may be unproven")
        return self


class FactRow(Row):
    """The value of a dated fact."""

    value: Decimal


class AllowanceRow(Row):
    """The quantity of a free allowance a month."""

    quantity: Amount


class Meter(Strict):
    """A meter: its unit, the words an estimate shows for it, and its prices."""

    unit: str
    title: str
    about: str = ""
    pool: Literal["account", "resource"] = "account"
    rows: list[PriceRow]


class Fact(Strict):
    """A rule or limit of billing, as dated values."""

    unit: str
    about: str
    rows: list[FactRow] = Field(min_length=1)


class Allowance(Strict):
    """A free quantity of an account, and the meters that share it."""

    unit: str
    title: str
    about: str = ""
    meters: list[str] = Field(min_length=1)
    rows: list[AllowanceRow] = Field(min_length=1)


class Table(Strict):
    """A price table: ``pricing/<service>.yaml``, or one region of a big one."""

    table: str
    currency: Literal["USD"]
    about: str = ""
    region: str | None = None
    facts: dict[str, Fact] = {}
    allowances: dict[str, Allowance] = {}
    meters: dict[str, Meter] = {}
    specs: dict[str, dict[str, Attribute]] = {}


class Source(Strict):
    """Who says so: a publication, where it can be found, and its date."""

    title: str
    where: str = ""
    date: str = ""
    note: str = ""


def check(tree: Any, lines: Lines, name: str) -> list[Problem]:
    """Everything that is wrong with a table, with its line. ``name`` is how messages call the file."""
    try:
        table = Table.model_validate(tree)
    except ValidationError as error:
        return [
            Problem("CK206", f"{name}:{_line(lines, tuple(item['loc']))}", _sentence(item))
            for item in error.errors(include_url=False, include_input=False)
        ]
    return [Problem("CK206", f"{name}:{_line(lines, path)}", message) for path, message in _between_rows(table)]


def check_sources(tree: Any, lines: Lines, name: str) -> list[Problem]:
    """Everything that is wrong with ``sources.yaml``."""
    problems = []
    for key, source in (tree or {}).items():
        try:
            Source.model_validate(source)
        except ValidationError as error:
            problems += [Problem("CK206", f"{name}:{_line(lines, (key,))}", _sentence(item)) for item in error.errors()]
    return problems


def _between_rows(table: Table) -> Iterator[tuple[Path, str]]:
    for name, meter in table.meters.items():
        if meter.unit not in UNITS:
            yield ("meters", name, "unit"), f"unknown unit: {meter.unit}"
        latest: dict[tuple[str, str], datetime.date] = {}
        for index, row in enumerate(meter.rows):
            path: Path = ("meters", name, "rows", index)
            region = row.region or table.region
            if region is None:
                yield path, "a row needs a region"
                continue
            key = (row.type or "", region)
            if key in latest and row.effective <= latest[key]:
                yield path, "rows of one price must have ascending dates, one row a day"
            latest[key] = row.effective
    for name, allowance in table.allowances.items():
        for meter_name in allowance.meters:
            if meter_name not in table.meters:
                yield ("allowances", name, "meters"), f"no such meter: {meter_name}"
    dated: list[tuple[str, str, Sequence[Row]]] = [("facts", name, fact.rows) for name, fact in table.facts.items()]
    dated += [("allowances", name, allowance.rows) for name, allowance in table.allowances.items()]
    for section, name, rows in dated:
        days = [row.effective for row in rows]
        if days != sorted(set(days)):
            yield (section, name, "rows"), "rows must have ascending dates, one row a day"


def _line(lines: Lines, path: Path) -> int:
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _sentence(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
