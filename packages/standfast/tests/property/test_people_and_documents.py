"""No bytes make a reader of documents, attestations, changes or a running service raise anything but our own error."""

from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import ModuleType

from damage import assert_storable, read_harmlessly
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.evidence.alert_rules.promql import comparisons, metrics, quantiles, seconds
from standfast.evidence.alert_rules.read import read_rules
from standfast.evidence.alert_rules.routing import matches
from standfast.evidence.alert_rules.signals import bound_of, signal_of
from standfast.evidence.api_description.importers.openapi import read_at
from standfast.evidence.attestations.read import attestations_in
from standfast.evidence.changes.log import read_changes
from standfast.evidence.documents.readers.read import read_documents
from standfast.evidence.formats.front_matter import split
from standfast.evidence.formats.sniff import look
from standfast.evidence.formats.yaml import load_all
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.wording.people import person
from standfast.model import Evidence, EvidenceError

KINDS = (
    "alert_rules",
    "api_description",
    "attestations",
    "deployments",
    "log_lines",
    "metrics",
    "monitoring_status",
    "restore_drill",
    "reviews",
)
EXTENSIONS = (".md", ".yaml", ".yml", ".toml", ".json", ".prom", ".jsonl", ".txt")
PLACES = (
    "docs/requirements/r.md",
    "docs/adr/0001-x.md",
    "docs/threat-model.md",
    "docs/slo.toml",
    "docs/threat-models/x.json",
    "docs/threat-models/x.yaml",
    "docs/slo.yaml",
    "docs/runbooks/x.md",
    "docs/incidents/x.md",
    "docs/monitoring.md",
)
WORDS = [
    "null",
    "-1",
    "1e999",
    '"x"',
    "[]",
    "{}",
    "|",
    "---\n",
    "+++\n",
    "&a",
    "*a",
    "#",
    "99999999999999999999",
    "\ud7ff",
    "\0",
]


def importers() -> list[ModuleType]:
    """Return every importer of these kinds."""
    return [
        import_module(f"standfast.evidence.{kind}.importers.{entry.name.removesuffix('.py')}")
        for kind in KINDS
        for entry in files(f"standfast.evidence.{kind}").joinpath("importers").iterdir()
        if entry.name.endswith(".py") and entry.name != "__init__.py"
    ]


def texts_below(folder: Traversable) -> list[str]:
    """Return the text of every sample below *folder*."""
    found: list[str] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += texts_below(entry)
        elif entry.name.endswith(EXTENSIONS):
            found.append(entry.read_text())
    return found


MODULES = importers()
SAMPLES = [
    text
    for kind in (*KINDS, "documents")
    for text in texts_below(files(f"standfast.evidence.{kind}").joinpath("samples"))
]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return a sample that was cut, or had text replaced, doubled or removed."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        upto = min(len(text), at + draw(st.integers(0, 40)))
        middle = {
            "cut": "",
            "replace": draw(st.one_of(st.text(max_size=12), st.sampled_from(WORDS))),
            "double": text[at:upto] * 2,
            "remove": "",
        }
        action = draw(st.sampled_from(sorted(middle)))
        text = text[:at] + middle[action] + ("" if action == "cut" else text[upto:])
    return text


def is_harmless(act: Callable[[], object]) -> object:
    """Return what *act* returns, or None where it raises our own error; no other is raised."""
    try:
        return act()
    except EvidenceError:
        return None


def read_everywhere(text: str) -> None:
    """Read *text* with every importer and in every place where a document may lie."""
    data = text.encode("utf-8", "replace")
    for module in MODULES:
        read_harmlessly(module, data)
    for path in PLACES:
        assert_storable(read_documents([TextFile(path, text=text)]))
    for name in ("attestations/a.toml", "attestations/a.md", "attestations/a.yaml"):
        assert_storable(attestations_in([TextFile(name, text=text)], {}))
    is_harmless(lambda: read_rules("alerts.yml", text))
    is_harmless(lambda: read_at(data, "openapi.yaml"))
    is_harmless(lambda: split(text))
    is_harmless(lambda: load_all(text))
    is_harmless(lambda: look(data))


@given(damaged())
@settings(max_examples=200, deadline=None)
def test_damaged_documents_are_refused_or_read(text: str) -> None:
    """A damaged document is refused with our own error, or read into something that can be stored."""
    read_everywhere(text)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_refused_or_read(text: str) -> None:
    """Any text is refused with our own error, or read into something that can be stored."""
    read_everywhere(text)


@given(st.binary(max_size=300), st.binary(max_size=100))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused_or_read_as_a_log(log: bytes, raw: bytes) -> None:
    """What git did not write is refused with our own error, or is a change that can be stored."""
    found = is_harmless(lambda: read_changes(b"\x1e" + log, raw, base="b", head="h", shallow=False))

    if isinstance(found, Evidence):
        assert_storable(found)


PROMQL = st.text(alphabet="abc_:(){}[]<>=!+-*/%^,.\" '0123456789msh", max_size=60)


@given(PROMQL)
@settings(max_examples=400, deadline=None)
def test_any_expression_is_read_without_an_error(expression: str) -> None:
    """An expression that nobody understands gives no bound; reading it never fails."""
    signal = signal_of(expression, "")

    bound_of(expression, signal)
    comparisons(expression)
    metrics(expression)
    quantiles(expression)
    seconds(expression)
    matches(expression, {"a": "b"})


@given(st.text(max_size=40), st.text(max_size=40))
def test_being_the_same_person_is_mutual(left: str, right: str) -> None:
    """If one name is that of another person, the other is that of the one."""
    one, other = person(left), person(right)

    assert one.same_as(other) == other.same_as(one)
    assert not one.identities() or one.same_as(one)
