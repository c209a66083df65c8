"""Idempotency keys: the first request claims its key, a repeated one gets the recorded answer."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from payments.access import Principal
from payments.domain.idempotency import KeyRecord, Receipt
from payments.errors import (
    ConcurrentUpdateError,
    IdempotencyKeyReusedError,
    RequestInProgressError,
    StorageUnavailableError,
)
from payments.ports import Clock, MakeId, Store, Unit

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks, in which request, under which idempotency key."""

    caller: Principal
    request_id: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to perform one request; with a receipt, it was performed before."""

    record: KeyRecord

    @property
    def receipt(self) -> Receipt | None:
        """The recorded result, or None when the work is still to be done."""
        return self.record.receipt

    def settle(self, unit: Unit, receipt: Receipt) -> None:
        """Record the result in the transaction of the work itself.

        Raises:
            ConcurrentUpdateError: When the claim went stale and another request took it over.
        """
        stored = unit.key(self.record.merchant_id, self.record.key)
        if stored is None or stored.claim_id != self.record.claim_id:
            raise ConcurrentUpdateError("the request took so long that a repetition overtook it")
        unit.put_key(replace(self.record, receipt=receipt))


class Claims:
    """Opens claims and lets go of them when the work fails."""

    def __init__(self, store: Store, clock: Clock, make_id: MakeId) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id

    @contextmanager
    def open(self, call: Call, content: str) -> Iterator[Claim]:
        """Claim the key of *call* for the duration of the block.

        A failed block forgets the key, so the caller may repeat the request.

        Args:
            call: The request.
            content: Everything that distinguishes this request from another one; only a digest is kept.

        Raises:
            IdempotencyKeyReusedError: When the key was used for other content.
            RequestInProgressError: When an earlier request with the key has not finished.
        """
        claim = self._claim(call, hashlib.sha256(content.encode()).hexdigest())
        try:
            yield claim
        except BaseException:
            self._forget(claim)
            raise

    def _claim(self, call: Call, fingerprint: str) -> Claim:
        now = self._clock()
        fresh = KeyRecord(
            merchant_id=call.caller.merchant_id,
            key=call.idempotency_key,
            fingerprint=fingerprint,
            claim_id=self._make_id("clm"),
            claimed_at=now,
        )
        with self._store.transaction() as unit:
            known = unit.key(fresh.merchant_id, fresh.key)
            if known is not None and known.fingerprint != fingerprint:
                raise IdempotencyKeyReusedError("this idempotency key was used for a different request")
            if known is not None and known.receipt is not None:
                return Claim(known)
            if known is not None and not known.is_stale(now):
                raise RequestInProgressError("a request with this idempotency key is still running")
            unit.put_key(fresh)
        return Claim(fresh)

    def _forget(self, claim: Claim) -> None:
        record = claim.record
        try:
            with self._store.transaction() as unit:
                stored = unit.key(record.merchant_id, record.key)
                if stored is not None and stored.claim_id == record.claim_id and stored.receipt is None:
                    unit.drop_key(record.merchant_id, record.key)
        except StorageUnavailableError:
            # The claim goes stale by itself; the original error matters more to the caller.
            _log.warning("idempotency claim left to expire", extra={"claim_id": record.claim_id})
