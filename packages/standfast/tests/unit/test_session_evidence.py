"""What the open session proves to the controls, and what it does not."""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from little_sessions import Office

from standfast.app.storage.store import Store
from standfast.ledger.bodies import ApprovalGiven, ChangeObserved, EvidenceRecorded, SignatureKind, Signed
from standfast.ledger.fields import Via
from standfast.model import sha256

JUNIT = (
    '<testsuite name="unit" tests="1" failures="0" errors="0" skipped="0">'
    '<testcase classname="t" name="a"/></testsuite>'
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A repository with a change, and no session."""
    return Office(tmp_path)


def judged(office: Office, *words: str) -> dict[str, dict[str, Any]]:
    """Return what the gate says about each control, from what is stored and what the session says."""
    ran = office.run("gate", "--no-collect", "--format", "json", *words)
    assert ran.out, ran.err
    return {result["control"]: result for result in json.loads(ran.out)["results"]}


def outcomes(office: Office, *controls: str) -> list[str]:
    """Return the outcome of each of *controls*."""
    found = judged(office)
    return [found[control]["outcome"] for control in controls]


def test_without_a_session_nothing_is_said(office: Office) -> None:
    """Where no session is open, controls about sessions stay unknown, whether there is a ledger or not."""
    controls = ("session-phases-follow-each-other", "session-records-the-development")

    assert outcomes(office, *controls) == ["unknown"] * 2
    assert outcomes(office, *controls) == ["unknown"] * 2


def test_open_session_is_evidence(office: Office) -> None:
    """What the session records decides the controls about it: here the phases, and what was considered first."""
    office.ready()
    control = "session-records-what-was-considered-first"

    before, phases = outcomes(office, control, "session-phases-follow-each-other")
    office.session("advance", "requirements")
    office.session("decide", "architecture", "The name of the card is never stored anywhere in our database")
    office.session("decide", "security", "Only tokens are stored, and they are useless to anybody else")

    assert (before, phases) == ("fail", "pass")
    assert outcomes(office, control) != ["unknown"]


def test_gate_tells_the_session_of_commit_and_results(office: Office) -> None:
    """A gate records the newest commit and each result once; the test run is then on record, and kept."""
    office.ready()
    office.write("more.py", '"""More."""\n')
    office.commit("More")
    report = office.root.parent / "junit.xml"
    report.write_text(JUNIT)
    assert office.run("import", str(report)).code == 0

    first, second = judged(office), judged(office)

    bodies = [leaf.body for leaf in office.leaves()]
    assert [body.evidence for body in bodies if isinstance(body, EvidenceRecorded)] == ["test_results"]
    assert [body.commit for body in bodies if isinstance(body, ChangeObserved)][-1] == office.git("rev-parse", "HEAD")
    assert "no test run" not in json.dumps(first["session-records-the-development"])
    assert second["test-results-are-preserved"]["outcome"] == "pass"


def test_lost_results_are_noticed(office: Office) -> None:
    """Evidence that the session is to keep and that is gone from the store is a finding."""
    office.ready()
    report = office.root.parent / "junit.xml"
    report.write_text(JUNIT)
    office.run("import", str(report))
    judged(office)
    (kept,) = [leaf.body.statement for leaf in office.leaves() if isinstance(leaf.body, EvidenceRecorded)]
    objects = dict(Store(office.root).objects())
    objects[kept].unlink()

    assert outcomes(office, "test-results-are-preserved") == ["fail"]


def test_session_about_another_commit_passes_nothing(office: Office) -> None:
    """With uncommitted changes, what the session says is about something else, and passes no control."""
    office.ready()
    office.write("pay.py", '"""Pay later."""\n')

    assert outcomes(office, "session-phases-follow-each-other") == ["unknown"]


def test_review_without_signature_vouches_for_nobody(office: Office) -> None:
    """A local review is a claim, as a trailer is: only a signed approval shows that somebody else agreed."""
    office.ready()
    office.bea()
    office.session("review", "approved", "--text", "Looks right to me")
    office.run("approve", "security")

    assert outcomes(office, "change-is-reviewed-by-another-person") != ["pass"]


def test_signed_approval_vouches_for_the_reviewer(tmp_path: Path) -> None:
    """An approval signed with the approver's key shows that another person agreed to this commit."""
    key = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text().strip()
    office = Office(tmp_path, keys=f'\n[approvals.keys]\n"bea@example.org" = ["{public}"]\n')
    office.ready()
    office.bea()
    assert office.run("approve", "security", "--key", str(key)).code == 0

    assert outcomes(office, "change-is-reviewed-by-another-person") == ["pass"]


def test_signature_that_an_event_only_claims_vouches_for_nobody(office: Office) -> None:
    """An event may say that it is signed: without the signature itself, by a key of the approver, it proves nothing."""
    office.ready()
    office.bea()
    office.run("approve", "security")
    given = next(leaf for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven))
    assert isinstance(given.body, ApprovalGiven)
    signed = Signed(kind=SignatureKind.SSH, key=sha256(b"key"))
    statement = Store(office.root).put(Store(office.root).get(given.body.statement) + b" ")
    forged = msgspec.structs.replace(given.body, signed=signed, statement=statement)
    office.record(forged, actor=msgspec.structs.replace(given.actor, via=Via.SSH))

    assert office.shown()["lines"][-1]["what"].endswith("signed with ssh")
    assert outcomes(office, "change-is-reviewed-by-another-person") != ["pass"]


def test_people_who_turn_out_to_be_one_void_what_they_agreed(office: Office) -> None:
    """When two names turn out to be one person, their agreement counts no longer: it is said, and work goes on."""
    office.ready()
    office.sits("Ana Ruiz", "bea@example.org")
    office.session("note", "Both of these are me")

    shown = office.shown()
    assert shown["phase"] == "requirements"
    assert "approver wrote it" in shown["void"][0]
    assert "counts no longer" in office.session("show").out
    assert outcomes(office, "session-phases-follow-each-other") != ["pass"]
    assert office.session("note", "Begin again").code == 0


def test_explaining_records_nothing(office: Office) -> None:
    """Explaining a control reads the session and adds no event to it."""
    office.ready()
    before = office.kinds()

    ran = office.run("explain", "session-phases-follow-each-other")

    assert "pass" in ran.out
    assert office.kinds() == before


def test_decision_with_session_evidence_is_replayed(office: Office) -> None:
    """A verdict that the session was evidence for is computed again from what is stored."""
    office.ready()
    ran = office.run("gate", "--no-collect", "--format", "json")
    path = office.root.parent / "verdict.json"
    path.write_text(ran.out)

    assert office.run("replay", str(path)).code == 0
