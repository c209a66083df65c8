"""What a forge says of a session becomes events of it: reviews of its newest commit, the number of its issue."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_forge import FakeForge, Fault, Given, serving
from fake_github import FakeGitHub
from fake_gitlab import PREFIX, FakeGitLab
from little_forge_place import Place

from standfast.ledger.bodies import ReviewRecorded, SessionBound

SLOW = Given(429, {"message": "slow down"}, {"Retry-After": "3600"})
FORBIDDEN = Given(403, {"message": "You have exceeded a secondary rate limit"}, {"Retry-After": "3600"})
UNWELL = Given(200, {"unexpected": True})


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Place]:
    """An office with GitHub, and a session about a commit that a pull request asks to merge."""
    fake = FakeGitHub()
    with serving(fake):
        yield reviewing(tmp_path, fake)
    assert fake.problems == []


def reviewing(folder: Path, fake: FakeGitHub) -> Place:
    """Return an office whose session is in the phase before deployment, with a pull request of Ana's."""
    place = Place(folder, fake)
    place.session("open", "Pay by card")
    place.session("decide", "requirements", "Customers pay by card")
    place.office.bea()
    place.office.run("approve", "product")
    place.office.sits("Ana Ruiz", "ana@example.org")
    place.session("advance", "development")
    assert place.session("advance", "pre_deployment").code == 0
    fake.pull(5, head(place), "ana")
    return place


def head(place: Place) -> str:
    """Return the newest commit."""
    return place.office.git("rev-parse", "HEAD")


def github(place: Place) -> FakeGitHub:
    """Return the forge."""
    assert isinstance(place.fake, FakeGitHub)
    return place.fake


def recorded(place: Place) -> list[ReviewRecorded]:
    """Return the reviews that are events."""
    return [leaf.body for leaf in place.office.leaves() if isinstance(leaf.body, ReviewRecorded)]


def test_reviews_become_events_once(hub: Place) -> None:
    """Each review that the forge has is an event of the session, of who gave it, however often it is asked."""
    github(hub).review(5, "dan", "COMMENTED", head(hub), at="2026-03-01T09:00:00Z")
    github(hub).review(5, "dan", "APPROVED", head(hub))
    github(hub).review(5, "eve", "CHANGES_REQUESTED", "1" * 40)
    first, again = hub.sync(), hub.sync()

    assert (first.code, again.code) == (0, 0)
    found = recorded(hub)
    assert [one.state for one in found] == ["commented", "approved", "changes_requested"]
    assert [one.commit for one in found] == [head(hub), head(hub), "1" * 40]
    assert {one.forge for one in found} == {"github"}
    assert len({one.reviewer for one in found}) == 2
    assert sum("review.recorded" in text for text in hub.texts()) == 3


def test_review_that_is_taken_back_is_another_event(hub: Place) -> None:
    """What was said before stays on record, and so does that it was taken back, and given again."""
    github(hub).review(5, "dan", "APPROVED", head(hub))
    hub.sync()
    github(hub).pull_reviews[5][0]["state"] = "DISMISSED"
    hub.sync()
    github(hub).review(5, "dan", "APPROVED", head(hub), at="2026-03-02T10:00:00Z")
    hub.sync()

    assert [one.state for one in recorded(hub)] == ["approved", "dismissed", "approved"]


@pytest.mark.parametrize(
    ("by", "state", "commit"),
    [("dan", "PENDING", ""), ("ghost", "APPROVED", ""), ("dan", "APPROVED", "abc")],
    ids=["pending", "deleted account", "short commit"],
)
def test_what_is_no_review_is_not_recorded(hub: Place, by: str, state: str, commit: str) -> None:
    """A review that is not given yet, by nobody, or of no whole commit is no event."""
    github(hub).review(5, by, state, commit or head(hub))

    assert hub.sync().code == 0
    assert recorded(hub) == []


@pytest.mark.parametrize("given", [SLOW, FORBIDDEN, UNWELL, None], ids=["slow", "forbidden", "unwell", "down"])
def test_reviews_that_cannot_be_read_wait(hub: Place, given: Given | None) -> None:
    """While the forge is down, asks for patience or talks nonsense, that is said, and they are heard later."""
    github(hub).review(5, "dan", "APPROVED", head(hub))
    faults = [Fault(where="GET", given=given) for _ in range(40)] if given else []
    hub.fake.down, hub.fake.faults = given is None, faults
    early = hub.sync()
    before = recorded(hub)
    hub.fake.down, hub.fake.faults = False, []
    late = hub.sync()

    assert (early.code, "reviews: 1 wait: " in early.out) == (3, True)
    assert (before, late.code) == ([], 0)
    assert len(recorded(hub)) == 1


