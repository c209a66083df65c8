"""The auditor's verifier and our own core are two programs, and agree on every byte."""

from collections.abc import Callable, Iterator

import auditing as verify
import pytest
from audit_bundles import Audited, sessions
from damage import damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_parsers import CHECKPOINT, LOG, WITNESS
from ledger_story import whole_story
from little_log import LittleLog
from struct_strategies import values

from standfast.ledger import canonical
from standfast.ledger.checkpoint import Checkpoint, parse_checkpoint
from standfast.ledger.events import EventKind, Leaf, decode, encode, leaf_digest
from standfast.ledger.fields import LEDGER
from standfast.ledger.merkle import leaf_hash, root_at
from standfast.ledger.note import parse_note
from standfast.ledger.policy_file import parse_policy
from standfast.ledger.tiles import Bundle, Tile, entry_bundle, parse_entry_bundle
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError, sha256

STORY = whole_story().bytes
POLICY = (
    f"log {LOG.vkey}\nwitness w1 {WITNESS.vkey} https://w1.example\ngroup any-of any w1\n# a comment\nquorum any-of\n"
).encode()
ENTRIES = st.lists(st.binary(max_size=40), min_size=1, max_size=12)


class Memory(verify.Files):
    """Files that are nowhere but here."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__()
        self._files = files
        self.sizes = {name: len(data) for name, data in files.items()}

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `verify.Files.blocks`."""
        yield self._files[name]


def outcome(read: Callable[[], object], refusal: type[Exception]) -> object:
    """Return what *read* returns, or that it refused."""
    try:
        return read()
    except refusal:
        return "refused"


