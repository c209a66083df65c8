"""Facts about attestations: who may attest, for how long, over which bytes."""

import shutil
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from standfast.evidence.attestations.importers import attestation_toml
from standfast.evidence.attestations.read import attestation_in, attestations_in
from standfast.evidence.attestations.scan import digest_of, scan
from standfast.evidence.attestations.schema import Attestation, Attestations
from standfast.evidence.formats.sniff import look
from standfast.evidence.runs.texts import Request, TextFile
from standfast.evidence.wording.people import person
from standfast.model import EvidenceError

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PENTEST, DRILL = "attestations/pentest-2026.toml", "attestations/backup-drill.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A working copy that holds the samples."""
    with as_file(files("standfast.evidence.attestations").joinpath("samples")) as samples:
        shutil.copytree(samples, tmp_path / "copy")
    return tmp_path / "copy"


def found(root: Path, *paths: str) -> Attestations:
    """Return the attestations at those paths."""
    scanned = scan(root, Request(paths or (PENTEST, DRILL)))
    return attestations_in(scanned.files, scanned.reports)


def faults(one: Attestation | None, *authors: str) -> list[str]:
    """Return why it cannot be relied on."""
    assert one is not None
    return list(one.faults(now=NOW, authors=tuple(person(name) for name in authors)))


def test_an_attestation_is_read_from_toml_and_from_front_matter(root: Path) -> None:
    """Both layouts give who, in which role, when, what and with which result."""
    pentest, drill = found(root).attestations

    assert (pentest.kind, str(pentest.by), pentest.findings["high"]) == ("penetration_test", "Dov Stein", 0)
    assert (drill.kind, drill.measured["rto_s"], drill.passed) == ("backup_drill", 1500.0, True)
    assert drill.statement.startswith("The backup of 2026-01-12")
    assert faults(pentest) == faults(drill) == []


def test_an_author_of_the_change_cannot_attest_it(root: Path) -> None:
    """Who wrote the change cannot vouch for it."""
    assert faults(found(root).latest("penetration_test"), "dov@assessors.example") == [
        "was made by Dov Stein, an author of the change"
    ]


def test_a_report_that_was_changed_voids_its_attestation(root: Path) -> None:
    """The attestation holds for the bytes whose digest it gives, and for no others."""
    (root / "attestations/reports/pentest.txt").write_text("All is well.")

    assert "changed since" in faults(found(root).latest("penetration_test"))[0]


def test_a_report_that_is_not_there_is_a_fault(root: Path) -> None:
    """An attestation about a missing report cannot be relied on."""
    (root / "attestations/reports/pentest.txt").unlink()

    assert "is not there" in faults(found(root).latest("penetration_test"))[0]


def test_a_report_outside_the_repository_is_not_digested(root: Path) -> None:
    """A path that leads out, or through a symbolic link, has no digest."""
    (root / "link").symlink_to("/etc/hostname")
    (root / "loop").symlink_to("loop")

    assert [digest_of(root, path) for path in ("../x", "/etc/hostname", "link", "loop", "attestations")] == [None] * 5


FAULTY = {
    "expired": ("expires = 2026-01-15", "expired on 2026-01-15"),
    "from the future": ("made_on = 2026-01-16", "after the decision"),
    "without a role": ('role = ""', "names no role"),
    "without a date": ("made_on = 20260112", "has no date"),
}


@pytest.mark.parametrize(("line", "says"), FAULTY.values(), ids=FAULTY.keys())
def test_an_attestation_out_of_its_time_or_form_is_faulty(line: str, says: str) -> None:
    """Each thing that an attestation lacks is said."""
    given = {"kind": '"x"', "by": '"Dov"', "role": '"tester"', "made_on": "2026-01-12", "statement": '"Done."'}
    key, _, value = line.partition(" = ")
    text = "\n".join(f"{name} = {said}" for name, said in {**given, key: value}.items())

    assert says in " ".join(faults(attestation_in("a.toml", text)))


def test_the_last_valid_day_is_the_day_before_it_expires() -> None:
    """An attestation that expires tomorrow still holds today."""
    text = 'kind="x"\nby="Dov"\nrole="t"\nmade_on=2026-01-12\nexpires=2026-01-16\nstatement="Done."\n'

    assert faults(attestation_in("a.toml", text)) == []


def test_the_latest_attestation_of_a_kind_decides() -> None:
    """A newer one that says failed outweighs an older one that says passed."""
    texts = [
        f'kind="x"\nby="D"\nmade_on=2026-01-{day}\nresult="{said}"\n' for day, said in ((12, "pass"), (13, "FAILED"))
    ]
    body = attestations_in([TextFile(f"attestations/{index}.toml", text=text) for index, text in enumerate(texts)], {})

    latest = body.latest("x")
    assert latest is not None
    assert not latest.passed


REFUSED = {
    "an unknown key": 'kind="x"\nbyy="Dov"',
    "no kind": 'by="Dov"',
    "findings that are no counts": 'kind="x"\n[findings]\nhigh="none"',
    "a severity that is not known": 'kind="x"\n[findings]\nterrible=1',
    "an expiry that is no date": 'kind="x"\nexpires="next year"',
    "broken TOML": "kind=",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_no_attestation_is_an_error(text: str) -> None:
    """A file that might have said "failed" is never overlooked."""
    with pytest.raises(EvidenceError):
        attestation_in("a.toml", text)
    assert attestations_in([TextFile("a.toml", text=text)], {}).examination.errors == 1


def test_an_attestation_can_be_imported(root: Path) -> None:
    """One file with a table `[attestation]` is recognised; its report is not at hand, so it is not confirmed."""
    data = (root / PENTEST).read_bytes()

    assert attestation_toml.recognise(look(data))
    body = attestation_toml.read(data).body
    assert isinstance(body, Attestations)
    assert "is not there" in faults(body.attestations[0])[0]
