"""How an application is put together, and what happens at its edges."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import HttpUrl, SecretStr

from payments.api.envelope import RequestEnvelope
from payments.api.services import Services
from payments.app import create_app, parts_from, random_id, utc_now
from payments.fraud.client import HttpFraudScreener
from payments.fraud.sandbox import SandboxScreener
from payments.observability.metrics import Metrics
from payments.settings import Environment, Settings
from payments.storage.memory import MemoryStore
from payments.storage.sqlite import SqliteStore
from support.world import World, make_world


def test_the_sandbox_runs_without_anything() -> None:
    """No database, no provider: memory and stand-in."""
    parts = parts_from(Settings(environment=Environment.SANDBOX))

    assert isinstance(parts.store, MemoryStore)
    assert isinstance(parts.screener, SandboxScreener)


@pytest.mark.parametrize("key", [SecretStr("k"), None])
def test_settings_choose_the_real_parts(tmp_path: Path, key: SecretStr | None) -> None:
    """A database path gives SQLite, a URL gives the HTTP client."""
    settings = Settings(
        environment=Environment.SANDBOX,
        database=tmp_path / "payments.db",
        fraud_url=HttpUrl("http://127.0.0.1:9"),
        fraud_api_key=key,
    )

    parts = parts_from(settings)

    assert isinstance(parts.store, SqliteStore)
    assert isinstance(parts.screener, HttpFraudScreener)
    parts.close()


def test_stopping_the_application_closes_its_parts() -> None:
    """After shutdown no connection is left."""
    world = make_world()

    with TestClient(world.app) as client:
        assert client.get("/health/ready").status_code == 200

    assert world.screener.closed
    assert world.client.get("/health/ready").status_code == 503


def test_without_parts_the_settings_decide() -> None:
    """The usual way to create an application takes settings only."""
    app = create_app(Settings(environment=Environment.SANDBOX))

    assert isinstance(app.state.services, Services)


def test_ids_are_prefixed_and_the_clock_is_utc() -> None:
    """The defaults of the parts are usable."""
    assert random_id("pay").startswith("pay_")
    assert len({random_id("pay") for _ in range(100)}) == 100
    assert str(utc_now().tzinfo) == "UTC"


@pytest.mark.requirement("PAY-8.2")
def test_a_response_that_has_begun_is_not_answered_twice() -> None:
    """A defect in the middle of a response is left to the server, which cuts the connection."""

    async def broken(_scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401  # raw ASGI
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    sent: list[Any] = []

    async def send(message: Any) -> None:  # noqa: ANN401  # raw ASGI
        sent.append(message)

    async def receive() -> Any:  # noqa: ANN401  # raw ASGI
        return {"type": "http.request", "body": b""}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [],
        "query_string": b"",
        "app": FastAPI(),
    }
    with pytest.raises(RuntimeError, match="in the middle"):
        asyncio.run(RequestEnvelope(broken, Metrics())(scope, receive, send))

    assert [message["status"] for message in sent] == [200]


@pytest.mark.requirement("PAY-8.1")
def test_a_huge_body_in_chunks_is_cut_off(world: World) -> None:
    """The limit counts what arrives, not what was announced."""
    headers = {
        "Authorization": "Bearer shop-token",
        "Idempotency-Key": "authorise-1",
        "Content-Type": "application/json",
    }

    response: httpx2.Response = world.client.post(
        "/v1/payments", content=(b" " * 1024 for _ in range(17)), headers=headers
    )

    assert response.status_code == 413
