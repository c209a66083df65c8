"""`standfast ledger hold|erase|prune`: what goes, what stays provable, and what a death in between leaves."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from aged_ledgers import OLD, Aged
from audit_bundles import judged
from event_ledgers import harmed
from killed_command import killed
from little_sessions import Office

from standfast.app.keeping.bodies import bodies_of
from standfast.app.ledger.opening import find, standing
from standfast.app.ledger.reading import reading
from standfast.app.sessions.disclosed import Disclosed
from standfast.app.storage.store import Store
from standfast.ledger.bodies import Basis, RetentionErased, RetentionPruned
from standfast.ledger.commitments import disclose
from standfast.ledger.events import decode, leaf_digest
from standfast.ledger.fields import LEDGER, ChainId
from standfast.model import sha256

LATE = "2022-01-01"
JUNIT = (
    '<testsuite name="unit" tests="1" failures="0" errors="0" skipped="0">'
    '<testcase classname="t" name="a"/></testsuite>'
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A repository with a closed session, whose last gate sealed what it decided from."""
    made = Office(tmp_path)
    made.session("open", "Pay Ana by card")
    made.session("note", "Ana Ruiz asked for it")
    assert made.run("gate", "--no-collect").out
    assert made.session("close", "--result", "abandoned", "--lesson", "Ask Ana first").code == 0
    return made


def session(office: Office) -> str:
    """Return the id of the session."""
    found: str = office.shown()["session"]
    return found


def texts(office: Office) -> str:
    """Return what the session shows."""
    return office.session("show", session(office)).out


def below(folder: Path, word: bytes) -> list[Path]:
    """Return the files in *folder* that hold *word*."""
    return [path for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_erased_session_is_gone_and_proven(office: Office) -> None:
    """After a session is erased, its sentences, verdict and statements are nowhere, and everything still verifies."""
    name = session(office)
    known = find(office.root, office.home())
    assert known is not None

    ran = office.run("ledger", "erase", "--session", name, "--backups-end", "2027-01-01")

    assert (ran.code, ran.err) == (0, "")
    assert "from 2027-01-01 on" in ran.out
    assert "1 data keys" in ran.out
    assert "(erased)" in texts(office)
    assert below(office.root / ".standfast/ledger", b"asked for it") == []
    assert not any(b'"inputs"' in path.read_bytes() for _digest, path in Store(office.root).objects())
    assert office.run("ledger", "fsck").code == 0
    exported = office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", "../bundle")
    assert "were erased" in exported.err
    policy = office.root.parent / "auditor.policy"
    with reading(known) as reader:
        policy.write_text(f"log {reader.store.identity.vkey}\nquorum none\n")
    verdict = judged(office.root.parent / "bundle", "--policy", policy)
    assert (verdict.code, verdict.out.splitlines()[-1]) == (0, "proven")


def test_erasure_is_an_entry(office: Office) -> None:
    """The ledger says of which session, why, by whom, how much, until when backups have it, and the digest of it."""
    name = session(office)

    office.run("ledger", "erase", "--session", name, "--basis", "court_order", "--backups-end", "2027-01-01")

    leaf = office.leaves()[-1]
    body = leaf.body
    assert isinstance(body, RetentionErased)
    assert (body.session, body.basis, body.data_keys) == (name, "court_order", 1)
    assert body.backups_end == datetime(2027, 1, 1, tzinfo=UTC)
    assert body.disclosures > 0
    assert body.content is not None
    assert leaf.actor.id.startswith("p-")
    again = office.run("ledger", "erase", "--session", name)
    assert (again.code, "[session-erased]" in again.err) == (2, True)


def test_open_session_is_not_erased(office: Office) -> None:
    """A session that is open is not erased: what is written next would stand without what came before."""
    name = office.session("open", "Another").out.strip()

    ran = office.run("ledger", "erase", "--session", name)

    assert (ran.code, "[session-open]" in ran.err) == (2, True)


@pytest.mark.parametrize("held", [True, False])
def test_hold_keeps_a_session(office: Office, *, held: bool) -> None:
    """While a hold keeps a session or everything, nothing of it is erased; the hold says why, and ends."""
    name = session(office)
    words = ("--session", name) if held else ()

    placed = office.run("ledger", "hold", "add", "case-7", "--reason", "A court wants to see it", *words)
    refused = office.run("ledger", "erase", "--session", name)
    person = office.run("ledger", "erase", "--person", "Ana Ruiz")
    listed = office.run("ledger", "hold", "list")
    again = office.run("ledger", "hold", "add", "case-7", "--reason", "Once more")
    ended = office.run("ledger", "hold", "release", "case-7", "--reason", "It is over")

    assert [placed.code, ended.code] == [0, 0]
    assert [(ran.code, "[ledger-held]" in ran.err) for ran in (refused, person)] == [(4, True)] * 2
    assert "A court wants to see it" in listed.out
    assert "by Ana Ruiz" in listed.out
    assert (again.code, "[hold-exists]" in again.err) == (2, True)
    assert office.run("ledger", "hold", "list").out == ""
    assert office.run("ledger", "erase", "--session", name).code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("hold", "release", "nothing", "--reason", "It is over"), "hold-unknown"),
        (("hold", "add", "Not a name", "--reason", "It is so"), "hold-name"),
        (("hold", "add", "case", "--reason", "It is so", "--session", "S-none"), "session-unknown"),
        (("erase",), "erase-what"),
        (("erase", "--person", "Ana Ruiz", "--session", "S-1"), "erase-what"),
        (("erase", "--person", "Nobody Here"), "person-unknown"),
        (("erase", "--session", "S-none"), "session-unknown"),
    ],
)
def test_what_cannot_be_asked_is_refused(office: Office, words: tuple[str, ...], code: str) -> None:
    """What names nothing, or two things, changes nothing and says what is wrong."""
    before = len(office.leaves())

    ran = office.run("ledger", *words)

    assert (ran.code, f"[{code}]" in ran.err) == (2, True)
    assert len(office.leaves()) == before


