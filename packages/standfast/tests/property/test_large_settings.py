"""Settings of any size can be compared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.tool_configuration.flatten import number
from standfast.evidence.tool_configuration.weaker import weakenings

FILES = {
    "pyproject.toml": "[tool.coverage.report]\nfail_under = {}\n[tool.ruff.lint.mccabe]\nmax-complexity = {}\n",
    "setup.cfg": "[coverage:report]\nfail_under = {}\n[flake8]\nmax-complexity = {}\n",
}


def test_limit_of_very_many_digits_is_weaker() -> None:
    """A limit that becomes too large for a floating-point number has been raised, and says so."""
    before, after = (FILES["pyproject.toml"].format(90, most).encode() for most in ("10", "9" * 400))

    assert weakenings("pyproject.toml", before, after) == ("ruff.lint.mccabe.max-complexity was 10, is inf",)


@pytest.mark.parametrize("path", FILES)
@given(digits=st.integers(1, 6_000), before=st.integers(), after=st.integers())
def test_any_two_numbers_can_be_compared(path: str, digits: int, before: int, after: int) -> None:
    """Settings of any number of digits are compared without an error."""
    old, new = (FILES[path].format(value, f"{value}{'7' * digits}").encode() for value in (before, after))

    assert isinstance(weakenings(path, old, new), tuple)


@given(st.integers(min_value=10**309, max_value=10**400))
def test_number_too_large_is_infinite(value: int) -> None:
    """A whole number too large for a floating-point number counts as infinite, with its sign."""
    assert (number(value), number(-value)) == (math.inf, -math.inf)
