"""The same suite on the same commit, several times."""

from typing import ClassVar

from standfast.model import Evidence, Unit


class Stability(Evidence, frozen=True, kw_only=True):
    """What repeated runs of one suite agreed on.

    ``items`` are the tests whose outcome differed between runs. ``orders`` is in how many different orders the
    tests ran, ``tests`` how many of them every run executed.
    """

    KIND: ClassVar[str] = "stability"
    TITLE: ClassVar[str] = "Repeated runs of the tests"
    UNITS: ClassVar[dict[str, Unit]] = {
        "runs": Unit.COUNT,
        "orders": Unit.COUNT,
        "tests": Unit.COUNT,
        "differing": Unit.COUNT,
    }

    runs: int
    orders: int
    tests: int

    @property
    def differing(self) -> int:
        """How many tests did not give the same outcome in every run."""
        return self.items.total
