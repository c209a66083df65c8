"""Leaves: what they hold, what they never hold, and the chains they form."""

from collections.abc import Callable
from datetime import timedelta, timezone
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from ledger_story import ANA, START, Story, actor, hidden, newest, whole_story

from standfast.ledger.bodies import AnyBody, EvidenceRecorded, GateDecided, LedgerOpened, SessionNoted
from standfast.ledger.canonical import encode as canonical
from standfast.ledger.chain import Head, verify_chain
from standfast.ledger.events import MAX_LEAF_BYTES, EventKind, Leaf, decode, encode, leaf_digest
from standfast.ledger.fields import LEDGER, ActorId, ChainId, Commitment, label
from standfast.ledger.merkle import leaf_hash
from standfast.model import LedgerError, Status, sha256

NOTE = SessionNoted(text=hidden("a note"), words=2)


def leaf(body: AnyBody = NOTE) -> Leaf:
    """Return the second leaf of a session, with *body*."""
    return Story().state.head.next(body, at=START, actor=actor(ANA))


def test_every_kind_has_one_body() -> None:
    """The closed set of kinds and the bodies are the same set, each kind a noun and a past participle."""
    bodies = get_args(AnyBody)

    assert sorted(str(body.__struct_config__.tag) for body in bodies) == sorted(EventKind)
    assert all(len(kind.split(".")) == 2 and kind.islower() for kind in EventKind)


def test_page_about_the_ledger_names_every_kind() -> None:
    """Each kind of event stands in docs/explanation/ledger.md."""
    page = (Path(__file__).parents[4] / "docs/explanation/ledger.md").read_text()

    assert not [kind for kind in EventKind if f"`{kind}`" not in page]


def test_leaf_is_readable_json() -> None:
    """The written form of a leaf is sorted JSON that anybody can read."""
    first = Story().leaves[0]

    assert encode(first) == (
        b'{"actor":{"id":"p-anaa","via":"local"},"at":"2026-01-05T10:00:00Z","body":{"forge":"github","issue":34,'
        b'"kind":"session.opened","repository":"' + hidden("ana/pay", "/body/repository").encode() + b'","rules":'
        b'{"compensation":false,"deployer_apart":false,"different_people":true,"roles":["security","release"],'
        b'"unsigned":false},"title":"' + hidden("Pay by card", "/body/title").encode() + b'"},'
        b'"number":1,"previous":null,"session":"S-1","version":1}'
    )


def test_hash_of_a_leaf_is_that_of_the_tree() -> None:
    """Back-links name the hash that inclusion is proved of."""
    data = encode(leaf())

    assert leaf_digest(data) == f"sha256:{leaf_hash(data).hex()}"
    assert leaf_digest(data) != sha256(data)


NOT_A_LEAF = {
    "text in place of a commitment": (leaf(SessionNoted(text=Commitment("Ana was here"), words=3)), "leaf-malformed"),
    "an unsalted digest in its place": (
        leaf(SessionNoted(text=Commitment(sha256(b"ana@example.org")), words=3)), "leaf-malformed"
    ),
    "a name as a pseudonym": (msgspec.structs.replace(leaf(), actor=actor(ActorId("Ana"))), "leaf-malformed"),
    "an address as a pseudonym": (
        msgspec.structs.replace(leaf(), actor=actor(ActorId("p-ana@example.org"))), "leaf-malformed"
    ),
    "a session with a space": (msgspec.structs.replace(leaf(), session=ChainId("S-1 x")), "leaf-malformed"),
    "a newline at the end of an id": (msgspec.structs.replace(leaf(), session=ChainId("S-1\n")), "leaf-malformed"),
    "number nought": (msgspec.structs.replace(leaf(), number=0), "leaf-malformed"),
    "a fraction": (leaf(SessionNoted(text=hidden("x"), words=1.5)), "canonical-profile"),  # type: ignore[arg-type]  # the point
    "a first leaf with a link": (msgspec.structs.replace(leaf(), number=1), "leaf-content"),
    "a later leaf without one": (msgspec.structs.replace(leaf(), previous=None), "leaf-content"),
    "a local time": (
        msgspec.structs.replace(leaf(), at=START.astimezone(timezone(timedelta(hours=2)))), "leaf-content"
    ),
    "a time without a zone": (msgspec.structs.replace(leaf(), at=START.replace(tzinfo=None)), "leaf-malformed"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "code"), NOT_A_LEAF.values(), ids=NOT_A_LEAF)
