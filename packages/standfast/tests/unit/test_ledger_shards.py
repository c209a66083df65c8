"""One log for each year: frozen when its year is over, followed by one that names it and carries what matters."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from audit_bundles import judged
from command_line import Ran, standfast
from event_ledgers import Machine, harmed
from killed_command import killed
from ledger_story import ANA, BEA, CAY, actor, opened

from standfast.app import clock
from standfast.app.ledger.home import Known
from standfast.app.ledger.opening import find, standing
from standfast.app.ledger.reading import reading
from standfast.app.ledger.shards import earlier, is_frozen, of_year
from standfast.app.ledger.waived import waivers_in
from standfast.ledger.bodies import (
    Basis,
    IdentityLinked,
    KeyEnrolled,
    KeyRevoked,
    KeyUse,
    LedgerFrozen,
    LedgerOpened,
    Result,
    RetentionHeld,
    RetentionReleased,
    RoleGranted,
    RoleRevoked,
    SessionClosed,
    SignatureKind,
    WaiverGranted,
    WaiverUsed,
)
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import ChainId
from standfast.model import LedgerError, UsageError, sha256

OLD = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine whose clock stands in 2024."""
    found = Machine(tmp_path)
    (found.root / "standfast.toml").write_text('[project]\nname = "aged"\n')
    for words in (("init", "--quiet"), ("config", "user.name", "Ana Ruiz"), ("config", "user.email", "a@example.org")):
        subprocess.run(["git", *words], cwd=found.root, check=True)
    found.now = OLD
    return found


def run(machine: Machine, *words: str) -> Ran:
    """Run standfast in the working copy."""
    return standfast(*words, cwd=machine.root, **machine.environment)


def begun(machine: Machine) -> Known:
    """Make a ledger that is one for each year, and return what is known of it."""
    machine.begun()
    assert run(machine, "ledger", "yearly").code == 0
    known = find(machine.root, machine.home)
    assert known is not None
    return known


def newest(machine: Machine) -> Known:
    """Write to the ledger as every command does, today, and return the one that was written."""
    with standing(machine.root, "project", machine.home).ledger as ledger:
        return ledger.known


def leaves(known: Known) -> list[Leaf]:
    """Return every leaf."""
    with reading(known) as reader:
        return [decode(entry.leaf) for entry in reader.store.entries(0, reader.store.head().size)]


def test_year_that_is_over_is_followed(machine: Machine) -> None:
    """The first write of another year freezes the log and begins one that names its origin, size, root and key."""
    old = begun(machine)

    new = newest(machine)

    assert new.id != old.id
    assert new.origin == f"{old.origin}/{clock.now().year}"
    assert isinstance(leaves(old)[-1].body, LedgerFrozen)
    body = leaves(new)[0].body
    assert isinstance(body, LedgerOpened)
    with reading(old) as reader:
        note, checkpoint = reader.published()
        assert (body.follows, body.size, body.checkpoint) == (old.origin, 2, sha256(note))
        assert (body.root, body.former) == (f"sha256:{checkpoint.root.hex()}", sha256(reader.vkey.encode()))
    (shard,) = earlier(new, machine.home)
    assert (shard.known.id, shard.year, shard.size) == (old.id, 2024, 2)
    assert newest(machine).id == new.id


def test_log_goes_on_where_nobody_asked_for_years(machine: Machine) -> None:
    """Unless somebody asks for one log for each year, or when they do no longer, the log goes on."""
    known = machine.begun()

    before = newest(machine)
    run(machine, "ledger", "yearly")
    run(machine, "ledger", "yearly", "--off")

    assert (before.id, newest(machine).id) == (known.id, known.id)


def test_nothing_follows_in_a_frozen_log(machine: Machine) -> None:
    """A writer that opened the log before it was frozen is turned away, whatever its clock says."""
    old = begun(machine)
    with machine.opened(old) as ledger:
        newest(machine)
        machine.now = clock.now() + timedelta(hours=1)

        with pytest.raises(LedgerError) as paused:
            ledger.record(RetentionReleased(hold="x"))
    with machine.opened(old) as ledger, pytest.raises(LedgerError) as late:
        ledger.record(RetentionReleased(hold="x"))

    assert {paused.value.code, late.value.code} <= {"ledger-frozen", "ledger-writer-replaced"}

    with reading(old) as reader:
        assert is_frozen(reader.store)
        assert list(reader.fsck().flaws()) == []


