"""``costkit optimize``: what to change, and what that saves."""

import os
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module

import click

from costkit.cli import exit_codes
from costkit.cli.answer import exit_code
from costkit.cli.files import Infrastructure, as_one_spec, project_spec, read, read_all, with_infrastructure_options
from costkit.cli.options import Asked, to_amount, with_own_prices, with_shared_options
from costkit.cli.output import look_of, warn, write, write_file
from costkit.inputs.binding import nearest
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.exact import ZERO
from costkit.model.finding import FINDING, WASTE, Advice
from costkit.model.problem import CostkitError, Problem
from costkit.model.spec import Spec
from costkit.optimize.advising import Measured, Wanted, advise
from costkit.optimize.applying import spec_text
from costkit.optimize.checks import codes
from costkit.optimize.observing import with_evidence
from costkit.optimize.power_tuning import POWER_TUNING, TunedPoint, read_power_tuning

FORMATS = ("table", "json", "csv", "markdown")
ANY = "any"


def to_codes(context: click.Context, param: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Codes of checks, however they are capitalised, as an option's callback."""
    words = (WASTE, ANY) if param.name == "fail_on" else ()
    found = []
    for value in values:
        code = value.lower() if value.lower() in words else value.upper()
        if code not in (*codes(), *words):
            hint = nearest(code, codes()) or f"one of {', '.join((*words, *codes()))}"
            raise click.BadParameter(f"no check {value!r}; {hint}")
        found.append(code)
    return tuple(found)


def to_pairs(context: click.Context, param: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    """``NAME=FILE`` options as a mapping, as an option's callback; a name may contain an equals sign."""
    pairs: dict[str, str] = {}
    for value in values:
        name, separator, path = value.rpartition("=")
        if not separator or not name or not path:
            raise click.BadParameter(f"{value!r} is not NAME=FILE")
        if name in pairs:
            raise click.BadParameter(f"two files for {name}")
        pairs[name] = path
    return pairs


@click.command("optimize")
@click.argument("files", nargs=-1, metavar="[FILE|SNAPSHOT]...")
@click.option("--check", "only", multiple=True, metavar="CODE", callback=to_codes, help="Only this check; repeatable.")
@click.option("--min-saving", metavar="AMOUNT", callback=to_amount, help="Only findings that save at least so much.")
@click.option("--apply", "new_file", metavar="FILE", help="Write the spec with all findings applied to a new file.")
@click.option(
    "--fail-on",
    multiple=True,
    metavar="CODE|waste|any",
    callback=to_codes,
    help="Exit 3 for such a finding; repeatable.",
)
@click.option(
    "--power-tuning",
    "tuned",
    multiple=True,
    metavar="NAME=FILE",
    callback=to_pairs,
    help="A result of AWS Lambda Power Tuning for a function; repeatable.",
)
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="What if: api.memory=1GB; repeatable.")
@with_infrastructure_options
@with_shared_options(FORMATS)
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    only: tuple[str, ...],
    min_saving: Decimal | None,
    new_file: str | None,
    fail_on: tuple[str, ...],
    tuned: dict[str, str],
    changes: tuple[str, ...],
    infrastructure: Infrastructure,
    asked: Asked,
) -> None:
    """Say what to change about specs, plans, templates or a snapshot of costkit collect, and what each change saves.

    FILE is costkit.yaml by default, - is stdin. Savings are differences of two estimates at list price.
    """
    paths = files or (project_spec(),)
    if new_file is not None:
        _refuse_target(new_file, paths)
    documents, observed = with_evidence(read_all(paths))
    document = change(as_one_spec(documents, infrastructure, asked.overrides.region), changes)
    if new_file is not None and document.translated is not None:
        hint = "change the plan's or template's own source; each finding says what"
        raise CostkitError(
            [Problem("CK525", new_file, "a plan, template or snapshot cannot be written as a spec", hint)]
        )
    asked = with_own_prices(asked, document)
    spec = read_spec(document, asked.book, asked.on, asked.overrides)
    wanted = Wanted(only, min_saving or ZERO)
    advice, changed = advise(
        document, spec, asked.book, asked.on, _measured(tuned, spec), wanted, asked.stale_after, observed
    )
    if new_file is not None:
        write_file(new_file, [spec_text(changed, asked.overrides)])
    write(lambda form, on_screen: _rendered(form, on_screen, advice, asked), asked.format, asked.outputs, FORMATS)
    warn(advice.problems, asked.quiet)
    context.exit(_exit_code(advice, fail_on, asked))


def _refuse_target(path: str, inputs: Iterable[str]) -> None:
    """A new file is new: never the input, nor anything else that is there already."""
    if os.path.exists(path) or path == "-":
        message = "this is the input" if any(_same(path, name) for name in inputs) else "is there already"
        raise CostkitError([Problem("CK116", path, message, "--apply writes a new file; name another one")])
    if not path.endswith((".yaml", ".yml")):
        raise CostkitError([Problem("CK116", path, "a spec is written as YAML", "name it .yaml")])


def _same(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def _measured(tuned: dict[str, str], spec: Spec) -> Measured:
    """The power tuning results by function; tells of all that is wrong with them."""
    problems: list[Problem] = []
    found: dict[str, dict[str, tuple[TunedPoint, ...]]] = {}
    types = {resource.name: resource.type for resource in spec.resources}
    for name, path in tuned.items():
        if types.get(name) != "lambda_function":
            functions = [known for known, kind in types.items() if kind == "lambda_function"]
            hint = nearest(name, functions) or "name a lambda_function of the spec"
            problems.append(Problem("CK526", f"--power-tuning {name}={path}", f"no Lambda function {name}", hint))
            continue
        try:
            found[name] = {POWER_TUNING: read_power_tuning(_result(path))}
        except CostkitError as error:
            problems += error.problems
    if problems:
        raise CostkitError(problems)
    return found


def _result(path: str) -> Document:
    document = read(path)
    if document.problems:
        raise CostkitError(document.problems)
    return document


def _rendered(form: str, on_screen: bool, advice: Advice, asked: Asked) -> Iterable[str]:
    render = import_module(f"costkit.reports.findings.as_{form}").render
    if form == "table":
        width, color = look_of(on_screen, asked.color)
        table: Iterable[str] = render(advice, width, color, asked.verbose)
        return table
    own: Iterable[str] = render(advice)
    return own


def _exit_code(advice: Advice, fail_on: Sequence[str], asked: Asked) -> int:
    """4 for something missing or stale where that matters, then 3 for a finding that must not be there."""
    code = exit_code(advice.complete, advice.problems, asked)
    if code:
        return code
    found = [finding for finding in advice.findings if finding.verdict == FINDING]
    if any(ANY in fail_on or finding.code in fail_on or finding.category in fail_on for finding in found):
        return exit_codes.GATE_FAILED
    return exit_codes.ANSWERED
