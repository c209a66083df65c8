"""The single-file verifier of an auditor verifies the signatures of people, and believes no entry that claims one."""

from pathlib import Path

import msgspec
import pytest
from audit_bundles import judged, verified
from command_line import Ran
from little_waivers import WaiverOffice

from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.app.storage.store import Store
from standfast.ledger.bodies import (
    AccessReviewed,
    ApprovalDeclined,
    ApprovalGiven,
    RequirementApproved,
    Signed,
    WaiverGranted,
)
from standfast.ledger.bodies.words import SignatureKind
from standfast.ledger.fields import Actor
from standfast.model import Digest


@pytest.fixture
def office(tmp_path: Path) -> WaiverOffice:
    """Bea signed a waiver and an approval of a change of Ana's."""
    made = WaiverOffice(tmp_path)
    made.sits("Ana Ruiz", "ana@example.org")
    made.ready()
    made.bea()
    made.granted()
    assert made.run("approve", "security", "--key", str(made.key)).code == 0
    return made


def audited(office: WaiverOffice, name: str = "bundle") -> Ran:
    """Export a bundle of everything, and return what the verifier says of it."""
    folder = office.root.parent
    office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", f"../{name}")
    known = find(office.root, office.home())
    assert known is not None
    with reading(known) as reader:
        (folder / "auditor.policy").write_text(f"log {reader.store.identity.vkey}\nquorum none\n")
    return judged(folder / name, "--policy", folder / "auditor.policy")


def approval(office: WaiverOffice) -> tuple[ApprovalGiven, Actor]:
    """Return the approval that Bea gave."""
    (found,) = [leaf for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven)]
    assert isinstance(found.body, ApprovalGiven)
    return found.body, found.actor


def restated(office: WaiverOffice, digest: Digest, before: str, after: str) -> Digest:
    """Store the statement *digest* with one word changed, and return its digest."""
    store = Store(office.root)
    text = store.get(digest).decode()
    assert before in text
    return store.put(text.replace(before, after).encode())


def test_signatures_are_verified(office: WaiverOffice) -> None:
    """Of a signed waiver and a signed approval it is said that they were verified; nothing is said against them."""
    ran = audited(office)

    assert ran.code == 2, ran  # the verdict of the story is none, and so not in the bundle
    assert "signature-" not in ran.out
    assert "2 signatures of approvals, refusals, waivers and reviews were verified" in ran.out
    folder = office.root.parent
    assert {found.name for found in verified(folder / "bundle", folder / "auditor.policy").listed} == {"object-missing"}


def test_signature_for_something_else_is_named(office: WaiverOffice) -> None:
    """An approval that names the statement of another role, or another key, is a violation."""
    body, actor = approval(office)
    office.note(msgspec.structs.replace(body, role="release"), actor=actor)
    other = Signed(kind=SignatureKind.SSH, key=Digest("sha256:" + "0" * 64))
    office.note(msgspec.structs.replace(body, signed=other), actor=actor)

    ran = audited(office)

    assert ran.code == 1
    assert ran.out.count("signature-differs") >= 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"role":"security"', '"role":"release"'),
        ("BEGIN SSH SIGNATURE", "BEGIN SSH SIGNATUR"),
        ("U1NIU0lH", "U1NIU0lI"),
        ('"signature":', '"signatures":'),
    ],
)
def test_statement_that_was_not_signed_is_named(office: WaiverOffice, before: str, after: str) -> None:
    """A statement with a changed word, and one whose signature is none, is a violation."""
    body, actor = approval(office)
    statement = restated(office, body.statement, before, after)
    office.note(msgspec.structs.replace(body, statement=statement), actor=actor)

    ran = audited(office)

    assert (ran.code, "signature-wrong" in ran.out) == (1, True), ran