def test_open_session_is_not_split(machine: Machine) -> None:
    """While a session is open, the log of the old year goes on; the first write after its close rolls over."""
    begun(machine)
    known = find(machine.root, machine.home)
    assert known is not None
    with machine.opened(known) as ledger:
        ledger.record(opened(), chain=ChainId("S-1"), actor=actor(BEA))

    during = newest(machine)
    with standing(machine.root, "project", machine.home).ledger as ledger:
        head = ledger.head(ChainId("S-1"))
        assert head.last is not None
        closed = SessionClosed(result=Result.ABANDONED, count=head.count, last=head.last)
        ledger.record(closed, chain=ChainId("S-1"), actor=actor(BEA))
    after = newest(machine)
    shown = run(machine, "session", "show", "S-1")
    page = run(machine, "session", "show", "S-1", "--format", "html")
    unknown = run(machine, "session", "show", "S-2")

    assert (shown.code, "closed, abandoned" in shown.out) == (0, True), shown.err
    assert (page.code, "unwitnessed" in page.out) == (0, True), page.err
    assert (unknown.code, "[session-unknown]" in unknown.err) == (2, True)
    assert (during.id, after.id == known.id) == (known.id, False)
    assert run(machine, "ledger", "fsck").code == 0


def test_what_matters_is_carried_over(machine: Machine) -> None:
    """Roles in force, holds and people go on in the new log, with who gave them; what ended does not."""
    old = begun(machine)
    expires = clock.now() + timedelta(days=100)
    with machine.opened(old) as ledger:
        for role in ("security", "release"):
            ledger.record(RoleGranted(who=BEA, role=role, expires=expires))
        ledger.record(RoleGranted(who=BEA, role="product", expires=OLD + timedelta(days=9)))
        ledger.record(RoleRevoked(who=BEA, role="release"))
        for hold in ("one", "two"):
            ledger.record(RetentionHeld(hold=hold, basis=Basis.LEGAL_HOLD), actor=actor(BEA))
        ledger.record(RetentionReleased(hold="one"))

    first, *others = leaves(newest(machine))

    assert isinstance(first.body, LedgerOpened)
    assert first.body.carried == len(others)
    assert [(leaf.kind, leaf.actor.id) for leaf in others] == [
        ("role.granted", "s-standfast"),
        ("retention.held", BEA),
    ]
    assert others[0].body == RoleGranted(who=BEA, role="security", expires=expires)


def test_waivers_people_and_keys_are_carried_over(machine: Machine) -> None:
    """Waivers that hold go on with their uses, and so do links between people and keys that approve; others do not."""
    old = begun(machine)
    digest, later = sha256(b"x"), clock.now() + timedelta(days=30)

    def waiver(name: str, uses: int) -> WaiverGranted:
        return WaiverGranted(
            waiver=name,
            control="a-control",
            statement=digest,
            requester=ANA,
            approver=BEA,
            role="security",
            expires=later,
            uses=uses,
        )

    machine.now = clock.now() - timedelta(days=300)  # a waiver runs a year at the most
    with machine.opened(old) as ledger:
        for body in (
            IdentityLinked(kept=ANA, other=CAY),
            KeyEnrolled(key=digest, use=KeyUse.APPROVAL, signature=SignatureKind.SSH, holder=ANA),
            KeyEnrolled(key=sha256(b"y"), use=KeyUse.APPROVAL, signature=SignatureKind.SSH, holder=BEA),
            KeyRevoked(key=sha256(b"y"), use=KeyUse.APPROVAL, since=machine.now),
            waiver("w-1", 2),
            waiver("w-2", 1),
            WaiverUsed(waiver="w-1", verdict=digest, findings=1),
            WaiverUsed(waiver="w-2", verdict=digest, findings=1),
        ):
            ledger.record(body)

    new = newest(machine)

    _opened, *others = leaves(new)
    kinds = ["identity.linked", "key.enrolled", "waiver.granted", "waiver.used"]
    assert [str(leaf.kind) for leaf in others] == kinds
    with reading(new) as reader:
        held = waivers_in(reader.store, clock.now()).held
    assert {name: one.used for name, one in held.items()} == {"w-1": 1}


