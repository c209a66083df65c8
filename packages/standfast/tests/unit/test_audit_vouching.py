"""What the auditor's program makes of signatures by authenticators: each verified, each counter compared."""

import json
from typing import Any

import pytest
from auditing import INCOMPLETE, UNCHECKED, VIOLATION, Findings
from authenticators import PRESENT, Authenticator

from standfast.app.export.auditor.events import Event
from standfast.app.export.auditor.vouching import Vouching
from standfast.ledger.signatures.sigstore import sigstore_text
from standfast.model import canonical_json, sha256

ORIGIN = "example.org/ledger"
REVIEWED = {"grants": [], "keys": {}, "ledger": ORIGIN}


def event(number: int, kind: str, body: dict[str, Any]) -> Event:
    """Return an event of Bea's."""
    return Event(number, "", kind, "p-beaa", f"2026-03-0{number + 1}T09:00:00", body, number, "", "S-1")


def review(one: Authenticator, namespace: str = "access@standfast", **said: Any) -> bytes:
    """Return the statement of a review of access, signed by *one*."""
    message = canonical_json({"reviewer": "p-beaa", "revoked": [], "seen": REVIEWED, "version": 1} | said)
    return canonical_json({"review": json.loads(message), "signature": one.signature(message, namespace)})


def judged(*statements: bytes, one: Authenticator, enrolled: bool = True) -> Findings:
    """Return what is found about reviews with these statements, one after the other."""
    findings = Findings()
    vouching = Vouching(findings)
    if enrolled:
        body = {"holder": "p-beaa", "key": sha256(one.line.encode())}
        vouching.enrolled(event(0, "key.enrolled", body))
    for number, statement in enumerate(statements, 1):
        vouching.take(event(number, "access.reviewed", {"population": 0}), ORIGIN, statement)
    vouching.told(whole=True)
    return findings


def test_reviews_by_an_authenticator_that_counts_on_are_verified() -> None:
    """Two signatures whose counter rises are verified, and nothing is said against them."""
    one = Authenticator()
    first = review(one)
    one.counter += 1

    assert judged(first, review(one), one=one).listed == []


@pytest.mark.parametrize("counter", [7, 6, 0], ids=["again", "backwards", "not at all"])
def test_copied_authenticator_is_named(counter: int) -> None:
    """A counter that does not rise, or is not there any more, is a violation."""
    one = Authenticator()
    first = review(one)
    one.counter = counter

    findings = judged(first, review(one), one=one)

    assert [(found.code, found.name) for found in findings.listed] == [(VIOLATION, "signature-counter")]


def test_authenticator_that_never_counts_is_taken() -> None:
    """Some authenticators do not count; nothing is made of that."""
    one = Authenticator()
    one.counter = 0

    assert judged(review(one), review(one), one=one).listed == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("signature-wrong", {"flags": PRESENT}),
        ("signature-wrong", {"origin": "https://localhost.example.org"}),
        ("signature-wrong", {"extra": b"x"}),
        ("signature-differs", {"said": {"reviewer": "p-anaa"}}),
        ("signature-differs", {"said": {"seen": REVIEWED | {"ledger": "example.org/other"}}}),
        ("signature-differs", {"said": {"seen": REVIEWED | {"grants": [{}]}}}),
        ("signature-differs", {"said": {"seen": []}}),
        ("signature-wrong", {"namespace": "approval@standfast"}),
    ],
)
def test_review_that_is_not_what_it_says_is_named(name: str, change: dict[str, Any]) -> None:
    """A review by nobody verified, of another page, person, ledger or list, or signed as something else is named."""
    one = Authenticator()
    for field in change.keys() - {"said", "namespace"}:
        setattr(one, field, change[field])
    statement = review(one, change.get("namespace", "access@standfast"), **change.get("said", {}))

    assert judged(statement, one=one).listed[0].name == name


def test_bundle_of_an_identity_is_not_said_to_be_verified() -> None:
    """A review that is signed by a kind that is not verified here is "could not check", whatever is in it."""
    one = Authenticator()
    statement = json.loads(review(one)) | {"signature": sigstore_text("sigstore x", b"{}", b"{}")}

    findings = judged(canonical_json(statement), one=one)

    assert [(found.code, found.name) for found in findings.listed] == [(UNCHECKED, "signature-not-checked")]


def test_key_of_nobody_is_a_gap() -> None:
    """A signature by a key that was never enrolled is a gap in a whole ledger."""
    one = Authenticator()

    findings = judged(review(one), one=one, enrolled=False)

    assert [(found.code, found.name) for found in findings.listed] == [(INCOMPLETE, "key-not-enrolled")]
