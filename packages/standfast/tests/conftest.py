"""The unit, property and contract tests reach nothing but this machine's loopback."""

import sys

_LOOPBACK = ("127.", "::1", "localhost")


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
        raise PermissionError(f"a test tried to reach {address[0]}; the unit tests use no network")


sys.addaudithook(_refuse_the_network)
