"""Where answers go: standard output, or files that are whole or not there at all."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from costkit.model.problem import CostkitError, Problem

Render = Callable[[str, bool], Iterable[str]]
BY_SUFFIX = {".json": "json", ".csv": "csv", ".md": "markdown", ".sarif": "sarif", ".xml": "junit", ".env": "dotenv"}
BY_SUFFIX |= {".svg": "svg", ".parquet": "parquet"}
# Who writes a file of such a name wants what is not written; a table of that name would not open.
NOT_WRITTEN = (".xlsx", ".xls", ".ods", ".gz", ".zst", ".zip", ".html", ".pdf")


def write(render: Render, chosen_format: str | None, outputs: tuple[str, ...], formats: tuple[str, ...]) -> None:
    """Render to each ``[FORMAT=]FILE`` asked for, and to standard output if none was or ``-f`` was given too.

    ``render`` takes a format and whether it goes to standard output. Raises CostkitError if a file
    cannot be written; no file is left half-written.
    """
    for form, path in targets_of(chosen_format, outputs, formats):
        if path == "-":
            _print(render(form, True))
        else:
            write_file(path, render(form, False))


def targets_of(chosen_format: str | None, outputs: tuple[str, ...], formats: tuple[str, ...]) -> list[tuple[str, str]]:
    """The format and the path of each answer; ``-`` is standard output. The first format is the default one.

    Raises CostkitError for formats that do not exist, and for two answers in one place.
    """
    targets = [_target(output, chosen_format, formats) for output in outputs]
    places = [path if path == "-" else os.path.realpath(path) for _, path in targets]
    for place in places:
        if places.count(place) > 1:
            raise unwritable(place, "two answers would go to one place", "name a file for each")
    prefixed = all(output.partition("=")[0] in formats for output in outputs)
    if not outputs or (chosen_format is not None and prefixed):
        targets.append((chosen_format or formats[0], "-"))
    return targets


def _target(output: str, chosen_format: str | None, formats: tuple[str, ...]) -> tuple[str, str]:
    """The format and the path of one ``-o``."""
    prefix, separator, path = output.partition("=")
    if separator and prefix.isalpha() and prefix not in formats:
        raise unwritable(
            output, f"no format {prefix}", f"one of {', '.join(formats)}; a file of that name is ./{output}"
        )
    if separator and prefix in formats:
        form = prefix
    else:
        ending = os.path.splitext(output)[1].lower()
        if ending in NOT_WRITTEN and chosen_format is None:
            raise unwritable(
                output, f"no {ending} is written", f"one of {', '.join(formats)}; FORMAT=FILE names any file"
            )
        suffix = BY_SUFFIX.get(ending, formats[0])
        form, path = chosen_format or (suffix if suffix in formats else formats[0]), output
    if not path:
        raise unwritable(output, "no file is named", "write for example json=estimate.json")
    return form, path


def write_file(path: str, pieces: Iterable[str]) -> None:
    """Write a file beside its final place, then rename it there; a link's own file is replaced, not the link.

    Pipes and devices cannot be replaced and are written to as they are.
    """
    write_bytes(path, (piece.encode() for piece in pieces))


def write_bytes(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file as ``write_file`` does, from bytes."""
    real = os.path.realpath(path)
    if os.path.isdir(real):
        raise unwritable(path, "this is a directory", "name a file in it")
    if os.path.exists(real) and not os.path.isfile(real):
        _write_through(path, pieces)
        return
    with replacing(path) as temporary, open(temporary, "wb") as file:
        file.writelines(pieces)


@contextmanager
def replacing(path: str) -> Iterator[str]:
    """A file to write beside its final place; whole, it takes that place, with the mode of what it replaces.

    Raises CostkitError if it cannot be written.
    """
    real = os.path.realpath(path)
    temporary = f"{real}.{os.getpid()}.tmp"
    try:
        yield temporary
        if os.path.exists(real):
            os.chmod(temporary, os.stat(real).st_mode & 0o7777)
        os.replace(temporary, real)
    except OSError as error:
        raise unwritable(path, f"cannot be written: {error.strerror}", "is there such a directory?") from None
    except CostkitError as error:
        # Nobody asked for the file beside the place.
        raise CostkitError(
            [one._replace(where=path) if one.where == temporary else one for one in error.problems]
        ) from None
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def _write_through(path: str, pieces: Iterable[bytes]) -> None:
    try:
        with open(path, "wb") as file:
            file.writelines(pieces)
    except OSError as error:
        raise unwritable(path, f"cannot be written: {error.strerror}", "") from None


def unwritable(where: str, message: str, hint: str) -> CostkitError:
    """The error for a place that an answer cannot go to."""
    return CostkitError([Problem("CK116", where, message, hint)])


def _print(pieces: Iterable[str]) -> None:
    try:
        for piece in _gathered(pieces):
            click.echo(piece, nl=False, color=True)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has had enough. The verdict is the same, and is still to be said by the exit code.
        silence(sys.stdout)


def silence(stream: TextIO) -> None:
    """Send what is still written to a closed stream nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(message: str) -> None:
    """Say something on standard error, whether or not anybody listens."""
    try:
        click.echo(harmless_lines(message), err=True)
    except BrokenPipeError:
        silence(sys.stderr)


def warn(problems: Iterable[Problem], quiet: bool = False) -> None:
    """Say on standard error what is missing or doubtful, as far as the answer goes elsewhere."""
    if not quiet:
        for problem in problems:
            tell(f"{problem.severity}: {problem}")


def harmless_lines(text: str) -> str:
    """A message without what could steer a terminal; its own line breaks stay."""
    # Imported here: most commands have nothing to say.
    from costkit.reports.wording import leading

    return "\n".join(leading(line) for line in text.split("\n"))


def width_of(on_screen: bool) -> int | None:
    """The width that an answer has to fit: that of the screen, if it goes there."""
    return screen_width() if on_screen else None


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


def look_of(on_screen: bool, color: str) -> tuple[int | None, bool]:
    """The width that a table has to fit, and whether it is coloured, by where it goes and what ``--color`` says."""
    return (screen_width(), wants_color(color)) if on_screen else (None, color == "always")


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
    # A terminal that does not know its width says 0.
    return (os.get_terminal_size(sys.stdout.fileno()).columns or None) if sys.stdout.isatty() else None
