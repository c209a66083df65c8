"""Read what every document has: its kind, who wrote it, who approved it, its sections."""

import re
from collections.abc import Mapping

import msgspec

from standfast.evidence.documents.readers import markdown
from standfast.evidence.documents.readers.markdown import Block
from standfast.evidence.documents.readers.meta import Meta, as_digest, fold_key, merged
from standfast.evidence.documents.schema import Approval, Document, DocumentKind
from standfast.evidence.formats.front_matter import FrontMatter

_KINDS: dict[str, DocumentKind] = {
    "requirement": DocumentKind.REQUIREMENT,
    "requirements": DocumentKind.REQUIREMENT,
    "user_story": DocumentKind.REQUIREMENT,
    "decision": DocumentKind.DECISION,
    "adr": DocumentKind.DECISION,
    "architecture_decision": DocumentKind.DECISION,
    "architecture": DocumentKind.DECISION,
    "threat_model": DocumentKind.THREAT_MODEL,
    "threats": DocumentKind.THREAT_MODEL,
    "service_levels": DocumentKind.SERVICE_LEVELS,
    "service_level_objectives": DocumentKind.SERVICE_LEVELS,
    "slo": DocumentKind.SERVICE_LEVELS,
    "slos": DocumentKind.SERVICE_LEVELS,
    "sla": DocumentKind.SERVICE_LEVELS,
    "slas": DocumentKind.SERVICE_LEVELS,
    "monitoring": DocumentKind.MONITORING,
    "monitoring_strategy": DocumentKind.MONITORING,
    "runbook": DocumentKind.RUNBOOK,
    "playbook": DocumentKind.RUNBOOK,
    "incident_response": DocumentKind.INCIDENT_RESPONSE,
    "incident_response_plan": DocumentKind.INCIDENT_RESPONSE,
    "incident": DocumentKind.INCIDENT,
    "incident_report": DocumentKind.INCIDENT,
    "postmortem": DocumentKind.INCIDENT,
    "backup_procedure": DocumentKind.BACKUP_PROCEDURE,
    "backup": DocumentKind.BACKUP_PROCEDURE,
    "backup_restore": DocumentKind.BACKUP_PROCEDURE,
    "backup_and_restore": DocumentKind.BACKUP_PROCEDURE,
}

