"""Requirements, tests, documents and code agree with each other."""

import json
import re
import sqlite3
import tomllib
from pathlib import Path

import pytest

from payments.errors import registry
from payments.observability.metrics import Metrics

ROOT = Path(__file__).parents[2]
OPEN_CRITERIA = {"PAY-9.4"}
"""Criteria without a test, each explained in docs/known-gaps.md."""


def _criteria() -> set[str]:
    texts = [path.read_text("utf-8") for path in (ROOT / "docs/requirements").glob("PAY-*.md")]
    return {criterion for text in texts for criterion in re.findall(r"^### (PAY-\d+\.\d+)", text, re.M)}


def _cited() -> set[str]:
    marks = [
        mark
        for path in (ROOT / "tests").rglob("test_*.py")
        for mark in re.findall(r"mark\.requirement\(([^)]*)\)", path.read_text("utf-8"))
    ]
    return {criterion for mark in marks for criterion in re.findall(r"PAY-\d+\.\d+", mark)}


def test_every_criterion_is_demonstrated_unless_it_is_a_known_gap() -> None:
    """A criterion without a test is listed as a known gap, and a known gap has no test."""
    assert _criteria() - _cited() == OPEN_CRITERIA


def test_no_test_cites_a_criterion_that_does_not_exist() -> None:
    """A typing slip in a citation does not go unnoticed."""
    assert _cited() <= _criteria()


def test_every_open_criterion_is_explained() -> None:
    """Known gaps are written down where people look for them."""
    gaps = (ROOT / "docs/known-gaps.md").read_text("utf-8")

    assert all(criterion in gaps for criterion in OPEN_CRITERIA)


def test_every_error_code_is_documented() -> None:
    """The table of errors lists exactly the codes of the service."""
    text = (ROOT / "docs/errors.md").read_text("utf-8")

    assert re.findall(r"^\| `(\w+)` \|", text, re.M) == sorted(registry())


def test_every_alert_uses_metrics_that_exist_and_a_runbook_that_exists() -> None:
    """An alert that can never fire, or that sends people nowhere, is worse than none."""
    alerts = (ROOT / "monitoring/alerts.yml").read_text("utf-8")
    exported = Metrics().render().decode()

    used = set(re.findall(r"\bpayments_\w+", alerts))
    assert used
    for name in used:
        family = re.sub(r"_(bucket|count|sum)$", "", name)
        assert re.search(rf"^# TYPE {family} ", exported, re.M), name
    for runbook in re.findall(r"runbook_url: (\S+)", alerts):
        assert (ROOT / runbook).is_file(), runbook


def test_every_objective_has_an_alert_a_receiver_and_a_runbook() -> None:
    """Every route has an objective, and an objective that nobody is told about is a wish."""
    alerts = (ROOT / "monitoring/alerts.yml").read_text("utf-8")
    receivers = (ROOT / "monitoring/alertmanager.yml").read_text("utf-8")
    objectives = tomllib.loads((ROOT / "docs/slo.toml").read_text("utf-8"))["slo"]

    routed = {route for objective in objectives for route in objective["routes"]}
    described = set(json.loads((ROOT / "openapi.json").read_text("utf-8"))["paths"])
    assert routed == described
    for objective in objectives:
        assert f"alert: {objective['alert']}\n" in alerts
        assert f"name: {objective['receiver']}\n" in receivers
        assert (ROOT / objective["runbook"]).is_file()


def test_every_stored_text_is_in_the_record_of_processing() -> None:
    """A new column has to be classified as personal or not, and an old one has to leave the record."""
    record = tomllib.loads((ROOT / "docs/privacy/record-of-processing.toml").read_text("utf-8"))
    database = sqlite3.connect(":memory:")
    database.executescript((ROOT / "src/payments/storage/schema.sql").read_text("utf-8"))

    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    stored = {
        f"{table}.{column}"
        for table in tables
        for column, kind in database.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        if kind == "TEXT"
    }
    database.close()

    recorded = [field["name"] for field in record["field"]] + record["not_personal"]["columns"]
    assert sorted(recorded) == sorted(stored)


def test_every_test_named_in_the_threat_model_exists() -> None:
    """A mitigation cites something that is really run."""
    model = (ROOT / "docs/threat-model.md").read_text("utf-8")

    cited = re.findall(r"(tests/[\w/]+\.py)::(\w+)", model)
    assert len(cited) > 10
    for path, name in cited:
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), name


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.name)
def test_modules_stay_short(path: Path) -> None:
    """No module is longer than 300 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 300
