"""A real PKCS#11 device for tests: SoftHSM 2 with one token, whose files are in a folder of this process."""

import functools
import os
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import pkcs11
from pkcs11.util.ec import encode_named_curve_parameters

from standfast.ledger.device import DeviceKey

TOKEN, PIN, VARIABLE = "standfast tests", "2468-token", "STANDFAST_TEST_PIN"
EDWARDS25519, EDWARDS448, P256 = "1.3.101.112", "1.3.101.113", "1.2.840.10045.3.1.7"
_labels = count()


@functools.cache
def module() -> str:
    """Return the path of the module, with a token in it; a module reads its configuration once in a process."""
    (path,) = sorted(Path("/usr/lib").glob("softhsm/libsofthsm2.so"))
    folder = Path(tempfile.mkdtemp(prefix="softhsm-"))
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", "1357-officer", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    return str(path)


def session() -> pkcs11.Session:
    """Return a session with the token in which objects can be made."""
    token = pkcs11.lib(module()).get_token(token_label=TOKEN)
    try:
        return token.open(rw=True, user_pin=PIN)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(rw=True)


def new_key(curve: str = EDWARDS25519, *, label: str = "") -> DeviceKey:
    """Return the place of a new pair of keys in the token."""
    label = label or f"key {next(_labels)}"
    edwards = curve.startswith("1.3.101.")
    kind = pkcs11.KeyType.EC_EDWARDS if edwards else pkcs11.KeyType.EC
    mechanism = pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN if edwards else pkcs11.Mechanism.EC_KEY_PAIR_GEN
    with session() as opened:
        parameters = opened.create_domain_parameters(
            kind, {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}, local=True
        )
        parameters.generate_keypair(mechanism=mechanism, store=True, label=label)
    return DeviceKey(module=module(), token=TOKEN, key=label, pin_variable=VARIABLE)
