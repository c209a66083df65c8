"""Statements: evidence with its subject, its producer and the digests of the raw bytes."""

from datetime import datetime

import msgspec

from standfast.model.digest import Digest
from standfast.model.evidence import Evidence
from standfast.model.subject import Subject


class Producer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What made the evidence. ``exit_status`` is None for a report that was imported, not run here."""

    tool: str
    version: str = ""
    command: tuple[str, ...] = ()
    exit_status: int | None = None
    duration_s: float | None = None
    configuration: Digest | None = None


class RawFile(msgspec.Struct, frozen=True):
    """One file of raw bytes that the evidence was read from."""

    name: str
    digest: Digest
    size: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence about one subject. Its stored form is an in-toto Statement v1 (`evidence.codec`).

    ``digest`` is the content address of that stored form; ``produced_at`` is in UTC.
    ``problems`` are reasons why it cannot prove anything although it could be read (the tool was killed,
    the report is older than its inputs, its revision is another one): it may fail a control, never pass one.
    """

    digest: Digest
    subject: Subject
    producer: Producer
    produced_at: datetime
    raw: tuple[RawFile, ...]
    body: Evidence
    problems: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The evidence kind."""
        return self.body.KIND
