"""Import the approvals of a GitLab merge request, with its commits and discussions, from one object."""

from datetime import datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.reviews.schema import Level, Review, Reviews, State
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.people import Person
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="gitlab-merge-request",
    title="a GitLab merge request with its approvals",
    produced_with={
        "GitLab": "M=projects/:id/merge_requests/N; jq -n --slurpfile m <(glab api $M) --slurpfile a <(glab api "
        "$M/approvals) --slurpfile c <(glab api $M/commits) --slurpfile d <(glab api $M/discussions) "
        "'{merge_request: $m[0], approvals: $a[0], commits: $c[0], discussions: $d[0]}' > review.json",
    },
)


class _User(msgspec.Struct, frozen=True):
    username: str = ""
    name: str = ""


class _Approval(msgspec.Struct, frozen=True):
    user: _User
    approved_at: str | None = None


class _Approvals(msgspec.Struct, frozen=True):
    approved_by: list[_Approval] = []


class _MergeRequest(msgspec.Struct, frozen=True):
    iid: int
    sha: str
    author: _User
    web_url: str = ""


class _Commit(msgspec.Struct, frozen=True):
    id: str
    author_name: str = ""
    author_email: str = ""
    committer_name: str = ""
    committer_email: str = ""
    committed_date: str = ""


class _Note(msgspec.Struct, frozen=True):
    resolvable: bool = False
    resolved: bool = False


class _Discussion(msgspec.Struct, frozen=True):
    notes: list[_Note] = []


class _Version(msgspec.Struct, frozen=True):
    head_commit_sha: str = ""
    created_at: str = ""


class _Export(msgspec.Struct, frozen=True):
    merge_request: _MergeRequest
    approvals: _Approvals
    commits: list[_Commit] | None = None
    discussions: list[_Discussion] | None = None
    versions: list[_Version] | None = None


def recognise(head: Head) -> bool:
    """Return whether the bytes are a merge request with its approvals."""
    return head.shape == "object" and {"merge_request", "approvals"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the approvals of the merge request.

    GitLab does not record which commit was approved. An approval counts for the final commit only where it is
    dated after that commit was made, and after it came to GitLab where the export tells the versions of the request
    (the date of a commit is what its author says); without a date it counts for none.

    Raises:
        EvidenceError: It is not JSON of that shape.
    """
    export = decode_report(data, _Export, FORMAT.title)
    request, commits = export.merge_request, export.commits or []
    if not request.sha:
        raise EvidenceError("review-head", "the export does not say which commit is the final one of the change")
    newest = next((commit for commit in commits if commit.id == request.sha), None)
    authors = [_person(request.author), *(Person(name=one.author_name, email=one.author_email) for one in commits)]
    pusher = None if newest is None else Person(name=newest.committer_name, email=newest.committer_email)
    body = Reviews(
        examination=Examination(unit="changes", examined=1),
        scope="gitlab",
        level=Level.FORGE,
        reference=request.web_url or f"!{request.iid}",
        head=request.sha,
        authors=tuple(dict.fromkeys(authors)),
        last_pusher=pusher if pusher is not None and pusher.identities() else None,
        reviews=tuple(_review(approval, newest, export.versions) for approval in export.approvals.approved_by),
        open_threads=_open_threads(export.discussions),
    )
    problems = () if newest else ("the export does not list the final commit, so it is not known who pushed it",)
    return Reading(body=body, tool="gitlab", revision=request.sha, problems=problems)


def _person(user: _User) -> Person:
    return Person(name=user.name, login=user.username)


def _review(approval: _Approval, newest: _Commit | None, versions: list[_Version] | None) -> Review:
    at = moment(approval.approved_at) if approval.approved_at else None
    since = _since(newest, versions)
    covers = newest is not None and at is not None and since is not None and at >= since
    return Review(by=_person(approval.user), state=State.APPROVED, at=at, commit=newest.id if newest and covers else "")


def _since(newest: _Commit | None, versions: list[_Version] | None) -> datetime | None:
    """Return from when on an approval can be of *newest*; None where that is not known."""
    made = None if newest is None else moment(newest.committed_date)
    if made is None or newest is None or versions is None:
        return made
    came = [moment(one.created_at) for one in versions if one.head_commit_sha == newest.id]
    known = [when for when in came if when is not None]
    return max(made, *known) if known and len(known) == len(came) else None


def _open_threads(discussions: list[_Discussion] | None) -> int | None:
    if discussions is None:
        return None
    return sum(1 for one in discussions if any(note.resolvable and not note.resolved for note in one.notes))
