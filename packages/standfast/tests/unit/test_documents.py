"""Facts about how documents are read: generous in layout, exact about who stands behind them."""

from importlib.resources import files

import msgspec
import pytest

from standfast.evidence.documents.readers.common import kind_of
from standfast.evidence.documents.readers.criteria import criterion
from standfast.evidence.documents.readers.read import read_documents
from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.evidence.runs.texts import TextFile
from standfast.model import canonical_json

SAMPLES = files("standfast.evidence.documents").joinpath("samples")
PATHS = (
    "docs/adr/0001-keep-money-in-minor-units.md",
    "docs/incidents/2025-11-02.md",
    "docs/requirements/REQ-1.md",
    "docs/requirements/catalogue.md",
    "docs/runbooks/latency.md",
    "docs/slo.yaml",
    "docs/threat-model.md",
)


def read(*paths: str) -> Documents:
    """Return the documents in those samples."""
    return read_documents(TextFile(path, text=SAMPLES.joinpath(path).read_text()) for path in paths)


def text(body: str, path: str = "docs/requirements/R.md") -> Documents:
    """Return the documents in one file of that text."""
    return read_documents([TextFile(path, text=body)])


def test_a_document_is_known_by_its_place() -> None:
    """Where a document lies says what it is, when its front matter does not."""
    kinds = [document.kind for document in read(*PATHS).documents]

    assert kinds == ["decision", "incident", "requirement", "requirement", "runbook", "service_levels", "threat_model"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("docs/payments-threat-model.md", "threat_model"),
        ("threat-models/api.yaml", "threat_model"),
        ("src/threat_model_covers_every_element/control.toml", "other"),
        ("docs/how-to/prepare-a-backup.md", "other"),
        ("docs/backup-restore.md", "backup_procedure"),
        ("docs/adr/README.md", "other"),
        ("ops/slos/api.yaml", "service_levels"),
    ],
)
def test_the_name_of_a_file_or_of_its_folder_decides(path: str, kind: str) -> None:
    """A word anywhere in a path does not make a document of every file below it."""
    assert kind_of(path, {}) == kind


def test_front_matter_overrules_the_place() -> None:
    """A document that says what it is, is that."""
    assert text("---\nkind: runbook\n---\n").of(DocumentKind.RUNBOOK)


def test_a_requirement_has_its_approval_and_criteria() -> None:
    """A requirement gives its statement, who approved it, and each criterion with its line."""
    (requirement,) = read("docs/requirements/REQ-1.md").requirements

    assert requirement.statement.startswith("A merchant can refund")
    assert [str(approval.by) for approval in requirement.document.approvals] == ["Bea Lund"]
    assert [(item.id, item.line, item.form, item.vague) for item in requirement.criteria] == [
        ("REQ-1.1", 25, "given-when-then", ()),
        ("REQ-1.2", 26, "quantity", ()),
        ("REQ-1.3", 27, "", ("fast", "easy")),
    ]


def test_headings_with_ids_are_requirements() -> None:
    """Several requirements in one file are told apart by their headings; an unwritten one has no statement."""
    found = read("docs/requirements/catalogue.md").requirements

    assert [(item.document.id, bool(item.statement), len(item.criteria)) for item in found] == [
        ("REQ-7", True, 1),
        ("REQ-8", False, 0),
    ]


def test_an_author_is_not_an_independent_approver() -> None:
    """An approval by the one who wrote the document is not independent, whichever way the name is written."""
    document = text("---\nid: R-1\nauthor: Ana Ruiz <ana@x.org>\napproved_by: [ana@x.org, Bea]\n---\n").documents[0]

    assert [str(approval.by) for approval in document.independent(document.approvals)] == ["Bea"]


def test_without_an_author_the_owner_counts_as_the_author() -> None:
    """A document that names no author cannot be approved by its owner."""
    document = text("---\nid: R-1\nowner: Ana\napproved_by: ana\n---\n").documents[0]

    assert not document.independent(document.approvals)


def test_a_decision_without_front_matter_gives_its_status_and_deciders() -> None:
    """The bullets under the title of a decision record are its status, date and deciders."""
    (decision,) = read(PATHS[0]).documents

    assert (decision.status, [str(item.by) for item in decision.approvals]) == ("accepted", ["Bea Lund", "Cy Moss"])


def test_a_section_of_template_words_is_not_filled() -> None:
    """A heading above TODO is there, but nothing stands below it."""
    (runbook,) = read("docs/runbooks/latency.md").documents
    rollback, symptom = runbook.section("rollback"), runbook.section("symptom")

    assert rollback is not None
    assert not rollback.filled
    assert symptom is not None
    assert symptom.filled


