"""Resolves the functions of a template: what is known becomes plain, the rest says what it depends on.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from collections.abc import Mapping
from typing import Any

from costkit.inputs.binding import nearest
from costkit.inputs.cloudformation.conditions import Conditions
from costkit.inputs.cloudformation.functions import BEYOND, PLAIN, substitute
from costkit.inputs.cloudformation.loops import LOOP, Loops
from costkit.inputs.cloudformation.values import (
    NO_VALUE,
    Malformed,
    NoValue,
    Reference,
    Unknown,
    first_unknown,
    same,
    text_of,
)
from costkit.inputs.documents import Document
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.problem import Problem

BROKEN = Unknown("a function that is malformed")
DYNAMIC = "{{resolve:"
# Real templates nest values a dozen deep; Python itself would stop at some hundreds.
DEEPEST = 60


class Resolver:
    """Resolves values of one template. ``problems`` collects what CloudFormation would refuse, each once."""

    def __init__(self, document: Document, values: Mapping[str, Any]) -> None:
        self.document, self.values = document, values
        self.problems: dict[Problem, None] = {}
        self.loops = Loops()
        self.depth = 0
        self.mappings = self.section("Mappings")
        self.conditions = Conditions(self._conditions(), self.resolve, self.malformed)

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the template; an empty one if it is left out or of a wrong shape."""
        section = self.document.tree.get(name)
        if section is not None and not isinstance(section, dict):
            self.malformed((name,), f"{name} is a mapping: {shown(section)}")
        return section if isinstance(section, dict) else {}

    def malformed(self, path: Path, message: str, hint: str = "") -> Unknown:
        """Note that CloudFormation would refuse the template; what stands there is unknown from now on."""
        self.problems[Problem("CK119", self.document.where(path), message, hint)] = None
        return BROKEN

    def resolve(self, raw: Any, path: Path) -> Any:
        """A value without functions: scalars, lists, mappings, References, Unknowns, NO_VALUE."""
        if self.depth >= DEEPEST:
            return self.malformed(path, "nested too deeply")
        self.depth += 1
        value = self._value(raw, path)
        self.depth -= 1
        return value

    def _value(self, raw: Any, path: Path) -> Any:
        if isinstance(raw, dict):
            if len(raw) == 1:
                name, argument = next(iter(raw.items()))
                if name == "Ref" or (name.startswith("Fn::") and not name.startswith(LOOP)):
                    return self._function(name, argument, (*path, name))
            return self._mapping(raw, path)
        if isinstance(raw, list):
            items = [self.resolve(item, (*path, place)) for place, item in enumerate(raw)]
            return [item for item in items if not isinstance(item, NoValue)]
        if isinstance(raw, str) and DYNAMIC in raw:
            return Unknown("a dynamic reference, which AWS reads on deployment", "${?}", raw)
        return raw

    def expanded(self, mapping: Mapping[str, Any], path: Path) -> list[tuple[str, Any, Path]]:
        """A mapping's keys, values and paths with its loops written out; a malformed loop is Unknown."""
        try:
            return list(self.loops.expanded(mapping, path, self.resolve))
        except Malformed as malformed:
            broken = self.malformed(path, str(malformed))
            kept = [(key, value, (*path, key)) for key, value in mapping.items() if not key.startswith(LOOP)]
            return [*kept, ("Fn::ForEach", broken, path)]

    def _conditions(self) -> dict[str, tuple[Any, Path]]:
        found = self.expanded(self.section("Conditions"), ("Conditions",))
        return {name: (expression, path) for name, expression, path in found}

    def _mapping(self, raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
        looped = any(key.startswith(LOOP) for key in raw)
        parts = self.expanded(raw, path) if looped else [(key, part, (*path, key)) for key, part in raw.items()]
        found = {}
        for key, part, inner in parts:
            if key == "Fn::Transform":
                part = Unknown(BEYOND[key])
            value = self.resolve(part, inner)
            if not isinstance(value, NoValue):
                found[key] = value
        return found

    def _function(self, name: str, argument: Any, path: Path) -> Any:
        try:
            if name in BEYOND:
                return Unknown(BEYOND[name])
            if name == "Ref":
                return self._ref(argument)
            if name == "Fn::If":
                return self._if(argument, path)
            if name == "Fn::Sub":
                return self._sub(argument, path)
            if name == "Fn::GetAtt":
                return self._get_att(argument, path)
            if name == "Fn::FindInMap":
                return self._find_in_map(argument, path)
            if name in PLAIN:
                return PLAIN[name](self.resolve(argument, path))
            if name in ("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals"):
                return self.conditions.truth({name: argument}, path[:-1])
        except Malformed as malformed:
            return self.malformed(path, f"{name}: {malformed}")
        return Unknown(f"{name}, which costkit does not know")

    def _ref(self, name: Any) -> Any:
        if not isinstance(name, str):
            raise Malformed(f"wants a name: {shown(name)}")
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.values[name] if name in self.values else Reference(name)

    def _get_att(self, argument: Any, path: Path) -> Any:
        if isinstance(argument, str):
            argument = list(argument.partition(".")[::2])
        if not isinstance(argument, list) or len(argument) < 2 or not isinstance(argument[0], str):
            raise Malformed(f"wants a resource and an attribute: {shown(argument)}")
        names = [text_of(self.resolve(part, path)) for part in argument[1:]]
        return Reference(argument[0], ".".join(name or "?" for name in names))

    def _sub(self, argument: Any, path: Path) -> Any:
        template, variables = argument, {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            template, variables = argument[0], self.resolve(argument[1], (*path, 1))
        if not isinstance(template, str) or not isinstance(variables, dict):
            raise Malformed("wants a text, or a list of a text and a mapping")

        def named(name: str) -> Any:
            if name in variables:
                return variables[name]
            resource, dot, attribute = name.partition(".")
            return Reference(resource, attribute) if dot else self._ref(name)

        return substitute(template, named)

    def _if(self, argument: Any, path: Path) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            raise Malformed("wants a condition and two values")
        truth = self.conditions.truth_of(argument[0], path)
        if not isinstance(truth, Unknown):
            return self.resolve(argument[1 if truth else 2], (*path, 1 if truth else 2))
        one, other = (self.resolve(argument[place], (*path, place)) for place in (1, 2))
        if isinstance(one, NoValue) and isinstance(other, NoValue):
            return NO_VALUE
        if not any(isinstance(part, NoValue) or first_unknown(part) for part in (one, other)) and same(one, other):
            return one
        return Unknown(f"condition {argument[0]}, which depends on {truth.reason}", "${?}")

    def _find_in_map(self, argument: Any, path: Path) -> Any:
        if not isinstance(argument, list) or len(argument) not in (3, 4):
            raise Malformed("wants a mapping and two keys")
        keys = [self.resolve(part, (*path, place)) for place, part in enumerate(argument[:3])]
        if unknown := first_unknown(keys):
            return unknown
        names = [text_of(key) or "?" for key in keys]
        if names[0] not in self.mappings:
            hint = nearest(str(names[0]), self.mappings)
            return self.malformed(path, f"no mapping is called {shown(names[0])}", hint)
        found: Any = self.mappings[names[0]]
        for name in names[1:]:
            found = found.get(name) if isinstance(found, dict) else None
        if found is not None:
            return self._plain_only(found)
        options = argument[3] if len(argument) > 3 else None
        if isinstance(options, dict) and "DefaultValue" in options:
            return self.resolve(options["DefaultValue"], (*path, 3, "DefaultValue"))
        return Unknown(f"mapping {names[0]}, which has no {'.'.join(str(name) for name in names[1:])}")

    def _plain_only(self, value: Any) -> Any:
        """A mapping's values are texts or lists of them; functions in them would be refused."""
        return value if text_of(value) is not None or isinstance(value, list) else Unknown("a mapping of mappings")