def test_erased_person_keeps_a_pseudonym(office: Office) -> None:
    """After a person is erased, nothing says who a pseudonym was; the sentences go where that is asked for."""
    names = next((office.root / ".standfast/ledger").glob("*.names"))

    first = office.run("ledger", "erase", "--person", "ana@example.org")

    assert first.code == 0
    assert "ana@example.org" not in names.read_bytes().decode("latin-1")
    assert "Ask Ana first" in texts(office)
    assert "opened by p-" in texts(office)
    assert "may still name the person" in first.out
    assert "erase with --sentences" in first.out
    assert office.run("ledger", "erase", "--finish").out == "nothing is left undone\n"


def test_erased_person_takes_the_sentences_along(office: Office) -> None:
    """With `--sentences`, what the person wrote goes with the names, and the person may come back as somebody new."""
    office.run("ledger", "erase", "--person", "Ana Ruiz", "--sentences")

    assert "(erased)" in texts(office)
    assert "Ask Ana first" not in texts(office)
    assert office.session("open", "Another").code == 0
    assert len({leaf.actor.id for leaf in office.leaves() if leaf.actor.id.startswith("p-")}) == 2
    assert office.run("ledger", "erase", "--finish").err == ""


def test_what_others_rest_on_stays(tmp_path: Path) -> None:
    """A statement that another decision rests on too is kept for that one, and the command says so."""
    office = Office(tmp_path)
    office.session("open", "Pay by card")
    office.write("../junit.xml", JUNIT)
    office.run("import", "../junit.xml")
    assert office.run("gate", "--no-collect").out
    office.session("close", "--result", "abandoned", "--lesson", "None at all")
    verdict = json.loads(office.run("gate", "--no-collect", "--format", "json").out)

    ran = office.run("ledger", "erase", "--session", session(office))

    assert ran.code == 0
    assert "objects that other sessions or decisions rest on too" in ran.out
    (statement,) = verdict["inputs"]["evidence"]
    assert Store(office.root).backed(statement).kind == "test_results"


@pytest.fixture
def aged(tmp_path: Path) -> Aged:
    """A ledger of 30 sessions of 2019."""
    return Aged(tmp_path).with_sessions(30)


