"""The current request, known to everything that logs while it is handled."""

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass

from payments.domain.cards import is_card_number

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class RequestContext:
    """Set once per request and then filled in by whoever knows more."""

    request_id: str
    actor: str | None = None


_current: ContextVar[RequestContext | None] = ContextVar("payments_request", default=None)


def enter(offered_id: str | None) -> RequestContext:
    """Start the context of a request and return it.

    Args:
        offered_id: The caller's own id; kept if it is harmless in logs and headers, else replaced.
    """
    context = RequestContext(offered_id if offered_id and _harmless(offered_id) else uuid.uuid4().hex)
    _current.set(context)
    return context


def current() -> RequestContext | None:
    """Return the context of the current request, if there is one."""
    return _current.get()


def name_actor(actor: str) -> None:
    """Remember who is calling; without a request there is nothing to remember it in."""
    context = _current.get()
    if context is not None:
        context.actor = actor


def request_id() -> str:
    """Return the id of the current request, or `none` outside of one."""
    context = _current.get()
    return context.request_id if context is not None else "none"


def _harmless(offered_id: str) -> bool:
    return _ACCEPTED_ID.fullmatch(offered_id) is not None and not is_card_number(offered_id)
