"""``costkit compare compute``: Lambda, Fargate and EC2 for one workload."""

from collections.abc import Callable, Iterable
from typing import Any

import click

from costkit.cli.answer import exit_code
from costkit.cli.files import Infrastructure, read_specs, with_infrastructure_options
from costkit.cli.option_groups import grouped
from costkit.cli.options import Asked, price_book, with_own_prices, with_shared_options
from costkit.cli.output import look_of, warn, write
from costkit.compare.compute import Narrowed, compare_compute
from costkit.compare.workload import LAMBDA, Needs, Workload, read_needs, read_workload
from costkit.inputs.binding import Field, fields_of, nearest
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.comparison import Comparison
from costkit.model.kind import Flag, Kind
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem

FORMATS = ("table", "json", "csv", "markdown", "chart", "svg")
DRAWN = ("chart", "svg")
SHOWN = 10
FUNCTION = {
    "requests": "Requests a month; for example 30M, 40/s or 10M..30M..90M",
    "duration": "Duration of a request; for example 120 ms",
    "memory": "Memory of a request; for example 512 MB  [default: Lambda's]",
}


def with_workload_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function the workload as options: ``function`` and ``needs``, as they were written."""
    fields = fields_of(Needs)

    def wrapper(**values: Any) -> Any:
        function = {name: values.pop(name) for name in FUNCTION}
        needs = {field.name: values.pop(field.name) for field in fields}
        return command(function=_given(function), needs=_given(needs), **values)

    options = [click.Option([f"--{name}"], metavar="VALUE", help=about) for name, about in FUNCTION.items()]
    for field in fields:
        flag = f"--{field.name.replace('_', '-')}"
        if isinstance(field.kind, Flag):
            options.append(click.Option([flag, field.name], is_flag=True, default=None, help=field.about))
        elif isinstance(field.kind, Kind):
            options.append(click.Option([flag, field.name], metavar="VALUE", help=_about(field)))
    return grouped(command, wrapper, first=options)


def _about(field: Field) -> str:
    """The help of an option: what it is about, how it is written, and what holds without it."""
    wanted = f"; {field.kind.wanted()}" if isinstance(field.kind, Kind) else ""
    default = Needs._field_defaults.get(field.attribute)
    return f"{field.about}{wanted}" + (f"  [default: {default}]" if default else "")


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _complete_type(context: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [kind for kind in price_book().specs("ec2_instance") if kind.startswith(incomplete)]


@click.command("compute")
@click.argument("file", required=False)
@click.argument("resource", required=False)
@with_workload_options
@click.option(
    "--instance-type",
    "instance_types",
    multiple=True,
    metavar="TYPE",
    shell_complete=_complete_type,
    help="Only this instance type, or pattern (m7g.*); repeatable.",
)
@click.option(
    "--purchase",
    "purchases",
    multiple=True,
    metavar="PURCHASE",
    help="Only instances and tasks bought like this: on_demand, spot, standard_reserved.3y.*; repeatable.",
)
@click.option("--all", "everything", is_flag=True, help=f"Show all options, not only the {SHOWN} cheapest.")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if, in FILE; repeatable.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    file: str | None,
    resource: str | None,
    function: dict[str, str],
    needs: dict[str, Any],
    instance_types: tuple[str, ...],
    purchases: tuple[str, ...],
    everything: bool,
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Compare Lambda, Fargate and EC2 for one workload, and find from how many requests on Lambda costs more.

    The workload is given by options, or is that of RESOURCE in FILE (a Lambda function), over which options come.

    \b
    costkit compare compute --requests 30M --duration "120 ms" --memory "512 MB" --region us-east-1
    costkit compare compute costkit.yaml api --with-entry -o svg=api.svg
    """
    if file is None and (changes or infrastructure.usage is not None):
        raise click.UsageError("--set and --usage are about a FILE, and none is named")
    if file is None:
        workload = _read(_described(function), "workload", needs, asked, present=False)
    else:
        document = change(read_specs((file,), infrastructure, asked.overrides.region), changes)
        asked = with_own_prices(asked, document)
        name = _chosen(document, resource)
        workload = _read(_over(document, name, function), name, needs, asked, present=True)
    narrowed = Narrowed(instance_types, purchases)
    drawn = any(form in DRAWN for form in _forms(asked))
    found = compare_compute(workload, asked.book, asked.on, narrowed, asked.stale_after, drawn)
    context.exit(_answered(found, asked, None if everything else SHOWN))


