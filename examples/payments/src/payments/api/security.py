"""API tokens: who is calling, and is the role enough. Refusals are audited."""

import logging
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from payments.access import Permission, Principal
from payments.api.services import UsedServices
from payments.errors import NotAuthenticatedError, PermissionDeniedError
from payments.observability.context import name_actor, request_id

_audit = logging.getLogger("payments.audit")
_bearer = HTTPBearer(
    scheme_name="apiToken",
    description="A token issued by the operator. Its role decides which operations it may call.",
    auto_error=False,
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


def authenticated(services: UsedServices, credentials: Credentials) -> Principal:
    """Return the caller.

    Raises:
        NotAuthenticatedError: When the token is missing or unknown. Written to the audit stream of the
            log and not to the store, which an anonymous caller must not be able to fill.
    """
    caller = services.tokens.authenticate(credentials.credentials) if credentials is not None else None
    if caller is None:
        _audit.warning("authentication failed", extra={"action": "access.unauthenticated"})
        raise NotAuthenticatedError("the API token is missing or unknown")
    name_actor(caller.subject)
    return caller


def require(permission: Permission) -> Callable[[UsedServices, Principal], Principal]:
    """Return a dependency that lets only callers with *permission* pass."""

    def allowed(services: UsedServices, caller: Annotated[Principal, Depends(authenticated)]) -> Principal:
        if caller.may(permission):
            return caller
        services.payments.record_refusal(caller, request_id(), permission.value)
        _audit.warning("permission denied", extra={"action": "access.denied", "permission": permission.value})
        raise PermissionDeniedError(f"role {caller.role} lacks {permission}", permission=permission.value)

    return allowed


Reader = Annotated[Principal, Depends(require(Permission.PAYMENTS_READ))]
Writer = Annotated[Principal, Depends(require(Permission.PAYMENTS_WRITE))]
Refunder = Annotated[Principal, Depends(require(Permission.REFUNDS_WRITE))]
Auditor = Annotated[Principal, Depends(require(Permission.AUDIT_READ))]
Operator = Annotated[Principal, Depends(require(Permission.METRICS_READ))]
