"""Signatures that another program makes: the bytes are written to a file, and its signature over them is taken."""

import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from audit_bundles import judged
from command_line import Ran
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from little_waivers import CONTROL, WaiverOffice, in_days

from standfast.app import clock
from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.app.sessions.detached import MAX_FILE_BYTES, message_in
from standfast.ledger.bodies import ApprovalGiven, SignatureKind, WaiverGranted
from standfast.ledger.signatures.offline import to_sign
from standfast.model import UsageError


class Signing(WaiverOffice):
    """An office in which Bea's key is in a device that Standfast knows nothing of; OpenSSL plays it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, keys=False)
        self.pem, self.raw = folder / "device.pem", folder / "signature"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(self.pem)], check=True)
        private = load_pem_private_key(self.pem.read_bytes(), password=None)
        assert isinstance(private, Ed25519PrivateKey)
        self.line = f"ed25519 {b64encode(private.public_key().public_bytes_raw()).decode()}"
        self.git("checkout", "--quiet", "main")
        settings = self.root / "standfast.toml"
        settings.write_text(f'{settings.read_text()}\n[approvals.keys]\n"bea@example.org" = ["{self.line} HSM 4"]\n')
        self.commit("Enrol Bea's device")
        self.git("checkout", "--quiet", "topic")
        self.git("rebase", "--quiet", "main")

    def asked(self, *how: str) -> Ran:
        """Run ``standfast waive`` for a good waiver, signed in that way."""
        words = ["--reason=The importer is replaced", "--compensating-control=Tried by hand"]
        words += ["--requested-by=Ana Ruiz <ana@example.org>", "--role=quality", f"--expires={in_days(20)}"]
        return self.run("waive", CONTROL, *words, *how)

    def device(self, written: str) -> Path:
        """Let the device sign what was written, and return where its signature is."""
        command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(self.pem), "-in", str(self.root / written)]
        subprocess.run([*command, "-out", str(self.raw)], check=True)
        return self.raw


@pytest.fixture
def office(tmp_path: Path) -> Signing:
    """A change that is ready to be approved by Bea."""
    made = Signing(tmp_path)
    made.sits("Ana Ruiz", "ana@example.org")
    made.ready()
    made.bea()
    return made


def approved(office: Signing, *more: str) -> Ran:
    """Approve with the signature of the device."""
    return office.run("approve", "security", "--signature", str(office.raw), *more)


def test_signature_of_another_program_is_taken(office: Signing) -> None:
    """The bytes that a command writes, signed as they are by another program, are an approval by an enrolled key."""
    kinds = office.kinds()
    written = office.run("approve", "security", "--to-sign", "bytes")
    office.device("bytes")

    assert (written.code, "bytes to be signed are in bytes" in written.out) == (0, True), written
    assert office.kinds() == kinds
    assert approved(office).code == 0
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven)]
    assert isinstance(body, ApprovalGiven)
    assert (body.signed.kind, body.signed.person_verified) == (SignatureKind.ED25519, False)
    (office.root / "bytes").unlink()
    assert office.gate("--no-collect")["status"] == "pass"


def test_signature_in_base64_is_taken(office: Signing) -> None:
    """A signature may stand there in base64, and the bytes beside it."""
    office.run("approve", "security", "--to-sign", "bytes")
    office.raw.write_text(b64encode(office.device("bytes").read_bytes()).decode() + "\n")

    assert approved(office, "--signed", str(office.root / "bytes")).code == 0


def test_auditor_verifies_it(office: Signing) -> None:
    """The auditor's program verifies what the device signed."""
    office.run("approve", "security", "--to-sign", "bytes")
    office.device("bytes")
    approved(office)
    office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", "../bundle")
    known = find(office.root, office.home())
    assert known is not None
    with reading(known) as reader:
        (office.root.parent / "auditor.policy").write_text(f"log {reader.store.identity.vkey}\nquorum none\n")

    ran = judged(office.root.parent / "bundle", "--policy", office.root.parent / "auditor.policy")

    assert "1 signatures of approvals, refusals, waivers and reviews were verified" in ran.out, ran
    assert "signature-" not in ran.out
    assert "key-not-enrolled" not in ran.out


def test_signature_counts_once(office: Signing) -> None:
    """A signature that was recorded is not taken again: an approval that was revoked does not come back by it."""
    office.run("approve", "security", "--to-sign", "bytes")
    office.device("bytes")
    first = approved(office)
    office.run("revoke", "security", "--reason", "I was wrong")

    again = approved(office)

    assert (first.code, again.code, "[signature-used]" in again.err) == (0, 2, True), again


