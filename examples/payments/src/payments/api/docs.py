"""The API description: problem responses with real examples, one place for all operations."""

from collections import defaultdict
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from payments import errors
from payments.api.oversight_schemas import Problem
from payments.api.problems import MEDIA_TYPE, help_link
from payments.errors import PaymentsError, ValidationError

Responses = dict[int | str, dict[str, Any]]

DESCRIPTION = """\
Authorise, capture, void and refund card payments.

* Every change needs an `Idempotency-Key`; the same key again repeats the answer, not the effect.
* Amounts are whole minor units. Cards are tokens; card numbers are refused.
* Errors are problem documents (RFC 9457) with a stable `code` that `/problems/{code}` explains.
"""

PUBLIC: dict[str, Any] = {"security": []}
"""What says of an operation that it needs no credentials on purpose."""

GUARDED = (errors.NotAuthenticatedError, errors.PermissionDeniedError)
STORED = (errors.StorageUnavailableError, errors.InternalError)
READS = (*GUARDED, errors.RequestInvalidError, *STORED)
WRITES = (
    *READS,
    errors.RequestMalformedError,
    errors.BodyTooLargeError,
    errors.IdempotencyKeyReusedError,
    errors.RequestInProgressError,
)


def problems(*kinds: type[PaymentsError]) -> Responses:
    """Return the OpenAPI responses for the given errors, grouped by status, each with an example."""
    grouped: defaultdict[int, list[type[PaymentsError]]] = defaultdict(list)
    for kind in kinds:
        grouped[int(kind.status)].append(kind)
    return {status: _response(group) for status, group in sorted(grouped.items())}


def install(app: FastAPI) -> None:
    """Make `/openapi.json` carry the problem schema and nothing that the service never answers."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to extend the description


def _complete(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=app.servers,
    )
    schemas = found["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= own.pop("$defs")
    schemas["Problem"] = own
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    return found


def _response(kinds: list[type[PaymentsError]]) -> dict[str, Any]:
    return {
        "description": "; or ".join(kind.title for kind in kinds) + ".",
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: {"value": _example(kind)} for kind in kinds},
            }
        },
    }


def _example(kind: type[PaymentsError]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": help_link(kind.code),
        "title": kind.title,
        "status": int(kind.status),
        "detail": (kind.__doc__ or kind.title).splitlines()[0],
        "instance": "/v1/payments",
        "code": kind.code,
        "context": {},
        "request_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "help": help_link(kind.code),
    }
    if issubclass(kind, ValidationError):
        body["errors"] = [{"pointer": "/body/amount", "code": "missing", "message": "Field required"}]
    return body
