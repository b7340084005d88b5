"""The least IAM policy under which a collection works, made from the calls that it makes."""

from collections.abc import Iterable
from typing import Any

from costkit.collect.services import IDENTITY, calls_of

VERSION = "2012-10-17"


def actions(chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The IAM actions that collecting these services needs, in order of the alphabet."""
    # AWS permits everybody to ask who they are.
    calls = [call for call in calls_of(chosen) if call != IDENTITY]
    return tuple(sorted({action for call in calls for action in (call.iam, *call.also)}))


def policy(chosen: tuple[str, ...], roles: Iterable[str] = ()) -> dict[str, Any]:
    """The policy document. None of these actions can be limited to resources as a whole, so it names ``*``."""
    statements: list[dict[str, Any]] = [
        {"Sid": "CostkitReads", "Effect": "Allow", "Action": list(actions(chosen)), "Resource": "*"}
    ]
    named = sorted(set(roles))
    if named:
        statements.append({"Sid": "CostkitAssumes", "Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": named})
    return {"Version": VERSION, "Statement": statements}
