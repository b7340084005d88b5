"""Where something stands in a document."""

# Keys and list positions from the root of a document to one of its parts.
Path = tuple[str | int, ...]
# The line of each part of a document, counted from one.
Lines = dict[Path, int]


def nearest_line(path: Path, lines: Lines) -> int:
    """The line of a part, or of the nearest part around it that has one; 1 if none has."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
