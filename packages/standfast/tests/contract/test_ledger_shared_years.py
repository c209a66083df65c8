"""A shared ledger that goes on in another log when a year is over: its owner makes that, and the machines join it."""

from pathlib import Path

import pytest
from command_line import Ran
from little_postgres import OWNER
from little_sessions import Office
from little_waivers import WaiverOffice
from shared_ledgers import Aged, Shared, known_at

from standfast.app import clock
from standfast.app.ledger.opening import create, open_ledger, open_store
from standfast.app.ledger.shards import _freeze, _wanted, earlier
from standfast.ledger.bodies import LedgerOpened

YEAR = clock.now().year


@pytest.fixture
def aged(tmp_path: Path) -> Aged:
    """A shared ledger that began in 2024, with a closed session of today."""
    made = Aged(tmp_path)
    made.first.session("open", "Pay Ana by card")
    made.first.session("note", "Ana Ruiz asked for it")
    assert made.first.session("close", "--result", "abandoned", "--lesson", "Ask Ana first").code == 0
    return made


def yearly(shared: Shared, *words: str) -> Ran:
    """Let the owner make the next log."""
    return shared.first.run("ledger", "yearly", "--owner", shared.address(OWNER), *words)


def next_log(shared: Shared) -> Shared:
    """Return *shared* with the log that goes on after it."""
    shared.schema = f"{shared.schema}_{YEAR}"
    return shared


def test_owner_lets_another_log_follow(aged: Aged) -> None:
    """The log of the old year is frozen, the next one names it, and names and sealed content are the same for both."""
    old = known_at(aged.first)

    ran = yearly(aged)

    new = known_at(aged.first)
    assert ran.code == 0, ran.err
    assert (new.schema, new.previous, new.lineage) == (f"{old.schema}_{YEAR}", old.id, old.id)
    (shard,) = earlier(new, aged.first.home())
    assert (shard.known.id, shard.year) == (old.id, 2024)
    assert [aged.first.run("ledger", *words).code for words in (["fsck"], ["fsck", "--year", "2024"], ["status"])] == (
        [0, 0, 0]
    )
    assert "continues 2024" in aged.first.run("ledger", "status").out


def test_names_go_on(aged: Aged) -> None:
    """Who was known in the old year is known by the same pseudonym in the next, on every machine."""
    assert yearly(aged).code == 0
    with open_store(known_at(aged.first)) as store:
        carried = [entry.kind for entry in store.entries(0, store.head().size)]

    aged.first.session("open", "Pay by check")
    two = next_log(aged).joined()
    two.session("note", "Written test by test")

    with open_store(known_at(two)) as store:
        kinds = [entry.kind for entry in store.entries(0, store.head().size)]
    assert carried.count("identity.enrolled") == kinds.count("identity.enrolled") > 0
    assert "opened by Ana Ruiz" in two.session("show").out


def test_machine_of_the_old_year_joins_the_next(aged: Aged) -> None:
    """A machine whose log was frozen elsewhere writes nothing, says what to do, and goes on once it has joined."""
    two = aged.joined()
    old = known_at(two)
    assert yearly(aged).code == 0

    refused = two.session("open", "Pay by check")
    again = aged.init(two, "--join", str(aged.kept()), *aged.keys())
    next_log(aged)
    joined = aged.init(two, "--join", str(aged.kept()), "--key", str(aged.key()))

    assert (refused.code, "[ledger-frozen]" in refused.err, "--join" in refused.err) == (4, True, True)
    assert again.code == 4
    assert joined.code == 0, joined.err
    assert known_at(two).previous == old.id
    assert two.session("open", "Pay by check").code == 0
    assert "continues 2024" in two.run("ledger", "status").out


def test_another_log_is_not_taken_for_the_next(aged: Aged, tmp_path: Path) -> None:
    """A log that does not name the old one is not joined by a machine that wrote that one."""
    (tmp_path / "else").mkdir()
    elsewhere = Shared(tmp_path / "else")
    two = aged.joined()
    assert yearly(aged).code == 0

    ran = elsewhere.init(two, "--join", str(elsewhere.kept()), "--key", str(elsewhere.key()))

    assert (ran.code, "[ledger-shards-broken]" in ran.err, known_at(two).schema) == (4, True, aged.schema)


def test_waiver_goes_on(tmp_path: Path) -> None:
    """A waiver that was signed in the old year opens the gate in the next, and its uses are counted on."""
    (tmp_path / "bea").mkdir()
    bea = WaiverOffice(tmp_path / "bea")
    shared = Aged(tmp_path, first=bea)
    bea.granted(max_uses="2")
    before = bea.gate()["status"]

    assert yearly(shared).code == 0
    after = [bea.gate()["status"] for _ in range(2)]

    assert (before, after) == ("waived", ["waived", "unknown"])


@pytest.mark.parametrize("why", ["session", "year"])
def test_year_that_is_not_over_goes_on(tmp_path: Path, why: str) -> None:
    """While a session is open, or in the year in which it began, the log goes on, and no schema is made."""
    shared: Shared = Shared(tmp_path) if why == "year" else Aged(tmp_path)
    shared.first.session("open", "Pay by card")

    ran = yearly(shared)

    assert (ran.code, "goes on" in ran.out) == (0, True)
    assert known_at(shared.first).schema == shared.schema


def test_next_log_that_was_left_empty_is_begun(aged: Aged) -> None:
    """Where the command died after the next log was made, whoever writes next lets it say what it goes on after."""
    old, home = known_at(aged.first), aged.first.home()
    with open_ledger(old, home) as ledger:
        _freeze(ledger)
    create(aged.first.root, "little", home, _wanted(old, YEAR, aged.address(OWNER)))

    assert aged.first.session("open", "Pay by check").code == 0

    opened = aged.first.leaves()[0].body
    assert isinstance(opened, LedgerOpened)
    assert opened.follows == old.origin


def test_log_is_not_frozen_before_the_next_one_can_be_made(aged: Aged) -> None:
    """An owner that may make no schema, or whose address cannot be taken, freezes nothing."""
    answers = {
        "ledger-owner-too-weak": aged.first.run("ledger", "yearly", "--owner", aged.address()),
        "ledger-unreachable": aged.first.run("ledger", "yearly", "--owner", "postgresql:///x?host=/nowhere"),
        "ledger-address-secret": aged.first.run("ledger", "yearly", "--owner", "postgresql://u:tr0ub4dor@h/x"),
    }

    assert {code: f"[{code}]" in ran.err for code, ran in answers.items()} == dict.fromkeys(answers, True)
    assert aged.first.session("open", "Pay by check").code == 0


def test_owner_is_for_shared_ledgers(tmp_path: Path) -> None:
    """A ledger in a file takes no owner."""
    office = Office(tmp_path)
    assert office.run("ledger", "init").code == 0

    ran = office.run("ledger", "yearly", "--owner", "service=owner")

    assert (ran.code, "[ledger-owner-unasked]" in ran.err) == (2, True)
