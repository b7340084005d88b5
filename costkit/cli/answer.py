"""From a spec to an answered command: estimate, render, warn, exit code."""

from collections.abc import Iterable
from importlib import import_module

from costkit.cli import exit_codes
from costkit.cli.options import FORMATS, Asked
from costkit.cli.output import look_of, warn, write
from costkit.estimating import estimate
from costkit.inputs.documents import Document
from costkit.model.charge import Estimate
from costkit.model.problem import Problem
from costkit.model.spec import Spec

STALE = "CK203"
# Looking for savings prices a spec many times over: for a spec of this size nobody notices.
MOST_FOR_HINTS = 12
MOST_HINTS = 3


def answer(document: Document, spec: Spec, asked: Asked, only: str = "", hints: bool = False) -> int:
    """Estimate a spec and write the answer, in a table with savings ``hints``; returns the exit code.

    ``only`` is the one resource to explain; all of them if it is empty.
    """
    result = estimate(spec, asked.book, asked.on, asked.stale_after)

    def rendered(form: str, on_screen: bool) -> Iterable[str]:
        if form == "table":
            from costkit.reports.as_table import render

            width, color = look_of(on_screen, asked.color)
            return render(result, width, color, _hints(document, spec, asked) if hints else ())
        if form == "explain":
            return _explained(result, document, spec, asked, only)
        lines: Iterable[str] = import_module(f"costkit.reports.as_{form}").render(result)
        return lines

    write(rendered, asked.format, asked.outputs, FORMATS)
    warn(result.problems, asked.quiet)
    return exit_code(result.complete, result.problems, asked)


def _hints(document: Document, spec: Spec, asked: Asked) -> Iterable[str]:
    """A line for each of the largest savings that a small spec has in it."""
    if len(spec.resources) > MOST_FOR_HINTS:
        return
    from costkit.optimize.advising import advise
    from costkit.reports.findings.sentences import hint

    advice, _ = advise(document, spec, asked.book, asked.on)
    found = [finding for finding in advice.findings if finding.saving is not None and finding.saving.expected > 0]
    found.sort(key=lambda finding: -(finding.saving.expected if finding.saving else 0))
    for finding in found[:MOST_HINTS]:
        yield hint(finding)
    if found:
        yield "costkit optimize says why, and what to write."


def _explained(result: Estimate, document: Document, spec: Spec, asked: Asked, only: str) -> Iterable[str]:
    from costkit.inputs.origins import origins
    from costkit.reports.as_explanation import Input, render

    inputs = {name: [Input(*given) for given in found] for name, found in origins(document, spec).items()}
    return render(result, inputs, asked.book.source_titles(), only)


def exit_code(complete: bool, problems: Iterable[Problem], asked: Asked) -> int:
    """0, or 4 for something missing (``--strict``) or stale (``--strict`` or ``--max-age``)."""
    lacking = asked.strict and not complete
    late = asked.refuses_stale and is_stale(problems)
    return exit_codes.INCOMPLETE if lacking or late else exit_codes.ANSWERED


def is_stale(problems: Iterable[Problem]) -> bool:
    """Whether there are prices that nobody has seen for too long."""
    return any(problem.code == STALE for problem in problems)
