"""Waivers in the ledger: each use counts, and each end is recorded once."""

from datetime import datetime, timedelta

import pytest
from ledger_story import ANA, BEA, SIGNED, START, actor, hidden

from standfast.ledger.bodies import AnyBody, WaiverExpired, WaiverGranted, WaiverRevoked, WaiverUsed
from standfast.ledger.chain import Head
from standfast.ledger.fields import LEDGER
from standfast.ledger.waivers import Waivers
from standfast.model import sha256

END = START + timedelta(days=30)
GRANT = WaiverGranted(
    waiver="w-1", control="code_is_formatted", statement=sha256(b"w"), requester=ANA, approver=BEA, role="security",
    expires=END, signed=SIGNED, uses=2,
)  # fmt: skip
USED = WaiverUsed(waiver="w-1", verdict=sha256(b"v"), findings=3)
REVOKED = WaiverRevoked(waiver="w-1", text=hidden("done"), words=1)
OVER = WaiverExpired(waiver="w-1")
JUST_BEFORE = END - timedelta(seconds=1)


def after(*bodies: AnyBody) -> Waivers:
    """Return the waivers after those events."""
    found = Waivers()
    for body in bodies:
        found = found.after(Head(chain=LEDGER).next(body, at=START, actor=actor(BEA)))
    return found


HOLDS: dict[str, tuple[tuple[AnyBody, ...], datetime, str | None]] = {
    "granted": ((GRANT,), START, None),
    "before its grant": ((GRANT,), START - timedelta(seconds=1), "begins on 2026-01-05"),
    "until just before its end": ((GRANT,), JUST_BEFORE, None),
    "at its end": ((GRANT,), END, "expired on 2026-02-04"),
    "used once": ((GRANT, USED), START, None),
    "used up": ((GRANT, USED, USED), START, "was used 2 times, as often as it may be"),
    "revoked": ((GRANT, REVOKED), START, "was revoked"),
    "said to be over": ((GRANT, OVER), START, "expired on 2026-02-04"),
    "granted anew": ((GRANT, USED, USED, GRANT), START, None),
    "never granted": ((USED, REVOKED, OVER), START, "is not in the ledger"),
}


@pytest.mark.parametrize(("bodies", "at", "why"), HOLDS.values(), ids=HOLDS)
def test_waiver_holds_until_it_is_over(bodies: tuple[AnyBody, ...], at: datetime, why: str | None) -> None:
    """A waiver holds from its grant until it expires, is used up or is revoked, whichever is first."""
    assert after(*bodies).why_not("w-1", "code_is_formatted", at=at) == why


def test_waiver_covers_its_control_only() -> None:
    """A waiver of one control is none of another."""
    why = after(GRANT).why_not("w-1", "every_test_passes", at=START)

    assert why == "covers code_is_formatted, not every_test_passes"


def test_each_end_is_due_once() -> None:
    """What is over is to be recorded once, with whether it was used up; what was revoked has ended already."""
    assert after(GRANT).due(JUST_BEFORE) == ()
    assert after(GRANT).due(END) == (WaiverExpired(waiver="w-1"),)
    assert after(GRANT, USED, USED).due(START) == (WaiverExpired(waiver="w-1", used_up=True),)
    assert after(GRANT, OVER).due(END) == ()
    assert after(GRANT, REVOKED).due(END) == ()
