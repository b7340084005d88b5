"""``costkit schema``: JSON Schemas, for editors and other programs."""

import json
from importlib import import_module

import click

# Where each schema is made; a module is imported when it is asked for.
SCHEMAS = {
    "spec": ("costkit.inputs.spec_schema", "spec_schema"),
    "budget": ("costkit.inputs.policy_schema", "policy_schema"),
    "allocation": ("costkit.inputs.allocation_schema", "allocation_schema"),
    "prices": ("costkit.pricebook.schema", "price_schema"),
    "snapshot": ("costkit.inputs.snapshot_schema", "snapshot_schema"),
    "estimate": ("costkit.reports.schemas.of_estimates", "estimate_schema"),
    "check": ("costkit.reports.schemas.of_estimates", "check_schema"),
    "diff": ("costkit.reports.schemas.of_estimates", "diff_schema"),
    "compare": ("costkit.reports.schemas.of_comparisons", "compare_schema"),
    "optimize": ("costkit.reports.schemas.of_findings", "optimize_schema"),
    "report": ("costkit.reports.schemas.of_bills", "report_schema"),
}


@click.command("schema")
@click.argument("name", type=click.Choice(tuple(SCHEMAS)))
def command(name: str) -> None:
    """Print the JSON Schema of a spec, a budget, allocation or price file, or of the JSON that a command writes."""
    module, function = SCHEMAS[name]
    click.echo(json.dumps(getattr(import_module(module), function)(), indent=2, ensure_ascii=False))
