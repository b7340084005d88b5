"""What the options of ``costkit collect`` say: regions, services, roles, times, and a snapshot to complete."""

import datetime
import os
import re
from typing import NamedTuple

import click

from costkit.cli.options import present_moment
from costkit.inputs.binding import nearest
from costkit.model.problem import CostkitError, Problem
from costkit.model.resource import GLOBAL
from costkit.model.snapshot import Snapshot
from costkit.model.snapshot_kinds import services
from costkit.pricebook.book import PriceBook

ALL = "all"
ROLE = r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}"
LONGEST_WAIT = 60
TIME = "%Y-%m-%dT%H:%M:%SZ"
# A snapshot says all of these itself.
SAID_BY_SNAPSHOT = ("regions", "only", "extra", "days", "roles")


class Choice(NamedTuple):
    """What to collect: ``regions`` is empty for all that are enabled."""

    services: tuple[str, ...]
    regions: tuple[str, ...]
    roles: tuple[str, ...]
    external_id: str


def choice_of(
    regions: str | None,
    only: str | None,
    extra: str | None,
    roles: tuple[str, ...],
    external_id: str,
    book: PriceBook,
    resume: bool = False,
) -> Choice:
    """The options as a choice. Raises CostkitError with everything that is wrong with them.

    A snapshot to ``resume`` names its roles, but never their external id.
    """
    problems: list[Problem] = []
    known = [name for name in book.regions() if name != GLOBAL]
    wanted = () if regions in (None, ALL) else _names("--regions", regions or "", known, "CK108", "region", problems)
    usual, requested = services(), services(on_request=True)
    chosen = usual if only is None else _names("--only", only, (*usual, *requested), "CK107", "service", problems)
    more = () if extra is None else _names("--with", extra, requested, "CK107", "service", problems)
    for role in roles:
        if not re.fullmatch(ROLE, role, re.ASCII):
            hint = "arn:aws:iam::123456789012:role/NAME"
            problems.append(Problem("CK104", f"--role-arn {role}", "not the ARN of a role", hint))
    if external_id and not roles and not resume:
        problems.append(
            Problem("CK113", "--external-id", "an external id is for roles, and none is named", "--role-arn")
        )
    if problems:
        raise CostkitError(problems)
    order = (*usual, *requested)
    return Choice(tuple(name for name in order if name in (*chosen, *more)), wanted, roles, external_id)


def _names(
    flag: str, text: str, known: list[str] | tuple[str, ...], code: str, word: str, problems: list[Problem]
) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for name in names:
        if name not in known:
            hint = nearest(name, known) or f"one of {', '.join(known[:9])}"
            problems.append(Problem(code, flag, f"no {word} {name}", hint))
    if not names:
        problems.append(Problem("CK106", flag, f"no {word} is named", ""))
    return tuple(sorted(names)) if word == "region" else names


def refuse_unwritable(*paths: str | None) -> None:
    """Raise CostkitError if a file could not be written: told before anything is asked, not after an hour of it."""
    problems = []
    for path in paths:
        folder = os.path.dirname(os.path.realpath(path)) if path and path != "-" else ""
        if path and os.path.isdir(path):
            problems.append(Problem("CK116", path, "this is a directory", "name a file in it"))
        elif folder and not (os.path.isdir(folder) and os.access(folder, os.W_OK)):
            problems.append(Problem("CK116", str(path), "cannot be written there", "is there such a directory?"))
    if problems:
        raise CostkitError(problems)


def previous(context: click.Context, output: str) -> Snapshot:
    """The snapshot to complete. Raises CostkitError if there is none, or if options contradict it."""
    from click.core import ParameterSource

    from costkit.inputs.documents import read_file
    from costkit.inputs.snapshot import read_snapshot

    given = [name for name in SAID_BY_SNAPSHOT if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        flags = {"extra": "--with", "roles": "--role-arn"}
        named = ", ".join(flags.get(name, f"--{name}") for name in given)
        hint = "leave it out, or collect anew without --resume"
        raise CostkitError([Problem("CK113", named, "the snapshot that --resume completes says this itself", hint)])
    return read_snapshot(read_file(output))


def to_wait(context: click.Context, param: click.Parameter, value: str) -> float:
    """A number of seconds, as an option's callback."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,6})?", value, re.ASCII) or float(value) > LONGEST_WAIT:
        raise click.BadParameter(f"{value!r} is not a number of seconds up to {LONGEST_WAIT}")
    return float(value)


def now() -> str:
    """The time, as a snapshot writes it."""
    return present_moment().strftime(TIME)


def midnight() -> str:
    """The last midnight in UTC: only whole days are collected."""
    return present_moment().strftime("%Y-%m-%dT00:00:00Z")


def days_ago(time: str, days: int) -> str:
    """The time so many days before another."""
    return (datetime.datetime.strptime(time, TIME) - datetime.timedelta(days=days)).strftime(TIME)
