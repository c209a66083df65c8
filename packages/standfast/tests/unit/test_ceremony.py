"""The page on which an authenticator is asked: who reaches it, how often, and for how long."""

import http.client
import json
import socket
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from authenticators import PRESENT, Authenticator

from standfast.app.ceremony import loopback
from standfast.app.ceremony.loopback import MAX_ANSWER_BYTES, Visit, visited
from standfast.app.ceremony.page import Asked, Page, page_of
from standfast.app.sessions.by_authenticator import ByAuthenticator, enrolled
from standfast.ledger.signatures.kinds import enrolled_key, proved
from standfast.ledger.signatures.offline import ALGORITHMS
from standfast.model import StandfastError, UsageError

TOKEN = "t" * 43
SPACE = "approval@standfast"
MESSAGE = b'{"about":{"commit":"1111"},"role":"security","text":"<script>alert(1)</script>","version":1}'
NUMBERS = {name: number for number, name in ALGORITHMS.items()}


class Caller:
    """Somebody who calls a page, by default as the browser of whoever sits at this machine does."""

    def __init__(self, address: str) -> None:
        self.host, self.path = address.removeprefix("http://").split("/")
        self.origin = f"http://{self.host}"

    def ask(self, method: str, body: bytes = b"", path: str | None = None, **headers: str) -> tuple[int, bytes]:
        """Return status and body of the answer; *headers* take the place of good ones, empty ones are left out."""
        port = int(self.host.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        good = {"Host": self.host, "Origin": self.origin, "Content-Type": "application/json"}
        put = good | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, f"/{self.path}" if path is None else path, skip_host=True)
        for name, value in ({"Content-Length": str(len(body))} | put).items():
            if value:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        self.headers = dict(answer.getheaders())
        found = answer.status, answer.read()
        connection.close()
        return found


def served(use: Callable[[Caller], None], life_s: float = 5.0, take: Callable[[bytes, str], str] | None = None) -> str:
    """Return what one visit came to, in which *use* calls the page."""
    visit = Visit(Page(b"<p>page</p>", "default-src 'none'"), TOKEN, take or (lambda body, _origin: body.decode()))
    found: str = visited(visit, lambda address: use(Caller(address)), life_s=life_s)
    return found


def test_page_is_handed_out_once_and_takes_one_answer() -> None:
    """The first request gets the page, the first answer is taken; after that there is nothing to be had."""
    seen: list[Any] = []

    def use(caller: Caller) -> None:
        seen.append(caller.ask("GET"))
        seen.append(caller.headers)
        seen.append(caller.ask("GET")[0])
        seen.append(caller.ask("POST", b"yes")[0])
        seen.append(caller.ask("POST", b"no")[0])

    assert served(use) == "yes"
    assert seen[0] == (200, b"<p>page</p>")
    assert (seen[1]["Content-Security-Policy"], seen[1]["Cache-Control"]) == ("default-src 'none'", "no-store")
    assert seen[2:] == [410, 200, 410]


