"""Which file a command is about: the one named, standard input, or the project's own."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import click

from costkit.cli.option_groups import grouped
from costkit.inputs.documents import Document, read_bytes, read_file
from costkit.inputs.infrastructure import as_specs
from costkit.inputs.what_if import merged
from costkit.model.problem import CostkitError, Problem

DEFAULT = "costkit.yaml"
First = TypeVar("First")
Second = TypeVar("Second")


def read(path: str | None) -> Document:
    """Read the spec at a path; ``-`` is standard input, None the ``costkit.yaml`` of the project."""
    if path == "-":
        return read_bytes(sys.stdin.buffer.read() if sys.stdin else b"", "stdin")
    return read_file(path or project_spec())


def read_all(paths: tuple[str, ...]) -> list[Document]:
    """Read several specs, or the project's own if none is named; tells of all that cannot be read."""
    if len(paths) <= 1:
        return [read(paths[0] if paths else None)]
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            documents.append(read(path))
        except CostkitError as error:
            problems += error.problems
    if problems:
        raise CostkitError(problems)
    return documents


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """The answers of both. Raises CostkitError with all that is wrong with either, so that one run tells everything."""
    try:
        one = first()
    except CostkitError as error:
        try:
            second()
        except CostkitError as further:
            raise CostkitError([*error.problems, *further.problems]) from None
        raise
    return one, second()


class Infrastructure(NamedTuple):
    """What the options say about plans and templates: a usage file, and the parameters of templates."""

    usage: Document | None
    parameters: Mapping[str, str]


def with_infrastructure_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a function the options of plans and templates, as one ``infrastructure`` argument."""

    def wrapper(usage: str | None, parameters: tuple[str, ...], **values: Any) -> Any:
        document = None if usage is None else read(usage)
        return command(infrastructure=Infrastructure(document, pairs(parameters)), **values)

    options = [
        click.Option(
            ["--usage", "--usage-file", "usage"],
            metavar="FILE",
            help="Usage of a plan or template, by address; costkit init --from writes one.",
        ),
        click.Option(
            ["--parameter", "parameters"],
            multiple=True,
            metavar="KEY=VALUE",
            help="Of a template; repeatable.",
        ),
    ]
    return grouped(command, wrapper, options)


def pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """``KEY=VALUE`` texts of ``--parameter`` as a mapping."""
    found = {}
    for text in texts:
        key, separator, value = text.partition("=")
        if not separator or not key:
            raise click.BadParameter(f"{text!r} is not KEY=VALUE", param_hint="--parameter")
        found[key] = value
    return found


def read_specs(
    paths: tuple[str, ...], infrastructure: Infrastructure, region: str | None, before: bool = False
) -> Document:
    """Read specs, plans and templates as one spec; ``before`` takes what stood before a plan's change."""
    return as_one_spec(read_all(paths), infrastructure, region, before)


def as_one_spec(
    documents: list[Document], infrastructure: Infrastructure, region: str | None, before: bool = False
) -> Document:
    """Documents already read as one spec."""
    return merged(as_specs(documents, infrastructure.usage, region, infrastructure.parameters, before))


def project_spec() -> str:
    """The nearest ``costkit.yaml`` from here up to the root of the git repository."""
    directory = os.getcwd()
    while True:
        path = os.path.join(directory, DEFAULT)
        if os.path.isfile(path):
            return os.path.relpath(path)
        parent = os.path.dirname(directory)
        if os.path.exists(os.path.join(directory, ".git")) or parent == directory:
            hint = "name a file, or let costkit init write one"
            raise CostkitError([Problem("CK101", DEFAULT, "no spec here nor above, up to the git root", hint)])
        directory = parent
