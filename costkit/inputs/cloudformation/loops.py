"""Fn::ForEach: a part of a template repeated for each item of a list.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from costkit.inputs.cloudformation.values import Malformed, Unknown, first_unknown, text_of
from costkit.model.place import Path

LOOP = "Fn::ForEach::"
# CloudFormation refuses more resources: cloudformation-limits.html. The rest only stops runaway loops.
MOST_COPIES = 10_000
MOST_VALUES = 1_000_000
NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")

Resolve = Callable[[Any, Path], Any]
Part = tuple[str, Any, Path]


class Loops:
    """Expands loops. All loops of a template share one allowance, so that nested ones cannot grow without end."""

    def __init__(self) -> None:
        self.copies, self.values = MOST_COPIES, MOST_VALUES

    def expanded(self, mapping: Mapping[str, Any], path: Path, resolve: Resolve) -> Iterator[Part]:
        """The keys and values of a mapping with its loops written out; a loop that cannot be is Unknown.

        Raises Malformed for a loop of a wrong shape, or for more copies than any template may have.
        """
        for key, value in mapping.items():
            if key.startswith(LOOP):
                yield from self._loop(key, value, (*path, key), resolve)
            else:
                yield key, value, (*path, key)

    def _loop(self, key: str, value: Any, path: Path, resolve: Resolve) -> Iterator[Part]:
        identifier, collection, body = value if isinstance(value, list) and len(value) == 3 else (None, None, None)
        if not isinstance(identifier, str) or not identifier or not isinstance(body, dict):
            raise Malformed(f"{key} wants an identifier, a list and a mapping")
        items = resolve(collection, (*path, 1))
        unknown = first_unknown(items)
        if unknown is not None:
            yield key, unknown, path
            return
        if not isinstance(items, list):
            raise Malformed(f"{key} wants a list to repeat for")
        for item in items:
            text = text_of(item)
            if text is None:
                raise Malformed(f"{key} wants a list of texts")
            self.copies -= 1
            if self.copies < 0:
                raise Malformed(f"{key} makes more copies than a template may have")
            copy = self._with(body, identifier, text)
            yield from ((name, part, (*path, 2)) for name, part, _ in self.expanded(copy, path, resolve))

    def _with(self, tree: Any, identifier: str, item: str) -> Any:
        """A tree with the identifier of a loop replaced by one of its items."""
        self.values -= 1
        if self.values < 0:
            raise Malformed(f"loops make more than {MOST_VALUES} values")
        if isinstance(tree, dict):
            if tree == {"Ref": identifier}:
                return item
            return {_named(key, identifier, item): self._with(part, identifier, item) for key, part in tree.items()}
        if isinstance(tree, list):
            return [self._with(part, identifier, item) for part in tree]
        return _named(tree, identifier, item) if isinstance(tree, str) else tree


def _named(text: str, identifier: str, item: str) -> str:
    text = text.replace(f"${{{identifier}}}", item)
    return text.replace(f"&{{{identifier}}}", NOT_ALPHANUMERIC.sub("", item))


def unresolved_loop(mapping: Mapping[str, Any]) -> Unknown | None:
    """What could add any key to a resolved mapping: a loop or macro whose outcome is not known."""
    return next((part for key, part in mapping.items() if key.startswith("Fn::") and isinstance(part, Unknown)), None)
