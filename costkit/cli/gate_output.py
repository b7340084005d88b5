"""Writes what a check or a diff found, in any format, whole before the process ends."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from importlib import import_module

import click

from costkit.cli.options import Asked
from costkit.cli.output import look_of, tell, write
from costkit.model.problem import CostkitError
from costkit.model.verdict import Check, Difference
from costkit.reports.ci.facts import ERROR, Facts, Notice

OWN = ("table", "json", "csv", "markdown")
PLATFORMS = {
    "junit": "as_junit",
    "sarif": "as_sarif",
    "github": "as_github",
    "gitlab": "as_gitlab",
    "gitlab-metrics": "as_gitlab_metrics",
    "dotenv": "as_dotenv",
}
FORMATS = (*OWN, *PLATFORMS)
# https://docs.github.com/en/actions/reference/workflows-and-actions/variables
SUMMARY = "GITHUB_STEP_SUMMARY"


def write_all(found: Check | Difference, asked: Asked) -> None:
    """Write to every file asked for, and to standard output; on GitHub the step's summary too, with ``-f github``."""
    write(lambda form, on_screen: _rendered(form, on_screen, found, asked), asked.format, asked.outputs, FORMATS)
    summary = os.environ.get(SUMMARY)
    if summary and asked.format == "github":
        try:
            with open(summary, "a", encoding="utf-8", errors="replace") as file:
                file.writelines(_rendered("markdown", False, found, asked))
        except OSError as error:
            # The verdict is what counts; a summary that cannot be written must not hide it.
            tell(f"warning: CK116 {summary}: the summary cannot be written: {error.strerror}")


def _rendered(form: str, on_screen: bool, found: Check | Difference, asked: Asked) -> Iterable[str]:
    room = "check" if isinstance(found, Check) else "diff"
    if form in PLATFORMS:
        facts = _in_repository(import_module(f"costkit.reports.ci.of_{room}").facts(found))
        rendered: Iterable[str] = import_module(f"costkit.reports.ci.{PLATFORMS[form]}").render(facts)
        return rendered
    render = import_module(f"costkit.reports.{room}.as_{form}").render
    if form == "table":
        width, color = look_of(on_screen, asked.color)
        table: Iterable[str] = render(found, color, width)
        return table
    own: Iterable[str] = render(found)
    return own


@contextlib.contextmanager
def annotated(asked: Asked) -> Iterator[None]:
    """What is wrong with the input as annotations at its lines too, where ``-f github`` asks for them."""
    try:
        yield
    except CostkitError as error:
        if asked.format == "github":
            notices = [
                Notice(ERROR, "input", found.code, f"{found.message}; {found.hint}", found.where, found.code)
                for found in error.problems
            ]
            from costkit.reports.ci.as_github import render

            for piece in render(_in_repository(Facts("check", tuple(notices), (), (), ()))):
                click.echo(piece, nl=False)
        raise


def _in_repository(facts: Facts) -> Facts:
    """The facts with files named from the root of the repository, as platforms know them."""
    root = os.getcwd()
    while not os.path.exists(os.path.join(root, ".git")):
        root, inner = os.path.split(root)
        if not inner:
            return facts
    return facts._replace(notices=tuple(n._replace(where=_from(root, n.where)) for n in facts.notices))


def _from(root: str, where: str) -> str:
    if not where or not os.path.exists(where.rpartition(":")[0] or where):
        return where
    inside = os.path.relpath(os.path.abspath(where), os.path.realpath(root))
    return where if inside.startswith("..") else inside
