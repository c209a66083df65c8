"""A ledger that several machines share, by the commands that people run and on a real PostgreSQL server."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from audit_bundles import judged
from command_line import standfast, standfast_alone
from little_authority import LittleAuthority, listening
from little_postgres import OWNER, WRITER
from little_sessions import Office
from little_waivers import CONTROL, WaiverOffice
from shared_ledgers import Shared, known_at, writing
from soft_tokens import PIN, new_key

from standfast.app.keeping.bodies import bodies_of
from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import open_store
from standfast.app.ledger.shared import alone
from standfast.app.sessions.disclosed import disclosed_of
from standfast.ledger.fields import LEDGER
from standfast.ledger.kinds import EventKind
from standfast.model import sha256


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    """A ledger on a server that one machine made."""
    return Shared(tmp_path)


def test_ledger_is_made_on_a_server(shared: Shared) -> None:
    """`init` prints the verifier key and where the log is; `status`, `verify` and `fsck` work on it as on any other."""
    ran = [shared.first.run("ledger", *words) for words in (["status"], ["verify"], ["verify", "0"], ["fsck"])]

    assert f"schema {shared.schema}" in shared.made.err
    assert [one.code for one in ran] == [0, 0, 0, 0]
    assert ran[0].out.splitlines()[0].endswith(": 1 entries, published")
    assert ran[3].out == "examined 1 entries, 0 tiles, 2 checkpoints\n"
    assert stat.S_IMODE(shared.key().stat().st_mode) == 0o600


def test_installed_command_records_its_verdict_on_the_server(shared: Shared) -> None:
    """The gate, in a process of its own, writes its decision into the shared ledger before it shows it."""
    first = shared.first
    ran = standfast_alone("gate", "--no-collect", "--format", "json", cwd=first.root, **first.environment)

    assert json.loads(ran.out)["status"] == "unknown"
    with open_store(known_at(first)) as store:
        assert [entry.kind for entry in store.entries(0, store.head().size)] == ["ledger.opened", "gate.decided"]


def test_change_goes_all_the_way_on_two_machines(shared: Shared) -> None:
    """A session begun on one machine is approved on another; author, approver and names are the same on both."""
    one = shared.first
    one.ready()
    two = shared.joined()
    two.bea()
    approved = two.run("approve", "security")
    two.cay()
    released = two.run("approve", "release")
    advanced = one.session("advance", "rollout")

    assert [approved.code, released.code, advanced.code] == [0, 0, 0], (approved.err, released.err, advanced.err)
    assert "Bea Lind" in one.session("show").out
    assert one.session("show").out == two.session("show").out
    assert [office.run("ledger", "fsck").code for office in (one, two)] == [0, 0]


def test_machine_sees_what_others_wrote(shared: Shared) -> None:
    """A machine that only reads says where the ledger stands by now, and keeps that in its own anchor."""
    two = shared.joined()
    shared.first.session("open", "Pay by card")
    backup = shared.dumped()
    shared.first.session("note", "Written test by test")

    statuses = [office.run("ledger", "status").out.splitlines()[:2] for office in (shared.first, two)]
    shared.restored(backup)

    assert statuses[0] == statuses[1]
    assert statuses[0][0].endswith(", published")
    assert "[ledger-rolled-back]" in two.run("ledger", "status").err


def test_author_is_known_on_every_machine(shared: Shared) -> None:
    """Who wrote the change on one machine cannot approve it from another one."""
    shared.first.ready()
    two = shared.joined()

    ran = two.run("approve", "security")

    assert ran.code == 1
    assert "approver is author" in ran.err
    with open_store(known_at(two)) as store:
        kinds = [entry.kind for entry in store.entries(0, store.head().size)]
    assert kinds.count("identity.enrolled") == 3
    assert kinds[-1] == "approval.refused"


def test_two_processes_at_once_lose_nothing(shared: Shared) -> None:
    """Two machines that record at the same time have every entry acknowledged once, and the ledger is whole."""
    two = shared.joined()
    with writing(shared.first, 25) as one, writing(two, 25) as other:
        places = [int(line) for process in (one, other) for line in process.communicate()[0].split()]

    assert sorted(places) == list(range(1, 51))
    assert shared.first.run("ledger", "fsck").out.startswith("examined 51 entries")


REFUSED = {
    "password in a URI": ("postgresql://u:tr0ub4dor@h/db", "ledger-address-secret"),
    "password as a parameter": ("postgresql://u@h/db?password=tr0ub4dor", "ledger-address-secret"),
    "password among words": ("host=h user=u password=tr0ub4dor", "ledger-address-secret"),
    "password of a key": ("host=h user=u sslpassword=tr0ub4dor", "ledger-address-secret"),
    "password that is cut": ("user=a password=tr0ub4dor more", "ledger-address-unusable"),
    "file": ("./ledger.db", "ledger-address-unusable"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_address_that_cannot_be_taken_is_refused(case: str, tmp_path: Path) -> None:
    """An address with a password, or of no database, is refused without repeating it, and nothing is made."""
    address, code = REFUSED[case]
    office = Office(tmp_path)

    as_writer = office.run("ledger", "init", "--database", address, "--owner", "service=owner")
    as_owner = office.run("ledger", "init", "--database", "service=writer", "--owner", address)

    for ran in (as_writer, as_owner):
        assert (ran.code, f"[{code}]" in ran.err) == (2, True)
        assert "tr0ub4dor" not in ran.err + ran.out
    assert office.home().at(office.root) is None


LACKING = (
    ("--owner", "service=owner"),
    ("--database", "service=writer"),
    ("--database", "service=writer", "--owner", "service=owner", "--join", "checkpoint"),
    ("--database", "service=writer", "--owner", "service=owner", "--key", "key"),
    ("--join", "checkpoint"),
    ("--database", "service=writer", "--join", "checkpoint"),
)


@pytest.mark.parametrize("words", LACKING, ids=" ".join)
def test_options_that_do_not_go_together_are_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    """Half of what a server or an invitation takes is refused, with what is missing."""
    office = Office(tmp_path)

    ran = office.run("ledger", "init", *words)

    assert (ran.code, "expected" in ran.err or "without" in ran.err) == (2, True)
    assert office.home().at(office.root) is None


@pytest.mark.parametrize("role", [OWNER, "super"])
def test_owner_is_not_the_writer(shared: Shared, role: str, tmp_path: Path) -> None:
    """A ledger whose writer could rewrite it is not made: no schema, no anchor, and nothing is known of it."""
    (tmp_path / "other").mkdir()
    office = Office(tmp_path / "other")
    words = ("--owner", shared.address(OWNER), "--schema", "strong", "--anchor", str(tmp_path / "anchor"))

    ran = office.run("ledger", "init", "--database", shared.address(role), *words)
    again = office.run("ledger", "init", "--database", shared.address(WRITER), *words)

    assert (ran.code, "[ledger-writer-too-strong]" in ran.err) == (4, True)
    assert again.code == 0, again.err
    shared.server.execute("DROP SCHEMA strong CASCADE", OWNER)


def test_owner_has_to_be_one(shared: Shared, tmp_path: Path) -> None:
    """A role that may make no schema is told what it lacks, and no key is left behind."""
    (tmp_path / "other").mkdir()
    office = Office(tmp_path / "other")
    words = ("--owner", shared.address(WRITER), "--schema", "weak")

    ran = office.run("ledger", "init", "--database", shared.address(WRITER), *words)

    assert (ran.code, "[ledger-owner-too-weak]" in ran.err, "GRANT CREATE" in ran.err) == (4, True, True)
    assert [path for path in (tmp_path / "other/data").rglob("*") if path.is_file()] == []


def test_without_what_speaks_to_postgresql_it_is_said(shared: Shared) -> None:
    """Where the extra is not installed, every command says so, and how to install it."""
    hiding = "import sys; sys.modules['psycopg'] = None; from standfast.cli.main import main; main()"
    words = (["ledger", "status"], ["ledger", "init", "--database", "service=x", "--owner", "service=y"])
    environment = {**os.environ, **shared.first.environment}
    said = [
        subprocess.run(
            [sys.executable, "-c", hiding, *each],
            cwd=shared.first.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for each in words
    ]

    assert [one.returncode for one in said] == [4, 4]
    assert all("[ledger-postgres-missing]" in one.stderr and "standfast[postgres]" in one.stderr for one in said)


def test_schema_that_is_taken_is_not_made_over(shared: Shared) -> None:
    """A second machine that wants to make the ledger again is told that there is one."""
    ran = shared.init(shared.another(), "--owner", shared.address(OWNER))

    assert (ran.code, "[ledger-exists]" in ran.err, "--join" in ran.err) == (4, True, True)


def test_invitation_has_to_be_that_of_the_ledger(shared: Shared, tmp_path: Path) -> None:
    """Another ledger's key, another ledger's checkpoint and a key that others can read are refused; nothing is kept."""
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Shared(tmp_path / "elsewhere")
    office, exposed = shared.another(), tmp_path / "exposed"
    shutil.copy(shared.key(), exposed)
    exposed.chmod(0o644)
    checkpoint, key = str(shared.kept()), str(shared.key())

    answers = {
        "ledger-foreign-key": shared.init(office, "--join", checkpoint, *elsewhere.keys()),
        "ledger-not-joined": shared.init(office, "--join", str(elsewhere.kept()), *shared.keys()),
        "ledger-key-exposed": shared.init(office, "--join", checkpoint, "--key", str(exposed)),
        "ledger-join-key": shared.init(office, "--join", checkpoint, "--sealing-key", shared.keys()[-1]),
        "to seal with": shared.init(office, "--join", checkpoint, "--key", key),
        "sealing-wrapping-key": shared.init(office, "--join", checkpoint, *shared.keys()[:3], elsewhere.keys()[-1]),
        "ledger-join-checkpoint": shared.init(office, "--join", str(tmp_path / "none"), *shared.keys()),
    }

    assert {code: code in ran.err for code, ran in answers.items()} == dict.fromkeys(answers, True)
    assert office.home().at(office.root) is None


@pytest.mark.parametrize("words", [("--origin", "ledger.example.org/x"), ("--after-loss",)])
def test_what_is_for_a_new_ledger_is_refused_with_an_invitation(shared: Shared, words: tuple[str, ...]) -> None:
    """A ledger that is joined has its origin, and is not lost."""
    office = shared.another()

    ran = shared.init(office, "--join", str(shared.kept()), *shared.keys(), *words)

    assert (ran.code, "[ledger-server-options]" in ran.err, words[0] in ran.err) == (2, True, True)
    assert office.home().at(office.root) is None


def test_ledger_that_went_back_is_not_joined(shared: Shared) -> None:
    """A database that was put back is not joined with a checkpoint of what it lacks, and nothing is written to it."""
    backup = shared.dumped()
    shared.first.session("open", "Pay by card")
    checkpoint = shared.kept()
    shared.restored(backup)

    ran = shared.init(shared.another(), "--join", str(checkpoint), *shared.keys())

    assert (ran.code, "[ledger-not-joined]" in ran.err) == (4, True)


def test_key_that_was_rotated_elsewhere_is_brought_by_joining_again(shared: Shared) -> None:
    """After a key was rotated on one machine, another signs nothing until it joins again with the new key."""
    two = shared.joined()
    assert shared.first.run("ledger", "rotate-key").code == 0

    refused = two.session("open", "Pay by card")
    assert (refused.code, "[ledger-key-elsewhere]" in refused.err) == (4, True)

    assert shared.init(two, "--join", str(shared.kept()), "--key", str(shared.key())).code == 0
    assert two.session("open", "Pay by card").code == 0
    assert two.run("ledger", "rotate-key").code == 0
    refused = shared.first.session("note", "Written test by test")
    assert (refused.code, "[ledger-key-elsewhere]" in refused.err) == (4, True)


def test_machines_may_reach_one_device_for_the_key(tmp_path: Path) -> None:
    """Where the signing key is in a device, a machine that joins names the device and copies no signing key."""
    place = new_key()
    named = ("--pkcs11-module", place.module, "--pkcs11-token", place.token, "--pkcs11-key", place.key)
    device = (*named, "--pin-variable", place.pin_variable)
    os.environ[place.pin_variable] = PIN
    try:
        shared = Shared(tmp_path, making=device)
        two, sealing = shared.another(), known_at(shared.first)
        key = str(shared.first.home().of(sealing.id) / "sealing-key")
        joined = shared.init(two, "--join", str(shared.kept()), *device, "--sealing-key", key)
        opened = two.session("open", "Pay by card")
    finally:
        del os.environ[place.pin_variable]

    assert (joined.code, opened.code) == (0, 0), joined.err + opened.err
    assert not [path for path in two.home().folder.rglob("key*") if path.is_file()]


def test_ledger_of_another_place_is_not_joined_over(shared: Shared, tmp_path: Path) -> None:
    """A working copy that has a ledger which somebody set up joins no other one; what the gate began is left there."""
    required, begun = shared.another(), shared.another()
    assert required.run("ledger", "init").code == 0
    assert begun.run("gate", "--no-collect").out

    refused = shared.init(required, "--join", str(shared.kept()), *shared.keys())
    joined = shared.init(begun, "--join", str(shared.kept()), *shared.keys())

    assert (refused.code, "[ledger-exists]" in refused.err) == (2, True)
    assert joined.code == 0, joined.err
    assert len(list((begun.root / ".standfast/ledger").glob("*.db"))) == 1


def test_ledger_of_the_gate_is_followed_by_the_shared_one(shared: Shared) -> None:
    """The first entry of a new shared ledger names the last checkpoint of the one that the gate began in a file."""
    office = shared.another()
    assert office.run("gate", "--no-collect").out
    last = office.run("ledger", "verify").out
    words = ("--owner", shared.address(OWNER), "--schema", f"{shared.schema}_next")

    made = office.run("ledger", "init", "--database", shared.address(), *words)

    assert made.code == 0, made.err
    assert getattr(office.leaves()[0].body, "checkpoint", "") == sha256(last.encode())


def test_moved_working_copy_finds_its_ledger(shared: Shared, tmp_path: Path) -> None:
    """A working copy that was moved continues the shared ledger; a copy of it does not."""
    first = shared.first
    shutil.copytree(first.root, tmp_path / "copy")
    assert Home(first.environment).at(tmp_path / "copy") is None
    copied = standfast("ledger", "status", cwd=tmp_path / "copy", **first.environment)
    shutil.move(first.root, tmp_path / "moved")
    moved = standfast("ledger", "status", cwd=tmp_path / "moved", **first.environment)

    assert (copied.code, "[ledger-missing]" in copied.err) == (2, True)
    assert (moved.code, f"schema {shared.schema}" in moved.out) == (0, True)


@pytest.mark.parametrize("words", [("yearly",), ("prune", "--before", "2020-01-01")])
def test_what_a_shared_ledger_has_not_is_refused(shared: Shared, words: tuple[str, ...]) -> None:
    """A shared ledger has no yearly logs and is not pruned; the refusal says what to do, and nothing is recorded."""
    ran = shared.first.run("ledger", *words)

    assert (ran.code, "[ledger-shared]" in ran.err, "hint:" in ran.err) == (2, True, True)
    with open_store(known_at(shared.first)) as store:
        assert all(entry.chain == LEDGER for entry in store.entries(0, store.head().size))


@pytest.fixture
def both(shared: Shared) -> tuple[Office, Office]:
    """Two machines with a closed session, in which one wrote and the other decided."""
    one, two = shared.first, shared.joined()
    one.session("open", "Pay Ana by card")
    one.session("note", "Ana Ruiz asked for it")
    assert two.run("gate", "--no-collect").out
    assert one.session("close", "--result", "abandoned", "--lesson", "Ask Ana first").code == 0
    return one, two


def test_auditor_proves_a_shared_ledger(shared: Shared, both: tuple[Office, Office], tmp_path: Path) -> None:
    """Each machine exports a bundle that the auditor's program proves, with what any of them sealed."""
    policy = tmp_path / "auditor.policy"
    policy.write_text(f"log {shared.made.out.strip()}\nquorum none\n")
    for office in both:
        folder = tmp_path / f"bundle-{both.index(office)}"
        ran = office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", str(folder))

        assert (ran.code, "lost" in ran.err) == (0, False), ran.err
        verdict = judged(folder, "--policy", policy)
        assert (verdict.code, verdict.out.splitlines()[-1]) == (0, "proven")