def test_prune_keeps_every_proof(aged: Aged, tmp_path: Path) -> None:
    """After leaves are pruned, the ledger is whole, continues what was kept before, and proves what is gone."""
    kept = tmp_path / "kept"
    kept.write_text(aged.ledger("verify").out)
    proof = aged.ledger("verify", "5").out.split("\n\n")[0]

    ran = aged.ledger("prune", "--before", LATE)

    assert ran.code == 0
    assert "leaves 0 to 512 pruned" in ran.out
    assert "bundles of 256" in ran.err
    examined = aged.ledger("fsck")
    assert (examined.code, "first 512 are pruned" in examined.out) == (0, True)
    assert aged.ledger("verify", "--since", str(kept)).code == 0
    again = aged.ledger("verify", "5")
    assert again.out.startswith(proof.splitlines()[0])
    assert "entry 5 is among the pruned" in again.err
    assert aged.ledger("prune", "--before", LATE).out == "nothing to prune\n"


def test_prune_says_so_first(aged: Aged) -> None:
    """What is pruned is an entry of the ledger, which names how far, of when, and why."""
    aged.ledger("prune", "--before", LATE)

    with reading(aged.known) as reader:
        *_others, (_index, newest) = reader.store.chain(LEDGER)
        assert [index for index, _leaf in reader.store.chain("S-1")] == []
    body = decode(newest).body
    assert isinstance(body, RetentionPruned)
    assert (body.start, body.end, body.basis) == (0, 512, "retention_over")
    assert body.before == datetime(2022, 1, 1, tzinfo=UTC)


def test_prune_never_takes_what_is_young(aged: Aged) -> None:
    """Nothing is pruned that the standard keeps, and settings make it longer, never shorter; a dry run does nothing."""
    size = aged.ledger("status").out
    settings = aged.root / "standfast.toml"

    young = aged.ledger("prune", "--before", "2026-01-01")
    settings.write_text(settings.read_text() + "[retention]\nyears = 6.5\n")
    kept = aged.ledger("prune", "--before", LATE)
    settings.write_text(settings.read_text().replace("6.5", "1"))
    short = aged.ledger("prune", "--before", "2025-01-01")
    dry = aged.ledger("prune", "--before", LATE, "--dry-run")

    assert [(ran.code, "[prune-too-young]" in ran.err) for ran in (young, kept, short)] == [(2, True)] * 3
    assert "leaves 0 to 512 would go" in dry.out
    assert aged.ledger("status").out == size


@pytest.mark.parametrize(
    ("words", "text", "end"),
    [
        (("--session", "S-20"), "case keeps session S-20", 256),
        (("--session", "S-3"), "case keeps session S-3", 0),
        ((), "the hold case keeps everything", 0),
    ],
)
def test_prune_stops_at_what_is_held(aged: Aged, words: tuple[str, ...], text: str, end: int) -> None:
    """Leaves go only up to the bundle in which something is held."""
    aged.ledger("hold", "add", "case", "--reason", "A court asked", *words)

    ran = aged.ledger("prune", "--before", LATE)

    assert text in ran.err
    assert ("nothing to prune" in ran.out) == (end == 0)
    with reading(aged.known) as reader:
        assert reader.pruned() == end
    aged.ledger("hold", "release", "case", "--reason", "It is over")
    assert "to 512 pruned" in aged.ledger("prune", "--before", LATE).out
    assert aged.ledger("fsck").code == 0


def test_prune_stops_at_a_session_that_goes_on(tmp_path: Path) -> None:
    """A session that was never closed is not pruned, and is named."""
    aged = Aged(tmp_path).with_sessions(29)
    with aged.machine.opened(aged.known) as ledger:
        (opened,) = [decode(data) for index, data in ledger.store.chain("S-7")][:1]
    aged.append([msgspec.structs.replace(opened, at=OLD.replace(month=6), session=ChainId("S-open"))])
    aged.with_sessions(20, first=200)

    ran = aged.ledger("prune", "--before", LATE)

    assert "session S-open, entry 610 on, is not over" in ran.err
    assert "leaves 0 to 512 pruned" in ran.out


