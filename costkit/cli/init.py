"""``costkit init``: write a spec to start from, or the usage file of a plan."""

import os

import click

from costkit.cli.files import DEFAULT, pairs, read
from costkit.cli.options import price_book, today
from costkit.cli.output import write_file
from costkit.inputs.binding import nearest
from costkit.model.problem import CostkitError, Problem

USAGE = "costkit-usage.yaml"
STARTER = """\
# yaml-language-server: $schema=costkit.schema.json
# For an editor: costkit schema spec > costkit.schema.json
# costkit estimate prices this file; costkit explain {path} shows every number's arithmetic.
version: 1
name: {name}
region: {region}
tags: {{team: web, env: prod}}
resources:
  api:
    type: lambda_function
    architecture: arm64
    memory: 512 MB
    requests: {{low: 10M, expected: 30M, high: 90M}}   # any number of usage may be a range
    duration: 120 ms
  gateway:
    type: api_gateway
    requests: 30M
  worker:
    type: fargate_task
    vcpu: 0.5
    memory: 1 GB
    count: 2
"""


@click.command("init")
@click.argument("path", required=False, type=click.Path(dir_okay=False))
@click.option("--from", "source", metavar="PLAN", help="A Terraform plan or template: write its usage file to fill in.")
@click.option("--parameter", "parameters", multiple=True, metavar="KEY=VALUE", help="Of the template; repeatable.")
@click.option("--region", default="us-east-1", show_default=True, help="Region of the resources.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(path: str | None, source: str | None, parameters: tuple[str, ...], region: str, force: bool) -> None:
    """Write a spec to start from, costkit.yaml by default; with --from, the usage file of a plan or template."""
    path = path or (DEFAULT if source is None else USAGE)
    if path != "-" and os.path.exists(path) and not force:
        raise CostkitError([Problem("CK116", path, "this file is there already", "name another, or use --force")])
    if source is not None:
        from costkit.inputs.usage_starter import usage_starter

        pieces = list(usage_starter(read(source), path, price_book(), today(), pairs(parameters)))
        following = f"costkit estimate {source} --usage {path}"
    else:
        pieces = [_starter(path, region)]
        following = f"costkit estimate {path}"
    if path == "-":
        click.echo("".join(pieces), nl=False)
        return
    write_file(path, pieces)
    click.echo(f"wrote {path}; next: {following}")


def _starter(path: str, region: str) -> str:
    regions = price_book().regions()
    if region not in regions:
        raise CostkitError([Problem("CK108", "--region", f"AWS has no region {region}", nearest(region, regions))])
    name = os.path.basename(os.path.dirname(os.path.abspath(path))) or "workload"
    quoted = name if name.replace("-", "").replace("_", "").isalpha() else "workload"
    return STARTER.format(path=path, name=quoted, region=region)
