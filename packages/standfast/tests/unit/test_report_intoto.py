"""The in-toto statements pass only what passes."""

import json
from hashlib import sha256
from types import ModuleType
from typing import Any

import pytest
from verdict_samples import assemble, one_of, open_gates, realistic, result

from standfast.model import Status, Subject, Verdict
from standfast.report import json as record
from standfast.report import test_result as tested
from standfast.report import vsa

DETAIL = "pkg:pypi/standfast#verdict"


def statement(module: ModuleType, verdict: Verdict) -> dict[str, Any]:
    """Return the statement as plain values."""
    found: dict[str, Any] = json.loads(module.render(verdict))
    return found


def about(subject: Subject) -> list[dict[str, Any]]:
    """Return the subjects of a statement about *subject*."""
    found: list[dict[str, Any]] = statement(vsa, assemble([], subject=subject))["subject"]
    return found


def test_summary_has_every_required_field() -> None:
    """A verification summary has verifier, time, resource, policy, inputs, result and levels."""
    found = statement(vsa, realistic())
    predicate = found["predicate"]

    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://slsa.dev/verification_summary/v1"
    assert predicate["verifier"] == {"id": "pkg:pypi/standfast", "version": {"standfast": "0.1.0"}}
    assert predicate["timeVerified"] == "2026-03-14T09:26:53Z"
    assert predicate["resourceUri"] == "git+https://github.com/example/payments#production"
    assert predicate["policy"]["digest"] == {"sha256": sha256(b"standard").hexdigest()}
    assert len(predicate["inputAttestations"]) == len(realistic().inputs.evidence)
    assert predicate["slsaVersion"] == "1.1"


@pytest.mark.parametrize(
    ("verdict", "summary", "level", "result_of_test"),
    [
        (one_of(Status.FAIL), "FAILED", "FAILED", "FAILED"),
        (one_of(Status.UNKNOWN), "FAILED", "FAILED", "FAILED"),
        (one_of(Status.ERROR), "FAILED", "FAILED", "FAILED"),
        (assemble([]), "FAILED", "FAILED", "FAILED"),
        (open_gates(), "PASSED", "STANDFAST_GATES_OPEN", "WARNED"),
    ],
    ids=["fail", "unknown", "error", "nothing", "open"],
)
def test_only_an_open_verdict_passes(verdict: Verdict, summary: str, level: str, result_of_test: str) -> None:
    """Both formats lack a word for undecided; it fails."""
    assert statement(vsa, verdict)["predicate"]["verificationResult"] == summary
    assert statement(vsa, verdict)["predicate"]["verifiedLevels"] == [level]
    assert statement(tested, verdict)["predicate"]["result"] == result_of_test


def test_extension_tells_undecided_from_failed() -> None:
    """The extension field, named by a URI, has the status, the gates, what is undecided, and the record's digest."""
    detail = statement(vsa, realistic())["predicate"][DETAIL]

    assert detail["status"] == "error"
    assert detail["exitCode"] == 3
    assert detail["gates"]["performance_slas"] == "unknown"
    assert "no-secret-in-repository" in detail["undecided"]
    assert detail["verdict"]["digest"] == {"sha256": sha256(record.render(realistic())).hexdigest()}


def test_tests_are_controls() -> None:
    """Controls are listed by how they stand; what is undecided is among the failed."""
    predicate = statement(tested, realistic())["predicate"]

    assert "no-test-skipped" in predicate["passedTests"]
    assert predicate["warnedTests"] == ["docstring-coverage-meets-limit", "backup-restored-recently"]
    assert {"line-coverage-meets-limit", "p95-under-limit", "no-secret-in-repository"} <= set(predicate["failedTests"])
    assert not {"cards-never-stored"} & {
        name for names in predicate.values() if isinstance(names, list) for name in names if isinstance(name, str)
    }


def test_gate_closed_for_want_of_controls_is_a_failed_test() -> None:
    """A gate to which nothing applies is listed as failed."""
    verdict = assemble([result("one", Status.PASS, ("code_quality",))])

    assert "gate/documentation" in statement(tested, verdict)["predicate"]["failedTests"]


def test_commit_is_named_only_where_the_content_is_its_own() -> None:
    """Of a working copy with uncommitted changes the content is the subject, not the commit."""
    commit, tree = "a" * 40, "b" * 40

    assert about(Subject(repository="r", tree=tree, commit=commit)) == [
        {"name": "r", "digest": {"gitCommit": commit, "gitTree": tree}}
    ]
    assert about(Subject(repository="r", tree=tree, commit=commit, dirty=True)) == [
        {"name": "r", "digest": {"gitTree": tree}}
    ]
    assert about(Subject(repository="r", tree="sha256:" + "c" * 64)) == [{"name": "r", "digest": {"sha256": "c" * 64}}]


def test_artifact_is_a_subject_of_its_own() -> None:
    """What was built is named by its digest, beside the source."""
    found = about(Subject(repository="r", tree="b" * 40, artifact="sha256:" + "d" * 64, service="payments"))

    assert found[0] == {"name": "payments", "digest": {"sha256": "d" * 64}}


@pytest.mark.parametrize(
    ("repository", "uri"),
    [
        ("https://forge.example/a/b", "https://forge.example/a/b"),
        ("forge.example/a/b c", "git+https://forge.example/a/b%20c"),
        ("payments", "pkg:generic/payments"),
    ],
)
def test_resource_is_a_uri(repository: str, uri: str) -> None:
    """A repository without an address of its own becomes a package URL."""
    found = statement(vsa, assemble([], subject=Subject(repository=repository, tree="b" * 40)))

    assert found["predicate"]["resourceUri"] == uri
