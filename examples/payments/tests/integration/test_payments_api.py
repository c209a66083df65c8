"""Operations of merchants, over HTTP, against the whole application."""

import pytest

from payments.errors import FraudUnavailableError
from payments.ports import Screening
from support.values import CARD, CARD_NUMBER
from support.world import World


@pytest.mark.requirement("PAY-1.1")
def test_an_order_that_passes_screening_is_authorised(world: World) -> None:
    """The payment is reserved, can be read back, and the card token is not repeated."""
    response = world.authorise(1999)

    assert response.status_code == 201
    body = response.json()
    assert body["state"] == "authorised"
    assert body["amount"] == {"minor": 1999, "currency": "EUR"}
    assert body["refunded"] == {"minor": 0, "currency": "EUR"}
    assert world.get(f"/v1/payments/{body['payment_id']}").json() == body
    assert CARD not in response.text
    assert [asked.payment_id for asked in world.screener.asked] == [body["payment_id"]]


@pytest.mark.requirement("PAY-1.2")
def test_an_order_that_fails_screening_is_declined(world: World) -> None:
    """Nothing is stored but the refusal in the audit log."""
    world.screener.advice = Screening(approved=False, reason="velocity")

    response = world.authorise()

    assert response.status_code == 402
    assert response.json()["code"] == "payment_declined"
    assert response.json()["context"] == {"reason": "velocity"}
    (event,) = world.audit()
    assert (event["action"], event["outcome"], event["to_state"]) == ("payment.declined", "refused", None)
    assert world.get(f"/v1/payments/{event['payment_id']}").status_code == 404


@pytest.mark.requirement("PAY-1.3")
def test_an_order_for_nothing_is_refused(world: World) -> None:
    """Zero is refused before the fraud provider is asked."""
    response = world.authorise(0)

    assert (response.status_code, response.json()["code"]) == (422, "invalid_amount")
    assert world.screener.asked == []


@pytest.mark.requirement("PAY-1.4", "PAY-4.4")
def test_without_screening_nothing_is_authorised(world: World) -> None:
    """The failure is answered with a delay to wait, and the same key works afterwards."""
    world.screener.failure = FraudUnavailableError("fraud screening did not answer in time", attempts=3)

    refused = world.authorise()

    assert (refused.status_code, refused.json()["code"]) == (503, "fraud_unavailable")
    assert refused.headers["Retry-After"] == "5"
    assert world.audit() == []

    world.screener.failure = None
    assert world.authorise().status_code == 201


@pytest.mark.requirement("PAY-2.1")
def test_a_payment_is_captured_once(world: World) -> None:
    """A second capture under a new key is refused and says in which state the payment is."""
    path = world.captured()

    again = world.post(f"{path}/capture", key="capture-2")

    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    assert again.json()["context"]["state"] == "captured"
    assert world.get(path).json()["state"] == "captured"


@pytest.mark.requirement("PAY-2.3", "PAY-2.4")
def test_a_payment_is_voided_before_capture_only(world: World) -> None:
    """A void ends an authorisation; after a capture it is refused."""
    path = f"/v1/payments/{world.authorise(key='authorise-2').json()['payment_id']}"

    assert world.post(f"{path}/void", key="void-0001").json()["state"] == "voided"
    assert world.post(f"{path}/capture", key="capture-9").status_code == 409
    assert world.post(f"{world.captured()}/void", key="void-0002").status_code == 409


@pytest.mark.requirement("PAY-3.1", "PAY-3.2", "PAY-3.3")
def test_refunds_in_parts(world: World) -> None:
    """Parts are given back until nothing is left, never more."""
    path = world.captured(1000)

    part = world.refund(path, 400, key="refund-01")
    assert part.status_code == 201
    assert part.json()["amount"] == {"minor": 400, "currency": "EUR"}
    assert world.get(path).json()["state"] == "captured"

    excess = world.refund(path, 601, key="refund-02")
    assert (excess.status_code, excess.json()["code"]) == (409, "refund_exceeds_balance")
    assert excess.json()["context"]["refundable_minor"] == 600

    assert world.refund(path, 600, key="refund-03").status_code == 201
    assert world.get(path).json()["state"] == "refunded"
    assert [found["amount"]["minor"] for found in world.get(f"{path}/refunds").json()] == [400, 600]


@pytest.mark.requirement("PAY-3.4")
def test_a_refund_in_another_currency_is_refused(world: World) -> None:
    """The service does not convert."""
    response = world.refund(world.captured(), 100, key="refund-01", currency="USD")

    assert (response.status_code, response.json()["code"]) == (422, "currency_mismatch")


