"""Signed notes are read to the letter, and say nothing before a known key vouches for them."""

import base64

import pytest

from standfast.ledger.note import (
    MAX_NOTE_BYTES,
    Note,
    NoteSignature,
    add_signatures,
    format_note,
    open_note,
    parse_note,
    parse_signature,
    sign_note,
)
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import LedgerError

# The published example of golang.org/x/mod/sumdb/note (note.go and note_test.go).
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_NOTE = f"{GO_TEXT}\n{GO_LINE}".encode()

ANA = InsecureMemorySigner("ana.example/log", b"a" * 32)
BEN = InsecureMemorySigner("ben.example/log", b"b" * 32)
TEXT = "a text\n\nwith an empty line\n"


def _lines(*lines: str, text: str = "text\n") -> bytes:
    return "".join([text, "\n", *lines]).encode()


def _signed_by(*signers: InsecureMemorySigner, text: str = TEXT) -> bytes:
    first, *others = signers
    return add_signatures(
        sign_note(text, first),
        [NoteSignature(other.name, other.key_id, other.sign(text.encode())) for other in others],
    )


def test_the_published_note_opens() -> None:
    """A note that another implementation signed opens with its published key."""
    note = open_note(GO_NOTE, [Verifier.from_vkey(GO_VKEY)])

    assert note.text == GO_TEXT
    assert [signature.line for signature in note.signatures] == [GO_LINE]


def test_the_published_key_signs_the_published_note() -> None:
    """The same key and text give the same bytes here as in the other implementation."""
    signer = InsecureMemorySigner("PeterNeumann", GO_SEED)

    assert signer.vkey == GO_VKEY
    assert sign_note(GO_TEXT, signer) == GO_NOTE


def test_a_note_survives_format_and_parse() -> None:
    """A note keeps its text, empty lines included, and all its signatures in order."""
    note = parse_note(_signed_by(ANA, BEN))

    assert note.text == TEXT
    assert [signature.name for signature in note.signatures] == [ANA.name, BEN.name]
    assert format_note(note) == _signed_by(ANA, BEN)


def test_lines_of_unknown_keys_are_ignored() -> None:
    """Only signatures of known keys come back; anybody may add lines."""
    note = open_note(_signed_by(ANA, BEN), [BEN.verifier])

    assert [signature.name for signature in note.signatures] == [BEN.name]


@pytest.mark.parametrize(
    "other",
    [
        InsecureMemorySigner(ANA.name, b"c" * 32),
        InsecureMemorySigner("another.example/log", b"a" * 32),
        InsecureMemorySigner(ANA.name, b"a" * 32, SignatureKind.COSIGNATURE),
    ],
    ids=["same name", "same key under another name", "same key of another kind"],
)
def test_a_key_is_known_by_name_and_id_together(other: InsecureMemorySigner) -> None:
    """A line that shares only the name, or only the key, with a known key is the line of an unknown key."""
    with pytest.raises(LedgerError, match="no known key signed"):
        open_note(sign_note(TEXT, other), [ANA.verifier])


def test_a_note_nobody_known_signed_is_refused() -> None:
    """Without a verified signature the text is nobody's; the error names who signed and who is known."""
    with pytest.raises(LedgerError, match=r"signed by ana\.example/log\+[0-9a-f]{8}; known are ben"):
        open_note(sign_note(TEXT, ANA), [BEN.verifier])
    with pytest.raises(LedgerError, match="known are none"):
        open_note(sign_note(TEXT, ANA), [])


def test_a_wrong_line_of_a_known_key_refuses_the_whole_note() -> None:
    """A known key that signed something else makes the note suspect, whoever else signed it."""
    forged = NoteSignature(BEN.name, BEN.key_id, BEN.sign(b"another text\n"))

    with pytest.raises(LedgerError, match="not over this text"):
        open_note(add_signatures(sign_note(TEXT, ANA), [forged]), [ANA.verifier, BEN.verifier])


def test_a_key_counts_once() -> None:
    """A line that stands twice is one signature."""
    line = parse_note(sign_note(TEXT, ANA)).signatures[0]

    note = open_note(format_note(Note(TEXT, (line, line))), [ANA.verifier])

    assert note.signatures == (line,)


def test_a_second_wrong_line_of_the_same_key_is_not_hidden_by_the_first() -> None:
    """A key whose first line is right and whose second is wrong refuses the note."""
    right = parse_note(sign_note(TEXT, ANA)).signatures[0]
    wrong = NoteSignature(ANA.name, ANA.key_id, bytes(64))

    with pytest.raises(LedgerError, match="not over this text"):
        open_note(format_note(Note(TEXT, (right, wrong))), [ANA.verifier])


def test_two_known_keys_with_one_name_and_id_are_ambiguous() -> None:
    """Two keys that no line can tell apart cannot both be known."""
    twin = Verifier(ANA.name, SignatureKind.ED25519, BEN.verifier.public, ANA.key_id)

    with pytest.raises(LedgerError, match="share the id"):
        open_note(sign_note(TEXT, ANA), [ANA.verifier, twin])


