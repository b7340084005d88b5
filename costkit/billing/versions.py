"""The same billing period exported more than once: the newest version counts, and nothing counts twice.

AWS writes a legacy report anew into a folder an assembly, and an export that does not overwrite into a folder an
execution: https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html.
"""

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from costkit.billing.accounting import any_of, identifier
from costkit.billing.columns import CUR, kind_of, resolved
from costkit.billing.engine import Engine
from costkit.billing.files import BillFiles
from costkit.billing.lines import Source, lines_sql
from costkit.model.problem import CostkitError, Problem

PERIOD = re.compile(r"billing_period=\d{4}-\d{2}|\d{8}-\d{8}", re.IGNORECASE)
# The time in the name of an execution or assembly; a colon is not kept in a name fetched from S3.
TIME = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})T(\d{2})(?::|%3a)?(\d{2})", re.IGNORECASE)
CHUNK = re.compile(r"[-_.]?(?P<number>\d+)(?=(\.[a-z]+)+$)", re.IGNORECASE)
# A day at the end of a name is no number of a part.
DATED = re.compile(r"\d{4}([-_.]?)\d{2}\1\d{2}(\.[a-z]+)+$", re.IGNORECASE)
PART_DIGITS = 5
# Lines that are looked up of each file, fewer where files are many.
SAMPLE, FEWEST, IN_ALL = 200, 5, 5_000
# What tells a line from others, where a bill has all of it.
TELLING = ("usage_start", "usage_type", "quantity")
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
    However many files there are, each is read once.
    """
    groups = [files._replace(paths=tuple(paths)) for paths in _series(files.paths)]
    periods = [os.path.basename(_version(group.paths[0])[0]).lower() for group in groups]
    beside = {
        two: [
            one
            for one, own in zip(groups, periods, strict=True)
            if one != two and (own == period or "" in (own, period))
        ]
        for two, period in zip(groups, periods, strict=True)
    }
    sample = min(SAMPLE, max(FEWEST, IN_ALL // len(groups)))
    looked_at = [group for group in groups if beside[group]]
    marks = {one: _marks(engine, one._replace(paths=one.paths[:1]), sample, where) for one in looked_at}
    for two in looked_at:
        found = _found(engine, two, set().union(*(marks[one] for one in beside[two])), where)
        for one in beside[two]:
            if len(marks[one] & found) * 2 > len(marks[one]):
                first, second = sorted((one.paths[0], two.paths[0]))
                raise CostkitError([Problem("CK622", second, f"the same lines as {first}", ANEW)])


def _series(paths: Sequence[str]) -> list[list[str]]:
    """The files of one export each: those whose names differ in their numbers, if these are numbers of parts."""
    alike: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path in paths:
        folder, name = os.path.split(path)
        part = None if DATED.search(name) else CHUNK.search(name)
        alike[folder, CHUNK.sub("", name)][path] = part["number"] if part else ""
    found: list[list[str]] = []
    for numbers in alike.values():
        found += [[*numbers]] if _of_parts([*numbers.values()]) else [[path] for path in numbers]
    return found


def _of_parts(numbers: Sequence[str]) -> bool:
    """Whether files are numbered as parts are: in AWS's five digits, such as 00026, or from 0 or 1 on without a gap."""
    if all(len(number) == PART_DIGITS for number in numbers):
        return min(numbers).startswith("0")
    counted = sorted(int(number or -1) for number in numbers)
    return counted[0] in (0, 1) and counted == [*range(counted[0], counted[0] + len(counted))]


def _marked(engine: Engine, files: BillFiles, where: str) -> str:
    """A query of what tells each line from others: all that it says, or its id."""
    relation = engine.scan(files)
    types = engine.columns(relation, where)
    kind = kind_of(types)
    columns: Mapping[str, str] = resolved(kind, types)[0] if kind else {}
    if not {*TELLING} <= {*columns} and {"line_id", "line_interval"} <= {*columns}:
        names = ["line_id", "line_interval", "usage_type", "line_type"]
    else:
        # An id is no help where there is more: AWS gives a line another one in each version of an export.
        cost = "unblended" if kind == CUR else "billed"
        names = [*TELLING, "period", "account", "service", "operation", "resource", "line_type", cost]
    if not kind:
        return "SELECT NULL AS mark"
    source, string = Source(kind, relation, columns, types, engine.dialect), engine.dialect.string
    mark = " || '|' || ".join(f"COALESCE(CAST({identifier(name)} AS {string}), '')" for name in names)
    return f"SELECT {mark} AS mark FROM ({lines_sql(source, [])}) AS own"


def _marks(engine: Engine, files: BillFiles, most: int, where: str) -> set[str]:
    sql = f"SELECT mark FROM ({_marked(engine, files, where)}) AS marked WHERE mark IS NOT NULL LIMIT {most}"
    return {str(mark) for (mark,) in engine.rows(sql, where)}


def _found(engine: Engine, files: BillFiles, marks: Collection[str], where: str) -> set[str]:
    """Those of the marks that files have."""
    if not marks:
        return set()
    marked = f"SELECT mark FROM ({_marked(engine, files, where)}) AS marked WHERE mark IN {any_of(sorted(marks))}"
    return {str(mark) for (mark,) in engine.rows(f"{marked} GROUP BY mark", where)}
