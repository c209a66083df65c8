"""The command line: serve, describe the API, issue a token, reconcile the book, purge old data."""

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta

import uvicorn

from payments.access import digest
from payments.app import create_app, parts_from, utc_now
from payments.domain.idempotency import KEEP
from payments.domain.ledger import balances
from payments.observability import logs
from payments.settings import Environment, Settings

EXIT_OK, EXIT_UNBALANCED = 0, 1


def serve() -> int:
    """Serve until SIGTERM or SIGINT; requests in progress get `shutdown_grace_s` to finish."""
    settings = Settings()
    logs.configure(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )
    return EXIT_OK


def openapi() -> int:
    """Print the API description; needs no settings."""
    app = create_app(Settings(environment=Environment.SANDBOX))
    _print(json.dumps(app.openapi(), indent=2, ensure_ascii=False))
    return EXIT_OK


def token() -> int:
    """Print a new API token for its holder, and the digest for `PAYMENTS_API_TOKENS`."""
    fresh = secrets.token_urlsafe(32)
    _print(json.dumps({"token": fresh, "sha256": digest(fresh)}))
    return EXIT_OK


def reconcile() -> int:
    """Print the trial balance per currency; exit status 1 when the book does not balance."""
    parts = parts_from(Settings())
    with parts.store.transaction() as unit:
        sums = balances(unit.trial_balance())
    parts.close()
    _print(json.dumps({currency.value: minor for currency, minor in sums.items()}))
    return EXIT_UNBALANCED if any(sums.values()) else EXIT_OK


def purge() -> int:
    """Forget idempotency keys and personal data whose retention has ended; print how many."""
    settings = Settings()
    parts = parts_from(settings)
    now = utc_now()
    with parts.store.transaction() as unit:
        keys = unit.purge_keys(now - KEEP)
        payments = unit.purge_personal_data(now - timedelta(days=settings.personal_data_keep_days))
    parts.close()
    _print(json.dumps({"idempotency_keys": keys, "payments": payments}))
    return EXIT_OK


COMMANDS: dict[str, Callable[[], int]] = {
    command.__name__: command for command in (serve, openapi, token, reconcile, purge)
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="payments", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.__doc__, description=command.__doc__)
    chosen = parser.parse_args(arguments)
    return COMMANDS[chosen.command]()


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
