"""The service as operators run it: a process of its own, a socket, a database file, signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.values import CARD
from support.world import token_entries

START_LIMIT_S = 20.0
STOP_LIMIT_S = 15.0


class Provider(BaseHTTPRequestHandler):
    """A fraud provider on loopback; answers when allowed to, and can be told to decline."""

    decision = "approve"
    asked = threading.Event()
    may_answer = threading.Event()

    def do_POST(self) -> None:  # the name http.server calls
        """Answer a screening."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.set()
        self.may_answer.wait(STOP_LIMIT_S)
        body = json.dumps({"decision": self.decision, "reason": "e2e"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[str]:
    """Return the address of a running fraud provider."""
    Provider.decision = "approve"
    Provider.asked.clear()
    Provider.may_answer.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Service:
    """The process, how to reach it, and where it logs."""

    process: subprocess.Popen[bytes]
    client: httpx2.Client
    log: Path

    def authorise(self, key: str) -> httpx2.Response:
        """Ask for an authorisation of 19.99 EUR."""
        order = {"amount": {"minor": 1999, "currency": "EUR"}, "card_token": CARD}
        return self.client.post("/v1/payments", json=order, headers={"Idempotency-Key": key})

    def lines(self) -> list[dict[str, Any]]:
        """Return the log; every line has to be JSON."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(service: Service) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if service.process.poll() is not None:
            break
        try:
            if service.client.get("/health/ready").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    pytest.fail(f"the service did not start: {service.log.read_text('utf-8')}")


@contextmanager
def _running(folder: Path, provider: str) -> Iterator[Service]:
    """Give a service that is ready; afterwards it is gone, whatever happened."""
    port = _free_port()
    tokens = json.dumps([entry.model_dump(mode="json") for entry in token_entries()])
    settings = {
        "PAYMENTS_ENVIRONMENT": "sandbox",
        "PAYMENTS_DATABASE": str(folder / "payments.db"),
        "PAYMENTS_FRAUD_URL": provider,
        "PAYMENTS_API_TOKENS": tokens,
        "PAYMENTS_PORT": str(port),
        "PAYMENTS_SHUTDOWN_GRACE_S": "5",
    }
    log = folder / "service.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "payments", "serve"],
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    client = httpx2.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": "Bearer shop-token"},
        timeout=10.0,
        trust_env=False,
    )
    with process, client:
        try:
            service = Service(process, client, log)
            _wait_until_ready(service)
            yield service
        finally:
            process.kill()


def _stop(service: Service) -> int:
    service.client.close()
    service.process.send_signal(signal.SIGTERM)
    return service.process.wait(STOP_LIMIT_S)


@pytest.fixture
def service(tmp_path: Path, provider: str) -> Iterator[Service]:
    """Return a running service; it is gone afterwards, whatever happens."""
    with _running(tmp_path, provider) as running:
        yield running


@pytest.mark.requirement("PAY-1.1", "PAY-2.1", "PAY-3.2", "PAY-5.2")
def test_the_whole_life_of_a_payment(service: Service) -> None:
    """Authorise, capture, refund over a socket; the book balances at the end."""
    path = f"/v1/payments/{service.authorise('authorise-1').json()['payment_id']}"
    captured = service.client.post(f"{path}/capture", headers={"Idempotency-Key": "capture-1"})
    refund = {"amount": {"minor": 1999, "currency": "EUR"}, "reason": "returned goods"}
    refunded = service.client.post(f"{path}/refunds", json=refund, headers={"Idempotency-Key": "refund-01"})

    assert (captured.status_code, refunded.status_code) == (200, 201)
    assert service.client.get(path).json()["state"] == "refunded"
    book = service.client.get("/v1/ledger/trial-balance", headers={"Authorization": "Bearer auditor-token"})
    assert book.json()["balanced"]


@pytest.mark.requirement("PAY-1.2")
def test_a_decline_of_the_real_client(service: Service) -> None:
    """The provider's decision arrives through its HTTP client."""
    Provider.decision = "decline"

    response = service.authorise("authorise-1")

    assert (response.status_code, response.json()["context"]) == (402, {"reason": "e2e"})


@pytest.mark.requirement("PAY-4.1")
def test_a_restart_keeps_payments_and_keys(service: Service, tmp_path: Path, provider: str) -> None:
    """After SIGTERM and a new start the same request still gives the same answer."""
    first = service.authorise("authorise-1").json()
    _stop(service)

    with _running(tmp_path, provider) as again:
        response = again.authorise("authorise-1")
        _stop(again)

    assert response.json() == first
    assert response.headers["Idempotency-Replayed"] == "true"


@pytest.mark.requirement("PAY-8.5")
def test_a_request_in_progress_is_finished_before_the_process_ends(service: Service) -> None:
    """SIGTERM during a slow screening: the caller still gets the answer."""
    Provider.may_answer.clear()
    answers: list[httpx2.Response] = []
    caller = threading.Thread(target=lambda: answers.append(service.authorise("authorise-1")))
    caller.start()
    assert Provider.asked.wait(STOP_LIMIT_S)

    service.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # let the signal arrive while the request is open
    Provider.may_answer.set()
    caller.join(STOP_LIMIT_S)

    assert [answer.status_code for answer in answers] == [201]
    assert service.process.wait(STOP_LIMIT_S) in (0, -signal.SIGTERM)


@pytest.mark.requirement("PAY-7.2", "PAY-8.4")
def test_every_log_line_is_json_without_secrets(service: Service) -> None:
    """Start, requests and stop are logged in one format; tokens of cards and callers are not."""
    response = service.authorise("authorise-1")
    _stop(service)

    handled = [line for line in service.lines() if line.get("route") == "/v1/payments"]
    assert [line["request_id"] for line in handled] == [response.headers["X-Request-ID"]]
    assert handled[0]["actor"] == "shop"
    text = service.log.read_text("utf-8")
    assert CARD not in text
    assert "shop-token" not in text
