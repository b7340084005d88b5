"""What a price table must look like: the pydantic door of the book, and the checks between rows.

Every problem is told at once, with the table's file and line. ``pricing/README.md`` explains the format.
"""

import datetime
from collections.abc import Container, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from costkit.model.place import Lines, Path, nearest_line
from costkit.model.problem import Problem
from costkit.model.unit import UNITS

Amount = Annotated[Decimal, Field(ge=0)]
# Kept as text: days are compared as texts, and pydantic would take a number of seconds for a date.
Day = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(lambda day: datetime.date.fromisoformat(day).isoformat())
]
Attribute = Decimal | str | bool | None


class Strict(BaseModel):
    """Refuses keys it does not know, so that a misspelt one is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Strict):
    """What all dated rows have: since when, last seen when, who says so."""

    effective: Day
    confirmed: Day
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


def check(
    tree: Any, lines: Lines, name: str, expected: str = "", regions: Container[str] | None = None
) -> list[Problem]:
    """Everything that is wrong with a table, with its line. ``name`` is how messages call the file.

    ``expected`` is the table that the file's name promises, ``regions`` are those AWS has.
    """
    found: list[tuple[Path, str]] = []
    try:
        Table.model_validate(tree)
    except ValidationError as error:
        found += [
            (tuple(item["loc"]), _sentence(item)) for item in error.errors(include_url=False, include_input=False)
        ]
    if isinstance(tree, dict):
        if expected and tree.get("table") != expected:
            found.append((("table",), f"this file is of the table {expected}, not {tree.get('table')}"))
        found += _between_rows(tree, regions)
    return [Problem("CK206", f"{name}:{nearest_line(path, lines)}", message) for path, message in found]


def check_sources(tree: Any, lines: Lines, name: str) -> list[Problem]:
    """Everything that is wrong with ``sources.yaml``."""
    if not isinstance(tree, dict):
        return [Problem("CK206", f"{name}:1", "sources are a mapping of keys")]
    problems = []
    for key, source in tree.items():
        try:
            Source.model_validate(source)
        except ValidationError as error:
            where = f"{name}:{nearest_line((key,), lines)}"
            problems += [Problem("CK206", where, _sentence(item)) for item in error.errors()]
    return problems


def _between_rows(tree: dict[str, Any], regions: Container[str] | None) -> Iterator[tuple[Path, str]]:
    """What no row shows by itself. Reads the raw tree, so that a misshapen row does not hide the others."""
    meters = mappings(tree.get("meters"))
    for name, meter in meters.items():
        if isinstance(meter.get("unit"), str) and meter["unit"] not in UNITS:
            yield ("meters", name, "unit"), f"unknown unit: {meter['unit']}"
        latest: dict[tuple[Any, Any], str] = {}
        for index, row in rows_of(meter):
            path: Path = ("meters", name, "rows", index)
            region, day = row.get("region") or tree.get("region"), row.get("effective")
            if region is None:
                yield path, "a row needs a region"
            elif regions is not None and region not in regions:
                yield path, f"AWS has no region {region}"
            key = (row.get("type"), region)
            if isinstance(day, str) and _is_day(day):
                if day <= latest.get(key, ""):
                    yield path, "rows of one price must have ascending dates, one row a day"
                latest[key] = day
    for name, allowance in mappings(tree.get("allowances")).items():
        for meter_name in allowance.get("meters") or ():
            if meter_name not in meters:
                yield ("allowances", name, "meters"), f"no such meter: {meter_name}"
    for section in ("facts", "allowances"):
        for name, entry in mappings(tree.get(section)).items():
            days = [str(row.get("effective")) for _, row in rows_of(entry)]
            if days != sorted(set(days)):
                yield (section, name, "rows"), "rows must have ascending dates, one row a day"


def mappings(section: Any) -> dict[str, dict[str, Any]]:
    """The entries of a section that have the shape of one."""
    return (
        {name: entry for name, entry in section.items() if isinstance(entry, dict)} if isinstance(section, dict) else {}
    )


def rows_of(entry: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of an entry that have the shape of one, with their places."""
    rows = entry.get("rows")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield index, row


def _is_day(value: str) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _sentence(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def price_schema() -> dict[str, Any]:
    """The JSON Schema of a price table."""
    return Table.model_json_schema()
