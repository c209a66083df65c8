"""One collection: plan, reuse what still holds, run the rest in parallel, keep what it says."""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from standfast.app.collecting.collector_settings import confirm_tables, named_environment
from standfast.app.collecting.planning import Outcome, Prepared, interpreted, prepared
from standfast.app.collecting.progress import Progress
from standfast.app.collecting.run_record import (
    RunRecord,
    configuration_files,
    configuration_of,
    keep,
    last_duration,
    reading_key,
    recalled,
    replayed,
    run_key,
)
from standfast.app.collecting.runner import Failed, Task, run_task, shown_command, task_for
from standfast.app.collecting.schedule import Job, cores, in_order, run_all
from standfast.app.collecting.work import Work
from standfast.app.modules.evidence_modules import FoundCollector
from standfast.app.repository.project import Installed, installed_in
from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import COLLECTED, NO_DIGEST, Slot, Store
from standfast.evidence.contract import Plan, Reading
from standfast.gates.judge import CLOCK_TOLERANCE, Failure
from standfast.model import ConfigurationError, EvidenceError, Notice, Producer, StandfastError, Statement

ONLINE_FOR = timedelta(hours=24)
"""What a tool learned from the network is asked again after this time, although the project did not change."""


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What collectors said; ``silent`` are those that had nothing to say, and why."""

    statements: tuple[Statement, ...]
    failures: tuple[Failure, ...]
    silent: tuple[Failure, ...]
    notices: tuple[Notice, ...]


class Collection:
    """One collection: the values that all its steps share."""

    def __init__(
        self,
        work: Work,
        kinds: frozenset[str],
        store: Store,
        scratch: Path,
        now: Callable[[], datetime],
        found: tuple[FoundCollector, ...],
    ) -> None:
        self._work, self._copy, self._kinds, self._store, self._now = work, work.copy, kinds, store, now
        self._scratch = scratch
        self._found = {one.name: one for one in found}
        self._tools = {one.module.TOOL.name: one.name for one in found}
        self._blobs = {file.path: file.blob for file in self._copy.files}
        self._configuration = configuration_files(self._copy.files)
        self._cancel = threading.Event()
        self._telling = threading.Lock()
        self._outcomes: dict[str, Outcome] = {}
        confirm_tables(work.tables, (one.module.TOOL for one in found))
        named = named_environment(work.tables.get("python", {}))
        self._installed: Installed = installed_in(Path(self._copy.root), named=named)

    def run(self, progress: Progress, *, refresh: bool) -> Gathered:
        """Return what all collectors of the wanted kinds say."""
        plans = self._plans()
        jobs = {name: Job(self._needs(one.plan), self._seconds(one)) for name, one in sorted(plans.items())}
        for name in in_order(jobs):
            reused = None if refresh else self._reuse(plans[name])
            if reused is not None:
                self._outcomes[name] = reused
        running = {name: job for name, job in jobs.items() if name not in self._outcomes}
        progress.began(tuple(plans[name].found.module.TOOL.name for name in running), len(jobs) - len(running))
        try:
            ran = run_all(
                running, lambda name: self._execute(plans[name], progress), workers=cores(), cancel=self._cancel
            )
        finally:
            progress.ended()
        self._outcomes.update(ran)
        return self._gathered(plans, changed=self._changed() if running else "")

    # Planning

    def _plans(self) -> dict[str, Prepared]:
        plans: dict[str, Prepared] = {}
        names = [name for name, one in self._found.items() if self._kinds & set(one.module.TOOL.kinds)]
        while names:
            name = names.pop()
            if name in plans or name in self._outcomes:
                continue
            planned = prepared(self._found[name], self._work, self._installed, self._scratch)
            if isinstance(planned, Outcome):
                self._outcomes[name] = planned
                continue
            plans[name] = planned
            names += self._needs(planned.plan)
        return plans

    def _seconds(self, one: Prepared) -> float:
        """Return how long it took last time; for a first run, its bound tells the long from the short."""
        last = last_duration(self._store, one.found.name)
        return one.plan.timeout_s if last is None else last

    def _needs(self, plan: Plan) -> tuple[str, ...]:
        return tuple(self._tools[tool] for tool in plan.after if tool in self._tools)

    def _task(self, one: Prepared) -> tuple[Task, str] | Failed:
        """Return the task and its key, or why it cannot run."""
        handed: dict[str, bytes] = {}
        for tool in one.plan.after:
            outcome = self._outcomes.get(self._tools.get(tool, ""))
            if outcome is None or outcome.record is None:
                return Failed(reason=f"it needs the output of {tool}, which left none", crashed=False)
            handed |= {f"{tool}/{raw.name}": self._store.get(raw.digest) for raw in outcome.record.raw()}
        try:
            task = task_for(one.found.module.TOOL, one.plan, one.project, self._installed)
        except StandfastError as error:
            return Failed(reason=error.message, hint=error.hint, crashed=False)
        task = msgspec.structs.replace(
            task,
            network=one.options.network,
            passed=one.options.pass_environment,
            handed=handed,
            configuration=configuration_of(self._configuration, shown_command(task)),
        )
        return task, run_key(task, self._copy, self._blobs, one.options.passed())

    # Reusing

    def _reuse(self, one: Prepared) -> Outcome | None:
        """Return what a former run still says, or None where it must run."""
        if any(need not in self._outcomes for need in self._needs(one.plan)):
            return None
        try:
            made = self._task(one)
        except EvidenceError:
            return None
        if isinstance(made, Failed):
            return Outcome(failed=made)
        task, key = made
        record = recalled(self._store, one.found.name, key)
        if record is None or not self._holds(record, task):
            return None
        try:
            return self._read_again(one, record, key)
        except EvidenceError:
            return None

    def _holds(self, record: RunRecord, task: Task) -> bool:
        age = self._now() - record.finished_at
        known = record.exit_status in task.tool.exits
        online = task.tool.network or task.network
        return known and age >= -CLOCK_TOLERANCE and not (online and age > ONLINE_FOR)

    def _read_again(self, one: Prepared, record: RunRecord, key: str) -> Outcome:
        read = reading_key(key, self._copy, one.project)
        slot = self._store.slot(self._copy.subject.tree, COLLECTED, one.found.name)
        if slot is not None and slot.key == read:
            statements = tuple(self._store.backed(digest) for digest in slot.statements)
            return Outcome(reused=statements, record=record, key=key, reading_key=read)
        run = replayed(self._store, record, one.plan)
        project = msgspec.structs.replace(one.project, scratch=record.scratch)
        read_now = interpreted(one.found, run, project)
        if isinstance(read_now, Failed):
            return Outcome(failed=read_now)
        return Outcome(fresh=read_now, record=record, key=key, reading_key=read)

    # Running

    def _execute(self, one: Prepared, progress: Progress) -> Outcome:
        tool = one.found.module.TOOL
        with self._telling:
            progress.started(tool.name)
        outcome = self._run(one)
        seconds = outcome.record.duration_s if outcome.record else 0.0
        with self._telling:
            progress.finished(tool.name, seconds, outcome.failed.reason if outcome.failed else "")
        self._outcomes[one.found.name] = outcome
        return outcome

    def _run(self, one: Prepared) -> Outcome:
        made = self._task(one)
        if isinstance(made, Failed):
            return Outcome(failed=made)
        task, key = made
        done = run_task(task, self._cancel)
        if isinstance(done, Failed):
            return Outcome(failed=done, ran=True)
        record = keep(self._store, one.found.name, "", done, scratch=one.project.scratch, finished_at=self._now())
        read = interpreted(one.found, done.run, one.project)
        if isinstance(read, Failed):
            return Outcome(failed=read, record=record, ran=True)
        key_of_reading = reading_key(key, self._copy, one.project)
        return Outcome(fresh=read, record=record, key=key, reading_key=key_of_reading, ran=True)

    def _changed(self) -> str:
        """Return which file of the working copy changed while the tools ran, or ``""``."""
        try:
            after = working_subject(Path(self._copy.root))
        except ConfigurationError as error:
            return error.message
        subject = self._copy.subject
        if (after.subject.tree, after.subject.commit) == (subject.tree, subject.commit):
            return ""
        before, then = set(self._copy.files), set(after.files)
        return min((file.path for file in before ^ then), default="the commit")

    # Keeping

    def _gathered(self, plans: Mapping[str, Prepared], *, changed: str) -> Gathered:
        statements: list[Statement] = []
        for name, outcome in sorted(self._outcomes.items()):
            statements += outcome.reused
            if outcome.failed is not None:
                self._store.empty(self._copy.subject.tree, COLLECTED, name)
            elif (outcome.fresh or outcome.ran) and outcome.record is not None:
                statements += self._keep(self._found[name], outcome, outcome.record, changed)
        return Gathered(
            statements=tuple(statements),
            failures=tuple(self._failures()),
            silent=tuple(self._silent(statements)),
            notices=tuple(self._notices(plans)),
        )

    def _keep(self, found: FoundCollector, outcome: Outcome, record: RunRecord, changed: str) -> Iterator[Statement]:
        problem = (f"the working copy changed while it was examined ({changed}); collect again",) if changed else ()
        kept = [self._statement(found, reading, record, problem if outcome.ran else ()) for reading in outcome.fresh]
        if not (changed and outcome.ran):
            if outcome.ran:
                self._store.remember(found.name, outcome.key, msgspec.json.encode(record))
            self._store.fill(
                self._copy.subject.tree,
                COLLECTED,
                Slot(
                    source=found.name,
                    kinds=tuple(statement.kind for statement in kept),
                    statements=tuple(statement.digest for statement in kept),
                    key=outcome.reading_key,
                ),
            )
        yield from kept

    def _statement(
        self, found: FoundCollector, reading: Reading, record: RunRecord, problem: tuple[str, ...]
    ) -> Statement:
        draft = Statement(
            digest=NO_DIGEST,
            subject=self._copy.subject,
            producer=Producer(
                tool=reading.tool or found.module.TOOL.name,
                version=reading.version or record.version,
                command=record.command,
                exit_status=record.exit_status,
                duration_s=record.duration_s,
                configuration=record.configuration,
            ),
            produced_at=record.finished_at,
            raw=record.raw(),
            body=reading.body,
            problems=(*problem, *reading.problems),
        )
        return self._store.keep(draft)

    def _failures(self) -> Iterator[Failure]:
        for name, outcome in sorted(self._outcomes.items()):
            if outcome.failed is not None:
                tool = self._found[name].module.TOOL
                for kind in sorted(self._kinds & set(tool.kinds)):
                    yield Failure(
                        kind=kind,
                        tool=tool.name,
                        reason=outcome.failed.reason,
                        hint=outcome.failed.hint,
                        crashed=outcome.failed.crashed,
                    )

    def _silent(self, statements: list[Statement]) -> Iterator[Failure]:
        """Yield why collectors that did not fail said nothing; it matters only where nobody else says something."""
        spoken = {statement.kind for statement in statements}
        for name, outcome in sorted(self._outcomes.items()):
            tool = self._found[name].module.TOOL
            reason = outcome.inapplicable or ("" if outcome.failed else "it ran, and reported nothing of this kind")
            for kind in sorted((self._kinds & set(tool.kinds)) - spoken):
                if reason:
                    silent = bool(outcome.inapplicable)
                    yield Failure(kind=kind, tool=tool.name, reason=reason, crashed=False, silent=silent)

    def _notices(self, plans: Mapping[str, Prepared]) -> Iterator[Notice]:
        off = sorted(self._found[name].module.TOOL.name for name, outcome in self._outcomes.items() if outcome.off)
        if off:
            yield Notice("collector-off", f"standfast.toml switches off {', '.join(off)}")
        open_network = sorted(
            one.found.module.TOOL.name
            for name, one in plans.items()
            if not (one.found.module.TOOL.network or one.options.network)
            and (outcome := self._outcomes[name]).record is not None
            and outcome.ran
            and not outcome.record.network_blocked
        )
        if open_network:
            yield Notice(
                "network-open",
                f"the system does not let us cut the network off for {', '.join(open_network)}",
                hint="`standfast doctor` says why",
            )
