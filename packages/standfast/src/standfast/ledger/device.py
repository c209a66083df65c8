"""A signing key in a device: a token that speaks PKCS#11, such as a smart card, an HSM, or SoftHSM for tests.

The private key never leaves the device. The PIN is named here, never held: it is read from a file of its owner alone or
from an environment variable at the moment of the login. There is no network in this; what a module does is its own.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

from standfast.ledger.ed25519 import PUBLIC_KEY_BYTES, verify
from standfast.ledger.keys import read_private
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import LedgerError

if TYPE_CHECKING:
    import pkcs11

_CURVES = (bytes.fromhex("130c656477617264733235353139"), bytes.fromhex("06032b6570"))
"""How devices say `edwards25519`: by name (PKCS#11 3.0), or by the identifier of RFC 8410."""
_POINT_HEADS = (b"\x04\x20", b"\x03\x21\x00", b"")
"""How they write the point: as an OCTET STRING, as a BIT STRING, or as its 32 bytes alone."""
_PROBE = b"standfast: can this device sign?"


class _Signs(Protocol):
    def sign(self, data: bytes, *, mechanism: object) -> bytes: ...


class DeviceKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a key is: the module (a library, by its whole path), the label of the token, and that of the key.

    The PIN is in the file ``pin_file`` or in the environment variable ``pin_variable``, one of the two.
    """

    module: str
    token: str
    key: str
    pin_file: str = ""
    pin_variable: str = ""

    @property
    def where(self) -> str:
        """The key, in words."""
        return f"the key {self.key!r} in the token {self.token!r}"

    def pin(self, environment: Mapping[str, str]) -> str:
        """Return the PIN.

        Raises:
            LedgerError: It is not where it should be, or its file can be read by others.
        """
        if bool(self.pin_file) == bool(self.pin_variable):
            raise LedgerError(
                "ledger-pin-missing",
                f"for {self.where} found {'two places' if self.pin_file else 'no place'} of its PIN, expected one",
                hint="name a file (--pin-file) or an environment variable (--pin-variable)",
            )
        if self.pin_file:
            return read_private(Path(self.pin_file), "the PIN file", "without it nothing can be signed").rstrip("\r\n")
        pin = environment.get(self.pin_variable, "")
        if not pin:
            raise LedgerError(
                "ledger-pin-missing",
                f"the environment variable {self.pin_variable}, expected to hold the PIN of {self.token!r}, is not set",
                hint="set it where Standfast runs, or keep the PIN in a file and name that one",
            )
        return pin


class DeviceSigner:
    """Signs with a key that stays in its device; one session with the device is open for as long as this is kept."""

    def __init__(self, name: str, place: DeviceKey, environment: Mapping[str, str]) -> None:
        """Log in, find the key, and let it sign once, so that a device that cannot is noticed here.

        Raises:
            LedgerError: The module, the token or the key is not there, the PIN is wrong, or the key is none for
                Ed25519.
        """
        self._place = place
        self._session = _session(place, environment)
        self._private, public = _pair(self._session, place)
        self.verifier = Verifier.enrolled(name, SignatureKind.ED25519, public)
        self.name, self.key_id, self.vkey = name, self.verifier.key_id, self.verifier.vkey
        if not verify(public, _PROBE, self.sign(_PROBE)):
            raise LedgerError(
                "ledger-device-signature",
                f"{place.where} makes signatures that its public key does not verify",
                hint="two pairs may share the label: give the key a label of its own",
            )

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over exactly *message*.

        Raises:
            LedgerError: The device does not sign, or is gone.
        """
        import pkcs11

        try:
            signature = self._private.sign(message, mechanism=pkcs11.Mechanism.EDDSA)
        except pkcs11.PKCS11Error as error:
            raise _failed(error, self._place) from None
        return bytes(signature)


def _session(place: DeviceKey, environment: Mapping[str, str]) -> "pkcs11.Session":
    try:
        import pkcs11
    except ImportError as error:
        raise LedgerError(
            "ledger-device-support",
            f"{place.where} needs the Python package python-pkcs11, which is not installed",
            hint="install Standfast with it: `pip install 'standfast[pkcs11]'`",
        ) from error
    pin = place.pin(environment)
    try:
        library = pkcs11.lib(_module(place))
    except pkcs11.PKCS11Error as error:
        raise LedgerError(
            "ledger-device-module",
            f"the PKCS#11 module {place.module} cannot be used: {_told(error)}",
            hint="look at its configuration; a module needs the architecture of this Python",
        ) from None
    try:
        token = library.get_token(token_label=place.token)
        try:
            return token.open(user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:  # by another signer of this process
            return token.open()
    except pkcs11.PKCS11Error as error:
        raise _failed(error, place) from None


def _module(place: DeviceKey) -> str:
    path = Path(place.module)
    if path.is_absolute() and path.is_file():
        return place.module
    raise LedgerError(
        "ledger-device-module",
        f"there is no PKCS#11 module {place.module}" if path.is_absolute() else f"{place.module!r} is no whole path",
        hint="name the library of the device by its whole path, as in /usr/lib/softhsm/libsofthsm2.so",
    )


def _pair(session: "pkcs11.Session", place: DeviceKey) -> tuple[_Signs, bytes]:
    """Return the private key, to sign with, and the bytes of its public key."""
    import pkcs11

    try:
        private = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=place.key)
        public = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=place.key)
        kind = private.key_type
        curve = bytes(public[pkcs11.Attribute.EC_PARAMS]) if kind is pkcs11.KeyType.EC_EDWARDS else b""
        point = bytes(public[pkcs11.Attribute.EC_POINT]) if curve in _CURVES else b""
    except pkcs11.PKCS11Error as error:
        raise _failed(error, place) from None
    if curve not in _CURVES:
        found = f"a key of type {getattr(kind, 'name', kind)}" + (" of another curve" if curve else "")
        raise _wrong_kind(place, found)
    for head in _POINT_HEADS:
        if point.startswith(head) and len(point) == len(head) + PUBLIC_KEY_BYTES:
            return cast("_Signs", private), point[len(head) :]
    raise _wrong_kind(place, f"a public key of {len(point)} bytes")


