"""GitHub as its published description has it: each request and each answer is held to the schemas of one version."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from fake_forge import TOKEN, Asked, FakeForge, Given, Json

REPOSITORY = "acme/pay"
_SCHEMAS = Path(__file__).parent / "schemas" / "github"
_UNDESCRIBED = {("POST /repos/{owner}/{repo}/statuses/{sha}", 422)}
"""What GitHub answers all the same: a status of a commit that it does not have."""
_LIMITED = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}


@cache
def description(version: str) -> dict[str, Any]:
    """Return the reduced description of one version of the API."""
    found: dict[str, Any] = json.loads((_SCHEMAS / f"{version}.json").read_text())
    return found


@cache
def _routes(version: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    operations = description(version)["operations"]
    found = []
    for name in operations:
        method, template = name.split(" ")
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        found.append((method, re.compile(pattern + r"\Z"), name))
    return tuple(found)


def sample(schema: Json, definitions: dict[str, Json]) -> Json:
    """Return the least value that *schema* admits."""
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].removeprefix("#/definitions/")], definitions)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return None if {"type": "null"} in schema[word] else sample(schema[word][0], definitions)
    if "allOf" in schema:
        return {name: value for one in schema["allOf"] for name, value in sample(one, definitions).items()}
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        fields = schema.get("properties", {})
        return {name: sample(fields.get(name, {}), definitions) for name in schema.get("required", ())}
    number = schema.get("minimum", 1)
    plain: dict[str, Json] = {"array": [], "boolean": False, "integer": number, "number": number, "string": "x"}
    return plain.get(schema.get("type", ""))


def laid(over: Json, under: Json) -> Json:
    """Return *under* with what *over* says."""
    if isinstance(over, dict) and isinstance(under, dict):
        return {**under, **{name: laid(value, under.get(name)) for name, value in over.items()}}
    return over


class FakeGitHub(FakeForge):
    """One repository. Requests that the description does not admit are answered as GitHub does, and kept."""

    def __init__(self, version: str = "2022-11-28") -> None:
        super().__init__()
        self.version = version
        self._description = description(version)
        self.issues: dict[int, dict[str, Any]] = {}
        self.issue_comments: dict[int, list[dict[str, Any]]] = {}
        self.statuses: dict[str, list[dict[str, Any]]] = {}
        self.runs: list[dict[str, Any]] = []
        self.pulls: dict[int, dict[str, Any]] = {}
        self.pull_reviews: dict[int, list[dict[str, Any]]] = {}
        self.pull_commits: dict[int, list[dict[str, Any]]] = {}
        self.guarded: list[dict[str, Any]] = []
        self.unknown_commits: set[str] = set()
        self._next = 100

    def authorised(self, asked: Asked) -> bool:
        """Return whether the request bears the token."""
        return asked.headers.get("authorization") == f"Bearer {TOKEN}"

    def answer(self, asked: Asked) -> Given:
        """Return what GitHub answers."""
        for method, pattern, name in _routes(self.version):
            match = pattern.match(asked.path)
            if method == asked.method and match:
                return self._operated(asked, name, match.groupdict())
        self.problems.append(f"{asked.method} {asked.path} is no operation of the description")
        return Given(404, {"message": "Not Found"})

    def _operated(self, asked: Asked, name: str, parts: dict[str, str]) -> Given:
        operation = self._description["operations"][name]
        before = len(self.problems)
        self._examine(asked, name, operation)
        if len(self.problems) > before:
            return Given(422, {"message": "Validation Failed"})
        if f"{parts['owner']}/{parts['repo']}" != REPOSITORY:
            return Given(404, {"message": "Not Found"})
        method, template = name.split(" ")
        words = re.sub(r"/repos/\{owner\}/\{repo\}/?", "", template)
        act = getattr(self, "_" + re.sub(r"\W+", "_", f"{method.lower()} {words}").strip("_"))
        given: Given = act(asked, parts)
        return self._held(given, name, operation)

    def _examine(self, asked: Asked, name: str, operation: dict[str, Any]) -> None:
        if asked.headers.get("x-github-api-version") != self.version:
            self.problems.append(f"{name} asks for version {asked.headers.get('x-github-api-version')}")
        known = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
        for key, value in asked.query.items():
            if key not in known:
                self.problems.append(f"{name} has no parameter {key}")
                continue
            whole = known[key]["schema"].get("type") == "integer"
            self._require(known[key]["schema"], int(value) if whole else value, f"parameter {key} of {name}")
        if operation["request"] is not None and asked.body is not None:
            self._require(operation["request"], asked.body, f"the body of {name}")
            self._require_known(operation["request"], asked.body, name)
        elif operation["request"] is None and asked.body is not None:
            self.problems.append(f"{name} takes no body")
        if name.startswith("POST") and asked.body is None:
            self.problems.append(f"{name} needs a body")
        if name.endswith("/check-runs") and asked.body and asked.body.get("status") == "completed":
            # the published description has lost the rule that its prose still tells
            self._require({"required": ["conclusion"]}, asked.body, f"the body of {name}")

    def _require_known(self, schema: Json, body: Json, name: str) -> None:
        extra = set(body) - set(schema.get("properties", body)) if isinstance(body, dict) else set()
        if extra:
            self.problems.append(f"the body of {name} has unknown fields: {sorted(extra)}")

    def _require(self, schema: Json, value: Json, what: str) -> None:
        whole = {**schema, "definitions": self._description["definitions"]}
        for error in jsonschema_rs.Draft7Validator(whole).iter_errors(value):
            self.problems.append(f"{what}: {error.message}"[:300])

    def _held(self, given: Given, name: str, operation: dict[str, Any]) -> Given:
        if (name, given.status) in _UNDESCRIBED:
            return given
        schema = operation["answers"].get(str(given.status), "missing")
        if schema == "missing":
            self.problems.append(f"{name} never answers {given.status}")
        elif schema is not None:
            self._require(schema, given.body, f"our own answer to {name}")
        return given

    def _made(self, definition: str, **over: Json) -> dict[str, Any]:
        definitions = self._description["definitions"]
        found: dict[str, Any] = laid(over, sample(definitions[definition], definitions))
        return found

    def _id(self) -> int:
        self._next += 1
        return self._next

    # Issues

    def _get_issues(self, asked: Asked, _parts: dict[str, str]) -> Given:
        ordered = sorted(self.issues.values(), key=lambda one: one["number"])
        return Given(200, [one for one in ordered if one["updated_at"] >= asked.query.get("since", "")])

    def _post_issues(self, asked: Asked, _parts: dict[str, str]) -> Given:
        number = max(self.issues, default=33) + 1
        return Given(201, self.new_issue(number, asked.body["title"], asked.body.get("body", "")))

    def new_issue(self, number: int, title: str, body: str) -> dict[str, Any]:
        """Return an issue that is there from now on."""
        self.issues[number] = self._made(
            "issue",
            number=number,
            title=title,
            body=body,
            state="open",
            updated_at="2999-01-01T00:00:00Z",
            html_url=f"https://github.example/{REPOSITORY}/issues/{number}",
        )
        self.issue_comments[number] = []
        return self.issues[number]

    def _get_issues_issue_number(self, _asked: Asked, parts: dict[str, str]) -> Given:
        found = self.issues.get(int(parts["issue_number"]))
        return Given(200, found) if found else self._missing()

    def _missing(self) -> Given:
        return Given(404, self._made("basic-error", message="Not Found"))

    def _patch_issues_issue_number(self, asked: Asked, parts: dict[str, str]) -> Given:
        one = self.issues[int(parts["issue_number"])]
        one.update({name: asked.body[name] for name in ("state", "state_reason") if name in asked.body})
        return Given(200, one)

    def _get_issues_issue_number_comments(self, _asked: Asked, parts: dict[str, str]) -> Given:
        number = int(parts["issue_number"])
        return Given(200, self.issue_comments[number]) if number in self.issues else self._missing()

    def _post_issues_issue_number_comments(self, asked: Asked, parts: dict[str, str]) -> Given:
        one = self._made("issue-comment", id=self._id(), body=asked.body["body"])
        self.issue_comments[int(parts["issue_number"])].append(one)
        return Given(201, one)

    def _patch_issues_comments_comment_id(self, asked: Asked, parts: dict[str, str]) -> Given:
        (one,) = (
            one for every in self.issue_comments.values() for one in every if one["id"] == int(parts["comment_id"])
        )
        one["body"] = asked.body["body"]
        return Given(200, one)

    def _labels(self, parts: dict[str, str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.issues[int(parts["issue_number"])]["labels"]
        return found

    def _get_issues_issue_number_labels(self, _asked: Asked, parts: dict[str, str]) -> Given:
        return Given(200, self._labels(parts))

    def _post_issues_issue_number_labels(self, asked: Asked, parts: dict[str, str]) -> Given:
        labels = self._labels(parts)
        if not self.drops_labels:  # without push access they are dropped, and nobody is told
            there = {one["name"] for one in labels}
            labels += [self._made("label", name=name) for name in asked.body["labels"] if name not in there]
        return Given(200, labels)

    def _delete_issues_issue_number_labels_name(self, _asked: Asked, parts: dict[str, str]) -> Given:
        from urllib.parse import unquote

        labels = self._labels(parts)
        labels[:] = [one for one in labels if one["name"] != unquote(parts["name"])]
        return Given(200, labels)

    # Commits

    def _get_commits_ref_statuses(self, _asked: Asked, parts: dict[str, str]) -> Given:
        return Given(200, list(reversed(self.statuses.get(parts["ref"], []))))

    def _post_statuses_sha(self, asked: Asked, parts: dict[str, str]) -> Given:
        if parts["sha"] in self.unknown_commits:
            return Given(422, {"message": f"No commit found for SHA: {parts['sha']}"})
        one = self._made("status", id=self._id(), **asked.body)
        self.statuses.setdefault(parts["sha"], []).append(one)
        return Given(201, one)

    def _get_commits_ref_check_runs(self, _asked: Asked, parts: dict[str, str]) -> Given:
        found = [one for one in self.runs if one["head_sha"] == parts["ref"]]
        return Given(200, {"total_count": len(found), "check_runs": found})

    def _post_check_runs(self, asked: Asked, _parts: dict[str, str]) -> Given:
        one = self._made("check-run", id=self._id(), **asked.body)
        self.runs.append(one)
        return Given(201, one)

    def _get_commits_commit_sha_pulls(self, _asked: Asked, parts: dict[str, str]) -> Given:
        commits = {number: {one["sha"] for one in found} for number, found in self.pull_commits.items()}
        numbers = [number for number, found in commits.items() if parts["commit_sha"] in found]
        return Given(200, [self._made("pull-request-simple", **self.pulls[number]) for number in sorted(numbers)])

    # Pull requests

    def pull(self, number: int, head: str, author: str, *earlier: str) -> None:
        """Let there be a pull request by *author*, whose newest commit is *head*, after *earlier* ones."""
        self.pulls[number] = {
            "number": number,
            "head": {"sha": head},
            "user": self._made("simple-user", login=author),
            "html_url": f"https://github.example/{REPOSITORY}/pull/{number}",
        }
        self.pull_commits[number] = [
            self._made("commit", sha=sha, commit={"author": {"name": author, "email": f"{author}@example.org"}})
            for sha in (*earlier, head)
        ]
        self.pull_reviews[number] = []

    def review(self, number: int, by: str, state: str, commit: str, at: str = "2026-03-01T10:00:00Z") -> None:
        """Let somebody review a state of a pull request."""
        user = self._made("simple-user", login=by)
        one = self._made("pull-request-review", user=user, state=state, commit_id=commit, submitted_at=at)
        self.pull_reviews[number].append(one)

    def _get_pulls_pull_number(self, _asked: Asked, parts: dict[str, str]) -> Given:
        number = int(parts["pull_number"])
        counted = len(self.pull_commits[number])
        return Given(200, self._made("pull-request", **{"commits": counted, **self.pulls[number]}))

    def _get_pulls_pull_number_reviews(self, _asked: Asked, parts: dict[str, str]) -> Given:
        return Given(200, self.pull_reviews[int(parts["pull_number"])])

    def _get_pulls_pull_number_commits(self, _asked: Asked, parts: dict[str, str]) -> Given:
        return Given(200, self.pull_commits[int(parts["pull_number"])])

    # Environments

    def guard(self, name: str, *rules: dict[str, Any], branches: dict[str, bool] | None = None) -> None:
        """Let there be an environment with those rules."""
        made = [{"id": self._id(), "node_id": "x", **rule} for rule in rules]
        self.guarded.append(
            self._made("environment", name=name, protection_rules=made, deployment_branch_policy=branches)
        )

    def _get_environments(self, _asked: Asked, _parts: dict[str, str]) -> Given:
        return Given(200, {"total_count": len(self.guarded), "environments": self.guarded})


def secondary_limit(seconds: int | None) -> Given:
    """Return the answer of GitHub to who asks too much at once."""
    return Given(403, _LIMITED, {} if seconds is None else {"Retry-After": str(seconds)})