def test_leaf_refuses(wrong: Leaf, code: str) -> None:
    """Free text, names, addresses, local times and fractions are refused before anything is written."""
    with pytest.raises(LedgerError) as refused:
        encode(wrong)

    assert refused.value.code == code
    assert "ana@" not in str(refused.value)


def test_local_time_within_the_body_is_refused() -> None:
    """Every time of a leaf is in UTC, not only its own."""
    local = START.astimezone(timezone(timedelta(hours=-3)))
    body = EvidenceRecorded(evidence="lint", statement=sha256(b""), tool="ruff", tree="a" * 40, keep_until=local)

    with pytest.raises(LedgerError, match="/body/keep_until"):
        encode(leaf(body))


OTHER_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "a space": lambda data: data.replace(b'","body"', b'", "body"'),
    "a default spelt out": lambda data: data.replace(b'{"kind"', b'{"issue":null,"kind"'),
    "an unknown field": lambda data: data.replace(b'"number"', b'"more":1,"number"'),
    "an unknown kind": lambda data: data.replace(b"session.noted", b"session.sung"),
    "another version": lambda data: data.replace(b'"version":1', b'"version":2'),
    "no version": lambda data: data.replace(b',"version":1', b""),
    "a key twice": lambda data: data.replace(b'"version":1', b'"version":1,"version":1'),
    "an offset for Z": lambda data: data.replace(b"00Z", b"00+00:00"),
    "nothing": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "an array": lambda data: b"[]",
    "too much": lambda data: data + b" " * MAX_LEAF_BYTES,
}


@pytest.mark.parametrize("change", OTHER_BYTES.values(), ids=OTHER_BYTES)
def test_other_bytes_are_no_leaf(change: Callable[[bytes], bytes]) -> None:
    """Bytes that say the same in another form, or something else, are not taken."""
    data = encode(leaf())
    assert change(data) != data

    with pytest.raises(LedgerError):
        decode(change(data))


def verdict(gates: dict[str, Status]) -> GateDecided:
    """Return a verdict with those gates."""
    return GateDecided(
        verdict=sha256(b""), status=Status.PASS, gates=gates, standard=sha256(b""), context=sha256(b""),
        controls=sha256(b""), evidence=sha256(b""), evidence_count=0, engine="1", tree="a" * 40, decided_at=START,
    )  # fmt: skip