def test_threats_come_from_the_table_with_their_lines() -> None:
    """Each row of the threat table is a threat; what verifies its mitigation is listed."""
    (model,) = read("docs/threat-model.md").threat_models

    assert [(item.id, item.severity, item.status, item.references, item.line) for item in model.threats] == [
        ("T-1", "high", "mitigated", ("tests/test_tokens.py::test_bound",), 22),
        ("T-2", "critical", "open", (), 23),
        ("T-3", "high", "mitigated", ("tls-is-current",), 24),
    ]
    assert [(item.name, item.type, item.crosses_boundary) for item in model.elements] == [
        ("API", "process", False),
        ("Ledger", "store", False),
        ("Merchant to API", "flow", True),
    ]


OBJECTIVES = {
    "nested latency": "objectives:\n- name: a\n  latency: {p50: 80ms, p95: 0.18s, p99: 400}\n",
    "flat keys": "objectives:\n- {name: a, p50_ms: 80, p95_ms: 180, p99_ms: 400}\n",
    "seconds": "slos:\n  a: {p50_s: 0.08, p95_s: 0.18, p99_s: 0.4}\n",
    "file-wide": "name: a\np50: 80 ms\np95: < 180 ms\np99: 400 ms\n",
}


@pytest.mark.parametrize("body", OBJECTIVES.values(), ids=OBJECTIVES.keys())
def test_latency_objectives_read_alike_in_every_layout(body: str) -> None:
    """The same promise in four layouts gives the same numbers in milliseconds."""
    (objective,) = text(body, "docs/slo.yaml").objectives

    assert (objective.name, objective.p50_ms, objective.p95_ms, objective.p99_ms) == ("a", 80, 180, 400)


def test_objectives_in_a_table_have_the_line_of_their_row() -> None:
    """A Markdown table with percentile columns is a list of objectives."""
    body = "# SLOs\n\n| Endpoint | p50 | p95 (ms) | Alert |\n|--|--|--|--|\n| pay | 90 ms | 190 | `Slow` |\n"
    (objective,) = text(body, "docs/slos.md").objectives

    assert (objective.name, objective.p50_ms, objective.p95_ms, objective.alerts, objective.line) == (
        "pay",
        90,
        190,
        ("Slow",),
        5,
    )


def test_a_latency_in_an_unknown_unit_is_not_a_latency() -> None:
    """A number whose unit is not a time is not taken for milliseconds."""
    (objective,) = text("objectives:\n- {name: a, p50: 80 parsecs, p95: 90%}\n", "docs/slo.yaml").objectives

    assert (objective.p50_ms, objective.p95_ms) == (None, None)


def test_an_unreadable_file_is_an_error_of_the_examination() -> None:
    """A document whose front matter is broken is counted and named, so nothing is proved by its absence."""
    found = text("---\nid: [\n---\n")

    assert found.examination.errors == 1
    assert found.items.total == 1


FORMS = [
    ("Given a, when b, then c", "given-when-then"),
    ("AC-1: p95 latency under 200 ms", "quantity"),
    ("At most 3 attempts", "quantity"),
    ("It works well", ""),
    ("When it is slow", ""),
]


@pytest.mark.parametrize(("words", "form"), FORMS, ids=[words for words, _ in FORMS])
def test_a_criterion_is_measurable_by_steps_or_by_quantity(words: str, form: str) -> None:
    """A criterion with steps, or with a comparison and a number, can be measured; prose cannot."""
    assert criterion(words, 1).form == form


def test_documents_survive_their_stored_form() -> None:
    """What was read is equal after a round trip through canonical JSON."""
    found = read(*PATHS)

    assert msgspec.json.decode(canonical_json(found), type=Documents) == found


def test_a_threat_dragon_model_is_read() -> None:
    """Elements in scope and their threats come out of a Threat Dragon model; boundaries are no elements."""
    (model,) = read("docs/threat-models/dragon.json").threat_models

    assert [(one.name, one.type) for one in model.elements] == [
        ("Web shop", "process"),
        ("Orders", "store"),
        ("Customer", "external entity"),
    ]
    assert [(one.id, one.element, one.severity, one.status, one.mitigation) for one in model.threats] == [
        ("1", "Web shop", "high", "open", ""),
        ("2", "Web shop", "critical", "mitigated", "Parameters only"),
    ]
    assert [str(review.by) for review in model.document.reviews] == ["Dov Stein"]


def test_an_open_threat_model_is_read() -> None:
    """Components, flows, threats and mitigations come out of an Open Threat Model document."""
    (model,) = read("docs/threat-models/shop.otm.yaml").threat_models

    assert [(one.name, one.type) for one in model.elements] == [
        ("Web shop", "web-service"),
        ("Customer to shop", "flow"),
    ]
    assert [(one.id, one.severity, one.status, one.mitigation) for one in model.threats] == [
        ("t1", "critical", "exposed", ""),
        ("t2", "high", "mitigated", "Parameters only"),
    ]


def test_json_that_is_cut_off_is_an_error_of_the_examination() -> None:
    """Half a model is not a model without threats."""
    assert text('{"summary": {', "docs/threat-model.json").examination.errors == 1


