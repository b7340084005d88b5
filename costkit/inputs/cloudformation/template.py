"""The resources of a CloudFormation or SAM template as entries: priced, free, or listed with the reason why not."""

from collections.abc import Iterator, Mapping
from decimal import localcontext
from typing import Any

from costkit.inputs.cloudformation.events import implicit_apis
from costkit.inputs.cloudformation.stack import KNOWN_MACROS, Stack
from costkit.inputs.cloudformation.tags import tags_of
from costkit.inputs.cloudformation.translation import BESIDE, SERVERLESS, TRANSLATED, UNCOUNTED
from costkit.inputs.cloudformation.uncharged import is_free
from costkit.inputs.cloudformation.values import Unpriced
from costkit.inputs.cloudformation.view import Resource
from costkit.inputs.documents import Document
from costkit.inputs.entry import Entry
from costkit.model.exact import EXACT
from costkit.model.problem import Problem

# No template is nested as deep as this; Python itself would stop at some hundreds.
DEEPEST = 100
SERVERLESS_TYPES = "AWS::Serverless::"
CUSTOM = ("AWS::CloudFormation::CustomResource", "Custom::")


def is_template(tree: Any) -> bool:
    """Whether a document's tree is a CloudFormation template: it has Resources, and says that it is one."""
    if not isinstance(tree, dict) or not isinstance(tree.get("Resources"), dict):
        return False
    if "AWSTemplateFormatVersion" in tree or "Transform" in tree:
        return True
    kinds = (entry.get("Type") for entry in tree["Resources"].values() if isinstance(entry, dict))
    return any(isinstance(kind, str) and "::" in kind for kind in kinds)


def entries(document: Document, region: str | None, parameters: Mapping[str, str]) -> tuple[list[Entry], list[Problem]]:
    """The resources of a template in its order, and what is wrong with it.

    ``region`` is where the stack would be, ``parameters`` the texts given for its parameters. Resources whose
    condition is false are left out; those that SAM adds follow what they belong to, its implicit APIs come last.
    """
    if not isinstance(document.tree, dict) or _too_deep(document.tree):
        return [], [Problem("CK119", document.where(()), "not a template, or nested too deeply", "give Resources:")]
    with localcontext(EXACT):
        stack = Stack(document, region, parameters)
        found: dict[str, Entry] = {}
        for entry in _all(stack):
            # Two events may name one queue; it is made once.
            found.setdefault(entry.name, entry._replace(region=stack.region))
        return list(found.values()), stack.problems


def _all(stack: Stack) -> Iterator[Entry]:
    for resource in stack.resources.values():
        yield from _entries(resource, stack)
    if stack.sam:
        yield from implicit_apis(stack)
    where = stack.resolver.document.where(("Transform",))
    for name in stack.macros:
        if name not in KNOWN_MACROS:
            yield Entry(name, "Transform", where, reason="what this macro adds is not known")


def _entries(resource: Resource, stack: Stack) -> Iterator[Entry]:
    """A resource, and what is charged beside it."""
    entry = Entry(resource.name, resource.type, resource.where)
    translate = TRANSLATED.get(resource.type) or (SERVERLESS.get(resource.type) if stack.sam else None)
    if is_free(resource.type) and (stack.sam or not resource.type.startswith(SERVERLESS_TYPES)):
        yield entry._replace(free=True)
        return
    if translate is None or resource.name in stack.unresolved:
        yield entry._replace(reason=stack.unresolved.get(resource.name) or _reason(resource.type, stack))
        return
    entry = entry._replace(tags=tags_of(resource))
    try:
        fields = translate(resource, stack)
        beside = UNCOUNTED[resource.type](resource) if resource.type in UNCOUNTED else ""
        entry = entry._replace(fields=fields, free=fields is None, beside=beside)
    except Unpriced as reason:
        entry = entry._replace(reason=str(reason))
    yield entry
    if resource.type in BESIDE:
        try:
            yield from BESIDE[resource.type](resource, stack)
        except Unpriced as reason:
            # The reason why the resource itself has no price is enough.
            if not entry.reason:
                reason_why = f"what comes with it: {reason}"
                yield Entry(f"{resource.name}.others", resource.type, resource.where, reason=reason_why)


def _reason(type: str, stack: Stack) -> str:
    if type.startswith(SERVERLESS_TYPES) and not stack.sam:
        return f"{type} needs Transform: AWS::Serverless-2016-10-31"
    if type.startswith(CUSTOM):
        return "what a custom resource creates is not in the template"
    return f"costkit does not price {type}"


def _too_deep(tree: Any) -> bool:
    """Whether a tree has more levels than any template; found level by level, without recursion."""
    level = [tree]
    for _ in range(DEEPEST):
        level = [
            part
            for node in level
            for part in (node.values() if isinstance(node, dict) else node)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True
