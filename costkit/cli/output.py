"""Where answers go: standard output, or files that are whole or not there at all."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator

import click

from costkit.model.problem import CostkitError, Problem

Render = Callable[[str, bool], Iterable[str]]
BY_SUFFIX = {".json": "json", ".csv": "csv", ".md": "markdown"}


def write(render: Render, chosen_format: str | None, outputs: tuple[str, ...], formats: tuple[str, ...]) -> None:
    """Render to each ``[FORMAT=]FILE`` asked for, and to standard output if none was or ``-f`` was given too.

    ``render`` takes a format and whether it goes to standard output. Raises CostkitError if a file
    cannot be written; no file is left half-written.
    """
    for output in outputs:
        prefix, separator, path = output.partition("=")
        if separator and prefix in formats:
            chosen = prefix
        else:
            chosen, path = chosen_format or BY_SUFFIX.get(os.path.splitext(output)[1], "table"), output
        if path == "-":
            _print(render(chosen, True))
        else:
            write_file(path, render(chosen, False))
    prefixed = [output for output in outputs if output.partition("=")[0] in formats]
    if not outputs or (chosen_format is not None and len(prefixed) == len(outputs)):
        _print(render(chosen_format or "table", True))


def write_file(path: str, pieces: Iterable[str]) -> None:
    """Write a file beside its final place, then rename it there."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CostkitError(
            [Problem("CK116", path, f"cannot be written: {reason}", "is there such a directory?")]
        ) from None
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def _print(pieces: Iterable[str]) -> None:
    for piece in _gathered(pieces):
        click.echo(piece, nl=False, color=True)
    sys.stdout.flush()


def _gathered(pieces: Iterable[str], size: int = 1 << 16) -> Iterator[str]:
    """Small pieces joined to larger ones: a write a line is slow for a large fleet."""
    gathered: list[str] = []
    length = 0
    for piece in pieces:
        gathered.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(gathered)
            gathered, length = [], 0
    yield "".join(gathered)


def wants_color(choice: str) -> bool:
    """Whether to colour standard output: asked for, or a terminal that nobody asked to keep plain."""
    if choice != "auto":
        return choice == "always"
    environment = os.environ
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return bool(environment.get("FORCE_COLOR")) or sys.stdout.isatty()


def screen_width() -> int | None:
    """The columns of the terminal, or None where the answer goes into a pipe or file."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None
