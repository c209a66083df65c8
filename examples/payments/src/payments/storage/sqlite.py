"""The SQLite store: durable, one writer at a time, every value bound as a parameter."""

import queue
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from payments.domain.audit import AuditEvent
from payments.domain.idempotency import KeyRecord
from payments.domain.ledger import EntryId, JournalEntry, Posting
from payments.domain.payment import MerchantId, Payment, PaymentId, Refund
from payments.errors import ConcurrentUpdateError, SchemaVersionError, StorageUnavailableError
from payments.ports import Unit
from payments.storage import rows

SCHEMA_VERSION = 1


class SqliteStore:
    """Implements `Store` on one database file.

    Args:
        path: The file; created with its schema when it does not exist.
        pool_size: Connections kept open; further callers wait for one.
        busy_timeout_s: How long a transaction waits for its turn before it is refused.

    Raises:
        SchemaVersionError: When the file has a schema this version does not know.
        StorageUnavailableError: When the file cannot be opened.
    """

    def __init__(self, path: Path, *, pool_size: int = 4, busy_timeout_s: float = 5.0) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._closed = False
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue(pool_size)
        with _translated():
            self._migrate()
            for _ in range(pool_size):
                self._idle.put(self._connect())

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """Open a transaction; see `Store.transaction`."""
        with self._borrowed() as connection, _translated():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteUnit(connection)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    def ping(self) -> None:
        """Return if the database answers; see `Store.ping`."""
        with self._borrowed() as connection, _translated():
            connection.execute("SELECT count(*) FROM idempotency_keys WHERE key = ''").fetchone()

    def close(self) -> None:
        """Close all idle connections; a later transaction is refused."""
        self._closed = True
        while not self._idle.empty():
            self._idle.get_nowait().close()

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        if self._closed:
            raise StorageUnavailableError("the store was closed")
        try:
            connection = self._idle.get(timeout=self._busy_timeout_s)
        except queue.Empty as error:
            raise StorageUnavailableError("no database connection became free in time") from error
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=self._busy_timeout_s, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _migrate(self) -> None:
        connection = self._connect()
        try:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found == 0:
                schema = files("payments.storage").joinpath("schema.sql").read_text("utf-8")
                connection.executescript(f"BEGIN IMMEDIATE;\n{schema}\nCOMMIT;")
            elif found != SCHEMA_VERSION:
                raise SchemaVersionError(f"schema version {found}, expected {SCHEMA_VERSION}: {self._path}")
        finally:
            connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageUnavailableError("the database did not answer") from error