def _described(function: dict[str, str]) -> Document:
    """The workload of the options, as a spec of one function with the flag of each part."""
    name = "workload"
    tree = {"version": "1", "resources": {name: {"type": LAMBDA, **function}}}
    flags: dict[Path, str] = {("resources", name, field): f"--{field}" for field in FUNCTION}
    flags["region",] = flags["resources", name, "region"] = "--region"
    return Document("command line", tree, {}, (), flags=flags)


def _chosen(document: Document, resource: str | None) -> str:
    """The name of the function to compare: the one named, or the only one there is."""
    tree = document.tree.get("resources") if isinstance(document.tree, dict) else None
    entries = tree if isinstance(tree, dict) else {}
    functions = [str(n) for n, entry in entries.items() if isinstance(entry, dict) and entry.get("type") == LAMBDA]
    if resource is None and len(functions) == 1:
        return functions[0]
    known = f"functions: {', '.join(functions[:10])}" if functions else "it has no lambda_function"
    if resource is None:
        raise CostkitError([Problem("CK117", document.name, "which function is to be compared?", known)])
    if resource not in entries:
        hint = nearest(resource, functions) or known
        raise CostkitError([Problem("CK117", document.name, f"no resource {resource}", hint)])
    if resource not in functions:
        where = document.where(("resources", resource))
        raise CostkitError([Problem("CK113", where, f"{resource} is no lambda_function", known)])
    return resource


def _over(document: Document, name: str, function: dict[str, str]) -> Document:
    """The document with what flags say about the function."""
    if not function:
        return document
    changed = change(document, [f"{name}.{field}={value}" for field, value in function.items()])
    flags: dict[Path, str] = {("resources", name, field): f"--{field}" for field in function}
    return changed._replace(flags={**changed.flags, **flags})


def _read(document: Document, name: str, needs: dict[str, Any], asked: Asked, present: bool) -> Workload:
    try:
        spec = read_spec(document, asked.book, asked.on, asked.overrides)
    except CostkitError as error:
        raise CostkitError([*error.problems, *read_needs(needs)[1]]) from None
    memory = asked.book.fact(LAMBDA, "memory_default", asked.on).value
    return read_workload(spec, name, needs, memory, present)


def _forms(asked: Asked) -> list[str]:
    """The formats that are going to be written, or may be."""
    return [asked.format or "", *(output.partition("=")[0] for output in _targets(asked))]


def _targets(asked: Asked) -> tuple[str, ...]:
    """The files to write, with the format of those whose name says that they are pictures."""
    named = asked.format is None
    return tuple(f"svg={o}" if named and o.endswith(".svg") and "=" not in o else o for o in asked.outputs)


def _answered(found: Comparison, asked: Asked, most: int | None) -> int:
    """Write the comparison and say what is doubtful; returns the exit code."""

    def rendered(form: str, on_screen: bool) -> Iterable[str]:
        return _rendered(found, form, on_screen, asked, most)

    write(rendered, asked.format, _targets(asked), FORMATS)
    warn(found.problems, asked.quiet)
    best = found.best
    return exit_code(best is not None, best.estimate.problems if best else (), asked)


def _rendered(found: Comparison, form: str, on_screen: bool, asked: Asked, most: int | None) -> Iterable[str]:
    width, color = look_of(on_screen, asked.color)
    if form == "table":
        from costkit.reports.compare import as_table

        return as_table.render(found, width, color, most)
    if form == "markdown":
        from costkit.reports.compare import as_markdown

        return as_markdown.render(found, most)
    if form == "chart":
        from costkit.reports.compare import as_chart

        return as_chart.render(found, width)
    from costkit.reports.compare import as_csv, as_json, as_svg

    renderers: dict[str, Callable[[Comparison], Iterable[str]]] = {
        "json": as_json.render,
        "csv": as_csv.render,
        "svg": as_svg.render,
    }
    return renderers[form](found)
