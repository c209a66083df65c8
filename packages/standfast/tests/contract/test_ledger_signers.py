"""What everything that signs for a ledger promises, held to by the key in a file and by the key in a device."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from little_ledgers import ORIGIN, SEED
from soft_tokens import EDWARDS448, P256, PIN, TOKEN, VARIABLE, new_key, session

from standfast.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from standfast.ledger.device import DeviceKey, DeviceSigner
from standfast.ledger.keys import FileSigner, write_key
from standfast.ledger.merkle import EMPTY_ROOT
from standfast.ledger.signer import InsecureMemorySigner, Signer
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError

ENVIRONMENT = {VARIABLE: PIN}


def device(place: DeviceKey, environment: Mapping[str, str] = ENVIRONMENT) -> DeviceSigner:
    """Return the signer whose key is in that place."""
    return DeviceSigner(ORIGIN, place, environment)


SIGNERS: dict[str, Callable[[Path], Signer]] = {
    "device": lambda folder: device(new_key()),
    "file": lambda folder: write_key(folder / "key", ORIGIN, SEED),
    "memory": lambda folder: InsecureMemorySigner(ORIGIN, SEED),
}


@pytest.fixture(params=sorted(SIGNERS))
def signer(request: pytest.FixtureRequest, tmp_path: Path) -> Signer:
    """A signer of each kind."""
    return SIGNERS[request.param](tmp_path)


def test_signature_is_that_of_the_published_key(signer: Signer) -> None:
    """The verifier key that a signer publishes verifies what it signed, whatever its length, and nothing else."""
    verifier = Verifier.from_vkey(signer.vkey)

    for message in (b"", b"a", bytes(100_000)):
        signature = signer.sign(message)
        assert len(signature) == 64
        assert verifier.verify(message, signature)
        assert not verifier.verify(message + b"!", signature)


def test_signatures_of_one_text_are_one(signer: Signer) -> None:
    """Ed25519 has one signature for one text: a signer that gives another one signs something else."""
    assert signer.sign(b"text") == signer.sign(b"text")


def test_signer_names_itself_consistently(signer: Signer) -> None:
    """Name and key id of a signer are those of its verifier key."""
    verifier = Verifier.from_vkey(signer.vkey)

    assert (signer.name, signer.key_id) == (verifier.name, verifier.key_id) == (ORIGIN, verifier.key_id)


def test_checkpoint_of_any_signer_opens(signer: Signer) -> None:
    """A checkpoint that was signed opens with the verifier key."""
    checkpoint = Checkpoint(ORIGIN, 0, EMPTY_ROOT)

    assert open_checkpoint(sign_checkpoint(checkpoint, signer), [Verifier.from_vkey(signer.vkey)])[0] == checkpoint


def test_device_signs_what_a_file_signs() -> None:
    """A device makes the signature of RFC 8032 over the message itself, not over a digest of it."""
    signer = device(new_key())
    public = Ed25519PrivateKey.generate().public_key()

    assert Verifier.from_vkey(signer.vkey).public != public.public_bytes_raw()
    assert device(signer._place).vkey == signer.vkey


def changed(**fields: str) -> DeviceKey:
    """Return the place of a new key, but for these fields."""
    return msgspec.structs.replace(new_key(), **fields)


REFUSALS: dict[str, tuple[Callable[[], DeviceKey], str, str]] = {
    "no module": (lambda: changed(module="/nowhere/module.so"), "ledger-device-module", "there is no PKCS#11 module"),
    "module by name": (lambda: changed(module="module.so"), "ledger-device-module", "no whole path"),
    "no library": (lambda: changed(module="/etc/passwd"), "ledger-device-module", "cannot be used"),
    "no token": (lambda: changed(token="another"), "ledger-device-token", "no token is labelled 'another'"),
    "no key": (lambda: changed(key="lost"), "ledger-device-key-missing", "has no pair of keys 'lost'"),
    "key of P-256": (lambda: new_key(P256), "ledger-device-key-kind", "a key of type EC, expected one for Ed25519"),
    "key of Ed448": (lambda: new_key(EDWARDS448), "ledger-device-key-kind", "of another curve"),
    "no PIN": (lambda: changed(pin_variable="UNSET_PIN"), "ledger-pin-missing", "UNSET_PIN"),
    "no place of a PIN": (lambda: changed(pin_variable=""), "ledger-pin-missing", "found no place of its PIN"),
    "two places of a PIN": (lambda: changed(pin_file="/x"), "ledger-pin-missing", "found two places of its PIN"),
    "no PIN file": (
        lambda: changed(pin_variable="", pin_file="/nowhere/pin"),
        "ledger-key-missing",
        "the PIN file /nowhere/pin cannot be read",
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_key_that_cannot_be_used_is_refused_by_name(name: str) -> None:
    """Whatever keeps a device from signing has a name, says what was found, and never repeats the PIN."""
    place, code, said = REFUSALS[name]

    with pytest.raises(LedgerError, match=said) as refused:
        device(place())

    assert refused.value.code == code
    assert PIN not in f"{refused.value}{refused.value.hint}"


def test_two_keys_of_one_label_are_refused() -> None:
    """Where two pairs share the label, it is not guessed which one is meant."""
    place = new_key(label="twins")
    new_key(label="twins")

    with pytest.raises(LedgerError, match="several keys 'twins'"):
        device(place)


def test_device_that_is_gone_signs_nothing() -> None:
    """A signature that the device does not make is an error, not an empty signature."""
    signer = device(new_key())
    signer._session.close()

    with pytest.raises(LedgerError, match=f"the token '{TOKEN}' cannot be used"):
        signer.sign(b"text")


def test_pin_of_a_file_is_read_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    """A PIN file is used where its owner alone can read it, and refused where others can."""
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    file.chmod(0o600)
    place = changed(pin_variable="", pin_file=str(file))
    assert device(place, {}).name == ORIGIN
    file.chmod(0o640)

    with pytest.raises(LedgerError, match="has mode 0640") as refused:
        device(place, {})

    assert PIN not in str(refused.value)


WRONG_PIN = """
import sys
from standfast.ledger.device import DeviceKey, DeviceSigner
from standfast.model import LedgerError
try:
    module, token, key = sys.argv[1:]
    DeviceSigner("a", DeviceKey(module=module, token=token, key=key, pin_variable="PIN"), {"PIN": "0000"})
except LedgerError as error:
    print(error.code, error.message)
"""


def test_wrong_pin_is_refused_by_name() -> None:
    """A PIN that the token refuses is named as such, with a warning that tokens lock."""
    place = new_key()
    command = [sys.executable, "-c", WRONG_PIN, place.module, place.token, place.key]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert said == f"ledger-pin-wrong the token '{TOKEN}' refuses the PIN\n"


def test_missing_support_is_named() -> None:
    """Without the optional package, what is to be installed is said."""
    program = WRONG_PIN.replace("import sys\n", "import sys\nsys.modules['pkcs11'] = None\n", 1)
    place = new_key()
    command = [sys.executable, "-c", program, place.module, place.token, place.key]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert said.startswith("ledger-device-support")


def test_file_signer_reads_what_was_written(tmp_path: Path) -> None:
    """A key in a file signs for whoever opens the file again."""
    written = write_key(tmp_path / "key", ORIGIN, SEED)

    assert FileSigner(tmp_path / "key").vkey == written.vkey


def test_session_with_the_token_is_shared() -> None:
    """A second signer of one process uses the login of the first."""
    first, second = device(new_key()), device(new_key())
    session().close()

    assert first.sign(b"a") != second.sign(b"a")
