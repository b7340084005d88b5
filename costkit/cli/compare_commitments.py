"""``costkit compare commitments``: how much to commit to."""

import click

from costkit.cli.compare_answer import FORMATS, answered
from costkit.cli.files import Infrastructure, read_specs, with_infrastructure_options
from costkit.cli.options import Asked, with_own_prices, with_shared_options
from costkit.compare.commitments import compare_commitments
from costkit.compare.commitments_candidates import KINDS, PAYMENTS, TERMS, Wanted
from costkit.compare.commitments_scene import Scene
from costkit.compare.commitments_spec import SpecScene
from costkit.compare.commitments_usage import UsageScene
from costkit.compare.hourly_usage import read_usage
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.spec import HOURS_PER_MONTH

SHOWN = 20


@click.command("commitments")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--hourly", metavar="FILE", help="Usage by the hour (CSV, Parquet), instead of a spec.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these; repeatable.")
@click.option("--term", "terms", multiple=True, type=click.Choice(TERMS), help="Only these; repeatable.")
@click.option("--payment", "payments", multiple=True, type=click.Choice(PAYMENTS), help="Only these; repeatable.")
@click.option("--all", "everything", is_flag=True, help=f"Show all commitments, not only the {SHOWN} cheapest.")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if, in FILE; repeatable.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    hourly: str | None,
    kinds: tuple[str, ...],
    terms: tuple[str, ...],
    payments: tuple[str, ...],
    everything: bool,
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Find the best level of each savings plan and reservation for a spec, or for usage by the hour.

    Usage by the hour has the columns hour (ISO), meter (fargate_task vcpu.x86_64), quantity, and type and region where
    they apply.

    \b
    costkit compare commitments costkit.yaml --term 1y
    costkit compare commitments --hourly usage.csv --region us-east-1
    """
    wanted = Wanted(tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(payments)))
    scene: Scene
    if hourly is None:
        document = change(read_specs(files, infrastructure, asked.overrides.region), changes)
        asked = with_own_prices(asked, document)
        spec = read_spec(document, asked.book, asked.on, asked.overrides)
        scene = SpecScene(spec, wanted, asked.book, asked.on, asked.stale_after)
    elif files or changes or infrastructure.usage is not None or infrastructure.parameters:
        raise click.UsageError("--hourly stands instead of FILE and of what is about one")
    else:
        month = HOURS_PER_MONTH if asked.overrides.month_hours is None else asked.overrides.month_hours
        usage = read_usage(hourly, asked.overrides.region)
        scene = UsageScene(usage, wanted, asked.book, asked.on, month)
    found = compare_commitments(scene, asked.stale_after)
    context.exit(answered(found, asked, "commitments_", None if everything else SHOWN))
