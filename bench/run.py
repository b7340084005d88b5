"""Measures costkit against floors in the same run: ``make bench``, or ``python bench/run.py [ROUNDS]``.

Builds the wheel, installs it with its dependencies into a fresh environment, and times whole processes in turn, so that
a machine whose speed drifts slows all of them alike. Prints a Markdown table of ratios.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
HELLO = "import click\n@click.command()\ndef hello():\n    click.echo('hello')\nhello()\n"
FOUR = "import click, yaml, tabulate, pydantic\n"
ONE_LINE = ["lambda", "--requests", "30M", "--duration", "120 ms", "--memory", "512 MB", "--region", "eu-west-1"]
EC2_LINE = ["ec2", "--instance-type", "m7g.large", "--region", "us-east-1", "-q"]
LOOKUP = """
import time
from costkit.pricebook.book import PriceBook
start = time.perf_counter()
price = PriceBook().price("ec2_instance", "on_demand", "m7g.large", "us-east-1", "2026-11-21")
print((time.perf_counter() - start) * 1000 if price else 1e9)
"""
COMMITMENT = """
import random, time
from array import array
from fractions import Fraction
from costkit.compare.commitments_fast import demand_of
from costkit.compare.commitments_stack import Column, Layer, Stack
chance = random.Random(1)
layers = [Layer(Fraction(chance.randint(50, 90), 100), Fraction(1)) for _ in range(1_000)]
layers.sort(key=lambda layer: layer.rate)
columns = [Column(array("q", (chance.randint(0, 10**6) for _ in range(8_760))), 10**6) for _ in layers]
stack = Stack(layers, columns)
start = time.perf_counter()
demand_of(stack).best(Fraction(1), Fraction(1, 1000))
print(time.perf_counter() - start)
"""
GRID = """
import time
from decimal import Decimal, localcontext
from costkit.compare.compute_break_even import Side
from costkit.compare.compute_engine import Engine
from costkit.compare.workload import read_workload
from costkit.library import read_spec
from costkit.model.exact import EXACT
from costkit.pricebook.book import PriceBook
book, day, count = PriceBook(), "2026-11-21", 0
start = time.perf_counter()
for region in [name for name in book.regions() if name != "global"][:30]:
    function = {"type": "lambda_function", "requests": "30M", "duration": "120 ms", "memory": "512 MB"}
    spec = read_spec({"region": region, "resources": {"w": function}}, on=day, book=book)
    engine = Engine(read_workload(spec, "w", {}, Decimal(128), present=False), book, day)
    with localcontext(EXACT):
        for machine in engine.ways.machines():
            if engine.sells(machine, "on_demand"):
                side = Side(engine, engine.ways.of_ec2(machine, "on_demand"))
                count += len([side.cost(Decimal(volume * 5_000_000)) for volume in range(1, 21)])
print(count, time.perf_counter() - start)
"""


def environment(place: Path) -> Path:
    """A fresh virtual environment with the built wheel; returns its bin directory."""
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", place, ROOT], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    binaries = place / "venv" / "bin"
    [wheel] = place.glob("*.whl")
    pip = [binaries / "python", "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", f"{wheel}[fast]"]
    subprocess.run(pip, check=True)
    return binaries


def timed(command: list[str | Path], home: Path) -> float:
    """Seconds that a whole process takes."""
    variables = {"HOME": str(home), "PATH": os.environ["PATH"]}
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=home, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def in_turn(commands: dict[str, list[str | Path]], rounds: int, home: Path) -> dict[str, list[float]]:
    """Each command timed once a round, after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for count in range(rounds + 1):
        for name, command in commands.items():
            seconds = timed(command, home)
            if count:
                times[name].append(seconds)
    return times


