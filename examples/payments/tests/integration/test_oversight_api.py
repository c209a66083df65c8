"""Operations of auditors and operators, and what every request has in common."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from payments.api.oversight_schemas import FieldProblemBody, Problem
from payments.api.schemas import AuthorisationRequest, RequestBody, ResponseBody
from payments.errors import registry
from payments.storage.memory import MemoryStore
from support.world import World

ROOT = Path(__file__).parents[2]


@pytest.mark.requirement("PAY-6.1")
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic c2hvcA==", "Bearer "])
def test_without_a_valid_token_nothing_is_done(world: World, header: str | None) -> None:
    """The answer says how to authenticate and not what was wrong with the token."""
    headers = {"Idempotency-Key": "authorise-1"} | ({"Authorization": header} if header else {})

    response = world.client.post("/v1/payments", json={}, headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.requirement("PAY-6.1")
def test_a_failed_authentication_is_logged_but_not_stored(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """An anonymous caller cannot fill the database."""
    world.client.get("/v1/audit-events")

    assert [r.getMessage() for r in caplog.records if r.name == "payments.audit"] == ["authentication failed"]
    assert world.audit() == []


PUBLIC = {"/health/live", "/health/ready", "/problems/{code}"}
ALLOWED = {
    ("POST", "/v1/payments"): {"shop", "rival"},
    ("POST", "/v1/payments/{payment_id}/capture"): {"shop", "rival"},
    ("POST", "/v1/payments/{payment_id}/void"): {"shop", "rival"},
    ("POST", "/v1/payments/{payment_id}/refunds"): {"shop", "rival"},
    ("GET", "/v1/payments/{payment_id}"): {"shop", "rival", "viewer"},
    ("GET", "/v1/payments/{payment_id}/refunds"): {"shop", "rival", "viewer"},
    ("GET", "/v1/audit-events"): {"auditor"},
    ("GET", "/v1/ledger/payments/{payment_id}"): {"auditor"},
    ("GET", "/v1/ledger/trial-balance"): {"auditor"},
    ("GET", "/metrics"): {"operator"},
}


@pytest.mark.requirement("PAY-6.2")
@pytest.mark.parametrize("who", ["shop", "viewer", "rival", "auditor", "operator"])
@pytest.mark.parametrize(("method", "route"), ALLOWED)
def test_each_role_reaches_its_operations_only(world: World, method: str, route: str, who: str) -> None:
    """A refusal names the missing permission and is in the audit log; nothing else is refused."""
    path = route.replace("{payment_id}", f"pay_{'0' * 32}")
    headers = {"Authorization": f"Bearer {who}-token", "Idempotency-Key": "whatever-1"}

    response = world.client.request(method, path, headers=headers)

    assert (response.status_code != 403) == (who in ALLOWED[method, route])
    if response.status_code == 403:
        assert response.json()["code"] == "permission_denied"
        event = world.audit()[-1]
        assert (event["actor"], event["action"], event["outcome"]) == (who, "access.denied", "refused")
        assert event["reason"] == response.json()["context"]["permission"]


def test_every_route_is_in_the_matrix_or_public(world: World) -> None:
    """A new operation has to be placed in the matrix above."""
    described = {
        (method.upper(), path) for path, item in world.app.openapi()["paths"].items() for method in item
    }

    assert described == set(ALLOWED) | {("GET", path) for path in PUBLIC}


@pytest.mark.requirement("PAY-6.4")
def test_each_change_leaves_exactly_one_audit_event(world: World) -> None:
    """Who, what, which request, from which state to which."""
    path = world.captured(1000)
    response = world.refund(path, 1000, key="refund-01")

    events = world.audit()

    assert [(e["action"], e["from_state"], e["to_state"]) for e in events] == [
        ("payment.refunded", "captured", "refunded"),
        ("payment.captured", "authorised", "captured"),
        ("payment.authorised", None, "authorised"),
    ]
    assert {e["actor"] for e in events} == {"shop"}
    assert events[0]["request_id"] == response.headers["X-Request-ID"]
    payment_id = path.rsplit("/", 1)[1]
    assert len(world.get(f"/v1/audit-events?payment_id={payment_id}&limit=2", who="auditor").json()) == 2


@pytest.mark.requirement("PAY-5.1", "PAY-5.2")
def test_the_book_balances_after_any_sequence_of_operations(world: World) -> None:
    """Two hundred random operations, most of them refused, leave every currency at zero."""
    dice = random.Random(20260302)  # noqa: S311  # a repeatable test, not a secret
    paths: list[str] = []
    for number in range(200):
        match dice.choice(["authorise", "capture", "void", "refund"]) if paths else "authorise":
            case "authorise":
                made = world.authorise(dice.randint(1, 5000), key=f"operation-{number}").json()
                paths.append(f"/v1/payments/{made['payment_id']}")
            case "refund":
                world.refund(dice.choice(paths), dice.randint(1, 3000), key=f"operation-{number}")
            case operation:
                world.post(f"{dice.choice(paths)}/{operation}", key=f"operation-{number}")

    book = world.get("/v1/ledger/trial-balance", who="auditor").json()
    assert book["balanced"]
    assert sum(line["minor"] for line in book["balances"]) == 0
    for path in paths:
        for entry in world.get(path.replace("/v1", "/v1/ledger"), who="auditor").json():
            assert sum(posting["minor"] for posting in entry["postings"]) == 0


@pytest.mark.requirement("PAY-8.1")
@pytest.mark.parametrize("code", registry())
def test_every_help_link_leads_somewhere(world: World, code: str) -> None:
    """The service explains each of its codes itself."""
    body = world.client.get(f"/problems/{code}").json()

    assert body["code"] == code
    assert body["advice"]


@pytest.mark.requirement("PAY-8.1")
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "route_not_found"),
        ("GET", "/problems/no_such_code", 404, "route_not_found"),
        ("DELETE", "/v1/payments", 405, "method_not_allowed"),
        ("GET", "/v1/payments/pay_1", 422, "request_invalid"),
        ("BREW", "/v1/payments", 405, "method_not_allowed"),
    ],
)
def test_every_error_is_a_problem_document(
    world: World, method: str, path: str, status: int, code: str
) -> None:
    """The five parts are always there: code, message, context, request id, help."""
    response = world.client.request(method, path, headers={"Authorization": "Bearer shop-token"})

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["code"], body["status"], body["instance"]) == (code, status, path)
    assert body["type"] == body["help"] == f"/problems/{code}"
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-ID"]
    assert isinstance(body["context"], dict)


@pytest.mark.requirement("PAY-8.1")
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "request_malformed"),
        (b"\xff\xfe", 400, "request_malformed"),
        (b" " * 16_385, 413, "body_too_large"),
        (b"[]", 422, "request_invalid"),
    ],
)
def test_unreadable_bodies(world: World, content: bytes, status: int, code: str) -> None:
    """Broken, huge or odd bodies are the caller's fault and never a 500."""
    headers = {
        "Authorization": "Bearer shop-token",
        "Idempotency-Key": "authorise-1",
        "Content-Type": "application/json",
    }

    response = world.client.post("/v1/payments", content=content, headers=headers)

    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.requirement("PAY-8.2")
