"""A witness cosigns one history of each log, and answers everything else as the protocol says."""

import pytest
from little_log import LittleLog

from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.merkle import consistency_proof, root_at
from standfast.ledger.note import add_signatures, open_note, parse_signature, sign_note
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.ledger.witness import SIZE, AddCheckpoint, Answer, answer, format_request, parse_request
from standfast.model import LedgerError

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
WITNESS = InsecureMemorySigner("witness.example/w1", b"w" * 32, SignatureKind.COSIGNATURE)
AT_S = 1_790_000_000

# From filippo.io/torchwood, cmd/litewitness/testdata/logbastion.txt: a key made from a published seed, and a request.
SIGSUM = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SIGSUM_PUBLIC = bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
SIGSUM_REQUEST = f"""old 0

{SIGSUM}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {SIGSUM} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
"""


class Diary:
    """A witness with its memory, and a log to bother it with."""

    def __init__(self) -> None:
        self.log = LittleLog()
        self.log.grow(number.to_bytes(2) for number in range(300))
        self.known: dict[str, Checkpoint] = {}

    def head(self, size: int) -> Checkpoint:
        """The head that the log had at *size*."""
        return Checkpoint(LOG.name, size, root_at(size, self.log.reader(size)))

    def request(self, old: int, new: int) -> AddCheckpoint:
        """An honest request."""
        proof = consistency_proof(old, new, self.log.reader(new)) if old <= new else ()
        return AddCheckpoint(old, proof, sign_checkpoint(self.head(new), LOG))

    def ask(self, request: AddCheckpoint | bytes) -> Answer:
        """Ask, and remember what is to be remembered."""
        body = request if isinstance(request, bytes) else format_request(request)
        found = answer(body, {LOG.name: [LOG.verifier]}, self.known, WITNESS, AT_S)
        if found.remember:
            self.known[found.remember.origin] = found.remember
        return found


@pytest.fixture
def diary() -> Diary:
    """A witness that knows nothing yet."""
    return Diary()


def test_a_first_checkpoint_is_cosigned(diary: Diary) -> None:
    """A log that the witness never saw starts at any size, without a proof."""
    request = diary.request(0, 5)

    found = diary.ask(request)

    assert found.status == 200
    cosigned = add_signatures(request.checkpoint, [parse_signature(found.body.removesuffix("\n"))])
    assert len(open_note(cosigned, [LOG.verifier, WITNESS.verifier]).signatures) == 2
    assert diary.known[LOG.name] == diary.head(5)


@pytest.mark.parametrize("sizes", [(1, 2), (5, 5), (5, 6), (8, 255), (256, 300), (1, 300), (0, 0)])
def test_a_consistent_checkpoint_is_cosigned(diary: Diary, sizes: tuple[int, int]) -> None:
    """A checkpoint that continues the last one, or repeats it, is cosigned and remembered."""
    diary.ask(diary.request(0, sizes[0]))

    assert diary.ask(diary.request(*sizes)).status == 200
    assert diary.known[LOG.name] == diary.head(sizes[1])


def test_a_published_request_is_answered() -> None:
    """The request that another witness is tested with is cosigned here as well."""
    key = Verifier.enrolled(SIGSUM, SignatureKind.ED25519, SIGSUM_PUBLIC)

    found = answer(SIGSUM_REQUEST.encode(), {SIGSUM: [key]}, {}, WITNESS, AT_S)

    assert (found.status, found.body[: len("— witness.example/w1 ")]) == (200, "— witness.example/w1 ")


def test_an_unknown_log_is_not_found(diary: Diary) -> None:
    """A log that the witness does not serve is answered with 404, whoever signed."""
    stranger = InsecureMemorySigner("stranger.example/log", b"s" * 32)
    head = Checkpoint(stranger.name, 5, diary.head(5).root)

    assert diary.ask(AddCheckpoint(0, (), sign_checkpoint(head, stranger))).status == 404


def test_a_checkpoint_that_the_log_did_not_sign_is_forbidden(diary: Diary) -> None:
    """The name of the log with another key, a broken signature or a broken note is answered with 403."""
    stranger = InsecureMemorySigner(LOG.name, b"s" * 32)
    good = diary.request(0, 5).checkpoint

    for checkpoint in (
        sign_checkpoint(diary.head(5), stranger),
        good.replace(b"\n5\n", b"\n6\n"),
        good[:-2] + b"\n",
        good + b"\n",
        f"{LOG.name}\n".encode(),
    ):
        assert diary.ask(AddCheckpoint(0, (), checkpoint)).status == 403
    assert not diary.known