def spec_of_twenty() -> str:
    """A spec with twenty resources of four types."""
    lines = ["version: 1", "name: twenty", "region: us-east-1", "resources:"]
    for place in range(5):
        lines.append(
            f"  api{place}: {{type: lambda_function, memory: 512 MB, requests: {place + 1}M, duration: 120 ms}}"
        )
        lines.append(
            f"  vm{place}: {{type: ec2_instance, instance_type: m7g.large, volumes: [{{kind: gp3, size: 100 GB}}]}}"
        )
        lines.append(f"  warehouse{place}: {{type: redshift_cluster, node_type: ra3.xlplus, nodes: 2}}")
        lines.append(f"  queue{place}: {{type: sqs_queue, requests: 5M}}")
    return "\n".join(lines) + "\n"


def fleet(size: int) -> str:
    """A JSON spec of many resources of five types."""
    kinds = (
        lambda n: {"type": "lambda_function", "memory": "512 MB", "requests": f"{n % 90 + 1}M", "duration": "120 ms"},
        lambda n: {
            "type": "ec2_instance",
            "instance_type": "m7g.large",
            "volumes": [{"kind": "gp3", "size": "100 GB"}],
        },
        lambda n: {"type": "sqs_queue", "requests": 5_000_000 + n},
        lambda n: {"type": "fargate_task", "vcpu": "0.5", "memory": "1 GB"},
        lambda n: {"type": "s3_bucket", "storage": "10 TB", "put_requests": "1M", "get_requests": "10M"},
    )
    resources = {f"r{n}": kinds[n % len(kinds)](n) for n in range(size)}
    return json.dumps({"version": 1, "region": "us-east-1", "resources": resources})


LIMITS = """version: 1
budgets:
  - {name: total, limit: 100000 USD, warn_at: 80%}
  - {name: web, scope: {tags: {team: web}}, limit: 50000 USD, against: high}
rules:
  - {name: residency, allow_regions: ["us-*"]}
  - {name: ticket, max_per_resource: 2000 USD}
"""
GROWTH = "  - {name: growth, max_increase: {percent: 100, amount: 5000 USD}}\n"
USAGE = """version: 1
defaults:
  lambda_function: {requests: {low: 1M, expected: 2M, high: 3M}, duration: 100 ms}
  sqs_queue: {requests: 1M}
"""