@settings(max_examples=60)
@given(ENTRIES, st.lists(st.integers(1, 300), min_size=1, max_size=4), st.data())
def test_both_have_the_same_roots(entries: list[bytes], counts: list[int], data: st.DataObject) -> None:
    """The root at every size is the same, read from the same tiles."""
    log = LittleLog()
    for count in counts:
        log.grow((entries * count)[:count])
    size = len(log.leaves)
    checkpoint = Checkpoint("log", size, log.frontier.root())
    files = Memory({tile.path: hashes for tile, hashes in log.tiles.items()})
    findings = verify.Findings()

    tree = verify.Tree(files, verify.Checkpoint("log", size, checkpoint.root), findings)

    older = data.draw(st.integers(0, size))
    assert not findings.listed
    assert tree.root_at(older) == root_at(older, log.reader(older))
    index = data.draw(st.integers(0, size - 1))
    assert tree.tile(0, index // 256)[index % 256 * 32 :][:32] == log.leaves[index]


@given(st.integers(0, 2**60), st.integers(1, 256), st.integers(0, 63))
def test_both_have_the_same_paths(index: int, width: int, level: int) -> None:
    """A tile and a bundle have the same path for both."""
    assert verify.numbered(str(level), index, width) == Tile(level, index, width).path
    assert verify.numbered("entries", index, width) == Bundle(index, width).path


@given(ENTRIES.flatmap(lambda entries: st.tuples(damaged([entry_bundle(entries)]), st.just(len(entries)))))
def test_both_read_the_same_entries(written: tuple[bytes, int]) -> None:
    """A bundle of entries is read to the same entries by both, or by neither."""
    data, width = written
    ours = outcome(lambda: [*parse_entry_bundle(data, width)], LedgerError)

    assert (verify.entries_in(data, width) or "refused") == ours


@given(damaged([CHECKPOINT]))
def test_both_read_the_same_notes(data: bytes) -> None:
    """A note and the checkpoint in it are read to the same by both, or by neither."""
    ours = outcome(lambda: parse_note(data), LedgerError)
    theirs = outcome(lambda: verify.parse_note(data), verify.RefusedError)

    if isinstance(ours, str) or isinstance(theirs, str):
        assert ours == theirs
        return
    text, lines = verify.parse_note(data)
    note = parse_note(data)
    assert (text, lines) == (note.text, [(one.name, one.key_id, one.signature) for one in note.signatures])
    head = outcome(lambda: parse_checkpoint(text), LedgerError)
    found = outcome(lambda: verify.parse_checkpoint(text), verify.RefusedError)
    assert found == ((head.origin, head.size, head.root) if isinstance(head, Checkpoint) else "refused")


@given(damaged([CHECKPOINT]), damaged([POLICY]))
def test_both_trust_the_same(data: bytes, written: bytes) -> None:
    """A checkpoint is trusted by both or by neither, under the same policy, whatever happened to either."""
    ours = outcome(lambda: parse_policy(written), LedgerError)
    theirs = outcome(lambda: verify.PolicyReader().read(written), verify.RefusedError)

    assert (ours == "refused") == (theirs == "refused")
    if ours != "refused":
        trusted = outcome(lambda: parse_policy(written).accept(data), LedgerError)
        accepted = outcome(
            lambda: verify.accepted(data, verify.PolicyReader().read(written), verify.Findings()), verify.RefusedError
        )
        assert (trusted == "refused") == (accepted in ("refused", None))


@settings(max_examples=200)
@given(damaged([f"{LOG.vkey}".encode(), f"{WITNESS.vkey}".encode()]), st.sampled_from([1, 4]))
def test_both_know_the_same_keys(data: bytes, kind: int) -> None:
    """A verifier key is taken by both or by neither."""
    vkey = data.decode("latin-1")
    ours = outcome(lambda: Verifier.from_vkey(vkey), LedgerError)
    theirs = outcome(lambda: verify.key_of(vkey, kind), verify.RefusedError)

    taken = isinstance(ours, Verifier) and ours.kind == kind
    assert taken == (theirs != "refused")


@given(values(Leaf))
def test_every_leaf_is_understood(leaf: Leaf) -> None:
    """The verifier reads every leaf that our core can write, and says the same of it."""
    data = outcome(lambda: encode(leaf), LedgerError)
    if not isinstance(data, bytes):
        return

    event = verify.event_of(7, data, leaf_hash(data))

    assert event is not None
    assert (event.kind, event.actor, event.chain, event.number) == (leaf.kind, leaf.actor.id, leaf.session, leaf.number)
    assert (f"sha256:{event.previous}" if event.previous else None) == leaf.previous
    assert f"sha256:{event.digest}" == leaf_digest(data)


@settings(max_examples=300)
@given(damaged(STORY))
def test_no_other_bytes_are_a_leaf(data: bytes) -> None:
    """What our core reads as a leaf, the verifier does; what it takes has one canonical form."""
    ours = outcome(lambda: decode(data), LedgerError)
    theirs = verify.event_of(0, data, leaf_hash(data))

    assert theirs is not None or ours == "refused"
    if theirs is not None:
        assert outcome(lambda: canonical.decode(data), LedgerError) != "refused"


@pytest.mark.parametrize(
    "body",
    [b'{"kind":"session.noted","kind":"session.noted"}', b'{"words":1,"kind":"session.noted"}',
     b'{"kind":"session.noted","words":1.0}', b'{"kind":"session.noted","words":-0}', b'{"kind":"session.lost"}',
     b'{"kind":"session.noted","words":9007199254740992}', b'{"kind":["session.noted"]}', b'{"kind":null}', b"{}"],
    ids=["key-twice", "key-order", "float", "minus-zero", "kind", "large", "list", "null", "empty"],
)  # fmt: skip
def test_second_spelling_of_a_leaf_is_none(body: bytes) -> None:
    """A body that two readers could read in two ways is no body for either."""
    before = b'{"actor":{"id":"p-anaa","via":"local"},"at":"2026-01-05T10:00:00Z","body":'
    data = before + body + b',"number":1,"previous":null,"session":"S-1","version":1}'

    assert verify.event_of(0, data, b"") is None
    assert outcome(lambda: decode(data), LedgerError) == "refused"


def test_both_know_the_same_kinds() -> None:
    """The verifier knows every kind of event that there is, and no other; the chain of the ledger has one name."""
    assert {*verify.KINDS} == {kind.value for kind in EventKind}
    assert {*verify.OBJECTS} <= verify.KINDS
    assert verify.LEDGER == LEDGER


@given(st.permutations(range(len(STORY))), st.data())
def test_moved_or_missing_event_breaks_the_chain(order: list[int], data: st.DataObject) -> None:
    """Every other order of the events of a session, and every one that is missing or doubled, is noticed."""
    kept = data.draw(st.integers(1, len(STORY)))
    places = order[:kept]
    findings = verify.Findings()
    chains = verify.Chains(verify.Scope("2026-01-01", "2026-12-31", "", 0, kept), findings)

    for index, place in enumerate(places):
        event = verify.event_of(index, STORY[place], leaf_hash(STORY[place]))
        assert event is not None
        chains.take(event)

    assert bool(findings.listed) == (places != [*range(kept)])


@given(st.lists(st.tuples(st.text("abcS-0123456789", min_size=1), st.sampled_from(["", "open", "waiver"])),
                unique_by=lambda row: row[0]), st.integers(1, 60), st.text())  # fmt: skip
def test_sample_holds_no_change_twice(rows: list[tuple[str, str]], count: int, seed: str) -> None:
    """A sample has as many changes as were asked for or as there are, each once, in whatever order the list is."""
    sample = verify.drawn(rows, count, seed)

    assert len({name for _, name in sample}) == len(sample) == min(count, len(rows))
    assert sample == verify.drawn(rows[::-1], count, seed)


@given(st.binary())
def test_addresses_of_objects_are_digests(data: bytes) -> None:
    """An object lies under its digest, and nothing else has a place."""
    address = sha256(data)

    assert verify.object_name(address) == f"objects/sha256/{address[7:9]}/{address[9:]}"
    assert verify.object_name(data.decode("latin-1")) == "?"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], verify.Policy]:
    """Return the files of a bundle, and the policy under which it is proven."""
    audited = Audited(tmp_path_factory.mktemp("sound")).append(sessions(13))
    bundle = audited.exported()
    paths = [path for path in bundle.rglob("*") if path.is_file()]
    policy = verify.PolicyReader().read(audited.policy.read_bytes())
    return {str(path.relative_to(bundle)): path.read_bytes() for path in paths}, policy


def judgement(files: verify.Files, policy: verify.Policy) -> int:
    """Return the exit code for a bundle."""
    findings = verify.Findings()
    try:
        verify.Verification(files, policy, findings).run()
    except verify.RefusedError:
        return verify.UNCHECKED
    return findings.exit_code


@settings(max_examples=120)
@given(data=st.data())
def test_no_changed_bundle_is_proven(sound: tuple[dict[str, bytes], verify.Policy], data: st.DataObject) -> None:
    """Whatever happens to one file that is not for people alone, with the list of files made anew: never proven."""
    files, policy = sound
    names = sorted(name for name in files if not name.endswith((".md", ".py", "policy", "bundle.json", "SUMS")))
    name = data.draw(st.sampled_from(names))
    changed = data.draw(damaged([files[name]]))
    whole = Memory(files)

    assert judgement(whole, policy) == verify.PROVEN
    code = judgement(verify.Altered(whole, {name: changed}), policy)
    assert (code == verify.PROVEN) == (changed == files[name])
