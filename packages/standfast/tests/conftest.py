"""The unit, property and contract tests reach nothing but this machine's loopback, and wait however long it takes."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

_LOOPBACK = ("127.", "::1", "localhost")


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
        raise PermissionError(f"a test tried to reach {address[0]}; the unit tests use no network")


# A busy machine makes examples slow, which says nothing about the code; what must be fast is measured by `make bench`.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
sys.addaudithook(_refuse_the_network)


@pytest.fixture(scope="session", autouse=True)
def _keys_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ledgers that tests begin leave their keys with the tests, not with the person who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data-home")))
        yield