# The first pattern that a lower-case path matches says what the document is; order matters.
_PATHS: tuple[tuple[re.Pattern[str], DocumentKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(?:^|/)(?:readme|index|_index|template|0000-template)(?:\.[a-z]{2})?\.[a-z]+\Z", DocumentKind.OTHER),
        (r"(?:^|/)(?:threat[-_ ]?models?|threatdragonmodels)/(?:[^/]+/)?[^/]+\.[a-z]+\Z", DocumentKind.THREAT_MODEL),
        (r"(?:^|/)[^/]*threat[-_ ]?model[^/]*\.[a-z]+\Z", DocumentKind.THREAT_MODEL),
        (r"(?:^|/)[^/]*incident[-_ ]?response[^/]*\.[a-z]+\Z", DocumentKind.INCIDENT_RESPONSE),
        (r"(?:^|/)(?:backup|restore)[^/]*\.[a-z]+\Z", DocumentKind.BACKUP_PROCEDURE),
        (r"(?:^|/)(?:adrs?|decisions|decision-records?)/", DocumentKind.DECISION),
        (r"(?:^|/)adr[-_]?\d+", DocumentKind.DECISION),
        (r"(?:^|/)(?:requirements|user-stories|stories)/", DocumentKind.REQUIREMENT),
        (r"(?:^|/)requirements\.(?:md|markdown|ya?ml|toml)\Z", DocumentKind.REQUIREMENT),
        (r"(?:^|/)(?:runbooks?|playbooks?)/", DocumentKind.RUNBOOK),
        (r"(?:^|/)runbook[^/]*\.", DocumentKind.RUNBOOK),
        (r"(?:^|/)(?:incidents|post-?mortems)/", DocumentKind.INCIDENT),
        (r"(?:^|/)(?:slos?|slas?|service[-_]levels?(?:[-_]objectives)?)(?:/|[-_.])", DocumentKind.SERVICE_LEVELS),
        (r"(?:^|/)(?:observability|monitoring)(?:[-_]strategy)?\.", DocumentKind.MONITORING),
    )
)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file that is being read: its path, its text in two parts, and the blocks of its body."""

    path: str
    text: str
    front: FrontMatter
    parts: tuple[Block, ...]
    digest: str
    body_digest: str

    @property
    def meta(self) -> Meta:
        """The keys of the front matter."""
        return Meta(self.front.meta)

    def line(self, *names: str) -> int:
        """Return the line of the first of those keys of the front matter; 1 where there is none."""
        lines = {fold_key(key): line for key, line in self.front.key_lines.items()}
        return next((lines[name] for name in names if name in lines), 1)


def kind_of(path: str, meta: Mapping[str, object]) -> DocumentKind:
    """Return what the document at *path* is: what its front matter says, or what its place says."""
    for key in ("kind", "type", "doc_type", "document"):
        said = meta.get(key)
        if isinstance(said, str) and fold_key(said) in _KINDS:
            return _KINDS[fold_key(said)]
    lowered = path.casefold()
    return next((kind for pattern, kind in _PATHS if pattern.search(lowered)), DocumentKind.OTHER)


def document_of(source: Source, kind: DocumentKind, meta: Meta | None = None, *, line: int = 1) -> Document:
    """Return the document that *source* is; keys that the front matter lacks are looked for in the text."""
    table = _with_fields(meta or source.meta, source.parts if meta is None else ())
    on = table.day("approved_at", "approved_on", "approval_date", "date_approved")
    digest = as_digest(table.text("approved_digest", "approval_digest"))
    role = table.text("approver_role", "approved_role")
    reviewed_on = table.day("reviewed_at", "reviewed_on", "reviewed", "last_reviewed", "last_review", "review_date")
    reviews = table.approvals("reviewed_by", "reviewer", "reviewers")
    return Document(
        path=source.path,
        kind=kind,
        line=line,
        id=table.text("id", "number", "identifier"),
        title=table.text("title", "name") or _title(source.parts),
        status=_status(table.text("status", "state")),
        owner=table.text("owner", "owners", "team") or ", ".join(table.texts("owner", "owners", "team")),
        authors=table.people("author", "authors", "written_by"),
        approvals=tuple(merged(_approvals(table), role=role, on=on, digest=digest)),
        reviews=tuple(merged(reviews, role=table.text("reviewer_role"), on=reviewed_on, digest="")),
        reviewed_on=reviewed_on,
        exercised_on=table.day("exercised_at", "exercised_on", "last_exercised", "last_drill_at", "drilled_at"),
        sections=markdown.sections(source.parts),
        words=sum(markdown.count_words(part.text) for part in source.parts),
        links=tuple(dict.fromkeys(link for part in source.parts for link in markdown.links("\n".join(part.lines)))),
        digest=source.digest,
        body_digest=source.body_digest,
    )


def _approvals(table: Meta) -> tuple[Approval, ...]:
    found = table.approvals("approved_by", "approver", "approvers", "approvals", "approval")
    return found or table.approvals("deciders", "decision_makers")


def _with_fields(meta: Meta, parts: tuple[Block, ...]) -> Meta:
    found = Meta(meta.table)
    for part in parts[:2]:
        # Documents without front matter carry `- Status: accepted` lines before the first section.
        for key, (_, value) in markdown.fields(part).items():
            if part.level <= 1:
                found.table.setdefault(key, value)
    for part in parts:
        if part.level and fold_key(part.title) in ("status", "date", "deciders", "owner", "author", "approved_by"):
            found.table.setdefault(fold_key(part.title), part.text.partition("\n")[0].strip("*_. "))
    return found


def _status(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _title(parts: tuple[Block, ...]) -> str:
    return next((part.title for part in parts if part.level == 1), "")
