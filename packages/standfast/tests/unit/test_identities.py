"""Identities: every name of a person leads to one pseudonym, and no leaf holds any of the names."""

from datetime import UTC, datetime

import pytest
from ledger_story import ANA, BEA, CAY

from standfast.evidence.changes.schema import Changes, Commit, Trailer
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import IdentityLinked, Part, Taking
from standfast.ledger.identities import Known, Sighting, is_service, resolve, sightings
from standfast.model import Examination, LedgerError

FRESH = [f"fresh{number:011}" for number in range(9)]
WORK, HOME = Person(name="Ana Ruiz", email="ana@example.org"), Person(name="Ana Ruiz", email="ana@home.example")
LOGIN = Person(login="ana-r", email="17+ana-r@users.noreply.github.com")
BOTH = Person(login="ana-r", email="ana@home.example")
ROBOT = Person(name="dependabot[bot]", email="49699333+dependabot[bot]@users.noreply.github.com")
WEB = Person(name="GitHub", email="noreply@github.com")
BEATRICE = Person(name="Beatrice Vale", email="bea@example.org")


def known(who: str, *persons: Person) -> Known:
    """Return a person who has been seen under those names."""
    return Known(who=ANA if who == "ana" else BEA, forms=frozenset().union(*(one.identities() for one in persons)))


def takings(*seen: tuple[Person, Part], directory: tuple[Known, ...] = ()) -> set[tuple[str, Part]]:
    """Return who took which part."""
    found = resolve([Sighting(*one) for one in seen], directory, fresh=FRESH)
    return {(one.who, one.part) for one in found.taking}


def test_names_that_share_a_form_are_one_person() -> None:
    """Two addresses under one name are one person, who gets one pseudonym."""
    found = takings((WORK, Part.AUTHOR), (HOME, Part.COMMITTER))

    assert found == {("p-" + FRESH[0], Part.AUTHOR), ("p-" + FRESH[0], Part.COMMITTER)}


def test_third_name_joins_two() -> None:
    """Two names that share nothing are one person as soon as a third shares a form with each."""
    apart = takings((HOME, Part.AUTHOR), (LOGIN, Part.PUSHER))
    joined = takings((HOME, Part.AUTHOR), (LOGIN, Part.PUSHER), (BOTH, Part.MERGER))

    assert len({who for who, _ in apart}) == 2
    assert {who for who, _ in joined} == {"p-" + FRESH[0]}


def test_known_person_keeps_the_pseudonym() -> None:
    """Who has been seen before is found again, also under a new name, which is remembered."""
    found = resolve([Sighting(HOME, Part.AUTHOR)], [known("ana", WORK)], fresh=FRESH)

    assert found.taking == (Taking(ANA, Part.AUTHOR),)
    assert found.enrolled == ()
    assert found.who(Person(email="ana@home.example")) == ANA
    assert found.who(BEATRICE) is None


def test_name_that_connects_two_pseudonyms_links_them() -> None:
    """Where two pseudonyms turn out to be one person, the earlier stands for both and the link is told."""
    directory = [known("ana", HOME), known("bea", LOGIN)]

    found = resolve([Sighting(LOGIN, Part.AUTHOR), Sighting(BOTH, Part.PUSHER)], directory, fresh=FRESH)

    assert found.linked == (IdentityLinked(kept=ANA, other=BEA),)
    assert {one.who for one in found.taking} == {ANA}
    assert [one.who for one in found.directory] == [ANA]


def test_new_person_who_is_joined_to_a_known_one_is_not_enrolled() -> None:
    """A pseudonym that was drawn and at once found superfluous leaves no trace."""
    found = resolve([Sighting(LOGIN, Part.AUTHOR), Sighting(BOTH, Part.PUSHER)], [known("ana", HOME)], fresh=FRESH)

    assert found.enrolled == ()
    assert found.linked == ()
    assert {one.who for one in found.taking} == {ANA}


def test_nobody_is_counted_as_unresolved() -> None:
    """A commit without any name of its author is not by nobody: it is by somebody who is not known."""
    found = resolve([Sighting(Person(), Part.AUTHOR), Sighting(BEATRICE, Part.AUTHOR)], [], fresh=FRESH)

    assert found.unresolved == 1
    assert len(found.taking) == 1


@pytest.mark.parametrize(("one", "service"), [(ROBOT, True), (WEB, True), (WORK, False), (LOGIN, False)])
def test_robots_and_forges_are_services(one: Person, service: bool) -> None:
    """An account that calls itself a robot, and the forge's own, get the pseudonym of a service."""
    found = resolve([Sighting(one, Part.AUTHOR)], [], fresh=FRESH)

    assert is_service(one) == service
    assert found.enrolled[0].startswith("s-" if service else "p-")


def test_pseudonyms_run_out_loudly() -> None:
    """With fewer fresh pseudonyms than new people nothing is resolved."""
    with pytest.raises(LedgerError, match="more new people than fresh pseudonyms"):
        resolve([Sighting(WORK, Part.AUTHOR), Sighting(BEATRICE, Part.AUTHOR)], [], fresh=FRESH[:1])


def test_everyone_in_a_change_is_seen() -> None:
    """Author, recorded author, committer, co-authors, pusher, merger and run actor are all sighted."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    commit = Commit(
        id="1" * 40, author=WORK, committer=WEB, authored_at=at, committed_at=at, subject="Pay", recorded_as=HOME,
        trailers=(Trailer("co-authored-by", "Beatrice Vale <bea@example.org>"), Trailer("refs", "#1")),
    )  # fmt: skip
    changes = Changes(
        examination=Examination("commits", 1), head="1" * 40, base="0" * 40, commits=(commit,), authors=(WORK,)
    )

    found = sightings(changes, pusher=LOGIN, merger=Person(login="cay"), run_actor=Person(login="dan"))

    assert {(str(one.person), one.part) for one in found} == {
        ("Ana Ruiz", Part.AUTHOR),
        ("GitHub", Part.COMMITTER),
        ("Beatrice Vale", Part.CO_AUTHOR),
        ("ana-r", Part.PUSHER),
        ("cay", Part.MERGER),
        ("dan", Part.RUN_ACTOR),
    }
    assert HOME in [one.person for one in found]


def test_directory_does_not_print_names() -> None:
    """A directory in a log or a traceback shows pseudonyms only."""
    assert "ana" not in repr(known("bea", WORK)).replace("p-beaa", "")
    assert CAY not in repr(known("bea", WORK))
