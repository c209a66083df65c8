"""A ledger that changes its key: who follows, who is refused, and what is there after a death at any step."""

import os
import re
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import auditing as verify
import msgspec
import pytest
from audit_bundles import Audited, judged, sessions, verified
from command_line import Ran, standfast
from event_ledgers import Machine, event, harmed
from soft_tokens import PIN, VARIABLE, new_key

from standfast.app.ledger.handovers import handovers
from standfast.app.ledger.home import Known
from standfast.app.ledger.opening import open_ledger, open_store
from standfast.app.ledger.reading import reading
from standfast.app.ledger.rotating import Reason, Rotated, rotate
from standfast.app.ledger.signing import newest_key
from standfast.app.witnessing.memory import WitnessMemory
from standfast.ledger.anchor import AnchorFile
from standfast.ledger.bodies import KeyRevoked, KeyRotated, KeyUse
from standfast.ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from standfast.ledger.events import decode
from standfast.ledger.keys import FileSigner
from standfast.ledger.notation import from_base64
from standfast.ledger.note import parse_note
from standfast.ledger.policy import Log, Policy
from standfast.ledger.proof import parse_proof
from standfast.ledger.publication import RolledBackError
from standfast.ledger.rotation import followed, following, handed_over
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.ledger.witness import AddCheckpoint, format_request
from standfast.ledger.writer import Writer
from standfast.model import LedgerError, UsageError

