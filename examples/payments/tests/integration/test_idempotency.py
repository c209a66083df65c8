"""Repeating a request repeats the answer, not the effect."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from payments.access import Principal, Role
from payments.claims import Call, Claims
from payments.domain.idempotency import Receipt
from payments.errors import ConcurrentUpdateError, RequestInProgressError, StorageUnavailableError
from payments.ports import Unit
from payments.storage.memory import MemoryStore
from payments.storage.sqlite import SqliteStore
from support.fakes import CountingIds, FakeClock
from support.values import MERCHANT, payment
from support.world import World, make_world

CALL = Call(Principal("shop", Role.MERCHANT, MERCHANT), "request-1", "key-00001")


@pytest.mark.requirement("PAY-4.1")
def test_the_same_request_again_gives_the_same_answer(world: World) -> None:
    """One payment exists, one audit event, one question to the fraud provider."""
    first, second = world.authorise(), world.authorise()

    assert second.status_code == 201
    assert second.json() == first.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(world.audit()) == len(world.screener.asked) == 1


@pytest.mark.requirement("PAY-4.1")
def test_a_repeated_capture_and_refund_do_not_move_money_twice(world: World) -> None:
    """The recorded answers come back, also after the payment has changed further."""
    path = world.captured(1000)
    first = world.refund(path, 400, key="refund-01")
    world.refund(path, 600, key="refund-02")

    assert world.refund(path, 400, key="refund-01").json() == first.json()
    assert world.post(f"{path}/capture", key="capture-1").json()["state"] == "captured"
    assert world.get(path).json()["refunded"]["minor"] == 1000


@pytest.mark.requirement("PAY-4.2")
def test_the_same_key_for_something_else_is_refused(world: World) -> None:
    """A key that comes back with other content is a mistake of the caller."""
    world.authorise(1999)

    response = world.authorise(2000)

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.requirement("PAY-4.3")
def test_an_unfinished_request_blocks_its_key() -> None:
    """While the first attempt runs, a second one is told to wait."""
    claims = Claims(MemoryStore(), FakeClock(), CountingIds())

    with claims.open(CALL, "content"), pytest.raises(RequestInProgressError) as refusal:
        claims.open(CALL, "content").__enter__()

    assert refusal.value.retry_after_s == 1


@pytest.mark.requirement("PAY-4.3")
@pytest.mark.parametrize(("age_s", "blocked"), [(59, True), (60, False)])
def test_a_claim_of_a_dead_request_goes_stale(age_s: int, *, blocked: bool) -> None:
    """After 60 seconds a repeated request takes over; the late first one cannot finish any more."""
    store, clock = MemoryStore(), FakeClock()
    claims = Claims(store, clock, CountingIds())
    late = claims.open(CALL, "content")
    claim = late.__enter__()
    clock.forward(seconds=age_s)

    if blocked:
        with pytest.raises(RequestInProgressError):
            claims.open(CALL, "content").__enter__()
        return
    with claims.open(CALL, "content") as second, store.transaction() as unit:
        second.settle(unit, Receipt(payment()))
    with store.transaction() as unit, pytest.raises(ConcurrentUpdateError):
        claim.settle(unit, Receipt(payment()))


@pytest.mark.requirement("PAY-4.4")
def test_a_failed_request_does_not_take_away_the_key_of_its_successor() -> None:
    """The late failure of an overtaken request leaves the newer claim alone."""
    store, clock = MemoryStore(), FakeClock()
    claims = Claims(store, clock, CountingIds())
    late = claims.open(CALL, "content")
    late.__enter__()
    clock.forward(seconds=60)

    with claims.open(CALL, "content"):
        assert not late.__exit__(LookupError, LookupError("late"), None)
        with pytest.raises(RequestInProgressError):
            claims.open(CALL, "content").__enter__()


class _FailingStore(MemoryStore):
    """A store whose transactions fail from the given one on."""

    def __init__(self, fails_from: int) -> None:
        super().__init__()
        self._left = fails_from

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """Open a transaction or refuse."""
        self._left -= 1
        if self._left <= 0:
            raise StorageUnavailableError("the database did not answer")
        with super().transaction() as unit:
            yield unit


@pytest.mark.requirement("PAY-4.4")
def test_when_the_store_fails_too_the_first_error_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    """The claim is left to go stale, and that is logged."""
    claims = Claims(_FailingStore(2), FakeClock(), CountingIds())

    with pytest.raises(LookupError), claims.open(CALL, "content"):
        raise LookupError("the real reason")

    assert "idempotency claim left to expire" in caplog.text


def _at_once(count: int, action: Callable[[], int]) -> list[int]:
    results: list[int] = []
    barrier = threading.Barrier(count)

    def run() -> None:
        barrier.wait()
        results.append(action())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.requirement("PAY-4.5")
def test_simultaneous_repetitions_create_one_payment(tmp_path: Path) -> None:
    """Eight requests with one key at the same moment: one payment, the others wait or get its answer."""
    store = SqliteStore(tmp_path / "payments.db")
    world = make_world(store)

    statuses = _at_once(8, lambda: world.authorise().status_code)

    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert [event["action"] for event in world.audit()] == ["payment.authorised"]
    store.close()


@pytest.mark.requirement("PAY-4.5")
def test_simultaneous_captures_under_different_keys_take_the_money_once(tmp_path: Path) -> None:
    """Keys do not help against the state machine: one capture wins, the others are refused."""
    store = SqliteStore(tmp_path / "payments.db")
    world = make_world(store)
    path = f"/v1/payments/{world.authorise().json()['payment_id']}"
    keys = iter([f"capture-{number}" for number in range(6)])

    statuses = _at_once(6, lambda: world.post(f"{path}/capture", key=next(keys)).status_code)

    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
    store.close()
