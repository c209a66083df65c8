"""The documents that people write, as far as their form can be read.

That a document is there does not mean that anybody validated it: each one says who wrote it, who approved it, when,
and over which bytes.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.evidence.wording.people import Person
from standfast.model import Evidence, Location, Unit


class DocumentKind(StrEnum):
    """What a document is for."""

    REQUIREMENT = "requirement"
    DECISION = "decision"
    THREAT_MODEL = "threat_model"
    SERVICE_LEVELS = "service_levels"
    MONITORING = "monitoring"
    RUNBOOK = "runbook"
    INCIDENT_RESPONSE = "incident_response"
    INCIDENT = "incident"
    BACKUP_PROCEDURE = "backup_procedure"
    OTHER = "other"


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """One heading and what stands below it, down to the next heading of the same level or above.

    ``words`` counts the words below the heading; ``filler`` says that they are the words of a template.
    """

    title: str
    level: int
    line: int
    words: int
    filler: bool = False

    @property
    def filled(self) -> bool:
        """Whether something was written here."""
        return self.words > 0 and not self.filler


class Approval(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person who says that a document is right. ``digest`` is that of the body they read, if recorded."""

    by: Person
    role: str = ""
    on: date | None = None
    digest: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document. ``digest`` is that of the file, ``body_digest`` that of the text after the front matter."""

    path: str
    kind: DocumentKind
    line: int = 1
    id: str = ""
    title: str = ""
    status: str = ""
    owner: str = ""
    authors: tuple[Person, ...] = ()
    approvals: tuple[Approval, ...] = ()
    reviews: tuple[Approval, ...] = ()
    reviewed_on: date | None = None
    exercised_on: date | None = None
    sections: tuple[Section, ...] = ()
    words: int = 0
    links: tuple[str, ...] = ()
    digest: str = ""
    body_digest: str = ""

    @property
    def location(self) -> Location:
        """Where the document begins."""
        return Location(self.path, self.line)

    @property
    def name(self) -> str:
        """How the document is called in a message."""
        return self.id or self.title or self.path

    def section(self, *words: str) -> Section | None:
        """Return the first filled section whose title holds one of *words*, else the first empty one, else None."""
        found = [item for item in self.sections if any(word in item.title.casefold() for word in words)]
        return next((item for item in found if item.filled), found[0] if found else None)

    def written_by(self) -> tuple[Person, ...]:
        """Return the authors, or the owner where no author is named."""
        if self.authors or not self.owner:
            return self.authors
        return (Person(name=self.owner),)

    def independent(self, approvals: tuple[Approval, ...]) -> tuple[Approval, ...]:
        """Return those of *approvals* that are by somebody who did not write the document."""
        writers = self.written_by()
        return tuple(approval for approval in approvals if not approval.by.among(writers))


class Criterion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One acceptance criterion.

    ``form`` is how it can be measured: ``given-when-then``, ``quantity``, or empty where it cannot.
    ``vague`` are its words that two people would measure differently. ``override`` is the reason for which a
    reviewer accepted it all the same.
    """

    id: str
    text: str
    line: int
    form: str = ""
    vague: tuple[str, ...] = ()
    override: str = ""


class Requirement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One requirement with its criteria; who approved it stands in ``document``."""

    document: Document
    statement: str = ""
    rationale: str = ""
    criteria: tuple[Criterion, ...] = ()


class Element(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One element of a threat model: a process, a store, a flow, an external entity."""

    name: str
    type: str = ""
    line: int = 0
    crosses_boundary: bool | None = None


class Threat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One threat. ``references`` are the controls and tests that its mitigation names."""

    id: str
    element: str = ""
    title: str = ""
    category: str = ""
    severity: str = ""
    status: str = ""
    mitigation: str = ""
    references: tuple[str, ...] = ()
    owner: str = ""
    expires: date | None = None
    line: int = 0


class ThreatModel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One threat model; who validated it stands in ``document``."""

    document: Document
    elements: tuple[Element, ...] = ()
    threats: tuple[Threat, ...] = ()


class Objective(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one class of requests is promised. Latencies in ms; ``availability`` is a ratio; load in requests/s."""

    path: str
    name: str
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    availability: float | None = None
    load_rps: float | None = None
    alerts: tuple[str, ...] = ()
    receiver: str = ""
    runbook: str = ""
    line: int = 0

    @property
    def location(self) -> Location:
        """Where the objective stands."""
        return Location(self.path, self.line)


class DeclaredMetric(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A metric that a document says the service has; ``purpose`` is what for (``user_actions``, ``latency``, ...)."""

    path: str
    purpose: str
    name: str
    line: int = 0


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was to be done after an incident."""

    text: str
    owner: str = ""
    closed: bool = False


class Incident(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record of one incident; times in UTC."""

    document: Document
    severity: str = ""
    started_at: datetime | None = None
    detected_at: datetime | None = None
    resolved_at: datetime | None = None
    actions: tuple[Action, ...] = ()


class Documents(Evidence, frozen=True, kw_only=True):
    """Every document that was found, by what it is. ``documents`` holds those without a type of their own."""

    KIND: ClassVar[str] = "documents"
    TITLE: ClassVar[str] = "Documents of the project"
    UNITS: ClassVar[dict[str, Unit]] = {
        "requirement_count": Unit.COUNT,
        "criterion_count": Unit.COUNT,
        "decision_count": Unit.COUNT,
        "threat_count": Unit.COUNT,
        "objective_count": Unit.COUNT,
        "runbook_count": Unit.COUNT,
    }

    documents: tuple[Document, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    threat_models: tuple[ThreatModel, ...] = ()
    objectives: tuple[Objective, ...] = ()
    metrics: tuple[DeclaredMetric, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @property
    def requirement_count(self) -> int:
        """How many requirements are documented."""
        return len(self.requirements)

    @property
    def criterion_count(self) -> int:
        """How many acceptance criteria they have."""
        return sum(len(requirement.criteria) for requirement in self.requirements)

    @property
    def decision_count(self) -> int:
        """How many architecture decisions are recorded."""
        return len(self.of(DocumentKind.DECISION))

    @property
    def threat_count(self) -> int:
        """How many threats the threat models list."""
        return sum(len(model.threats) for model in self.threat_models)

    @property
    def objective_count(self) -> int:
        """How many service level objectives are defined."""
        return len(self.objectives)

    @property
    def runbook_count(self) -> int:
        """How many runbooks there are."""
        return len(self.of(DocumentKind.RUNBOOK))

    def of(self, kind: DocumentKind) -> tuple[Document, ...]:
        """Return the documents of one kind."""
        return tuple(document for document in self.documents if document.kind is kind)
