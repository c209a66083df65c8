"""Post to somebody elsewhere who vouches for a ledger: a witness, a time stamping authority."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import msgspec

from standfast.model import UndecidableError, UsageError


class BadAddressError(UsageError):
    """It is no address of http or https."""

    def __init__(self, address: str) -> None:
        super().__init__("address-unusable", f"found {address!r}, expected an address of http or https")


class SilentError(UndecidableError):
    """Nobody is reached at the address, or no whole answer came in time and in bounds."""

    def __init__(self, why: str) -> None:
        super().__init__("address-silent", why)


class Reply(msgspec.Struct, frozen=True):
    """What was answered."""

    status: int
    content_type: str
    body: bytes


def posted(address: SplitResult, body: bytes, content_type: str, *, patience_s: float, most_bytes: int) -> Reply:
    """Return what *address* answers to *body* within *patience_s*, also where it sends byte after byte.

    Raises:
        SilentError: It does not, or answers more than *most_bytes*.
    """
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    late = threading.Event()
    try:
        connection = kind(address.hostname or "", address.port, timeout=patience_s)
        with _limited(connection, patience_s, late):
            connection.request("POST", path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            data = response.read(most_bytes + 1)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        if not late.is_set():
            raise SilentError(str(error) or type(error).__name__) from error
    if late.is_set():
        raise SilentError(f"found no whole answer after {patience_s:g} s")
    if len(data) > most_bytes:
        raise SilentError(f"found more than {most_bytes:,} bytes")
    return Reply(response.status, response.headers.get("Content-Type", ""), data)


def parsed(address: str) -> SplitResult:
    """Return the parts of *address*.

    Raises:
        BadAddressError: It is none of http or https, or has a user or a fragment.
    """
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise BadAddressError(address) from error
    if not usable or parts.scheme not in ("http", "https") or parts.fragment or parts.username is not None:
        raise BadAddressError(address)
    return parts


@contextlib.contextmanager
def _limited(connection: http.client.HTTPConnection, patience_s: float, late: threading.Event) -> Iterator[None]:
    """Use *connection* for so long; then whatever it waits for ends, and *late* says so."""
    limit = threading.Timer(patience_s, _cut, (connection, late))
    limit.daemon = True
    limit.start()
    try:
        yield
    finally:
        limit.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
