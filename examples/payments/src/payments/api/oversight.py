"""Operations of auditors and operators: audit log, ledger, metrics, health, meaning of error codes."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from payments import errors
from payments.api import docs
from payments.api.oversight_schemas import (
    AuditEventBody,
    EntryBody,
    HealthBody,
    PostingBody,
    ProblemKindBody,
    TrialBalanceBody,
)
from payments.api.payments import PathId
from payments.api.security import Auditor, Operator
from payments.api.services import UsedServices
from payments.domain.ledger import balances
from payments.domain.payment import PaymentId
from payments.errors import RouteNotFoundError, registry

router = APIRouter()
_TEXT = {"description": "Prometheus text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}


@router.get(
    "/v1/audit-events",
    tags=["oversight"],
    summary="Read the audit log",
    responses=docs.problems(*docs.READS),
)
def audit_events(
    _caller: Auditor,
    services: UsedServices,
    payment_id: Annotated[
        str | None, Query(pattern=r"^pay_[0-9a-f]{32}$", description="Only events of this payment.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="How many events at most.")] = 100,
) -> list[AuditEventBody]:
    """Return who changed what, newest first, over all merchants."""
    wanted = PaymentId(payment_id) if payment_id is not None else None
    return [AuditEventBody.of(event) for event in services.payments.audit_events(wanted, limit)]


@router.get(
    "/v1/ledger/payments/{payment_id}",
    tags=["oversight"],
    summary="Read the ledger entries of a payment",
    responses=docs.problems(*docs.READS),
)
def ledger_entries(payment_id: PathId, _caller: Auditor, services: UsedServices) -> list[EntryBody]:
    """Return the double-entry bookings of one payment, oldest first; empty when there are none."""
    return [EntryBody.of(entry) for entry in services.payments.entries(PaymentId(payment_id))]


@router.get(
    "/v1/ledger/trial-balance",
    tags=["oversight"],
    summary="Read the trial balance",
    responses=docs.problems(*docs.GUARDED, *docs.STORED),
)
def trial_balance(_caller: Auditor, services: UsedServices) -> TrialBalanceBody:
    """Return the balance of every account; in a sound book they sum to zero per currency."""
    sums = services.payments.trial_balance()
    return TrialBalanceBody(
        balanced=not any(balances(sums).values()), balances=[PostingBody.of(posting) for posting in sums]
    )


@router.get(
    "/metrics",
    tags=["operations"],
    summary="Read metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus text format.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **docs.problems(*docs.GUARDED, *docs.STORED),
    },
)
def metrics(_caller: Operator, services: UsedServices) -> Response:
    """Return latency, traffic, errors, saturation and business counters for Prometheus."""
    return Response(services.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get(
    "/health/live",
    tags=["operations"],
    openapi_extra=docs.PUBLIC,
    summary="Is the process alive",
    responses=docs.problems(errors.InternalError),
)
def live() -> HealthBody:
    """Return `pass` while the process can answer at all; looks at nothing else."""
    return HealthBody(status="pass", checks={})


@router.get(
    "/health/ready",
    tags=["operations"],
    openapi_extra=docs.PUBLIC,
    summary="Can the service do its work",
    responses=docs.problems(*docs.STORED),
)
def ready(services: UsedServices) -> HealthBody:
    """Return `pass` when the store answers. The fraud provider is left out: its failure is not ours."""
    services.store.ping()
    return HealthBody(status="pass", checks={"storage": "pass"})


@router.get(
    "/problems/{code}",
    tags=["operations"],
    openapi_extra=docs.PUBLIC,
    summary="Explain an error code",
    responses=docs.problems(RouteNotFoundError, errors.RequestInvalidError, errors.InternalError),
)
def problem(
    code: Annotated[
        str,
        Path(pattern=r"^[a-z_]{3,40}$", description="The code of a problem.", examples=["payment_declined"]),
    ],
) -> ProblemKindBody:
    """Return what a code means and what to do about it. This is where `help` links lead."""
    kind = registry().get(code)
    if kind is None:
        raise RouteNotFoundError("there is no such error code")
    return ProblemKindBody(
        code=kind.code,
        family=kind.family.value,
        status=int(kind.status),
        title=kind.title,
        advice=kind.advice,
    )
