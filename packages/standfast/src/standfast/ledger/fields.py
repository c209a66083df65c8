"""The narrow types that a leaf is made of: none of them has room for a sentence, a space or an address.

No pattern admits a space, an at sign or a letter beyond ASCII: whatever fits is neither e-mail address nor free text.
"""

import re
from enum import StrEnum
from typing import Annotated, NewType

import msgspec

from standfast.model import Digest

_LABEL = r"^[0-9A-Za-z][0-9A-Za-z._:/+-]{0,99}\Z"

ActorId = NewType("ActorId", str)
"""The pseudonym of a person (``p-``) or a service (``s-``): drawn at random, never made from a name."""

ChainId = NewType("ChainId", str)
"""The id of a change session (``S-``), or `LEDGER`."""

Commitment = NewType("Commitment", str)
"""``sd1:`` and the hexadecimal digest of a salted value; see `standfast.ledger.commitments`."""

LEDGER = ChainId("ledger")
"""The chain of what concerns no single session: keys, roles, retention, gates decided without a session."""

Who = Annotated[ActorId, msgspec.Meta(pattern=r"^[ps]-[0-9a-z]{4,40}\Z")]
Chain = Annotated[ChainId, msgspec.Meta(pattern=r"^(ledger|S-[0-9A-Za-z][0-9A-Za-z-]{0,60})\Z")]
Hidden = Annotated[Commitment, msgspec.Meta(pattern=r"^sd1:[0-9a-f]{64}\Z")]
Address = Annotated[Digest, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]
Commit = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})\Z")]
Tree = Annotated[str, msgspec.Meta(pattern=r"^((gitTree:|sha256:)?([0-9a-f]{40}|[0-9a-f]{64}))\Z")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._:/-]{0,119}\Z")]
Label = Annotated[str, msgspec.Meta(pattern=_LABEL)]
PublicKey = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z+/]{43}=\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Number = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]


class Via(StrEnum):
    """How the actor was known to be who they are, when the event was recorded."""

    LOCAL = "local"
    SERVICE = "service"
    OIDC = "oidc"
    FORGE = "forge"
    KEY = "key"
    SSH = "ssh"
    WEBAUTHN = "webauthn"
    SIGSTORE = "sigstore"


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who did it, by pseudonym, and how that was known."""

    id: Who
    via: Via


def is_person(who: ActorId) -> bool:
    """Return whether the pseudonym is a person's and not a service's."""
    return who.startswith("p-")


def label(text: str) -> str:
    """Return *text* as a label where it is one already, but for the ``@`` of a package scope; else ``other``.

    Tools name themselves as they like; the statement keeps the name in full.
    """
    stripped = text.removeprefix("@")
    return stripped if re.search(_LABEL, stripped) else "other"
