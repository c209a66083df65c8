"""Run a control's cases: data whose file name is the expectation."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from standfast.evidence.codec import kind_type
from standfast.gates.bind import BoundControl, Control
from standfast.gates.judge import Judgement, admit, judge
from standfast.model import (
    Clause,
    ClauseKind,
    ConfigurationError,
    Enforcement,
    Outcome,
    Producer,
    Profile,
    Statement,
    Subject,
    canonical_json,
    sha256,
)

MOMENT = datetime(2026, 1, 15, 12, tzinfo=UTC)
SUBJECT = Subject(repository="case", tree="1" * 40, commit="2" * 40)
_FIELDS = {"evidence", "params", "profile", "now", "subject", "age_days", "tool", "problems", "evidence_subject"}


class Case(msgspec.Struct, frozen=True):
    """One case file: its name, what it expects, and its content."""

    name: str
    expected: Outcome
    content: Mapping[str, Any]


def cases_of(folder: Traversable) -> Iterator[Case]:
    """Yield the cases of a control folder, by name.

    Raises:
        ConfigurationError: A file's name says no outcome, or its content has an unknown key.
    """
    for file in sorted(folder.joinpath("cases").iterdir(), key=lambda entry: entry.name):
        parts = file.name.split(".")
        if len(parts) != 3 or parts[2] != "json" or parts[1] not in list(Outcome):
            raise ConfigurationError("case-name", f"{file.name} is not `<what>.<outcome>.json`")
        content = json.loads(file.read_text())
        unknown = set(content) - _FIELDS
        if unknown:
            raise ConfigurationError("case-key", f"{file.name} has unknown keys {sorted(unknown)}")
        yield Case(file.name, Outcome(parts[1]), content)


def run_case(control: Control, case: Case) -> Judgement:
    """Return what *control* finds in *case*, with the parameters that the case or the control gives.

    A case holds ``evidence`` by kind (one body or a list), and optionally ``params``, ``profile`` (flags; those
    the control applies to are true by default), ``now``, ``age_days``, ``tool``, ``problems``, ``subject`` (fields to
    change) and ``evidence_subject`` (the same, for the evidence).
    """
    content = case.content
    now = datetime.fromisoformat(content["now"]) if "now" in content else MOMENT
    subject = msgspec.structs.replace(SUBJECT, **content.get("subject", {}))
    about = msgspec.structs.replace(subject, **content.get("evidence_subject", {}))
    flags = dict.fromkeys(control.spec.applies_when, True)
    profile = msgspec.convert({**flags, **content.get("profile", {})}, Profile)
    params = None
    if control.params_type is not None:
        params = msgspec.convert(content.get("params", {}), control.params_type)
    bound = BoundControl(
        control=control,
        clauses=(Clause(id="case.clause", kind=ClauseKind.GATE, text="case", line=1, source="case"),),
        gates=("clause",),
        enforcement=Enforcement.BLOCK,
        params=params,
    )
    return judge(bound, admit(_statements(content, about, now), subject=subject, profile=profile, now=now))


def _statements(content: Mapping[str, Any], subject: Subject, now: datetime) -> Iterator[Statement]:
    for kind, given in content["evidence"].items():
        for index, plain in enumerate(given if isinstance(given, list) else [given]):
            body = msgspec.convert(plain, kind_type(kind))
            yield Statement(
                digest=sha256(canonical_json(body) + bytes([index])),
                subject=subject,
                producer=Producer(tool=content.get("tool", "case"), version="1"),
                produced_at=now - timedelta(days=content.get("age_days", 0)),
                raw=(),
                body=body,
                problems=tuple(content.get("problems", ())),
            )
