"""What the forge says about a change, as evidence: asked for each time, because what was said can be taken back."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.collecting.collect import Collected
from standfast.app.forge.asking import environments_of
from standfast.app.forge.hearing import FORMATS
from standfast.app.forge.opening import forge_of
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Forge, ForgeError
from standfast.app.modules.evidence_modules import importers
from standfast.app.repository.subject import WorkingCopy
from standfast.app.storage.store import COLLECTED, NO_DIGEST, Slot, Store
from standfast.app.written.settings import Settings
from standfast.evidence.contract import Reading, readings
from standfast.gates.judge import Failure
from standfast.model import Producer, RawFile, StandfastError, Statement, Subject

SOURCE = "forge"
_REVIEWS, _ENVIRONMENTS = "reviews", "environments"
TOLD = (_REVIEWS, _ENVIRONMENTS)
"""The kinds of evidence that a forge is asked for."""


def with_forge(
    collected: Collected,
    settings: Settings,
    copy: WorkingCopy,
    kinds: Collection[str],
    *,
    now: Callable[[], datetime],
    asking: bool,
) -> Collected:
    """Return *collected* with what the forge of *settings* says now about the subject of *copy*.

    Where it is not *asking*, what the forge said last about this content stays. Where it does not answer, nothing of
    that stays: an approval that cannot be looked up does not count.

    Raises:
        EvidenceError: What it says cannot be stored.
    """
    table = settings.forge
    wanted = [kind for kind in TOLD if kind in kinds]
    if table is None or table.kind == "local" or not wanted or not asking:
        return collected
    asked = _Asked(settings, copy, now)
    before = asked.forget()
    kept = tuple(one for one in collected.statements if one.digest not in before)
    statements: list[Statement] = []
    failures: list[Failure] = []
    for kind in wanted:
        try:
            statements += asked.about(kind)
        except StandfastError as error:
            broken = Failure(kind=kind, tool=table.kind, reason=error.message, hint=error.hint, crashed=False)
            failures.append(broken)
    asked.remember(statements)
    spoken = {statement.kind for statement in statements}
    heard = tuple(one for one in collected.failures if not (one.silent and one.kind in spoken))
    return msgspec.structs.replace(collected, statements=(*kept, *statements), failures=(*heard, *failures))


class _Asked:
    """What one forge says about one subject."""

    def __init__(self, settings: Settings, copy: WorkingCopy, now: Callable[[], datetime]) -> None:
        self._settings, self._copy, self._now = settings, copy, now
        self._store = Store(Path(copy.root))

    def forget(self) -> frozenset[str]:
        """Return the statements in which the forge said something before; they are asked for again."""
        tree = self._copy.subject.tree
        slot = self._store.slot(tree, COLLECTED, SOURCE)
        self._store.empty(tree, COLLECTED, SOURCE)
        return frozenset(slot.statements if slot else ())

    def remember(self, statements: list[Statement]) -> None:
        """Keep *statements* for who looks at the same content without asking."""
        slot = Slot(
            source=SOURCE,
            kinds=tuple(statement.kind for statement in statements),
            statements=tuple(statement.digest for statement in statements),
        )
        self._store.fill(self._copy.subject.tree, COLLECTED, slot)

    def about(self, kind: str) -> list[Statement]:
        """Return what the forge says of that *kind*.

        Raises:
            StandfastError: It says nothing, or cannot be asked.
        """
        with Outbox(None) as outbox, forge_of(self._settings, Path(self._copy.root), outbox) as forge:
            found = self._reviews(forge) if kind == _REVIEWS else self._environments(forge)
            return list(found)

    def _reviews(self, forge: Forge) -> Iterator[Statement]:
        subject = self._copy.subject
        if subject.commit is None:
            raise ForgeError("forge-no-commit", "the content has no commit, so nobody can have reviewed it")
        exports = forge.exports(subject.commit)
        if not exports:
            raise ForgeError(
                "forge-no-request",
                f"no request to merge at {forge.name} has {subject.commit:.12} as its newest commit",
                hint="push the commit, and open the pull or merge request",
            )
        for data in exports:
            yield self._statement(data, self._format())

    def _environments(self, forge: Forge) -> Iterator[Statement]:
        yield self._statement(environments_of(forge, self._kind), "environments")

    @property
    def _kind(self) -> str:
        return self._settings.forge.kind if self._settings.forge else ""

    def _format(self) -> str:
        return FORMATS[self._kind]

    def _statement(self, data: bytes, name: str) -> Statement:
        (importer,) = (one for one in importers() if one.module.FORMAT.name == name)
        (reading,) = readings(importer.module.read(data))
        draft = Statement(
            digest=NO_DIGEST,
            subject=self._copy.subject,
            producer=Producer(tool=self._kind),
            produced_at=self._now(),
            raw=(RawFile(f"{self._kind}-{name}.json", self._store.put(data), len(data)),),
            body=reading.body,
            problems=(*_problems(reading, self._copy.subject), *reading.problems),
        )
        return self._store.keep(draft)


def _problems(reading: Reading, subject: Subject) -> Iterator[str]:
    if reading.revision is None:
        return
    if reading.revision != subject.commit:
        yield f"the forge speaks of commit {reading.revision:.12}, this is {subject.commit or 'without a commit':.12}"
    if subject.dirty:
        yield f"the forge speaks of commit {reading.revision:.12}; this content has changes on top of it"
