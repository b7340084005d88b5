"""Makes docs/spec.md from the forms that read a spec: ``python tests/spec_page.py``; a test compares them."""

from collections.abc import Iterator

from conftest import ROOT

from costkit.inputs.binding import Field, fields_of
from costkit.inputs.frame import Frame
from costkit.model.kind import Nested
from costkit.services import command_of, service, types

PAGE = ROOT / "docs" / "spec.md"
INTRODUCTION = """\
# The spec

A spec is YAML, JSON with the same keys, or, for fleets, CSV with a resource a row. `costkit init` writes one to
start from; `costkit schema spec` is its JSON Schema, for an editor.

```yaml
version: 1
name: shop
region: us-east-1
tags: {team: web}
resources:
  api: {type: lambda_function, memory: 512 MB, requests: 40/s, duration: 120 ms}
  night: {type: fargate_task, vcpu: 1, memory: 2 GB, runs: 30, duration: 45 min, count: 3}
```

- **Numbers** are exact. Counts take `k`, `M`, `B` and rates such as `40/s`, `3/min`, `1000/h`, `5000/day`, times the
  month's hours. Sizes take `KB` to `PB` (`KiB` and so on mean the same: AWS bills binary units), times `ms` to `days`.
  A number without a unit has the one named in the tables below.
- **Ranges**: any number may be `{low: 10M, expected: 30M, high: 90M}` or `10M..30M..90M`.
- **Nested fields** may be written as a bare value for their first field: `purchase: spot`, `spectrum: 12 TB`.
- **Missing usage** (`requests`, `duration`) makes a charge that `needs usage` and the estimate incomplete; a block that
  is left out (`spectrum`, `snapshots`) is not used.
- **YAML's traps** are closed: `010` is refused, `1e-7` is a number, `on`, `no` and `1:30` are texts, equal keys are an
  error, tags and merge keys are not accepted.
- **CSV**: columns `name`, `type`, `region`, `count`, fields with dots (`spectrum.scanned`), tags as `tag_team`, lists
  as `kind=gp3,size=100GB;kind=st1,size=1TB`.
- One-line commands have the same fields with hyphens: `--spectrum-scanned 12TB`; lists repeat:
  `--volume kind=gp3,size=100GB`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_frame(), *(line for kind in types() for line in _type(kind))]) + "\n"


def _frame() -> Iterator[str]:
    yield "## The frame\n"
    yield from _table(Frame)
    yield "| `tags` | Tags of all resources; a resource's own come before them | `{team: web}` |"
    yield "| `resources` | The resources by name: **required** | |"
    yield "\n## Every resource\n"
    yield from _header()
    yield "| `type` | One of the types below: **required** | |"
    yield "| `region` | Region (default: the spec's, or `--region`) | `eu-west-1` |"
    yield "| `count` | How many of them (default: 1) | `2` |"
    yield "| `tags` | Tags | `{team: web}` |"


def _type(kind: str) -> Iterator[str]:
    form = service(kind).Usage
    yield f"\n## {kind}\n"
    yield f"{(form.__doc__ or '').strip()} One line: `costkit {command_of(kind)}`.\n"
    yield from _table(form)


def _header() -> Iterator[str]:
    yield "| field | what it is | for example |"
    yield "| --- | --- | --- |"


def _table(form: type) -> Iterator[str]:
    yield from _header()
    for prefix, field in _fields(form, ""):
        example = "" if isinstance(field.kind, Nested) else _example(field.kind.wanted())
        required = (" (required in it)" if prefix else ": **required**") if field.required else ""
        yield f"| `{prefix}{field.name}` | {field.about.rstrip('.')}{required} | {example} |"


def _example(wanted: str) -> str:
    text = wanted.removeprefix("one of ") if wanted.count(",") == 0 else wanted
    text = text.split("for example ")[-1].split(";")[0].split(":")[0]
    return f"`{text}`" if "," not in text and " or " not in text else text


def _fields(form: type, prefix: str) -> Iterator[tuple[str, Field]]:
    for field in fields_of(form):
        if isinstance(field.kind, Nested):
            inner = f"{prefix}{field.name}[]." if field.kind.many else f"{prefix}{field.name}."
            yield from _fields(field.kind.form, inner)
        else:
            yield prefix, field


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
