"""What people write into a session, as events: sentences are hidden, documents are stored under their digests."""

from pathlib import Path

from standfast.app.repository.subject import subject_of_commit
from standfast.app.sessions.disclosed import Hiding
from standfast.app.storage.durable import read_bounded
from standfast.app.storage.store import Store
from standfast.evidence.reviews.schema import State
from standfast.ledger.bodies import DecisionRecorded, Forge, RequirementAnalysed, ReviewRecorded, Topic
from standfast.ledger.fields import ActorId
from standfast.model import UsageError, canonical_json

_MOST = 10_000_000


def decision(
    topic: str, text: str | None, document: Path | None, root: Path
) -> tuple[DecisionRecorded | RequirementAnalysed, Hiding]:
    """Return the event that records a decision about *topic*, or the analysis of the requirements, and what it hides.

    Raises:
        UsageError: Neither text nor document is given, or the document is too large.
        EvidenceError: The document cannot be stored.
    """
    if text is None and document is None:
        raise UsageError("decision-empty", "nothing is said about it", hint="give a sentence, or --file DOCUMENT")
    data = None if document is None else read_bounded(document.resolve(), _MOST)
    said = text or f"{document.name if document else ''}"
    words = len((said if data is None else data.decode("utf-8", "replace")).split())
    hiding = Hiding()
    hidden = hiding.hide("/body/text", said)
    address = None if data is None else Store(root).put(data)
    if topic == "requirements":
        return RequirementAnalysed(text=hidden, words=words, document=address), hiding
    return DecisionRecorded(topic=Topic(topic), text=hidden, words=words, document=address), hiding


def review(state: str, text: str, root: Path, reviewer: ActorId) -> ReviewRecorded:
    """Return the event that records a review of the newest commit; what the reviewer said is stored with it.

    Raises:
        ConfigurationError: There is no commit.
        EvidenceError: The review cannot be stored.
    """
    subject, _at = subject_of_commit(root, "HEAD")
    commit = subject.commit or ""
    statement = {"commit": commit, "reviewer": reviewer, "state": state, "text": text, "tree": subject.tree}
    return ReviewRecorded(
        reviewer=reviewer,
        state=State(state),
        forge=Forge.LOCAL,
        commit=commit,
        statement=Store(root).put(canonical_json(statement)),
        words=len(text.split()),
    )
