"""What Standfast states about a project: the facts of every collected statement."""

from dataclasses import dataclass, field
from pathlib import Path

from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import COLLECTED, Store

Value = float | int | bool | str


@dataclass
class Stated:
    """The facts of the statements that one tool's run gave, by flat name; ``items`` counts offending items by kind."""

    tool: str
    version: str = ""
    seconds: float = 0.0
    command: tuple[str, ...] = ()
    facts: dict[str, Value] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


def stated(root: Path) -> dict[str, Stated]:
    """Return what is stored about the content of *root*, by tool."""
    store, subject = Store(root), working_subject(root).subject
    found: dict[str, Stated] = {}
    for slot in store.slots(subject.tree, COLLECTED):
        for digest in slot.statements:
            statement = store.statement(digest)
            producer, body = statement.producer, statement.body
            name = slot.source.partition(".")[2]
            one = found.setdefault(name, Stated(producer.tool))
            one.version, one.command = producer.version, producer.command
            one.seconds = producer.duration_s or 0.0
            one.facts |= {fact: value.value for fact, value in body.facts().items()}
            one.facts[f"{body.KIND}.left out"] = body.examination.skipped
            one.items[body.KIND] = body.items.total
            one.doubts += (*statement.problems, *body.examination.shortfalls())
    return found
