"""GitLab as its documentation has it: no package brings a description of its API, so this is written by hand."""

import re
from typing import Any
from urllib.parse import unquote

from fake_forge import TOKEN, Asked, FakeForge, Given

PROJECT = "acme/pay"
PREFIX = "/api/v4"
_BODIES = {
    "POST issues": {"title", "description", "labels"},
    "PUT issues/N": {"title", "description", "add_labels", "remove_labels", "state_event"},
    "POST issues/N/notes": {"body"},
    "PUT issues/N/notes/N": {"body"},
    "POST statuses/SHA": {"state", "name", "description", "target_url", "ref"},
}
_QUERIES = {"per_page", "page", "order_by", "sort", "updated_after", "all", "state", "search"}
_STATES = {"pending", "running", "success", "failed", "canceled", "skipped"}


class FakeGitLab(FakeForge):
    """One project. Requests with fields that the documentation does not know are kept as problems."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.statuses: dict[str, list[dict[str, Any]]] = {}
        self.requests: dict[int, dict[str, Any]] = {}
        self.unknown_commits: set[str] = set()
        self.protected: list[dict[str, Any]] = []
        self.environments: list[dict[str, Any]] = []
        self._next = 100

    def authorised(self, asked: Asked) -> bool:
        """Return whether the request bears the token."""
        return asked.headers.get("private-token") == TOKEN

    def answer(self, asked: Asked) -> Given:
        """Return what GitLab answers."""
        parts = asked.path.split("/")[1:]
        if parts[0] != "projects" or unquote(parts[1]) != PROJECT:
            return Given(404, {"message": "404 Project Not Found"})
        words = parts[2:]
        shape = "/".join(
            "SHA" if re.fullmatch(r"[0-9a-f]{40}", one) else "N" if one.isdigit() else one for one in words
        )
        name = f"{asked.method} {shape}"
        self._examine(asked, name)
        act = getattr(self, "_" + re.sub(r"\W+", "_", name).lower(), None)
        if act is None:
            self.problems.append(f"{name} is no operation that the documentation has")
            return Given(404, {"error": "404 Not Found"})
        given: Given = act(asked, words)
        return given

    def _examine(self, asked: Asked, name: str) -> None:
        extra = set(asked.query) - _QUERIES
        if extra:
            self.problems.append(f"{name} has unknown parameters {sorted(extra)}")
        if asked.body is not None and not set(asked.body) <= _BODIES.get(name, set()):
            self.problems.append(f"{name} has unknown fields {sorted(set(asked.body) - _BODIES.get(name, set()))}")

    def _id(self) -> int:
        self._next += 1
        return self._next

    # Issues and notes

    def _get_issues(self, asked: Asked, _words: list[str]) -> Given:
        return Given(200, [self.issues[number] for number in sorted(self.issues)])

    def _post_issues(self, asked: Asked, _words: list[str]) -> Given:
        return Given(
            201, self.new_issue(max(self.issues, default=33) + 1, asked.body["title"], asked.body["description"])
        )

    def new_issue(self, number: int, title: str, body: str) -> dict[str, Any]:
        """Return an issue that is there from now on."""
        self.issues[number] = {
            "id": self._id(),
            "iid": number,
            "title": title,
            "description": body,
            "state": "opened",
            "labels": [],
            "web_url": f"https://gitlab.example/{PROJECT}/-/issues/{number}",
        }
        self.notes[number] = [{"id": self._id(), "body": "changed the milestone", "system": True}]
        return self.issues[number]

    def _get_issues_n(self, _asked: Asked, words: list[str]) -> Given:
        found = self.issues.get(int(words[1]))
        return Given(200, found) if found else Given(404, {"message": "404 Not found"})

    def _put_issues_n(self, asked: Asked, words: list[str]) -> Given:
        one = self.issues[int(words[1])]
        if asked.body.get("state_event") == "close":
            one["state"] = "closed"
        if not self.drops_labels:
            added = [name for name in asked.body.get("add_labels", "").split(",") if name]
            gone = set(asked.body.get("remove_labels", "").split(","))
            one["labels"] = sorted(({*one["labels"]} | {*added}) - gone)
        return Given(200, one)

    def _get_issues_n_notes(self, _asked: Asked, words: list[str]) -> Given:
        number = int(words[1])
        return Given(200, self.notes[number]) if number in self.notes else Given(404, {"message": "404 Not found"})

    def _post_issues_n_notes(self, asked: Asked, words: list[str]) -> Given:
        one = {"id": self._id(), "body": asked.body["body"], "system": False}
        self.notes[int(words[1])].append(one)
        return Given(201, one)

    def _put_issues_n_notes_n(self, asked: Asked, words: list[str]) -> Given:
        (one,) = (one for one in self.notes[int(words[1])] if one["id"] == int(words[3]))
        one["body"] = asked.body["body"]
        return Given(200, one)

    # Commits

    def _get_repository_commits_sha_statuses(self, _asked: Asked, words: list[str]) -> Given:
        if words[2] in self.unknown_commits:
            return Given(404, {"message": "404 Commit Not Found"})
        return Given(200, self.statuses.get(words[2], []))

    def _post_statuses_sha(self, asked: Asked, words: list[str]) -> Given:
        if words[1] in self.unknown_commits:
            return Given(404, {"message": "404 Commit Not Found"})
        if asked.body["state"] not in _STATES:
            return Given(400, {"message": "state does not have a valid value"})
        there = self.statuses.setdefault(words[1], [])
        last = next((one for one in reversed(there) if one["name"] == asked.body["name"]), None)
        if last is not None and (last["status"], last["description"]) == (
            asked.body["state"],
            asked.body["description"],
        ):
            return Given(400, {"message": f"Cannot transition status via :succeed from :{last['status']}"})
        one = {"id": self._id(), "status": asked.body["state"], **asked.body}
        there.append(one)
        return Given(201, one)

    # Merge requests

    def request(self, number: int, head: str, author: str, committed: str, pushed: str) -> None:
        """Let there be a merge request of one commit, which says of itself when it was made, and when it came."""
        self.requests[number] = {
            "merge_request": {
                "iid": number,
                "sha": head,
                "author": {"username": author, "name": author.title()},
                "web_url": f"https://gitlab.example/{PROJECT}/-/merge_requests/{number}",
            },
            "approvals": {"approved_by": []},
            "commits": [
                {
                    "id": head,
                    "author_name": author.title(),
                    "author_email": f"{author}@example.org",
                    "committer_name": author.title(),
                    "committer_email": f"{author}@example.org",
                    "committed_date": committed,
                }
            ],
            "discussions": [],
            "versions": [{"id": self._id(), "head_commit_sha": head, "created_at": pushed}],
        }

    def approve(self, number: int, by: str, at: str) -> None:
        """Let somebody approve a merge request."""
        one = {"user": {"username": by, "name": by.title()}, "approved_at": at}
        self.requests[number]["approvals"]["approved_by"].append(one)

    def _get_repository_commits_sha_merge_requests(self, _asked: Asked, words: list[str]) -> Given:
        every = (one["merge_request"] for one in self.requests.values())
        return Given(200, [one for one in every if one["sha"] == words[2]])

    def _part(self, words: list[str], name: str) -> Given:
        return Given(200, self.requests[int(words[1])][name])

    def _get_merge_requests_n(self, _asked: Asked, words: list[str]) -> Given:
        return self._part(words, "merge_request")

    def _get_merge_requests_n_approvals(self, _asked: Asked, words: list[str]) -> Given:
        return self._part(words, "approvals")

    def _get_merge_requests_n_commits(self, _asked: Asked, words: list[str]) -> Given:
        return self._part(words, "commits")

    def _get_merge_requests_n_discussions(self, _asked: Asked, words: list[str]) -> Given:
        return self._part(words, "discussions")

    def _get_merge_requests_n_versions(self, _asked: Asked, words: list[str]) -> Given:
        return self._part(words, "versions")

    # Environments

    def _get_protected_environments(self, _asked: Asked, _words: list[str]) -> Given:
        return Given(200, self.protected)

    def _get_environments(self, _asked: Asked, _words: list[str]) -> Given:
        return Given(200, self.environments)
