"""A fleet as CSV: one resource a row, a column a field, dots for nested fields, ``tag_`` for tags."""

from typing import Any

from costkit.model.kind import shown
from costkit.model.place import Lines, Path
from costkit.model.problem import CostkitError, Problem

TAG = "tag_"


def read_csv(text: str, name: str) -> tuple[Any, Lines, tuple[Problem, ...]]:
    """The tree of a spec from the rows of a fleet, with their lines. Empty cells are fields left out."""
    # Imported here: the one-line commands share this file, and never read CSV.
    import csv
    import io

    header, rows = _rows(csv, io.StringIO(text, newline=""), name)
    separated = "a fleet needs the columns name and type"
    if len(header) == 1 and ";" in header[0]:
        separated = "separate columns with commas"
    problems = [
        Problem("CK106", f"{name}:1", f"missing column: {column}", separated)
        for column in ("name", "type")
        if column not in header
    ]
    problems += [
        Problem("CK103", f"{name}:1", f"duplicate column: {shown(column)}", "remove one of them")
        for index, column in enumerate(header)
        if column in header[:index]
    ]
    if "tags" in header:
        problems.append(Problem("CK102", f"{name}:1", "unknown column: tags", "write a column a tag: tag_team"))
    if problems:
        raise CostkitError(problems)
    resources: dict[str, Any] = {}
    lines: Lines = {(): 1, ("resources",): 1}
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        where = f"{name}:{line}"
        if len(row) > len(header):
            problems.append(Problem("CK104", where, "more cells than columns", "quote cells that contain commas"))
            continue
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if cell.strip()}
        key = cells.pop("name", "")
        if not key or key in resources:
            code, message = ("CK103", f"duplicate name: {shown(key)}") if key else ("CK106", "missing: name")
            problems.append(Problem(code, where, message, "names are unique"))
            continue
        resources[key] = assemble(cells)
        lines["resources", key] = line
    return {"version": "1", "resources": resources}, lines, tuple(problems)


def _rows(csv: Any, text: Any, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and each row with the line it starts on: cells may contain line breaks."""
    reader = csv.reader(text, strict=True)
    rows, start = [], 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        hint = "is a quote left open?" if "EOF" in str(error) or "unexpected end" in str(error) else ""
        raise CostkitError([Problem("CK111", f"{name}:{start}", f"not CSV: {error}", hint)]) from None
    return [cell.strip() for cell in rows[0][1]], rows[1:]


def assemble(cells: dict[str, Any]) -> dict[str, Any]:
    """Nested fields from flat names: ``spectrum.scanned`` and ``tag_team``; lists as ``kind=gp3,size=8;...``."""
    tree: dict[str, Any] = {}
    for name, value in cells.items():
        path: Path = ("tags", name[len(TAG) :]) if name.startswith(TAG) else tuple(name.split("."))
        part = tree
        for key in path[:-1]:
            inner = part.setdefault(str(key), {})
            if not isinstance(inner, dict):
                inner = part[str(key)] = {}
            part = inner
        is_list = isinstance(value, str) and "=" in value and path[0] != "tags"
        part[str(path[-1])] = [pairs(item) for item in value.split(";")] if is_list else value
    return tree


def pairs(text: str) -> dict[str, str]:
    """``kind=gp3,size=100GB`` as a mapping; a part without ``=`` is a key without a value."""
    parts = (part.partition("=") for part in text.split(",") if part.strip())
    return {key.strip(): value.strip() for key, _, value in parts}