def test_session_is_erased_on_every_machine(shared: Shared, both: tuple[Office, Office]) -> None:
    """Its sentences and what any machine sealed for it are gone for all, and everything still verifies."""
    one, two = both
    name = one.shown()["session"]
    before = bodies_of(known_at(two), two.home())
    assert before.of(name) != ()

    erased = one.run("ledger", "erase", "--session", name, "--backups-end", "2099-01-01")

    assert erased.code == 0, erased.err
    assert "evidence stores of other machines" in erased.out
    assert "(erased)" in two.session("show", name).out
    assert "asked for it" not in shared.dumped()
    assert (before.of(name), name in before.owners()) == ((), False)
    before.close()
    assert two.run("ledger", "fsck").code == 0


def test_person_is_erased_for_all_machines(shared: Shared, both: tuple[Office, Office]) -> None:
    """A person whose names are erased on one machine is nameless on the other, and in the database."""
    one, two = both

    erased = two.run("ledger", "erase", "--person", "Ana Ruiz", "--sentences", "--backups-end", "2099-01-01")

    assert erased.code == 0, erased.err
    assert "Ana Ruiz" not in one.session("show", one.shown()["session"]).out
    assert "asked for it" not in shared.dumped()


def test_hold_of_one_machine_binds_the_other(both: tuple[Office, Office]) -> None:
    """What one machine holds, another one does not erase until it is released."""
    one, two = both
    name = one.shown()["session"]
    assert one.run("ledger", "hold", "add", "case-7", "--session", name, "--reason", "Law").code == 0

    refused = two.run("ledger", "erase", "--session", name)
    released = two.run("ledger", "hold", "release", "case-7", "--reason", "Over")

    assert (refused.code, released.code) == (4, 0), released.err
    assert one.run("ledger", "erase", "--session", name, "--backups-end", "2099-01-01").code == 0