def plan(size: int) -> str:
    """A Terraform plan of many resources of five types, a tenth of which change."""
    volume = {"volume_type": "gp3", "volume_size": 20, "iops": 3000, "throughput": 125}
    kinds: dict[str, dict[str, object]] = {
        "aws_lambda_function": {"memory_size": 512, "architectures": ["arm64"], "tags_all": {"team": "web"}},
        "aws_instance": {"instance_type": "m7g.large", "root_block_device": [volume]},
        "aws_sqs_queue": {"fifo_queue": False},
        "aws_ebs_volume": {"type": "gp3", "size": 100, "iops": 3000, "throughput": 125},
        "aws_iam_role": {"name": "role"},
    }
    resources, changes = [], []
    for place in range(size):
        kind = list(kinds)[place % len(kinds)]
        own = {"address": f"{kind}.x[{place}]", "mode": "managed", "type": kind, "name": "x", "index": place}
        resources.append({**own, "values": kinds[kind]})
        before = kinds[kind] if place % 10 else None
        changes.append({**own, "change": {"actions": ["no-op"], "before": before, "after": kinds[kind]}})
    listed = [{"type": kind, "name": "x", "provider_config_key": "aws"} for kind in kinds]
    provider = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}}
    tree = {"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}
    tree |= {"resource_changes": changes, "configuration": {"provider_config": provider}}
    tree["configuration"]["root_module"] = {"resources": listed}
    return json.dumps(tree)


def row(name: str, seconds: list[float], floor: list[float], target: str) -> str:
    """A line of the table: the median, and the median of the ratios to the floor round by round."""
    ratios = [mine / its for mine, its in zip(seconds, floor, strict=True)]
    best = min(seconds) / min(floor)
    milliseconds = statistics.median(seconds) * 1000
    return f"| {name} | {milliseconds:.0f} ms | {statistics.median(ratios):.2f} | {best:.2f} | {target} |"


def processes(home: Path, binaries: Path, rounds: int) -> None:
    """Whole processes, each beside its floor."""
    python, costkit = binaries / "python", binaries / "costkit"
    (home / "hello.py").write_text(HELLO)
    (home / "four.py").write_text(FOUR)
    (home / "twenty.yaml").write_text(spec_of_twenty())
    (home / "plan.json").write_text(plan(1_000))
    (home / "usage.yaml").write_text(USAGE)
    (home / "limits.yaml").write_text(LIMITS)
    (home / "growth.yaml").write_text(LIMITS.replace("rules:", f"{GROWTH}rules:"))
    on_plan: list[str | Path] = ["plan.json", "--usage", "usage.yaml", "-q"]
    seconds = in_turn(
        {
            "hello": [python, "hello.py"],
            "version": [costkit, "--version"],
            "lambda": [costkit, *ONE_LINE],
            "ec2": [costkit, *EC2_LINE],
            "four": [python, "four.py"],
            "twenty": [costkit, "estimate", "twenty.yaml", "-q"],
            "plan": [costkit, "estimate", *on_plan],
            "gate": [costkit, "check", *on_plan, "--budget", "limits.yaml"],
            "growth": [costkit, "check", *on_plan, "--budget", "growth.yaml"],
        },
        rounds,
        home,
    )
    print("| whole process | median | ratio, median | ratio of the best | at most |")
    print("| --- | --- | --- | --- | --- |")
    for title, measured, floor, target in (
        ("click hello (floor)", "hello", "hello", ""),
        ("`costkit --version`", "version", "hello", ""),
        ("`costkit lambda ...`", "lambda", "hello", "1.3"),
        ("`costkit ec2 ...`", "ec2", "hello", ""),
        ("import click, yaml, tabulate, pydantic (floor)", "four", "four", ""),
        ("`costkit estimate`, 20 resources", "twenty", "four", "1.2"),
        ("`costkit estimate`, a plan of 1,000 (floor)", "plan", "plan", ""),
        ("`costkit check` of it: limits and rules", "gate", "plan", "1.5"),
        ("the same with growth against the plan's own before", "growth", "plan", ""),
    ):
        print(row(title, seconds[measured], seconds[floor], target))


def fleets(home: Path, costkit: Path) -> None:
    """Fleets of three sizes, with the most memory so far."""
    print("| fleet as JSON, answered as JSON | seconds | a resource | memory |")
    print("| --- | --- | --- | --- |")
    for size in (1_000, 10_000, 100_000):
        (home / "fleet.json").write_text(fleet(size))
        seconds = timed([costkit, "estimate", "fleet.json", "-q", "-o", "out.json"], home)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"| {size:,} | {seconds:.1f} | {seconds / size * 1e6:.0f} us | {memory} MB |")


def main() -> None:
    """Measure everything and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        binaries = environment(home)

        def answer(program: str) -> str:
            done = subprocess.run([binaries / "python", "-c", program], cwd=home, capture_output=True, check=True)
            return done.stdout.decode()

        processes(home, binaries, rounds)
        lookups = [float(answer(LOOKUP)) for _ in range(rounds)]
        print(f"\nA cold EC2 lookup: {statistics.median(lookups):.1f} ms (at most 5).\n")
        fleets(home, binaries / "costkit")
        years = [float(answer(COMMITMENT)) for _ in range(3)]
        print(f"\nThe best savings plan for 8,760 hours of 1,000 kinds: {statistics.median(years):.2f} s (at most 1)\n")
        costs, seconds = answer(GRID).split()
        print(f"All types, 30 regions, 20 volumes: {int(costs):,} costs in {float(seconds):.1f} s (at most 5).")


main()
