"""A page for one visit, on this machine only: at a free port, under an address that nobody can guess, for a while.

The page is handed out once and takes one answer. A request that names another host or comes from a page of somebody
else is refused, so that no web site reaches it through the browser.
"""

import contextlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, TypeVar

from standfast.app.ceremony.page import Page
from standfast.ledger.notation import from_decimal
from standfast.ledger.signatures.offline import LOOPBACK
from standfast.model import StandfastError, UsageError

MAX_ANSWER_BYTES = 64 * 1024
LEAST_TOKEN = 32
_PATIENCE_S = 5.0
"""So long a connection may say nothing."""
_TRIES = 20

_T = TypeVar("_T")


class Visit(Generic[_T]):
    """One visit: *page* is handed out once at *token*, *take* makes of the answer what is waited for.

    What *take* refuses ends the visit; the page says why.
    """

    def __init__(self, page: Page, token: str, take: Callable[[bytes, str], _T]) -> None:
        if len(token) < LEAST_TOKEN:
            raise ValueError(f"a token of {len(token)} letters can be guessed")
        self._page, self._token, self._take = page, token, take
        self._lock, self.over = threading.Lock(), threading.Event()
        self._shown = self._answered = False
        self.found: list[_T | StandfastError] = []
        self.port = 0

    @property
    def origin(self) -> str:
        """The origin of the page."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"{self.origin}/{self._token}"

    def answered(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Return status, type and body of the answer to one request."""
        if headers.get("host") != f"{LOOPBACK}:{self.port}":
            return _said(421, "this page is for this machine only")
        if not hmac.compare_digest(path.encode(), f"/{self._token}".encode()):
            return _said(404, "there is no such page")
        if method == "GET":
            with self._lock:
                first, self._shown = not self._shown, True
            if not first:
                return _said(410, "this page was handed out before: run the command again")
            return 200, "text/html; charset=utf-8", self._page.html
        return self._answer(headers, body)

    def _answer(self, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        own = headers.get("origin") == self.origin and headers.get("sec-fetch-site", "same-origin") == "same-origin"
        if not own or headers.get("content-type") != "application/json":
            return _said(403, "this comes from another page")
        with self._lock:
            first, self._answered = self._shown and not self._answered, True
        if not first:
            return _said(410, "this page was answered before: run the command again")
        try:
            self.found.append(self._take(body, self.origin))
        except StandfastError as error:
            self.found.append(error)
            return _said(400, f"it does not count: {error.message}")
        return _said(200, "Done: you may close this page and go back to the terminal.")

    @property
    def policy(self) -> str:
        """What the page may do: run its own script and answer here."""
        return self._page.policy


def visited(visit: Visit[_T], told: Callable[[str], None], *, life_s: float) -> _T:
    """Return what was made of the answer that was given on the page; *told* hears the address of the page.

    Raises:
        UsageError: Nobody answered in time, or there is no port.
        StandfastError: The answer does not count.
    """
    with _serving(visit):
        told(visit.address)
        visit.over.wait(life_s)
    if not visit.found:
        raise UsageError(
            "signing-failed", f"nobody signed on the page within {life_s:.0f} seconds", hint="run the command again"
        )
    (found,) = visit.found
    if isinstance(found, StandfastError):
        raise found
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads, allow_reuse_address = True, False

    def __init__(self, family: socket.AddressFamily, place: tuple[str, int], visit: Visit[Any]) -> None:
        self.address_family, self.visit = family, visit
        super().__init__(place, _Handler)

    def handle_error(self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object) -> None:
        """Let go who went away in the middle: the page is still there for others."""


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "standfast", ""
    timeout = _PATIENCE_S
    server: _Server

    def do_GET(self) -> None:  # the name that http.server looks for
        """Hand out the page."""
        self._answer(b"")

    def do_POST(self) -> None:  # the name that http.server looks for
        """Take the answer."""
        length = from_decimal(self.headers.get("Content-Length", ""))
        if length is None or length > MAX_ANSWER_BYTES or "Transfer-Encoding" in self.headers:
            self._send(*_said(413, f"say the length of the answer, at most {MAX_ANSWER_BYTES} bytes"))
            return
        self._answer(self.rfile.read(length))

    def _answer(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if len(headers) != len(self.headers):
            self._send(*_said(400, "a header stands there twice"))
            return
        self._send(*self.server.visit.answered(self.command, self.path, headers, body))
        if self.server.visit.found:
            self.server.visit.over.set()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": self.server.visit.policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that http.server has
        """Say nothing: the terminal belongs to the command."""


@contextlib.contextmanager
def _serving(visit: Visit[Any]) -> Iterator[None]:
    servers = _servers(visit)
    threads = [threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True) for one in servers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for one in servers:
            one.shutdown()
            one.server_close()


def _servers(visit: Visit[Any]) -> list[_Server]:
    """Return a server for each address that the name of this machine may have, all at one free port.

    Were one of them free, another user of the machine could wait there for the browser.
    """
    for _ in range(_TRIES):
        first = _Server(socket.AF_INET, ("127.0.0.1", 0), visit)
        visit.port = first.server_address[1]
        try:
            return [first, _Server(socket.AF_INET6, ("::1", visit.port), visit)]
        except OSError:
            if not _has_six():
                return [first]
            first.server_close()
    raise UsageError("signing-failed", f"there is no free port on this machine after {_TRIES} attempts")


def _has_six() -> bool:
    """Return whether this machine has the loopback address ``::1``."""
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


def _said(status: int, text: str) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps({"said": text}).encode()
