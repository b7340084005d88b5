"""Changes to a spec before it is read: ``--set path=value``, and several files made one."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from costkit.inputs.binding import fields_of, nearest
from costkit.inputs.documents import Document
from costkit.inputs.frame import Frame
from costkit.inputs.own_prices import KEY, same_tables
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem


def change(document: Document, changes: Sequence[str]) -> Document:
    """The document with values set: ``api.memory=1GB``, ``free_tier=false``, ``resources.api.count=3``.

    A path starts at a key of the spec or with a resource's name; list items go by number. The value
    is read as YAML reads a plain one. Raises CostkitError with every change that cannot be made.
    """
    if not changes:
        return document
    from costkit.yaml_exact import scalar

    tree = _copy(document.tree)
    flags: dict[Path, str] = dict(document.flags)
    problems = []
    for text in changes:
        name, separator, value = text.partition("=")
        where = f"--set {text}"
        path = _path(tree, name.strip()) if separator else None
        if path is None:
            known = list(tree.get("resources") or ()) if isinstance(tree, dict) else []
            resource = name.strip().partition(".")[0]
            hint = "write path=value, for example api.memory=1GB"
            if resource not in known:
                hint = nearest(resource, known) or hint
            problems.append(Problem("CK112", where, "no such place in the spec", hint))
        elif not _put(tree, path, scalar(value.strip(), quoted=False)):
            hint = "give that part as a mapping in the spec first, or shorten the path"
            problems.append(Problem("CK112", where, "leads through something that has no parts", hint))
        else:
            flags[path] = where
    if problems:
        raise CostkitError(problems)
    return document._replace(tree=tree, flags=flags)


def _path(tree: Any, name: str) -> Path | None:
    if not isinstance(tree, dict) or not name:
        return None
    resources = tree.get("resources")
    # Names may contain dots: the longest one that fits is meant.
    names = sorted(resources, key=len, reverse=True) if isinstance(resources, dict) else []
    inner = name.removeprefix("resources.")
    for resource in names:
        if inner == resource or inner.startswith(f"{resource}."):
            rest = inner[len(resource) + 1 :]
            return ("resources", resource, *rest.split(".")) if rest else None
    first = name.partition(".")[0]
    if first in [field.name for field in fields_of(Frame)] or first == "tags":
        return tuple(name.split("."))
    return None


def _put(tree: Any, path: Path, value: Any) -> bool:
    part = tree
    for place, key in enumerate(path):
        last = place + 1 == len(path)
        if isinstance(part, list):
            if not str(key).isdigit() or int(key) >= len(part):
                return False
            key = int(key)
        elif not isinstance(part, dict):
            return False
        if last:
            part[key] = value
        elif isinstance(part, dict):
            part = part.setdefault(key, {})
        else:
            part = part[key]
    return True


def _copy(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _copy(value) for key, value in tree.items()}
    return [_copy(value) for value in tree] if isinstance(tree, list) else tree


def merged(documents: Sequence[Document]) -> Document:
    """Several specs as one: resources add up; what else they say of month and prices must be the same.

    Raises CostkitError if two files name the same resource, disagree, or are no specs.
    """
    if len(documents) == 1:
        return documents[0]
    if any(document.translated is not None for document in documents):
        documents = [_without_resources(document) for document in documents]
    first, *others = documents
    problems = [problem for document in documents for problem in _unfit(document)]
    if problems:
        raise CostkitError(problems)
    tree = _copy(first.tree)
    resources = tree["resources"]
    flags: dict[Path, str] = {("resources", name): first.where(("resources", name)) for name in resources}
    committed = [one for document in documents if document.translated is not None for one in _commitments(document)]
    if committed:
        own = _commitments(first) if first.translated is None else []
        tree["commitments"] = [*own, *committed]
    for document in others:
        problems += _disagreements(first, document)
        flags |= {path: where for path, where in document.flags.items() if len(path) > 2}
        flags |= {path: document.where(path) for path in document.lines if len(path) > 2 and path[0] == "resources"}
        for name, entry in document.tree["resources"].items():
            where = document.where(("resources", name))
            if name in resources:
                hint = f"it already stands at {flags['resources', name]}"
                problems.append(Problem("CK103", where, f"duplicate name: {name}", hint))
            resources[name] = _with_defaults(entry, document.tree)
            flags["resources", name] = where
    if problems:
        raise CostkitError(problems)
    whole = tuple(problem for document in documents for problem in document.problems)
    return first._replace(
        tree=tree,
        problems=whole,
        flags={**first.flags, **flags},
        text="",
        translated=_all_translated(documents),
        not_priced=tuple(resource for document in documents for resource in document.not_priced),
        free=sum((Counter(document.free) for document in documents), Counter()),
        prices={key: price for document in documents for key, price in document.prices.items()},
        origins={path: where for document in documents for path, where in document.origins.items()},
    )


def _commitments(document: Document) -> list[Any]:
    """The commitments that a document states; those of a snapshot come in addition to those of a spec."""
    found = document.tree.get("commitments")
    return found if isinstance(found, list) else []


def _all_translated(documents: Sequence[Document]) -> frozenset[str] | None:
    """The names of all translated resources, or None where every document is a spec."""
    found = [document.translated for document in documents if document.translated is not None]
    return frozenset[str]().union(*found) if found else None


def _without_resources(document: Document) -> Document:
    """A spec that says something of a snapshot, plan or template needs no resources of its own."""
    if isinstance(document.tree, dict) and document.tree.get("resources", ...) in (..., None):
        return document._replace(tree={**document.tree, "resources": {}}, translated=frozenset())
    return document


def _unfit(document: Document) -> list[Problem]:
    """What keeps a document from being one spec of several."""
    tree = document.tree
    if not isinstance(tree, dict):
        message = "a spec is a mapping with version and resources"
        return [Problem("CK104", document.where(()), message, "costkit init writes one")]
    if document.translated is None and (not isinstance(tree.get("resources"), dict) or not tree["resources"]):
        return [Problem("CK106", document.where(("resources",)), "missing: resources", "a mapping of names")]
    known = [*(field.name for field in fields_of(Frame)), "tags", "resources"]
    return [
        Problem("CK102", document.where((key,)), f"unknown key: {key}", nearest(key, known))
        for key in tree
        if key not in known
    ]


def _disagreements(first: Document, document: Document) -> list[Problem]:
    """Keys of the frame that another file gives another value than the first one does."""
    free = ("name", "region", "tags", "resources", *(("commitments",) if document.translated is not None else ()))
    return [
        Problem(
            "CK113", document.where((key,)), f"{key} is not what {first.name} says", "several files share one month"
        )
        for key, value in document.tree.items()
        if key not in free and not _agrees(key, value, first, document)
    ]


def _agrees(key: str, value: Any, first: Document, document: Document) -> bool:
    """Whether both say the same; tables are seen from each file, so that one name may mean two directories."""
    return same_tables(first, document) if key == KEY else bool(first.tree.get(key) == value)


def _with_defaults(entry: Any, tree: Any) -> Any:
    """A resource with its own file's region and tags, which another file's frame would not give it."""
    if not isinstance(entry, dict) or not isinstance(tree, dict):
        return entry
    defaults: dict[str, Any] = {"region": tree["region"]} if "region" in tree else {}
    if isinstance(tree.get("tags"), dict):
        defaults["tags"] = {**tree["tags"], **(entry.get("tags") or {})}
    return {**defaults, **entry, **({"tags": defaults["tags"]} if "tags" in defaults else {})}
