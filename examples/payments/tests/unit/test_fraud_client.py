"""The fraud provider is asked a bounded number of times, for a bounded time."""

import json
from collections.abc import Callable, Iterator

import httpx2
import pytest

from payments.domain.payment import PaymentId
from payments.errors import FraudResponseInvalidError, FraudUnavailableError
from payments.fraud.client import MAX_ANSWER_BYTES, HttpFraudScreener, Patience
from payments.fraud.sandbox import SandboxScreener
from payments.ports import Screening, ScreeningRequest
from support.values import CARD, MERCHANT, euros

REQUEST = ScreeningRequest(PaymentId("pay_1"), MERCHANT, euros(1999), CARD)
Handler = Callable[[httpx2.Request], httpx2.Response]


class Stopwatch:
    """Time that passes only by sleeping or by being told to."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        """Return the seconds passed."""
        return self.seconds

    def sleep(self, pause_s: float) -> None:
        """Let the pause pass."""
        self.pauses.append(pause_s)
        self.seconds += pause_s


def _screener(handler: Handler, watch: Stopwatch, seen: list[str]) -> HttpFraudScreener:
    client = httpx2.Client(base_url="https://fraud.example", transport=httpx2.MockTransport(handler))
    return HttpFraudScreener(client, Patience(), seen.append, sleep=watch.sleep, monotonic=watch)


def _told(decision: str) -> httpx2.Response:
    return httpx2.Response(200, json={"decision": decision, "reason": "velocity"})


@pytest.mark.parametrize(("decision", "approved"), [("approve", True), ("decline", False)])
def test_a_decision_is_passed_on(decision: str, approved: bool) -> None:
    """The provider's decision and reason come back, after one question without personal data."""
    asked: list[httpx2.Request] = []
    seen: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return _told(decision)

    assert _screener(handler, Stopwatch(), seen).screen(REQUEST) == Screening(approved, "velocity")
    assert seen == ["answered"]
    assert asked[0].url == "https://fraud.example/v1/screenings"
    assert json.loads(asked[0].content) == {
        "payment_id": "pay_1",
        "merchant_id": MERCHANT,
        "amount_minor": 1999,
        "currency": "EUR",
        "card_token": CARD,
    }


@pytest.mark.requirement("PAY-9.1")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_provider_that_recovers_is_asked_again(status: int) -> None:
    """A failed attempt is followed by another, after a pause that is bounded and random."""
    watch, seen = Stopwatch(), list[str]()
    answers = iter([httpx2.Response(status), httpx2.Response(status), _told("approve")])

    advice = _screener(lambda _request: next(answers), watch, seen).screen(REQUEST)

    assert advice.approved
    assert seen == ["failed", "failed", "answered"]
    assert len(watch.pauses) == 2
    assert 0 <= watch.pauses[0] <= 0.1
    assert 0 <= watch.pauses[1] <= 0.2


@pytest.mark.requirement("PAY-9.1")
def test_a_provider_that_stays_away_is_asked_three_times() -> None:
    """After the last attempt the screening is unavailable, and says how often it was tried."""
    seen: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(FraudUnavailableError) as failure:
        _screener(handler, Stopwatch(), seen).screen(REQUEST)

    assert failure.value.context["attempts"] == 3
    assert seen == ["failed"] * 3


@pytest.mark.requirement("PAY-9.2")
def test_no_attempt_starts_after_the_deadline() -> None:
    """One slow attempt can use up the whole deadline; there is no second one then."""
    watch, seen = Stopwatch(), list[str]()

    def handler(request: httpx2.Request) -> httpx2.Response:
        watch.seconds += 5.0
        raise httpx2.ReadTimeout("slow", request=request)

    with pytest.raises(FraudUnavailableError):
        _screener(handler, watch, seen).screen(REQUEST)

    assert seen == ["failed"]


@pytest.mark.requirement("PAY-9.2")
def test_an_answer_that_drips_is_cut_off() -> None:
    """A provider that keeps sending single bytes does not keep us past the deadline."""
    watch, seen = Stopwatch(), list[str]()

    class Drip(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                watch.seconds += 1.0
                yield b" "

    with pytest.raises(FraudUnavailableError):
        _screener(lambda _request: httpx2.Response(200, stream=Drip()), watch, seen).screen(REQUEST)

    assert watch.seconds == 5.0


@pytest.mark.requirement("PAY-9.3")
@pytest.mark.parametrize(
    "response",
    [httpx2.Response(302), httpx2.Response(401), httpx2.Response(200, content=b" " * (MAX_ANSWER_BYTES + 1))],
    ids=["redirect", "refused", "too large"],
)
def test_an_unexpected_answer_is_not_asked_for_again(response: httpx2.Response) -> None:
    """A status other than 200, or a huge answer, is a failure of the provider, not of the network."""
    seen: list[str] = []

    with pytest.raises(FraudResponseInvalidError):
        _screener(lambda _request: response, Stopwatch(), seen).screen(REQUEST)

    assert seen == []


def test_closing_closes_the_connections() -> None:
    """A closed screener cannot be used by accident."""
    screener = _screener(lambda _request: _told("approve"), Stopwatch(), [])

    screener.close()

    with pytest.raises(RuntimeError, match="closed"):
        screener.screen(REQUEST)


def test_the_sandbox_declines_what_is_made_to_be_declined() -> None:
    """Without a provider, the token decides."""
    screener = SandboxScreener()

    assert screener.screen(REQUEST).approved
    declined = ScreeningRequest(PaymentId("pay_2"), MERCHANT, euros(1), "tok_decline000000")
    assert not screener.screen(declined).approved
    screener.close()