def test_leaf_has_a_size_limit() -> None:
    """A leaf of 8 KiB is written, one byte more is not."""
    entry = len('"g000":"pass",')
    room = MAX_LEAF_BYTES - len(canonical(leaf(verdict({"g": Status.PASS})))) - len('"":"pass",')
    gates = {"g": Status.PASS} | {f"g{number:03}": Status.PASS for number in range(room // entry - 2)}
    left = room - entry * (room // entry - 2)

    assert len(encode(leaf(verdict(gates | {"h" * left: Status.PASS})))) == MAX_LEAF_BYTES
    with pytest.raises(LedgerError, match="8193 bytes, at most 8192"):
        encode(leaf(verdict(gates | {"h" * (left + 1): Status.PASS})))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pytest-cov", "pytest-cov"),
        ("@stoplight/spectral", "stoplight/spectral"),
        ("ana@example.org", "other"),
        ("a tool", "other"),
        ("", "other"),
    ],
)
def test_name_of_a_tool_becomes_a_label(text: str, found: str) -> None:
    """The name of a tool is kept where it is a plain one, without the mark of its scope; anything else is "other"."""
    assert label(text) == found


DAMAGE: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "removed": (lambda data: data[:7] + data[8:], "leaf 8: found nothing"),
    "several removed": (lambda data: data[:7] + data[9:], "leaf 8 to 9: found nothing"),
    "a number far away": (
        lambda data: [*data[:-1], data[-1].replace(b'"number":21', b'"number":9007199254740991')],
        "leaf 21 to 9007199254740990: found nothing",
    ),
    "first removed": (lambda data: data[1:], "leaf 1: found nothing"),
    "reordered": (lambda data: [*data[:7], data[8], data[7], *data[9:]], "leaf 8: found its place after leaf 9"),
    "twice": (lambda data: [*data[:8], *data[7:]], "leaf 8: found 2 leaves with that number"),
    "altered": (lambda data: [*data[:7], data[7].replace(b"pytest", b"pytesd"), *data[8:]], "leaf 8: found sha256:"),
    "dated back": (
        lambda data: [*data[:7], data[7].replace(b"2026-01-05", b"2025-01-05"), *data[8:]], "leaf 8: found 2025-01-05"
    ),
    "cut off": (lambda data: data[:-1], "leaf 20: found sha256:"),
    "newest altered": (
        lambda data: [*data[:-1], data[-1].replace(b"completed", b"abandoned")], "leaf 21: found sha256:"
    ),
    "another count": (
        lambda data: [*data[:-1], data[-1].replace(b'"count":20', b'"count":19')],
        "the closing leaf: found a count of 19",
    ),
    "unreadable": (lambda data: [*data[:7], data[7][:-1], *data[8:]], "place 8: found bytes that are no leaf"),
    "everything gone": (lambda data: [], "place 1: found nothing"),
    "another session's": (
        lambda data: [*data[:7], data[7].replace(b'"S-1"', b'"S-2"'), *data[8:]], "leaf 8: found chain S-2"
    ),
    "more after the close": (
        lambda data: [*data, encode(Head(chain=ChainId("S-1"), count=21, last=leaf_digest(data[-1])).next(
            NOTE, at=START + timedelta(days=9), actor=actor(ANA)))], "leaf 21: found session.closed, and more after it"
    ),
    "opened in the middle": (
        lambda data: [*data[:7], data[0].replace(b'"number":1', b'"number":8').replace(
            b'"previous":null', b'"previous":"' + leaf_digest(data[6]).encode() + b'"'), *data[8:]],
        "leaf 8: found session.opened",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE)
def test_chain_names_what_was_done_to_it(damage: Callable[[list[bytes]], list[bytes]], said: str) -> None:
    """Whatever is removed, moved, altered, put in or dated back is named with its place."""
    story = whole_story()

    with pytest.raises(LedgerError) as broken:
        verify_chain(story.state.id, damage(story.bytes), last=newest(story))

    assert broken.value.code == "chain-broken"
    assert said in str(broken.value)


def test_whole_chain_is_complete_by_its_own_close() -> None:
    """A closed chain says itself how many leaves it has; an open one only with the hash of its newest leaf."""
    story, open_story = whole_story(), Story()

    assert verify_chain(story.state.id, story.bytes).complete
    assert verify_chain(open_story.state.id, open_story.bytes, last=newest(open_story)).complete
    assert not verify_chain(open_story.state.id, open_story.bytes).complete
    assert verify_chain(story.state.id, story.bytes).head == story.state.head


def test_chain_of_the_ledger_begins_with_its_opening() -> None:
    """What concerns no session is a chain as well, and a session cannot begin like it."""
    first = Head(chain=LEDGER).next(LedgerOpened(key=sha256(b"key")), at=START, actor=actor(ANA))
    note = Head(chain=ChainId("S-1")).next(LedgerOpened(key=sha256(b"key")), at=START, actor=actor(ANA))

    assert verify_chain(LEDGER, [encode(first)]).leaves == (first,)
    with pytest.raises(LedgerError, match=r"found ledger\.opened"):
        verify_chain(ChainId("S-1"), [encode(note)])
