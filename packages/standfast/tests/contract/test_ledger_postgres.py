"""What is true of a ledger in PostgreSQL beyond the contract: its roles, its server, and writers that are paused."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from little_ledgers import ORIGIN, SEED, entry, first_batch, next_batch
from little_postgres import OWNER, WRITER, Server, server
from little_stores import KeptInPostgres
from psycopg import sql

from standfast.ledger.keys import write_key
from standfast.ledger.merkle import EMPTY_ROOT, Frontier
from standfast.ledger.stores.contract import Head, Identity
from standfast.ledger.stores.postgres import PostgresStore
from standfast.ledger.stores.postgres_server import Session
from standfast.model import LedgerError


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptInPostgres]:
    """A log without entries."""
    made = KeptInPostgres(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("role", [OWNER, "super"])
def test_writer_may_not_be_able_to_rewrite(kept: KeptInPostgres, role: str) -> None:
    """Who owns the tables, or is a superuser, is refused as a writer."""
    with pytest.raises(LedgerError) as refused:
        PostgresStore(server().address(role), schema=kept.schema)

    assert refused.value.code == "ledger-writer-too-strong"


def test_missing_ledger_is_an_error(kept: KeptInPostgres) -> None:
    """A schema that is not there is an error with a name, and so is a server that is not there."""
    with pytest.raises(LedgerError) as missing:
        PostgresStore(server().address(WRITER), schema="another")
    with pytest.raises(LedgerError) as unreachable:
        PostgresStore("host=/nowhere user=nobody")

    assert (missing.value.code, unreachable.value.code) == ("ledger-missing", "ledger-unreachable")


def test_ledger_is_not_made_twice(kept: KeptInPostgres, tmp_path: Path) -> None:
    """A second ledger is not made over the first."""
    there = kept.store.identity
    with pytest.raises(LedgerError) as refused:
        PostgresStore.create(
            server().address(OWNER),
            server().address(WRITER),
            WRITER,
            there,
            next_batch(Frontier(), [], kept.signer),
            schema=kept.schema,
        )

    assert refused.value.code == "ledger-exists"


def test_writer_that_holds_the_head_makes_others_wait(kept: KeptInPostgres) -> None:
    """While one writer is between lock and commit, another waits; it is refused when that takes too long."""
    batch = next_batch(Frontier(), [entry(0)], kept.signer)
    holding = sql.SQL("SELECT * FROM {}.head FOR UPDATE").format(sql.Identifier(kept.schema))
    with (
        psycopg.connect(server().address(WRITER)) as other,
        PostgresStore(server().address(WRITER), schema=kept.schema, patience_s=0.05) as impatient,
    ):
        other.execute(holding)
        with pytest.raises(LedgerError) as refused:
            impatient.append(batch, Head(0, EMPTY_ROOT))
        other.rollback()
        impatient.append(batch, Head(0, EMPTY_ROOT))

    assert refused.value.code == "ledger-busy"
    assert kept.store.head().size == 1


def test_writer_that_is_paused_between_lock_and_commit_is_thrown_out(kept: KeptInPostgres) -> None:
    """The server ends the transaction of a writer that was stopped while it held the head, and others go on."""
    batch, other = next_batch(Frontier(), [entry(0)], kept.signer), kept.reopened()
    session = Session(server().address(WRITER), kept.schema)

    def paused() -> None:
        with session.transaction() as connection:
            connection.execute("SELECT * FROM head FOR UPDATE")
            other.append(batch, Head(0, EMPTY_ROOT))
            connection.execute("UPDATE head SET size = size")

    with pytest.raises(LedgerError) as refused:
        paused()
    session.close()

    assert refused.value.code == "ledger-unreachable"
    assert kept.store.head().size == 1


def test_connection_that_was_cut_is_made_again(kept: KeptInPostgres) -> None:
    """When the server drops a connection, the operation fails, and the next one goes through."""
    server().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'ledger_writer' AND pid <> pg_backend_pid()"
    )

    with pytest.raises(LedgerError) as refused:
        kept.store.head()

    assert refused.value.code == "ledger-unreachable"
    assert kept.store.head().size == 0


def test_dead_server_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    """After every process of the server died at once, each acknowledged batch is there."""
    kept = KeptInPostgres(tmp_path)
    frontier = Frontier()
    for start in (0, 7, 150):
        entries = [entry(number) for number in range(start, start + 7)]
        head = kept.store.append(next_batch(frontier, entries, kept.signer), kept.store.head())
        kept.close()
        server().stop("immediate")
        server().start()

        again = kept.reopened()
        assert again.head() == head
        kept.store = again
    kept.close()


ALTERED = {
    "ALTER TABLE entry DISABLE TRIGGER entry_stays": "the trigger entry_stays of the table entry is switched off",
    "ALTER TABLE head ENABLE REPLICA TRIGGER head_advances": "the trigger head_advances of the table head is switched",
    "DROP TRIGGER tile_stays ON tile": "the trigger tile_stays of the table tile is gone",
    "DROP TRIGGER tile_stays ON tile; CREATE TRIGGER tile_stays BEFORE DELETE ON tile EXECUTE FUNCTION unchanging()": (
        "the trigger tile_stays of the table tile is another one"
    ),
    "DROP TRIGGER tile_stays ON tile; CREATE TRIGGER tile_stays BEFORE UPDATE OF data OR DELETE OR TRUNCATE ON tile"
    " EXECUTE FUNCTION unchanging()": "the trigger tile_stays of the table tile is switched off",
    "CREATE TRIGGER more BEFORE INSERT ON entry EXECUTE FUNCTION unchanging()": "the table entry has a trigger more",
    "CREATE OR REPLACE FUNCTION unchanging() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'": (
        "the function unchanging of the triggers is another one"
    ),
    "CREATE RULE more AS ON DELETE TO entry DO INSTEAD NOTHING": "the table entry is not a plain one",
    "ALTER TABLE entry ENABLE ROW LEVEL SECURITY": "the table entry is not a plain one",
    "CREATE TABLE more () INHERITS (entry)": "the table entry is not a plain one",
    "ALTER TABLE time_stamp SET UNLOGGED": "the table time_stamp does not survive a crash",
    "ALTER TABLE tile DROP CONSTRAINT tile_pkey": "the table tile has no primary key",
    "GRANT DELETE ON entry TO PUBLIC": "everybody may DELETE the table entry",
    "GRANT UPDATE ON head TO ledger_writer": "ledger_writer may UPDATE the table head",
    "GRANT UPDATE (first) ON head TO ledger_writer": "ledger_writer may UPDATE the column first of the table head",
    "GRANT TRIGGER ON entry TO ledger_writer": "ledger_writer may TRIGGER the table entry",
    "ALTER TABLE tile OWNER TO super": "the table tile belongs to super, the schema to ledger_owner",
    "DROP TABLE rotation": "the table rotation is gone",
}


@pytest.mark.parametrize("statement", ALTERED)
def test_what_keeps_a_writer_from_rewriting_is_examined(kept: KeptInPostgres, statement: str) -> None:
    """A trigger, a right or a table that is not as the owner made it is named; of one that is, nothing is."""
    before = kept.store.integrity()
    with psycopg.connect(server().address("super")) as connection:
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(kept.schema)))
        connection.execute(statement.encode())

    after = kept.store.integrity()

    assert before == ()
    assert any(line.startswith(ALTERED[statement]) for line in after), after
    assert len(after) <= 2  # a table that is gone takes its trigger along


def test_chains_are_in_the_order_of_their_characters(tmp_path: Path) -> None:
    """Where the database sorts as people of a language do, the chains of a ledger are sorted as in every store."""
    server().execute(
        "CREATE DATABASE lingual TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' OWNER ledger_owner"
    )
    signer = write_key(tmp_path / "key", ORIGIN, SEED)
    owner, writer = (server().address(role).replace("dbname=postgres", "dbname=lingual") for role in (OWNER, WRITER))
    identity = Identity(ORIGIN, signer.vkey)
    with PostgresStore.create(owner, writer, WRITER, identity, first_batch(signer)) as store:
        frontier = Frontier()
        for name in ("S-a", "S-B", "S_1", "S-1"):
            store.append(next_batch(frontier, [entry(1, chain=name)], signer), store.head())
        found = store.chains()
    server().execute("DROP DATABASE lingual")

    assert found == ("S-1", "S-B", "S-a", "S_1")


def test_server_that_takes_no_writes_is_refused(kept: KeptInPostgres) -> None:
    """A standby, which may be behind and is then like a ledger that went back, is neither read nor written."""
    reading = f"{server().address(WRITER)} options='-c default_transaction_read_only=on'"
    with pytest.raises(LedgerError) as refused:
        PostgresStore(reading, schema=kept.schema)

    assert refused.value.code == "ledger-standby"


def test_server_that_does_not_wait_for_the_disk_is_refused(tmp_path: Path) -> None:
    """A server that acknowledges before a commit is on disk keeps no ledger."""
    lax = Server(more="-c fsync=off")
    with pytest.raises(LedgerError) as refused:
        PostgresStore(lax.address(WRITER))
    lax.remove()

    assert refused.value.code == "ledger-not-durable"
