"""Waivers as the ledger has them: granted, used, used up, expired, revoked; pure."""

from datetime import datetime

import msgspec

from standfast.ledger.bodies import WaiverExpired, WaiverGranted, WaiverRevoked, WaiverUsed
from standfast.ledger.events import Leaf


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One waiver: its newest grant, how often it was used since, and whether it was revoked or said to be over."""

    grant: WaiverGranted
    granted_at: datetime
    used: int = 0
    revoked: bool = False
    over: bool = False

    @property
    def used_up(self) -> bool:
        """Whether its number of uses is spent."""
        return self.grant.uses is not None and self.used >= self.grant.uses

    @property
    def ended(self) -> str:
        """Why it holds no more whatever the time, empty where only its time ends it."""
        if self.revoked:
            return "was revoked"
        return f"was used {self.used} times, as often as it may be" if self.used_up else ""

    def why_not(self, at: datetime) -> str | None:
        """Return why it does not hold at that moment, or None where it does. ``expires`` is the first void moment."""
        if self.ended:
            return self.ended
        if self.over or self.grant.expires <= at:
            return f"expired on {self.grant.expires:%Y-%m-%d}"
        return f"begins on {self.granted_at:%Y-%m-%d}" if at < self.granted_at else None


class Waivers(msgspec.Struct, frozen=True):
    """Every waiver that was ever granted, by its id. A second grant of one id takes the place of the first."""

    held: dict[str, Held] = {}

    def after(self, leaf: Leaf) -> "Waivers":
        """Return the waivers after *leaf*, which is next in the log; a leaf about something else changes nothing."""
        match leaf.body:
            case WaiverGranted() as grant:
                return Waivers(self.held | {grant.waiver: Held(grant=grant, granted_at=leaf.at)})
            case WaiverUsed(waiver=waiver) if waiver in self.held:
                return self._with(waiver, used=self.held[waiver].used + 1)
            case WaiverRevoked(waiver=waiver) if waiver in self.held:
                return self._with(waiver, revoked=True)
            case WaiverExpired(waiver=waiver) if waiver in self.held:
                return self._with(waiver, over=True)
            case _:
                return self

    def _with(self, waiver: str, **changes: int) -> "Waivers":
        return Waivers(self.held | {waiver: msgspec.structs.replace(self.held[waiver], **changes)})

    def why_not(self, waiver: str, control: str, *, at: datetime) -> str | None:
        """Return why that waiver does not cover *control* at that moment, or None where it does."""
        held = self.held.get(waiver)
        if held is None:
            return "is not in the ledger"
        if held.grant.control != control:
            return f"covers {held.grant.control}, not {control}"
        return held.why_not(at)

    def due(self, at: datetime) -> tuple[WaiverExpired, ...]:
        """Return what is to be recorded at that moment: each waiver that is over and is not yet said to be."""
        return tuple(
            WaiverExpired(waiver=waiver, used_up=held.used_up)
            for waiver, held in sorted(self.held.items())
            if not held.over and not held.revoked and (held.used_up or held.grant.expires <= at)
        )