PLAIN = Reason()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without a ledger."""
    return Machine(tmp_path)


def run(machine: Machine, *words: str) -> Ran:
    """Run ``standfast`` in the working copy."""
    return standfast(*words, cwd=machine.root, **machine.environment)


def rotated(machine: Machine, known: Known, reason: Reason = PLAIN) -> Rotated:
    """Hand the ledger over to a new key in a file."""
    return rotate(known, machine.home, None, reason)


def flaws(known: Known) -> list[str]:
    """Return everything that is not as it was recorded."""
    with reading(known) as ledger:
        return [str(flaw) for flaw in ledger.fsck().flaws()]


def test_old_key_introduces_the_new_one(machine: Machine) -> None:
    """The entry that introduces a key is under a checkpoint of the old key; what follows is signed by the new one."""
    known = machine.filled(3)
    found = rotated(machine, known)

    with open_store(known) as store:
        notes = dict(store.checkpoints())
        old, new = (Verifier.from_vkey(vkey) for vkey in (found.former, found.vkey))
        (_index, leaf), *_others = store.rotations()
        assert found.index == 3
        assert old.key_id in signing_ids(notes[4])
        assert signing_ids(notes[5]) == {new.key_id}
    body = decode(leaf).body
    assert isinstance(body, KeyRotated)
    assert body.use is KeyUse.LOG
    assert flaws(known) == []


def signing_ids(note: bytes) -> set[bytes]:
    """Return the ids of the keys that have a line under *note*."""
    return {line.key_id for line in parse_note(note).signatures}


def test_ledger_goes_on_after_each_of_several_rotations(machine: Machine) -> None:
    """However often the key changes, entries are appended, every checkpoint opens, and a kept one is continued."""
    known = machine.begun()
    with reading(known) as ledger:
        kept = ledger.published()[0]
    vkeys = []
    for _ in range(3):
        vkeys.append(rotated(machine, known).vkey)
        with open_ledger(known, machine.home) as ledger:
            ledger.record(event())

    assert len(set(vkeys)) == 3
    assert flaws(known) == []
    with reading(known) as ledger:
        assert ledger.continues(kept).size == 1
        assert ledger.status().vkey == vkeys[-1]
        assert ledger.prove(2).startswith(b"c2sp.org/tlog-proof@v1\n")
    with open_store(known) as store:
        assert [held.key.vkey for held in handovers(store).chain.held[1:]] == vkeys


def test_former_key_is_gone_and_signs_nothing_more(machine: Machine) -> None:
    """The file of the former key is removed; a copy of it that somebody kept appends nothing."""
    known = machine.begun()
    key = machine.home.of(known.id) / "key"
    copy = machine.root / "copy"
    copy.write_bytes(key.read_bytes())
    copy.chmod(0o600)
    rotated(machine, known)
    assert not key.exists()

    with open_store(known) as store, pytest.raises(LedgerError) as refused:
        Writer(store, FileSigner(copy), AnchorFile(Path(known.anchor)))

    assert refused.value.code == "ledger-key-retired"


def test_writer_that_was_open_meanwhile_signs_nothing_more(machine: Machine) -> None:
    """A process that had the ledger open while its key was changed is refused, and appends nothing with the old key."""
    known = machine.begun()
    with open_ledger(known, machine.home) as before:
        rotated(machine, known)

        with pytest.raises(LedgerError, match="the signing key is") as refused:
            before.record(event())

    assert refused.value.code == "ledger-key-retired"
    assert flaws(known) == []


def test_compromised_key_is_named_as_such(machine: Machine) -> None:
    """With --compromised, the first thing that the new key signs is since when the old one counts for nothing."""
    known = machine.begun()
    since = datetime(2026, 3, 1, tzinfo=UTC)
    found = rotated(machine, known, Reason(compromised=True, since=since))

    with open_store(known) as store:
        body = decode(next(store.entries(found.index + 1, found.index + 2)).leaf).body
    assert isinstance(body, KeyRevoked)
    assert (body.use, body.since, body.compromised) == (KeyUse.LOG, since, True)


def test_database_put_back_before_the_rotation_is_named(machine: Machine) -> None:
    """A database from before the rotation does not know the key of the anchor, and is said to have been put back."""
    known = machine.filled(3)
    database = Path(known.database)
    with open_store(known):
        pass
    before = database.read_bytes()
    rotated(machine, known)
    for beside in database.parent.glob(f"{database.name}-*"):
        beside.unlink()
    database.write_bytes(before)

    with reading(known) as ledger, pytest.raises(RolledBackError, match="put back to an older state"):
        ledger.published()


def test_key_that_somebody_wrote_into_the_database_is_refused(machine: Machine) -> None:
    """A row that claims a rotation makes no key one of the log: the entry has to be there, under the old key."""
    known = machine.filled(3)
    thief = InsecureMemorySigner(known.origin, bytes(32))
    with open_store(known) as store:
        key, former, public = handed_over(thief.verifier, thief.verifier)
        leaf = next(store.entries(2, 3)).leaf.hex()
    harmed(known, f"INSERT INTO rotation VALUES (2, X'{leaf}')")  # noqa: S608  # hexadecimal
    with open_store(known) as store:
        assert newest_key(store).vkey == store.identity.vkey  # an entry about something else hands nothing over
    forged = decode(bytes.fromhex(leaf))
    body = KeyRotated(key=key, former=former, use=KeyUse.LOG, overlap_until=forged.at, public=public)
    entry = msgspec.json.encode(msgspec.structs.replace(forged, body=body), order="sorted").hex()
    harmed(known, f"UPDATE rotation SET leaf = X'{entry}'")  # noqa: S608  # hexadecimal

    with open_store(known) as store, pytest.raises(LedgerError):
        newest_key(store)


@pytest.mark.parametrize("place", range(3))
def test_whoever_pinned_an_older_key_follows(machine: Machine, place: int) -> None:
    """From each key that signed, the proofs lead to the newest one; from no other key they lead anywhere."""
    known = machine.begun()
    for _ in range(3):
        rotated(machine, known)
    with open_store(known) as store:
        found = handovers(store)
    proofs = [parse_proof(proof) for proof in found.proofs]

    assert followed(found.chain.keys[place], proofs).newest == found.chain.newest
    stranger = InsecureMemorySigner(known.origin, bytes(32)).verifier
    assert followed(stranger, proofs).newest == stranger
    with pytest.raises(LedgerError):
        followed(found.chain.keys[0], [proofs[0], proofs[2]])


@pytest.mark.parametrize(
    ("pinned", "size", "believed"),
    [(0, 1, True), (0, 3, True), (1, 3, True), (1, 1, False), (None, 3, False)],
)
def test_policy_believes_keys_that_follow(machine: Machine, pinned: int | None, size: int, *, believed: bool) -> None:
    """A policy that pins a key believes those that followed it, at their sizes, and none from before it."""
    known = machine.begun()
    rotated(machine, known)
    with open_store(known) as store:
        chain, note = handovers(store).chain, store.checkpoint(size)
    stranger = InsecureMemorySigner(known.origin, bytes(32)).verifier
    key = stranger if pinned is None else chain.keys[pinned]
    policy = following(Policy((Log(key),), (), (), b"none"), chain, size)

    if believed:
        assert policy.accept(note).checkpoint.size == size
    else:
        with pytest.raises(LedgerError):
            policy.accept(note)


def test_ledger_moves_into_a_device_and_back(machine: Machine) -> None:
    """The key can be handed over to one in a device and from there to one in a file again."""
    known = machine.begun()
    environment = {**machine.environment, VARIABLE: PIN, "SOFTHSM2_CONF": ""}
    place = new_key()
    environment["SOFTHSM2_CONF"] = os.environ["SOFTHSM2_CONF"]
    words = ("--pkcs11-module", place.module, "--pkcs11-token", place.token, "--pkcs11-key", place.key)
    moved = standfast("ledger", "rotate-key", *words, "--pin-variable", VARIABLE, cwd=machine.root, **environment)
    folder = machine.home.of(known.id)
    files = sorted(path.name for path in folder.glob("key*"))
    again = standfast("ledger", "rotate-key", *words, "--pin-variable", VARIABLE, cwd=machine.root, **environment)
    without = run(machine, "ledger", "rotate-key")
    back = standfast("ledger", "rotate-key", cwd=machine.root, **environment)

    assert (moved.code, files) == (0, [])
    assert (again.code, "[ledger-same-key]" in again.err) == (2, True)
    assert (without.code, "[ledger-pin-missing]" in without.err) == (4, True)
    assert back.code == 0
    assert run(machine, "ledger", "fsck").code == 0


def test_ledger_begins_in_a_device(machine: Machine) -> None:
    """`init` takes a key in a device from the beginning, and no key is in any file."""
    place = new_key()
    environment = {**machine.environment, VARIABLE: PIN, "SOFTHSM2_CONF": os.environ["SOFTHSM2_CONF"]}
    words = ("--pkcs11-module", place.module, "--pkcs11-token", place.token, "--pkcs11-key", place.key)
    part = standfast("ledger", "init", *words, cwd=machine.root, **environment)
    made = standfast("ledger", "init", *words, "--pin-variable", VARIABLE, cwd=machine.root, **environment)

    assert (part.code, "[ledger-device-options]" in part.err) == (2, True)
    assert made.code == 0
    assert list(machine.home.folder.glob("ledgers/*/key*")) == []
    assert standfast("ledger", "status", cwd=machine.root, **machine.environment).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2026-01-01"), "--since goes with --compromised"),
        (("--compromised", "--since", "2999-01-01"), "is in the future"),
        (("--pkcs11-key", "k"), "found --pkcs11-key, expected"),
    ],
)
def test_rotation_that_makes_no_sense_is_refused(machine: Machine, words: tuple[str, ...], said: str) -> None:
    """What cannot be meant is refused before anything is signed."""
    known = machine.begun()

    ran = run(machine, "ledger", "rotate-key", *words)

    assert ran.code == 2
    assert said in ran.err
    with open_store(known) as store:
        assert store.rotations() == ()


def test_commands_say_which_keys_signed(machine: Machine, tmp_path: Path) -> None:
    """`rotate-key` prints the new key, `status` and `keys` name it, and `keys --proofs` writes what others need."""
    machine.begun()
    made = run(machine, "ledger", "rotate-key", "--compromised")
    status = run(machine, "ledger", "status")
    keys = run(machine, "ledger", "keys", "--proofs", str(tmp_path / "proofs"))

    assert made.code == 0
    assert f"key {made.out.strip()}" in status.out
    assert "handed over to this key by entry 1" in status.out
    assert keys.out.splitlines()[1] == f"{made.out.strip()} above 2 entries"
    assert (tmp_path / "proofs" / "0001.tlog-proof").is_file()
    assert run(machine, "ledger", "keys", "--proofs", str(machine.root / "standfast.toml")).code == 2


def test_policy_of_the_reader_is_honoured(machine: Machine, tmp_path: Path) -> None:
    """`verify --policy` believes the pinned key and what follows it; another key, or too few witnesses, end with 4."""
    made = run(machine, "ledger", "init").out.strip()
    run(machine, "ledger", "rotate-key")
    stranger = InsecureMemorySigner(made.split("+", 1)[0], bytes(32)).vkey
    witness = InsecureMemorySigner("witness.example/w", bytes(32), SignatureKind.COSIGNATURE).vkey
    lines = {
        "met": f"log {made}\nquorum none\n",
        "stranger": f"log {stranger}\nquorum none\n",
        "unwitnessed": f"log {made}\nwitness audit {witness}\nquorum audit\n",
        "broken": f"log {made}\n",
    }
    for name, text in lines.items():
        (tmp_path / name).write_text(text)

    ran = {name: run(machine, "ledger", "verify", "--policy", str(tmp_path / name)) for name in lines}

    assert {name: one.code for name, one in ran.items()} == {"met": 0, "stranger": 4, "unwitnessed": 4, "broken": 4}
    assert "is met: no witness cosigned" in ran["met"].err
    assert "is cosigned by no witness; the policy asks for audit" in ran["unwitnessed"].err
    assert "[ledger-note-unverified]" in ran["stranger"].err
    assert ran["unwitnessed"].out == ""


# Witnesses


def test_witness_follows_what_its_key_introduced(machine: Machine, tmp_path: Path) -> None:
    """A witness refuses the new key until it is given the proof, and the old one from then on."""
    known = machine.begun()
    witness = WitnessMemory.create(tmp_path / "witness", "witness.example/w", bytes(32))
    with open_store(known) as store:
        witness.trust(store.identity.vkey)
    old = InsecureMemorySigner(known.origin, seed_of(machine, known))
    rotated(machine, known)
    with open_store(known) as store:
        newest, proofs = store.checkpoint(), handovers(store).proofs
    request = format_request(AddCheckpoint(0, (), newest))

    assert witness.answer(request, 1).status == 403
    followed_ = run(machine, "witness", "follow", *written(tmp_path, proofs), "--folder", str(witness.folder))
    assert followed_.code == 0
    assert witness.answer(request, 1).status == 200
    forged = sign_checkpoint(Checkpoint(known.origin, 9, bytes(32)), old)
    assert witness.answer(format_request(AddCheckpoint(3, (), forged)), 1).status == 403


def seed_of(machine: Machine, known: Known) -> bytes:
    """Return the seed of the key in the file."""
    line = (machine.home.of(known.id) / "key").read_text().strip()
    return (from_base64(line.split("+", 4)[4]) or b"")[1:]


def written(folder: Path, proofs: tuple[bytes, ...]) -> list[str]:
    """Write *proofs* into files and return their paths."""
    paths = [folder / f"{number}.tlog-proof" for number, _ in enumerate(proofs)]
    for path, proof in zip(paths, proofs, strict=True):
        path.write_bytes(proof)
    return [str(path) for path in paths]


def test_witness_follows_no_stranger(machine: Machine, tmp_path: Path) -> None:
    """A proof that starts from a key which the witness does not know changes nothing."""
    known = machine.begun()
    witness = WitnessMemory.create(tmp_path / "witness", "witness.example/w", bytes(32))
    witness.trust(InsecureMemorySigner(known.origin, bytes(32)).vkey)
    rotated(machine, known)
    with open_store(known) as store:
        proofs = handovers(store).proofs

    with pytest.raises(LedgerError, match="that this witness knows"):
        witness.follow(proofs)


# The auditor


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """A ledger whose key was changed twice, once because it had got lost; the auditor pinned the first one."""
    made = Audited(tmp_path_factory.mktemp("rotated"))
    made.append(sessions(2))
    rotate(made.known, made.machine.home, None, PLAIN)
    rotate(made.known, made.machine.home, None, Reason(compromised=True))
    made.exported()
    return made


def test_auditor_who_pinned_the_old_key_follows(audited: Audited) -> None:
    """The bundle is proven from the key that the auditor pinned, and says where it changed and what got lost."""
    ran = judged(audited.folder / "bundle", "--policy", audited.policy)

    assert ran.code == 0, ran
    assert ran.out.count("hands the ledger over to the key") == 2
    assert "somebody else may have had it" in ran.out
    selftest = judged("selftest", audited.folder / "bundle", "--policy", audited.policy)
    assert "NOT NOTICED" not in selftest.out
    assert "noticed   a key is slipped in" in selftest.out


def test_kept_checkpoint_of_the_old_key_is_continued(audited: Audited) -> None:
    """Last year's checkpoint, signed by the old key, is compared with this year's, signed by the new one."""
    found = verified(audited.folder / "bundle", audited.policy, audited.checkpoint)

    assert found.exit_code == 0, found.listed


def replaced(audited: Audited, name: str, change: Callable[[bytes], bytes | None]) -> set[str]:
    """Return what is found in the bundle when one file of it is changed, or gone, with its line in SHA256SUMS."""
    findings = verify.Findings()
    pinned = verify.PolicyReader().read(audited.policy.read_bytes())
    with verify.open_bundle(audited.folder / "bundle") as files:
        changed = change(files.read(name, 1_000_000) or b"")
        altered = verify.Altered(files, {name: changed or b""})
        if changed is None:
            del altered.sizes[name]
        try:
            verify.Verification(altered, pinned, findings).run()
        except verify.RefusedError:
            findings.add(verify.UNCHECKED, "refused", name, "")
    assert findings.exit_code != 0
    return findings.names


def spoilt(data: bytes) -> bytes:
    """Return *data* with another last signature byte."""
    return data[:-6] + (b"A" if data[-6:-5] != b"A" else b"B") + data[-5:]


CHANGES: list[tuple[str, Callable[[bytes], bytes | None], str]] = [
    ("handover/0001.tlog-proof", spoilt, "signature-forged"),
    ("handover/0001.tlog-proof", lambda data: re.sub(rb"index \d+", b"index 7", data), "key-not-introduced"),
    ("handover/0001.tlog-proof", lambda data: b"x" + data, "refused"),
    ("handover/0001.tlog-proof", lambda data: None, "signature-missing"),
    ("handover/0002.tlog-proof", lambda data: None, "signature-missing"),
    ("handover/0002.tlog-proof", lambda data: data.replace(b"extra ey", b"extra eX", 1), "key-not-introduced"),
]


@pytest.mark.parametrize(("name", "change", "named"), CHANGES)
def test_key_without_its_proof_is_refused(
    audited: Audited, name: str, change: Callable[[bytes], bytes | None], named: str
) -> None:
    """A key that the log did not introduce, whatever is wrong with the proof of it, makes nobody believed."""
    assert named in replaced(audited, name, change)


def test_retired_key_signs_no_further_checkpoint(tmp_path: Path) -> None:
    """Whoever signs the newest checkpoint with the old key, and leaves the proofs out or not, is found out."""
    made = Audited(tmp_path)
    old = InsecureMemorySigner(made.known.origin, seed_of(made.machine, made.known))
    rotate(made.known, made.machine.home, None, PLAIN)
    bundle = made.exported()
    with verify.open_bundle(bundle) as files:
        text = verify.parse_note(files.read("checkpoint", 1_000_000) or b"")[0]
    (bundle / "checkpoint").write_bytes(sign_checkpoint(parse_checkpoint(text), old))

    assert "key-retired" in verified(bundle, made.policy).names
    (bundle / "handover" / "0001.tlog-proof").unlink()
    assert "key-retired" in verified(bundle, made.policy).names


# A death at every step

WATCHED = ("rotating.py", "keys.py", "writer.py", "sqlite.py", "publication.py", "anchor.py", "recording.py")


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do *work* in a child that is killed at the so-manieth call that ours make; return whether it got so far.

    Calls are counted by the profiler's hook, since the tracer's belongs to whoever measures coverage.
    """
    child = os.fork()
    if child == 0:
        left = number

        def watch(frame: FrameType, kind: str, _argument: object) -> None:
            nonlocal left
            if kind in ("call", "c_call") and frame.f_code.co_filename.endswith(WATCHED):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(watch)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


STEPS = (1, 20, 45, 75, 110, 150, 190, 230, 270, 310, 350, 400, 450, 500, 600, 750, 100_000)


def test_death_at_any_step_leaves_one_key(machine: Machine) -> None:
    """Killed at any point of a rotation, the ledger runs on, whole, with the old key or with the new one."""
    known = machine.begun()
    seen: set[tuple[bool, bool]] = set()
    for line in STEPS:
        with open_store(known) as store:
            before = newest_key(store)
        died = killed_at(line, lambda: rotated(machine, known))
        with open_ledger(known, machine.home) as ledger:
            seen.add((died, newest_key(ledger.store) != before))
            ledger.record(event())

    assert seen == {(True, False), (True, True), (False, True)}
    assert flaws(known) == []


def test_key_in_a_device_is_not_handed_over_to_itself(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation to the key that the ledger has is refused."""
    known, place = machine.begun(), new_key()
    monkeypatch.setenv(VARIABLE, PIN)
    rotate(known, machine.home, place, PLAIN)
    again = machine.home.known(known.id)
    assert again is not None

    with pytest.raises(UsageError, match="already"):
        rotate(again, machine.home, place, PLAIN)