HOSTILE: dict[str, tuple[int, Callable[[Caller], tuple[int, bytes]]]] = {
    "another name for this machine": (421, lambda one: one.ask("GET", Host="attacker.example:80")),
    "its number": (421, lambda one: one.ask("GET", Host=one.host.replace("localhost", "127.0.0.1"))),
    "another port": (421, lambda one: one.ask("GET", Host="localhost:1")),
    "no host": (421, lambda one: one.ask("GET", Host="")),
    "another address": (404, lambda one: one.ask("GET", path="/")),
    "half of the address": (404, lambda one: one.ask("GET", path=f"/{TOKEN[:-1]}")),
    "an address with more": (404, lambda one: one.ask("GET", path=f"/{TOKEN}?x")),
    "an answer from another page": (403, lambda one: one.ask("POST", b"{}", Origin="https://attacker.example")),
    "an answer from nowhere": (403, lambda one: one.ask("POST", b"{}", Origin="")),
    "an answer from no page": (403, lambda one: one.ask("POST", b"{}", Origin="null")),
    "an answer by a form": (403, lambda one: one.ask("POST", b"{}", Content_Type="text/plain")),
    "an answer from a subdomain": (403, lambda one: one.ask("POST", b"{}", Sec_Fetch_Site="same-site")),
    "an answer of no length": (413, lambda one: one.ask("POST", Content_Length="-1")),
    "too long an answer": (413, lambda one: one.ask("POST", Content_Length=str(MAX_ANSWER_BYTES + 1))),
    "an answer in pieces": (413, lambda one: one.ask("POST", Transfer_Encoding="chunked")),
    "an answer before the page": (410, lambda one: one.ask("POST", b"{}")),
    "another method": (501, lambda one: one.ask("PUT", b"{}")),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_request_of_somebody_else_is_refused(name: str) -> None:
    """A request that is not by the page itself, at its own address, changes nothing."""
    status, ask = HOSTILE[name]
    seen: list[int] = []

    with pytest.raises(UsageError, match="nobody signed"):
        served(lambda caller: seen.append(ask(caller)[0]), life_s=0.2)

    assert seen == [status]


def test_request_with_a_header_twice_is_refused() -> None:
    """A request that names two hosts is for neither of them."""
    seen: list[bytes] = []

    def use(caller: Caller) -> None:
        with socket.create_connection(("127.0.0.1", int(caller.host.rpartition(":")[2])), timeout=5) as one:
            lines = (f"GET /{TOKEN} HTTP/1.1", f"Host: {caller.host}", "Host: attacker.example", "", "")
            one.sendall("\r\n".join(lines).encode())
            seen.append(one.recv(1000))

    with pytest.raises(UsageError, match="nobody signed"):
        served(use, life_s=0.2)

    assert seen[0].startswith(b"HTTP/1.0 400")


def test_page_is_gone_after_its_time() -> None:
    """Nobody answers in time: the command says so, and nothing listens any more."""
    ports: list[int] = []

    with pytest.raises(UsageError, match="within 0 seconds"):
        served(lambda caller: ports.append(int(caller.host.rpartition(":")[2])), life_s=0.1)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]), timeout=5)


def test_silent_connections_do_not_keep_the_page_from_its_person() -> None:
    """Connections that say nothing, as browsers open them ahead, hold up nobody."""

    def use(caller: Caller) -> None:
        port = int(caller.host.rpartition(":")[2])
        silent = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(8)]
        caller.ask("GET")
        caller.ask("POST", b"yes")
        for one in silent:
            one.close()

    assert served(use) == "yes"


def test_answer_that_does_not_count_ends_the_visit() -> None:
    """Why an answer does not count is said on the page and by the command."""
    seen: list[tuple[int, bytes]] = []

    def take(_body: bytes, _origin: str) -> str:
        raise UsageError("signing-failed", "this is none")

    def use(caller: Caller) -> None:
        caller.ask("GET")
        seen.append(caller.ask("POST", b"{}"))

    with pytest.raises(UsageError, match="this is none"):
        served(use, take=take)
    assert seen == [(400, b'{"said": "it does not count: this is none"}')]


def test_only_this_machine_is_listened_to() -> None:
    """Every socket of the page is bound to an address of this machine alone."""
    visit = Visit(Page(b"", ""), TOKEN, lambda body, _origin: body)
    servers = loopback._servers(visit)

    places = {one.server_address[:2] for one in servers}
    for one in servers:
        one.server_close()

    assert places <= {("127.0.0.1", visit.port), ("::1", visit.port)}


def test_token_that_can_be_guessed_is_refused() -> None:
    """A page has an address that nobody guesses, or there is no page."""
    with pytest.raises(ValueError, match="guessed"):
        Visit(Page(b"", ""), "short", lambda body, _origin: body)


def test_page_shows_what_is_signed_as_text() -> None:
    """What is signed stands on the page as text, and is no markup of it."""
    asked = Asked(rp="localhost", challenge='"><script>', identities=(), timeout_ms=1)

    html = page_of("Sign", "Why", {"<b>": "<script>alert(1)</script>"}, asked).html

    assert html.count(b"<script>") == 1
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in html


