"""The OSCAL assessment results in a bundle are valid, follow from the entries, and are compared with them."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from audit_bundles import YEAR, Audited, sessions, verified
from little_replays import Replays

from standfast.app.export.audit import Asked
from standfast.app.storage.store import Store

SCHEMA = Path(__file__).parents[1] / "support" / "schemas" / "oscal-assessment-results.json"
VALIDATOR = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()), validate_formats=True)
NAME = "assessment-results.json"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return a ledger of two sessions whose verdicts are no longer kept."""
    return Audited(tmp_path_factory.mktemp("assessed")).append(sessions(2))


@pytest.fixture(scope="module")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Replays:
    """Return an office with real verdicts."""
    return Replays(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def real(replays: Replays) -> Path:
    """Return its bundle."""
    return replays.exported()


def results(bundle: Path) -> list[dict[str, Any]]:
    """Return the results in the document of *bundle*, which is valid by the schema that NIST publishes."""
    document = json.loads((bundle / NAME).read_text())
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    found: list[dict[str, Any]] = document["assessment-results"]["results"]
    return found


def props(row: dict[str, Any]) -> dict[str, str]:
    """Return the properties of a row by their name."""
    return {one["name"]: one["value"] for one in row["props"]}


def test_every_decision_is_a_result(audited: Audited) -> None:
    """Each decision of the period is a result that names its leaf, its verdict and its gates."""
    found = results(audited.exported())

    assert [props(one)["chain"] for one in found] == ["S-1", "S-1", "S-2", "S-2"]
    assert [one["observations"][0]["props"][0]["value"] for one in found] == [props(one)["leaf-index"] for one in found]
    assert [one["findings"][0]["target"]["target-id"] for one in found] == ["code_quality"] * 4
    assert verified(audited.folder / "bundle", audited.policy).exit_code == 0


def test_period_chooses_the_results(audited: Audited) -> None:
    """What was decided on other days is not in it; a period without a decision says that nothing was decided."""
    one = audited.exported("one", Asked(first=YEAR.first, last=YEAR.last, session="S-2"))
    none = audited.exported("none", Asked(first=date(2026, 11, 1), last=date(2026, 11, 2)))

    assert [props(row)["chain"] for row in results(one)] == ["S-2", "S-2"]
    assert [row["title"] for row in results(none)] == ["Nothing was decided"]
    assert [verified(path, audited.policy).exit_code for path in (one, none)] == [0, 0]


def test_clauses_that_were_not_satisfied_are_findings(replays: Replays, real: Path) -> None:
    """Of a kept verdict, each clause that was not satisfied is a finding that leads to its controls and its leaf."""
    (_waived, found) = results(real)

    clauses = [one for one in found["findings"] if "." in one["title"]]
    observed = {one["uuid"]: one for one in found["observations"]}
    assert {one["target"]["status"]["state"] for one in clauses} == {"not-satisfied"}
    assert all(len(one["related-observations"]) > 1 for one in clauses)
    assert all(one["observation-uuid"] in observed for row in clauses for one in row["related-observations"])
    reviewed = found["reviewed-controls"]["control-selections"][0]["include-controls"]
    verdict = json.loads(Store(replays.office.root).get(_address(found)))
    assert {one["control-id"] for one in reviewed} == {c["id"] for row in verdict["results"] for c in row["clauses"]}


def _address(found: dict[str, Any]) -> Any:  # a digest out of JSON
    return props(found)["verdict"]


@pytest.mark.parametrize(
    ("before", "after"),
    [('"not-satisfied"', '"satisfied"'), ('"leaf-index"', '"leaf"'), ('"version":"', '"version":"0')],
)
def test_changed_results_are_named(replays: Replays, real: Path, tmp_path: Path, before: str, after: str) -> None:
    """A document that says anything else than the entries and their verdicts is a violation."""
    copy = Path(shutil.copytree(real, tmp_path / "copy"))
    text = (copy / NAME).read_text()
    assert before in text
    (copy / NAME).write_text(text.replace(before, after, 1))

    findings = verified(copy, replays.folder / "auditor.policy")

    assert "assessment-differs" in findings.names
    assert findings.exit_code == 1


def test_results_without_their_verdict_are_incomplete(replays: Replays, real: Path, tmp_path: Path) -> None:
    """Where a verdict is not in the bundle any more, what the document told of it is not proven, and no violation."""
    copy = Path(shutil.copytree(real, tmp_path / "copy"))
    for found in results(real):
        digest = _address(found)[7:]
        (copy / "objects/sha256" / digest[:2] / digest[2:]).unlink()
    kept = [line for line in (copy / "SHA256SUMS").read_text().splitlines(keepends=True) if digest not in line]
    (copy / "SHA256SUMS").write_text("".join(kept))

    findings = verified(copy, replays.folder / "auditor.policy")

    assert {"assessment-differs", "object-missing"} <= findings.names
    assert findings.exit_code == 2


def test_missing_document_is_a_gap(audited: Audited, tmp_path: Path) -> None:
    """A bundle without the document is incomplete."""
    bundle = audited.exported("whole")
    (bundle / NAME).unlink()

    assert "file-missing" in verified(bundle, audited.policy).names
