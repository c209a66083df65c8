"""Signed notes (C2SP signed-note): a text, an empty line, and lines that sign the text.

Nothing in a note means anything before `open_note` returned it: until then it is bytes that somebody sent.
"""

from collections.abc import Iterable

import msgspec

from standfast.ledger.cosignature import cosigned_message, joined
from standfast.ledger.notation import from_base64, to_base64
from standfast.ledger.signer import Signer
from standfast.ledger.verifier import KEY_ID_BYTES, Verifier, is_name
from standfast.model import LedgerError

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_DASH = "\N{EM DASH} "


class NoteSignature(msgspec.Struct, frozen=True):
    """One signature line: who says to have signed, with which key, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]


def parse_note(data: bytes) -> Note:
    """Return the text and the signature lines of *data*, none of them verified.

    Raises:
        LedgerError: The bytes are no signed note, to the letter.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise _malformed(f"{len(data)} bytes, expected at most {MAX_NOTE_BYTES}")
    text, lines = _halves(data)
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise _malformed(f"{len(lines)} signature lines, expected 1 to {MAX_SIGNATURES}")
    return Note(text, tuple(_signature(line) for line in lines))


def _halves(data: bytes) -> tuple[str, list[str]]:
    """Return the text before the last empty line, and the lines after it."""
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise _malformed(f"bytes that are not UTF-8 at {error.start}") from error
    _require_plain(whole)
    at = whole.rfind("\n\n")
    if at < 0 or not whole.endswith("\n"):
        raise _malformed("no empty line before signatures that each end in a newline")
    return whole[: at + 1], whole[at + 2 :].split("\n")[:-1]


def _require_plain(text: str) -> None:
    control = next((letter for letter in text if letter < " " and letter != "\n"), None)
    if control is not None:
        raise _malformed(f"the control character U+{ord(control):04X}")


def parse_signature(line: str) -> NoteSignature:
    """Return the signature on one line, given without its newline.

    Raises:
        LedgerError: The line is no signature line.
    """
    return _signature(line)


def _signature(line: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    signature = from_base64(encoded)
    if not (line.startswith(_DASH) and space and is_name(name)):
        raise _malformed(f"the signature line {line[:80]!r}")
    if signature is None or len(signature) <= KEY_ID_BYTES:
        raise _malformed(f"a signature of {name[:80]!r} that is not the base64 of a key id and more")
    return NoteSignature(name, signature[:KEY_ID_BYTES], signature[KEY_ID_BYTES:])


def _malformed(found: str) -> LedgerError:
    return LedgerError(
        "ledger-note-malformed",
        f"this is no signed note: found {found}",
        hint="take the note as it was published, without conversion of line ends",
    )


def format_note(note: Note) -> bytes:
    """Return the bytes of *note*, which `parse_note` reads back to the same note.

    Raises:
        LedgerError: The note has no such bytes.
    """
    try:
        data = (note.text + "\n" + "".join(signature.line for signature in note.signatures)).encode()
    except UnicodeEncodeError as error:
        raise _malformed("text that has no UTF-8 form") from error
    if parse_note(data) != note:
        raise _malformed("a name that would write a line of its own")
    return data


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> Note:
    """Return the note with those of its signatures that the known keys made; the text is then theirs.

    Lines of unknown keys are ignored, also when they share the name or the id, but not both, with a known one.
    A key that signed twice counts once.

    Raises:
        LedgerError: The bytes are no note, a line of a known key does not verify, or no known key signed.
    """
    note, known = parse_note(data), _by_name(verifiers)
    text = note.text.encode()
    verified: dict[tuple[str, bytes], NoteSignature] = {}
    for signature in note.signatures:
        key = signature.name, signature.key_id
        if key not in known:
            continue
        if not known[key].verify(text, signature.signature):
            raise LedgerError(
                "ledger-signature-invalid",
                f"the signature of {signature.name!r} with key {signature.key_id.hex()} is not over this text",
                hint="the text was changed after it was signed, or the line was forged",
            )
        verified.setdefault(key, signature)
    if not verified:
        raise _unverified(note, known)
    return Note(note.text, tuple(verified.values()))


def _by_name(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise LedgerError(
                "ledger-key-ambiguous", f"two keys of {verifier.name!r} share the id {verifier.key_id.hex()}"
            )
    return known


def _unverified(note: Note, known: dict[tuple[str, bytes], Verifier]) -> LedgerError:
    signed = sorted({f"{signature.name}+{signature.key_id.hex()}"[:80] for signature in note.signatures})
    wanted = sorted(f"{name}+{key_id.hex()}" for name, key_id in known)
    return LedgerError(
        "ledger-note-unverified",
        f"no known key signed the note: signed by {', '.join(signed)}; known are {', '.join(wanted) or 'none'}",
        hint="pin the verifier key that the owner of the log gave you, not one that came with the note",
    )


def sign_note(text: str, signer: Signer) -> bytes:
    """Return the note of *text* with the signature of *signer*.

    Raises:
        LedgerError: The text cannot be the text of a note.
    """
    signature = NoteSignature(signer.name, signer.key_id, signer.sign(text.encode()))
    return format_note(Note(text, (signature,)))


def cosign(text: str, signer: Signer, at_s: int) -> NoteSignature:
    """Return the cosignature of a witness: at *at_s* seconds since 1970 this checkpoint was the largest it knew.

    Raises:
        LedgerError: The time is outside the format.
    """
    signature = signer.sign(cosigned_message(text.encode(), at_s))
    return NoteSignature(signer.name, signer.key_id, joined(at_s, signature))


def add_signatures(data: bytes, signatures: Iterable[NoteSignature]) -> bytes:
    """Return the note with *signatures* below those it has; a line of the same key is replaced.

    Raises:
        LedgerError: The bytes are no note, or it would hold too many signatures.
    """
    note = parse_note(data)
    lines = {(line.name, line.key_id): line for line in (*note.signatures, *signatures)}
    return format_note(Note(note.text, tuple(lines.values())))
