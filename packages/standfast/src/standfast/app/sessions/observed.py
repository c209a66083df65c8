"""The change as git shows it: its newest commit, and who took which part in it."""

from pathlib import Path

import msgspec

from standfast.app.repository.git import Git
from standfast.app.repository.subject import commit_named, subject_of_commit
from standfast.app.sessions.register import Register
from standfast.evidence.changes.log import FORMAT, read_changes
from standfast.evidence.changes.schema import Changes
from standfast.ledger.bodies import ChangeObserved
from standfast.ledger.duties import WRITING
from standfast.ledger.fields import ActorId
from standfast.ledger.identities import sightings
from standfast.model import UsageError


class Observed(msgspec.Struct, frozen=True):
    """What was seen of a change."""

    body: ChangeObserved

    @property
    def commit(self) -> str:
        """The newest commit."""
        return self.body.commit

    def authors(self) -> frozenset[ActorId] | None:
        """Return who wrote it, or None where that is not known."""
        writers = frozenset(one.who for one in self.body.taking if one.part in WRITING)
        return None if self.body.unresolved or not writers else writers


def observed(root: Path, base: str | None, register: Register) -> Observed:
    """Return the change between *base* and the newest commit of *root*.

    Raises:
        UsageError: There is no *base*.
        ConfigurationError: There is no commit, or git refuses.
    """
    if base is None:
        raise UsageError(
            "base-missing",
            "it is not known what the change is compared with, so its authors are not known",
            hint='name it in standfast.toml: [project] base = "main"',
        )
    subject, _at = subject_of_commit(root, "HEAD")
    git = Git(root, "log.showSignature=false", "i18n.logOutputEncoding=UTF-8")
    head = commit_named(git, "HEAD")
    start = git.line("merge-base", commit_named(git, base), head) or commit_named(git, base)
    changes = _changes(git, start, head)
    found = register.resolve(sightings(changes))
    cut = 1 if changes.examination.shortfalls() else 0
    body = ChangeObserved(
        commit=head,
        tree=subject.tree,
        taking=tuple(found.taking),
        base=start,
        unresolved=found.unresolved + cut,
    )
    return Observed(body)


def _changes(git: Git, base: str, head: str) -> Changes:
    span = f"{base}..{head}"
    log = ("log", "--no-color", "--no-renames", "--relative", "--use-mailmap")
    told = git.must(*log, "-z", "--numstat", FORMAT, span, "--")
    raw = git.must(*log, "--format=raw", span, "--")
    shallow = git.line("rev-parse", "--is-shallow-repository") != "false"
    return read_changes(told, raw, base=base, head=head, shallow=shallow)
