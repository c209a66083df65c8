"""What the routes work with, held by the application they belong to."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from payments.access import TokenRegistry
from payments.observability.metrics import Metrics
from payments.ports import Store
from payments.service import PaymentService


@dataclass(frozen=True, slots=True)
class Services:
    """Everything one application is made of."""

    payments: PaymentService
    store: Store
    tokens: TokenRegistry
    metrics: Metrics


def services_of(request: Request) -> Services:
    """Return the services of the application that handles *request*."""
    services = request.app.state.services
    assert isinstance(services, Services)  # noqa: S101  # set by create_app
    return services


UsedServices = Annotated[Services, Depends(services_of)]