def _wrong_kind(place: DeviceKey, found: str) -> LedgerError:
    return LedgerError(
        "ledger-device-key-kind",
        f"{place.where} is {found}, expected one for Ed25519 (EC_EDWARDS, edwards25519)",
        hint="a ledger is signed with Ed25519; make such a pair in the device",
    )


_AGAIN = "nothing was appended; look at the device, then run again"
_ONE_EACH = "give each a label of its own"
_CAREFUL = "correct it before you try again: most tokens lock after a few"
_MAKE = "make one there: `pkcs11-tool --module M --login --keypairgen --key-type EC:edwards25519 --label L`"
_PLUG = "plug it in, or look at the configuration of the module: another user may have other tokens"
_UNLOCK = "its security officer can unlock it"
_NAMES = {
    "NoSuchToken": ("ledger-device-token", "no token is labelled {token!r}", _PLUG),
    "MultipleTokensReturned": ("ledger-device-token", "several tokens are labelled {token!r}", _ONE_EACH),
    "PinIncorrect": ("ledger-pin-wrong", "the token {token!r} refuses the PIN", _CAREFUL),
    "PinInvalid": ("ledger-pin-wrong", "the token {token!r} refuses the PIN", _CAREFUL),
    "PinLenRange": ("ledger-pin-wrong", "the token {token!r} refuses the PIN", _CAREFUL),
    "PinLocked": ("ledger-pin-locked", "the token {token!r} is locked", _UNLOCK),
    "PinExpired": ("ledger-pin-locked", "the PIN of the token {token!r} has expired", _UNLOCK),
    "NoSuchKey": ("ledger-device-key-missing", "the token {token!r} has no pair of keys {key!r}", _MAKE),
    "MultipleObjectsReturned": (
        "ledger-device-key-missing",
        "the token {token!r} has several keys {key!r}",
        _ONE_EACH,
    ),
}
"""What the errors of a device are called here, by their class; none of it repeats the PIN."""


def _failed(error: Exception, place: DeviceKey) -> LedgerError:
    code, message, hint = _NAMES.get(
        type(error).__name__, ("ledger-device-failed", f"the token {{token!r}} cannot be used: {_told(error)}", _AGAIN)
    )
    return LedgerError(code, message.format(token=place.token, key=place.key), hint=hint)


def _told(error: Exception) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if str(error) else name
