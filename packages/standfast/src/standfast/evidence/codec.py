"""The stored form of a statement: an in-toto Statement v1, as canonical JSON."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

import msgspec

from standfast.model import (
    Digest,
    Evidence,
    EvidenceError,
    Fact,
    Producer,
    RawFile,
    Statement,
    Subject,
    canonical_json,
    sha256,
)

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://standfast.dev/evidence/v1"


class _Resource(msgspec.Struct, frozen=True):
    name: str
    digest: dict[str, str]


class _Predicate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    subject: Subject
    producer: Producer
    produced_at: datetime
    raw: tuple[RawFile, ...]
    facts: tuple[Fact, ...]
    problems: tuple[str, ...]
    body: msgspec.Raw


class _Envelope(msgspec.Struct, frozen=True, kw_only=True, rename={"type": "_type", "predicate_type": "predicateType"}):
    type: str
    subject: tuple[_Resource, ...]
    predicate_type: str
    predicate: _Predicate


def kind_type(kind: str) -> type[Evidence]:
    """Return the schema of an evidence kind.

    Raises:
        EvidenceError: There is no such kind.
    """
    if not kind.isidentifier():
        raise EvidenceError("evidence-kind", f"{kind!r} is not an evidence kind")
    try:
        schema = import_module(f"standfast.evidence.{kind}.schema")
    except ModuleNotFoundError as error:
        raise EvidenceError(
            "evidence-kind", f"{kind!r} is not an evidence kind", hint="`standfast evidence kinds` lists them"
        ) from error
    found: list[type[Evidence]] = [
        value
        for value in vars(schema).values()
        if isinstance(value, type) and issubclass(value, Evidence) and kind == value.KIND
    ]
    return found[0]


def encode(
    *,
    subject: Subject,
    producer: Producer,
    produced_at: datetime,
    raw: tuple[RawFile, ...],
    body: Evidence,
    problems: tuple[str, ...] = (),
) -> bytes:
    """Return the in-toto Statement for one body of evidence; its digest is the statement's address.

    Raises:
        EvidenceError: A number of it is infinite or none, and would be read back as nothing.
    """
    predicate = _Predicate(
        kind=body.KIND,
        subject=subject,
        producer=producer,
        produced_at=produced_at,
        raw=raw,
        facts=tuple(body.facts().values()),
        problems=problems,
        body=msgspec.Raw(_whole(body)),
    )
    return canonical_json(
        _Envelope(
            type=STATEMENT_TYPE,
            subject=(_Resource(subject.repository, _subject_digests(subject)),),
            predicate_type=PREDICATE_TYPE,
            predicate=predicate,
        )
    )


def _whole(body: Evidence) -> bytes:
    """Return the canonical JSON of *body*, in which no number has become ``null``."""
    data = canonical_json(body)
    if b"null" in data:  # rare, and how JSON writes a number that it cannot
        try:
            same = msgspec.json.decode(data, type=type(body)) == body
        except msgspec.DecodeError:
            same = False
        if not same:
            raise EvidenceError(
                "statement-not-finite",
                f"evidence of {body.KIND} holds a number that is infinite or none, and cannot be stored",
                hint="look for inf, nan or a very large number in what was read",
            )
    return data


def stored_form(statement: Statement) -> bytes:
    """Return the bytes that *statement* is stored as; its own digest, which names them, is not looked at."""
    return encode(
        subject=statement.subject,
        producer=statement.producer,
        produced_at=statement.produced_at,
        raw=statement.raw,
        body=statement.body,
        problems=statement.problems,
    )


def decode(data: bytes) -> Statement:
    """Return the statement that *data* is the stored form of.

    Raises:
        EvidenceError: The bytes are not such a statement, or its facts are not those of its body.
    """
    try:
        envelope = msgspec.json.decode(data, type=_Envelope)
        body = msgspec.json.decode(envelope.predicate.body, type=kind_type(envelope.predicate.kind))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise EvidenceError("statement-malformed", f"this is not a stored statement: {error}") from error
    if (envelope.type, envelope.predicate_type) != (STATEMENT_TYPE, PREDICATE_TYPE):
        raise EvidenceError(
            "statement-type",
            f"found {envelope.type} with {envelope.predicate_type}, expected {STATEMENT_TYPE} with {PREDICATE_TYPE}",
        )
    if tuple(body.facts().values()) != envelope.predicate.facts:
        raise EvidenceError("statement-facts", "the facts of the statement are not those of its body")
    predicate = envelope.predicate
    return Statement(
        digest=sha256(data),
        subject=predicate.subject,
        producer=predicate.producer,
        produced_at=predicate.produced_at,
        raw=predicate.raw,
        body=body,
        problems=predicate.problems,
    )


def _subject_digests(subject: Subject) -> dict[str, str]:
    algorithm, _, value = subject.tree.rpartition(":")
    digests = {algorithm or "gitTree": value}
    if subject.commit:
        digests["gitCommit"] = subject.commit
    if subject.artifact:
        name, _, hexadecimal = subject.artifact.partition(":")
        digests[name] = hexadecimal
    return digests


def statement_of(data: bytes, digest: Digest) -> Statement:
    """Return the decoded statement after proving that *data* has *digest*.

    Raises:
        EvidenceError: The bytes were changed, or are not a statement.
    """
    if sha256(data) != digest:
        raise EvidenceError("statement-digest", f"the stored bytes of {digest:.19} are not what they were")
    return decode(data)


def describe(body: Evidence) -> Mapping[str, Any]:
    """Return *body* as plain data, for reports and CEL."""
    plain: Mapping[str, Any] = msgspec.to_builtins(body)
    return plain
