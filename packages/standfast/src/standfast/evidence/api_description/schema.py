"""What an API description says of each operation."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Operation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation. ``pointer`` is its place in the description (RFC 6901).

    ``generated`` says that its summary is only the name of the function that serves it. ``errors`` are the documented
    statuses from 400 on, ``problem_errors`` those of them that answer with ``application/problem+json``.
    ``wants_examples`` counts request and success bodies, ``has_examples`` those with an example.
    ``security`` are the schemes it names; None where neither it nor the document names any, empty where it says that
    it needs none. ``unbounded`` are the pointers of inputs without a bound.
    """

    method: str
    path: str
    pointer: str
    id: str = ""
    summary: str = ""
    description: str = ""
    generated: bool = False
    successes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    problem_errors: tuple[str, ...] = ()
    wants_examples: int = 0
    has_examples: int = 0
    security: tuple[str, ...] | None = None
    unbounded: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``METHOD /path``, as people write it."""
        return f"{self.method.upper()} {self.path}"


class ApiDescription(Evidence, frozen=True, kw_only=True):
    """One API description. ``scope`` is its path. ``items`` are references that lead nowhere."""

    KIND: ClassVar[str] = "api_description"
    TITLE: ClassVar[str] = "Description of the API"
    UNITS: ClassVar[dict[str, Unit]] = {
        "operation_count": Unit.COUNT,
        "documented_count": Unit.COUNT,
        "unbounded_count": Unit.COUNT,
    }

    path: str
    format: str
    title: str = ""
    version: str = ""
    operations: tuple[Operation, ...] = ()
    schemes: tuple[str, ...] = ()

    @property
    def operation_count(self) -> int:
        """How many operations it describes."""
        return len(self.operations)

    @property
    def documented_count(self) -> int:
        """How many of them have a summary or description that a person wrote."""
        return sum(1 for one in self.operations if (one.summary or one.description) and not one.generated)

    @property
    def unbounded_count(self) -> int:
        """How many inputs have no bound."""
        return sum(len(one.unbounded) for one in self.operations)
