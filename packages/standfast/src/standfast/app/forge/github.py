"""The port on GitHub's REST API."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

import msgspec

from standfast.app.forge.port import Comment, Forge, ForgeError, Issue, Mark, MarkState, told
from standfast.app.forge.wire import Wire
from standfast.evidence.environments.schema import Environment

VERSION = "2022-11-28"
_PAGE = "per_page=100"
_MOST_COMMITS = 250
"""GitHub lists no more commits of one pull request than these."""
_CONCLUSIONS = {MarkState.SUCCESS: "success", MarkState.FAILURE: "failure", MarkState.ERROR: "action_required"}


class _Label(msgspec.Struct, frozen=True):
    name: str = ""


class _Issue(msgspec.Struct, frozen=True):
    number: int
    state: str
    html_url: str
    body: str | None = None
    labels: tuple[_Label | str, ...] = ()

    def plain(self) -> Issue:
        names = (one if isinstance(one, str) else one.name for one in self.labels)
        closed = self.state == "closed"
        return Issue(
            number=self.number, body=self.body or "", labels=frozenset(names), closed=closed, url=self.html_url
        )


class _Comment(msgspec.Struct, frozen=True):
    id: int
    html_url: str
    body: str = ""

    def plain(self) -> Comment:
        return Comment(id=self.id, body=self.body, url=self.html_url)


class _Status(msgspec.Struct, frozen=True):
    state: str
    context: str
    description: str | None = None


class _Output(msgspec.Struct, frozen=True):
    title: str | None = None


class _Run(msgspec.Struct, frozen=True):
    name: str
    id: int
    conclusion: str | None = None
    output: _Output = _Output()


class _Runs(msgspec.Struct, frozen=True):
    check_runs: tuple[_Run, ...]


class _Head(msgspec.Struct, frozen=True):
    sha: str


class _Pull(msgspec.Struct, frozen=True):
    number: int
    head: _Head


class _Counted(msgspec.Struct, frozen=True):
    commits: int
    head: _Head


class _Policy(msgspec.Struct, frozen=True):
    protected_branches: bool = False
    custom_branch_policies: bool = False


class _Rule(msgspec.Struct, frozen=True):
    type: str
    wait_timer: Annotated[int, msgspec.Meta(ge=0)] = 0
    prevent_self_review: bool | None = None
    reviewers: tuple[msgspec.Raw, ...] = ()


class _Environment(msgspec.Struct, frozen=True):
    name: str
    protection_rules: tuple[_Rule, ...] = ()
    deployment_branch_policy: _Policy | None = None
    can_admins_bypass: bool | None = None

    def plain(self) -> Environment:
        reviewed = [one for one in self.protection_rules if one.type == "required_reviewers" and one.reviewers]
        policy = self.deployment_branch_policy
        protected = "protected" if policy is not None and policy.protected_branches else "chosen"
        return Environment(
            name=self.name,
            approvals=1 if reviewed else 0,  # however many reviewers are named, one of them suffices
            own_review_prevented=all(one.prevent_self_review is True for one in reviewed) if reviewed else False,
            bypass_allowed=self.can_admins_bypass,
            branches="any" if policy is None else protected,
            wait_minutes=max((one.wait_timer for one in self.protection_rules), default=0),
            rules=tuple(sorted({one.type for one in self.protection_rules})),
        )


class _Environments(msgspec.Struct, frozen=True):
    environments: tuple[_Environment, ...]


def headers(token: str, version: str) -> dict[str, str]:
    """Return what every request says of itself."""
    return {
        "accept": "application/vnd.github+json",
        "authorization": f"Bearer {token}",
        "x-github-api-version": version,
    }


class GitHub(Forge):
    """One repository on GitHub, or on a server of one's own that speaks as it does.

    With *runs*, gates are shown as check runs, which only an app may make; otherwise as commit statuses.
    """

    def __init__(self, wire: Wire, repository: str, *, runs: bool = False) -> None:
        self.name = f"{repository} at {wire.address}"
        self._wire, self._runs = wire, runs
        self._base = f"/repos/{quote(repository)}"

    def issue(self, number: int) -> Issue:
        """Return the issue with that number."""
        return self._wire.get(f"{self._base}/issues/{number}", _Issue).plain()

    def issue_that_begins(self, marker: str, *, since: datetime) -> Issue | None:
        """Return the oldest issue, made or changed since then, whose text begins with *marker*; None if none does."""
        after = quote(since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        path = f"{self._base}/issues?state=all&sort=created&direction=asc&since={after}&{_PAGE}"
        for page in self._wire.pages(path, tuple[_Issue, ...]):
            for one in page:
                if (one.body or "").startswith(marker):
                    return one.plain()
        return None

    def open_issue(self, title: str, body: str) -> Issue:
        """Return the new issue."""
        return self._wire.send("POST", f"{self._base}/issues", {"title": title, "body": body}, _Issue).plain()

    def close_issue(self, number: int, *, done: bool) -> None:
        """Close the issue, as done or as not to be done."""
        body = {"state": "closed", "state_reason": "completed" if done else "not_planned"}
        self._wire.send("PATCH", f"{self._base}/issues/{number}", body, _Issue)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return every comment on the issue, the oldest first."""
        pages = self._wire.pages(f"{self._base}/issues/{number}/comments?{_PAGE}", tuple[_Comment, ...])
        return tuple(one.plain() for page in pages for one in page)

    def comment(self, number: int, body: str) -> Comment:
        """Return the new comment."""
        return self._wire.send("POST", f"{self._base}/issues/{number}/comments", {"body": body}, _Comment).plain()

    def edit_comment(self, number: int, comment: int, body: str) -> None:
        """Let the comment say *body*."""
        self._wire.send("PATCH", f"{self._base}/issues/comments/{comment}", {"body": body}, _Comment)

    def label(self, number: int, *, add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        """Return the labels that the issue has after some were added and others removed, as the forge tells them."""
        place = f"{self._base}/issues/{number}/labels"
        for name in sorted(remove):
            self._wire.send("DELETE", f"{place}/{quote(name, safe='')}", None, tuple[_Label, ...])
        if add:
            self._wire.send("POST", place, {"labels": sorted(add)}, tuple[_Label, ...])
        pages = self._wire.pages(f"{place}?{_PAGE}", tuple[_Label, ...])
        return frozenset(one.name for page in pages for one in page)

    def marks(self, commit: str) -> dict[str, str]:
        """Return the state and text of the newest mark of each name at *commit*."""
        return dict(self._ran(commit) if self._runs else self._stated(commit))

    def _stated(self, commit: str) -> Iterator[tuple[str, str]]:
        path = f"{self._base}/commits/{commit}/statuses?{_PAGE}"
        newest = [one for page in self._wire.pages(path, tuple[_Status, ...]) for one in page]
        for one in reversed(newest):  # the newest comes first, and here it comes last, so that it stays
            yield one.context, f"{one.state} {one.description or ''}"

    def _ran(self, commit: str) -> Iterator[tuple[str, str]]:
        states = {conclusion: state for state, conclusion in _CONCLUSIONS.items()}
        path = f"{self._base}/commits/{commit}/check-runs?filter=latest&{_PAGE}"
        runs = [one for page in self._wire.pages(path, _Runs) for one in page.check_runs]
        for one in sorted(runs, key=lambda run: run.id):
            state = states.get(one.conclusion or "")
            if state is not None:
                yield one.name, told(state, one.output.title or "")

    def mark(self, commit: str, mark: Mark) -> None:
        """Set *mark* at *commit*."""
        if not self._runs:
            body = {"state": str(mark.state), "context": mark.name, "description": mark.text}
            self._wire.send("POST", f"{self._base}/statuses/{commit}", body, _Status)
            return
        run = {
            "name": mark.name,
            "head_sha": commit,
            "status": "completed",
            "conclusion": _CONCLUSIONS[mark.state],
            "external_id": mark.reference,
            "output": {"title": mark.text, "summary": f"Verdict `{mark.reference}`."},
        }
        self._wire.send("POST", f"{self._base}/check-runs", run, _Run)

    def exports(self, commit: str) -> tuple[bytes, ...]:
        """Return each pull request whose newest commit is *commit*, with its reviews and commits."""
        path = f"{self._base}/commits/{commit}/pulls?{_PAGE}"
        pulls = [one for page in self._wire.pages(path, tuple[_Pull, ...]) for one in page]
        return tuple(self._export(one.number) for one in pulls if one.head.sha == commit)

    def _export(self, number: int) -> bytes:
        place = f"{self._base}/pulls/{number}"
        pull = self._wire.get(place, msgspec.Raw)
        commits = self._all(f"{place}/commits?{_PAGE}")
        counted = msgspec.json.decode(pull, type=_Counted)
        if len(commits) != counted.commits:
            raise ForgeError(
                "forge-cut-off",
                f"{self.name} lists {len(commits)} of the {counted.commits} commits of pull request {number}, "
                f"so not all of its authors are known (it lists at most {_MOST_COMMITS})",
                hint="split the change, or merge its commits",
            )
        return msgspec.json.encode({"pull": pull, "reviews": self._all(f"{place}/reviews?{_PAGE}"), "commits": commits})

    def _all(self, path: str) -> list[msgspec.Raw]:
        return [one for page in self._wire.pages(path, list[msgspec.Raw]) for one in page]

    def environments(self) -> tuple[Environment, ...]:
        """Return the environments, and how they are protected."""
        pages = self._wire.pages(f"{self._base}/environments?{_PAGE}", _Environments)
        return tuple(one.plain() for page in pages for one in page.environments)
