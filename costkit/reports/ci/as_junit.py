"""Gates as JUnit test cases, which GitLab, Jenkins, Azure DevOps and others show beside the tests.

No platform publishes a standard; https://github.com/jenkinsci/xunit-plugin has the schema most of them read
(junit-10.xsd), https://docs.gitlab.com/ci/testing/unit_test_reports/ what GitLab shows of it. Times are
seconds and always 0; amounts, USD a month, are properties of the suite, ``<gate>.<name>``.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

from costkit.reports.ci.facts import OWN_PRICES, Case, Facts
from costkit.reports.ci.texts import shown

SUITES = {"check": "costkit.gates", "diff": "costkit.diff"}


def render(facts: Facts) -> Iterator[str]:
    """The document: one suite with a case a gate."""
    statuses = Counter(case.status for case in facts.cases)
    counts = {
        "tests": str(len(facts.cases)),
        "failures": str(statuses["failed"]),
        "errors": str(statuses["incomplete"]),
    }
    root = ET.Element("testsuites", counts)
    name = SUITES[facts.source]
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts, "skipped": str(statuses["waived"]), "time": "0"})
    _add_properties(suite, facts)
    for case in facts.cases:
        _add(suite, case)
    ET.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield ET.tostring(root, encoding="unicode") + "\n"


def _add_properties(suite: ET.Element, facts: Facts) -> None:
    """All cases' properties at the suite, as ``case.property``: the schema allows none at a case."""
    if facts.overlays or any(case.properties for case in facts.cases):
        properties = ET.SubElement(suite, "properties")
        for table in facts.overlays:
            ET.SubElement(properties, "property", {"name": OWN_PRICES, "value": shown(table)})
        for case in facts.cases:
            for name, value in case.properties:
                ET.SubElement(
                    properties, "property", {"name": f"{shown(case.name)}.{shown(name)}", "value": shown(value)}
                )


def _add(suite: ET.Element, case: Case) -> None:
    kind, message = shown(case.kind), shown(case.message)
    element = ET.SubElement(suite, "testcase", {"classname": f"costkit.{kind}", "name": shown(case.name), "time": "0"})
    match case.status:
        case "failed":
            ET.SubElement(element, "failure", {"type": kind, "message": message})
        case "incomplete":
            ET.SubElement(element, "error", {"type": "incomplete", "message": message})
        case "waived":
            ET.SubElement(element, "skipped", {"message": message})
        case "warned":
            ET.SubElement(element, "system-out").text = message
