"""What somebody changed in the database of a shared ledger who may do anything to its server."""

from pathlib import Path

import psycopg
import pytest
from event_ledgers import event
from psycopg import sql
from shared_ledgers import Shared

from standfast.app.ledger.opening import standing


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    """A ledger on a server that one machine made."""
    return Shared(tmp_path)


HARMS = {
    "tampered row": (
        "UPDATE entry SET leaf = replace(encode(leaf, 'escape'), 'legal_hold', 'court_order')::bytea WHERE idx = 3",
        "entry-changed",
    ),
    "row of another entry": (
        "UPDATE entry SET (leaf, leaf_hash) = (SELECT leaf, leaf_hash FROM entry WHERE idx = 4) WHERE idx = 3",
        "root-differs",
    ),
    "dropped row": ("DELETE FROM entry WHERE idx = 3", "entry-missing"),
    "row of another kind": ("UPDATE entry SET kind = 'gate.decided' WHERE idx = 3", "columns-changed"),
    "row beyond the head": (
        "INSERT INTO entry SELECT 99, leaf_hash, leaf, kind, 'S-1', 1, at FROM entry WHERE idx = 3",
        "head-changed",
    ),
    "tampered edge": ("UPDATE edge SET data = decode(repeat('00', length(data)), 'hex')", "edge-changed"),
    "forged checkpoint": ("UPDATE checkpoint SET note = 'x'::bytea || note WHERE size = 3", "checkpoint-forged"),
    "head of another root": ("UPDATE head SET root = decode(repeat('00', 32), 'hex')", "head-changed"),
    "head that went back": ("UPDATE head SET size = 3", "rolled-back"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_an_administrator_changed_is_named(shared: Shared, harm: str) -> None:
    """Who may do anything to the server changes a row and leaves every trigger as it was: the hashes show it."""
    statement, damage = HARMS[harm]
    with standing(shared.first.root, "little", shared.first.home()).ledger as ledger:
        for _ in range(6):
            ledger.record(event())
    with psycopg.connect(shared.server.address("super")) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(shared.schema)))
        connection.execute(statement.encode())

    ran = shared.first.run("ledger", "fsck")

    assert ran.code == 4
    assert damage in [line.split(":")[0] for line in ran.out.splitlines()], ran.out
