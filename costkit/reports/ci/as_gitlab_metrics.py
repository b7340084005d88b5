"""Numbers as OpenMetrics text, whose changes GitLab shows in a merge request.

https://docs.gitlab.com/ci/testing/metrics_reports/ says what GitLab does with it, https://prometheus.io/docs/specs/om/
the syntax. Each name carries its unit: ``_usd`` is USD a month. Values are plain decimals, unrounded.
"""

from collections.abc import Iterator

from costkit.model.exact import plain
from costkit.reports.ci.facts import Facts, Metric
from costkit.reports.ci.texts import shown

Labels = tuple[tuple[str, str], ...]


def render(facts: Facts) -> Iterator[str]:
    """One family after the other, as the format wants it, in the order in which they first appear."""
    families: dict[str, list[Metric]] = {}
    for metric in facts.metrics:
        families.setdefault(metric.name, []).append(metric)
    for name, metrics in families.items():
        yield f"# HELP {name} {_escaped(shown(metrics[0].about))}\n# TYPE {name} gauge\n"
        seen: set[Labels] = set()
        for metric in metrics:
            yield f"{name}{_braces(_distinct(metric.labels, seen))} {plain(metric.amount)}\n"
    yield "# EOF\n"


def _distinct(labels: Labels, seen: set[Labels]) -> Labels:
    """The labels as they are shown, with a number if names that differ only in what is not shown would collide."""
    wanted = found = tuple((name, shown(value)) for name, value in labels)
    number = 1
    while found in seen:
        number += 1
        found = (*wanted, ("number", str(number)))
    seen.add(found)
    return found


def _braces(labels: Labels) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
