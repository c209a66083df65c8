"""The witness on the network: one address, small bounded requests, a bounded number of them at once."""

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standfast.app.witnessing.memory import WitnessMemory
from standfast.ledger.notation import from_decimal
from standfast.ledger.note import MAX_NOTE_BYTES
from standfast.ledger.witness import PLAIN, Answer
from standfast.model import LedgerError

PATH = "/add-checkpoint"
MAX_BODY_BYTES = MAX_NOTE_BYTES + 10_000
MOST_AT_ONCE = 32
PATIENCE_S = 10.0
"""So long a connection may say nothing."""


class WitnessServer(ThreadingHTTPServer):
    """Answers `POST /add-checkpoint` for one witness; *told* hears one line for each answer."""

    daemon_threads = True

    def __init__(
        self,
        place: tuple[str, int],
        memory: WitnessMemory,
        now_s: Callable[[], int],
        told: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.memory, self.now_s, self.told = memory, now_s, told
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(place, _Handler)

    def process_request(self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object) -> None:
        """Wait for a free place, then answer in a thread; who waits longer is not heard yet."""
        self._places.acquire()
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(
        self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object
    ) -> None:
        """Answer, and give the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object) -> None:
        """Say that somebody went away in the middle; the others are not disturbed."""
        self.told("a connection ended before its answer")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "standfast-witness", ""
    timeout = PATIENCE_S
    server: WitnessServer

    def do_POST(self) -> None:  # the name that http.server looks for
        """Answer one request."""
        if self.path != PATH:
            self._send(Answer(404, "a witness answers POST /add-checkpoint only\n"))
            return
        length = from_decimal(self.headers.get("Content-Length", ""))
        if length is None or length > MAX_BODY_BYTES or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._send(Answer(413, f"say the length of the body, at most {MAX_BODY_BYTES} bytes\n"))
            return
        self._send(self._decided(self.rfile.read(length)))

    def _decided(self, body: bytes) -> Answer:
        try:
            return self.server.memory.answer(body, self.server.now_s())
        except LedgerError as error:
            self.server.told(f"nothing was cosigned: {error.message}")
            return Answer(500, "this witness cannot use what it keeps; nothing was cosigned\n")

    def _send(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.server.told(f"{answer.status} to {self.client_address[0]}: {answer.body.strip()[:200]}")
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type or PLAIN)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that http.server has
        """Say nothing of our own accord; `told` hears what is to be said."""
