"""How the code raises and handles errors, and the exceptions that the project defines."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class ExceptionClass(msgspec.Struct, frozen=True, omit_defaults=True):
    """One exception of the project: its ancestors within the project nearest first, then the one from outside.

    ``family`` is ``business``, ``validation``, ``system``, ``security``, or empty where nothing tells. ``fields`` are
    the names of what an instance carries, those of its project ancestors included. ``raised`` counts raises.
    """

    name: str
    path: str
    line: int
    ancestors: tuple[str, ...] = ()
    family: str = ""
    fields: tuple[str, ...] = ()
    raised: int = 0


class ErrorHandling(Evidence, frozen=True, kw_only=True):
    """Handlers, raises and exception classes.

    Items have the rule ``bare-except``, ``broad-except`` (both swallow errors), ``silent-except`` (one named error is
    passed over without a word) or ``vague-raise``. One that a suppression covers counts as ``accepted`` only.
    """

    KIND: ClassVar[str] = "error_handling"
    TITLE: ClassVar[str] = "Raising and handling of errors"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(
        ("handlers", "swallowed", "silent", "vague_raises", "accepted", "exceptions", "roots"), Unit.COUNT
    )

    handlers: int
    swallowed: int
    vague_raises: int
    silent: int = 0
    accepted: int = 0
    classes: tuple[ExceptionClass, ...] = ()

    @property
    def exceptions(self) -> int:
        """How many exceptions the project defines."""
        return len(self.classes)

    @property
    def roots(self) -> int:
        """How many of them do not derive from another one of the project."""
        return len(self.root_names())

    def root_names(self) -> tuple[str, ...]:
        """Return the names of the exceptions that do not derive from another one of the project."""
        own = {one.name for one in self.classes}
        return tuple(sorted(one.name for one in self.classes if own.isdisjoint(one.ancestors)))

    def of_family(self, family: str) -> tuple[ExceptionClass, ...]:
        """Return the exceptions of that *family*."""
        return tuple(one for one in self.classes if one.family == family)