def test_forged_waiver_is_named(office: WaiverOffice) -> None:
    """A waiver under the statement of another one is a violation."""
    (granted,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted)]
    assert isinstance(granted, WaiverGranted)
    office.note(msgspec.structs.replace(granted, waiver=f"{granted.waiver}-b"))

    ran = audited(office)

    assert (ran.code, "signature-differs" in ran.out) == (1, True), ran


@pytest.mark.parametrize("kind", ["ed25519", "webauthn"])
def test_signature_of_another_kind_is_none_of_the_kind_that_is_claimed(office: WaiverOffice, kind: str) -> None:
    """An approval that claims another kind of signature than its statement has is a violation."""
    body, actor = approval(office)
    claim = Signed(kind=SignatureKind(kind), key=body.signed.key)
    office.note(msgspec.structs.replace(body, signed=claim), actor=actor)

    ran = audited(office)

    assert (ran.code, "signature-differs" in ran.out) == (1, True), ran


def test_signature_that_is_not_verified_here_is_said_to_be_unchecked(office: WaiverOffice) -> None:
    """An approval that claims a kind of signature that the verifier does not verify is never proven."""
    body, actor = approval(office)
    office.note(msgspec.structs.replace(body, signed=Signed(kind=SignatureKind.SIGSTORE)), actor=actor)

    ran = audited(office)

    assert (ran.code, "NOT CHECKED  signature-not-checked" in ran.out) == (3, True), ran


def test_review_of_access_is_verified(office: WaiverOffice) -> None:
    """The signature of a review of access is verified; a review that names the statement of another one is not it."""
    listed = office.run("access", "list").err.split("list ")[-1].split()[0]
    assert office.run("access", "review", "--list", listed, "--key", str(office.key)).code == 0
    sound = audited(office)
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, AccessReviewed)]
    office.note(msgspec.structs.replace(body, population=9, kept=9))

    ran = audited(office, "again")

    assert "3 signatures of approvals, refusals, waivers and reviews were verified" in sound.out
    assert "signature-" not in sound.out
    assert (ran.code, "signature-differs" in ran.out) == (1, True), ran


def test_key_that_nobody_enrolled_is_named(office: WaiverOffice) -> None:
    """A signature by a key that no earlier entry calls its holder's is a gap, where the whole ledger is there."""
    body, _actor = approval(office)
    office.note(body)

    ran = audited(office)

    assert "key-not-enrolled" in ran.out, ran


def test_refusal_is_signed_and_verified(office: WaiverOffice) -> None:
    """Who says no can sign that; the auditor's program verifies it, and a refusal is no approval."""
    ran = office.run("refuse", "security", "--reason", "No threat model", "--key", str(office.key))
    sound = audited(office)
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, ApprovalDeclined)]
    assert isinstance(body, ApprovalDeclined)
    given, actor = approval(office)
    office.note(msgspec.structs.replace(given, statement=body.statement), actor=actor)
    office.note(msgspec.structs.replace(body, role="release"), actor=actor)

    forged = audited(office, "again")

    assert ran.code == 0, ran
    assert "signed with ssh" in office.session("show").out
    assert "3 signatures of approvals, refusals, waivers and reviews were verified" in sound.out, sound
    assert "signature-" not in sound.out
    assert ("signature-wrong" in forged.out, "signature-differs" in forged.out) == (True, True), forged


def test_approval_of_requirements_is_verified(tmp_path: Path) -> None:
    """An approval of the requirements is verified like one of a commit; as one of another role it is a violation."""
    office = WaiverOffice(tmp_path)
    office.sits("Ana Ruiz", "ana@example.org")
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Customers pay by card")
    office.bea()
    office.run("approve", "product", "--key", str(office.key))
    sound = audited(office)
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, RequirementApproved)]
    office.note(msgspec.structs.replace(body, role="security"))

    forged = audited(office, "again")

    assert "1 signatures of approvals, refusals, waivers and reviews were verified" in sound.out, sound
    assert "signature-" not in sound.out
    assert "signature-differs" in forged.out, forged