def answer(one: Authenticator, parts: tuple[bytes, bytes, bytes]) -> dict[str, bytes]:
    """Return *parts* of a signature as the page sends them."""
    data, told, signature = parts
    return {"identity": b"credential", "authenticator": data, "client": told, "signature": signature}


class Desk:
    """A browser without a screen: it answers a page by an authenticator in software."""

    def __init__(self, one: Authenticator) -> None:
        self.one, self.page, self.said = one, b"", b""

    def __call__(self, address: str) -> None:
        """Open the page at *address*, and answer it."""
        caller = Caller(address)
        self.one.origin = caller.origin
        _status, self.page = caller.ask("GET")
        raw = self.page.decode().split('data-asked="')[1].split('"')[0].replace("&quot;", '"')
        _status, self.said = caller.ask("POST", msgspec.json.encode(self.answer(json.loads(raw))))

    def answer(self, asked: dict[str, Any]) -> Any:
        """Return what the page sends back."""
        made = answer(self.one, self.one.parts(MESSAGE, SPACE, challenge=asked["challenge"]))
        if asked["enrol"]:
            return {"algorithm": NUMBERS[self.one.algorithm], "key": self.one.public, "proof": made}
        return made


@pytest.mark.parametrize("algorithm", sorted(NUMBERS))
def test_authenticator_is_enrolled_and_signs(algorithm: str) -> None:
    """What an authenticator makes on the page enrols it, and what it signs there verifies by that."""
    desk = Desk(Authenticator(algorithm))

    key = enrolled("bea@example.org", [], desk)
    made = ByAuthenticator(desk).signature(MESSAGE, namespace=SPACE, keys=[key])

    assert proved(made, MESSAGE, namespace=SPACE).key == key
    assert b"&lt;script&gt;" in desk.page


class Elsewhere(Desk):
    """One whose browser is on another page of this machine."""

    def answer(self, asked: dict[str, Any]) -> Any:
        """Sign at another port."""
        self.one.origin = "http://localhost:1"
        return super().answer(asked)


class Unverified(Desk):
    """One whose authenticator verifies nobody."""

    def answer(self, asked: dict[str, Any]) -> Any:
        """Sign when touched."""
        self.one.flags = PRESENT
        return super().answer(asked)


class Stranger(Desk):
    """One who answers with a credential that was not asked for."""

    def answer(self, asked: dict[str, Any]) -> Any:
        """Name another credential."""
        return super().answer(asked) | {"identity": b"another"}


class Garbled(Desk):
    """One whose page sends something else."""

    def answer(self, asked: dict[str, Any]) -> Any:
        """Send a list."""
        return [asked["challenge"]]


@pytest.mark.parametrize("who", [Elsewhere, Unverified, Stranger, Garbled])
def test_answer_that_proves_nothing_signs_nothing(who: type[Desk]) -> None:
    """An answer from another page, by nobody verified, by another credential, or of another form is refused."""
    one = Authenticator()

    with pytest.raises(UsageError, match=r"proves nothing|another page|cannot be read") as refused:
        ByAuthenticator(who(one)).signature(MESSAGE, namespace=SPACE, keys=[enrolled_key(one.line)])

    assert refused.value.code == "signing-failed"


class OfAnotherKind(Desk):
    """One whose authenticator uses an algorithm that nobody asked for."""

    def answer(self, asked: dict[str, Any]) -> Any:
        """Name another algorithm."""
        return {**super().answer(asked), "algorithm": -35}


@pytest.mark.parametrize("who", [Elsewhere, Unverified, OfAnotherKind])
def test_authenticator_that_does_not_sign_is_not_enrolled(who: type[Desk]) -> None:
    """An authenticator that does not show, on the page, that it signs for a verified person is not enrolled."""
    with pytest.raises(StandfastError):
        enrolled("bea@example.org", [], who(Authenticator()))


def test_nobody_signs_without_an_authenticator_for_this_machine() -> None:
    """Where only authenticators of another relying party are enrolled, there is nothing to ask for."""
    key = enrolled_key(Authenticator(rp="example.org").line)

    with pytest.raises(UsageError, match="no authenticator of yours"):
        ByAuthenticator(lambda _address: None).signature(MESSAGE, namespace=SPACE, keys=[key])
