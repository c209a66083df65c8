"""The catalogue of errors is complete and consistent."""

import pytest

from payments.errors import Family, PaymentsError, registry

FAMILY_OF_STATUS = {
    Family.BUSINESS: {402, 404, 409, 422},
    Family.VALIDATION: {400, 404, 405, 413, 422},
    Family.SYSTEM: {500, 502, 503},
    Family.SECURITY: {401, 403},
}


@pytest.mark.requirement("PAY-8.1")
@pytest.mark.parametrize("kind", registry().values(), ids=registry().keys())
def test_every_error_says_what_and_what_to_do(kind: type[PaymentsError]) -> None:
    """Code, family, status, title and advice are all there and fit together."""
    assert kind.code.replace("_", "").isalpha()
    assert kind.status in FAMILY_OF_STATUS[kind.family]
    assert len(kind.title) > 10
    assert kind.advice.endswith(".")


def test_codes_are_unique() -> None:
    """No two errors share a code."""
    kinds = [kind for family in PaymentsError.__subclasses__() for kind in family.__subclasses__()]

    assert len(kinds) == len(registry()) > 15
