"""Which waivers hold, which do not, and what is said about each."""

from datetime import timedelta
from typing import Any

import mini
import pytest

from standfast.app.context import authors_in
from standfast.evidence.changes.schema import Changes
from standfast.evidence.wording.people import Person
from standfast.gates.judge import Failure
from standfast.model import Examination, Status
from standfast.model.waiver import WaiverScope

RED = (mini.statement(mini.coverage(10)), mini.GREEN[1])


def test_valid_waiver_opens_the_gate_and_is_marked() -> None:
    """A control under a valid waiver is waived, its findings stay visible, and the gate opens."""
    verdict = mini.verdict(*RED, waivers=(mini.waiver(),))

    tested = next(result for result in verdict.results if result.control == "tested")
    assert (verdict.status, verdict.exit_code) == (Status.WAIVED, 0)
    assert len(tested.waived) == 1
    assert tested.findings == ()
    assert tested.waivers[0].applied


DAY = timedelta(days=1)
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no expiry": ({"expires": None}, "has no expiry"),
    "expired this moment": ({"expires": mini.NOW}, "expired on"),
    "pending": ({"issued": mini.NOW + DAY, "expires": mini.NOW + 2 * DAY}, "is pending"),
    "longer than the cap": ({"issued": mini.NOW - DAY, "expires": mini.NOW + 90 * DAY}, "longer than the cap of 90"),
    "approved by the requester": ({"requester": "Ben <BEN@example.org>"}, "requested and approved by the same"),
    "approved by an author": ({"approver": "ana@example.org", "requester": "x"}, "approved by an author"),
    "approved by a stranger": ({"approver": "eve@example.org"}, "not among"),
    "approved in another role": ({"approver_role": "legal"}, "holds security"),
    "without a reason": ({"reason": "  "}, "empty reason"),
    "with a full stop for a reason": ({"reason": "."}, "empty reason"),
    "with an invisible reason": ({"reason": "\u200b\u2060"}, "empty reason"),
    "approved by an author under a tag": (
        {"approver": "ana+waivers@example.org", "requester": "x"},
        "approved by an author",
    ),
    "approved by an author in other letters": (
        {"approver": "\u0430na@example.org", "requester": "x"},
        "approved by an author",
    ),
    "without a compensating control": ({"compensating_control": ""}, "empty compensating_control"),
    "for another service": ({"scope": WaiverScope(control="tested", service="other")}, "covers service other"),
    "for another artifact": ({"scope": WaiverScope(control="tested", artifact="sha256:1")}, "covers artifact"),
    "for another finding": ({"scope": WaiverScope(control="tested", finding="0")}, "matches no finding"),
}


@pytest.mark.parametrize(("change", "why"), REFUSED.values(), ids=REFUSED)
def test_waiver_that_does_not_hold_is_refused_with_its_reason(change: dict[str, Any], why: str) -> None:
    """A waiver outside its time, its scope, its people or its form changes nothing, and the record says why."""
    verdict = mini.verdict(*RED, waivers=(mini.waiver(**change),))

    tested = next(result for result in verdict.results if result.control == "tested")
    assert verdict.status is Status.FAIL
    assert not tested.waivers[0].applied
    assert why in tested.waivers[0].why


def test_waiver_is_refused_while_authors_are_unknown() -> None:
    """Where nobody knows who wrote the change, nobody can be shown to be somebody else."""
    verdict = mini.verdict(*RED, waivers=(mini.waiver(),), authors=None)

    assert verdict.status is Status.FAIL


def test_error_cannot_be_waived() -> None:
    """A crashed tool says nothing about the change; no waiver covers that."""
    failure = Failure(kind="coverage", tool="pytest", reason="killed")

    verdict = mini.verdict(mini.GREEN[1], failures=(failure,), waivers=(mini.waiver(),))

    assert verdict.status is Status.ERROR


def test_missing_evidence_can_be_waived_for_the_whole_control() -> None:
    """Somebody may answer for evidence that does not exist yet, until a day."""
    assert mini.verdict(mini.GREEN[1], waivers=(mini.waiver(),)).status is Status.WAIVED


def test_waiver_of_one_finding_leaves_the_others() -> None:
    """A waiver of a finding covers that fingerprint and no other."""
    red = (mini.GREEN[0], mini.statement(mini.secrets("a.pem", "b.pem")))
    scopes = [WaiverScope(control="secret-free", finding=name) for name in ("a.pem", "b.pem")]

    one = mini.verdict(*red, waivers=(mini.waiver(scope=scopes[0]),))
    both = mini.verdict(*red, waivers=tuple(mini.waiver(id=scope.finding, scope=scope) for scope in scopes))

    assert one.status is Status.FAIL
    assert [f.fingerprint for r in one.results for f in r.findings] == ["b.pem"]
    assert both.status is Status.WAIVED


NOTICES: dict[str, dict[str, Any]] = {
    "waiver-without-expiry": {"expires": None},
    "waiver-expired": {"expires": mini.NOW - DAY},
    "waiver-pending": {"issued": mini.NOW + DAY, "expires": mini.NOW + 9 * DAY},
    "waiver-matches-nothing": {"scope": WaiverScope(control="secret-free")},
    "waiver-refused": {"approver_role": "astrologer"},
    "waiver-expiring": {"expires": mini.NOW + 14 * DAY},
}


@pytest.mark.parametrize(("code", "change"), NOTICES.items(), ids=NOTICES)
def test_each_doubtful_waiver_is_announced(code: str, change: dict[str, Any]) -> None:
    """Pending, expiring, endless, expired and orphaned waivers are each announced."""
    verdict = mini.verdict(*RED, waivers=(mini.waiver(**change),))

    assert [notice.code for notice in verdict.notices] == [code]


def test_run_over_a_part_is_silent_about_waivers_of_other_controls() -> None:
    """A waiver of a control that was not judged covers nothing in that verdict, and is no reason to delete it."""
    verdict = mini.verdict(
        *RED, waivers=(mini.waiver(scope=WaiverScope(control="secret-free")),), selection=("tested",)
    )

    assert verdict.notices == ()


def test_change_without_commits_has_no_known_author() -> None:
    """Compared with itself a commit has no authors; that shows nobody to be somebody else."""
    nothing = Changes(examination=Examination("commits", examined=0), head="b" * 40, base="b" * 40)

    assert authors_in((mini.statement(nothing),), mini.SUBJECT) is None


def test_second_spelling_of_an_author_is_kept() -> None:
    """Two commits under one name and two addresses make neither address somebody else's."""
    ana, also_ana = (Person(name="Ana Ruiz", email=address) for address in ("ana@example.org", "ruiz@example.com"))
    changes = Changes(
        examination=Examination("commits", examined=2), head="b" * 40, base="c" * 40, authors=(ana, also_ana)
    )
    approver = {"approver": "ruiz@example.com", "requester": "x"}

    authors = authors_in((mini.statement(changes),), mini.SUBJECT)
    verdict = mini.verdict(*RED, waivers=(mini.waiver(**approver),), authors=authors)

    tested = next(result for result in verdict.results if result.control == "tested")
    assert "approved by an author" in tested.waivers[0].why