class _SqliteUnit:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_payment(self, payment: Payment) -> None:
        self._connection.execute(
            "INSERT INTO payments VALUES (:payment_id, :merchant_id, :amount_minor, :refunded_minor,"
            " :currency, :card_token, :customer_reference, :state, :version, :created_at, :updated_at)",
            rows.payment_to_fields(payment),
        )

    def payment(self, merchant_id: MerchantId, payment_id: PaymentId) -> Payment | None:
        row = self._connection.execute(
            "SELECT * FROM payments WHERE payment_id = ? AND merchant_id = ?", (payment_id, merchant_id)
        ).fetchone()
        return row and rows.payment_from(row)

    def update_payment(self, payment: Payment) -> None:
        done = self._connection.execute(
            "UPDATE payments SET refunded_minor = :refunded_minor, state = :state, version = :version,"
            " updated_at = :updated_at WHERE payment_id = :payment_id AND version = :version - 1",
            rows.payment_to_fields(payment),
        )
        if done.rowcount != 1:
            raise ConcurrentUpdateError("the payment has changed since it was read")

    def add_refund(self, refund: Refund) -> None:
        self._connection.execute(
            "INSERT INTO refunds VALUES"
            " (:refund_id, :payment_id, :amount_minor, :currency, :reason, :created_at)",
            rows.refund_to_fields(refund),
        )

    def refunds(self, payment_id: PaymentId) -> Sequence[Refund]:
        found = self._connection.execute(
            "SELECT * FROM refunds WHERE payment_id = ? ORDER BY rowid", (payment_id,)
        )
        return [rows.refund_from(row) for row in found]

    def book(self, entry: JournalEntry) -> None:
        self._connection.executemany(
            "INSERT INTO journal (entry_id, payment_id, event, booked_at, account, amount_minor, currency)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    entry.entry_id,
                    entry.payment_id,
                    entry.event,
                    entry.booked_at.isoformat(),
                    posting.account.value,
                    posting.minor,
                    posting.currency.value,
                )
                for posting in entry.postings
            ],
        )

    def entries(self, payment_id: PaymentId) -> Sequence[JournalEntry]:
        found = self._connection.execute(
            "SELECT * FROM journal WHERE payment_id = ? ORDER BY line", (payment_id,)
        )
        lines: dict[str, list[sqlite3.Row]] = {}
        for row in found:
            lines.setdefault(row["entry_id"], []).append(row)
        return [_entry(entry_id, group) for entry_id, group in lines.items()]

    def trial_balance(self) -> Sequence[Posting]:
        found = self._connection.execute(
            "SELECT account, currency, sum(amount_minor) AS amount_minor FROM journal"
            " GROUP BY account, currency ORDER BY account, currency"
        )
        return [rows.posting_from(row) for row in found]

    def record(self, event: AuditEvent) -> None:
        self._connection.execute(
            "INSERT INTO audit_events (event_id, at, actor, action, outcome, request_id, payment_id,"
            " from_state, to_state, reason) VALUES (:event_id, :at, :actor, :action, :outcome, :request_id,"
            " :payment_id, :from_state, :to_state, :reason)",
            rows.event_to_fields(event),
        )

    def audit_events(self, payment_id: PaymentId | None, limit: int) -> Sequence[AuditEvent]:
        found = self._connection.execute(
            "SELECT * FROM audit_events WHERE (:payment_id IS NULL OR payment_id = :payment_id)"
            " ORDER BY line DESC LIMIT :limit",
            {"payment_id": payment_id, "limit": limit},
        )
        return [rows.event_from(row) for row in found]

    def key(self, merchant_id: MerchantId, key: str) -> KeyRecord | None:
        row = self._connection.execute(
            "SELECT * FROM idempotency_keys WHERE merchant_id = ? AND key = ?", (merchant_id, key)
        ).fetchone()
        return row and rows.key_from(row)

    def put_key(self, record: KeyRecord) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO idempotency_keys VALUES"
            " (:merchant_id, :key, :fingerprint, :claim_id, :claimed_at, :receipt)",
            rows.key_to_fields(record),
        )

    def drop_key(self, merchant_id: MerchantId, key: str) -> None:
        self._connection.execute(
            "DELETE FROM idempotency_keys WHERE merchant_id = ? AND key = ?", (merchant_id, key)
        )

    def purge_keys(self, before: datetime) -> int:
        return self._connection.execute(
            "DELETE FROM idempotency_keys WHERE claimed_at < ?", (before.isoformat(),)
        ).rowcount

    def purge_personal_data(self, before: datetime) -> int:
        return self._connection.execute(
            "UPDATE payments SET card_token = NULL, customer_reference = NULL WHERE created_at < ?"
            " AND (card_token IS NOT NULL OR customer_reference IS NOT NULL)",
            (before.isoformat(),),
        ).rowcount


def _entry(entry_id: str, lines: Sequence[sqlite3.Row]) -> JournalEntry:
    first = lines[0]
    return JournalEntry(
        entry_id=EntryId(entry_id),
        payment_id=PaymentId(first["payment_id"]),
        event=first["event"],
        booked_at=datetime.fromisoformat(first["booked_at"]),
        postings=tuple(rows.posting_from(line) for line in lines),
    )
