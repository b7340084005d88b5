"""``costkit schema``: JSON Schemas, for editors and other programs."""

import json
from typing import Any

import click

NAMES = ("spec", "budget", "allocation", "prices", "estimate", "check", "diff", "snapshot")


@click.command("schema")
@click.argument("name", type=click.Choice(NAMES))
def command(name: str) -> None:
    """Print the JSON Schema of a spec, a budget, allocation or price file, or of the JSON that a command writes."""
    click.echo(json.dumps(_schema(name), indent=2, ensure_ascii=False))


def _schema(name: str) -> dict[str, Any]:
    if name == "spec":
        from costkit.inputs.spec_schema import spec_schema

        return spec_schema()
    if name == "budget":
        from costkit.inputs.policy_schema import policy_schema

        return policy_schema()
    if name == "allocation":
        from costkit.inputs.allocation_schema import allocation_schema

        return allocation_schema()
    if name == "prices":
        from costkit.pricebook.schema import Table

        return Table.model_json_schema()
    if name == "snapshot":
        from costkit.inputs.snapshot_schema import snapshot_schema

        return snapshot_schema()
    from costkit.reports import as_schema

    written = {"estimate": as_schema.estimate_schema, "check": as_schema.check_schema, "diff": as_schema.diff_schema}
    return written[name]()
