"""Reviews and environments that a forge is asked for: anew each time, and never believed when it does not answer."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_forge import FakeForge, Fault, Given, serving
from fake_github import FakeGitHub
from fake_gitlab import PREFIX, FakeGitLab
from little_forge_place import Place

from standfast.app.collecting.collect import Collected, stored
from standfast.app.forge.reviewed import with_forge
from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import Store
from standfast.app.written.settings import read_settings
from standfast.evidence.environments.schema import Environments
from standfast.evidence.reviews.schema import Level, Reviews

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = ("reviews", "environments")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, FakeGitHub]]:
    """An office with GitHub; afterwards GitHub has found nothing wrong with what it was asked."""
    fake = FakeGitHub()
    with serving(fake):
        yield placed(tmp_path, fake, monkeypatch), fake
    assert fake.problems == []


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, FakeGitLab]]:
    """An office with GitLab."""
    fake = FakeGitLab()
    with serving(fake, PREFIX):
        yield placed(tmp_path, fake, monkeypatch), fake
    assert fake.problems == []


def placed(folder: Path, fake: FakeForge, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Return an office with that forge, whose token is set."""
    place = Place(folder, fake)
    for name, value in place.office.environment.items():
        monkeypatch.setenv(name, value)
    return place


def asked(place: Place, *, asking: bool = True, kinds: tuple[str, ...] = KINDS) -> Collected:
    """Return what the forge says about the working copy."""
    settings = read_settings(place.office.root / "standfast.toml")[0]
    copy = working_subject(place.office.root, base="main")
    before = stored(Store(place.office.root), copy.subject, kinds)
    return with_forge(before, settings, copy, kinds, now=lambda: NOW, asking=asking)


def reviews(found: Collected) -> Reviews:
    """Return the one body of reviews."""
    (body,) = (one.body for one in found.statements if isinstance(one.body, Reviews))
    return body


def reasons(found: Collected, kind: str) -> str:
    """Return why there is no evidence of that kind."""
    return "; ".join(one.reason for one in found.failures if one.kind == kind)


def head(place: Place) -> str:
    """Return the newest commit."""
    return place.office.git("rev-parse", "HEAD")


def test_approval_of_the_newest_commit_counts(hub: tuple[Place, FakeGitHub]) -> None:
    """An approval of the commit that is judged, by somebody who wrote none of it, is evidence of the forge."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.review(5, "bea", "APPROVED", head(place))

    body = reviews(asked(place))

    assert (body.level, body.head, body.approval_count) == (Level.FORGE, head(place), 1)


@pytest.mark.parametrize(
    ("by", "state", "commit"),
    [
        ("bea", "APPROVED", "1" * 40),
        ("bea", "DISMISSED", ""),
        ("bea", "COMMENTED", ""),
        ("ana", "APPROVED", ""),
        ("ghost", "APPROVED", ""),
    ],
)
def test_other_reviews_do_not_count(hub: tuple[Place, FakeGitHub], by: str, state: str, commit: str) -> None:
    """An approval of an older commit, a dismissed one, a comment, the author's own and nobody's count nothing."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.review(5, by, state, commit or head(place))

    assert reviews(asked(place)).approval_count == 0


def test_reviews_are_asked_for_each_time(hub: tuple[Place, FakeGitHub]) -> None:
    """An approval that was dismissed since the last time counts no longer."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.review(5, "bea", "APPROVED", head(place))
    first = reviews(asked(place)).approval_count
    fake.pull_reviews[5][0]["state"] = "DISMISSED"

    assert (first, reviews(asked(place)).approval_count) == (1, 0)


def test_who_does_not_ask_sees_what_was_said_last(hub: tuple[Place, FakeGitHub]) -> None:
    """Explaining asks nothing: it takes what the gate was told about this content."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.review(5, "bea", "APPROVED", head(place))
    asked(place)
    before = len(fake.asked)

    assert reviews(asked(place, asking=False)).approval_count == 1
    assert len(fake.asked) == before


def cut(fake: FakeForge) -> None:
    """Let the forge be down."""
    fake.down = True


def limited(fake: FakeForge) -> None:
    """Let the forge ask to come back in an hour."""
    fake.faults = [Fault(where="GET", given=Given(429, {"message": "slow"}, {"Retry-After": "3600"})) for _ in range(9)]


def nonsense(fake: FakeForge) -> None:
    """Let the forge answer what nobody understands."""
    fake.faults = [Fault(where="GET", given=Given(200, {"unexpected": True})) for _ in range(9)]


@pytest.mark.parametrize("spoilt", [cut, limited, nonsense])
def test_forge_that_does_not_answer_vouches_for_nothing(
    hub: tuple[Place, FakeGitHub], spoilt: Callable[[FakeForge], None]
) -> None:
    """What the forge said before does not count when it cannot be asked again, and the reason is said."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.review(5, "bea", "APPROVED", head(place))
    asked(place)
    spoilt(fake)

    found = asked(place)

    assert not found.statements
    assert reasons(found, "reviews")
    assert not asked(place, asking=False).statements


def test_commit_that_nobody_asks_to_merge_is_not_reviewed(hub: tuple[Place, FakeGitHub]) -> None:
    """A pull request that goes on after the commit says nothing about it."""
    place, fake = hub
    fake.pull(5, "2" * 40, "ana", head(place))
    fake.review(5, "bea", "APPROVED", head(place))

    found = asked(place)

    assert "has no" not in reasons(found, "reviews")
    assert f"{head(place)[:12]} as its newest commit" in reasons(found, "reviews")


def test_commits_that_are_cut_off_are_no_evidence(hub: tuple[Place, FakeGitHub]) -> None:
    """Where the forge lists fewer commits than there are, some authors are not known, and nothing is concluded."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.pulls[5]["commits"] = 251

    assert "lists 1 of the 251 commits" in reasons(asked(place), "reviews")


