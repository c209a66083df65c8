"""Operations of merchants on their own payments."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from payments import errors
from payments.access import Principal
from payments.api import docs
from payments.api.fields import IdempotencyKey
from payments.api.schemas import AuthorisationRequest, PaymentBody, RefundBody, RefundRequest
from payments.api.security import Reader, Refunder, Writer
from payments.api.services import UsedServices
from payments.claims import Call
from payments.domain.money import Money
from payments.domain.payment import PaymentId
from payments.observability.context import request_id
from payments.observability.metrics import Metrics
from payments.service import Outcome

router = APIRouter(prefix="/v1/payments", tags=["payments"])

PathId = Annotated[
    str,
    Path(
        pattern=r"^pay_[0-9a-f]{32}$",
        description="The id from the response that created the payment.",
        examples=["pay_0f8e6d5c4b3a29180f8e6d5c4b3a2918"],
    ),
]
Key = Annotated[IdempotencyKey, Header(alias="Idempotency-Key")]
_CHANGES = (
    *docs.WRITES,
    errors.PaymentNotFoundError,
    errors.InvalidTransitionError,
    errors.ConcurrentUpdateError,
)


@router.post(
    "",
    status_code=201,
    summary="Authorise a payment",
    responses=docs.problems(
        *docs.WRITES,
        errors.InvalidAmountError,
        errors.PaymentDeclinedError,
        errors.FraudResponseInvalidError,
        errors.FraudUnavailableError,
    ),
)
def authorise(
    body: AuthorisationRequest, key: Key, caller: Writer, services: UsedServices, response: Response
) -> PaymentBody:
    """Reserve the amount on the card after fraud screening. No money moves yet."""
    outcome = services.payments.authorise(_call(caller, key), body.to_order())
    _account(services.metrics, response, "authorise", outcome, outcome.receipt.payment.amount)
    return PaymentBody.of(outcome.receipt.payment)


@router.post("/{payment_id}/capture", summary="Capture a payment", responses=docs.problems(*_CHANGES))
def capture(
    payment_id: PathId, key: Key, caller: Writer, services: UsedServices, response: Response
) -> PaymentBody:
    """Take the full authorised amount. A payment is captured at most once."""
    outcome = services.payments.capture(_call(caller, key), PaymentId(payment_id))
    _account(services.metrics, response, "capture", outcome, outcome.receipt.payment.amount)
    return PaymentBody.of(outcome.receipt.payment)


@router.post("/{payment_id}/void", summary="Void a payment", responses=docs.problems(*_CHANGES))
def void(
    payment_id: PathId, key: Key, caller: Writer, services: UsedServices, response: Response
) -> PaymentBody:
    """Give up an authorisation that has not been captured. No money moves."""
    outcome = services.payments.void(_call(caller, key), PaymentId(payment_id))
    _account(services.metrics, response, "void", outcome, outcome.receipt.payment.amount)
    return PaymentBody.of(outcome.receipt.payment)


@router.post(
    "/{payment_id}/refunds",
    status_code=201,
    summary="Refund a payment",
    responses=docs.problems(
        *_CHANGES,
        errors.InvalidAmountError,
        errors.CurrencyMismatchError,
        errors.RefundExceedsBalanceError,
    ),
)
def refund(
    payment_id: PathId,
    body: RefundRequest,
    key: Key,
    caller: Refunder,
    services: UsedServices,
    response: Response,
) -> RefundBody:
    """Give back a captured payment, in full or in parts, never more than was captured."""
    money = body.amount.to_money()
    outcome = services.payments.refund(_call(caller, key), PaymentId(payment_id), money, body.reason)
    given_back = outcome.receipt.refund
    assert given_back is not None  # noqa: S101  # a refund's receipt always holds the refund
    _account(services.metrics, response, "refund", outcome, given_back.amount)
    return RefundBody.of(given_back)


@router.get(
    "/{payment_id}",
    summary="Read a payment",
    responses=docs.problems(*docs.READS, errors.PaymentNotFoundError),
)
def read(payment_id: PathId, caller: Reader, services: UsedServices) -> PaymentBody:
    """Return one payment of the merchant the token belongs to."""
    return PaymentBody.of(services.payments.payment(caller, PaymentId(payment_id)))


@router.get(
    "/{payment_id}/refunds",
    summary="List the refunds of a payment",
    responses=docs.problems(*docs.READS, errors.PaymentNotFoundError),
)
def refunds(payment_id: PathId, caller: Reader, services: UsedServices) -> list[RefundBody]:
    """Return all refunds of one payment, oldest first."""
    return [RefundBody.of(found) for found in services.payments.refunds(caller, PaymentId(payment_id))]


def _call(caller: Principal, key: str) -> Call:
    return Call(caller, request_id(), key)


def _account(metrics: Metrics, response: Response, operation: str, outcome: Outcome, money: Money) -> None:
    if outcome.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    else:
        metrics.completed(operation, money)
