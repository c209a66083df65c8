"""A forge on the loopback interface: state, tags, pages, limits and failures; what is wrong about a request is kept."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

Json = Any
"""A value of JSON."""
TOKEN = "token-of-the-tests"


class Asked(msgspec.Struct, frozen=True):
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json


class Given(msgspec.Struct, frozen=True):
    """One answer, before tags and pages."""

    status: int
    body: Json = None
    headers: dict[str, str] = {}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What goes wrong once with the next request that ``where`` is in (``POST /x/y``).

    ``cut`` closes the connection without an answer, after the deed where ``done``; otherwise ``given`` is answered.
    """

    where: str
    given: Given | None = None
    cut: bool = False
    done: bool = False


class FakeForge:
    """What both fakes share. ``problems`` are the ways in which a request, or an answer of its own, was not right."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.problems: list[str] = []
        self.faults: list[Fault] = []
        self.page_size = 100
        self.unchanged = 0
        self.drops_labels = False
        self.down = False
        self.address = ""
        self._lock = threading.RLock()

    def answer(self, asked: Asked) -> Given:
        """Return what the forge answers."""
        raise NotImplementedError

    def authorised(self, asked: Asked) -> bool:
        """Return whether the request bears the token."""
        raise NotImplementedError

    def count(self, method: str, part: str) -> int:
        """Return how many requests there were with that method and part of a path."""
        return sum(1 for one in self.asked if one.method == method and part in one.path)

    def receive(self, asked: Asked) -> Given | None:
        """Return the answer to one request; None where the connection is cut."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault(asked)
            if self.down:
                return None
            if not self.authorised(asked):
                return Given(401, {"message": "Bad credentials"})
            if fault is not None and not fault.done:
                return fault.given
            given = self.answer(asked)
            if fault is not None:
                return fault.given
            return self._tagged(asked, self._paged(asked, given))

    def _fault(self, asked: Asked) -> Fault | None:
        line = f"{asked.method} {asked.path}"
        for place, fault in enumerate(self.faults):
            if fault.where in line:
                return self.faults.pop(place)
        return None

    def _paged(self, asked: Asked, given: Given) -> Given:
        name = next(
            (key for key in ("check_runs", "environments") if isinstance(given.body, dict) and key in given.body), ""
        )
        items = given.body[name] if name else given.body
        if asked.method != "GET" or not isinstance(items, list):
            return given
        size = min(self.page_size, int(asked.query.get("per_page", "30")))
        page = int(asked.query.get("page", "1"))
        part = items[(page - 1) * size : page * size]
        headers = dict(given.headers)
        if page * size < len(items):
            query = "&".join(f"{key}={value}" for key, value in {**asked.query, "page": str(page + 1)}.items())
            headers["Link"] = f'<{self.address}{asked.path}?{query}>; rel="next", <{self.address}/x>; rel="last"'
        return Given(given.status, {**given.body, name: part} if name else part, headers)

    def _tagged(self, asked: Asked, given: Given) -> Given:
        if asked.method != "GET" or given.status != 200:
            return given
        tag = f'"{hashlib.sha256(json.dumps(given.body, sort_keys=True).encode()).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == tag:
            self.unchanged += 1
            return Given(304, None, {"ETag": tag})
        return Given(200, given.body, {**given.headers, "ETag": tag})


def _handler(forge: FakeForge, prefix: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            data = self.rfile.read(length)
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path.removeprefix(prefix),
                {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(data) if data else None,
            )
            given = forge.receive(asked)
            if given is None:
                self.close_connection = True
                return
            body = b"" if given.body is None else json.dumps(given.body).encode()
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # the names that http.server calls

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(forge: FakeForge, prefix: str = "") -> Iterator[None]:
    """Let *forge* answer on a port of its own for a while."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(forge, prefix))
    forge.address = f"http://127.0.0.1:{server.server_port}{prefix}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
