"""Who may do what: roles hold permissions, and an operation asks for exactly one permission."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from payments.domain.payment import MerchantId


class Permission(StrEnum):
    """What an operation can require."""

    PAYMENTS_READ = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    REFUNDS_WRITE = "refunds:write"
    AUDIT_READ = "audit:read"
    METRICS_READ = "metrics:read"


class Role(StrEnum):
    """What a token is for."""

    MERCHANT = "merchant"
    MERCHANT_READONLY = "merchant_readonly"
    AUDITOR = "auditor"
    OPERATIONS = "operations"


GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.MERCHANT: frozenset(
        {Permission.PAYMENTS_READ, Permission.PAYMENTS_WRITE, Permission.REFUNDS_WRITE},
    ),
    Role.MERCHANT_READONLY: frozenset({Permission.PAYMENTS_READ}),
    Role.AUDITOR: frozenset({Permission.AUDIT_READ}),
    Role.OPERATIONS: frozenset({Permission.METRICS_READ}),
}
"""Deny by default: what is not listed here is refused."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller. Every read and write of payments is limited to its merchant."""

    subject: str
    role: Role
    merchant_id: MerchantId

    def may(self, permission: Permission) -> bool:
        """Tell whether the role includes *permission*."""
        return permission in GRANTS[self.role]


def digest(token: str) -> str:
    """Return the only form in which a token is kept. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class TokenRegistry:
    """The accepted API tokens, known by digest only."""

    def __init__(self, principals: Iterable[tuple[str, Principal]]) -> None:
        self._principals = tuple(principals)

    def authenticate(self, token: str) -> Principal | None:
        """Return whose token this is, or None. Compares in constant time and looks at every entry."""
        wanted = digest(token)
        found: Principal | None = None
        for known, principal in self._principals:
            if hmac.compare_digest(known, wanted):
                found = principal
        return found
