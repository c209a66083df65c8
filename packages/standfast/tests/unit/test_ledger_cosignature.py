"""A cosignature says when a witness saw a checkpoint, and the time cannot be taken from it."""

import pytest

from standfast.ledger.checkpoint import open_checkpoint
from standfast.ledger.cosignature import COSIGNATURE_BYTES, MAX_AT_S, cosigned_message, joined, parted
from standfast.ledger.note import Note, NoteSignature, cosign, format_note, open_note
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import LedgerError

# A checkpoint of a public test log of certificate transparency, with the Ed25519 lines of the log and of four public
# witnesses as the log served them, and their published keys.
ARCHE_TEXT = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=
"""
ARCHE_LINES = {
    "arche2025h1.staging.ct.transparency.dev": (
        "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ="
    ),
    "transparency.dev/DEV:witness-little-garden": (
        "2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ=="
    ),
    "witness1.smartit.nu/witness1": (
        "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ=="
    ),
    "remora.n621.de": (
        "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw=="
    ),
    "witness.stagemole.eu": (
        "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg=="
    ),
}
ARCHE = ARCHE_TEXT + "\n" + "".join(f"— {name} {line}\n" for name, line in ARCHE_LINES.items())
ARCHE_KEYS = [
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
]
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
WITNESS = InsecureMemorySigner("witness.example/w1", b"w" * 32, SignatureKind.COSIGNATURE)


def test_a_public_checkpoint_and_its_witnesses_verify() -> None:
    """A checkpoint that a public log signed and four public witnesses cosigned opens, all five lines verified."""
    checkpoint, note = open_checkpoint(ARCHE.encode(), map(Verifier.from_vkey, ARCHE_KEYS))

    assert (checkpoint.origin, checkpoint.size) == ("arche2025h1.staging.ct.transparency.dev", 1432088532)
    assert len(note.signatures) == 5


def test_a_public_cosignature_is_over_this_checkpoint_only() -> None:
    """Another size under the same lines opens for no witness."""
    changed = ARCHE.replace("1432088532", "1432088533").encode()

    for vkey in ARCHE_KEYS:
        with pytest.raises(LedgerError, match="not over this text"):
            open_note(changed, [Verifier.from_vkey(vkey)])


def test_the_signed_message_begins_with_version_and_time() -> None:
    """A witness signs the version, the time in seconds and the whole text of the checkpoint."""
    assert cosigned_message(TEXT.encode(), 1679315147) == b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()


def test_time_and_signature_part_as_they_were_joined() -> None:
    """The line carries eight bytes of time, the most significant first, and then the signature."""
    line = cosign(TEXT, WITNESS, 1679315147)

    assert line.signature[:8].hex() == "00000000641850cb"
    assert parted(line.signature) == (1679315147, line.signature[8:])


def test_an_edited_time_is_noticed() -> None:
    """The time is part of what was signed: no second of it can be changed."""
    line = cosign(TEXT, WITNESS, 1679315147)
    later = NoteSignature(line.name, line.key_id, joined(1679315148, line.signature[8:]))

    assert open_note(format_note(Note(TEXT, (line,))), [WITNESS.verifier]).signatures == (line,)
    with pytest.raises(LedgerError, match="not over this text"):
        open_note(format_note(Note(TEXT, (later,))), [WITNESS.verifier])


@pytest.mark.parametrize("at_s", [-1, MAX_AT_S + 1])
def test_a_time_outside_the_format_is_not_signed(at_s: int) -> None:
    """Times before 1970 and beyond what the format holds are refused."""
    with pytest.raises(LedgerError, match="time"):
        cosign(TEXT, WITNESS, at_s)


@pytest.mark.parametrize(
    "line", [b"", bytes(64), bytes(COSIGNATURE_BYTES - 1), bytes(COSIGNATURE_BYTES + 1), b"\x80" + bytes(71)]
)
def test_bytes_that_hold_no_cosignature_do_not_verify(line: bytes) -> None:
    """A line of another length, or with a time beyond the format, verifies nothing."""
    assert parted(line) is None
    assert not WITNESS.verifier.verify(TEXT.encode(), line)


def test_a_plain_signature_is_no_cosignature() -> None:
    """What the same key signed without a time counts for nothing."""
    plain = NoteSignature(WITNESS.name, WITNESS.key_id, WITNESS.sign(TEXT.encode()))

    with pytest.raises(LedgerError, match="not over this text"):
        open_note(format_note(Note(TEXT, (plain,))), [WITNESS.verifier])
