"""The auditor's own list says whose the keys are; what the bundle says otherwise is named."""

from pathlib import Path

import auditing as verify
import pytest
from audit_bundles import judged
from command_line import Ran
from little_replays import Replays

from standfast.ledger.bodies import IdentityLinked, KeyEnrolled, WaiverGranted
from standfast.ledger.bodies.words import KeyUse, SignatureKind
from standfast.ledger.events import Leaf
from standfast.ledger.fields import ActorId
from standfast.model import Digest


@pytest.fixture(scope="module")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Replays:
    """Return an office in which Bea signed a waiver."""
    return Replays(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def bundle(replays: Replays) -> Path:
    """Return its bundle."""
    return replays.exported()


def compared(replays: Replays, bundle: Path, folder: Path, *lines: str) -> Ran:
    """Verify *bundle* with a list of those *lines*."""
    listing = folder / "people.txt"
    listing.write_text("# my own list\n\n" + "".join(f"{line}\n" for line in lines))
    return judged(bundle, "--policy", replays.folder / "auditor.policy", "--people", listing)


def public(replays: Replays) -> tuple[str, str]:
    """Return the public keys of Bea and of Ana, as they are enrolled."""
    bea, ana = (key.with_suffix(".pub").read_text().strip() for key in (replays.office.key, replays.office.ana_key))
    return bea, ana


def bea(leaves: list[Leaf]) -> ActorId:
    """Return the pseudonym of Bea."""
    (found,) = [leaf.body.approver for leaf in leaves if isinstance(leaf.body, WaiverGranted)]
    return ActorId(found)


def test_list_that_agrees_is_no_finding(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """Names of the auditor's own, or the pseudonyms of the bundle, agree where each key is of one person in both."""
    key, other = public(replays)
    person = bea(replays.office.leaves())

    ran = [compared(replays, bundle, tmp_path, f"{name} {key}", f"ana {other}") for name in ("bea@example.org", person)]

    assert not [one for one in ran if "person-differs" in one.out or "key-not-listed" in one.out], ran


def test_key_of_somebody_else_is_a_violation(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """A key that the bundle gives to another pseudonym than the auditor does is a violation."""
    key, other = public(replays)

    ran = compared(replays, bundle, tmp_path, f"p-somebodyelse {key}", f"ana {other}")

    assert (ran.code, "VIOLATION  person-differs" in ran.out) == (1, True), ran
    assert f"of p-somebodyelse in your list, and of {bea(replays.office.leaves())} here" in ran.out


def test_key_that_is_not_listed_is_a_gap(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """Who signed with a key that the auditor was not told of is not known: the proof is incomplete."""
    ran = compared(replays, bundle, tmp_path, f"ana {public(replays)[1]}")

    assert (ran.code, "INCOMPLETE  key-not-listed" in ran.out) == (2, True), ran


def test_one_person_is_not_two(tmp_path: Path) -> None:
    """Two pseudonyms for the keys of one person, and the keys of two people for one pseudonym, are violations."""
    replays = Replays(tmp_path)
    key, other = public(replays)
    person = bea(replays.office.leaves())
    digest = Digest(verify.key_digest(other.split()))
    enrolled = KeyEnrolled(key=digest, use=KeyUse.APPROVAL, signature=SignatureKind.SSH, holder=person)
    replays.office.note(enrolled)
    shared = replays.exported("shared")
    stranger = ActorId("p-aaaabbbbcccc")
    elsewhere = KeyEnrolled(
        key=Digest(verify.key_digest(key.split())), use=KeyUse.APPROVAL, signature=SignatureKind.SSH, holder=stranger
    )
    replays.office.note(elsewhere)
    split = replays.exported("split")
    replays.office.note(IdentityLinked(kept=person, other=stranger))
    linked = replays.exported("linked")

    two, both, one = (
        compared(replays, shared, tmp_path, f"bea {key}", f"ana {other}"),
        compared(replays, split, tmp_path, f"bea {key}", f"bea {other}"),
        compared(replays, linked, tmp_path, f"bea {key}", f"bea {other}"),
    )

    assert f"{person} has keys here that are of ana and bea in your list" in two.out
    assert f"bea in your list is here {' and '.join(sorted([person, stranger]))}" in both.out
    assert "person-differs" not in one.out


@pytest.mark.parametrize("line", ["bea", "bea ssh-rsa AAAA", "bea ssh-ed25519 !!", "bea webauthn x", "bea sha256:00"])
def test_line_without_a_key_is_refused(replays: Replays, bundle: Path, tmp_path: Path, line: str) -> None:
    """A list with a line that names no key compares nothing."""
    ran = compared(replays, bundle, tmp_path, line)

    assert (ran.code, "people, line 3" in ran.out) == (3, True), ran


def test_one_key_of_two_people_is_refused(replays: Replays, bundle: Path, tmp_path: Path) -> None:
    """A list that gives one key to two people is refused."""
    key = public(replays)[0]

    ran = compared(replays, bundle, tmp_path, f"bea {key}", f"ana {key}")

    assert (ran.code, "that key is of 'bea' already" in ran.out) == (3, True), ran


def test_keys_of_every_kind_have_their_digest() -> None:
    """A line is read as it is enrolled, with or without a comment behind the key, or is the digest itself."""
    digest = f"sha256:{'0' * 64}"

    assert verify.key_digest([digest]) == digest
    assert verify.key_digest(["ed25519", "AAAA", "HSM", "4"]) == verify.key_digest(["ed25519", "AAAA"]) != ""
    assert verify.key_digest(["webauthn", "localhost", "ES256", "AA", "AA", "AA"]) != ""
    assert verify.key_digest([]) == ""