BAD: dict[str, tuple[Callable[[Signing], object], str]] = {
    "over other bytes": (lambda one: (one.root / "bytes").write_bytes(b"something else"), "no signature over these"),
    "over the bare statement": (
        lambda one: (one.root / "bytes").write_bytes(
            message_in((one.root / "bytes").read_bytes(), "approval@standfast")
        ),
        "no signature over these",
    ),
    "by another key": (
        lambda one: subprocess.run(
            ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(one.pem)], check=True, capture_output=True
        ),
        "no signature over these",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_signature_that_is_not_over_the_bytes_is_refused(office: Signing, name: str) -> None:
    """A signature over other bytes, or by another key, approves nothing."""
    change, said = BAD[name]
    office.run("approve", "security", "--to-sign", "bytes")
    change(office)
    office.device("bytes")

    ran = approved(office)

    assert (ran.code, said in ran.err) == (2, True), ran


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 65, b"A" * 88, b"A" * (MAX_FILE_BYTES + 1)])
def test_file_that_is_no_signature_is_refused(office: Signing, data: bytes) -> None:
    """A file of another length, of no base64, or too large is no signature."""
    office.raw.write_bytes(data)

    ran = approved(office)

    assert (ran.code, "[signing-failed]" in ran.err) == (2, True), ran


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to-sign", "bytes", "--key", "standfast.toml"), "exclude each other"),
        (("--signed", "standfast.toml"), "go with --signature"),
        (("--to-sign", "standfast.toml"), "there is a file"),
    ],
)
def test_options_that_contradict_each_other_are_refused(office: Signing, options: tuple[str, ...], said: str) -> None:
    """One signs in one way, and no file is written over."""
    ran = office.run("approve", "security", *options)

    assert (ran.code, said in ran.err) == (2, True), ran


def test_bytes_of_another_moment_are_refused(office: Signing) -> None:
    """When what would be signed is not what was written, the signature is refused before it is looked at."""
    office.run("approve", "security", "--to-sign", "bytes")
    office.device("bytes")
    (office.root / "bytes").write_bytes(b"others")

    ran = approved(office, "--signed", str(office.root / "bytes"))

    assert (ran.code, "write it once more" in ran.err) == (2, True), ran


def test_waiver_is_signed_elsewhere_and_granted_once(office: Signing) -> None:
    """A waiver that was written out is granted with its own id by the signature over it, and only once."""
    written = office.asked("--to-sign", "bytes")
    office.device("bytes")
    elsewhere = ("--signature", str(office.raw), "--signed", str(office.root / "bytes"))
    bare = office.asked("--signature", str(office.raw))
    first = office.asked(*elsewhere)
    again = office.asked(*elsewhere)

    assert (written.code, bare.code, first.code, again.code) == (0, 2, 0, 2), (written, bare, first, again)
    assert "--signed FILE" in bare.err
    assert "[waiver-granted]" in again.err
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted)]
    assert isinstance(body, WaiverGranted)
    assert body.waiver in (office.root / "bytes").read_text()


@pytest.mark.parametrize(("days", "said"), [(8, "[waiver-time]"), (-1, "[waiver-time]"), (None, "is no waiver")])
def test_waiver_that_was_written_at_another_time_is_refused(office: Signing, days: int | None, said: str) -> None:
    """A waiver waits a week for its signature; one of the future, or something else, is none."""
    office.asked("--to-sign", "bytes")
    path = office.root / "bytes"
    agreed = msgspec.json.decode(message_in(path.read_bytes(), "waiver@standfast"))
    agreed["issued"] = (clock.now() - timedelta(days=days or 0)).strftime("%Y-%m-%dT%H:%M:%SZ")
    message = b"{}" if days is None else msgspec.json.encode(agreed)
    path.write_bytes(to_sign(message, "waiver@standfast"))
    office.device("bytes")

    ran = office.asked("--signature", str(office.raw), "--signed", str(path))

    assert (ran.code, said in ran.err) == (2, True), ran


def test_review_of_access_is_signed_elsewhere(office: Signing) -> None:
    """A review of access is signed by another program, too."""
    listed = office.run("access", "list").err.split("list ")[-1].split()[0]
    written = office.run("access", "review", "--list", listed, "--to-sign", "bytes")
    office.device("bytes")

    done = office.run("access", "review", "--list", listed, "--signature", str(office.raw))

    assert (written.code, done.code) == (0, 0), (written, done)
    assert "reviewed" in done.out


@pytest.mark.parametrize("written", [b"", b"DSSEv1 ", to_sign(b"x", "waiver@standfast"), to_sign(b"x", "a") + b"y"])
def test_bytes_that_were_not_to_be_signed_are_refused(written: bytes) -> None:
    """What was not written to be signed for this purpose holds no message."""
    with pytest.raises(UsageError, match="nothing that was to be signed"):
        message_in(written, "a")
