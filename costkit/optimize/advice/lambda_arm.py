"""LMB-01: a Lambda function on arm64 costs a fifth less for the same memory and time.

https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from costkit.model.finding import DERIVED, HEURISTIC, MEDIUM, NOT_APPLICABLE, OPTIMIZATION, Evidence
from costkit.optimize.check import GENERATION, TO_GRAVITON, Check, Option, Proposal, Skip, Subject

# Runtimes that AWS offers on both architectures, and those it offered on x86_64 only:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
RUNTIME = re.compile(r"([a-z]+)(\d+)?(?:\.(\d+|x))?(?:\.(al\d+))?")
OLDEST = {"python": (3, 8), "nodejs": (12, 0), "java": (11, 0), "dotnet": (6, 0), "ruby": (2, 7)}
# How much longer or shorter a function may take on the other architecture, as reports of both kinds differ.
SLOWER, FASTER = Decimal("1.1"), Decimal("0.9")


def propose(subject: Subject) -> Proposal | Skip:
    """The same function on arm64."""
    use = subject.usage
    if use.architecture == "arm64":
        return Skip(NOT_APPLICABLE, "it runs on arm64 already")
    offered = on_arm(use.runtime or "")
    if offered is False:
        return Skip(NOT_APPLICABLE, f"AWS has no {use.runtime} on arm64")
    change: dict[str, Any] = {"architecture": "arm64"}
    confidence = DERIVED if offered else HEURISTIC
    doubt = "" if offered else "; whether its runtime and libraries exist for arm64 is not stated"
    return Proposal(
        why=f"arm64 has a lower price for a GB-second than x86_64; the range is for a run time 10 % longer or shorter"
        f"{doubt}",
        options=(Option("", change, {**change, **_scaled(subject, SLOWER)}, {**change, **_scaled(subject, FASTER)}),),
        confidence=confidence,
        evidence=(Evidence("architecture", use.architecture), Evidence("runtime", use.runtime or "not stated")),
    )


def on_arm(runtime: str) -> bool | None:
    """Whether AWS offers a runtime on arm64; None for one that is not known."""
    match = RUNTIME.fullmatch(runtime)
    if match is None:
        return None
    name, major, minor, image = match.groups()
    if runtime == "java8":
        return False
    if name == "provided" or runtime == "java8.al2":
        return image is not None
    if name not in OLDEST or not major:
        return False if name in ("go", "dotnetcore") else None
    return (int(major), int(minor) if minor and minor.isdigit() else 0) >= OLDEST[name]


def _scaled(subject: Subject, factor: Decimal) -> dict[str, Any]:
    """Durations times a factor, within what a function may take."""
    longest = subject.at.value("duration_max")
    fields: dict[str, Any] = {}
    if subject.usage.duration is not None:
        fields["duration"] = subject.spread(lambda use: min(use.duration * factor, longest))
    provisioned = subject.usage.provisioned_concurrency
    if provisioned is not None and provisioned.duration is not None:
        fields["provisioned_concurrency"] = _provisioned(subject, lambda duration: min(duration * factor, longest))
    return fields


def _provisioned(subject: Subject, scale: Callable[[Decimal], Decimal]) -> dict[str, Any]:
    duration = subject.spread(lambda use: scale(use.provisioned_concurrency.duration))
    return {**subject.raw["provisioned_concurrency"], "duration": duration}


CHECK = Check(
    code="LMB-01",
    title="Run on arm64",
    types=("lambda_function",),
    stage=GENERATION,
    category=OPTIMIZATION,
    effort=MEDIUM,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",
    propose=propose,
    says=TO_GRAVITON,
)
