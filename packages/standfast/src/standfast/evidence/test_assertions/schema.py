"""How many tests assert something; those that do not are the items."""

from typing import ClassVar

from standfast.model import Evidence, Unit


class TestAssertions(Evidence, frozen=True, kw_only=True):
    """The tests of one language, which is its ``scope``.

    A test asserts where it, or a function of the tests that it calls or takes as a fixture, has an assertion that can
    fail. Items have the rule ``no-assertion``, or ``empty-assertion`` where what is asserted is a constant.
    """

    __test__: ClassVar[bool] = False  # not a test class, whatever a test runner makes of the name

    KIND: ClassVar[str] = "test_assertions"
    TITLE: ClassVar[str] = "What tests assert"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(("tests", "without_assertion"), Unit.COUNT)

    tests: int

    @property
    def without_assertion(self) -> int:
        """How many tests assert nothing."""
        return self.items.total
