"""The same billing period exported more than once: the newest version counts, and nothing counts twice.

AWS writes a legacy report anew into a folder an assembly, and an export that does not overwrite into a folder an
execution: https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html.
"""

import hashlib
import itertools
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from costkit.billing.accounting import any_of, identifier
from costkit.billing.columns import CUR, kind_of, resolved
from costkit.billing.engine import Engine
from costkit.billing.files import BillFiles
from costkit.billing.lines import Source, lines_sql
from costkit.model.problem import CostkitError, Problem

PERIOD = re.compile(r"billing_period=\d{4}-\d{2}|\d{8}-\d{8}", re.IGNORECASE)
# The time in the name of an execution or assembly; a colon is not kept in a name fetched from S3.
TIME = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})T(\d{2})(?::|%3a)?(\d{2})", re.IGNORECASE)
CHUNK = re.compile(r"[-_.]?\d+(?=(\.[a-z]+)+$)", re.IGNORECASE)
SAMPLE = 200
ANEW = "give one of them"


def newest(paths: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """The files of the newest version of each period, and what was left out. Raises CostkitError if it is not known."""
    kept, problems = _unique(paths)
    periods: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in kept:
        folder, version = _version(path)
        if folder:
            periods[folder][version].append(path)
    older: set[str] = set()
    errors = []
    for folder, versions in periods.items():
        if len(versions) == 1:
            continue
        chosen = _chosen(folder, list(versions))
        if chosen is None:
            listed = ", ".join(sorted(version or "the folder itself" for version in versions))
            message = f"several versions of one period, and none is known to be the newest: {listed}"
            errors.append(Problem("CK622", folder, message, ANEW))
            continue
        for version in sorted(set(versions) - {chosen}):
            older |= set(versions[version])
            message = f"version {version} of this period is not counted: {chosen} is newer"
            problems.append(Problem("CK623", folder, message, "", "warning"))
    if errors:
        raise CostkitError(errors)
    return [path for path in kept if path not in older], problems


def _version(path: str) -> tuple[str, str]:
    """The folder of a file's billing period, and the name of the version in it; empty if it has none."""
    parts = path.split(os.sep)
    for place in range(len(parts) - 2, -1, -1):
        if PERIOD.fullmatch(parts[place]):
            inner = parts[place + 1 : -1]
            return os.sep.join(parts[: place + 1]), inner[0] if inner else ""
    return "", ""


def _chosen(folder: str, versions: Sequence[str]) -> str | None:
    """The newest version: the one that the period's manifest names, or else the latest by the times in all names."""
    named = {assembly for assembly in _assemblies(folder) if assembly in versions}
    if len(named) == 1:
        return named.pop()
    times = [(match.groups(), version) for version in versions if (match := TIME.match(version))]
    return max(times)[1] if len(times) == len(versions) else None


def _assemblies(folder: str) -> Iterable[str]:
    for name in sorted(os.listdir(folder)):
        if name.endswith("-Manifest.json"):
            try:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    tree = json.load(file)
            except (OSError, ValueError, RecursionError):
                continue
            if isinstance(tree, dict) and isinstance(tree.get("assemblyId"), str):
                yield tree["assemblyId"]


def _unique(paths: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """The paths without files whose content is there already."""
    sizes: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        sizes[os.path.getsize(path)].append(path)
    first: dict[bytes, str] = {}
    copies: dict[str, str] = {}
    for same in sizes.values():
        for path in same if len(same) > 1 else ():
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            if first.setdefault(digest, path) != path:
                copies[path] = first[digest]
    problems = [
        Problem("CK623", path, f"not counted: the same file as {other}", "", "warning")
        for path, other in copies.items()
    ]
    return [path for path in paths if path not in copies], problems


def refuse_overlaps(engine: Engine, files: BillFiles, where: str) -> None:
    """Raise CostkitError if files of different names hold the same lines, as two downloads of one month do.

    Numbered parts of one export, and exports in folders of different periods, are not looked at: AWS keeps them apart.
    """
    series: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in files.paths:
        series[(os.path.dirname(path), CHUNK.sub("", os.path.basename(path)))].append(path)
    groups = [files._replace(paths=tuple(paths)) for paths in series.values()]
    pairs = [pair for pair in itertools.permutations(groups, 2) if _may_overlap(pair[0].paths[0], pair[1].paths[0])]
    marks = {
        one: _marks(engine, one._replace(paths=one.paths[:1]), where) for one in dict.fromkeys(one for one, _ in pairs)
    }
    for one, two in pairs:
        if marks[one] and _how_many(engine, two, marks[one], where) * 2 > len(marks[one]):
            first, second = sorted((one.paths[0], two.paths[0]))
            raise CostkitError([Problem("CK622", second, f"the same lines as {first}", ANEW)])


def _may_overlap(path: str, other: str) -> bool:
    periods = {os.path.basename(_version(one)[0]).lower() for one in (path, other)}
    return len(periods) == 1 or "" in periods


def _marked(engine: Engine, files: BillFiles, where: str) -> str:
    """A query of what tells each line from others: its id, or all that it says."""
    relation = engine.scan(files)
    types = engine.columns(relation, where)
    kind = kind_of(types)
    columns: Mapping[str, str] = resolved(kind, types)[0] if kind else {}
    if "line_id" in columns and "line_interval" in columns:
        names = ["line_id", "line_interval", "usage_type", "line_type"]
    else:
        cost = "unblended" if kind == CUR else "billed"
        names = ["usage_start", "account", "service", "usage_type", "resource", "line_type", "quantity", cost]
    if not kind:
        return "SELECT NULL AS mark"
    source, string = Source(kind, relation, columns, types, engine.dialect), engine.dialect.string
    mark = " || '|' || ".join(f"COALESCE(CAST({identifier(name)} AS {string}), '')" for name in names)
    return f"SELECT {mark} AS mark FROM ({lines_sql(source, [])}) AS own"


def _marks(engine: Engine, files: BillFiles, where: str) -> list[str]:
    sql = f"SELECT mark FROM ({_marked(engine, files, where)}) AS marked WHERE mark IS NOT NULL LIMIT {SAMPLE}"
    return sorted({str(mark) for (mark,) in engine.rows(sql, where)})


def _how_many(engine: Engine, files: BillFiles, marks: Sequence[str], where: str) -> int:
    sql = f"SELECT COUNT(DISTINCT mark) FROM ({_marked(engine, files, where)}) AS marked WHERE mark IN {any_of(marks)}"
    [(found,)] = engine.rows(sql, where)
    return int(found)