def test_people_keep_their_names(machine: Machine) -> None:
    """Names, and the reasons of holds, are disclosed in the new year as in the old one."""
    begun(machine)
    first = run(machine, "ledger", "hold", "add", "case", "--reason", "A court asked")
    known = newest(machine)
    turned = _a_year_older(machine, known)

    listed = run(machine, "ledger", "hold", "list")

    assert first.code == 0
    assert turned is True
    assert "by Ana Ruiz" in listed.out
    assert "A court asked" in listed.out


def _a_year_older(machine: Machine, known: Known) -> bool:
    """Return whether another log follows once the year of *known* is said to be over."""
    from standfast.app.ledger.opening import open_ledger
    from standfast.app.ledger.shards import followed

    ledger = open_ledger(known, machine.home)
    with followed(ledger, machine.home, clock.now() + timedelta(days=366)) as after:
        return after.known.id != known.id


def test_person_is_erased_from_every_year(machine: Machine) -> None:
    """What is erased goes from the logs of earlier years as well, and what a hold keeps there is kept."""
    begun(machine)
    run(machine, "ledger", "hold", "add", "case", "--reason", "A court asked")
    assert _a_year_older(machine, newest(machine))
    names = newest(machine).names

    held = run(machine, "ledger", "erase", "--person", "Ana Ruiz")
    run(machine, "ledger", "hold", "release", "case", "--reason", "It is over")
    erased = run(machine, "ledger", "erase", "--person", "Ana Ruiz")

    assert (held.code, "[ledger-held]" in held.err) == (4, True)
    assert erased.code == 0, erased.err
    assert "names of 2 leaves" in erased.out
    assert b"Ana Ruiz" not in names.read_bytes()


