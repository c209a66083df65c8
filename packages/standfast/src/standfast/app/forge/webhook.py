"""Believe a webhook only as far as its signature goes, and then only as a hint to look again through the API."""

import hashlib
import hmac
from collections.abc import Mapping

import msgspec

from standfast.app.forge.port import ForgeError

MOST_BYTES = 25_000_000
"""GitHub sends no payload that is larger."""
_PREFIX = "sha256="


class _Numbered(msgspec.Struct, frozen=True):
    number: int | None = None
    iid: int | None = None


class _Place(msgspec.Struct, frozen=True):
    full_name: str = ""
    path_with_namespace: str = ""


class _Payload(msgspec.Struct, frozen=True):
    action: str = ""
    repository: _Place | None = None
    project: _Place | None = None
    issue: _Numbered | None = None
    pull_request: _Numbered | None = None
    merge_request: _Numbered | None = None
    object_attributes: _Numbered | None = None


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """What a webhook says has happened. Nothing is recorded from it: who wants to know asks the forge."""

    event: str
    action: str
    repository: str
    number: int | None
    delivery: str


def hint(kind: str, headers: Mapping[str, str], payload: bytes, secret: bytes) -> Hint:
    """Return what *payload* says, once it is known to come from who holds *secret*; header names are in small letters.

    GitHub signs the payload. GitLab sends the secret along, which says nothing about the payload: whoever could read
    one such request can make up another.

    Raises:
        ForgeError: It is not, or it cannot be understood.
    """
    if not secret:
        raise ForgeError("webhook-secret", "there is no secret, so nothing can be verified")
    if kind == "github":
        _require(_signature(payload, secret), headers.get("x-hub-signature-256", ""))
        event, delivery = headers.get("x-github-event", ""), headers.get("x-github-delivery", "")
    else:
        _require(secret.decode("utf-8", "surrogateescape"), headers.get("x-gitlab-token", ""))
        event, delivery = headers.get("x-gitlab-event", ""), headers.get("x-gitlab-event-uuid", "")
    try:
        said = msgspec.json.decode(payload, type=_Payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ForgeError("webhook-odd", f"the payload is signed, and cannot be understood: {error}") from error
    place = said.repository or said.project or _Place()
    about = said.pull_request or said.issue or said.merge_request or said.object_attributes or _Numbered()
    return Hint(
        event=event,
        action=said.action,
        repository=place.full_name or place.path_with_namespace,
        number=about.number if about.number is not None else about.iid,
        delivery=delivery,
    )


def _signature(payload: bytes, secret: bytes) -> str:
    return _PREFIX + hmac.new(secret, payload, hashlib.sha256).hexdigest()


def _require(expected: str, found: str) -> None:
    """Return when both are the same; how long it takes does not depend on where they differ."""
    if not hmac.compare_digest(expected.encode("utf-8", "surrogateescape"), found.encode("utf-8", "surrogateescape")):
        raise ForgeError(
            "webhook-unsigned",
            "the signature is not that of the secret" if found else "the request bears no signature",
            hint="believe nothing of it; is the secret the one that the forge was given?",
        )


def headers_in(text: str) -> dict[str, str]:
    """Return the headers in *text*, one on each line as HTTP writes them, by their names in small letters."""
    parts = (line.partition(":") for line in text.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in parts if colon}
