"""A witness remembers before it signs, answers over the network, and cosigns the ledger of a working copy."""

import http.client
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from command_line import Ran, standfast
from little_log import LittleLog

from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import find
from standfast.app.ledger.posting import Reply
from standfast.app.ledger.reading import reading
from standfast.app.witnessing.asking import Post, cosigned, post_to
from standfast.app.witnessing.memory import WitnessMemory
from standfast.app.witnessing.serving import MAX_BODY_BYTES, WitnessServer
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.keys import write_key
from standfast.ledger.merkle import consistency_proof, root_at
from standfast.ledger.note import cosign
from standfast.ledger.policy_file import parse_policy
from standfast.ledger.proof import parse_proof
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.stores.contract import Cosignature
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.ledger.witness import SIZE, AddCheckpoint, format_request
from standfast.model import LedgerError, UndecidableError, UsageError

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
NAME = "witness.example/w1"
AT_S = 1_790_000_000


@pytest.fixture
def witness(tmp_path: Path) -> WitnessMemory:
    """A witness that serves one log."""
    witness = WitnessMemory.create(tmp_path / "witness", NAME, b"w" * 32)
    witness.trust(LOG.vkey)
    return witness


@pytest.fixture
def log() -> LittleLog:
    """A log of 300 entries."""
    log = LittleLog()
    log.grow(number.to_bytes(2) for number in range(300))
    return log


def _request(log: LittleLog, old: int, new: int) -> bytes:
    head = Checkpoint(LOG.name, new, root_at(new, log.reader(new)))
    return format_request(AddCheckpoint(old, consistency_proof(old, new, log.reader(new)), sign_checkpoint(head, LOG)))


@pytest.fixture
def served(witness: WitnessMemory) -> Iterator[tuple[str, list[str]]]:
    """The address of the witness, listening on this machine, and what it tells."""
    told: list[str] = []
    with WitnessServer(("127.0.0.1", 0), witness, lambda: AT_S, told.append) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", told
        finally:
            server.shutdown()
            thread.join()


def test_what_was_cosigned_is_remembered_by_the_next_process(witness: WitnessMemory, log: LittleLog) -> None:
    """A witness that was started again knows what it cosigned, and continues only that."""
    assert witness.answer(_request(log, 0, 5), AT_S).status == 200

    again = WitnessMemory(witness.folder)

    assert again.latest(LOG.name).size == 5
    assert again.answer(_request(log, 0, 9), AT_S).body == "5\n"
    assert again.answer(_request(log, 5, 9), AT_S).status == 200


def test_the_same_checkpoint_is_cosigned_again(witness: WitnessMemory, log: LittleLog) -> None:
    """A log whose answer was lost asks again, and is answered."""
    witness.answer(_request(log, 0, 5), AT_S)

    assert witness.answer(_request(log, 5, 5), AT_S).status == 200


def test_of_requests_at_once_only_one_history_is_cosigned(witness: WitnessMemory, log: LittleLog) -> None:
    """Of many different checkpoints that come at once from one size, exactly one is cosigned."""
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda size: witness.answer(_request(log, 0, size), AT_S), range(1, 33)))

    cosigned = [answer for answer in found if answer.status == 200]
    assert len(cosigned) == 1
    assert cosigned[0].remember == witness.latest(LOG.name)
    assert {answer.status for answer in found} <= {200, 409, 503}


def test_a_log_that_is_not_served_is_not_found(witness: WitnessMemory) -> None:
    """A log whose key nobody gave to the witness is answered with 404, and garbage with 400."""
    stranger = InsecureMemorySigner("stranger.example/log", b"s" * 32)
    note = sign_checkpoint(Checkpoint(stranger.name, 1, b"r" * 32), stranger)

    assert witness.answer(format_request(AddCheckpoint(0, (), note)), AT_S).status == 404
    assert witness.answer(b"garbage", AT_S).status == 400


def test_after_a_rotation_both_keys_of_a_log_are_believed(witness: WitnessMemory, log: LittleLog) -> None:
    """A further key of a log is added; what was cosigned under the older one stays known."""
    witness.answer(_request(log, 0, 5), AT_S)
    new = InsecureMemorySigner(LOG.name, b"n" * 32)
    witness.trust(new.vkey)
    head = Checkpoint(LOG.name, 9, root_at(9, log.reader(9)))
    request = AddCheckpoint(5, consistency_proof(5, 9, log.reader(9)), sign_checkpoint(head, new))

    assert witness.answer(format_request(request), AT_S).status == 200
    assert witness.answer(_request(log, 9, 12), AT_S).status == 200


