"""Where something stands in a document."""

# Keys and list positions from the root of a document to one of its parts.
Path = tuple[str | int, ...]
# The line of each part of a document, counted from one.
Lines = dict[Path, int]
