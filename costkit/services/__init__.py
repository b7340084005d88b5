"""The rules: one file a resource type, found by being in this folder.

A service file holds a form (``Usage``, a named tuple whose annotations say how each field is read),
``meter``, which turns usage into readings, and, where AWS sets limits, ``check``. It never produces
money. Its prices stand in ``pricing/`` under the same name.
"""

import os
from functools import cache
from importlib import import_module
from types import ModuleType

# The commands of types that people know by a shorter name; any other type is its name with hyphens.
SHORT_NAMES = {
    "lambda": "lambda_function",
    "lambda-edge": "lambda_edge_function",
    "redshift": "redshift_cluster",
    "ec2": "ec2_instance",
    "fargate": "fargate_task",
    "ebs": "ebs_volume",
    "alb": "application_load_balancer",
    "nat": "nat_gateway",
}


@cache
def types() -> tuple[str, ...]:
    """The resource types there are, in alphabetical order."""
    files = os.listdir(os.path.dirname(__file__))
    return tuple(sorted(name[:-3] for name in files if name.endswith(".py") and name[0] != "_"))


@cache
def service(kind: str) -> ModuleType:
    """The service file of a type."""
    return import_module(f"costkit.services.{kind}")


def command_of(kind: str) -> str:
    """The one-line command of a type: ``lambda`` for ``lambda_function``."""
    short = {full: command for command, full in SHORT_NAMES.items()}
    return short.get(kind, kind.replace("_", "-"))


def type_of(command: str) -> str:
    """The type behind a one-line command, or an empty text if there is none."""
    kind = SHORT_NAMES.get(command, command.replace("-", "_"))
    return kind if kind in types() else ""
