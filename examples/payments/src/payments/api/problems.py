"""Errors as problem documents (RFC 9457), and where each code is explained."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from payments.api.services import services_of
from payments.errors import (
    BodyTooLargeError,
    Family,
    FieldProblem,
    MethodNotAllowedError,
    NotAuthenticatedError,
    PaymentsError,
    RequestInvalidError,
    RequestMalformedError,
    RouteNotFoundError,
    ValidationError,
)
from payments.observability.context import request_id

MEDIA_TYPE = "application/problem+json"
_LEVELS = {Family.SYSTEM: logging.ERROR, Family.SECURITY: logging.WARNING}
_HTTP_ERRORS: dict[int, tuple[type[ValidationError], str]] = {
    HTTPStatus.NOT_FOUND: (RouteNotFoundError, "no operation has this path"),
    HTTPStatus.METHOD_NOT_ALLOWED: (MethodNotAllowedError, "the path has other methods"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (BodyTooLargeError, "the body is larger than the limit"),
}
_log = logging.getLogger("payments.errors")


def help_link(code: str) -> str:
    """Return where the service itself explains *code*."""
    return f"/problems/{code}"


def render(error: PaymentsError, instance: str) -> JSONResponse:
    """Return the response for *error*; `detail` is the message for people."""
    body: dict[str, object] = {
        "type": help_link(error.code),
        "title": error.title,
        "status": int(error.status),
        "detail": error.message,
        "instance": instance,
        "code": error.code,
        "context": dict(error.context),
        "request_id": request_id(),
        "help": help_link(error.code),
    }
    if isinstance(error, ValidationError):
        body["errors"] = [
            {"pointer": field.pointer, "code": field.code, "message": field.message} for field in error.fields
        ]
    return JSONResponse(body, error.status, headers=_headers(error), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make *app* answer every error it meets with a problem document."""

    async def on_payments_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, PaymentsError)  # noqa: S101  # registered for exactly this type
        return answer(request, error)

    async def on_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for exactly this type
        return answer(request, _from_fields(error.errors()))

    async def on_http_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for exactly this type
        kind, message = _HTTP_ERRORS.get(error.status_code, (RequestMalformedError, "not readable as JSON"))
        return answer(request, kind(message))

    app.add_exception_handler(PaymentsError, on_payments_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)


def answer(request: Request, error: PaymentsError) -> JSONResponse:
    """Log and count *error*, and return the response for it."""
    _log.log(
        _LEVELS.get(error.family, logging.INFO),
        error.message,
        extra={"code": error.code, "family": error.family.value, "context": dict(error.context)},
    )
    services_of(request).metrics.errors.labels(error.family.value, error.code).inc()
    return render(error, request.url.path)


def _from_fields(found: Sequence[Any]) -> ValidationError:
    if any(item["type"] == "json_invalid" for item in found):
        return RequestMalformedError("the body is not valid JSON")
    # `input` and `ctx` are left out on purpose: they hold what the caller sent.
    fields = [FieldProblem(_pointer(item["loc"]), item["type"], item["msg"]) for item in found]
    return RequestInvalidError(f"{len(fields)} field(s) need correction", fields)


def _pointer(location: Sequence[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _headers(error: PaymentsError) -> dict[str, str]:
    headers: dict[str, str] = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, NotAuthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    return headers