@pytest.mark.requirement("PAY-6.3")
@pytest.mark.parametrize("operation", ["", "/refunds"])
def test_a_payment_of_another_merchant_does_not_exist(world: World, operation: str) -> None:
    """The answer is the same as for an id nobody has."""
    path = world.captured()

    foreign = world.get(path + operation, who="rival")
    missing = world.get(f"/v1/payments/pay_{'0' * 32}{operation}", who="rival")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["code"] == missing.json()["code"] == "payment_not_found"


@pytest.mark.requirement("PAY-6.3")
@pytest.mark.parametrize("operation", ["capture", "void"])
def test_a_payment_of_another_merchant_cannot_be_changed(world: World, operation: str) -> None:
    """Knowing an id does not help."""
    path = f"/v1/payments/{world.authorise().json()['payment_id']}"

    assert world.post(f"{path}/{operation}", key="attack-01", who="rival").status_code == 404
    assert world.get(path).json()["state"] == "authorised"


@pytest.mark.requirement("PAY-7.1")
@pytest.mark.parametrize(
    ("field", "value"),
    [("card_token", "tok_4111111111111111"), ("customer_reference", "4111-1111-1111-1111")],
)
def test_a_card_number_is_refused_and_not_repeated(
    world: World, caplog: pytest.LogCaptureFixture, field: str, value: str
) -> None:
    """Neither the answer nor the log contains what was sent."""
    caplog.set_level("DEBUG", logger="payments")
    order = {"amount": {"minor": 100, "currency": "EUR"}, "card_token": CARD, field: value}

    response = world.post("/v1/payments", order, key="authorise-1")

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "pointer": f"/body/{field}",
            "code": "card_number_refused",
            "message": "looks like a card number; send a token instead",
        }
    ]
    assert value not in response.text
    assert value not in str([vars(record) for record in caplog.records if record.name.startswith("payments")])


@pytest.mark.requirement("PAY-7.1")
def test_a_card_number_as_reason_of_a_refund_is_refused(world: World) -> None:
    """Free text is looked at, too."""
    path = world.captured()

    body = {"amount": {"minor": 100, "currency": "EUR"}, "reason": f"card {CARD_NUMBER}"}
    response = world.post(f"{path}/refunds", body, key="refund-01")

    assert (response.status_code, response.json()["code"]) == (422, "request_invalid")
    assert CARD_NUMBER not in response.text


@pytest.mark.requirement("PAY-7.1")
def test_a_card_number_as_idempotency_key_is_refused(world: World) -> None:
    """Keys are stored, so they are looked at; an ordinary id with many digits is fine."""
    refused = world.authorise(key="4111111111111111")

    assert refused.json()["errors"][0]["code"] == "card_number_refused"
    assert "4111" not in refused.text
    assert world.authorise(key="b1d4111111111111111e").status_code == 201


@pytest.mark.requirement("PAY-7.2")
def test_the_card_token_is_not_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A whole life of a payment leaves no card token in any log record."""
    caplog.set_level("DEBUG")

    world.refund(world.captured(), 100, key="refund-01")

    assert caplog.records
    assert CARD not in str([vars(record) for record in caplog.records])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": {"minor": 19.99, "currency": "EUR"}}, "/body/amount/minor"),
        ({"amount": {"minor": -1, "currency": "EUR"}}, "/body/amount/minor"),
        ({"amount": {"minor": 1, "currency": "XXX"}}, "/body/amount/currency"),
        ({"card_token": "card"}, "/body/card_token"),
        ({"surprise": 1}, "/body/surprise"),
    ],
)
def test_each_invalid_field_is_named(world: World, change: dict[str, object], pointer: str) -> None:
    """The problem points at the field, and the value that was sent is not repeated."""
    order = {"amount": {"minor": 100, "currency": "EUR"}, "card_token": CARD} | change

    response = world.post("/v1/payments", order, key="authorise-1")

    assert response.status_code == 422
    assert [problem["pointer"] for problem in response.json()["errors"]] == [pointer]
    assert set(response.json()["errors"][0]) == {"pointer", "code", "message"}


@pytest.mark.parametrize("key", ["short", "with space", "x" * 65])
def test_an_unusable_idempotency_key_is_refused(world: World, key: str) -> None:
    """Length and alphabet of keys are limited."""
    response = world.authorise(key=key)

    assert response.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"