def test_sealed_content_is_pruned_by_session_and_month(aged: Aged) -> None:
    """Content of sessions and months that ended before the day goes with keys and sentences; the rest stays."""
    contents = {
        "S-1": b"one",
        "S-2": b"two",
        "ledger-2019-12": b"old",
        "ledger-2021-12": b"last",
        "ledger-2022-01": b"new",
    }
    with closing(bodies_of(aged.known, aged.machine.home)) as bodies:
        for owner, data in contents.items():
            bodies.put(owner, [(sha256(data), lambda data=data: data)])  # type: ignore[misc]  # a default is no argument of it
    with closing(Disclosed(aged.known.names)) as disclosed, reading(aged.known) as reader:
        ((_first, leaf), *_others) = reader.store.chain("S-3")
        disclosed.keep([disclose(leaf_digest(leaf), "/body/title", "Pay", salt=bytes(16))])
    aged.ledger("hold", "add", "case", "--reason", "A court asked", "--session", "S-2")

    ran = aged.ledger("prune", "--before", LATE)

    assert "4 sessions and months, 3 sealed objects pruned" in ran.out, ran.out + ran.err
    with closing(bodies_of(aged.known, aged.machine.home)) as bodies:
        assert bodies.owners() == ("S-2", "ledger-2022-01")
        assert (bodies.get(sha256(b"two")), bodies.get(sha256(b"one"))) == (b"two", None)
    with closing(Disclosed(aged.known.names)) as disclosed:
        assert disclosed.of(leaf_digest(leaf)) == {}
    assert aged.ledger("erase", "--finish").err == ""


def test_erased_session_takes_its_reports_along(tmp_path: Path) -> None:
    """The raw reports behind the statements of an erased session, and what leads to them in the store, go as well."""
    office = Office(tmp_path)
    office.session("open", "Pay by card")
    office.write("../junit.xml", JUNIT)
    office.run("import", "../junit.xml")
    assert office.run("gate", "--no-collect").out
    office.session("close", "--result", "abandoned", "--lesson", "None at all")

    office.run("ledger", "erase", "--session", session(office))

    assert below(office.root / ".standfast", b"testsuite") == []
    assert below(office.root / ".standfast/subjects", b"statements") == []
    assert office.run("evidence", "verify").code == 0
    assert office.run("gate", "--no-collect").code == 3


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("DELETE FROM entry WHERE idx = 600", "entry-missing"),
        ("UPDATE entry SET leaf = CAST(replace(leaf, 's-standfast', 's-standfasT') AS BLOB) WHERE idx = 0", "entry"),
        ("UPDATE entry SET leaf = CAST(replace(leaf, '2019', '2018') AS BLOB) WHERE idx = 510", "entry-changed"),
        ("UPDATE tile SET data = zeroblob(8192) WHERE level = 0 AND idx = 0", "root-differs"),
        ("DELETE FROM tile WHERE level = 0 AND idx = 1", "tile-changed"),
    ],
)
def test_harm_to_a_pruned_ledger_is_named(aged: Aged, harm: str, found: str) -> None:
    """In a pruned ledger, what is missing or changed beside what an entry says is pruned is damage with a name."""
    aged.ledger("prune", "--before", LATE)
    harmed(aged.known, harm)

    ran = aged.ledger("fsck")

    assert (ran.code, found in ran.out) == (4, True), ran.out


def test_rows_that_nobody_pruned_are_missed(aged: Aged) -> None:
    """Rows that were removed and are said to be pruned by the database alone, and by no entry, are missing."""
    harmed(aged.known, "DELETE FROM entry WHERE idx BETWEEN 1 AND 511", "UPDATE head SET first = 512")

    ran = aged.ledger("fsck")

    assert (ran.code, "entry-missing: entry 1:" in ran.out) == (4, True)


