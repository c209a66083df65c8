"""Read the keys of a document generously: spelling variants, one value or several, dates with or without time."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from standfast.evidence.documents.schema import Approval
from standfast.evidence.formats.yaml_values import Plain
from standfast.evidence.wording.people import Person, person

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?\Z", re.DOTALL)
_ROLE = re.compile(r"(?P<who>[^()]+?)\s*\((?P<role>[^()]*)\)\s*\Z")
_BETWEEN = re.compile(r"[,;&]|\band\b")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})\Z")


class Meta:
    """A table of keys, looked up by any of several names; ``-`` and spaces count as ``_``."""

    def __init__(self, table: Mapping[str, Plain]) -> None:
        self.table: dict[str, Plain] = {fold_key(key): value for key, value in table.items()}

    def raw(self, *names: str) -> Plain:
        """Return the first value that is not None under one of *names*."""
        return next((self.table[name] for name in names if self.table.get(name) is not None), None)

    def text(self, *names: str) -> str:
        """Return a scalar as text; empty where there is none."""
        value = self.raw(*names)
        return as_text(value)

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return a scalar or a list of scalars as texts."""
        return as_texts(self.raw(*names))

    def day(self, *names: str) -> date | None:
        """Return a date, or None where there is none that can be read."""
        return as_day(self.raw(*names))

    def people(self, *names: str) -> tuple[Person, ...]:
        """Return the persons named by a text, a list of texts, or tables with ``name``, ``email``, ``login``."""
        return tuple(approval.by for approval in self.approvals(*names))

    def approvals(self, *names: str) -> tuple[Approval, ...]:
        """Return who approves: a text such as ``Ana (product owner)``, a table with ``name``, ``role``, ``at``."""
        values = (part for value in as_list(self.raw(*names)) for part in _apart(value))
        return tuple(approval for value in values if (approval := _approval(value)) is not None)

    def tables(self, *names: str) -> tuple["Meta", ...]:
        """Return each table of a list of tables; anything else in the list is left out."""
        return tuple(Meta(value) for value in as_list(self.raw(*names)) if isinstance(value, dict))


def fold_key(key: str) -> str:
    """Return *key* in the one spelling under which it is looked up."""
    return re.sub(r"[\s-]+", "_", key.strip().casefold())


def as_list(value: Plain) -> list[Plain]:
    """Return *value* as a list: itself, or the one value, or nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def as_text(value: Plain) -> str:
    """Return a scalar as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def as_texts(value: Plain) -> tuple[str, ...]:
    """Return a scalar or a list of scalars as texts, empty ones left out."""
    return tuple(text for item in as_list(value) if (text := as_text(item)))


def as_day(value: Plain) -> date | None:
    """Return the date that *value* begins with, or None."""
    match = _DATE.match(as_text(value))
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def as_moment(value: Plain) -> datetime | None:
    """Return the moment that *value* is in UTC; one without a zone is taken as UTC; None where it is not one."""
    text = as_text(value)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def as_digest(text: str) -> str:
    """Return a SHA-256 in the one spelling used here, or nothing where *text* is not one."""
    match = _DIGEST.match(text.strip())
    return f"sha256:{match[1].lower()}" if match else ""


def _apart(value: Plain) -> list[Plain]:
    """Return several persons in one text one by one: ``Ana Ruiz, Bea Lund and Cy Moss``."""
    if not isinstance(value, str) or len(value) > 2000:
        return [value]
    return [part for part in _BETWEEN.split(value) if part.strip()]


def _approval(value: Plain) -> Approval | None:
    if isinstance(value, dict):
        table = Meta(value)
        by = Person(name=table.text("name", "by", "who"), email=table.text("email"), login=table.text("login"))
        if not by.email and not by.login:
            by = person(by.name)
        if not by.identities():
            return None
        on = table.day("at", "on", "date", "approved_at", "reviewed_at")
        return Approval(by, table.text("role"), on, as_digest(table.text("digest", "sha256", "body_digest")))
    text = as_text(value)
    role = _ROLE.match(text) if len(text) < 500 else None
    by = person(role["who"] if role else text)
    return Approval(by, role["role"] if role else "") if by.identities() else None


def merged(approvals: tuple[Approval, ...], *, role: str, on: date | None, digest: str) -> Iterator[Approval]:
    """Yield *approvals*, each completed by what stands beside them in the same table."""
    for approval in approvals:
        yield Approval(approval.by, approval.role or role, approval.on or on, approval.digest or digest)
