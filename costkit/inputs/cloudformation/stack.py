"""A template as a stack: which resources it would create, and which of them belong to each other."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from costkit.inputs.cloudformation.parameters import read_parameters
from costkit.inputs.cloudformation.resolver import Resolver
from costkit.inputs.cloudformation.values import Unknown, Unpriced
from costkit.inputs.cloudformation.view import Resource, View
from costkit.inputs.documents import Document
from costkit.model.kind import shown
from costkit.model.place import Path
from costkit.model.problem import Problem

SAM = "AWS::Serverless-2016-10-31"
# Of macros, those that add no resources by themselves: the language's own, and SAM, which costkit knows.
KNOWN_MACROS = (SAM, "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen")
# What a pseudo parameter that only the deployment tells begins with; none of them with a slash:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
PSEUDO = ("AWS::AccountId", "AWS::NotificationARNs", "AWS::StackId", "AWS::StackName")
PARTITIONS = {"cn-": ("aws-cn", "amazonaws.com.cn"), "us-gov-": ("aws-us-gov", "amazonaws.com")}


class Stack:
    """The resources of a template for a region and parameters, in its order.

    ``resources`` are those that are created, ``unresolved`` the reason for those that may be, ``macros``
    the macros that may add others.
    """

    def __init__(self, document: Document, region: str | None, given: Mapping[str, str]) -> None:
        values, self.parameter_problems = read_parameters(document, given)
        self.region = region or ""
        self.resolver = Resolver(document, {**pseudo_parameters(region), **values})
        self.macros = list(_macros(document.tree.get("Transform")))
        self.sam = SAM in self.macros
        self.globals = self.resolver.section("Globals") if self.sam else {}
        self.resources: dict[str, Resource] = {}
        self.unresolved: dict[str, str] = {}
        self._by_type: dict[str, list[Resource]] = {}
        self._owned: dict[tuple[str, str], dict[str, list[Resource]]] = {}
        for name, raw, path in self.resolver.expanded(self.resolver.section("Resources"), ("Resources",)):
            self._add(name, raw, path)

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with the template so far."""
        return [*self.parameter_problems, *self.resolver.problems]

    def of_type(self, type: str) -> list[Resource]:
        """The resources of a type that are surely created, in the template's order."""
        if not self._by_type:
            for name, resource in self.resources.items():
                if name not in self.unresolved:
                    self._by_type.setdefault(resource.type, []).append(resource)
        return self._by_type.get(type, [])

    def owned(self, owner: str, type: str, property: str) -> list[Resource]:
        """The resources of a type whose property (``Block.Name`` for one in a block) refers to the owner."""
        return self._sorted(type, property, _target).get(owner, [])

    def named(self, name: Any, type: str, property: str) -> Resource | None:
        """The first resource of a type that gives itself a name, if one has this one."""
        found = self._sorted(type, property, _name).get(name, []) if isinstance(name, str) else []
        return found[0] if found else None

    def _sorted(
        self, type: str, property: str, by: Callable[[Resource, str], str | None]
    ) -> Mapping[str, list[Resource]]:
        key = (type, property)
        if key not in self._owned:
            found = self._owned[key] = {}
            for resource in self.of_type(type):
                target = by(resource, property)
                if target is not None:
                    found.setdefault(target, []).append(resource)
        return self._owned[key]

    def get(self, name: str | None, *types: str) -> Resource | None:
        """The resource of a logical id if it is surely created and of one of the types."""
        found = self.resources.get(name or "")
        return found if found is not None and found.type in types and found.name not in self.unresolved else None

    def _add(self, name: str, raw: Any, path: Path) -> None:
        if isinstance(raw, Unknown) or name.startswith("Fn::"):
            reason = raw.reason if isinstance(raw, Unknown) else "a macro (Fn::Transform)"
            self._keep(Resource(name, "Fn::ForEach" if "ForEach" in name else name, {}, self.resolver, path))
            self.unresolved[name] = f"which resources there are depends on {reason}"
            return
        kind = raw.get("Type") if isinstance(raw, dict) else None
        if not isinstance(kind, str) or not kind:
            what = f"a resource is a mapping with a Type: {shown(raw)}"
            self.resolver.malformed(path, f"{shown(name)}: {what}", "write Type: and Properties:")
            return
        properties = raw.get("Properties")
        if properties is not None and not isinstance(properties, dict):
            self.resolver.malformed((*path, "Properties"), f"{shown(name)}: Properties is a mapping", "")
            properties = {}
        created = True if "Condition" not in raw else self.resolver.conditions.truth_of(raw["Condition"], path)
        if created is False:
            return
        if isinstance(created, Unknown):
            condition = shown(raw["Condition"])
            self.unresolved[name] = f"whether it is created, condition {condition}, depends on {created.reason}"
        if self.sam and kind.startswith("AWS::Serverless::"):
            # Imported here: most templates that are no SAM templates never need it.
            from costkit.inputs.cloudformation.globals import with_globals

            properties = with_globals(kind, properties or {}, raw.get("IgnoreGlobals"), self.globals)
        self._keep(Resource(name, kind, properties, self.resolver, path))

    def _keep(self, resource: Resource) -> None:
        if resource.name in self.resources:
            self.resolver.malformed(resource.place, f"two resources are called {shown(resource.name)}")
        self.resources[resource.name] = resource


def _target(resource: Resource, property: str) -> str | None:
    *blocks, name = property.split(".")
    view: View = resource
    try:
        for block in blocks:
            view = view.part(block)
    except Unpriced:
        return None  # told where the resource itself is read
    return view.reference(name)


def _name(resource: Resource, property: str) -> str | None:
    name = resource.peek(property)
    return name if isinstance(name, str) else None


def pseudo_parameters(region: str | None) -> dict[str, Any]:
    """What CloudFormation itself knows: the region's names, and what only the deployment tells."""
    values: dict[str, Any] = {
        name: Unknown(f"{name}, which only the deployment tells", f"${{{name}}}") for name in PSEUDO
    }
    if region is None:
        unknown = Unknown("AWS::Region; give --region", "${AWS::Region}")
        return {**values, "AWS::Region": unknown, "AWS::Partition": unknown, "AWS::URLSuffix": unknown}
    found = next((names for start, names in PARTITIONS.items() if region.startswith(start)), ("aws", "amazonaws.com"))
    return {**values, "AWS::Region": region, "AWS::Partition": found[0], "AWS::URLSuffix": found[1]}


def _macros(raw: Any) -> Iterator[str]:
    for macro in raw if isinstance(raw, list) else [raw]:
        if isinstance(macro, str):
            yield macro
        elif isinstance(macro, dict):
            yield shown(macro.get("Name", macro))