def test_changes_on_top_are_not_reviewed(hub: tuple[Place, FakeGitHub]) -> None:
    """Content that is not committed is not what was approved."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    place.office.write("pay.py", '"""Pay twice."""\n')

    (statement,) = (one for one in asked(place).statements if one.kind == "reviews")

    assert "has changes on top of it" in statement.problems[0]


def test_nothing_is_asked_where_nothing_is_needed(hub: tuple[Place, FakeGitHub]) -> None:
    """A gate that needs neither reviews nor environments asks the forge nothing."""
    place, fake = hub

    assert asked(place, kinds=("coverage",)) == Collected()
    assert fake.asked == []


@pytest.mark.parametrize(
    ("committed", "pushed", "approved", "count"),
    [
        ("2026-03-01T09:00:00Z", "2026-03-01T09:05:00Z", "2026-03-01T10:00:00Z", 1),
        ("2026-03-01T09:00:00Z", "2026-03-01T11:00:00Z", "2026-03-01T10:00:00Z", 0),
        ("2026-03-01T11:00:00Z", "2026-03-01T11:05:00Z", "2026-03-01T10:00:00Z", 0),
        ("2026-03-01T09:00:00Z", "when?", "2026-03-01T10:00:00Z", 0),
    ],
)
def test_gitlab_approval_is_younger_than_what_it_approves(
    lab: tuple[Place, FakeGitLab], committed: str, pushed: str, approved: str, count: int
) -> None:
    """An approval counts from the moment at which the newest commit came, whatever that says of its own date."""
    place, fake = lab
    fake.request(5, head(place), "ana", committed, pushed)
    fake.approve(5, "bea", approved)

    assert reviews(asked(place)).approval_count == count


def test_github_environments_are_told_with_what_guards_them(hub: tuple[Place, FakeGitHub]) -> None:
    """However many reviewers are named, one approval suffices there; bare environments are told as bare."""
    place, fake = hub
    team = {"type": "Team", "reviewer": fake._made("team", name="x")}
    fake.guard(
        "production",
        {"type": "required_reviewers", "prevent_self_review": True, "reviewers": [team, team]},
        {"type": "wait_timer", "wait_timer": 30},
        branches={"protected_branches": True, "custom_branch_policies": False},
    )
    fake.guard("staging", branches={"protected_branches": False, "custom_branch_policies": True})
    fake.guard("sandbox")

    (body,) = (one.body for one in asked(place).statements if isinstance(one.body, Environments))

    production, staging, sandbox = body.environments
    assert (production.approvals, production.own_review_prevented, production.wait_minutes) == (1, True, 30)
    assert [one.branches for one in body.environments] == ["protected", "chosen", "any"]
    assert (staging.approvals, sandbox.approvals, sandbox.rules) == (0, 0, ())
    assert {name: fact.value for name, fact in body.facts().items()} == {
        "environments.environment_count": 3,
        "environments.without_approval": 2,
        "environments.from_any_branch": 1,
        "environments.own_review_allowed": 2,
    }


def test_gitlab_environments_are_told_with_what_guards_them(lab: tuple[Place, FakeGitLab]) -> None:
    """Required approvals of all rules add up; an environment that is not protected is told as such."""
    place, fake = lab
    fake.environments = [{"name": "production"}, {"name": "staging"}]
    fake.protected = [
        {
            "name": "production",
            "required_approval_count": 1,
            "approval_rules": [{"required_approvals": 1}, {"required_approvals": 2}],
            "deploy_access_levels": [{"access_level": 40}],
        }
    ]

    ran = place.office.run("forge", "environments")
    told = json.loads(ran.out)["environments"]

    assert ran.code == 0
    assert [(one["name"], one.get("approvals", 0), one.get("branches", "any")) for one in told] == [
        ("production", 3, "chosen"),
        ("staging", 0, "any"),
    ]


def test_gate_takes_the_reviews_of_the_forge(hub: tuple[Place, FakeGitHub]) -> None:
    """`standfast gate` decides by what the forge says now: an approval passes, and a forge that is down is unknown."""
    place, fake = hub
    fake.pull(5, head(place), "ana")
    fake.review(5, "bea", "APPROVED", head(place), (NOW - timedelta(days=1)).isoformat())
    control = "change-is-reviewed-by-another-person"

    for spoil in (False, True):
        fake.down = spoil
        ran = place.office.run("gate", control, "--no-collect", "--format", "json")
        outcomes = [one["outcome"] for one in json.loads(ran.out)["results"] if one["control"] == control]
        assert outcomes == ["unknown" if spoil else "pass"], ran.err
