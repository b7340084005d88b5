"""``costkit schema``: JSON Schemas, for editors and other programs."""

import json
from typing import Any

import click

NAMES = ("spec", "prices", "estimate")


@click.command("schema")
@click.argument("name", type=click.Choice(NAMES))
def command(name: str) -> None:
    """Print the JSON Schema of a spec, of a price table, or of the JSON that estimate writes."""
    click.echo(json.dumps(_schema(name), indent=2, ensure_ascii=False))


def _schema(name: str) -> dict[str, Any]:
    if name == "spec":
        from costkit.inputs.spec_schema import spec_schema

        return spec_schema()
    if name == "estimate":
        from costkit.reports.as_schema import estimate_schema

        return estimate_schema()
    from costkit.pricebook.schema import Table

    return Table.model_json_schema()
