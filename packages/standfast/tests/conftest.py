"""The unit, property and contract tests reach nothing but this machine's loopback, and wait however long it takes."""

import sys

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
