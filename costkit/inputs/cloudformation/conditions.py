"""Conditions of a template: true, false, or unknown because of what they depend on.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from costkit.inputs.binding import nearest
from costkit.inputs.cloudformation.values import Unknown, first_unknown, same, text_of
from costkit.model.kind import shown
from costkit.model.place import Path

Truth = bool | Unknown
# Real templates nest conditions a handful deep; Python itself would stop at some hundreds.
DEEPEST = 50
PARTS = {"Fn::And": range(2, 11), "Fn::Or": range(2, 11), "Fn::Not": range(1, 2), "Fn::Equals": range(2, 3)}


class Conditions:
    """The named conditions of a template, each worked out once.

    ``resolve`` gives the value of other functions. ``report`` takes a path and what is malformed there.
    """

    def __init__(
        self,
        named: Mapping[str, tuple[Any, Path]],
        resolve: Callable[[Any, Path], Any],
        report: Callable[[Path, str, str], Unknown],
    ) -> None:
        self.named, self.resolve, self.report = named, resolve, report
        self.known: dict[str, Truth] = {}
        self.pending: list[str] = []
        self.depth = 0

    def truth_of(self, name: Any, path: Path) -> Truth:
        """Whether the condition of a name holds; ``path`` is where it is used."""
        if not isinstance(name, str) or name not in self.named:
            return self.report(path, f"no condition is called {shown(name)}", nearest(str(name), self.named))
        if name in self.known:
            return self.known[name]
        if name in self.pending:
            return self.report(path, f"condition {shown(name)} depends on itself", "")
        self.pending.append(name)
        truth = self.truth(*self.named[name])
        self.pending.pop()
        return self.known.setdefault(name, truth)

    def truth(self, expression: Any, path: Path) -> Truth:
        """Whether a condition function holds."""
        if self.depth >= DEEPEST:
            return self.report(path, "conditions depend on each other too deeply", "")
        self.depth += 1
        truth = self._truth(expression, path)
        self.depth -= 1
        return truth

    def _truth(self, expression: Any, path: Path) -> Truth:
        function, arguments = next(iter(expression.items())) if _is_function(expression) else ("", None)
        if function == "Condition":
            return self.truth_of(arguments, path)
        if function not in PARTS:
            return self._plain(expression, path)
        inner = (*path, function)
        if not isinstance(arguments, list) or len(arguments) not in PARTS[function]:
            return self.report(inner, f"{function} has the wrong number of conditions or values", "")
        if function == "Fn::Equals":
            return self._equal(arguments, inner)
        truths = [self.truth(part, (*inner, place)) for place, part in enumerate(arguments)]
        if function == "Fn::Not":
            return truths[0] if isinstance(truths[0], Unknown) else not truths[0]
        # One false part makes And false whatever the unknown ones are; one true part makes Or true.
        deciding = function == "Fn::Or"
        if deciding in truths:
            return deciding
        return next((truth for truth in truths if isinstance(truth, Unknown)), not deciding)

    def _equal(self, arguments: list[Any], path: Path) -> Truth:
        one, other = (self.resolve(part, (*path, place)) for place, part in enumerate(arguments))
        return first_unknown(one) or first_unknown(other) or same(one, other)

    def _plain(self, expression: Any, path: Path) -> Truth:
        value = self.resolve(expression, path)
        unknown = first_unknown(value)
        if unknown is not None:
            return unknown
        word = (text_of(value) or "").lower()
        if word not in ("true", "false"):
            return self.report(path, f"not a condition: {shown(value)}", "")
        return word == "true"


def _is_function(expression: Any) -> bool:
    return isinstance(expression, dict) and len(expression) == 1
