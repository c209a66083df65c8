"""What every importer promises, tried on every sample of every kind of evidence."""

import random
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from standfast.app.collecting.importing import recognised
from standfast.app.modules.evidence_modules import FoundImporter, collectors, importers, kind_types, kinds
from standfast.evidence.codec import decode, encode
from standfast.evidence.contract import Reading, readings
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError, Producer, Subject, canonical_json

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
SUBJECT = Subject(repository="sample", tree="1" * 40, commit="2" * 40)
CUTS = (0.1, 0.35, 0.5, 0.8, 0.97)


def samples() -> list[tuple[str, Traversable]]:
    """Return every sample file with its kind."""
    folders = ((kind, files("standfast.evidence").joinpath(kind, "samples")) for kind in kinds())
    return [
        (kind, file)
        for kind, folder in folders
        if folder.is_dir()
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if file.is_file() and not file.name.endswith((".py", ".pyc"))
    ]


SAMPLES = samples()
IDS = [f"{kind}-{file.name}" for kind, file in SAMPLES]


def read(importer: FoundImporter, data: bytes) -> tuple[Reading, ...] | str:
    """Return what the importer reads, or the code of the error with which it refuses."""
    try:
        return readings(importer.module.read(data))
    except EvidenceError as error:
        return error.code


@pytest.mark.parametrize(("kind", "file"), SAMPLES, ids=IDS)
def test_sample_is_recognised_by_one_importer_of_its_kind(kind: str, file: Traversable) -> None:
    """No two importers claim the same report, and the one that does belongs to its kind."""
    assert recognised(file.read_bytes(), importers()).kind == kind


@pytest.mark.parametrize(("kind", "file"), SAMPLES, ids=IDS)
def test_reading_is_pure_and_survives_being_stored(kind: str, file: Traversable) -> None:
    """The same bytes give the same statement, which comes back from its stored form as it was."""
    data = file.read_bytes()
    importer = recognised(data, importers())

    first, second = read(importer, data), read(importer, data)

    if isinstance(first, str):
        assert first == second
        return
    assert not isinstance(second, str)
    assert [canonical_json(one.body) for one in first] == [canonical_json(one.body) for one in second]
    for reading in first:
        stored = encode(
            subject=SUBJECT,
            producer=Producer(tool=reading.tool, version=reading.version),
            produced_at=MOMENT,
            raw=(),
            body=reading.body,
            problems=reading.problems,
        )
        assert decode(stored).body == reading.body
        assert reading.tool


@pytest.mark.parametrize(("kind", "file"), SAMPLES, ids=IDS)
def test_damaged_sample_ends_in_a_reading_or_in_our_own_error(kind: str, file: Traversable) -> None:
    """Cut short anywhere, or with bytes changed, a report never ends in another error than an evidence error."""
    data = file.read_bytes()
    chance = random.Random(f"{kind}/{file.name}")  # noqa: S311  # repeatable damage
    damaged = [data[: int(len(data) * cut)] for cut in CUTS]
    for _ in range(5):
        changed = bytearray(data)
        for _ in range(3):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        damaged.append(bytes(changed))

    for bytes_ in damaged:
        try:
            head = look(bytes_)
        except EvidenceError:
            continue
        found = [one for one in importers() if one.module.recognise(head)]
        assert len(found) <= 1, [one.format for one in found]
        for importer in found:
            read(importer, bytes_)


def test_format_names_are_unique_and_say_how_reports_are_made() -> None:
    """A person can name a format without its kind, and finds the command that writes it."""
    formats = [one.module.FORMAT for one in importers()]

    assert len({form.name for form in formats}) == len(formats)
    assert [form.name for form in formats if not form.title or not form.produced_with] == []


def test_collectors_declare_kinds_that_exist() -> None:
    """Every collector names kinds with a schema, at least one known exit status, and a tool."""
    for found in collectors():
        tool = found.module.TOOL
        assert set(tool.kinds) <= set(kinds()), found.name
        assert tool.kinds, found.name
        assert tool.exits, found.name
        assert not tool.requirement or "==" in tool.requirement or "@" in tool.requirement, found.name


def test_every_kind_has_a_title_and_publishes_what_it_has() -> None:
    """The schema of a kind says what it is and names only attributes that it has."""
    for kind, schema in kind_types().items():
        assert schema.TITLE, kind
        assert all(hasattr(schema, name) for name in schema.UNITS), kind


@pytest.mark.parametrize(("kind", "file"), SAMPLES, ids=IDS)
def test_bytes_that_are_no_text_are_refused_or_left_out(kind: str, file: Traversable) -> None:
    """A byte that no UTF-8 text holds, wherever it stands, is never more than our own error."""
    data = file.read_bytes()
    importer = recognised(data, importers())

    for place in range(0, len(data), max(len(data) // 40, 1)):
        found = read(importer, data[:place] + b"\xff" + data[place + 1 :])
        assert isinstance(found, str | tuple)
