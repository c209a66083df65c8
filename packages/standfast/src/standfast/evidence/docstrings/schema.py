"""Whether the public interface is documented, and whether the documentation fits it."""

from typing import ClassVar

from standfast.model import Evidence, Unit


class Docstrings(Evidence, frozen=True, kw_only=True):
    """Public names and their docstrings; items have the rule ``undocumented`` or ``mismatch``.

    ``with_parameters`` counts functions whose docstring documents parameters, ``mismatches`` what of that does not fit.
    """

    KIND: ClassVar[str] = "docstrings"
    TITLE: ClassVar[str] = "Documentation of the public interface"
    UNITS: ClassVar[dict[str, Unit]] = {
        "public": Unit.COUNT,
        "undocumented": Unit.COUNT,
        "documented_ratio": Unit.RATIO,
        "with_parameters": Unit.COUNT,
        "mismatches": Unit.COUNT,
    }

    public: int
    undocumented: int
    with_parameters: int = 0
    mismatches: int = 0

    @property
    def documented_ratio(self) -> float | None:
        """Documented public names as a share of all; None where there are none."""
        return (self.public - self.undocumented) / self.public if self.public else None
