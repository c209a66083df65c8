"""Waivers: dated, approved, reasoned, expiring exemptions."""

from datetime import datetime

import msgspec


class WaiverScope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a waiver covers: a control, and optionally one finding, service or artifact of it."""

    control: str
    finding: str | None = None
    service: str | None = None
    artifact: str | None = None


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entry of ``standfast-waivers.toml``. Times are in UTC; ``expires`` is the first moment it is void."""

    id: str
    scope: WaiverScope
    reason: str
    compensating_control: str
    requester: str
    approver: str
    approver_role: str
    issued: datetime
    expires: datetime
    reference: str = ""
