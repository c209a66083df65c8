"""The decision of a gate is in the ledger before anybody sees it."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
import verdict_samples
from command_line import Ran, standfast
from event_ledgers import Machine, event

from standfast.app.ledger.decisions import decided, named
from standfast.app.ledger.opening import standing
from standfast.app.ledger.reading import reading
from standfast.app.ledger.recording import ENGINE
from standfast.ledger.bodies import GateDecided, LedgerOpened
from standfast.ledger.events import Leaf, decode, encode
from standfast.ledger.fields import LEDGER, Name
from standfast.model import Verdict, sha256

SETTINGS = '[project]\nname = "little"\n'


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a project that was never judged."""
    made = Machine(tmp_path)
    (made.root / "standfast.toml").write_text(SETTINGS)
    return made


def gate(machine: Machine, *words: str) -> Ran:
    """Judge the project by what is stored about it."""
    return standfast("gate", "--no-collect", "--format", "json", *words, cwd=machine.root, **machine.environment)


def leaves(machine: Machine) -> list[Leaf]:
    """Return every event of the ledger of the project."""
    known = machine.home.at(machine.root)
    assert known is not None
    with reading(known) as ledger:
        return [decode(entry.leaf) for entry in ledger.store.entries(0, ledger.store.head().size)]


def test_first_gate_begins_a_ledger(machine: Machine) -> None:
    """Without any set-up, the first decision begins a ledger and is its second entry."""
    ran = gate(machine)

    opening, decision = (leaf.body for leaf in leaves(machine))
    assert isinstance(opening, LedgerOpened)
    assert isinstance(decision, GateDecided)
    assert decision.verdict == sha256(ran.out.encode().rstrip(b"\n"))
    assert decision.status == json.loads(ran.out)["status"]


def test_every_decision_is_an_entry(machine: Machine) -> None:
    """Each run of the gate adds one entry; explaining one does not."""
    for _ in range(3):
        gate(machine)
    standfast("explain", "--no-collect", "line-coverage-meets-limit", cwd=machine.root, **machine.environment)

    assert [leaf.kind for leaf in leaves(machine)] == ["ledger.opened", *["gate.decided"] * 3]
    assert standfast("ledger", "fsck", cwd=machine.root, **machine.environment).code == 0


def test_gates_at_once_begin_one_ledger(machine: Machine) -> None:
    """Of several gates that find no ledger at the same time, one begins it and all write to it."""
    with ThreadPoolExecutor(3) as pool:
        places = list(pool.map(lambda _: began(machine), range(3)))

    assert sorted(index for _origin, index in places) == [1, 2, 3]
    assert len({origin for origin, _index in places}) == 1


def began(machine: Machine) -> tuple[str, int]:
    """Write one event as the gate does, and return where it stands."""
    with standing(machine.root, "little", machine.home).ledger as ledger:
        place = ledger.record(event())
        return place.origin, place.index


def harm(machine: Machine, how: str) -> None:
    """Let the ledger of the project fail."""
    known = machine.home.at(machine.root)
    assert known is not None
    match how:
        case "key exposed":
            (machine.home.of(known.id) / "key").chmod(0o644)
        case "anchor gone":
            Path(known.anchor).unlink()
        case "database cut":
            Path(known.database).write_bytes(Path(known.database).read_bytes()[:9000])
        case "database of yesterday":
            Path(known.database).write_bytes((machine.root / "yesterday").read_bytes())


@pytest.mark.parametrize("how", ["key exposed", "anchor gone", "database cut", "database of yesterday"])
def test_decision_that_cannot_be_recorded_is_not_shown(machine: Machine, tmp_path: Path, how: str) -> None:
    """When the ledger fails, the gate ends with 4, prints no verdict and writes no report."""
    gate(machine)
    known = machine.home.at(machine.root)
    assert known is not None
    (machine.root / "yesterday").write_bytes(Path(known.database).read_bytes())
    gate(machine)
    harm(machine, how)

    ran = gate(machine, "--output", f"html={tmp_path / 'report.html'}")

    assert (ran.code, ran.out) == (4, "")
    assert "[ledger-" in ran.err
    assert not (tmp_path / "report.html").exists()


def test_folder_for_keys_that_cannot_be_written_is_named(machine: Machine, tmp_path: Path) -> None:
    """Where no key can be kept, no verdict is shown, and the message says which folder is meant."""
    (tmp_path / "file").touch()
    machine.environment = {"XDG_DATA_HOME": str(tmp_path / "file")}

    ran = gate(machine)

    assert (ran.code, ran.out) == (4, "")
    assert "[ledger-home-unusable]" in ran.err
    assert "XDG_DATA_HOME" in ran.err


def test_lost_ledger_is_said(machine: Machine) -> None:
    """A ledger that was deleted is missed: the gate says so, and goes on with one that names it."""
    gate(machine)
    known = machine.home.at(machine.root)
    assert known is not None
    Path(known.database).unlink()

    assert "warning: the ledger" in gate(machine).err
    assert "warning" not in gate(machine).err


@pytest.mark.parametrize("verdict", [verdict_samples.realistic(), verdict_samples.open_gates()])
def test_any_verdict_fits_into_a_leaf(verdict: Verdict) -> None:
    """What a verdict says fits into one leaf, whatever its gates, service and environment are called."""
    subject = msgspec.structs.replace(
        verdict.subject,
        tree="a" * 40,
        commit=None,
        artifact="registry.example.org/x@1",
        service="Ünser Dienst",
        environment="EU prod",
    )
    body = decided(msgspec.structs.replace(verdict, subject=subject), sha256(b"verdict"))

    data = encode(Leaf(at=verdict.decided_at, actor=ENGINE, session=LEDGER, number=1, body=body))

    assert decode(data).body == body


@pytest.mark.parametrize("text", ["code_quality", "Code Quality", "", "ä", "x" * 500, "a b", "a-b"])
def test_names_stay_apart(text: str) -> None:
    """A name that a leaf cannot hold is replaced by one that it can, and two names never become one."""
    fits = msgspec.convert(named(text), Name)

    assert fits == named(text)
    assert named(text) != named(f"{text}!")
