"""Numbers that nothing counts to, and digits that are no numbers, end no reader."""

from importlib.resources import files

import pytest

from standfast.evidence.attestations.importers import attestation_toml
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.coverage.importers import cobertura
from standfast.evidence.documents.readers.read import read_documents
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.test_results.importers import trx
from standfast.model import EvidenceError

EVIDENCE = files("standfast.evidence")


def changed(sample: str, old: str, new: str) -> str:
    """Return a sample with *new* in the place of *old*, which it has."""
    text = EVIDENCE.joinpath(sample).read_text()
    assert old in text
    return text.replace(old, new)


def test_raised_digit_is_no_time() -> None:
    """A stamp of digits that make no number says nothing about when a report was made."""
    text = '<coverage timestamp="\u00b2"><class filename="a.py"><line number="1" hits="1"/></class></coverage>'

    assert cobertura.read(text.encode()).produced_at is None


def test_raised_digit_is_no_count_of_hits() -> None:
    """Hits that make no number are not taken for a line that ran."""
    text = '<coverage><class filename="a.py"><line number="1" hits="\u00b2"/></class></coverage>'

    with pytest.raises(EvidenceError, match="expected a whole number"):
        cobertura.read(text.encode())


def test_counter_of_thousands_of_digits_is_a_disagreement() -> None:
    """A summary that declares more tests than there can be disagrees with its results."""
    text = changed("test_results/samples/dotnet.trx", 'total="4"', f'total="{"9" * 5000}"')
    failed = changed("test_results/samples/dotnet.trx", 'failed="1"', f'failed="{"9" * 5000}"')

    assert trx.read(text.encode()).body.KIND == "test_results"
    assert trx.read(failed.encode()).body.disagreements


def test_number_beyond_all_numbers_stays_text_in_an_attestation() -> None:
    """What no field can hold is kept as it was written."""
    sample = "attestations/samples/attestations/pentest-2026.toml"
    text = EVIDENCE.joinpath(sample).read_text() + f"\n[attestation.measured]\nlargest = {'9' * 400}\n"

    body = attestation_toml.read(text.encode()).body
    assert isinstance(body, Attestations)
    assert len(body.attestations) == 1


def test_impact_beyond_all_numbers_is_the_worst() -> None:
    """A threat whose impact no number can hold is critical."""
    sample = "documents/samples/docs/threat-models/shop.otm.yaml"
    text = changed(sample, "risk: { impact: 50 }", f'risk: {{ impact: "{"9" * 400}" }}')

    (model,) = read_documents([TextFile("docs/threat-models/shop.otm.yaml", text=text)]).threat_models
    assert [threat.severity for threat in model.threats] == ["critical", "critical"]
