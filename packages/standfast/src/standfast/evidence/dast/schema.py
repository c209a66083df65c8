"""Weaknesses that a dynamic scanner found in the running service, and how much of it the scanner reached."""

from typing import ClassVar

from standfast.evidence.wording.severity import Graded
from standfast.model import Unit


class Dast(Graded, frozen=True, kw_only=True):
    """What a dynamic scanner found, one item per place.

    ``operations`` counts the operations that the service describes, ``reached`` those that answered as to someone who
    may call them (not 401, 403 or 404); None where the report does not say. ``authenticated`` says whether the
    scanner was logged in.
    """

    KIND: ClassVar[str] = "dast"
    TITLE: ClassVar[str] = "Dynamic scan of the running service"
    UNITS: ClassVar[dict[str, Unit]] = {
        **Graded.UNITS,
        "operations": Unit.COUNT,
        "reached": Unit.COUNT,
        "authenticated": Unit.FLAG,
    }

    operations: int | None = None
    reached: int | None = None
    authenticated: bool | None = None