@pytest.mark.parametrize("at", range(len(GO_NOTE)))
def test_every_changed_byte_is_noticed(at: int) -> None:
    """Whichever byte of a signed note changes, it no longer opens."""
    changed = bytearray(GO_NOTE)
    changed[at] ^= 1

    with pytest.raises(LedgerError):
        open_note(bytes(changed), [Verifier.from_vkey(GO_VKEY)])


LINE = parse_note(sign_note("text\n", ANA)).signatures[0].line
MALFORMED = {
    "nothing": b"",
    "one newline": b"\n",
    "no signature": b"text\n\n",
    "no text end": b"text\n" + LINE.encode(),
    "no newline at the end": _lines(LINE)[:-1],
    "CRLF": _lines(LINE).replace(b"\n", b"\r\n"),
    "a carriage return in the text": _lines(LINE, text="te\rxt\n"),
    "a tab in the text": _lines(LINE, text="te\txt\n"),
    "a zero byte": _lines(LINE, text="te\0xt\n"),
    "an escape": _lines(LINE, text="te\x1bxt\n"),
    "not UTF-8": b"te\xffxt\n\n" + LINE.encode(),
    "an overlong UTF-8 form": b"te\xc0\xafxt\n\n" + LINE.encode(),
    "a surrogate": b"te\xed\xa0\x80xt\n\n" + LINE.encode(),
    "an empty line among signatures": _lines(LINE, "\n"),
    "a hyphen for a dash": _lines(LINE.replace("—", "-")),
    "an en dash": _lines(LINE.replace("—", "\N{EN DASH}")),
    "no space after the dash": _lines(LINE.replace("— ", "—", 1)),
    "two spaces after the dash": _lines(LINE.replace("— ", "—  ", 1)),
    "two spaces before the signature": _lines(LINE.replace("log ", "log  ", 1)),
    "no name": _lines("—  " + LINE.rsplit(" ", 1)[1]),
    "a plus in the name": _lines(LINE.replace("ana", "a+a")),
    "a no-break space in the name": _lines(LINE.replace("ana", "a\N{NO-BREAK SPACE}a")),
    "a line separator in the name": _lines(LINE.replace("ana", "a\N{LINE SEPARATOR}a")),
    "no signature on the line": _lines("— ana.example/log \n"),
    "only a key id": _lines("— ana.example/log AAAAAA==\n"),
    "less than a key id": _lines("— ana.example/log AAA=\n"),
    "stray bits in the base64": _lines("— ana.example/log AAAAAAB=\n"),
    "no padding": _lines("— ana.example/log AAAAAAA\n"),
    "too much padding": _lines("— ana.example/log AAAAAAA===\n"),
    "base64 with a space at the end": _lines(LINE.replace("\n", " \n")),
    "address-safe base64": _lines("— ana.example/log AAAAAA-_\n"),
    "text after the signatures": _lines(LINE, "more\n"),
    "101 signatures": _lines(LINE * 101),
    "too many bytes": _lines(LINE, text="x" * MAX_NOTE_BYTES + "\n"),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_note_to_the_letter_is_refused(data: bytes) -> None:
    """A note has one form: line feeds, no control characters, exact base64, at most 100 signatures, a bounded size."""
    with pytest.raises(LedgerError, match="no signed note"):
        parse_note(data)


def test_a_note_of_the_largest_size_is_read() -> None:
    """A note may have exactly a million bytes, and not one more."""
    filling = MAX_NOTE_BYTES - len(_lines(LINE, text="\n"))

    assert len(parse_note(_lines(LINE, text="x" * filling + "\n")).text) == filling + 1
    with pytest.raises(LedgerError, match="1000001 bytes"):
        parse_note(_lines(LINE, text="x" * (filling + 1) + "\n"))


def test_a_hundred_signatures_are_read() -> None:
    """A note may carry a hundred lines."""
    assert len(parse_note(_lines(LINE * 100)).signatures) == 100


@pytest.mark.parametrize("text", ["", "no newline", "a\ttab\n", "a\rreturn\n", "lone \ud800 surrogate\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    """What could not be read back is refused before anybody sees it."""
    if text.isascii():
        with pytest.raises(LedgerError):
            sign_note(text, ANA)
    with pytest.raises(LedgerError):
        format_note(Note(text, parse_note(GO_NOTE).signatures))


def test_a_name_cannot_write_a_second_line() -> None:
    """A name that would read back as two signatures is refused."""
    forged = NoteSignature("ana.example/log AAAAAAA=\n— ben.example/log", b"keyi", b"signature")

    with pytest.raises(LedgerError, match="a line of its own"):
        format_note(Note(TEXT, (forged,)))


def test_a_newer_line_of_a_key_replaces_the_older() -> None:
    """Adding a signature of a key that is there already leaves one line of that key."""
    newer = NoteSignature(ANA.name, ANA.key_id, b"newer")

    note = parse_note(add_signatures(_signed_by(ANA, BEN), [newer]))

    assert [signature.signature for signature in note.signatures] == [b"newer", BEN.sign(TEXT.encode())]


def test_a_signature_line_reads_back() -> None:
    """A line handed around on its own is the line that stands in the note."""
    signature = parse_note(GO_NOTE).signatures[0]

    assert parse_signature(signature.line.removesuffix("\n")) == signature
