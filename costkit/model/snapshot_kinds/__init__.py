"""The kinds of item a snapshot can hold: their attributes, in AWS's own names, and their metrics.

An attribute that is not named in a kind's form is never kept, so that nothing secret can get into a file.
"""

from functools import cache

from costkit.model.snapshot_kinds.kind import ItemKind


@cache
def kinds() -> dict[str, ItemKind]:
    """Every kind by its name, services in the order of the command line."""
    from costkit.model.snapshot_kinds import (
        aws_recommendations,
        cost_explorer,
        ec2,
        ec2_networking,
        ec2_storage,
        lambda_functions,
        logs,
        redshift,
        redshift_serverless,
    )

    modules = (lambda_functions, redshift, redshift_serverless, ec2, ec2_storage, ec2_networking, logs)
    found = [kind for module in (*modules, cost_explorer, aws_recommendations) for kind in module.KINDS]
    return {kind.name: kind for kind in found}


@cache
def services(on_request: bool = False) -> tuple[str, ...]:
    """The services that are collected always, or those that are on request."""
    return tuple(dict.fromkeys(kind.service for kind in kinds().values() if kind.on_request == on_request))
