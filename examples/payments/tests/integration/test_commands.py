"""The command line, in this process."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from payments.__main__ import main
from payments.access import digest
from payments.app import utc_now
from payments.storage.sqlite import SqliteStore
from support.values import MERCHANT, NOON, payment

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a database that the commands will use."""
    path = tmp_path / "payments.db"
    monkeypatch.setenv("PAYMENTS_ENVIRONMENT", "sandbox")
    monkeypatch.setenv("PAYMENTS_DATABASE", str(path))
    return path


def test_openapi_prints_the_committed_description(capsys: pytest.CaptureFixture[str]) -> None:
    """The command reproduces the file byte for byte."""
    assert main(["openapi"]) == 0
    assert capsys.readouterr().out == (ROOT / "openapi.json").read_text("utf-8")


def test_token_prints_a_token_and_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    """The holder gets the token, the settings get the digest."""
    assert main(["token"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed["sha256"] == digest(printed["token"])
    assert len(printed["token"]) >= 43


@pytest.mark.requirement("PAY-5.2")
def test_reconcile_accepts_a_sound_book(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty book balances."""
    assert main(["reconcile"]) == 0
    assert json.loads(capsys.readouterr().out) == {}
    assert database.exists()


@pytest.mark.requirement("PAY-5.2")
def test_reconcile_reports_a_book_that_was_tampered_with(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line added behind the service's back shows."""
    store = SqliteStore(database)
    with store.transaction() as unit:
        unit.add_payment(payment())
    store.close()
    connection = sqlite3.connect(database)
    connection.execute(
        "INSERT INTO journal (entry_id, payment_id, event, booked_at, account, amount_minor, currency)"
        " VALUES ('jrn_x', ?, 'tampered', ?, 'merchant_payable', -500, 'EUR')",
        (payment().payment_id, NOON.isoformat()),
    )
    connection.commit()
    connection.close()

    assert main(["reconcile"]) == 1
    assert json.loads(capsys.readouterr().out) == {"EUR": -500}


@pytest.mark.requirement("PAY-7.3")
@pytest.mark.parametrize(("age_days", "purged"), [(541, 1), (539, 0)])
def test_purge_blanks_what_is_older_than_its_retention(
    database: Path, capsys: pytest.CaptureFixture[str], age_days: int, purged: int
) -> None:
    """540 days is the default for personal data."""
    old = payment(created_at=utc_now() - timedelta(days=age_days))
    store = SqliteStore(database)
    with store.transaction() as unit:
        unit.add_payment(old)

    assert main(["purge"]) == 0

    assert json.loads(capsys.readouterr().out) == {"idempotency_keys": 0, "payments": purged}
    with store.transaction() as unit:
        kept = unit.payment(MERCHANT, old.payment_id)
    assert kept is not None
    assert (kept.card_token is None) == bool(purged)
    store.close()


@pytest.mark.usefixtures("database")
def test_serve_hands_the_application_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Host, port and grace period come from the settings; the server writes no log of its own."""
    seen: dict[str, object] = {}

    def run(app: FastAPI, **options: object) -> None:
        seen.update(options, title=app.title)
        app.state.services.store.close()

    monkeypatch.setattr(uvicorn, "run", run)
    monkeypatch.setattr("payments.observability.logs.configure", lambda _level: None)

    assert main(["serve"]) == 0

    assert (seen["title"], seen["host"], seen["port"]) == ("Payments", "127.0.0.1", 8080)
    assert seen["timeout_graceful_shutdown"] == 20
    assert seen["access_log"] is False
