"""What the configuration in a plan tells that its values do not: regions of providers, references between resources."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')
DEEPEST = 30
DEFAULT_PROVIDER = "aws"
Modules = tuple[str, ...]


def module_names(address: str) -> Modules:
    """The names of the modules in an address: ``module.api["eu"].module.db[0]`` is ``("api", "db")``."""
    return tuple(MODULE.findall(address)) if address else ()


class Configuration:
    """The ``configuration`` and ``variables`` of a plan; both may be missing, and may be anything."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        configuration = _mapping(tree.get("configuration"))
        self.root = _mapping(configuration.get("root_module"))
        self.providers = _mapping(configuration.get("provider_config"))
        self.variables = _mapping(tree.get("variables"))
        self._modules: dict[Modules, Mapping[str, Any]] = {(): self.root}
        self._resources: dict[Modules, dict[tuple[str, str], Mapping[str, Any]]] = {}

    def region(self, modules: Modules, type: str, name: str) -> str:
        """The region of the provider that a resource uses, or an empty text where the plan does not tell."""
        key = str(self._resource(modules, type, name).get("provider_config_key", DEFAULT_PROVIDER))
        around, _, provider = key.rpartition(":")
        inside = module_names(around)
        # A module without a provider of its own uses that of the one around it.
        for end in range(len(inside), -1, -1):
            prefix = "".join(f"module.{module}." for module in inside[:end]).removesuffix(".")
            found = self.providers.get(f"{prefix}:{provider}" if prefix else provider)
            region = self.value(inside[:end], _mapping(_mapping(found).get("expressions")).get("region"))
            if isinstance(region, str):
                return region
        return ""

    def stated(self, modules: Modules, type: str, name: str) -> frozenset[str]:
        """The attributes that the configuration of a resource gives a value or an expression."""
        return frozenset(_mapping(self._resource(modules, type, name).get("expressions")))

    def value(self, modules: Modules, expression: Any, depth: int = 0) -> Any:
        """The value of an expression in a module, if it is a constant or a variable; else None."""
        expression = _mapping(expression)
        if "constant_value" in expression:
            return expression["constant_value"]
        for reference in _texts(expression.get("references")):
            if not reference.startswith("var.") or depth > DEEPEST:
                continue
            name = reference.split(".")[1]
            if not modules:
                known = _mapping(self.variables.get(name))
                return known.get("value", _mapping(_mapping(self.root.get("variables")).get(name)).get("default"))
            passed = _mapping(self._call(modules).get("expressions")).get(name)
            if passed is not None:
                return self.value(modules[:-1], passed, depth + 1)
            return _mapping(_mapping(self._module(modules).get("variables")).get(name)).get("default")
        return None

    def targets(
        self, modules: Modules, type: str, name: str, attribute: str, wanted: str
    ) -> Iterator[tuple[Modules, str]]:
        """The resources of the type ``wanted`` that an attribute refers to: their modules and names."""
        expressions = _mapping(self._resource(modules, type, name).get("expressions"))
        yield from self._targets(modules, expressions.get(attribute), wanted, 0)

    def _targets(self, modules: Modules, expression: Any, wanted: str, depth: int) -> Iterator[tuple[Modules, str]]:
        if depth > DEEPEST:
            return
        for reference in _references(expression):
            parts = reference.split(".")
            first = parts[0]
            if first == wanted and len(parts) > 1:
                yield modules, parts[1].partition("[")[0]
            elif first == "var" and modules and len(parts) > 1:
                passed = _mapping(self._call(modules).get("expressions")).get(parts[1])
                yield from self._targets(modules[:-1], passed, wanted, depth + 1)
            elif first == "module" and len(parts) > 2:
                inner = (*modules, parts[1].partition("[")[0])
                outputs = _mapping(self._module(inner).get("outputs"))
                output = _mapping(outputs.get(parts[2].partition("[")[0]))
                yield from self._targets(inner, output.get("expression"), wanted, depth + 1)

    def _call(self, modules: Modules) -> Mapping[str, Any]:
        """How the last of these modules is called by the one around it."""
        return _mapping(_mapping(self._module(modules[:-1]).get("module_calls")).get(modules[-1]))

    def _module(self, modules: Modules) -> Mapping[str, Any]:
        if modules not in self._modules:
            self._modules[modules] = _mapping(self._call(modules).get("module"))
        return self._modules[modules]

    def _resource(self, modules: Modules, type: str, name: str) -> Mapping[str, Any]:
        if modules not in self._resources:
            raw = self._module(modules).get("resources")
            found = [resource for resource in raw if isinstance(resource, dict)] if isinstance(raw, list) else []
            self._resources[modules] = {(str(r.get("type")), str(r.get("name"))): r for r in found}
        return self._resources[modules].get((type, name), {})


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _texts(raw: Any) -> list[str]:
    return [text for text in raw if isinstance(text, str)] if isinstance(raw, list) else []


def _references(expression: Any, depth: int = 0) -> Iterator[str]:
    """The references of an expression; those of nested blocks stand in lists and mappings."""
    if depth > DEEPEST:
        return
    if isinstance(expression, list):
        for item in expression:
            yield from _references(item, depth + 1)
    elif isinstance(expression, dict):
        yield from _texts(expression.get("references"))
        for key, item in expression.items():
            if key not in ("references", "constant_value"):
                yield from _references(item, depth + 1)
