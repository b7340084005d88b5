"""``costkit doctor``: what this installation is and has, for a look and for a report."""

import os
import platform
from importlib.util import find_spec

import click

from costkit import __version__
from costkit.cli.options import cache_directory, price_book, today
from costkit.pricebook.cache import private

PACKAGES = {
    "yaml": "specs",
    "pydantic": "checking price tables",
    "tabulate": "Markdown",
    "boto3": "AWS, the extra aws",
    "duckdb": "bills, the extra bill",
    "pyspark": "bills on Spark, the extra spark",
    "numpy": "commitments for much usage, the extra fast",
    "ijson": "offer files as JSON, the extra refresh",
}


@click.command("doctor")
def command() -> None:
    """Say what this installation is and has."""
    book, cache = price_book(), cache_directory()
    tables = book.table_names()
    writable = os.access(cache if os.path.isdir(cache) else os.path.dirname(cache) or ".", os.W_OK)
    state = "private" if private(cache) else "not used: others may write to it"
    click.echo(f"costkit    {__version__}, Python {platform.python_version()}, {platform.system()}")
    click.echo(f"day        {today()}")
    click.echo(f"prices     {len(tables)} tables in {book.shipped}")
    click.echo(
        f"compiled   {'shipped' if os.path.isdir(os.path.join(book.shipped, 'compiled')) else 'made when needed'}"
    )
    click.echo(
        f"cache      {cache} ({state}, {'writable' if writable else 'not writable: prices are read anew each time'})"
    )
    for package, use in PACKAGES.items():
        click.echo(f"{package:10} {'there' if find_spec(package) else 'missing'} ({use})")
