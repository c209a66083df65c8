"""In-toto statements about the subject of a verdict."""

from typing import Any

import msgspec

from standfast.model import Digest, Subject, Verdict, canonical_json, sha256

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
VERIFIER = "pkg:pypi/standfast"
DETAIL = "pkg:pypi/standfast#verdict"
"""The extension field with our own detail; in-toto asks that such names be URIs."""

_GIT_ID = 40


def statement(verdict: Verdict, predicate_type: str, predicate: dict[str, Any]) -> bytes:
    """Return a readable statement; equal verdicts give equal bytes."""
    document = {
        "_type": STATEMENT_TYPE,
        "subject": subjects(verdict.subject),
        "predicateType": predicate_type,
        "predicate": predicate,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def subjects(subject: Subject) -> list[dict[str, Any]]:
    """Return the subjects by digest: what was built, and the source it was built from.

    The commit is named only where the content was that commit's; of a dirty tree only the content is.
    """
    found = []
    if subject.artifact:
        found.append({"name": subject.service or subject.repository, "digest": digest_set(subject.artifact)})
    digests = digest_set(subject.tree, git="gitTree")
    if subject.commit and not subject.dirty:
        digests = {"gitCommit": subject.commit, **digests}
    found.append({"name": subject.repository, "digest": digests})
    return found


def digest_set(digest: str, git: str = "gitCommit") -> dict[str, str]:
    """Return *digest* (``algorithm:value`` or a git object id) as a digest set."""
    algorithm, _, value = digest.rpartition(":")
    if algorithm:
        return {algorithm: value}
    return {git if len(value) == _GIT_ID else "sha256": value}


def verdict_digest(verdict: Verdict) -> Digest:
    """Return the digest of the verdict's own record, the bytes of the ``json`` format."""
    return sha256(canonical_json(verdict))


def detail(verdict: Verdict) -> dict[str, Any]:
    """Return what the common predicates cannot say: the status, and which controls closed which gate."""
    return {
        "status": verdict.status,
        "exitCode": verdict.exit_code,
        "gates": {gate.gate: gate.status for gate in verdict.gates},
        "undecided": [result.control for result in verdict.results if result.status in ("unknown", "error")],
        "verdict": {"digest": digest_set(verdict_digest(verdict)), "mediaType": "application/json"},
    }
