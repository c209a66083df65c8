"""Signing with an authenticator (Web Authentication), and enrolling one, on a page of this machine."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from standfast.app.ceremony.loopback import Visit, visited
from standfast.app.ceremony.page import Asked, page_of
from standfast.ledger.bodies import SignatureKind
from standfast.ledger.signatures.contract import EnrolledKey
from standfast.ledger.signatures.kinds import enrolled_key
from standfast.ledger.signatures.offline import (
    ALGORITHMS,
    LOOPBACK,
    UNPROVED,
    challenge_of,
    credential_of,
    made_by,
    signature_text,
    to_sign,
)
from standfast.model import UsageError

LIFE_S = 180.0
"""So long the page waits."""
_ENROLMENT = "enrolment@standfast"
_USER_BYTES = 16

Told = Callable[[str], None]
_Shape = TypeVar("_Shape")


class _Assertion(msgspec.Struct, forbid_unknown_fields=True):
    identity: bytes
    authenticator: bytes
    client: bytes
    signature: bytes


class _Enrolment(msgspec.Struct, forbid_unknown_fields=True):
    algorithm: int
    key: bytes
    proof: _Assertion


class _Client(msgspec.Struct):
    origin: str


class ByAuthenticator:
    """See `standfast.app.sessions.signing.Means`; *told* hears the address of the page, which waits for *life_s*."""

    written: bytes | None = None
    elsewhere = False

    def __init__(self, told: Told, life_s: float = LIFE_S) -> None:
        self._told, self._life_s = told, life_s

    def signature(self, message: bytes, *, namespace: str, keys: Sequence[EnrolledKey]) -> str:
        """See `Means.signature`.

        Raises:
            UsageError: No authenticator is enrolled for this machine, or nobody signed.
        """
        lines = {credential_of(line).identity: line for line in _here(keys)}
        if not lines:
            raise UsageError(
                "authenticator-none",
                "no authenticator of yours is in [approvals.keys] of standfast.toml, as of the base",
                hint="`standfast access enrol` enrols one",
            )

        def take(body: bytes, origin: str) -> str:
            made = _decoded(body, _Assertion)
            line = lines.get(_word(made.identity), "")
            return _asserted(line, made, message, namespace, origin)

        asked = Asked(
            rp=LOOPBACK,
            challenge=challenge_of(to_sign(message, namespace)),
            identities=tuple(lines),
            timeout_ms=int(self._life_s * 1000),
        )
        why = "You agree to exactly this, and sign it with your authenticator."
        page = page_of(f"Sign: {namespace.partition('@')[0]}", why, dict(_facts(message)), asked)
        visit = Visit(page, secrets.token_urlsafe(), take)
        return visited(visit, self._told, life_s=self._life_s)


def enrolled(name: str, keys: Sequence[EnrolledKey], told: Told, life_s: float = LIFE_S) -> EnrolledKey:
    """Return the key of an authenticator that was made for *name* on this machine, and that showed that it signs.

    Raises:
        UsageError: None was made in time, or it does not sign.
    """
    user = _word(secrets.token_bytes(_USER_BYTES))
    message = msgspec.json.encode({"name": name, "user": user, "nonce": _word(secrets.token_bytes(_USER_BYTES))})

    def take(body: bytes, origin: str) -> EnrolledKey:
        made = _decoded(body, _Enrolment)
        algorithm = ALGORITHMS.get(made.algorithm, str(made.algorithm))
        written, identity = b64encode(made.key).decode(), _word(made.proof.identity)
        line = f"webauthn {LOOPBACK} {algorithm} {written} {identity} {user}"
        _asserted(line, made.proof, message, _ENROLMENT, origin)
        return enrolled_key(line)

    asked = Asked(
        rp=LOOPBACK,
        challenge=challenge_of(to_sign(message, _ENROLMENT)),
        identities=tuple(credential_of(line).identity for line in _here(keys)),
        timeout_ms=int(life_s * 1000),
        enrol=True,
        user=user,
        name=name,
        algorithms=tuple(ALGORITHMS),
    )
    why = "The authenticator makes a key for approvals on this machine, and then shows once that it signs with it."
    page = page_of("Enrol an authenticator", why, {"For": name}, asked)
    return visited(Visit(page, secrets.token_urlsafe(), take), told, life_s=life_s)


def _asserted(line: str, made: _Assertion, message: bytes, namespace: str, origin: str) -> str:
    """Return the signature as it is stored, where the page at *origin* is the one that it was made on.

    Raises:
        UsageError: It proves nothing.
    """
    signature = signature_text("webauthn", line, made.authenticator, made.client, made.signature)
    try:
        made_by(signature, message, namespace)
    except UNPROVED as error:
        why = str(error) or "it is not over this"
        raise UsageError("signing-failed", f"the authenticator's answer proves nothing: {why}") from error
    if _decoded(made.client, _Client).origin != origin:
        raise UsageError("signing-failed", f"the authenticator signed on another page than {origin}")
    return signature


def _here(keys: Sequence[EnrolledKey]) -> Iterator[str]:
    lines = (one.line for one in keys if one.kind is SignatureKind.WEBAUTHN)
    yield from (line for line in lines if credential_of(line).rp == LOOPBACK)


def _facts(message: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each part of what is signed, as they stand in it."""

    def within(name: str, value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict) and value:
            for key, held in value.items():
                yield from within(f"{name} {key}".strip(), held)
        else:
            yield name, value if isinstance(value, str) else msgspec.json.encode(value).decode()

    yield from within("", msgspec.json.decode(message))


def _decoded(data: bytes, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError("signing-failed", f"the page's answer cannot be read: {error}") from error


def _word(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
