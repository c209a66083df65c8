"""Import the reviews of a GitHub pull request: from `gh pr view`, from the REST API, or from GraphQL."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.reviews.schema import Level, Review, Reviews, State
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.people import Person
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="github-pull-request",
    title="a GitHub pull request with its reviews",
    produced_with={
        "GitHub": "gh pr view N --json number,url,author,commits,headRefOid,reviews,state > review.json",
        "GitHub REST": "jq -n --slurpfile pull <(gh api repos/O/R/pulls/N) --slurpfile reviews <(gh api --paginate "
        "repos/O/R/pulls/N/reviews) --slurpfile commits <(gh api --paginate repos/O/R/pulls/N/commits) "
        "'{pull: $pull[0], reviews: ($reviews | add), commits: ($commits | add)}' > review.json",
    },
)

_DELETED = "ghost"
"""The login under which GitHub shows accounts that were deleted: it identifies nobody."""

_STATES = {state.value.upper(): state for state in State}


class _Login(msgspec.Struct, frozen=True):
    login: str = ""
    name: str | None = None
    email: str | None = None


class _Sha(msgspec.Struct, frozen=True):
    sha: str = ""
    oid: str = ""


class _Review(msgspec.Struct, frozen=True, rename="camel"):
    """One review: the CLI and GraphQL write camel case and ``author``, REST writes snake case and ``user``."""

    state: str
    author: _Login | None = None
    user: _Login | None = None
    submitted_at: str | None = None
    submitted_at_rest: str | None = msgspec.field(default=None, name="submitted_at")
    commit: _Sha | None = None
    commit_id: str | None = msgspec.field(default=None, name="commit_id")
    author_association: str = ""


class _GitIdentity(msgspec.Struct, frozen=True):
    name: str = ""
    email: str = ""


class _CommitDetails(msgspec.Struct, frozen=True):
    author: _GitIdentity | None = None


class _Commit(msgspec.Struct, frozen=True):
    oid: str = ""
    sha: str = ""
    authors: list[_Login] | None = None
    author: _Login | None = None
    committer: _Login | None = None
    commit: _CommitDetails | None = None


class _Thread(msgspec.Struct, frozen=True, rename="camel"):
    is_resolved: bool


class _Pull(msgspec.Struct, frozen=True, rename="camel"):
    number: int = 0
    url: str = ""
    html_url: str = msgspec.field(default="", name="html_url")
    author: _Login | None = None
    user: _Login | None = None
    head_ref_oid: str = ""
    head: _Sha | None = None
    commits: object = None
    reviews: object = None
    review_threads: object = None


class _Combined(msgspec.Struct, frozen=True):
    pull: _Pull
    reviews: list[_Review]
    commits: list[_Commit] | None = None
    threads: list[_Thread] | None = None


class _Repository(msgspec.Struct, frozen=True):
    pull_request: _Pull = msgspec.field(name="pullRequest")


class _Data(msgspec.Struct, frozen=True):
    repository: _Repository


class _GraphQl(msgspec.Struct, frozen=True):
    data: _Data


def recognise(head: Head) -> bool:
    """Return whether the bytes are a pull request with reviews in one of the three shapes."""
    if head.shape != "object":
        return False
    return (
        {"reviews", "headRefOid"} <= head.keys
        or {"pull", "reviews"} <= head.keys
        or (head.keys <= {"data", "extensions"} and "pullRequest" in head.start)
    )


def read(data: bytes) -> Reading:
    """Return the reviews of the pull request.

    Raises:
        EvidenceError: It is not JSON of one of the shapes, or does not say what its final commit is.
    """
    keys = decode_report(data, dict[str, msgspec.Raw], FORMAT.title)
    if "pull" in keys:
        combined = decode_report(data, _Combined, FORMAT.title)
        return _reading(combined.pull, combined.reviews, combined.commits or [], combined.threads)
    if "data" in keys:
        pull = decode_report(data, _GraphQl, FORMAT.title).data.repository.pull_request
    else:
        pull = decode_report(data, _Pull, FORMAT.title)
    commits = [_inner(node) for node in _nodes(pull.commits)]
    threads = None if pull.review_threads is None else _convert(_nodes(pull.review_threads), list[_Thread])
    return _reading(pull, _convert(_nodes(pull.reviews), list[_Review]), _convert(commits, list[_Commit]), threads)


def _nodes(value: object) -> list[object]:
    """Return a list given as it is, or as a GraphQL connection; a connection that goes on is refused."""
    if isinstance(value, dict):
        page = value.get("pageInfo")
        nodes = value.get("nodes")
        if isinstance(page, dict) and page.get("hasNextPage"):
            raise EvidenceError("review-cut-off", "the export holds only the first page of the reviews or commits")
        value = nodes
    return value if isinstance(value, list) else []


def _inner(node: object) -> object:
    """Return the commit inside a GraphQL commit node, or the node itself."""
    if isinstance(node, dict) and isinstance(node.get("commit"), dict) and "oid" in node["commit"]:
        inner = dict(node["commit"])
        authors = inner.get("authors")
        inner["authors"] = [_user(one) for one in _nodes(authors)]
        inner.pop("author", None)
        return inner
    return node


def _user(identity: object) -> object:
    if isinstance(identity, dict) and isinstance(identity.get("user"), dict):
        return {**identity["user"], "name": identity.get("name"), "email": identity.get("email")}
    return identity


def _convert(value: object, shape: type) -> list:  # type: ignore[type-arg]  # the shape says of what
    try:
        converted: list = msgspec.convert(value, shape)  # type: ignore[type-arg]  # as above
    except msgspec.ValidationError as error:
        raise EvidenceError("report-malformed", f"this is not {FORMAT.title}: {error}") from error
    return converted


def _reading(pull: _Pull, reviews: list[_Review], commits: list[_Commit], threads: list[_Thread] | None) -> Reading:
    head = pull.head_ref_oid or (pull.head.sha if pull.head else "")
    if not head:
        raise EvidenceError("review-head", "the export does not say which commit is the final one of the change")
    problems = [] if commits else ["the export does not list the commits, so their authors are not known"]
    last = _last_pusher(commits, head)
    body = Reviews(
        examination=Examination(unit="changes", examined=1),
        scope="github",
        level=Level.FORGE,
        reference=pull.html_url or pull.url or f"#{pull.number}",
        head=head,
        authors=_distinct([*_people([pull.author, pull.user]), *_commit_authors(commits)]),
        last_pusher=last,
        reviews=tuple(_review(review) for review in reviews),
        open_threads=None if threads is None else sum(1 for thread in threads if not thread.is_resolved),
    )
    return Reading(body=body, tool="github", revision=head, produced_at=None, problems=tuple(problems))


def _review(review: _Review) -> Review:
    state = _STATES.get(review.state.upper())
    if state is None:
        raise EvidenceError("review-state", f"{review.state!r} is not a state of a review that is known")
    people = _people([review.author, review.user])
    commit = review.commit_id or ((review.commit.oid or review.commit.sha) if review.commit else "")
    return Review(
        by=people[0] if people and people[0].login != _DELETED else Person(),
        state=state,
        at=_at(review.submitted_at or review.submitted_at_rest),
        commit=commit,
        role=review.author_association.lower(),
    )


def _at(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _people(logins: Iterable[_Login | None]) -> list[Person]:
    return [
        Person(name=login.name or "", email=login.email or "", login=login.login)
        for login in logins
        if login is not None and (login.login or login.email or login.name)
    ]


def _commit_authors(commits: Iterable[_Commit]) -> list[Person]:
    found: list[Person] = []
    for commit in commits:
        found += _people(commit.authors or [commit.author])
        if commit.commit is not None and commit.commit.author is not None:
            found.append(Person(name=commit.commit.author.name, email=commit.commit.author.email))
    return found


def _last_pusher(commits: list[_Commit], head: str) -> Person | None:
    newest = next((commit for commit in commits if head in (commit.oid, commit.sha)), None)
    if newest is None:
        return None
    people = _people([newest.committer]) or _people(newest.authors or [newest.author])
    return people[0] if people else None


def _distinct(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(people))
