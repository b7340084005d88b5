"""Makes docs/snapshot.md from the kinds of item: ``python tests/snapshot_page.py``; a test compares them."""

from collections.abc import Iterator
from typing import Any

from conftest import ROOT

from costkit.model.snapshot_kinds import kinds, services
from costkit.model.snapshot_kinds.kind import HOUR, ItemKind, Metric

PAGE = ROOT / "docs" / "snapshot.md"
EXAMPLE = ROOT / "tests" / "snapshots" / "small.json"
INTRODUCTION = """\
# The snapshot

A snapshot is what `costkit collect` found in an account: one dated JSON file that later commands read without a
network. Items and their metrics stand one a line, in a stable order, so that two snapshots can be compared with
`diff`. `costkit schema snapshot` is its JSON Schema. Later versions only add; a file of another `schema_version` is
refused.

```json
"""
EXPLAINED = """\
```

- **`collected`** is when, **`window`** the days that metrics cover: whole days in UTC, `end` not included.
- **`accounts`** that were asked, each through a `role` or (empty) directly. **`api`**: the calls this took, by IAM
  action, how many metrics were asked for, and what that cost at list price.
- **`parts`** say what was asked for: a kind in an account and region, and how many items there are. A kind without a
  part was not asked for; one with 0 items and nothing missing has none. `region` is `global` for what belongs to no
  region.
- **`missing`** is empty exactly if `complete` is true. `what` is `items`, `metrics`, `tags` or the name of an
  attribute; `ids` names the items concerned, and is empty for all of the part. `action` is the IAM action. Reasons:
  `denied` (no permission), `throttled` (AWS kept refusing for haste), `disabled` (the region or service is not
  enabled), `not_enrolled` (the account has not opted in), `expired` (the credentials ended), `no_credentials`,
  `clock` (this machine's clock is wrong), `unreachable` (no connection, or no answer in time), `failed` (AWS reported
  an error), `broken_answer` (an answer without what it must contain), `cost_limit` (`--max-api-cost`), `interrupted`.
- **`items`** have their `kind`, an `id` that is unique within kind, account and region, the `arn` (may be empty),
  `tags` (`null` if nobody could ask for them, `{}` if there are none) and `attributes` in AWS's own names and
  structure. An attribute that AWS did not send is absent: it is unknown, not zero. Attributes that are not in the
  tables below are never kept; the environment of a function is not among them. Times are ISO texts in UTC.
- **`metrics`** of an item: one value for each `period` (seconds) from `start` to `end`, in CloudWatch's unit; `null`
  where AWS has no data. A list without entries means `null` in every period. `gaps` says what `null` means: `zero`,
  nothing happened (Lambda, Redshift Serverless, request counts); `unknown`, paused, stopped or not created yet
  (Redshift, EC2), which is never zero. `dimensions` are those beside the item's own. A series that could not be
  collected is absent and its item in `missing`; a metric that an item cannot have (a condition in the tables) is
  absent too.

Hourly peaks of a `Sum` divided by 3,600 are averages of that hour: a shorter peak is higher.

Kinds `lambda_version` and `lambda_alias` are asked for functions with SnapStart or provisioned concurrency alone;
`ec2_instance_type` and `ec2_spot_price` for the types of the instances that are there. Kinds of services marked *on
request* are asked for with `--with`.
"""
CONDITIONS = {
    "insights": "functions with the Lambda Insights layer",
    "burstable": "instances of burstable types (t2, t3, t3a, t4g)",
    "application": "application load balancers",
    "network": "network load balancers",
}


def page() -> str:
    """The whole page."""
    example = EXAMPLE.read_text(encoding="utf-8")
    return "\n".join([INTRODUCTION + example + EXPLAINED, *_services()]).rstrip() + "\n"


def _services() -> Iterator[str]:
    for on_request in (False, True):
        for service in services(on_request):
            yield f"## {service}{' (on request)' if on_request else ''}\n"
            for kind in kinds().values():
                if kind.service == service:
                    yield from _kind(kind)


def _kind(kind: ItemKind) -> Iterator[str]:
    yield f"### `{kind.name}`\n"
    yield f"{kind.about}.\n"
    yield "Attributes: " + ", ".join(f"`{key}`{_shape(form)}" for key, form in kind.form.items()) + ".\n"
    if kind.metrics:
        yield "| Metric | Statistic | Period | Gaps | Days | Only |"
        yield "|---|---|---|---|---|---|"
        yield from (_metric(metric) for metric in kind.metrics)
        yield ""


def _shape(form: Any) -> str:
    if isinstance(form, list):
        return f" (list{_shape(form[0]) if isinstance(form[0], dict) else ''})"
    if isinstance(form, dict):
        return " {" + ", ".join(f"`{key}`{_shape(value)}" for key, value in form.items()) + "}"
    return "" if form == "text" else f" ({form})"


def _metric(metric: Metric) -> str:
    period = "hour" if metric.period == HOUR else "day"
    beside = "".join(f" {name}={value}" for name, value in metric.beside.items())
    only = CONDITIONS[metric.only] if metric.only else ""
    if metric.discovered:
        only = "a series for each set of dimensions that AWS lists"
    dimensions = ", ".join([*metric.dimensions]) or "no dimension"
    name = f"{metric.namespace} {metric.name}{beside} ({dimensions})"
    days = f"at least {metric.days}" if metric.days else "window"
    return f"| {name} | {metric.statistic} | {period} | {metric.gaps} | {days} | {only} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