def test_waiver_of_one_machine_holds_on_the_other(tmp_path: Path) -> None:
    """A waiver that Bea signed on her machine opens the gate on another one, and each use counts on both."""
    (tmp_path / "bea").mkdir()
    bea = WaiverOffice(tmp_path / "bea")
    shared = Shared(tmp_path, first=bea)
    server = shared.joined()
    waiver = bea.granted(max_uses="2")

    verdicts = [json.loads(server.run("gate", CONTROL, "--format", "json").out) for _ in range(3)]

    assert [verdict["status"] for verdict in verdicts] == ["waived", "waived", "unknown"]
    assert "used 2 times" in bea.run("explain", CONTROL).out
    assert [leaf.kind for leaf in bea.leaves()].count(EventKind.WAIVER_USED) == 2
    assert waiver in server.run("explain", CONTROL).out


def test_names_are_found_out_by_one_machine_at_a_time(shared: Shared) -> None:
    """A machine that wants to know who is who waits until another one that is at it is done."""
    two = shared.joined()
    disclosed = disclosed_of(known_at(shared.first))
    with ThreadPoolExecutor(1) as pool, disclosed.alone():
        waiting = pool.submit(standfast_alone, "session", "open", "Pay", cwd=two.root, **two.environment)
        time.sleep(2)
        early = waiting.done()
        disclosed.close()
        ran = waiting.result()

    assert (early, ran.code) == (False, 0)


