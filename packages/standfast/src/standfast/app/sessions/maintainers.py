"""Whether the rules for approvals can be met by who works here; found out before the release is due."""

from pathlib import Path

import msgspec

from standfast.app.repository.git import Git
from standfast.app.sessions.desk import Desk
from standfast.app.sessions.shown import called
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import Part
from standfast.ledger.duties import Feasibility, feasibility
from standfast.ledger.identities import Resolution, Sighting, is_service, resolve

_COMMITS = 5_000
"""So many of the newest commits say who works here."""

OFFER = '`standfast compensate ROLE --reason "..."`'
_ALLOW = f"[approvals] compensation = true lets a logged waiting time stand in for an approval: {OFFER}"


class Advice(msgspec.Struct, frozen=True):
    """What somebody should know about the rules before they rely on them, and what to do about it."""

    warning: str
    hint: str


def committers(root: Path) -> tuple[Person, ...]:
    """Return the people who wrote or committed the newest commits of *root*, each spelling once; no robots."""
    told = Git(root).ask("log", f"--max-count={_COMMITS}", "--format=%aN%x1f%aE%x1e%cN%x1f%cE", "--use-mailmap", "HEAD")
    lines = {part for line in (told or b"").decode("utf-8", "replace").splitlines() for part in line.split("\x1e")}
    people = (Person(name, email) for name, _, email in (line.partition("\x1f") for line in sorted(lines)))
    return tuple(one for one in people if one.identities() and not is_service(one))


def sole_maintainer(root: Path) -> Person | None:
    """Return the one person who wrote everything in *root*, or None where there are several or none."""
    people = committers(root)
    found = _resolved(people, Resolution(taking=(), directory=()))
    return people[0] if len({taking.who for taking in found.taking}) == 1 else None


def advice(desk: Desk) -> Advice | None:
    """Return what is wrong with the rules for approvals, or None where everybody's change can be approved."""
    people = desk.people()
    known = Resolution(taking=(), directory=desk.scribe.disclosed.directory())
    wrote = committers(desk.root)
    writers = _resolved(wrote, known)
    rules = desk.rules()
    found = feasibility(rules, people, {one.who for one in writers.taking}, now=desk.scribe.ledger.moment())
    if not found.stuck:
        return None
    names = {
        known_as: one for one in wrote if (known_as := writers.who(one)) is not None
    } | desk.scribe.disclosed.names()
    who = called(found.stuck[0], people, names)
    reason = found.reasons[0].replace(found.stuck[0], who)
    others = f", and {len(found.stuck) - 1} more people are in the same place" if len(found.stuck) > 1 else ""
    return Advice(f"no change by {who} can be approved: {reason}{others}", _hint(found, allowed=rules.compensation))


def _hint(found: Feasibility, *, allowed: bool) -> str:
    named = "name a second person in [approvals.approvers] of standfast.toml, on the base"
    if not found.single_maintainer:
        return named
    return f"{named}; or record what stands in for them: {OFFER}" if allowed else f"{named}; or: {_ALLOW}"


def _resolved(people: tuple[Person, ...], known: Resolution) -> Resolution:
    """Return who of *people* is whom; nothing of it is recorded."""
    seen = [Sighting(one, Part.AUTHOR) for one in people]
    return resolve(seen, known.directory, fresh=(f"{place:016d}" for place, _one in enumerate(seen)))