def test_a_lost_memory_signs_nothing(witness: WitnessMemory, log: LittleLog) -> None:
    """A witness whose record of a log is gone or damaged refuses, instead of beginning anew."""
    (latest,) = (witness.folder / "logs").glob("*.latest")
    latest.write_bytes(b"x" * 8192)
    with pytest.raises(LedgerError, match="no whole checkpoint"):
        witness.answer(_request(log, 0, 5), AT_S)
    latest.unlink()
    with pytest.raises(LedgerError, match="no anchor"):
        witness.answer(_request(log, 0, 5), AT_S)


def test_a_witness_has_a_key_of_its_own_kind(tmp_path: Path, witness: WitnessMemory) -> None:
    """The key of a log makes no witness, and the key of a witness is no log to serve."""
    write_key(tmp_path / "key", "ledger.example/log", b"k" * 32)

    with pytest.raises(LedgerError, match="that of a log"):
        WitnessMemory(tmp_path)
    with pytest.raises(LedgerError, match="expected that of a log"):
        witness.trust(witness.signer.vkey)


def test_a_witness_is_not_made_twice(witness: WitnessMemory) -> None:
    """The key of a witness is never overwritten."""
    with pytest.raises(LedgerError, match="already"):
        WitnessMemory.create(witness.folder, NAME, b"x" * 32)


def test_requests_are_answered_over_the_network(served: tuple[str, list[str]], log: LittleLog) -> None:
    """The same answers come over the network, one connection after the other, and each is told."""
    address, told = served

    first, second = post_to(address, _request(log, 0, 5)), post_to(address, _request(log, 0, 9))

    assert first.status == 200
    assert first.body.startswith("— witness.example/w1 ".encode())
    assert second == Reply(409, SIZE, b"5\n")
    assert [line[:3] for line in told] == ["200", "409"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /other HTTP/1.1\r\nHost: w\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", 413),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: -1\r\n\r\n", 413),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 1_0\r\n\r\n", 413),
        (f"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n\r\n".encode(), 413),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 413),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 3\r\n\r\nold", 400),
        (b"GET /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", 501),
    ],
)
def test_only_bounded_requests_to_one_path_are_read(served: tuple[str, list[str]], head: bytes, status: int) -> None:
    """Another path, another method, no length, two lengths and too much are answered without reading on."""
    host, port = served[0].removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head)
        response = http.client.HTTPResponse(connection)
        response.begin()

        assert response.status == status


def test_damage_is_answered_without_details(
    served: tuple[str, list[str]], witness: WitnessMemory, log: LittleLog
) -> None:
    """What is wrong with the witness is told to its operator, and not to the network."""
    (latest,) = (witness.folder / "logs").glob("*.latest")
    latest.unlink()

    reply = post_to(served[0], _request(log, 0, 5))

    assert reply.status == 500
    assert str(witness.folder) not in reply.body.decode()
    assert any(str(witness.folder) in line for line in served[1])


def _answering(reply: Reply) -> Post:
    """Return a witness that answers everything with *reply*."""
    return lambda address, body: reply


