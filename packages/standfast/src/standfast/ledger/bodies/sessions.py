"""What happens to a change session, and what is found out and decided before and while it is written."""

from standfast.ledger.bodies.words import Body, DutyRules, Forge, Phase, Refused, Result, Signed, Taking, Topic
from standfast.ledger.fields import Address, Chain, Commit, Count, Hidden, Name, Number, Tree
from standfast.ledger.kinds import EventKind


class SessionOpened(Body, frozen=True, kw_only=True, tag=EventKind.SESSION_OPENED.value):
    """A change session began; ``repository`` and ``title`` are committed to, ``issue`` is its number in the forge."""

    forge: Forge
    rules: DutyRules
    repository: Hidden
    title: Hidden
    issue: Number | None = None


class SessionBound(Body, frozen=True, kw_only=True, tag=EventKind.SESSION_BOUND.value):
    """An issue was opened for the session; ``issue`` is its number in the forge."""

    forge: Forge
    issue: Number


class SessionAdvanced(Body, frozen=True, kw_only=True, tag=EventKind.SESSION_ADVANCED.value):
    """A session went to another phase: to the next one, or back because there is more to do."""

    origin: Phase
    target: Phase


class SessionNoted(Body, frozen=True, kw_only=True, tag=EventKind.SESSION_NOTED.value):
    """Somebody wrote something down."""

    text: Hidden
    words: Count


class SessionRefused(Body, frozen=True, kw_only=True, tag=EventKind.SESSION_REFUSED.value):
    """An event was not taken into ``session``; ``attempt`` is the digest of the canonical bytes of its body."""

    session: Chain
    attempted: EventKind
    attempt: Address
    reason: Refused


class SessionClosed(Body, frozen=True, kw_only=True, tag=EventKind.SESSION_CLOSED.value):
    """A session ended: ``count`` leaves precede this one, and ``last`` is the hash of the newest of them."""

    result: Result
    count: Number
    last: Address


class ChangeObserved(Body, frozen=True, kw_only=True, tag=EventKind.CHANGE_OBSERVED.value):
    """The change as git and the forge show it: its newest commit, and who took which part in it.

    ``unresolved`` counts the people that could not be told apart from others, or had no name at all.
    """

    commit: Commit
    tree: Tree
    taking: tuple[Taking, ...]
    base: Commit | None = None
    unresolved: Count = 0


class RequirementAnalysed(Body, frozen=True, kw_only=True, tag=EventKind.REQUIREMENT_ANALYSED.value):
    """Somebody analysed what is required."""

    text: Hidden
    words: Count
    document: Address | None = None


class RequirementApproved(Body, frozen=True, kw_only=True, tag=EventKind.REQUIREMENT_APPROVED.value):
    """A person in a role agreed to the requirements; ``document`` is what they saw."""

    role: Name
    document: Address
    signed: Signed = Signed()


class DecisionRecorded(Body, frozen=True, kw_only=True, tag=EventKind.DECISION_RECORDED.value):
    """A decision about the architecture or the security of the change."""

    topic: Topic
    text: Hidden
    words: Count
    document: Address | None = None


class LessonRecorded(Body, frozen=True, kw_only=True, tag=EventKind.LESSON_RECORDED.value):
    """Somebody wrote down what was learned."""

    text: Hidden
    words: Count
