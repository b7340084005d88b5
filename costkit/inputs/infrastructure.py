"""Terraform plans, CloudFormation templates and snapshots of accounts as specs, with usage from a usage file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from costkit.inputs.documents import Document
from costkit.inputs.entry import Entry
from costkit.model.exact import ONE
from costkit.model.listing import first_of
from costkit.model.place import Path
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import NotPriced
from costkit.model.snapshot import FORMAT
from costkit.services import types

if TYPE_CHECKING:
    from costkit.inputs.usage_file import UsageFile

TERRAFORM, CLOUDFORMATION, SNAPSHOT = "terraform", "cloudformation", "snapshot"


def kind_of(document: Document) -> str:
    """What a document is by its content: ``terraform``, ``cloudformation``, ``snapshot``, or empty for a spec.

    Raises CostkitError for Terraform's own state, which is for Terraform alone.
    """
    tree = document.tree
    if isinstance(tree, dict) and tree.get("format") == FORMAT:
        return SNAPSHOT
    if isinstance(tree, dict) and {"lineage", "serial"} <= tree.keys():
        hint = "terraform show -json STATE > state.json writes one that can be read"
        raise CostkitError([Problem("CK121", document.name, "Terraform's own state file", hint)])
    if isinstance(tree, dict) and "format_version" in tree:
        from costkit.inputs.terraform.plan import is_plan

        return TERRAFORM if is_plan(tree) else ""
    if isinstance(tree, dict) and "Resources" in tree:
        from costkit.inputs.cloudformation.template import is_template

        return CLOUDFORMATION if is_template(tree) else ""
    return ""


def as_specs(
    documents: Sequence[Document],
    usage: Document | None = None,
    region: str | None = None,
    parameters: Mapping[str, str] | None = None,
    before: bool = False,
) -> list[Document]:
    """The documents with plans and templates turned into specs, behind the specs, which stay as they are.

    ``usage`` is a usage file, ``region`` that of resources whose plan does not tell, ``parameters``
    those of templates. ``before`` takes what stood before a plan's change. Raises CostkitError for a
    plan or template that cannot be read, and for usage or parameters without one.
    """
    kinds = [kind_of(document) for document in documents]
    problems = []
    if usage is not None and not any(kind not in ("", SNAPSHOT) for kind in kinds):
        message = "usage is given, but no plan or template to use it for"
        problems.append(Problem("CK113", usage.name, message, "a spec states usage itself"))
    if parameters and CLOUDFORMATION not in kinds:
        problems.append(Problem("CK113", "--parameter", "parameters are given, but no template that has any", ""))
    if problems:
        raise CostkitError(problems)
    if not any(kinds):
        return list(documents)
    stated = None if usage is None else _usage_file(usage)
    found: list[Entry] = []
    specs = []
    for document, kind in zip(documents, kinds, strict=True):
        if not kind or kind == SNAPSHOT:
            specs.append(_of_snapshot(document) if kind else document)
            continue
        own, warnings = _entries(document, kind, region, parameters or {}, before)
        found += own
        specs.append(_as_spec(document, own, stated, warnings))
    if stated is not None:
        known = {*types(), *(entry.type for entry in found)}
        others = {address for document in documents for address in _both_sides(document)}
        told = (*stated.problems, *stated.unused(found, known, others - {entry.name for entry in found}))
        specs[0] = specs[0]._replace(problems=(*specs[0].problems, *told))
    return sorted(specs, key=lambda spec: spec.translated is not None)


def _both_sides(document: Document) -> Iterator[str]:
    """The addresses of a plan before and after its change."""
    changes = document.tree.get("resource_changes") if isinstance(document.tree, dict) else None
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, dict):
            yield str(change.get("address"))


def entries_of(document: Document, parameters: Mapping[str, str]) -> list[Entry]:
    """The resources of a plan or template, without usage. Raises CostkitError if the document is neither."""
    kind = kind_of(document)
    if kind not in (TERRAFORM, CLOUDFORMATION):
        hint = "write the plan with terraform show -json PLANFILE > plan.json"
        raise CostkitError([Problem("CK121", document.name, "neither a Terraform plan nor a template", hint)])
    entries, problems = _entries(document, kind, None, parameters, before=False)
    if any(problem.severity == "error" for problem in problems):
        raise CostkitError(problems)
    return entries


def _of_snapshot(document: Document) -> Document:
    # Imported here: most commands read no snapshot.
    from costkit.inputs.snapshot import read_snapshot
    from costkit.inputs.snapshot_resources import as_spec

    return as_spec(read_snapshot(document), document.name)


def _usage_file(document: Document) -> "UsageFile":
    # Imported here: most specs come without one.
    from costkit.inputs.usage_file import UsageFile

    return UsageFile(document)


def _entries(
    document: Document, kind: str, region: str | None, parameters: Mapping[str, str], before: bool
) -> tuple[list[Entry], list[Problem]]:
    if kind == TERRAFORM:
        from costkit.inputs.terraform.entries import entries

        return list(entries(document, before)), []
    from costkit.inputs.cloudformation.template import entries as of_template

    return of_template(document, region, parameters)


def _as_spec(
    document: Document, entries: Sequence[Entry], usage: "UsageFile | None", problems: list[Problem]
) -> Document:
    resources: dict[str, Any] = {}
    flags: dict[Path, str] = {}
    # A plan is written anew each time; a line of it tells nobody where to look, one of the usage file does.
    plan = kind_of(document) == TERRAFORM
    for entry in entries:
        if entry.fields is None:
            continue
        fields, places = (dict(entry.fields), {}) if usage is None else usage.applied(entry)
        if entry.region:
            fields.setdefault("region", entry.region)
        if entry.tags:
            fields["tags"] = {**entry.tags, **(fields.get("tags") or {})}
        resources[entry.name] = fields
        flags["resources", entry.name] = (usage.where(entry.name) if usage and plan else "") or entry.where
        for path, where in places.items():
            flags["resources", entry.name, *path] = where
    listed = (NotPriced(e.name, e.type, e.region, e.tags, e.where, e.reason) for e in entries if e.reason)
    return Document(
        name=document.name,
        tree={"version": ONE, "resources": resources},
        lines={},
        problems=(*document.problems, *problems, *_beside(entries)),
        flags=flags,
        translated=frozenset(resources),
        not_priced=tuple(listed),
        free=Counter(entry.type for entry in entries if entry.free),
    )


def _beside(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A warning for each kind of charge beside the resources that is not counted."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.beside:
            groups.setdefault(entry.beside, []).append(entry)
    for what, group in groups.items():
        names = first_of([entry.name for entry in group], 1)
        hint = "they are not counted; price them with a spec of their own, given beside this file"
        yield Problem("CK209", group[0].where, f"{names}: {what}", hint, "warning")
