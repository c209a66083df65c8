"""Signatures of people by an Ed25519 key in a PEM file."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from little_waivers import WaiverOffice

from standfast.app.sessions.by_key import ByKey
from standfast.app.sessions.desk import desk
from standfast.app.sessions.signing import signed_with
from standfast.ledger.sshsig import verified
from standfast.model import LedgerError, UsageError


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WaiverOffice:
    """Bea, at the working copy of a change of Ana's, in a session."""
    office = WaiverOffice(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", office.environment["XDG_DATA_HOME"])
    office.session("open", "Pay by card")
    return office


def _made(tmp_path: Path, algorithm: str = "ed25519") -> Path:
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", algorithm, "-out", str(key)], check=True, capture_output=True)
    key.chmod(0o600)
    return key


def _same_key_as_pem(key: Path) -> None:
    """Write the key that OpenSSH holds in *key* as PKCS #8."""
    private = form.load_ssh_private_key(key.read_bytes(), password=None)
    pem = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    key.write_bytes(pem)


def test_key_in_pem_signs_these_bytes_for_this_purpose_only(office: WaiverOffice) -> None:
    """An enrolled key in a PEM file signs; another message, purpose or a shortened signature is refused."""
    _same_key_as_pem(office.key)
    with desk(office.root) as one:
        armoured, used = signed_with(one, ByKey(office.key), b"yes", namespace="approval@standfast")

    assert verified(armoured, b"yes", namespace="approval@standfast").digest == used.key.digest
    for text, message, space in (
        (armoured, b"no", "approval@standfast"),
        (armoured, b"yes", "waiver@standfast"),
        (armoured[:-60], b"yes", "approval@standfast"),
    ):
        with pytest.raises(LedgerError):
            verified(text, message, namespace=space)


@pytest.mark.parametrize(
    ("algorithm", "mode", "said"),
    [("ed25519", 0o600, "not one of yours"), ("ed25519", 0o644, "expected 0600"), ("x25519", 0o600, "no Ed25519 key")],
)
def test_key_that_does_not_count_is_refused(
    office: WaiverOffice, tmp_path: Path, algorithm: str, mode: int, said: str
) -> None:
    """A key that is not enrolled, that others can read, or of another kind does not sign, and the error says why."""
    key = _made(tmp_path, algorithm)
    key.chmod(mode)
    with desk(office.root) as one, pytest.raises(UsageError, match=said):
        signed_with(one, ByKey(key), b"yes", namespace="approval@standfast")


def test_broken_key_is_refused(office: WaiverOffice, tmp_path: Path) -> None:
    """A PEM file that is cut off does not sign."""
    key = _made(tmp_path)
    key.write_bytes(key.read_bytes()[:50])
    with desk(office.root) as one, pytest.raises(UsageError, match="can be read"):
        signed_with(one, ByKey(key), b"yes", namespace="approval@standfast")
