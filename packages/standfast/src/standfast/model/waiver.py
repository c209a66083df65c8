"""Waivers: dated, approved, reasoned, expiring exemptions."""

from datetime import datetime
from typing import Annotated

import msgspec

from standfast.model.digest import Digest

UNSIGNED = "unsigned"
"""How a waiver is signed that somebody only wrote down."""


class WaiverScope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a waiver covers: a control, and optionally one finding, service or artifact of it."""

    control: str
    finding: str | None = None
    service: str | None = None
    artifact: str | None = None


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entry of ``standfast-waivers.toml``; times are in UTC.

    ``expires`` is the first moment it is void; a waiver without it is reported and never applied.
    """

    id: str
    scope: WaiverScope
    reason: str
    compensating_control: str
    requester: str
    approver: str
    approver_role: str
    issued: datetime
    expires: datetime | None = None
    reference: str = ""


class GrantedWaiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A waiver as the ledger has it: granted by a signed ``statement``, and what became of it by then.

    ``signature`` is the kind of signature. It may be used ``uses`` times (None: as often as its time allows) and was
    used ``used`` times. ``void`` says what else speaks against it, empty where nothing does. ``known_as`` are
    all forms under which its approver is known, so that no other spelling makes them a second person.
    """

    waiver: Waiver
    statement: Digest
    signature: str
    uses: int | None = None
    used: int = 0
    revoked: bool = False
    void: str = ""
    known_as: tuple[str, ...] = ()


class WaiverPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The ``[waivers]`` table of the settings.

    ``approvers`` gives the roles of each person who may approve; nobody else may. ``cap_days`` is the longest
    a waiver may run, a year at the most; ``warn_days`` is how long before its end it is announced. ``unsigned`` says
    whether a waiver counts that nobody signed; None leaves that to whether the settings name a key to sign with.
    """

    approvers: dict[str, tuple[str, ...]] = {}
    cap_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 90
    warn_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 14
    unsigned: bool | None = None


def says_something(text: str) -> bool:
    """Return whether *text* has a letter or a digit; a full stop or an invisible character is no reason."""
    return any(letter.isalnum() for letter in text)
