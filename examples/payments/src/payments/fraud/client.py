"""The fraud provider over HTTPS: bounded in time, in attempts and in what it reads.

The provider treats a screening as idempotent per `payment_id`, so a repeated question is safe.
When it does not answer, nothing is authorised (see ADR 0002).
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from payments.errors import FraudResponseInvalidError, FraudUnavailableError
from payments.observability.context import request_id
from payments.ports import Screening, ScreeningRequest

MAX_ANSWER_BYTES = 16 * 1024
_TOO_MANY, _SERVER_ERROR, _OK = 429, 500, 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to ask.

    Args:
        attempt_s: Limit for connecting, and for each wait for more bytes.
        deadline_s: Limit for everything together, pauses included.
        attempts: How often to ask at most.
        pause_s: Upper bound of the first pause; it doubles with every attempt.
    """

    attempt_s: float = 2.0
    deadline_s: float = 5.0
    attempts: int = 3
    pause_s: float = 0.1


class _TryAgainError(Exception):
    """The provider did not answer this time."""


class HttpFraudScreener:
    """Implements `FraudScreener` against the provider's `POST /v1/screenings`.

    Args:
        client: Carries base URL, credentials and connection pool; closed with the screener.
        patience: How long and how often to ask.
        observe: Told the outcome of every attempt, `answered` or `failed`, for metrics.
        sleep: Waits between attempts.
        monotonic: Measures the deadline.
    """

    def __init__(
        self,
        client: httpx2.Client,
        patience: Patience,
        observe: Callable[[str], None],
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._patience = patience
        self._observe = observe
        self._sleep = sleep
        self._monotonic = monotonic

    def screen(self, request: ScreeningRequest) -> Screening:
        """Return the provider's advice; see `FraudScreener.screen`."""
        deadline = self._monotonic() + self._patience.deadline_s
        for attempt in range(self._patience.attempts):
            if attempt:
                self._sleep(self._pause(attempt))
            try:
                answer = self._ask(request, deadline)
            except _TryAgainError:
                self._observe("failed")
                if self._monotonic() >= deadline:
                    break
            else:
                self._observe("answered")
                return _decision(answer)
        raise FraudUnavailableError("fraud screening did not answer in time", attempts=attempt + 1)

    def close(self) -> None:
        """Close the connection pool."""
        self._client.close()

    def _pause(self, attempt: int) -> float:
        # Full jitter, so that many callers do not come back at the same moment.
        return secrets.SystemRandom().uniform(0, self._patience.pause_s * 2 ** (attempt - 1))

    def _ask(self, request: ScreeningRequest, deadline: float) -> bytes:
        left_s = max(deadline - self._monotonic(), 0.001)
        try:
            with self._client.stream(
                "POST",
                "/v1/screenings",
                json=_question(request),
                headers={"X-Request-ID": request_id()},
                timeout=min(self._patience.attempt_s, left_s),
            ) as response:
                if response.status_code == _TOO_MANY or response.status_code >= _SERVER_ERROR:
                    raise _TryAgainError
                if response.status_code != _OK:
                    raise FraudResponseInvalidError("unexpected status", status=response.status_code)
                return self._read(response, deadline)
        except httpx2.TransportError as error:
            raise _TryAgainError from error

    def _read(self, response: httpx2.Response, deadline: float) -> bytes:
        # The client's own timeout restarts with every byte; a dripping answer is stopped here.
        answer = b""
        for chunk in response.iter_bytes():
            answer += chunk
            if len(answer) > MAX_ANSWER_BYTES:
                raise FraudResponseInvalidError("the answer is too large", limit=MAX_ANSWER_BYTES)
            if self._monotonic() >= deadline:
                raise _TryAgainError
        return answer


def _question(request: ScreeningRequest) -> dict[str, str | int]:
    return {
        "payment_id": request.payment_id,
        "merchant_id": request.merchant_id,
        "amount_minor": request.amount.minor,
        "currency": request.amount.currency.value,
        "card_token": request.card_token,
    }


def _decision(answer: bytes) -> Screening:
    try:
        told = json.loads(answer)
        approved = {"approve": True, "decline": False}[told["decision"]]
        reason = str(told["reason"])
    except (ValueError, KeyError, TypeError) as error:
        raise FraudResponseInvalidError("the answer is not a decision") from error
    return Screening(approved, reason)
