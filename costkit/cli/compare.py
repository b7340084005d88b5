"""``costkit compare``: which is cheaper, and from where on. Each kind of comparison has a file of its own."""

from importlib import import_module

import click

KINDS = {
    "compute": "Compare Lambda, Fargate and EC2 for one workload.",
    "redshift": "Compare Redshift clusters and Redshift Serverless for one usage profile.",
    "regions": "Price a spec in other regions.",
    "commitments": "Find how much to commit to for usage by the hour.",
}


class Comparisons(click.Group):
    """The comparisons, each imported only when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(KINDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in KINDS:
            return None
        command: click.Command = import_module(f"costkit.cli.compare_{name}").command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(KINDS.items()))


@click.command("compare", cls=Comparisons)
def command() -> None:
    """Say which is cheaper, and from where on."""
