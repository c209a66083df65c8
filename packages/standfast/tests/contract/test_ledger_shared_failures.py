"""A shared ledger whose server dies, hangs, breaks off or is put back to an older state."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from background import wait_for
from little_postgres import WRITER, Server
from shared_ledgers import Shared, known_at, writing

from standfast.app.ledger.opening import open_store
from standfast.app.ledger.reading import reading
from standfast.ledger.stores.contract import UnreachableError
from standfast.ledger.stores.postgres_server import Session
from standfast.model import LedgerError


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """A server that may die."""
    made = Server()
    yield made
    made.remove()


@pytest.fixture
def shared(tmp_path: Path, own: Server) -> Shared:
    """A ledger on a server that may die."""
    return Shared(tmp_path, on=own)


def terminated(own: Server) -> None:
    """Let the server end the connections of every writer."""
    own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ledger_writer'")


def stopped(own: Server) -> None:
    """Let the server stop at once, as if its machine had died, and start it again."""
    own.stop("immediate")
    own.start()


def killed(own: Server) -> None:
    """Kill every process of the server, and start it again."""
    first = int((own.data / "postmaster.pid").read_text().split()[0])
    others = [int(word) for word in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
    for number in (first, *others):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    wait_for(lambda: all(_is_dead(number) for number in (first, *others)))
    for left in (own.data / "postmaster.pid", own.folder / ".s.PGSQL.5432.lock"):
        left.unlink()  # where nobody reaps the dead, the server takes their numbers for its own
    own.start()


def _is_dead(number: int) -> bool:
    try:
        return ") Z" in Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


DEATHS = {"cut": terminated, "stopped": stopped, "killed": killed}


@pytest.mark.parametrize("death", DEATHS)
def test_what_was_acknowledged_is_there_whatever_ends_the_server(shared: Shared, death: str) -> None:
    """When the server goes while entries are written, the writer is told, and each acknowledged entry stays."""
    with writing(shared.first, 2_000) as process:
        assert process.stdout is not None
        first = [process.stdout.readline() for _ in range(5)]
        DEATHS[death](shared.server)
        *acknowledged, last = [*first, *process.communicate()[0].splitlines()]

    with writing(shared.first, 1) as process:
        after = int(process.communicate()[0])
    assert last.decode().strip() == "ledger-unreachable", process.communicate()
    assert [int(line) for line in acknowledged] == list(range(1, 1 + len(acknowledged)))
    assert after in {len(acknowledged) + 1, len(acknowledged) + 2}  # one may be there that nobody was told of
    assert shared.first.run("ledger", "fsck").out.startswith(f"examined {after + 1} entries")


def test_between_commands_a_server_may_die(shared: Shared) -> None:
    """Sessions go on where they were after the server died between two commands."""
    shared.first.session("open", "Pay by card")
    stopped(shared.server)
    noted = shared.first.session("note", "Written test by test")
    killed(shared.server)

    assert noted.code == 0
    assert shared.first.kinds() == ["session.opened", "session.noted"]


def test_no_verdict_is_shown_while_the_server_is_down(shared: Shared, tmp_path: Path) -> None:
    """Without the server, the gate ends soon and with 4: no verdict, no report, and an error that says why."""
    shared.server.stop()
    started = time.monotonic()
    ran = shared.first.run("gate", "--no-collect", "--format", "json", "--output", f"html={tmp_path / 'report.html'}")
    others = [
        shared.first.run(*words) for words in (["ledger", "status"], ["session", "open", "x"], ["ledger", "fsck"])
    ]
    took_s = time.monotonic() - started
    shared.server.start()

    assert (ran.code, ran.out, "[ledger-unreachable]" in ran.err) == (4, "", True)
    assert not (tmp_path / "report.html").exists()
    assert [one.code for one in others] == [4, 4, 4]
    assert took_s < 40


@pytest.mark.parametrize("part", range(8))
def test_silence_is_not_taken_for_damage(shared: Shared, part: int) -> None:
    """A connection that breaks in the middle of an examination ends it; nothing is named as damaged."""
    with reading(known_at(shared.first)) as reader:
        session = reader.store._session  # type: ignore[attr-defined]  # to cut it at a chosen moment
        asked, whole = 0, session.all

        def cutting(query: str, values: object = ()) -> object:
            nonlocal asked
            asked += 1
            if asked == part:
                terminated(shared.server)
            return whole(query, values)

        session.all = cutting
        found: list[object] = []
        try:
            found += reader.fsck().flaws()
        except UnreachableError as error:
            found.append(error.code)

    assert found in ([], ["ledger-unreachable"])
    assert bool(found) == (0 < part <= asked)


def test_server_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    """Something that takes the call and says nothing is given up after the time that the address or we give it."""
    with socket.socket(socket.AF_UNIX) as silent:
        folder = Path("/tmp") / f"silent-{os.getpid()}"  # noqa: S108  # the path of a socket may have 107 bytes
        folder.mkdir()
        silent.bind(str(folder / ".s.PGSQL.5432"))
        silent.listen()
        session = Session(f"host={folder} user=x connect_timeout=2", "any")
        with pytest.raises(LedgerError) as refused:
            session.one("SELECT 1")
        (folder / ".s.PGSQL.5432").unlink()
        folder.rmdir()

    assert refused.value.code == "ledger-unreachable"


def test_server_that_falls_silent_is_given_up(own: Server) -> None:
    """A connection over which no answer comes is cut after its time, and the next one works."""
    session = Session(own.address(WRITER), "any", limit_s=0.5)
    with pytest.raises(LedgerError) as refused:
        session.one("SELECT pg_sleep(20)")

    assert (refused.value.code, "did not answer for 0.5 s" in refused.value.message) == ("ledger-unreachable", True)
    assert session.one("SELECT 1") == (1,)
    session.close()


def test_lasting_session_is_not_made_anew(own: Server) -> None:
    """A session that holds a lock is over when it broke: whoever goes on with it is told, and holds nothing."""
    with pytest.raises(LedgerError):
        (session := Session(own.address(WRITER), "any", lasting=True)).one(
            "SELECT pg_terminate_backend(pg_backend_pid())"
        )
    with pytest.raises(LedgerError) as refused:
        session.one("SELECT 1")
    session.close()

    assert refused.value.code == "ledger-unreachable"


def test_restored_backup_is_noticed_and_nothing_is_signed(shared: Shared) -> None:
    """A machine that saw more than a restored database holds writes nothing to it, and every command says why."""
    shared.first.session("open", "Pay by card")
    backup = shared.dumped()
    shared.first.session("note", "Written test by test")
    shared.restored(backup)
    with open_store(known_at(shared.first)) as store:
        before = store.head()

    words = (["gate", "--no-collect"], ["session", "note", "x"], ["ledger", "status"], ["ledger", "verify"])
    answers = [shared.first.run(*each) for each in words]

    assert [one.code for one in answers] == [4, 4, 4, 4]
    assert all("[ledger-rolled-back]" in one.err for one in answers)
    assert shared.first.run("ledger", "fsck").out.startswith("rolled-back: the anchor")
    with open_store(known_at(shared.first)) as store:
        assert store.head() == before


def test_restored_backup_that_another_machine_continued_is_noticed(shared: Shared) -> None:
    """Where a machine that had not seen it all goes on from a restored backup, the others find that the log forked."""
    two = shared.joined()
    backup = shared.dumped()
    shared.first.session("open", "Pay by card")
    shared.restored(backup)
    assert two.session("open", "Pay by check").code == 0
    assert two.session("note", "Written test by test").code == 0

    ran = shared.first.session("note", "Written test by test")

    assert (ran.code, "[ledger-forked]" in ran.err) == (4, True)


def test_two_machines_do_not_find_out_who_is_who_at_once(shared: Shared) -> None:
    """While one machine is at the names, another waits for them, and is told when that takes too long."""
    session = Session(shared.address(), shared.schema, lasting=True, patience_s=0.2)
    holding = Session(shared.address(), shared.schema, lasting=True)
    holding.hold("names")
    with pytest.raises(LedgerError) as refused:
        session.hold("names")
    holding.close()

    assert refused.value.code == "ledger-busy"
    assert shared.first.session("open", "Pay by card").code == 0
    session.close()


def test_ledger_that_is_lost_is_followed_by_one_that_says_so(shared: Shared) -> None:
    """Where the schema is gone, no command goes on silently; another ledger begins only where somebody asks for it."""
    shared.server.execute(f"DROP SCHEMA {shared.schema} CASCADE")
    owner = ("--owner", shared.address("ledger_owner"))

    lost = shared.first.run("gate", "--no-collect")
    again = shared.init(shared.first, *owner)
    followed = shared.init(shared.first, *owner, "--after-loss")

    assert (lost.code, "[ledger-missing]" in lost.err) == (4, True)
    assert (again.code, "[ledger-exists]" in again.err) == (2, True)
    assert followed.code == 0, followed.err
    (opened,) = shared.first.leaves()
    assert getattr(opened.body, "checkpoint", None) is not None
