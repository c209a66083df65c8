-- Version 1. Amounts are whole minor units; moments are ISO 8601 in UTC and therefore sort as text.
CREATE TABLE payments (
    payment_id         TEXT PRIMARY KEY,
    merchant_id        TEXT NOT NULL,
    amount_minor       INTEGER NOT NULL CHECK (amount_minor > 0),
    refunded_minor     INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    card_token         TEXT,
    customer_reference TEXT,
    state              TEXT NOT NULL CHECK (state IN ('authorised', 'captured', 'refunded', 'voided')),
    version            INTEGER NOT NULL CHECK (version > 0),
    created_at         TEXT NOT NULL,
    updated_at         TEXT NOT NULL
) STRICT;

CREATE INDEX payments_by_age ON payments (created_at);

CREATE TABLE refunds (
    refund_id    TEXT PRIMARY KEY,
    payment_id   TEXT NOT NULL REFERENCES payments (payment_id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    created_at   TEXT NOT NULL
) STRICT;

CREATE INDEX refunds_by_payment ON refunds (payment_id);

CREATE TABLE journal (
    line         INTEGER PRIMARY KEY,
    entry_id     TEXT NOT NULL,
    payment_id   TEXT NOT NULL REFERENCES payments (payment_id),
    event        TEXT NOT NULL,
    booked_at    TEXT NOT NULL,
    account      TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency     TEXT NOT NULL
) STRICT;

CREATE INDEX journal_by_payment ON journal (payment_id);

CREATE TABLE audit_events (
    line       INTEGER PRIMARY KEY,
    event_id   TEXT NOT NULL UNIQUE,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    request_id TEXT NOT NULL,
    payment_id TEXT,
    from_state TEXT,
    to_state   TEXT,
    reason     TEXT
) STRICT;

CREATE INDEX audit_by_payment ON audit_events (payment_id);

CREATE TABLE idempotency_keys (
    merchant_id TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    claim_id    TEXT NOT NULL,
    claimed_at  TEXT NOT NULL,
    receipt     TEXT,
    PRIMARY KEY (merchant_id, key)
) STRICT;

-- The book and the audit log are append-only, also for whoever holds a connection.
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

PRAGMA user_version = 1;
