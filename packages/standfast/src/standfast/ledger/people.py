"""People as the ledger knows them: who may approve as what and until when, who turned out to be whom."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property

import msgspec

from standfast.ledger.bodies import (
    ApprovalGiven,
    IdentityLinked,
    RequirementApproved,
    RoleGranted,
    RoleRevoked,
    WaiverGranted,
)
from standfast.ledger.events import Leaf
from standfast.ledger.fields import ActorId

WAIVING = "waivers:"
"""How the name of a role begins in which waivers are approved; nobody approves a change or a requirement in it."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One person's role from ``since`` until before ``until``; times in UTC. ``by`` is who granted it."""

    who: ActorId
    role: str
    since: datetime
    until: datetime
    by: ActorId

    def holds(self, at: datetime) -> bool:
        """Return whether the role is held at that moment."""
        return self.since <= at < self.until


class People(msgspec.Struct, frozen=True, dict=True):
    """What the chain of the ledger says about people: every grant there ever was, and who turned out to be whom.

    Without a grant nobody holds a role.
    """

    grants: tuple[Grant, ...] = ()
    links: tuple[IdentityLinked, ...] = ()

    def after(self, leaf: Leaf) -> "People":
        """Return what holds after *leaf*; a leaf about something else changes nothing."""
        body = leaf.body
        if isinstance(body, RoleGranted):
            grant = Grant(who=body.who, role=body.role, since=leaf.at, until=body.expires, by=leaf.actor.id)
            return People((*self.grants, grant), self.links)
        if isinstance(body, RoleRevoked):
            return People(tuple(self._ended(grant, body, leaf.at) for grant in self.grants), self.links)
        return People(self.grants, (*self.links, body)) if isinstance(body, IdentityLinked) else self

    def one(self, who: ActorId) -> ActorId:
        """Return the pseudonym that stands for *who* and for everyone who turned out to be the same person."""
        return self._standing_for.get(who, who)

    @cached_property
    def _standing_for(self) -> dict[ActorId, ActorId]:
        groups: dict[ActorId, frozenset[ActorId]] = {}
        for link in self.links:
            joined = groups.get(link.kept, frozenset({link.kept})) | groups.get(link.other, frozenset({link.other}))
            groups |= dict.fromkeys(joined, joined)
        return {who: min(group) for who, group in groups.items()}

    def same(self, who: ActorId, other: ActorId) -> bool:
        """Return whether both are one person."""
        return self.one(who) == self.one(other)

    def ones(self, people: Iterable[ActorId]) -> frozenset[ActorId]:
        """Return *people*, each under the pseudonym that stands for them."""
        return frozenset(self.one(who) for who in people)

    def holds(self, who: ActorId, role: str, at: datetime) -> bool:
        """Return whether *who* holds *role* at that moment."""
        return self.one(who) in self.holders(role, at)

    def holders(self, role: str, at: datetime) -> frozenset[ActorId]:
        """Return who holds *role* at that moment. Nobody does by their own grant."""
        return self.ones(
            grant.who
            for grant in self.grants
            if grant.role == role and grant.holds(at) and not self.same(grant.by, grant.who)
        )

    def _ended(self, grant: Grant, revoked: RoleRevoked, at: datetime) -> Grant:
        if grant.role != revoked.role or not self.same(grant.who, revoked.who) or not grant.holds(at):
            return grant
        return msgspec.structs.replace(grant, until=at)


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a review of access: who may approve as what, and whether they ever did."""

    who: ActorId
    role: str
    since: datetime
    until: datetime
    active: bool
    granted_by: ActorId
    uses: int = 0
    last_used: datetime | None = None


def access_listing(people: People, leaves: Iterable[Leaf], *, now: datetime) -> tuple[Access, ...]:
    """Return a line for each grant, the ones in force first, then by role and person.

    *leaves* are those of every session: each approval and waiver that they hold is a use of its role.
    """
    uses: dict[tuple[ActorId, str], list[datetime]] = {}
    for leaf in leaves:
        for who, role in _uses(leaf):
            uses.setdefault((people.one(who), role), []).append(leaf.at)
    lines = [_line(grant, uses.get((people.one(grant.who), grant.role), []), now) for grant in people.grants]
    return tuple(sorted(lines, key=lambda line: (not line.active, line.role, line.who, line.since)))


def _uses(leaf: Leaf) -> Iterator[tuple[ActorId, str]]:
    body = leaf.body
    if isinstance(body, ApprovalGiven | RequirementApproved):
        yield leaf.actor.id, body.role
    elif isinstance(body, WaiverGranted):
        yield body.approver, body.role


def _line(grant: Grant, uses: list[datetime], now: datetime) -> Access:
    within = [at for at in uses if grant.holds(at)]
    return Access(
        who=grant.who,
        role=grant.role,
        since=grant.since,
        until=grant.until,
        active=grant.holds(now),
        granted_by=grant.by,
        uses=len(within),
        last_used=max(within, default=None),
    )
