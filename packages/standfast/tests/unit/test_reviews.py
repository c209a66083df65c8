"""Facts about how reviews are read from forges, and whose approval counts."""

from importlib.resources import files

import pytest

from standfast.evidence.formats.sniff import look
from standfast.evidence.reviews.importers import github, gitlab
from standfast.evidence.reviews.schema import Level, Review, Reviews, State
from standfast.evidence.wording.people import Person, person
from standfast.model import EvidenceError, Examination

SAMPLES = files("standfast.evidence.reviews").joinpath("samples")
HEAD = "a" * 40
FORGES = {
    "gh_pr_view.json": (github, ["bea"], None),
    "github_rest.json": (github, [], None),
    "github_graphql.json": (github, ["bea"], 1),
    "gitlab.json": (gitlab, ["Bea Lund"], 0),
}


@pytest.mark.parametrize("name", FORGES)
def test_a_forge_export_tells_who_approved_the_final_state(name: str) -> None:
    """Only approvals of the last commit by somebody who neither wrote nor pushed it count."""
    importer, approvers, open_threads = FORGES[name]
    data = SAMPLES.joinpath(name).read_bytes()

    assert [module.recognise(look(data)) for module in (github, gitlab)] == [importer is github, importer is gitlab]
    body = importer.read(data).body
    assert isinstance(body, Reviews)
    assert [str(review.by) for review in body.independent_approvals()] == approvers
    assert body.open_threads == open_threads


def reviews(*given: Review, authors: tuple[str, ...] = ("Ana",), pusher: str = "Ana") -> Reviews:
    """Return the reviews of a change with that head."""
    return Reviews(
        examination=Examination(unit="changes", examined=1),
        level=Level.FORGE,
        reference="#1",
        head=HEAD,
        authors=tuple(person(name) for name in authors),
        last_pusher=person(pusher),
        reviews=given,
    )


def said(by: str, state: State = State.APPROVED, commit: str = HEAD) -> Review:
    """Return a review without a time."""
    return Review(by=person(by), state=state, commit=commit)


COUNTED = {
    "another person": ((said("Bea"),), 1),
    "the author": ((said("ana"),), 0),
    "an older commit": ((said("Bea", commit="b" * 40),), 0),
    "no commit": ((said("Bea", commit=""),), 0),
    "a comment after it": ((said("Bea"), said("Bea", State.COMMENTED)), 1),
    "taken back": ((said("Bea"), said("Bea", State.CHANGES_REQUESTED)), 0),
    "dismissed": ((said("Bea"), said("Bea", State.DISMISSED)), 0),
    "a deleted account": ((Review(by=Person(), state=State.APPROVED, commit=HEAD),), 0),
}


@pytest.mark.parametrize(("given", "count"), COUNTED.values(), ids=COUNTED.keys())
def test_an_approval_counts_only_if_it_stands(given: tuple[Review, ...], count: int) -> None:
    """An approval counts if it is the last word of another, known person about the final state."""
    assert reviews(*given).approval_count == count


def test_the_last_pusher_does_not_count() -> None:
    """Whoever pushed the final state cannot be the one who reviewed it."""
    assert reviews(said("Bea"), pusher="Bea").approval_count == 0


def test_a_state_that_is_not_known_is_an_error() -> None:
    """A review in a state of tomorrow is refused, not taken for a comment."""
    data = SAMPLES.joinpath("gh_pr_view.json").read_bytes().replace(b'"CHANGES_REQUESTED"', b'"APPROVED_WITH_HUMOUR"')

    with pytest.raises(EvidenceError, match="APPROVED_WITH_HUMOUR"):
        github.read(data)


def test_an_export_of_one_page_is_refused() -> None:
    """A GraphQL answer that goes on elsewhere cannot show that nobody objected."""
    data = SAMPLES.joinpath("github_graphql.json").read_bytes().replace(b'"hasNextPage": false', b'"hasNextPage": true')

    with pytest.raises(EvidenceError, match="first page"):
        github.read(data)


def test_an_export_without_commits_proves_nothing() -> None:
    """Without the commits nobody knows the authors, and the reading says so."""
    reading = github.read(b'{"number": 1, "headRefOid": "%s", "reviews": []}' % HEAD.encode())

    assert reading.problems


SAME = [
    ("Ana Ruiz <ana@x.org>", "ana@x.org", True),
    ("Ana Ruiz <ana@x.org>", "ANA  ruiz", True),
    ("@ana", "12345+ana@users.noreply.github.com", True),
    ("@ana", "12345-ana@users.noreply.gitlab.com", True),
    ("ana@x.org", "ana+waivers@x.org", True),
    ("ana@x.org", "Ana@X.ORG.", True),
    ("ana.ruiz@gmail.com", "anaruiz+x@googlemail.com", True),
    ("ana@x.org", "\u0430na@x.org", True),
    ("Ana Ruiz", "\u0391na Ru\u200biz", True),
    ("Ana Ruiz", "\uff21n\u00e1  Ruiz", True),
    ("ana.ruiz@x.org", "anaruiz@x.org", False),
    ("ana@x.org", "ana@y.org", False),
    ("\u0418\u0432\u0430\u043d", "\u041f\u0435\u0442\u0440", False),
    ("+a@x.org", "+b@x.org", False),
    ("Ana", "Bea", False),
    ("", "", False),
]


@pytest.mark.parametrize(("left", "right", "same"), SAME)
def test_a_person_is_known_by_any_of_their_names(left: str, right: str, *, same: bool) -> None:
    """Two ways of writing a person are one person if they share an address, a login or a name."""
    assert person(left).same_as(person(right)) is same
