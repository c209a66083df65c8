"""What surrounds every request: its id, a size limit, safe headers, a log line, metrics, a last resort.

Plain ASGI on purpose: it sees the whole response, keeps context variables intact and never buffers.
"""

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from payments.api import problems
from payments.errors import InternalError
from payments.observability.context import enter
from payments.observability.metrics import Metrics

MAX_BODY_BYTES = 16 * 1024
_SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
# Anything a caller may put in a label has to come from a short list.
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_log = logging.getLogger("payments.access")


class RequestEnvelope:
    """ASGI middleware; one per application.

    Args:
        app: What handles the request.
        metrics: Where it is counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; everything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._metrics.in_progress.track_inprogress():
            await self._handle(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request = Request(scope)
        context = enter(request.headers.get("x-request-id"))
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = context.request_id
                headers.update(_SAFE_HEADERS)
            await send(message)

        try:
            await self._app(scope, _limited(receive), send_with_headers)
        except Exception:
            _log.exception("unhandled error")
            if status:
                raise  # the response has begun; the server has to cut the connection
            response = problems.answer(request, InternalError("the service failed unexpectedly"))
            await response(scope, receive, send_with_headers)
        finally:
            self._account(scope, status, time.perf_counter() - started)

    def _account(self, scope: Scope, status: int, elapsed_s: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.request_seconds.labels(method, route, str(status)).observe(elapsed_s)
        _log.info(
            "request handled",
            extra={
                "method": method,
                "route": route,
                "status": status,
                "duration_ms": round(elapsed_s * 1000, 3),
            },
        )


def _limited(receive: Receive) -> Receive:
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return receive_limited
