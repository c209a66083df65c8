"""What the leaves prove, as controls see it and as a timeline tells it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module

import msgspec
import pytest
from ledger_story import (
    ANA,
    BEA,
    CAY,
    DAN,
    FIRST,
    LESSON,
    PEOPLE,
    ROBOT,
    SECOND,
    START,
    Story,
    approval,
    compensated,
    decided,
    deployment,
    evidence,
    hidden,
    observed,
    reviewed,
    whole_story,
)

from standfast.evidence.changes.schema import Changes, Commit
from standfast.evidence.ledger_records.schema import LedgerRecords, RecordKind
from standfast.evidence.ledger_records.schema import Phase as RecordedPhase
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import (
    AnyBody,
    ApprovalDeclined,
    ApprovalRevoked,
    DecisionRecorded,
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentReverted,
    EvidenceRecorded,
    Phase,
    Refused,
    Result,
    SessionClosed,
    SessionNoted,
    SessionRefused,
    Signed,
    Topic,
    WaiverGranted,
    WaiverRevoked,
    WaiverUsed,
)
from standfast.ledger.fields import ChainId
from standfast.ledger.kinds import EventKind
from standfast.ledger.records import Holding, ledger_records, told_by
from standfast.ledger.timeline import said, timeline
from standfast.model import Digest, Examination, Finding, Status, sha256

NAMES = {ANA: Person(name="Ana Ruiz", email="ana@example.org"), BEA: Person(name="Bea Vale", login="bea")}
DIGEST = sha256(b"digest")
GOOD = Holding(present=True, intact=True)
CONTROLS = (
    "session_records_what_was_considered_first",
    "session_records_the_development",
    "session_records_the_way_to_production",
    "session_records_what_was_learned",
    "session_phases_follow_each_other",
)


def records(story: Story, holdings: dict[Digest, Holding] | None = None) -> LedgerRecords:
    """Return what the ledger states about *story*, with all of its evidence there."""
    held = {leaf.body.statement: GOOD for leaf in story.leaves if isinstance(leaf.body, EvidenceRecorded)}
    return ledger_records(
        tuple(story.leaves), story.leaves, people=PEOPLE, names=NAMES, holdings=held | (holdings or {}), verified=True
    )


def findings(control: str, *given: object) -> list[object]:
    """Return what the probe of *control* yields."""
    probe: Callable[..., Iterator[object]] = import_module(f"standfast.controls.{control}.probe").probe
    return list(probe(*given))


@pytest.mark.parametrize("control", CONTROLS)
def test_whole_session_meets_the_controls(control: str) -> None:
    """A session that went the whole way through the ledger leaves no control anything to find."""
    assert findings(control, records(whole_story())) == []


@pytest.mark.parametrize("control", CONTROLS)
def test_session_that_has_just_begun_does_not(control: str) -> None:
    """A session that was only opened meets none of them."""
    assert all(isinstance(one, Finding) for one in findings(control, records(Story())))
    assert findings(control, records(Story()))


def test_opening_is_older_than_the_code() -> None:
    """Whether the session precedes the code is decided from the time of its opening leaf."""
    story = whole_story()
    at = story.state.opened_at

    def changes(written: datetime) -> Changes:
        commit = Commit(
            id="1" * 40, author=NAMES[ANA], committer=NAMES[ANA], authored_at=written, committed_at=at, subject="x"
        )
        return Changes(examination=Examination("commits", 1), head="1" * 40, base="0" * 40, commits=(commit,))

    assert findings("session_precedes_the_code", records(story), changes(at)) == []
    assert findings("session_precedes_the_code", records(story), changes(at - timedelta(seconds=1)))


def test_kept_evidence_is_told_with_its_end() -> None:
    """Each piece of evidence is listed with what its bytes are now, and until when they are kept."""
    story = whole_story()
    lost, changed = (evidence(kind).statement for kind in ("test_results", "load_test"))

    body = records(story, {lost: Holding(present=False, intact=False), changed: Holding(present=True, intact=False)})

    assert [(one.kind, one.present, one.intact) for one in body.kept] == [
        ("test_results", False, False),
        ("load_test", True, False),
    ]
    assert body.kept[0].kept_until == START + timedelta(days=3 * 366)
    assert body.lost_count == 2
    assert len(findings("test_results_are_preserved", body)) == 3


def test_evidence_that_nobody_looked_for_is_gone() -> None:
    """A statement of which nothing is known counts as lost, not as kept."""
    story = whole_story()

    body = ledger_records((), story.leaves, people=PEOPLE, names={}, holdings={}, verified=False)

    assert body.session is None
    assert body.lost_count == body.kept_count == 2
    assert not body.verified


def test_people_go_by_their_names_where_these_are_disclosed() -> None:
    """Names come from disclosures; without one the pseudonym stands, and nobody is mistaken for somebody."""
    body = records(whole_story())

    assert body.session is not None
    assert body.session.opened_by == NAMES[ANA]
    assert body.session.reference == "#34"
    by = {record.kind: record.by for record in body.session.records}
    assert by[RecordKind.SECURITY_APPROVAL] == NAMES[BEA]
    assert by[RecordKind.REVIEW] == NAMES[BEA]
    assert by[RecordKind.DEPLOYMENT] == Person(login=ROBOT)
    assert [one.by for one in body.session.of(RecordKind.APPROVAL)] == [Person(login=DAN), Person(login=CAY)]


def test_void_approval_is_not_on_record() -> None:
    """An approval that a new commit made void is no approval of the session any more."""
    story = Story().until(Phase.PRE_DEPLOYMENT)
    story.tell(decided())
    story.tell(approval("security"), BEA)
    before = records(story)
    story.tell(observed(ANA, commit=SECOND))
    after = records(story)

    assert before.session is not None
    assert after.session is not None
    assert len(before.session.of(RecordKind.SECURITY_APPROVAL)) == 1
    assert after.session.of(RecordKind.SECURITY_APPROVAL) == ()


def test_records_fall_into_the_phases_of_the_session() -> None:
    """Each record stands in the phase in which it happened."""
    body = records(whole_story())

    assert body.session is not None
    found = [(record.phase, record.kind) for record in body.session.records]
    assert found[0] == (RecordedPhase.PRE_DEVELOPMENT, RecordKind.REQUIREMENTS_ANALYSIS)
    assert found[-1] == (RecordedPhase.POST_DEPLOYMENT, RecordKind.LESSONS_LEARNED)
    assert {phase for phase, _ in found} == set(RecordedPhase)


def test_timeline_tells_the_session_in_words() -> None:
    """Each leaf is one line with its phase and its facts; refusals and missing signatures stand out."""
    story = Story().until(Phase.PRE_DEPLOYMENT)
    story.tell(decided())
    story.tell(approval("security"), ANA)
    story.tell(LESSON)

    lines = timeline(story.leaves)

    assert [(line.number, line.phase, line.kind, line.what) for line in lines[-4:]] == [
        (11, Phase.DEVELOPMENT, "session.advanced", "from development to pre_deployment"),
        (12, Phase.PRE_DEPLOYMENT, "gate.decided", "pass on 0 statements"),
        (13, Phase.PRE_DEPLOYMENT, "approval.refused", "as security: approver is author"),
        (14, Phase.PRE_DEPLOYMENT, "lesson.recorded", ""),
    ]
    assert [line.number for line in lines if line.refused] == [13]
    assert set(lines[-1].hidden) == {"/body/text"}
    assert lines[0].what == "on github for issue 34; to be approved as security and release"
    assert set(lines[0].hidden) == {"/body/repository", "/body/title"}
    assert all(line.at.tzinfo is UTC for line in lines)
    assert lines[4].what == "as product, signed with ed25519, person verified"


SAID: dict[str, tuple[AnyBody, str]] = {
    "refused": (
        SessionRefused(
            session=ChainId("S-1"), attempted=EventKind.SESSION_CLOSED, attempt=DIGEST, reason=Refused.WRONG_COUNT
        ),
        "session.closed: wrong count",
    ),
    "closed": (SessionClosed(result=Result.FAILED, count=7, last=DIGEST), "failed, after 7 events"),
    "unresolved": (observed(ANA, unresolved=2), "commit 111111111111 by p-anaa, 2 not told apart"),
    "incomplete": (msgspec.structs.replace(evidence("lint"), problems=1), "lint by pytest, 1 problem"),
    "not open": (decided(Status.FAIL), "fail on 0 statements; not open: code_quality"),
    "declined": (
        ApprovalDeclined(role="release", commit=FIRST, text=hidden("no"), words=1), "as release of commit 111111111111"
    ),
    "approved": (
        approval("security", signed=Signed()), "as security of commit 111111111111, unsigned"
    ),
    "revoked": (ApprovalRevoked(statement=DIGEST, text=hidden("no"), words=1), f"statement {DIGEST:.19}"),
    "waived": (
        WaiverGranted(
            waiver="w-1", control="lint", statement=DIGEST, requester=ANA, approver=BEA, role="security",
            expires=START, signed=approval("x").signed,
        ),
        "w-1 for lint until 2026-01-05, signed with ed25519, person verified",
    ),
    "used": (WaiverUsed(waiver="w-1", verdict=DIGEST, findings=3), "w-1 covered 3 findings"),
    "taken back": (WaiverRevoked(waiver="w-1", text=hidden("no"), words=1), "w-1"),
    "alone": (compensated("release", START), "no approval as release, cooling off until 2026-01-06 10:00"),
    "begun": (deployment(DAN), "d-1 of pay to production by p-dana"),
    "ended": (DeploymentFinished(deployment="d-1", result=Result.COMPLETED), "d-1 completed"),
    "undone": (DeploymentReverted(deployment="d-1", automatic=False), "d-1 by hand"),
    "confirmed": (DeploymentConfirmed(deployment="d-1", healthy=False, statement=DIGEST), "d-1 not healthy"),
    "reviewed": (reviewed(BEA), "approved by p-beaa, commit 111111111111"),
    "decided": (DecisionRecorded(topic=Topic.SECURITY, text=hidden("x"), words=5), "about security, 5 words"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "words"), SAID.values(), ids=SAID)
def test_each_kind_is_told_in_a_few_words(body: AnyBody, words: str) -> None:
    """The facts of an event are told in words, without digests in full and without names."""
    assert said(body) == words


def test_failed_confirmation_confirms_nothing() -> None:
    """Monitoring that showed something wrong is no confirmation; evidence with problems is no complete run."""
    unhealthy = DeploymentConfirmed(deployment="d-1", healthy=False, statement=DIGEST)

    assert list(told_by(unhealthy)) == []
    assert list(told_by(evidence("lint"))) == []
    assert [one.status for one in told_by(msgspec.structs.replace(evidence("load_test"), problems=1))] == ["incomplete"]
    assert [one.kind for one in told_by(SessionNoted(text=hidden("x"), words=2))] == [RecordKind.NOTE]