def test_a_defect_is_answered_without_details(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The caller gets a request id, the log gets the place, nobody gets the text of the exception."""
    world.screener.failure = RuntimeError("password=hunter2")

    response = world.authorise()

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "hunter2" not in response.text
    assert response.headers["X-Request-ID"] == response.json()["request_id"]
    assert any(record.exc_info for record in caplog.records if record.name == "payments.access")


@pytest.mark.requirement("PAY-8.3")
def test_liveness_does_not_depend_on_the_store_and_readiness_does(world: World) -> None:
    """A process that has lost its store is alive, not ready, and recovers."""
    assert isinstance(world.store, MemoryStore)
    assert world.client.get("/health/ready").json() == {"status": "pass", "checks": {"storage": "pass"}}

    world.store.close()
    assert world.client.get("/health/live").status_code == 200
    assert world.client.get("/health/ready").status_code == 503
    assert world.authorise().json()["code"] == "storage_unavailable"

    world.store.reopen()
    assert world.client.get("/health/ready").status_code == 200


@pytest.mark.requirement("PAY-8.4")
def test_the_request_id_of_the_caller_is_kept(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Answer and log line carry it."""
    caplog.set_level("INFO", logger="payments")

    response = world.client.get("/health/live", headers={"X-Request-ID": "checkout-2026.1"})

    assert response.headers["X-Request-ID"] == "checkout-2026.1"
    (line,) = [vars(record) for record in caplog.records if record.name == "payments.access"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/health/live", 200)
    assert line["duration_ms"] >= 0


def test_answers_carry_safe_headers(world: World) -> None:
    """Errors and successes alike are not cached, not sniffed and not framed."""
    for path in ("/health/live", "/nothing"):
        headers = world.client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_metrics_show_signals_and_business(world: World) -> None:
    """Latency by route, errors by code, operations with their financial effect; odd methods share a label."""
    world.captured(1000)
    world.authorise(0, key="authorise-0")
    world.client.request("BREW", "/nothing")

    text = world.get("/metrics", who="operator").text

    route = "/v1/payments/{payment_id}/capture"
    assert f'_count{{method="POST",route="{route}",status="200"}} 1.0' in text
    assert 'payments_errors_total{code="invalid_amount",family="business"} 1.0' in text
    assert 'payments_operations_amount_minor_total{currency="EUR",operation="capture"} 1000.0' in text
    assert 'method="other",route="unmatched",status="404"' in text
    assert "BREW" not in text


def _operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in description["paths"].values() for operation in item.values()]


def test_the_committed_api_description_is_current(world: World) -> None:
    """`openapi.json` equals what the application serves."""
    committed = json.loads((ROOT / "openapi.json").read_text("utf-8"))

    assert committed == json.loads(json.dumps(world.app.openapi()))
    assert world.client.get("/openapi.json").json() == committed


def test_every_operation_is_described(world: World) -> None:
    """Summary, description and problem responses are there; what needs a token says so."""
    for operation in _operations(world.app.openapi()):
        assert operation["summary"]
        assert len(operation["description"]) > 20
        problems = {s: r for s, r in operation["responses"].items() if s >= "400"}
        assert "500" in problems
        for response in problems.values():
            assert list(response["content"]) == ["application/problem+json"]
        assert bool(operation["security"]) == ("401" in operation["responses"])


BODIES = [kind for base in (RequestBody, ResponseBody) for kind in base.__subclasses__()]


@pytest.mark.parametrize(
    "body", [kind for kind in BODIES if kind is not Problem and kind is not FieldProblemBody]
)
def test_every_example_is_valid(body: type[BaseModel]) -> None:
    """Examples in the API description are what the service accepts and sends."""
    (example,) = body.model_json_schema()["examples"]

    assert body.model_validate(example).model_dump(mode="json") == example


def test_the_example_of_a_request_works(world: World) -> None:
    """The documented order is accepted as it stands."""
    (example,) = AuthorisationRequest.model_json_schema()["examples"]

    assert world.post("/v1/payments", example, key="order-4711-authorise").status_code == 201


def test_every_route_has_a_template(world: World) -> None:
    """Metrics are labelled by template, so no id ever becomes a label."""
    templates = [route.path for route in world.app.routes if isinstance(route, APIRoute)]

    assert all(template == template.lower() for template in templates)
