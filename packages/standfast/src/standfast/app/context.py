"""Put together what a verdict depends on beside the evidence."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.ledger.recorded import granted_in
from standfast.app.repository.subject import WorkingCopy, working_subject
from standfast.app.written.settings import FILE_NAME as SETTINGS_FILE
from standfast.app.written.settings import OwnControl as OwnTable
from standfast.app.written.settings import ProjectTable, Settings, read_settings, waiver_policy
from standfast.app.written.waivers import FILE_NAME as WAIVERS_FILE
from standfast.app.written.waivers import read_waivers
from standfast.evidence.changes.schema import Changes
from standfast.evidence.wording.people import Person
from standfast.gates.decide import Context
from standfast.gates.own import OwnControl
from standfast.model import (
    ConfigurationError,
    ControlChange,
    ControlSpec,
    GrantedWaiver,
    Standard,
    Statement,
    Subject,
    UsageError,
    Waiver,
)
from standfast.model.control import ParamValue

FREEZE_CONTROL = "no-change-freeze-is-in-force"


_ARTIFACT = re.compile(r"sha256:[0-9a-f]{64}\Z")


class Written(msgspec.Struct, frozen=True):
    """What the project wrote about itself: settings and waivers, and which waivers its ledger has."""

    settings: Settings
    waivers: tuple[Waiver, ...]
    granted: tuple[GrantedWaiver, ...] = ()


def asked_about(root: Path, own: ProjectTable, *, base: str | None, artifact: str | None) -> WorkingCopy:
    """Return the state of the working copy at *root*, named as *own* says; *artifact* is what was built from it.

    Raises:
        UsageError: The artifact is no digest.
        ConfigurationError: See `working_subject`.
    """
    if artifact is not None and _ARTIFACT.match(artifact) is None:
        raise UsageError(
            "artifact-invalid",
            f"{artifact!r:.100} is no artifact",
            hint="expected the digest of what was built: sha256: and 64 hexadecimal digits",
        )
    copy = working_subject(root, base=base or own.base, service=own.service, environment=own.environment)
    return msgspec.structs.replace(copy, subject=msgspec.structs.replace(copy.subject, artifact=artifact))


def read_written(root: Path) -> Written:
    """Return the settings and waivers in *root*, with those of its ledger.

    Raises:
        ConfigurationError: One of the two files cannot be taken as it is, or there are no settings.
        LedgerError: The ledger has waivers and does not verify.
    """
    settings, _ = read_settings(root / SETTINGS_FILE)
    waivers, granted = read_waivers(root / WAIVERS_FILE), granted_in(root)
    twice = {one.id for one in waivers} & {one.waiver.id for one in granted}
    if twice:
        raise ConfigurationError(
            "waivers-duplicate",
            f"{WAIVERS_FILE} has a waiver with the id {min(twice)!r}, which is granted in the ledger",
            hint="delete it from the file: what is granted counts without it",
        )
    return Written(settings, waivers, granted)


def context_of(
    written: Written, standard: Standard, subject: Subject, *, selection: tuple[str, ...], now: datetime
) -> Context:
    """Return the context of a decision at *now*, as far as it is known before evidence is collected."""
    settings = written.settings
    return Context(
        standard=standard,
        subject=subject,
        profile=settings.profile,
        changes=_changes(settings),
        own=tuple(_own(table) for table in settings.control),
        waivers=written.waivers,
        policy=waiver_policy(settings),
        failures=(),
        authors=None,
        selection=selection,
        notices=(),
        decided_at=now,
        granted=written.granted,
    )


def authors_in(statements: Iterable[Statement], subject: Subject) -> tuple[Person, ...] | None:
    """Return who wrote the change, or None where no evidence about *subject* names anybody.

    A change without commits has no known author either: its base is the commit itself.
    """
    changes = [
        statement.body
        for statement in statements
        if isinstance(statement.body, Changes) and subject.mismatch(statement.subject) is None
    ]
    return tuple(dict.fromkeys(author for body in changes for author in body.authors)) or None


def _changes(settings: Settings) -> dict[str, ControlChange]:
    if not settings.freeze:
        return settings.controls
    periods: ParamValue = [
        {"starts": freeze.starts.isoformat(), "ends": freeze.ends.isoformat(), "reason": freeze.reason}
        for freeze in settings.freeze
    ]
    change = settings.controls.get(FREEZE_CONTROL, ControlChange())
    with_calendar = msgspec.structs.replace(change, params={**change.params, "periods": periods})
    return {**settings.controls, FREEZE_CONTROL: with_calendar}


def _own(table: OwnTable) -> OwnControl:
    spec = {name: getattr(table, name) for name in table.__struct_fields__ if name != "id"}
    return OwnControl(id=table.id, spec=ControlSpec(**spec))
