"""Changes as their entries tell them: the rows of the population."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from standfast.app.export.auditor.events import PLAIN, Event
from standfast.app.export.auditor.findings import MAX_SESSION, RefusedError


class Change:
    """One change session, or one decision without a session, as its entries tell it: a row of the population."""

    __slots__ = ("afterwards", "approvals", "authors", "commits", "count", "decisions", "deployments", "flags", "head",
                 "indexes", "name", "newest", "number", "opened", "refusals", "result", "roles", "urgent", "waits",
                 "waivers", "what")  # fmt: skip

    def __init__(self, name: str, what: str) -> None:
        self.name, self.what = name, what
        self.number, self.head, self.newest = 0, "", ""
        self.count, self.refusals = 0, 0
        self.opened, self.result = ("", ""), ""
        self.indexes: list[list[int]] = []
        self.commits: list[str] = []
        self.authors: set[str] = set()
        self.decisions: list[dict[str, object]] = []
        self.approvals: list[dict[str, object]] = []
        self.deployments: dict[str, dict[str, object]] = {}
        self.waivers: set[str] = set()
        self.flags: set[str] = set()
        self.roles: list[str] = []
        self.waits: list[str] = []
        self.urgent: dict[str, str] = {}
        self.afterwards: set[tuple[str, str]] = set()

    def take(self, event: Event) -> None:
        """Let *event* be the newest of this change."""
        if not self.count:
            self.opened = (event.at, event.actor)
        self.count += 1
        if self.count > MAX_SESSION:
            raise RefusedError(f"{self.name} has more than {MAX_SESSION:,} entries")
        self.newest = event.at
        if self.indexes and self.indexes[-1][1] == event.entry - 1:
            self.indexes[-1][1] = event.entry
        else:
            self.indexes.append([event.entry, event.entry])
        if (told := _TOLD.get(event.kind)) is not None:
            told(self, event)

    def _commit(self, event: Event) -> str:
        commit = event.text("commit")
        if commit and commit not in self.commits:
            self.commits.append(commit)
        return commit

    def began(self, event: Event) -> None:
        """Take in which roles it is to be approved."""
        rules = event.body.get("rules")
        roles = rules.get("roles") if isinstance(rules, dict) else None
        self.roles = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []

    def observed(self, event: Event) -> None:
        """Take who wrote the change."""
        self._commit(event)
        taking = event.body.get("taking")
        for one in taking if isinstance(taking, list) else ():
            if isinstance(one, dict) and one.get("part") in ("author", "co_author", "committer"):
                who = one.get("who")
                self.authors.add(who if isinstance(who, str) and PLAIN.match(who) else "?")

    def decided(self, event: Event) -> None:
        """Take a verdict."""
        self.decisions.append(
            {"at": event.at, "status": event.text("status"), "commit": self._commit(event), "entry": event.entry}
        )
        if self.what == "decision":
            self.result = event.text("status")

    def approved(self, event: Event) -> None:
        """Take an approval, and note what is odd about it."""
        signed = event.body.get("signed")
        kind = signed.get("kind", "unsigned") if isinstance(signed, dict) else "unsigned"
        if kind not in ("ed25519", "ssh", "webauthn", "sigstore"):
            kind = "unsigned"
            self.flags.add("unsigned")
        if event.actor in self.authors:
            self.flags.add("approved_by_author")
        urgent = event.text("deployment")
        if urgent in self.urgent and event.at <= _plain(self.urgent[urgent]):
            self.afterwards.add((urgent, event.text("role")))
        self.approvals.append({
            "at": event.at, "by": event.actor, "role": event.text("role"), "commit": self._commit(event),
            "signed": kind, "entry": event.entry, "statement": event.text("statement"), "revoked": False,
        })  # fmt: skip

    def revoked(self, event: Event) -> None:
        """Take back an approval."""
        for approval in self.approvals:
            if approval["statement"] == event.text("statement"):
                approval["revoked"] = True

    def refused(self, event: Event) -> None:
        """Count what was not let through."""
        self.refusals += 1
        self.flags.add("refused")

    def waived(self, event: Event) -> None:
        """Take a waiver that was granted or used here."""
        self.waivers.add(event.text("waiver"))
        self.flags.add("waiver")

    def compensated(self, event: Event) -> None:
        """Note that something stands in the place of an approval, and whether that is a wait of a day at least."""
        self.flags.add("compensated")
        if event.text("compensation") == "cooling_off":
            self.waits.append(_plain(event.text("not_before")))
            if not _a_day_after(event.at, self.waits[-1]):
                self.flags.add("short_wait")

    def deployed(self, event: Event) -> None:
        """Take the beginning of a deployment, and note what should have come before it and did not."""
        commit = self._commit(event)
        by = {approval["by"] for approval in self.approvals if approval["commit"] == commit and not approval["revoked"]}
        status = next((one["status"] for one in self.decisions[::-1] if one["commit"] == commit), "")
        moment = datetime.fromisoformat(event.at)
        found = {
            "unapproved": not by,
            "gate_not_open": status not in ("pass", "waived", "warn"),
            "off_hours": moment.weekday() > 4 or not 6 <= moment.hour < 20,
            "deployer_approved_alone": by == {event.text("deployer")},
            "short_wait": any(event.at < wait for wait in self.waits),
            "emergency": bool(event.text("approve_by")),
        }
        if event.text("approve_by"):
            self.urgent[event.text("deployment")] = event.text("approve_by")
        self.flags |= {flag for flag, holds in found.items() if holds}
        self.deployments[event.text("deployment")] = {
            "deployment": event.text("deployment"), "service": event.text("service"), "commit": commit,
            "environment": event.text("environment"), "artifact": event.text("artifact"), "by": event.text("deployer"),
            "started_at": event.at, "finished_at": "", "result": "", "reverted": False, "confirmed": False,
            "entry": event.entry,
        }  # fmt: skip

    def finished(self, event: Event) -> None:
        """Take how a deployment ended."""
        deployment = self.deployments.get(event.text("deployment"), {})
        deployment |= {"finished_at": event.at, "result": event.text("result")}
        if event.text("result") != "completed":
            self.flags.add("failed")

    def reverted(self, event: Event) -> None:
        """Note that a deployment was undone."""
        self.deployments.get(event.text("deployment"), {})["reverted"] = True
        self.flags.add("reverted")

    def confirmed(self, event: Event) -> None:
        """Note that a deployment was seen to be healthy afterwards."""
        self.deployments.get(event.text("deployment"), {})["confirmed"] = event.body.get("healthy") is True

    def closed(self, event: Event) -> None:
        """Take how the session ended."""
        self.result = event.text("result")

    def row(self) -> dict[str, object]:
        """Return the row of this change as it stands in population.json."""
        open_ = self.what == "session" and not self.result
        unconfirmed = any(one["result"] == "completed" and not one["confirmed"] for one in self.deployments.values())
        late = any((name, role) not in self.afterwards for name in self.urgent for role in self.roles or [""])
        more = (("open", open_), ("unconfirmed", unconfirmed), ("emergency_not_approved", late))
        flags = self.flags | {flag for flag, holds in more if holds}
        return {
            "id": self.name, "what": self.what, "opened_at": self.opened[0], "opened_by": self.opened[1],
            "closed_at": "" if open_ else self.newest, "result": self.result, "commits": self.commits,
            "authors": sorted(self.authors), "decisions": self.decisions, "approvals": self.approvals,
            "refusals": self.refusals, "waivers": sorted(self.waivers), "deployments": [*self.deployments.values()],
            "flags": sorted(flags), "count": self.count,
            "entries": " ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.indexes),
        }  # fmt: skip


def _plain(moment: str) -> str:
    """Return *moment* in the form in which an entry tells when it was made."""
    return moment.removesuffix("Z")


def _a_day_after(begin: str, end: str) -> bool:
    try:
        return datetime.fromisoformat(end) - datetime.fromisoformat(begin) >= timedelta(hours=24)
    except (ValueError, TypeError):
        return False


_TOLD: dict[str, Callable[[Change, Event], None]] = {
    "session.opened": Change.began, "change.observed": Change.observed, "gate.decided": Change.decided,
    "approval.given": Change.approved,
    "approval.revoked": Change.revoked, "approval.refused": Change.refused, "session.refused": Change.refused,
    "waiver.granted": Change.waived, "waiver.used": Change.waived, "duty.compensated": Change.compensated,
    "deployment.started": Change.deployed, "deployment.finished": Change.finished,
    "deployment.reverted": Change.reverted, "deployment.confirmed": Change.confirmed, "session.closed": Change.closed,
}  # fmt: skip

COLUMNS = ("id", "what", "opened_at", "opened_by", "closed_at", "result", "commits", "authors", "decisions",
           "approvals", "refusals", "waivers", "deployments", "flags", "count", "entries")  # fmt: skip
_SHORT = {
    "decisions": ("status", "at"),
    "approvals": ("role", "by", "signed"),
    "deployments": ("deployment", "service", "environment", "result"),
}

json_line: Callable[[dict[str, object]], str] = json.JSONEncoder(separators=(",", ":")).encode
"""Returns the line of a row in population.json, without the comma between two."""


def csv_line(row: dict[str, object]) -> str:
    """Return the line of a row in population.csv; no value holds a comma, a quote, or the start of a formula."""
    return ",".join(_cell(column, row[column]) for column in COLUMNS)


def _cell(column: str, value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    return " ".join(one if isinstance(one, str) else "|".join(str(one[key]) for key in _SHORT[column]) for one in value)
