"""Roles and tokens."""

import pytest

from payments.access import GRANTS, Permission, Principal, Role, TokenRegistry, digest
from support.values import MERCHANT

SHOP = Principal("shop", Role.MERCHANT, MERCHANT)


def test_a_known_token_names_its_holder() -> None:
    """Tokens are found by digest; the text itself is not kept."""
    registry = TokenRegistry(
        [(digest("other"), Principal("o", Role.AUDITOR, MERCHANT)), (digest("t1"), SHOP)]
    )

    assert registry.authenticate("t1") is SHOP
    assert "t1" not in repr(vars(registry))


@pytest.mark.requirement("PAY-6.1")
@pytest.mark.parametrize("token", ["", "T1", "t1 ", digest("t1")])
def test_an_unknown_token_names_nobody(token: str) -> None:
    """Almost right is wrong, and a stolen digest is not a token."""
    assert TokenRegistry([(digest("t1"), SHOP)]).authenticate(token) is None


@pytest.mark.requirement("PAY-6.2")
def test_every_role_is_listed_and_no_role_holds_everything() -> None:
    """Duties are separated: who moves money reads neither audit log nor metrics."""
    assert set(GRANTS) == set(Role)
    assert all(granted < set(Permission) for granted in GRANTS.values())
    assert not SHOP.may(Permission.AUDIT_READ)
    assert SHOP.may(Permission.REFUNDS_WRITE)
    assert not Principal("v", Role.MERCHANT_READONLY, MERCHANT).may(Permission.PAYMENTS_WRITE)
