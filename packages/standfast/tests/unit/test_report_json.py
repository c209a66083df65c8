"""The JSON report is the record itself, and its schema is published."""

import json as plain_json

import jsonschema_rs
import msgspec
import pytest
from verdict_samples import large, open_gates, realistic

from standfast.model import Verdict, canonical_json
from standfast.report import json

VALIDATOR = jsonschema_rs.validator_for(plain_json.loads(json.published_schema()), validate_formats=True)


def test_report_is_the_canonical_record() -> None:
    """The bytes are the canonical form, so their digest names the verdict."""
    assert json.render(realistic()) == canonical_json(realistic())


def test_record_reads_back_as_the_same_verdict() -> None:
    """Whoever reads the report has the whole verdict."""
    assert msgspec.json.decode(json.render(realistic()), type=Verdict) == realistic()


def test_published_schema_is_current() -> None:
    """The published schema is what the types say; write `json.schema()` to it after a change of the record."""
    assert json.published_schema() == json.schema()


@pytest.mark.parametrize("verdict", [realistic(), open_gates(), large(1000)], ids=["closed", "open", "large"])
def test_report_satisfies_its_schema(verdict: Verdict) -> None:
    """Every report is valid by the published schema."""
    assert list(VALIDATOR.iter_errors(plain_json.loads(json.render(verdict)))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "standfast.verdict/2"),
        (("exit_code",), 4),
        (("status",), "green"),
        (("inputs", "standard"), "sha256:abc"),
        (("results", 0, "outcome"), "skipped"),
        (("decided_at",), "yesterday"),
    ],
)
def test_schema_refuses_what_no_verdict_says(path: tuple[str | int, ...], value: object) -> None:
    """A record with an unknown word, version or digest is not valid."""
    document = plain_json.loads(json.render(realistic()))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    assert not VALIDATOR.is_valid(document)