@pytest.mark.parametrize("step", ["frozen", "made"])
def test_death_on_the_way_is_finished(machine: Machine, step: str) -> None:
    """A log that was frozen and not followed, or followed by an empty one, is followed by the next who writes."""
    old = begun(machine)
    new = newest(machine)
    with closing(sqlite3.connect(new.database)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    shutil.rmtree(machine.home.of(new.id)) if step == "frozen" else None
    if step == "frozen":
        Path(new.database).unlink()
        machine.home.keep(old)
    else:
        _emptied(machine, new)

    again = newest(machine)

    assert again.previous == old.id
    assert isinstance(leaves(again)[0].body, LedgerOpened)
    assert [shard.known.id for shard in earlier(again, machine.home)] == [old.id]


def _emptied(machine: Machine, known: Known) -> None:
    """Put the log back to how it was made."""
    from standfast.ledger.anchor import AnchorFile

    with reading(known) as reader:
        note = reader.store.checkpoint(0)
    harmed(
        known,
        "DELETE FROM entry",
        "DELETE FROM edge",
        "DELETE FROM checkpoint WHERE size > 0",
        "UPDATE head SET size=0, at=0, root=(SELECT root FROM checkpoint)",
    )
    Path(known.anchor).unlink()
    AnchorFile.create(Path(known.anchor), note).close()


HARMS: dict[str, Callable[[Machine, Known, Known], object]] = {
    "ledger-shard-gone": lambda _machine, old, _new: Path(old.database).unlink(),
    "ledger-shards-broken": lambda machine, old, new: machine.home.keep(
        Known(**{**{name: getattr(new, name) for name in new.__struct_fields__}, "previous": _another(machine).id})
    ),
}


def _another(machine: Machine) -> Known:
    return machine.begun()


@pytest.mark.parametrize("code", HARMS)
def test_another_log_before_is_noticed(machine: Machine, code: str) -> None:
    """A log before that is gone, or is not the one that was frozen, is an error with its name."""
    old = begun(machine)
    new = newest(machine)
    HARMS[code](machine, old, new)
    changed = machine.home.known(new.id)
    assert changed is not None

    with pytest.raises(LedgerError) as caught:
        list(earlier(changed, machine.home))

    assert caught.value.code == code


def test_commands_follow_the_years(machine: Machine) -> None:
    """`status` names the logs before; `verify`, `fsck` and `export audit` take a year that there was."""
    begun(machine)
    new = newest(machine)

    status = run(machine, "ledger", "status")
    document = json.loads(run(machine, "ledger", "status", "--format", "json").out)
    old = [run(machine, "ledger", word, "--year", "2024") for word in ("verify", "fsck")]
    none = run(machine, "ledger", "verify", "--year", "2020")
    words = ("--from", "2024-01-01", "--to", "2024-12-31", "--year", "2024", "-o", "../bundle")
    bundle = run(machine, "export", "audit", *words)

    assert "continues 2024: " in status.out
    assert [one["year"] for one in document["earlier"]] == [2024]
    assert [ran.code for ran in old] == [0, 0]
    assert (none.code, "[ledger-no-such-year]" in none.err) == (2, True)
    assert bundle.code == 0, bundle.err
    assert leaves(new)[-1].kind == "ledger.exported"
    assert of_year(newest(machine), machine.home, None).id == new.id
    with pytest.raises(UsageError):
        of_year(new, machine.home, 1999)


def test_auditor_follows_the_years_by_the_kept_checkpoint(machine: Machine, tmp_path: Path) -> None:
    """With the last checkpoint of the old year, the bundle of the new one is proven to go on from exactly there."""
    old = begun(machine)
    new = newest(machine)
    kept, policy = tmp_path / "kept", tmp_path / "auditor.policy"
    keys = []
    for known in (old, new):
        with reading(known) as reader:
            keys.append(f"log {reader.vkey}\n")
    policy.write_text("".join([*keys, "quorum none\n"]))
    words = ("--from", f"{clock.now():%Y-01-01}", "--to", f"{clock.now():%Y-12-31}", "-o", "../bundle")
    assert run(machine, "export", "audit", *words).code == 0
    bundle = machine.root.parent / "bundle"

    kept.write_text(run(machine, "ledger", "verify", "--year", "2024").out)
    follows = judged(bundle, "--policy", policy, "--since", kept)
    with reading(old) as reader:
        kept.write_bytes(reader.store.checkpoint(1))
    other = judged(bundle, "--policy", policy, "--since", kept)

    assert (follows.code, follows.out.splitlines()[-1]) == (0, "proven")
    assert (other.code, "not-comparable" in other.out) == (2, True)


@pytest.mark.parametrize("step", range(1, 60, 6))
def test_killed_turn_of_the_year_is_finished(machine: Machine, step: int) -> None:
    """After `kill -9` at any step of freezing a log and beginning the next, the next command finishes it, once."""
    old = begun(machine)

    ended = killed(machine.root, machine.environment, step, "ledger", "hold", "list")
    again = run(machine, "ledger", "status", "--format", "json")
    done = run(machine, "ledger", "hold", "list")

    assert (ended in {0, -9}, again.code, done.code) == (True, 0, 0), again.err + done.err
    known = machine.home.at(machine.root)
    assert known is not None
    assert [shard.known.id for shard in earlier(known, machine.home)] == [old.id]
    with reading(known) as reader:
        assert list(reader.fsck().flaws()) == []
    frozen = [leaf for leaf in leaves(old) if isinstance(leaf.body, LedgerFrozen)]
    assert (len(frozen), leaves(old)[-1]) == (1, frozen[0])
    assert sum(isinstance(leaf.body, LedgerOpened) for leaf in leaves(known)) == 1


def test_moved_working_copy_takes_every_year_along(machine: Machine) -> None:
    """After the working copy is moved, the newest log is written on, and the older ones are found."""
    begun(machine)
    new = newest(machine)
    moved = machine.root.rename(machine.root.with_name("elsewhere"))

    with standing(moved, "project", machine.home).ledger as ledger:
        known = ledger.known

    assert known.id == new.id
    assert [shard.year for shard in earlier(known, machine.home)] == [2024]
