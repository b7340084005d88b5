"""The two sides of a comparison: specs, plans, templates, JSON estimates, or files at a git reference."""

import os
from collections.abc import Sequence

from costkit.cli.files import Infrastructure, as_one_spec, read
from costkit.cli.git import file_at
from costkit.cli.options import Asked, with_own_prices
from costkit.cli.tables_at import with_tables_at
from costkit.estimating import estimate
from costkit.inputs.documents import Document, read_bytes
from costkit.inputs.estimate_file import is_estimate, read_estimate
from costkit.inputs.infrastructure import TERRAFORM, kind_of
from costkit.inputs.spec import read_spec
from costkit.inputs.what_if import change
from costkit.model.charge import Estimate
from costkit.model.exact import ZERO
from costkit.model.problem import CostkitError, Problem


def estimated(
    documents: list[Document],
    infrastructure: Infrastructure,
    asked: Asked,
    changes: Sequence[str] = (),
    before: bool = False,
) -> Estimate:
    """The estimate of documents: read back if it is one already, else made; ``before`` is a plan's other side."""
    if len(documents) == 1 and is_estimate(documents[0].tree):
        return read_estimate(documents[0])
    if not any(kind_of(document) for document in documents):
        # The other side is the plan or template that usage and parameters are for.
        infrastructure = Infrastructure(None, {})
    document = change(as_one_spec(documents, infrastructure, asked.overrides.region, before), changes)
    asked = with_own_prices(asked, document)
    spec = read_spec(document, asked.book, asked.on, asked.overrides)
    return estimate(spec, asked.book, asked.on, asked.stale_after)


def refuse_idle(infrastructure: Infrastructure, documents: Sequence[Document]) -> None:
    """Raise CostkitError for usage or parameters where neither side is a plan or a template."""
    if (infrastructure.usage or infrastructure.parameters) and not any(kind_of(document) for document in documents):
        where = infrastructure.usage.name if infrastructure.usage else "--parameter"
        message = "usage or parameters are given, but no plan or template to use them for"
        raise CostkitError([Problem("CK113", where, message, "a spec states usage itself")])


def named(name: str, option: str) -> Document:
    """A file, or one at a git reference: ``main:costkit.yaml`` where no such file is there."""
    reference, separator, path = name.partition(":")
    if separator and path and not os.path.exists(name):
        found = file_at(reference, path, option)
        if found is not None:
            return with_tables_at(read_bytes(found, name), reference, path, option)
    return read(name)


def at_reference(paths: Sequence[str], reference: str) -> tuple[list[Document], list[Problem]]:
    """The files as they stand at a git reference, and a warning for those that are not there yet."""
    if "-" in paths:
        hint = "name the file, or give --baseline FILE"
        raise CostkitError([Problem("CK406", "--baseline-ref", "standard input has no past in git", hint)])
    found = {path: file_at(reference, path, "--baseline-ref") for path in paths}
    missing = [path for path, content in found.items() if content is None]
    documents = [
        with_tables_at(read_bytes(content, f"{reference}:{path}"), reference, path, "--baseline-ref")
        for path, content in found.items()
        if content is not None
    ]
    if not missing:
        return documents, []
    hint = "what is in them counts as new"
    return documents, [Problem("CK407", "", f"not there at {reference}: {', '.join(missing)}", hint, "warning")]


def usage_at(infrastructure: Infrastructure, reference: str) -> Infrastructure:
    """The options with the usage file as it stands at a git reference, if it is there."""
    usage = infrastructure.usage
    content = None if usage is None else file_at(reference, usage.name, "--baseline-ref")
    if usage is None or content is None:
        return infrastructure
    return infrastructure._replace(usage=read_bytes(content, f"{reference}:{usage.name}"))


def nothing(head: Estimate) -> Estimate:
    """The estimate of nothing: what a project costs that did not exist before ``head``."""
    return head._replace(resources=(), account=(), problems=(), cost=ZERO, low=ZERO, high=ZERO, upfront=ZERO, free={})


def tells_before(documents: Sequence[Document]) -> bool:
    """Whether a document is a Terraform plan that also tells what was there before it."""
    return any(
        kind_of(document) == TERRAFORM and ("resource_changes" in document.tree or "prior_state" in document.tree)
        for document in documents
    )
