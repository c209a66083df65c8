"""Puts the parts together: settings in, application out. Nothing happens at import time."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
from fastapi import FastAPI

from payments import __version__
from payments.api import docs, oversight, payments, problems
from payments.api.envelope import RequestEnvelope
from payments.api.services import Services
from payments.fraud.client import HttpFraudScreener, Patience
from payments.fraud.sandbox import SandboxScreener
from payments.observability.metrics import Metrics
from payments.ports import Clock, FraudScreener, MakeId, Store
from payments.service import PaymentService
from payments.settings import Settings
from payments.storage.memory import MemoryStore
from payments.storage.sqlite import SqliteStore

_TAGS = [
    {"name": "payments", "description": "What merchants do with their own payments."},
    {"name": "oversight", "description": "What auditors read: audit log and ledger."},
    {"name": "operations", "description": "What operators and their tools read."},
]


def utc_now() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


def random_id(prefix: str) -> str:
    """Return an unguessable id: the prefix and 128 bits."""
    return f"{prefix}_{uuid.uuid4().hex}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application talks to; tests replace some of it."""

    store: Store
    screener: FraudScreener
    metrics: Metrics
    clock: Clock = utc_now
    make_id: MakeId = random_id

    def close(self) -> None:
        """Release every connection."""
        self.screener.close()
        self.store.close()


def parts_from(settings: Settings) -> Parts:
    """Return the parts that *settings* describe; opens the database."""
    metrics = Metrics()
    store = SqliteStore(settings.database) if settings.database is not None else MemoryStore()
    return Parts(store, _screener(settings, metrics), metrics)


def create_app(settings: Settings, parts: Parts | None = None) -> FastAPI:
    """Return the application.

    Args:
        settings: Checked settings.
        parts: What to talk to; by default what the settings describe.
    """
    used = parts or parts_from(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        used.close()

    app = FastAPI(
        title="Payments",
        version=__version__,
        summary="Card payments with a ledger that always balances.",
        description=docs.DESCRIPTION,
        openapi_tags=_TAGS,
        servers=[{"url": "/", "description": "The host that serves this document."}],
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = Services(
        payments=PaymentService(used.store, used.screener, used.clock, used.make_id),
        store=used.store,
        tokens=settings.token_registry(),
        metrics=used.metrics,
    )
    problems.install(app)
    docs.install(app)
    app.include_router(payments.router)
    app.include_router(oversight.router)
    app.add_middleware(RequestEnvelope, metrics=used.metrics)
    return app


def _screener(settings: Settings, metrics: Metrics) -> FraudScreener:
    if settings.fraud_url is None:
        return SandboxScreener()  # settings refuse this in production
    key = settings.fraud_api_key
    client = httpx2.Client(
        base_url=str(settings.fraud_url),
        headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else {},
        follow_redirects=False,
        trust_env=False,
    )
    patience = Patience(
        attempt_s=settings.fraud_timeout_s,
        deadline_s=settings.fraud_deadline_s,
        attempts=settings.fraud_attempts,
    )
    return HttpFraudScreener(client, patience, metrics.fraud_attempt)
