"""Facts about the payments example, compared with its own files."""

import json
import re
from pathlib import Path

import pytest

from standfast.evidence.alert_rules.read import merged, read_rules
from standfast.evidence.alert_rules.routing import receivers_of
from standfast.evidence.alert_rules.schema import AlertRules, Signal
from standfast.evidence.api_description.importers.openapi import read_at
from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.documents.readers.read import read_documents
from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.evidence.runs.texts import TextFile

PAYMENTS = Path(__file__).parents[4] / "examples" / "payments"
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def own(*patterns: str) -> list[Path]:
    """Return the example's files of those patterns."""
    return sorted(path for pattern in patterns for path in PAYMENTS.glob(pattern))


@pytest.fixture(scope="module", name="documents")
def _documents() -> Documents:
    files = own("README.md", "docs/**/*.md", "docs/**/*.toml", "docs/**/*.yaml")
    return read_documents(TextFile(path.relative_to(PAYMENTS).as_posix(), text=path.read_text()) for path in files)


@pytest.fixture(scope="module", name="rules")
def _rules() -> AlertRules:
    parts = [read_rules(path.relative_to(PAYMENTS).as_posix(), path.read_text()) for path in own("monitoring/*.yml")]
    return merged([part for part in parts if part is not None])


def test_every_requirement_file_is_a_requirement(documents: Documents) -> None:
    """Each file below requirements gives one requirement, under its own id, with every criterion that it heads."""
    files = own("docs/requirements/*.md")
    written = {path.stem.rsplit("-", path.stem.count("-") - 1)[0]: path.read_text() for path in files}

    assert [one.document.id for one in documents.requirements] == list(written)
    for requirement in documents.requirements:
        headed = re.findall(r"^### (\S+)", written[requirement.document.id], re.MULTILINE)
        assert [criterion.id for criterion in requirement.criteria] == headed
        assert {criterion.form for criterion in requirement.criteria} == {"given-when-then"}


def test_approvals_are_what_the_front_matter_says(documents: Documents) -> None:
    """A requirement whose `approved_by` is null is approved by nobody."""
    for requirement in documents.requirements:
        text = (PAYMENTS / requirement.document.path).read_text()
        assert bool(requirement.document.approvals) is not ("approved_by: null" in text)


def test_every_row_of_the_threat_table_is_a_threat(documents: Documents) -> None:
    """Threats and elements are as many as the rows of their tables, in their order."""
    text = (PAYMENTS / "docs/threat-model.md").read_text()
    (model,) = documents.threat_models

    assert [threat.id for threat in model.threats] == re.findall(r"^\| (T\d+) \|", text, re.MULTILINE)
    assert len(model.elements) == len(re.findall(r"^\| E\d+ \|", text, re.MULTILINE))
    assert {threat.element for threat in model.threats} <= {element.name for element in model.elements}


def test_every_runbook_is_read_with_its_headings(documents: Documents) -> None:
    """Each file below runbooks is a runbook, and its second-level headings are its sections."""
    runbooks = {one.path: one for one in documents.of(DocumentKind.RUNBOOK)}

    assert set(runbooks) == {path.relative_to(PAYMENTS).as_posix() for path in own("docs/runbooks/*.md")}
    for path, runbook in runbooks.items():
        headings = re.findall(r"^## (.+)$", (PAYMENTS / path).read_text(), re.MULTILINE)
        assert [section.title for section in runbook.sections if section.level == 2] == headings


def test_every_objective_names_an_alert_that_exists(documents: Documents, rules: AlertRules) -> None:
    """The objectives are those of the file, and each of their alerts is one of the rules."""
    text = (PAYMENTS / "docs/slo.toml").read_text()

    assert len(documents.objectives) == text.count("[[slo]]")
    assert all(rules.named(alert) for one in documents.objectives for alert in one.alerts)


def test_every_alert_is_read_with_its_line(rules: AlertRules) -> None:
    """Each alert rule stands where its name does, and reaches a receiver."""
    lines = (PAYMENTS / "monitoring/alerts.yml").read_text().splitlines()

    assert [rule.name for rule in rules.rules] == [line.split()[-1] for line in lines if "- alert:" in line]
    assert all(rule.name in lines[rule.line - 1] for rule in rules.rules)
    assert rules.route is not None
    assert all(receivers_of(rules.route, rule.labels) for rule in rules.rules)
    assert {Signal.ERROR_RATIO, Signal.LATENCY_P95, Signal.EXTERNAL_ERROR_RATIO} <= {
        rule.signal for rule in rules.rules
    }


def test_every_operation_of_the_api_is_read() -> None:
    """The operations are those that the description lists, and no reference leads nowhere."""
    data = (PAYMENTS / "openapi.json").read_bytes()
    listed = [
        (path, method) for path, item in json.loads(data)["paths"].items() for method in item if method in METHODS
    ]
    body = read_at(data, "openapi.json").body

    assert isinstance(body, ApiDescription)
    assert sorted((one.path, one.method) for one in body.operations) == sorted(listed)
    assert body.items.total == 0