def test_forge_is_told_once_by_all_machines(shared: Shared) -> None:
    """What one machine told the forge, another one finds there; while one is telling, another does not."""
    two = shared.joined()
    for office in (shared.first, two):
        office.write("standfast.toml", (office.root / "standfast.toml").read_text() + '\n[forge]\nkind = "local"\n')
    shared.first.session("open", "Pay by card")
    told = [office.run("forge", "sync") for office in (shared.first, two)]
    with alone(known_at(two), "forge", patience_s=1):
        late = shared.first.session("note", "Written test by test")

    assert [one.code for one in told] == [0, 0], [one.err for one in told]
    assert (late.code, "the forge was not told" in late.err) == (0, True)


def test_shared_ledger_is_copied_to_media_that_write_once(both: tuple[Office, Office], tmp_path: Path) -> None:
    """`ledger export` copies the tree, the entries and what is sealed, and finds the same again."""
    ran = [office.run("ledger", "export", "--to", str(tmp_path / "worm")) for office in both]

    assert [one.code for one in ran] == [0, 0], ran[1].err
    assert "0 files written" in ran[1].out


def test_shared_ledger_is_stamped(shared: Shared, tmp_path: Path) -> None:
    """A time stamp that one machine got is shown by the other once it is told whom to believe."""
    two = shared.joined()
    authority = LittleAuthority(tmp_path / "authority")
    with listening(200, "application/timestamp-reply", by=[authority]) as address:
        made = shared.first.run("ledger", "stamp", address, "--authority", str(authority.root))
        before = two.run("ledger", "status")
        again = two.run("ledger", "stamp", address, "--authority", str(authority.root))

    assert "time-stamped up to 1 entries" in made.out, made.err
    assert "not time-stamped" in before.out, before.err
    assert "time-stamped up to 1 entries" in again.out, again.err
    assert "\ntime-stamped up to 1 entries" in two.run("ledger", "status").out


def test_verdict_is_recomputed_on_another_machine(shared: Shared) -> None:
    """A verdict that one machine recorded is replayed on another, from what was sealed."""
    two = shared.joined()
    verdict = shared.first.run("gate", "--no-collect", "--format", "json").out
    (shared.folder / "verdict.json").write_text(verdict)

    ran = two.run("replay", str(shared.folder / "verdict.json"))

    assert ran.code == 0, ran.err