def test_bundle_says_what_is_pruned(aged: Aged) -> None:
    """A bundle of a pruned ledger begins after what is pruned, says so by name, and is proven for the time since."""
    aged.ledger("prune", "--before", LATE)
    policy = aged.root.parent / "auditor.policy"
    with reading(aged.known) as reader:
        policy.write_text(f"log {reader.store.identity.vkey}\nquorum none\n")
    for name, first in (("old", "2019-01-01"), ("new", "2020-01-01")):
        ran = aged.run("export", "audit", "--from", first, "--to", "2099-12-31", "-o", f"../{name}")
        assert ran.code == 0, ran.err

    old, new = (judged(aged.root.parent / name, "--policy", policy) for name in ("old", "new"))

    assert (old.code, "INCOMPLETE  pruned: " in old.out) == (2, True)
    assert (new.code, "pruned by entry" in new.out) == (0, True)
    gone = aged.run("export", "audit", "--from", "2019-01-01", "--to", "2099-12-31", "--session", "S-1", "-o", "../one")
    assert (gone.code, "[export-no-session]" in gone.err) == (2, True)


def test_prune_of_an_earlier_year_is_about_its_own_leaves(aged: Aged) -> None:
    """What the log of an earlier year says is pruned takes nothing from the one that followed it."""
    aged.ledger("prune", "--before", LATE)
    assert aged.ledger("yearly").code == 0

    listed = aged.ledger("hold", "list")
    aged.append_newest(600)
    finished = aged.ledger("erase", "--finish")

    assert [listed.code, finished.code] == [0, 0]
    assert "finished" not in listed.err + finished.err
    examined = aged.ledger("fsck")
    assert (examined.code, "pruned" in examined.out) == (0, False)
    assert "first 512 are pruned" in aged.ledger("fsck", "--year", "2019").out


@pytest.mark.parametrize("step", range(0, 40, 3))
def test_killed_erasure_is_finished_or_never_began(office: Office, step: int) -> None:
    """After `kill -9` at any step, either nothing is gone and no entry says so, or the next command does the rest."""
    name = session(office)
    before = len(office.leaves())

    ended = killed(office.root, office.environment, step + 1, "ledger", "erase", "--session", name)

    said = len(office.leaves()) > before
    if not said:
        assert "(erased)" not in texts(office)
    finished = office.run("ledger", "erase", "--finish")
    assert finished.code == 0, finished.err
    assert office.run("ledger", "erase", "--finish").err == ""
    assert office.run("ledger", "fsck").code == 0
    assert ("(erased)" in texts(office)) == said
    assert bool(below(office.root / ".standfast/ledger", b"asked for it")) != said
    assert ended in {0, -9}


def test_status_tells_what_is_held_and_what_is_not_finished(office: Office) -> None:
    """`ledger status` names the holds, and an entry that says that something is gone which is still there."""
    quiet = office.run("ledger", "status")
    office.run("ledger", "hold", "add", "case", "--reason", "A court asked")
    held = office.run("ledger", "status")
    end = datetime(2030, 1, 1, tzinfo=UTC)
    body = RetentionErased(
        basis=Basis.ERASURE_REQUEST,
        disclosures=1,
        data_keys=1,
        backups_end=end,
        session=ChainId(session(office)),
        content=sha256(b"what went"),
    )
    with standing(office.root, "little", office.home()).ledger as ledger:
        entry = ledger.record(body).index
    told = office.run("ledger", "status")
    data = json.loads(office.run("ledger", "status", "--format", "json").out)["keeping"]
    office.run("ledger", "erase", "--finish")

    assert "held:" not in quiet.out
    assert "held: case" in held.out
    assert f"NOT FINISHED: entry {entry} says" in told.out
    assert data == {"holds": ["case"], "unfinished": [entry], "unknown": ""}
    assert "NOT FINISHED" not in office.run("ledger", "status").out


@pytest.mark.parametrize("step", range(0, 30, 5))
def test_killed_prune_is_finished_or_never_began(aged: Aged, step: int) -> None:
    """After `kill -9` at any step of pruning, the ledger is whole, and the next command does what the entry says."""
    ended = killed(aged.root, aged.machine.environment, step + 1, "ledger", "prune", "--before", LATE)

    assert aged.ledger("fsck").code == 0
    assert aged.ledger("erase", "--finish").code == 0
    with reading(aged.known) as reader:
        gone = list(reader.store.chain("S-1")) == []
        assert gone == (reader.pruned() == 512)
    assert aged.ledger("fsck").code == 0
    assert ended in {0, -9}