class Working:
    """A working copy with a ledger, asked about by its own user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        (self.folder / "standfast.toml").write_text('[project]\nname = "little"\n')
        self.data = str(folder / "data")
        made = self.standfast("ledger", "init", "--origin", "ledger.example/little")
        assert made.code == 0, made.err
        self.vkey = made.out.strip()

    def standfast(self, *arguments: str) -> Ran:
        """Run a command in the working copy."""
        return standfast(*arguments, cwd=self.folder, XDG_DATA_HOME=self.data)


@pytest.fixture
def working(tmp_path: Path) -> Working:
    """A working copy with a ledger."""
    return Working(tmp_path)


def test_a_ledger_is_cosigned_by_command(
    working: Working, served: tuple[str, list[str]], witness: WitnessMemory
) -> None:
    """`standfast witness ask` has the ledger cosigned, and from then on it is shown as witnessed."""
    witness.trust(working.vkey)

    asked = working.standfast("witness", "ask", served[0], witness.signer.vkey)

    assert (asked.code, asked.out.splitlines()[0]) == (0, "witness.example/w1 cosigned 1 entries"), asked.err
    assert "witnessed by witness.example/w1" in working.standfast("ledger", "status").out
    assert working.standfast("witness", "ask", served[0], witness.signer.vkey).code == 0


def test_a_proof_carries_the_cosignatures(
    working: Working, served: tuple[str, list[str]], witness: WitnessMemory
) -> None:
    """Who believes a ledger only with a witness is convinced by the proof that `standfast ledger verify` prints."""
    policy = parse_policy(f"log {working.vkey}\nwitness w {witness.signer.vkey}\nquorum w\n".encode())
    witness.trust(working.vkey)
    working.standfast("witness", "ask", served[0], witness.signer.vkey)

    checkpoint = working.standfast("ledger", "verify").out
    proof = parse_proof(working.standfast("ledger", "verify", "0").out.encode())

    assert policy.accept(checkpoint.encode()).witnessed
    assert proof.checkpoint == checkpoint.encode()


def _write_line(working: Working, by: WitnessMemory) -> None:
    """Write a line into the database that *by* signed, but not for this ledger."""
    with reading(_known(working)) as ledger:
        line = cosign("another text\n", by.signer, AT_S).line.encode()
        ledger.store.keep_cosignature(Cosignature(1, by.signer.name, line))


def _known(working: Working) -> Known:
    known = find(working.folder.resolve(), Home({"XDG_DATA_HOME": working.data}))
    assert known is not None
    return known


LOOKING = (("status",), ("verify",), ("fsck",))


@pytest.mark.parametrize("words", LOOKING)
def test_a_line_by_nobody_we_know_witnesses_nothing(
    working: Working, witness: WitnessMemory, words: tuple[str, ...]
) -> None:
    """Whoever can write the database can write a line into it; it counts only by a key that somebody gave us."""
    _write_line(working, witness)

    ran = working.standfast("ledger", *words)

    assert (ran.code, "unwitnessed" in ran.out + ran.err, "witnessed by" in ran.out + ran.err) == (0, True, False), ran


@pytest.mark.parametrize("words", LOOKING)
def test_a_forged_line_of_a_known_witness_is_a_violation(
    working: Working, witness: WitnessMemory, words: tuple[str, ...]
) -> None:
    """A cosignature under the key of a witness that did not make it means that somebody changed the database."""
    Home({"XDG_DATA_HOME": working.data}).keep(
        msgspec.structs.replace(_known(working), witnesses=(witness.signer.vkey,))
    )
    _write_line(working, witness)

    ran = working.standfast("ledger", *words)

    assert (ran.code, "[ledger-cosignature-forged]" in ran.err) == (4, True), ran


def test_a_witness_that_does_not_serve_it_cosigns_nothing(
    working: Working, served: tuple[str, list[str]], witness: WitnessMemory
) -> None:
    """A witness that does not know the ledger, and one that is not there, leave it unwitnessed with exit code 3."""
    refused = working.standfast("witness", "ask", served[0], witness.signer.vkey)
    gone = working.standfast("witness", "ask", "http://127.0.0.1:1", witness.signer.vkey)

    assert (refused.code, gone.code) == (3, 3)
    assert "answered 404" in refused.err
    assert "does not answer" in gone.err
    assert "unwitnessed" in working.standfast("ledger", "status").out


def test_a_ledger_that_a_witness_knows_otherwise_is_forked(working: Working, witness: WitnessMemory) -> None:
    """Where the witness knows more entries, or another root, exit code 4 says so."""
    known = _known(working)
    key = witness.signer.verifier
    line = cosign("another text\n", witness.signer, AT_S).line.encode()
    answers = {
        "which has only 1": Reply(409, SIZE, b"5\n"),
        "another history": Reply(422, "text/plain", b"no"),
        "no cosignature of this checkpoint": Reply(200, "text/plain", line),
        "with other keys": Reply(200, "text/plain", b""),
    }
    with reading(known) as ledger:
        for message, reply in answers.items():
            with pytest.raises(LedgerError, match=message):
                cosigned(ledger, "http://w", key, _answering(reply))
        with pytest.raises(UndecidableError, match="answered 409"):
            cosigned(ledger, "http://w", key, _answering(Reply(409, "text/plain", b"5\n")))
        with pytest.raises(UsageError, match="expected that of a witness"):
            cosigned(ledger, "http://w", msgspec.structs.replace(key, kind=SignatureKind.ED25519))
        assert not ledger.store.cosignatures(1)


@pytest.mark.parametrize(
    "address", ["", "witness.example", "ftp://w", "http://", "http://w:x", "http://w?q", "http://u@w", "http://[w"]
)
def test_an_address_is_whole_or_refused(address: str) -> None:
    """What is no http or https address with a host is a usage error."""
    with pytest.raises(UsageError, match="expected an address"):
        post_to(address, b"")


def test_a_witness_is_made_and_told_by_command(tmp_path: Path) -> None:
    """`init` prints the key of the witness, `trust` which ledger it serves, and both fail with exit code 4."""
    place = str(tmp_path / "w")

    made = standfast("witness", "init", NAME, "--folder", place, cwd=tmp_path)
    trusted = standfast("witness", "trust", LOG.vkey, "--folder", place, cwd=tmp_path)

    assert Verifier.from_vkey(made.out.strip()).kind is SignatureKind.COSIGNATURE
    assert trusted.out == "serving ledger.example/payments/2026, known up to 0 entries\n"
    assert standfast("witness", "init", NAME, "--folder", place, cwd=tmp_path).code == 4
    assert standfast("witness", "trust", "nonsense", "--folder", place, cwd=tmp_path).code == 4
    assert standfast("witness", "serve", "--listen", "nowhere", "--folder", place, cwd=tmp_path).code == 2
