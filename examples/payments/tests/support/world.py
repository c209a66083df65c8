"""A whole application under control of the test."""

from dataclasses import dataclass
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

from payments.access import Role, digest
from payments.app import Parts, create_app
from payments.observability.metrics import Metrics
from payments.ports import Store
from payments.settings import Environment, Settings, TokenEntry
from payments.storage.memory import MemoryStore
from support.fakes import CountingIds, FakeClock, FakeScreener
from support.values import CARD, MERCHANT, OTHER_MERCHANT

TOKENS = {
    "shop": (Role.MERCHANT, MERCHANT),
    "viewer": (Role.MERCHANT_READONLY, MERCHANT),
    "rival": (Role.MERCHANT, OTHER_MERCHANT),
    "auditor": (Role.AUDITOR, "all"),
    "operator": (Role.OPERATIONS, "all"),
}


def token_entries() -> tuple[TokenEntry, ...]:
    """Return one accepted token per role; the text of a token is its subject plus `-token`."""
    return tuple(
        TokenEntry(subject=name, role=role, merchant=merchant, sha256=digest(f"{name}-token"))
        for name, (role, merchant) in TOKENS.items()
    )


@dataclass
class World:
    """The application, what it talks to, and short ways to call it."""

    app: FastAPI
    client: TestClient
    store: Store
    screener: FakeScreener
    clock: FakeClock

    def post(self, path: str, body: object = None, *, key: str, who: str = "shop") -> httpx2.Response:
        """Send a change under an idempotency key."""
        headers = {"Authorization": f"Bearer {who}-token", "Idempotency-Key": key}
        return self.client.post(path, json=body, headers=headers)

    def get(self, path: str, *, who: str = "shop") -> httpx2.Response:
        """Read something."""
        return self.client.get(path, headers={"Authorization": f"Bearer {who}-token"})

    def authorise(self, minor: int = 1999, *, key: str = "authorise-1") -> httpx2.Response:
        """Ask for an authorisation in euro cents."""
        body = {"amount": {"minor": minor, "currency": "EUR"}, "card_token": CARD}
        return self.post("/v1/payments", body, key=key)

    def captured(self, minor: int = 1999) -> str:
        """Return the path of a payment that was authorised and captured."""
        path = f"/v1/payments/{self.authorise(minor).json()['payment_id']}"
        assert self.post(f"{path}/capture", key="capture-1").status_code == 200
        return path

    def refund(self, path: str, minor: int, *, key: str, currency: str = "EUR") -> httpx2.Response:
        """Ask for a refund."""
        body = {"amount": {"minor": minor, "currency": currency}, "reason": "returned goods"}
        return self.post(f"{path}/refunds", body, key=key)

    def audit(self) -> list[dict[str, Any]]:
        """Return the audit log, newest first."""
        events: list[dict[str, Any]] = self.get("/v1/audit-events", who="auditor").json()
        return events


def make_world(store: Store | None = None) -> World:
    """Return a fresh world, on *store* or in memory."""
    used_store = store or MemoryStore()
    screener, clock = FakeScreener(), FakeClock()
    settings = Settings(environment=Environment.SANDBOX, api_tokens=token_entries())
    app = create_app(settings, Parts(used_store, screener, Metrics(), clock, CountingIds()))
    return World(app, TestClient(app, raise_server_exceptions=False), used_store, screener, clock)
