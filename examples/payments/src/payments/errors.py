"""Every error the service can answer with, in four families.

    PaymentsError
    |-- BusinessError     the request was understood and the rules of the domain refuse it
    |-- ValidationError   the request is malformed; each problem names its field
    |-- SystemFaultError       we, or something we depend on, failed; says how to recover
    `-- SecurityError     the caller is unknown or not allowed; always written to the audit log

A concrete error adds a stable code, a status, a title and advice. `registry` lists them all, and the
service publishes each at `/problems/{code}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

ContextValue = str | int | bool | None


class Family(StrEnum):
    """The kind of failure, used in logs and metrics."""

    BUSINESS = "business"
    VALIDATION = "validation"
    SYSTEM = "system"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; never carries the value that was sent."""

    pointer: str
    code: str
    message: str


class PaymentsError(Exception):
    """Root of every error that may reach a caller.

    Args:
        message: What happened, for a person. Must not contain secrets or card data.
        context: Small facts that help to act on it, for example the state of the payment.
    """

    code: ClassVar[str]
    family: ClassVar[Family]
    status: ClassVar[int]
    title: ClassVar[str]
    advice: ClassVar[str]
    retry_after_s: ClassVar[int | None] = None

    def __init__(self, message: str, **context: ContextValue) -> None:
        super().__init__(message)
        self.message = message
        self.context: Mapping[str, ContextValue] = context


class BusinessError(PaymentsError):
    """The rules of the domain refuse the request."""

    family = Family.BUSINESS
    status = 409


class ValidationError(PaymentsError):
    """The request is malformed.

    Args:
        message: Summary of what is wrong.
        fields: One entry per field that has to change.
        context: As for every error.
    """

    family = Family.VALIDATION
    status = 422

    def __init__(self, message: str, fields: Sequence[FieldProblem] = (), **context: ContextValue) -> None:
        super().__init__(message, **context)
        self.fields = tuple(fields)


class SystemFaultError(PaymentsError):
    """The service, or something it depends on, failed."""

    family = Family.SYSTEM
    status = 503


class SecurityError(PaymentsError):
    """The caller is unknown or not allowed."""

    family = Family.SECURITY
    status = 403


class PaymentNotFoundError(BusinessError):
    """No such payment belongs to the caller."""

    code, status, title = "payment_not_found", 404, "Payment not found"
    advice = "Use the id from the response that created the payment, with a token of the same merchant."


class InvalidTransitionError(BusinessError):
    """The payment is in a state that does not allow the operation."""

    code, title = "invalid_transition", "The payment is not in a state that allows this"
    advice = "Read the payment first; a payment is captured or voided once, and refunded only after capture."


class RefundExceedsBalanceError(BusinessError):
    """More would be given back than was captured."""

    code, title = "refund_exceeds_balance", "The refund is larger than what is left"
    advice = "Refund at most the captured amount minus earlier refunds."


class CurrencyMismatchError(BusinessError):
    """Amounts of two currencies were combined."""

    code, status, title = "currency_mismatch", 422, "The currencies differ"
    advice = "Refund in the currency of the payment; the service does not convert."


class InvalidAmountError(BusinessError):
    """An amount is negative, too large or not whole minor units."""

    code, status, title = "invalid_amount", 422, "The amount is not usable"
    advice = "Send a whole number of minor units, for example 1999 for 19.99 EUR."


class PaymentDeclinedError(BusinessError):
    """Fraud screening advised against the payment."""

    code, status, title = "payment_declined", 402, "The payment was declined"
    advice = "Do not retry with the same card; ask the customer for another means of payment."


class IdempotencyKeyReusedError(BusinessError):
    """An idempotency key came back with different content."""

    code, status, title = "idempotency_key_reused", 422, "The idempotency key belongs to another request"
    advice = "Use a fresh key for every new operation, and the same key only to repeat one unchanged."


class RequestInProgressError(BusinessError):
    """The first request with this idempotency key has not finished."""

    code, title, retry_after_s = "request_in_progress", "The same request is still being worked on", 1
    advice = "Wait for the first request, or repeat this one after the Retry-After delay."


class ConcurrentUpdateError(BusinessError):
    """Somebody else changed the payment in between."""

    code, title, retry_after_s = "concurrent_update", "The payment was changed by another request", 1
    advice = "Read the payment and decide again."


class RequestInvalidError(ValidationError):
    """One or more fields are missing, unknown or out of range."""

    code, title = "request_invalid", "The request has invalid fields"
    advice = "Correct every field listed under `errors`."


class RequestMalformedError(ValidationError):
    """The request could not be read at all."""

    code, status, title = "request_malformed", 400, "The request could not be read"
    advice = "Send UTF-8 JSON with the content type application/json."


class BodyTooLargeError(ValidationError):
    """The body exceeds the limit."""

    code, status, title = "body_too_large", 413, "The request body is too large"
    advice = "No operation of this service needs more than 16 KiB."


class RouteNotFoundError(ValidationError):
    """The path does not exist."""

    code, status, title = "route_not_found", 404, "There is nothing at this path"
    advice = "Compare the path with the API description at /openapi.json."


class MethodNotAllowedError(ValidationError):
    """The path exists, the method does not."""

    code, status, title = "method_not_allowed", 405, "The path does not support this method"
    advice = "Compare the method with the API description at /openapi.json."


class StorageUnavailableError(SystemFaultError):
    """The database did not answer."""

    code, title, retry_after_s = "storage_unavailable", "The payment store is not available", 2
    advice = "Nothing was recorded. Repeat the request with the same idempotency key."


class SchemaVersionError(SystemFaultError):
    """The database was written by another version of the service; it is left untouched."""

    code, title = "schema_version_unknown", "The payment store is of another version"
    advice = "Nothing was recorded. Start the version of the service that wrote the database."


class FraudUnavailableError(SystemFaultError):
    """The fraud-screening provider did not answer in time."""

    code, title, retry_after_s = "fraud_unavailable", "Fraud screening is not available", 5
    advice = "Nothing was authorised. Repeat the request with the same idempotency key."


class FraudResponseInvalidError(SystemFaultError):
    """The fraud-screening provider answered with something that is not a decision."""

    code, status, title = "fraud_response_invalid", 502, "Fraud screening gave no usable answer"
    advice = "Nothing was authorised. Repeat later; if it persists, report the request id."


class InternalError(SystemFaultError):
    """A defect of this service."""

    code, status, title = "internal_error", 500, "The service failed"
    advice = "Repeat with the same idempotency key; if it persists, report the request id."


class NotAuthenticatedError(SecurityError):
    """No valid API token was sent."""

    code, status, title = "not_authenticated", 401, "A valid API token is required"
    advice = "Send `Authorization: Bearer <token>` with a token that has not been revoked."


class PermissionDeniedError(SecurityError):
    """The role of the token does not allow the operation."""

    code, title = "permission_denied", "The token's role does not allow this"
    advice = "Ask the operator for a token whose role includes the permission named in `context`."


def registry() -> Mapping[str, type[PaymentsError]]:
    """Return every concrete error by its code."""
    return {kind.code: kind for kind in _concrete(PaymentsError)}


def _concrete(root: type[PaymentsError]) -> Iterator[type[PaymentsError]]:
    for kind in root.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from _concrete(kind)
