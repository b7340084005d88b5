"""``costkit init``: write a spec to start from."""

import os

import click

from costkit.cli.output import write_file
from costkit.model.problem import CostkitError, Problem

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
@click.argument("path", default="costkit.yaml", type=click.Path(dir_okay=False))
@click.option("--region", default="us-east-1", show_default=True, help="Region of the resources.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(path: str, region: str, force: bool) -> None:
    """Write a spec to start from, costkit.yaml by default."""
    if os.path.exists(path) and not force:
        raise CostkitError([Problem("CK116", path, "this file is there already", "name another, or use --force")])
    from costkit.cli.options import price_book
    from costkit.inputs.binding import nearest

    regions = price_book().regions()
    if region not in regions:
        raise CostkitError([Problem("CK108", "--region", f"AWS has no region {region}", nearest(region, regions))])
    name = os.path.basename(os.path.dirname(os.path.abspath(path))) or "workload"
    quoted = name if name.replace("-", "").replace("_", "").isalpha() else "workload"
    write_file(path, [STARTER.format(path=path, name=quoted, region=region)])
    click.echo(f"wrote {path}; next: costkit estimate {path}")