def test_reviews_are_on_record_for_the_gate(hub: Place) -> None:
    """What `forge sync` recorded answers the control that compares the forge with the session."""
    control = "review-approvals-are-on-record"
    github(hub).review(5, "dan", "APPROVED", head(hub))
    before = hub.office.outcomes(control)
    hub.sync()

    assert (before, hub.office.outcomes(control)) == (["fail"], ["pass"])


def test_reviews_of_a_session_elsewhere_are_not_heard(tmp_path: Path) -> None:
    """A session that stays away from the forge hears nothing from it, and neither does one without a commit."""
    fake = FakeGitHub()
    with serving(fake):
        place = Place(tmp_path, fake)
        place.session("open", "Pay by card", "--no-forge")
        away = place.sync()
        place.session("close", "--result", "abandoned", "--lesson", "Ask first")
        place.session("open", "Pay by card")
        early = place.sync()

    assert (away.code, early.code) == (0, 0)
    assert fake.count("GET", "/pulls") == 0


@pytest.mark.parametrize("fake", [FakeGitHub(), FakeGitLab()], ids=["github", "gitlab"])
def test_number_of_the_issue_is_in_the_ledger(tmp_path: Path, fake: FakeForge) -> None:
    """The issue that was opened for a session is found by the ledger, where nothing else tells of it any more."""
    with serving(fake, PREFIX if isinstance(fake, FakeGitLab) else ""):
        place = Place(tmp_path, fake)
        place.session("open", "Pay by card")
        place.session("note", "Ask Bea")
        (body,) = (leaf.body for leaf in place.office.leaves() if isinstance(leaf.body, SessionBound))
        issue = place.issue(body.issue)
        issue["body" if "body" in issue else "description"] = "somebody wrote another text"
        place.forget()
        place.session("decide", "architecture", "A gateway")
        synced = place.sync()

    assert synced.code == 0
    assert fake.problems == []
    assert place.events(body.issue)
    assert f"to issue {body.issue} on {body.forge}" in place.session("show").out


def test_issue_that_was_named_is_bound_by_the_opening(tmp_path: Path) -> None:
    """With ``--issue`` the first event has the number, and no other one says it again."""
    fake = FakeGitHub()
    with serving(fake):
        fake.new_issue(7, "Customers want cards", "Please.")
        place = Place(tmp_path, fake)
        place.session("open", "Pay by card", "--issue", "7")

    assert place.office.kinds() == ["session.opened"]


def test_emergency_is_told_on_the_issue(hub: Place) -> None:
    """What was deployed before anybody approved it is a comment of its own, like every deployment."""
    ran = hub.office.run("deployment", "start", "production", "--artifact", "sha256:" + "a" * 64, "--emergency", "Fire")

    assert ran.code == 0, ran.err
    assert hub.sync().code == 0
    (text,) = (text for text in hub.texts() if "deployment.started" in text)
    assert "an emergency, to be approved by" in text
    assert "Fire" not in text


def test_webhook_that_comes_twice_records_nothing(hub: Place, tmp_path: Path) -> None:
    """A webhook is told as often as it comes, out of order too, and is no review: only what the forge says is."""
    payload = json.dumps({"action": "submitted", "pull_request": {"number": 5}, "review": {"state": "approved"}})
    (tmp_path / "payload").write_text(payload)
    seal = hmac.new(b"a secret", payload.encode(), hashlib.sha256).hexdigest()
    (tmp_path / "headers").write_text(f"X-Hub-Signature-256: sha256={seal}\nX-GitHub-Delivery: 72d3162e\n")
    hub.office.environment["STANDFAST_WEBHOOK_SECRET"] = "a secret"
    words = ("forge", "webhook", str(tmp_path / "payload"), "--kind", "github", "--headers", str(tmp_path / "headers"))
    told = [hub.office.run(*words) for _ in range(2)]
    hub.sync()

    assert [ran.code for ran in told] == [0, 0]
    assert told[0].out == told[1].out
    assert json.loads(told[0].out)["delivery"] == "72d3162e"
    assert recorded(hub) == []
