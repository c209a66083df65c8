"""Ask a forge over HTTP: bounded in time and size, patient where it asks for patience, never twice for one deed."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar

import httpx2
import msgspec

from standfast.app import clock
from standfast.app.forge.outbox import Kept
from standfast.app.forge.port import ForgeError

T = TypeVar("T")
HASTE_S = 10.0
PATIENCE_S = 20.0
"""So long one request may wait for the forge, over all its attempts."""
_MOST_BYTES = 20_000_000
_MOST_PAGES = 100
_PAUSES_S = (0.5, 1.0, 2.0)
_SECONDARY_S = 60.0
_TIMEOUT = httpx2.Timeout(connect=5.0, read=20.0, write=20.0, pool=5.0)
_SHORT = httpx2.Timeout(connect=2.0, read=10.0, write=10.0, pool=2.0)
_HARMLESS = frozenset({"GET", "PATCH", "PUT", "DELETE"})
"""What may be repeated: it leads to the same, however often it is done."""


class Keeping(Protocol):
    """Where answers are kept, to be asked for only if they changed."""

    def kept(self, url: str) -> Kept | None:
        """Return what was kept of *url*."""
        ...

    def keep(self, url: str, answer: Kept) -> None:
        """Keep *answer* of *url*."""
        ...


class Answer(msgspec.Struct, frozen=True):
    """What the forge answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """One forge by HTTP. The token goes to the address that the settings name, and to no other.

    Who is not *patient* asks once, does not wait, and begins nothing more after *haste_s* seconds.
    """

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        secret: str,
        keeping: Keeping,
        patient: bool = True,
        haste_s: float = HASTE_S,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self.address, self._secret, self._keeping = address.rstrip("/"), secret, keeping
        self._pause, self._now = pause, now
        self._patience_s = PATIENCE_S if patient else 0.0
        self._pauses_s: tuple[float, ...] = _PAUSES_S if patient else ()
        self._ends = None if patient else time.monotonic() + haste_s
        told = {"user-agent": "standfast", **headers}
        self._client = httpx2.Client(headers=told, timeout=_TIMEOUT if patient else _SHORT, follow_redirects=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def get(self, path: str, shape: type[T]) -> T:
        """Return what is at *path*."""
        return self._decoded(self._fetched(self._url(path)).body, shape, path)

    def pages(self, path: str, shape: type[T]) -> Iterator[T]:
        """Yield every page from *path* on, as the forge links them.

        Raises:
            ForgeError: They do not end, or lead to another address.
        """
        url: str | None = self._url(path)
        for _ in range(_MOST_PAGES):
            if url is None:
                return
            answer = self._fetched(url)
            yield self._decoded(answer.body, shape, path)
            url = self._next(answer.link)
        raise ForgeError("forge-endless", f"{path} has more than {_MOST_PAGES} pages at {self.address}")

    def send(self, method: str, path: str, body: object, shape: type[T]) -> T:
        """Return what the forge answers after *body* was sent."""
        return self._decoded(self._asked(method, self._url(path), body=body).body, shape, path)

    def _url(self, path: str) -> str:
        return f"{self.address}{path}"

    def _next(self, link: str) -> str | None:
        for part in link.split(","):
            target, _, rest = part.partition(";")
            if 'rel="next"' in rest:
                url = target.strip().strip("<>")
                if not url.startswith(self.address + "/"):
                    raise ForgeError("forge-elsewhere", f"{self.address} leads to another address for the next page")
                return url
        return None

    def _fetched(self, url: str) -> Kept:
        known = self._keeping.kept(url)
        headers = {"if-none-match": known.tag} if known else {}
        answer = self._asked("GET", url, headers=headers)
        if answer.status == 304:
            if known is None:
                raise ForgeError("forge-odd", f"{self.address} says of {url} that it has not changed since never")
            return known
        found = Kept(answer.headers.get("etag", ""), answer.headers.get("link", ""), answer.body)
        if found.tag:
            self._keeping.keep(url, found)
        return found

    def _asked(self, method: str, url: str, *, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer, after waiting where the forge asks for it and it is not long.

        Raises:
            ForgeError: There is none, or it is a refusal.
        """
        if self._ends is not None and time.monotonic() > self._ends:
            raise ForgeError("forge-busy", f"{self.address} took longer than there was time for", passing=True)
        waited = 0.0
        for pause_s in (*self._pauses_s, None):
            try:
                answer = self._once(method, url, body, headers or {})
            except httpx2.HTTPError as error:
                if pause_s is None or not _again(method, error):
                    raise self._silent(method, error) from error
                wait_s = pause_s
            else:
                asked_s = self._asks_for(answer, method)
                if asked_s is None:
                    return self._accepted(answer, method, url)
                wait_s = max(asked_s, pause_s or 0.0)
                if pause_s is None or waited + wait_s > self._patience_s:
                    raise self._busy(answer, wait_s)
            waited += wait_s
            self._pause(wait_s)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, url: str, body: object, headers: Mapping[str, str]) -> Answer:
        content = None if body is None else msgspec.json.encode(body)
        more = {"content-type": "application/json"} if content is not None else {}
        with self._client.stream(method, url, content=content, headers={**headers, **more}) as response:
            data = b""
            for part in response.iter_bytes():
                data += part
                if len(data) > _MOST_BYTES:
                    raise ForgeError("forge-too-much", f"{self.address} answered with more than {_MOST_BYTES:,} bytes")
            return Answer(response.status_code, dict(response.headers), data)

    def _asks_for(self, answer: Answer, method: str) -> float | None:
        """Return for how many seconds the forge asks to wait; None where this is its answer."""
        limited = answer.status == 429 or (answer.status == 403 and _limits(answer))
        broken = answer.status in (500, 502, 503, 504) and method in _HARMLESS
        if not limited and not broken:
            return None
        after = self._moment(answer.headers.get("retry-after", ""))
        if after is not None:
            return after
        spent = answer.headers.get("x-ratelimit-remaining", answer.headers.get("ratelimit-remaining")) == "0"
        reset = answer.headers.get("x-ratelimit-reset", answer.headers.get("ratelimit-reset", ""))
        if limited and spent and reset.isdigit():
            return max(1.0, float(reset) - self._now().timestamp())
        return _SECONDARY_S if limited else 0.0

    def _moment(self, text: str) -> float | None:
        if text.isdigit():
            return float(text)
        try:
            return max(0.0, (parsedate_to_datetime(text) - self._now()).total_seconds()) if text else None
        except (TypeError, ValueError):
            return None

    def _accepted(self, answer: Answer, method: str, url: str) -> Answer:
        if answer.status < 300 or answer.status == 304:
            return answer
        path = url.removeprefix(self.address).partition("?")[0]
        if answer.status < 400:
            raise ForgeError(
                "forge-moved",
                f"{self.address} says that {path} has moved; a token is not sent after it",
                hint="write its present address and repository into [forge] of standfast.toml",
            )
        raise ForgeError(
            f"forge-{_WORDS.get(answer.status, 'unwell' if answer.status >= 500 else 'refused')}",
            f"{self.address} answered {answer.status} to {method} {path}: {self._said(answer)}",
            hint=_HINTS.get(answer.status, ""),
            passing=answer.status >= 500,
        )

    def _said(self, answer: Answer) -> str:
        try:
            plain: Any = msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return "nothing that can be read"
        message = plain.get("message") or plain.get("error") if isinstance(plain, dict) else plain
        words = " ".join(str(message).split())[:200]
        return words.replace(self._secret, "***") if self._secret else words

    def _silent(self, method: str, error: httpx2.HTTPError) -> ForgeError:
        unsure = "" if method in _HARMLESS or _unsent(error) else "; it may have done what was asked all the same"
        told = " ".join(str(error).split())[:200] or "no reason given"
        told = told.replace(self._secret, "***") if self._secret else told
        return ForgeError(
            "forge-silent", f"{self.address} did not answer ({type(error).__name__}: {told}){unsure}", passing=True
        )

    def _busy(self, answer: Answer, wait_s: float) -> ForgeError:
        until = self._now() + timedelta(seconds=wait_s)
        return ForgeError(
            "forge-busy",
            f"{self.address} answered {answer.status} and asks to wait until {until:%Y-%m-%d %H:%M:%S} UTC",
            passing=True,
        )

    def _decoded(self, data: bytes, shape: type[T], path: str) -> T:
        try:
            return msgspec.json.decode(data or b"null", type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ForgeError(
                "forge-odd", f"what {self.address} answered to {path.partition('?')[0]} cannot be understood: {error}"
            ) from error


_WORDS = {401: "token", 403: "forbidden", 404: "unknown", 410: "unknown", 422: "refused"}
_HINTS = {
    401: "the token is not accepted: is it expired, or meant for another forge?",
    403: "give the token the right that is missing",
    404: "is the repository right, and may the token read it? A forge hides what a token may not see",
    410: "it was deleted, or issues are turned off there",
}


def _limits(answer: Answer) -> bool:
    """Return whether a refusal is about how much was asked, and not about who asks."""
    headers = answer.headers
    return (
        "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or b"rate limit" in answer.body.lower()
    )


def _unsent(error: httpx2.HTTPError) -> bool:
    return isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)


def _again(method: str, error: httpx2.HTTPError) -> bool:
    return _unsent(error) or (method in _HARMLESS and isinstance(error, httpx2.TransportError))
