"""Whoever vouches for a ledger is asked for so long, and in bounds: a witness as well as a time stamping authority."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator

import pytest

from standfast.app.ledger import stamping
from standfast.app.witnessing import asking
from standfast.model import UndecidableError, UsageError

ASKED: dict[str, Callable[..., object]] = {"authority": stamping.ask, "witness": asking.post_to}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: "


def _read(connection: socket.socket) -> None:
    """Read the whole question: a server that leaves some of it resets the connection, and loses its answer."""
    while (piece := connection.recv(65_536)) and not piece.endswith(b"?"):
        pass


class _Dripping(socketserver.BaseRequestHandler):
    """Answers one byte at a time, and never to the end."""

    def handle(self) -> None:
        """Send slowly; whoever asked hangs up."""
        _read(self.request)
        with contextlib.suppress(OSError):
            self.request.sendall(HEAD + b"1000\r\n\r\n")
            for _ in range(500):
                self.request.sendall(b"0")
                threading.Event().wait(0.01)


class _Flooding(socketserver.BaseRequestHandler):
    """Answers more than anybody takes."""

    def handle(self) -> None:
        """Send it all; whoever asked hangs up."""
        _read(self.request)
        with contextlib.suppress(OSError):
            self.request.sendall(HEAD + b"1000000\r\n\r\n" + b"0" * 1_000_000)


@contextlib.contextmanager
def serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    """Give the address of a server on this machine; afterwards it is stopped."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_who_drips_holds_nobody_up(ask: Callable[..., object]) -> None:
    """Whoever sends a byte now and then is not waited for longer than one who sends none."""
    with serving(_Dripping) as address, pytest.raises(UndecidableError, match=r"no whole answer after 0\.3 s"):
        ask(address, b"?", patience_s=0.3)


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_who_floods_is_cut_off(ask: Callable[..., object]) -> None:
    """An answer beyond the bound is none; it is not cut to size and taken."""
    with serving(_Flooding) as address, pytest.raises(UndecidableError, match="found more than"):
        ask(address, b"?")


@pytest.mark.parametrize(
    "address", ["", "x", "ftp://x", "http://", "http://x:y", "http://u@x", "http://x#y", "http://[x"]
)
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_what_is_no_address_is_refused(ask: Callable[..., object], address: str) -> None:
    """What is no http or https address with a host is a usage error."""
    with pytest.raises(UsageError, match="expected an address"):
        ask(address, b"?")


@pytest.mark.parametrize("path", ["/é", "/a b", "/a\x7f", "/" + "a" * 70_000])
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_path_that_cannot_be_asked_for_is_named(ask: Callable[..., object], path: str) -> None:
    """An address that no request can be made of is an error of ours, and no traceback."""
    with pytest.raises((UsageError, UndecidableError)):
        ask("http://127.0.0.1:9" + path, b"?")


@pytest.mark.parametrize("host", ["é" * 70 + ".example", "a..b", "x" * 300])
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_host_that_is_no_name_is_named(ask: Callable[..., object], host: str) -> None:
    """A host that cannot be looked up is an error of ours, and no traceback."""
    with pytest.raises((UsageError, UndecidableError)):
        ask(f"http://{host}/", b"?")
