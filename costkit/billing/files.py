"""The files of a bill: one, several, or folders with a folder a billing period."""

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from costkit.model.problem import CostkitError, Problem

CSV, PARQUET, TABLE = "csv", "parquet", "table"
SUFFIXES = {".csv": CSV, ".csv.gz": CSV, ".csv.zst": CSV, ".parquet": PARQUET}
# What a legacy report may be: https://docs.aws.amazon.com/cur/latest/userguide/understanding-report-versions.html
ZIP = ".zip"
ZIPPED, UNZIP = "a zip archive is not read", "unpack it, and leave the archive out"
# The engine takes these in a file's name for a pattern of names.
PATTERNS = "*?[{"


class BillFiles(NamedTuple):
    """The files of one bill, all of one format; of a table, its name. ``called`` names a bill that has no path."""

    format: str
    paths: tuple[str, ...]
    called: str = ""

    @property
    def name(self) -> str:
        """What messages call the bill."""
        others = len(self.paths) - 1
        return self.called or (f"{self.paths[0]} and {others} more" if others else self.paths[0])


def find(paths: Sequence[str]) -> BillFiles:
    """The files under the paths of a bill. Raises CostkitError if there are none, or of two formats."""
    problems: list[Problem] = []
    found: list[tuple[str, str]] = []
    for path in paths:
        if not os.path.exists(path):
            problems.append(Problem("CK601", path, "no such file or folder", "name a bill, or the folder of an export"))
            continue
        unread: list[Problem] = []
        files = list(_files(path, unread))
        unread += [Problem("CK601", file, ZIPPED, UNZIP) for file in files if is_zipped(file)]
        own = [(form, file) for file in files if (form := form_of(file))]
        problems += unread
        if not own and not unread:
            hint = "a bill is .csv, .csv.gz or .parquet"
            problems.append(Problem("CK601", path, "no bill in here", hint))
        found += own
    problems += [problem for _, file in found if (problem := _misnamed(file) or _refusal(file))]
    formats = {form for form, _ in found}
    if len(formats) > 1:
        problems.append(Problem("CK601", found[0][1], "CSV and Parquet files together", "report them one by one"))
    if problems:
        raise CostkitError(problems)
    unique = dict.fromkeys(os.path.realpath(file) for _, file in found)
    return BillFiles(formats.pop(), tuple(unique))


def _refusal(file: str) -> Problem | None:
    """What keeps a file from being read at all, if anything."""
    try:
        with open(file, "rb") as opened:
            empty = not opened.read(1)
    except OSError as error:
        return _closed(file, "file", error)
    return Problem("CK601", file, "the file is empty", "fetch it again, or leave it out") if empty else None


def _misnamed(file: str) -> Problem | None:
    """What keeps an engine from finding a file by its whole name, if anything."""
    name = os.path.realpath(file)
    written = name.encode(errors="replace").decode()
    hint = "rename the file, or the folder that is called so"
    if written != name:
        return Problem("CK601", written, "a name that is no text in UTF-8", hint)
    if any(sign in name for sign in PATTERNS):
        return Problem("CK601", name, "a name that reads like a pattern", hint)
    return None


def _closed(path: str, what: str, error: OSError) -> Problem:
    hint = "allow it to be read, or leave it out"
    return Problem("CK601", path, f"the {what} cannot be read: {error.strerror}", hint)


def _files(path: str, problems: list[Problem]) -> Iterable[str]:
    """The files in a folder, and in those that links lead to; a folder that cannot be read is a problem."""
    if not os.path.isdir(path):
        return [path]
    found: list[str] = []
    seen: set[str] = set()
    walk = os.walk(
        path, onerror=lambda error: problems.append(_closed(error.filename, "folder", error)), followlinks=True
    )
    for folder, inner, files in walk:
        # A link may lead back to a folder above it.
        if os.path.realpath(folder) in seen:
            inner.clear()
            continue
        seen.add(os.path.realpath(folder))
        found += [os.path.join(folder, file) for file in files]
    return sorted(found)


def is_zipped(path: str) -> bool:
    """Whether a file is a bill that would be left out in silence."""
    return path.lower().endswith(ZIP)


def form_of(path: str) -> str:
    """The format of a file by its name; empty if it is no bill."""
    name = os.path.basename(path).lower()
    # Engines write hidden and underscored files beside the data.
    if name.startswith((".", "_")):
        return ""
    return next((form for suffix, form in SUFFIXES.items() if name.endswith(suffix)), "")