ENTRIES = {
    "a text with its id": ('- "AC-1: Refunds end, in under 2 s"', "AC-1", "quantity"),
    "a key that is the id": ("- AC-1: Refunds end in under 2 s", "AC-1", "quantity"),
    "a text of its own": ("- {id: AC-1, text: p95 < 200 ms}", "AC-1", "quantity"),
    "steps": (
        "- {id: AC-1, given: a payment, when: it is refunded, then: [it ends, it is told]}",
        "AC-1",
        "given-when-then",
    ),
    "a measure": ("- {id: AC-1, metric: p95, op: <, value: 200, unit: ms}", "AC-1", "quantity"),
    "half a measure": ("- {id: AC-1, metric: p95, unit: ms}", "AC-1", ""),
}


@pytest.mark.parametrize(("entry", "identifier", "form"), ENTRIES.values(), ids=ENTRIES)
def test_criteria_may_stand_in_the_front_matter(entry: str, identifier: str, form: str) -> None:
    """A list of texts or of tables gives the same criteria as a section does."""
    (requirement,) = text(f"---\nid: R\nstatement: s\ncriteria:\n  {entry}\n---\n# R\n").requirements

    assert [(item.id, item.form) for item in requirement.criteria] == [(identifier, form)]


def test_empty_criterion_is_none() -> None:
    """An item that says nothing is not counted."""
    (requirement,) = text('---\nid: R\ncriteria: ["", "AC-1: under 2 s"]\n---\n# R\n').requirements

    assert [item.id for item in requirement.criteria] == ["AC-1"]


SECTIONS = {
    "a list": "- AC-1: when it is refunded, then it ends\n- AC-2: under 2 s\n",
    "a table": "| id | criterion |\n|---|---|\n| AC-1 | when it is refunded, then it ends |\n| AC-2 | under 2 s |\n",
    "headings": "### AC-1\n\nWhen it is refunded, then it ends.\n\n### AC-2\n\nIt takes under 2 s.\n\n### AC-3\n",
    "scenarios": "Scenario: AC-1\n  When it is refunded\n  Then it ends\nScenario: AC-2\n  It takes under 2 s\n",
}


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
def test_criteria_may_stand_in_any_form_of_section(section: str) -> None:
    """A list, a table, headings and scenarios are read alike; what follows the section is no criterion."""
    body = f"---\nid: R\n---\n# R\n\n## Acceptance criteria\n\n{section}\n## Later\n\nUnder 5 s.\n"

    (requirement,) = text(body).requirements

    assert [item.form for item in requirement.criteria] == ["given-when-then", "quantity"]
    assert [item.id for item in requirement.criteria] == ["AC-1", "AC-2"]


METRICS = {
    "names by purpose": "---\nbusiness_metrics:\n  transactions: [paid_total, refunded_total]\n---\n",
    "tables by purpose": (
        "---\nbusiness_metrics:\n  transactions: [{metric: paid_total}, {name: refunded_total}]\n---\n"
    ),
    "without a group": "---\ntransactions: [paid_total, refunded_total]\n---\n",
    "rows below a title": (
        "# Monitoring\n\n## Transactions\n\n| metric | unit |\n|---|---|\n| `paid_total`, `refunded_total` | 1 |\n\n"
        "## Owners\n\n| team | since |\n|---|---|\n| payments | 2025 |\n"
    ),
    "rows that say for what": (
        "# Monitoring\n\n| metric | about |\n|---|---|\n| paid_total | transactions |\n"
        "| refunded_total | transactions |\n| heap_bytes | memory |\n"
    ),
}


@pytest.mark.parametrize("body", METRICS.values(), ids=METRICS)
def test_metrics_are_declared_by_purpose(body: str) -> None:
    """Front matter and tables name the metrics that the service promises; what has no purpose is left out."""
    declared = text(body, "docs/monitoring.md").metrics

    assert [(one.purpose, one.name) for one in declared] == [
        ("transactions", "paid_total"),
        ("transactions", "refunded_total"),
    ]


ACTIONS = {
    "in the front matter": (
        "---\nid: I\nactions:\n  - {text: Add an alert, owner: Ana, status: done}\n"
        "  - {text: Test it, owner: Ben}\n---\n# I\n"
    ),
    "in a table": (
        "---\nid: I\n---\n# I\n\n## Action items\n\n| action | owner | status |\n|---|---|---|\n"
        "| Add an alert | Ana | closed |\n| Test it | Ben | open |\n"
    ),
}


@pytest.mark.parametrize("body", ACTIONS.values(), ids=ACTIONS)
def test_actions_of_an_incident_have_an_owner_and_a_state(body: str) -> None:
    """What is to be done after an incident is open until its record says otherwise."""
    (incident,) = text(body, "docs/incidents/2026-01-01.md").incidents

    assert [(one.text, one.owner, one.closed) for one in incident.actions] == [
        ("Add an alert", "Ana", True),
        ("Test it", "Ben", False),
    ]
