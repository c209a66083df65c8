"""Decide whether each commit of the change belongs to a session or an issue."""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.changes.schema import Changes, Commit
from standfast.model import Finding

_REFERENCE = re.compile(r"(?:^|[\s(\[])(?:#\d+|[A-Z][A-Z0-9]+-\d+)\b")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The trailers (lower case) that link a commit."""

    trailers: tuple[str, ...] = (
        "change-session", "session", "issue", "issues", "closes", "fixes", "resolves", "refs", "references", "ticket",
    )  # fmt: skip


def probe(changes: Changes, params: Params) -> Iterator[Finding]:
    """Yield one finding per commit without a link; merges belong to what they merge.

    Args:
        changes: The commits of the change.
        params: What counts as a link.

    Clause:
        session_integration.compliance_tracking.development_audit
    """
    for commit in changes.commits:
        if not commit.merge and not _linked(commit, params):
            said = f"commit {commit.id:.12} ({commit.subject[:60]}) names no session"
            yield Finding(said, rule="unlinked-commit", fingerprint=commit.id)


def _linked(commit: Commit, params: Params) -> bool:
    return bool(commit.values(*params.trailers)) or _REFERENCE.search(commit.subject) is not None
