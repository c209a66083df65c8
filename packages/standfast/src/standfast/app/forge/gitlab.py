"""The port on GitLab's REST API, version 4."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

import msgspec

from standfast.app.forge.port import Comment, Forge, Issue, Mark, MarkState, told
from standfast.app.forge.wire import Wire
from standfast.evidence.environments.schema import Environment

_PAGE = "per_page=100"
_STATES = {MarkState.SUCCESS: "success", MarkState.FAILURE: "failed", MarkState.ERROR: "failed"}
_NOBODY = 0
_Count = Annotated[int, msgspec.Meta(ge=0)]


class _Issue(msgspec.Struct, frozen=True):
    iid: int
    state: str
    web_url: str = ""
    description: str | None = None
    labels: tuple[str, ...] = ()

    def plain(self) -> Issue:
        return Issue(
            number=self.iid,
            body=self.description or "",
            labels=frozenset(self.labels),
            closed=self.state == "closed",
            url=self.web_url,
        )


class _Note(msgspec.Struct, frozen=True):
    id: int
    body: str
    system: bool = False

    def plain(self) -> Comment:
        return Comment(id=self.id, body=self.body)


class _Status(msgspec.Struct, frozen=True):
    name: str
    status: str
    id: int = 0
    description: str | None = None


class _Request(msgspec.Struct, frozen=True):
    iid: int
    sha: str | None = None


class _Rule(msgspec.Struct, frozen=True):
    required_approvals: _Count = 0


class _Level(msgspec.Struct, frozen=True):
    access_level: int | None = None


class _Protected(msgspec.Struct, frozen=True):
    name: str
    required_approval_count: _Count = 0
    approval_rules: tuple[_Rule, ...] = ()
    deploy_access_levels: tuple[_Level, ...] = ()


class _Environment(msgspec.Struct, frozen=True):
    name: str


def headers(token: str) -> dict[str, str]:
    """Return what every request says of itself."""
    return {"accept": "application/json", "private-token": token}


class GitLab(Forge):
    """One project on GitLab."""

    def __init__(self, wire: Wire, repository: str) -> None:
        self.name = f"{repository} at {wire.address}"
        self._wire = wire
        self._base = f"/projects/{quote(repository, safe='')}"

    def issue(self, number: int) -> Issue:
        """Return the issue with that number."""
        return self._wire.get(f"{self._base}/issues/{number}", _Issue).plain()

    def issue_that_begins(self, marker: str, *, since: datetime) -> Issue | None:
        """Return the oldest issue, made or changed since then, whose text begins with *marker*; None if none does."""
        after = quote(since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        path = f"{self._base}/issues?order_by=created_at&sort=asc&updated_after={after}&{_PAGE}"
        for page in self._wire.pages(path, tuple[_Issue, ...]):
            for one in page:
                if (one.description or "").startswith(marker):
                    return one.plain()
        return None

    def open_issue(self, title: str, body: str) -> Issue:
        """Return the new issue."""
        return self._wire.send("POST", f"{self._base}/issues", {"title": title, "description": body}, _Issue).plain()

    def close_issue(self, number: int, *, done: bool) -> None:
        """Close the issue; GitLab knows one way of being closed."""
        self._wire.send("PUT", f"{self._base}/issues/{number}", {"state_event": "close"}, _Issue)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return every comment on the issue that somebody wrote, the oldest first."""
        path = f"{self._base}/issues/{number}/notes?order_by=created_at&sort=asc&{_PAGE}"
        return tuple(
            one.plain() for page in self._wire.pages(path, tuple[_Note, ...]) for one in page if not one.system
        )

    def comment(self, number: int, body: str) -> Comment:
        """Return the new comment."""
        return self._wire.send("POST", f"{self._base}/issues/{number}/notes", {"body": body}, _Note).plain()

    def edit_comment(self, number: int, comment: int, body: str) -> None:
        """Let the comment say *body*."""
        self._wire.send("PUT", f"{self._base}/issues/{number}/notes/{comment}", {"body": body}, _Note)

    def label(self, number: int, *, add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        """Return the labels that the issue has after some were added and others removed, as the forge tells them."""
        wanted = {"add_labels": ",".join(sorted(add)), "remove_labels": ",".join(sorted(remove))}
        body = {name: labels for name, labels in wanted.items() if labels}
        if body:
            self._wire.send("PUT", f"{self._base}/issues/{number}", body, _Issue)
        return self.issue(number).labels

    def marks(self, commit: str) -> dict[str, str]:
        """Return the state and text of the newest mark of each name at *commit*."""
        return dict(self._stated(commit))

    def _stated(self, commit: str) -> Iterator[tuple[str, str]]:
        path = f"{self._base}/repository/commits/{commit}/statuses?all=true&{_PAGE}"
        found = [one for page in self._wire.pages(path, tuple[_Status, ...]) for one in page]
        for one in sorted(found, key=lambda status: status.id):
            success = one.status == _STATES[MarkState.SUCCESS]
            text = one.description or ""
            state = MarkState.SUCCESS if success else MarkState.ERROR if _undecided(text) else MarkState.FAILURE
            yield one.name, told(state, text)

    def mark(self, commit: str, mark: Mark) -> None:
        """Set *mark* at *commit*."""
        body = {"state": _STATES[mark.state], "name": mark.name, "description": mark.text}
        self._wire.send("POST", f"{self._base}/statuses/{commit}", body, _Status)

    def exports(self, commit: str) -> tuple[bytes, ...]:
        """Return each merge request whose newest commit is *commit*, with its approvals, commits and discussions."""
        path = f"{self._base}/repository/commits/{commit}/merge_requests?{_PAGE}"
        found = [one for page in self._wire.pages(path, tuple[_Request, ...]) for one in page]
        return tuple(self._export(one.iid) for one in found if one.sha == commit)

    def _export(self, number: int) -> bytes:
        place = f"{self._base}/merge_requests/{number}"
        return msgspec.json.encode(
            {
                "merge_request": self._wire.get(place, msgspec.Raw),
                "approvals": self._wire.get(f"{place}/approvals", msgspec.Raw),
                "commits": self._all(f"{place}/commits?{_PAGE}"),
                "discussions": self._all(f"{place}/discussions?{_PAGE}"),
                "versions": self._all(f"{place}/versions?{_PAGE}"),
            }
        )

    def _all(self, path: str) -> list[msgspec.Raw]:
        return [one for page in self._wire.pages(path, list[msgspec.Raw]) for one in page]

    def environments(self) -> tuple[Environment, ...]:
        """Return the environments, and how they are protected; an unprotected one takes deployments from anybody."""
        protected = {
            one.name: one
            for page in self._wire.pages(f"{self._base}/protected_environments?{_PAGE}", tuple[_Protected, ...])
            for one in page
        }
        every = {
            one.name
            for page in self._wire.pages(f"{self._base}/environments?{_PAGE}", tuple[_Environment, ...])
            for one in page
        }
        return tuple(_environment(name, protected.get(name)) for name in sorted(every | set(protected)))


def _undecided(text: str) -> bool:
    return text.startswith(("unknown", "error"))


def _environment(name: str, one: _Protected | None) -> Environment:
    if one is None:
        return Environment(name=name)
    counted = sum(rule.required_approvals for rule in one.approval_rules)
    levels = [level.access_level for level in one.deploy_access_levels if level.access_level != _NOBODY]
    return Environment(
        name=name,
        approvals=max(counted, one.required_approval_count),
        branches="chosen" if levels else "any",
        rules=("protected",),
    )