def test_a_signed_text_that_is_no_checkpoint_is_a_bad_request(diary: Diary) -> None:
    """A log that signs something else is told so, and nothing is cosigned."""
    assert diary.ask(AddCheckpoint(0, (), sign_note(f"{LOG.name}\nfive\nroot\n", LOG))).status == 400


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(diary: Diary) -> None:
    """A log cannot ask to go backwards."""
    diary.ask(diary.request(0, 9))

    assert diary.ask(diary.request(9, 5)).status == 400
    assert diary.known[LOG.name] == diary.head(9)


@pytest.mark.parametrize("old", [0, 4, 6])
def test_another_old_size_is_a_conflict_and_names_the_known_one(diary: Diary, old: int) -> None:
    """A log that lost track learns which size the witness knows, and nothing is cosigned."""
    diary.ask(diary.request(0, 5))

    found = diary.ask(diary.request(old, 9))

    assert (found.status, found.body, found.content_type, found.remember) == (409, "5\n", SIZE, None)


def test_another_root_at_the_same_size_is_a_conflict(diary: Diary) -> None:
    """Two histories of one length are answered with 409."""
    diary.ask(diary.request(0, 5))
    other = sign_checkpoint(Checkpoint(LOG.name, 5, diary.head(6).root), LOG)

    assert diary.ask(AddCheckpoint(5, (), other)).status == 409
    assert diary.known[LOG.name] == diary.head(5)


def test_a_rewritten_log_is_unprocessable(diary: Diary) -> None:
    """A log that was rolled back and grew again in another way cannot prove that it continues."""
    diary.ask(diary.request(0, 5))
    rewritten = LittleLog()
    rewritten.grow(b"other" for _ in range(9))
    head = Checkpoint(LOG.name, 9, rewritten.frontier.root())
    proof = consistency_proof(5, 9, rewritten.reader())

    found = diary.ask(AddCheckpoint(5, proof, sign_checkpoint(head, LOG)))

    assert found.status == 422
    assert "does not continue" in found.body
    assert diary.known[LOG.name] == diary.head(5)


@pytest.mark.parametrize("proof", [(), (b"x" * 32,), (b"x" * 32,) * 63])
def test_a_wrong_proof_is_unprocessable(diary: Diary, proof: tuple[bytes, ...]) -> None:
    """A missing, wrong or padded proof is answered with 422."""
    diary.ask(diary.request(0, 5))

    assert diary.ask(AddCheckpoint(5, proof, diary.request(5, 9).checkpoint)).status == 422


def test_a_proof_for_a_first_checkpoint_is_unprocessable(diary: Diary) -> None:
    """From nothing there is nothing to prove."""
    assert diary.ask(AddCheckpoint(0, (b"x" * 32,), diary.request(0, 5).checkpoint)).status == 422


def test_extension_lines_are_cosigned_as_they_are(diary: Diary) -> None:
    """The witness signs the whole text of a foreign log, extension lines included."""
    text = diary.head(5).text + "an extension\n"
    checkpoint = sign_note(text, LOG)

    found = diary.ask(AddCheckpoint(0, (), checkpoint))

    cosigned = add_signatures(checkpoint, [parse_signature(found.body.removesuffix("\n"))])
    assert open_note(cosigned, [WITNESS.verifier]).text == text


NOT_REQUESTS = {
    "nothing": b"",
    "no empty line": b"old 0\ncheckpoint\n",
    "no old size": b"\n\ncheckpoint\n",
    "another word": b"new 0\n\ncheckpoint\n",
    "two spaces": b"old  0\n\ncheckpoint\n",
    "a leading zero": b"old 00\n\ncheckpoint\n",
    "a negative size": b"old -1\n\ncheckpoint\n",
    "a hash that is no base64": b"old 0\n???\n\ncheckpoint\n",
    "a short hash": b"old 0\nAAAA\n\ncheckpoint\n",
    "64 hashes": b"old 0\n" + b"gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n" * 64 + b"\ncheckpoint\n",
    "CRLF": b"old 0\r\n\r\ncheckpoint\r\n",
    "a head that is not ASCII": b"old \xd9\xa0\n\ncheckpoint\n",
    "a checkpoint without end": b"old 0\n\n" + b"x" * 1_000_001,
}


@pytest.mark.parametrize("body", NOT_REQUESTS.values(), ids=NOT_REQUESTS)
def test_what_is_no_request_is_a_bad_request(diary: Diary, body: bytes) -> None:
    """A body that is not to the letter what the protocol says is answered with 400."""
    with pytest.raises(LedgerError):
        parse_request(body)
    assert diary.ask(body).status == 400


def test_a_request_reads_back(diary: Diary) -> None:
    """What a log sends is what a witness reads."""
    request = diary.request(5, 300)

    assert parse_request(format_request(request)) == request
