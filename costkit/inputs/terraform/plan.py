"""Reads a Terraform plan or state: its resources with their values, before or after the change.

The format: https://developer.hashicorp.com/terraform/internals/json-format. OpenTofu writes the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from costkit.inputs.documents import Document
from costkit.inputs.terraform.configuration import Configuration, module_names
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem

PARTS = ("planned_values", "resource_changes", "values", "prior_state")
MAJOR_VERSIONS = ("0", "1")
DEEPEST = 100


class Item(NamedTuple):
    """A resource of a plan: one instance, where ``count`` or ``for_each`` makes several.

    ``values`` are its attributes as far as they are known, ``unknown`` those that only applying will
    tell, as nested mappings with True at the end; ``stated`` are the attributes that the configuration
    gives: what is unknown and not stated, AWS decides. ``modules`` are the names of the modules around it.
    """

    address: str
    type: str
    name: str
    index: Any
    provider: str
    module: str
    modules: tuple[str, ...]
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    stated: frozenset[str]
    path: Path


def is_plan(tree: Any) -> bool:
    """Whether a document is what ``terraform show -json`` prints, of a plan or of a state."""
    if not isinstance(tree, dict) or "format_version" not in tree:
        return False
    return any(key in tree for key in ("planned_values", "resource_changes", "values", "terraform_version"))


class Plan:
    """The managed resources of a plan on one side of the change, and how they refer to each other."""

    def __init__(self, document: Document, before: bool) -> None:
        """Raises CostkitError if the document is no plan that can be read."""
        tree = document.tree
        version = str(tree["format_version"])
        if version.partition(".")[0] not in MAJOR_VERSIONS:
            hint = "write it again with a Terraform that costkit knows, or update costkit"
            where = document.where(("format_version",))
            raise CostkitError([Problem("CK121", where, f"format version {version[:20]} of a plan is not known", hint)])
        if tree.get("errored") is True:
            message = "the plan ended in an error, and is not whole"
            raise CostkitError([Problem("CK121", document.where(("errored",)), message, "plan again, then price it")])
        if not any(isinstance(tree.get(part), dict | list) for part in PARTS):
            raise _malformed(document, (), "neither planned values nor changes nor a state")
        self.document = document
        self.configuration = Configuration(tree)
        self.items = list(self._before() if before else self._after())
        self.by_type: dict[str, list[Item]] = {}
        for item in self.items:
            self.by_type.setdefault(item.type, []).append(item)

    def find(self, item: Item, attribute: str, type: str, keys: tuple[str, ...] = ("arn", "id")) -> Item | None:
        """The resource of a type that an attribute of ``item`` refers to: by its value, else by the configuration."""
        candidates = self.by_type.get(type, [])
        value = item.values.get(attribute)
        if isinstance(value, str) and value:
            for other in candidates:
                if any(other.values.get(key) == value for key in keys):
                    return other
        for modules, name in self.configuration.targets(item.modules, item.type, item.name, attribute, type):
            named = [other for other in candidates if other.modules == modules and other.name == name]
            near = [other for other in named if other.module == item.module] or named
            same = [other for other in near if other.index == item.index]
            if same or near:
                return (same or near)[0]
        return None

    def _after(self) -> Iterator[Item]:
        tree = self.document.tree
        for root in ("planned_values", "values"):
            if isinstance(tree.get(root), dict):
                unknown = dict(self._unknown())
                for raw, path in _modules(tree[root].get("root_module"), (root, "root_module"), self.document):
                    yield from self._item(raw, raw.get("values"), unknown.get(str(raw.get("address")), {}), path)
                yield from self._forgotten()
                return
        for raw, change, path in self._changes():
            yield from self._item(raw, change.get("after"), change.get("after_unknown"), path)

    def _forgotten(self) -> Iterator[Item]:
        """What Terraform no longer manages after the change, and AWS charges all the same."""
        for raw, change, path in self._changes():
            if change.get("actions") == ["forget"]:
                yield from self._item(raw, change.get("before"), {}, path)

    def _before(self) -> Iterator[Item]:
        tree = self.document.tree
        if "resource_changes" in tree:
            for raw, change, path in self._changes():
                # What a failed replacement left behind has the address of its successor.
                left = raw.get("deposed")
                named = {**raw, "address": f"{raw.get('address')} (deposed {left})"} if left else raw
                yield from self._item(named, change.get("before"), {}, path)
            return
        prior = tree.get("prior_state")
        values = prior.get("values") if isinstance(prior, dict) else None
        root = values.get("root_module") if isinstance(values, dict) else None
        for raw, path in _modules(root, ("prior_state", "values", "root_module"), self.document):
            yield from self._item(raw, raw.get("values"), {}, path)

    def _changes(self) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Path]]:
        changes = self.document.tree.get("resource_changes")
        for place, raw in enumerate(_listed(changes, ("resource_changes",), self.document)):
            change = raw.get("change")
            if isinstance(change, dict):
                yield raw, change, ("resource_changes", place)

    def _unknown(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for raw, change, _ in self._changes():
            unknown = change.get("after_unknown")
            if isinstance(unknown, dict) and not raw.get("deposed"):
                yield str(raw.get("address")), unknown

    def _item(self, raw: Mapping[str, Any], values: Any, unknown: Any, path: Path) -> Iterator[Item]:
        """The item of a managed resource that exists on this side; data sources cost nothing by themselves."""
        kind, address = raw.get("type"), raw.get("address")
        if raw.get("mode") == "data" or not isinstance(values, dict):
            return
        if not isinstance(kind, str) or not isinstance(address, str) or not kind or not address:
            raise _malformed(self.document, path, "a resource without type or address")
        module, _, _ = address.partition(" (deposed ")[0].rpartition(f"{kind}.")
        module = module.removesuffix(".")
        modules, name = module_names(module), str(raw.get("name", ""))
        yield Item(
            address=address,
            type=kind,
            name=name,
            index=raw.get("index"),
            provider=str(raw.get("provider_name", "")),
            module=module,
            modules=modules,
            values=values,
            unknown=unknown if isinstance(unknown, dict) else {},
            stated=self.configuration.stated(modules, kind, name),
            path=path,
        )


def _modules(raw: Any, path: Path, document: Document) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """The resources of a module and of those inside it."""
    if len(path) > DEEPEST:
        raise _malformed(document, path, "modules nested too deeply")
    if raw is None:
        return
    if not isinstance(raw, dict):
        raise _malformed(document, path, "a module that is no mapping")
    for place, resource in enumerate(_listed(raw.get("resources"), (*path, "resources"), document)):
        yield resource, (*path, "resources", place)
    for place, child in enumerate(_listed(raw.get("child_modules"), (*path, "child_modules"), document)):
        yield from _modules(child, (*path, "child_modules", place), document)


def _listed(raw: Any, path: Path, document: Document) -> list[Mapping[str, Any]]:
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise _malformed(document, path, "not a list of mappings")
    return raw


def _malformed(document: Document, path: Path, message: str) -> CostkitError:
    hint = "write it with terraform show -json PLANFILE > plan.json"
    return CostkitError([Problem("CK121", document.where(path), f"not a Terraform plan: {message}", hint)])
