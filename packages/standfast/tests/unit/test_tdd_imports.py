"""Which tests can reach which code, by what the files import."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.tdd_cycles.imports import imported_names, reaching

NAMES = [
    ("import a.b", "src/shop/x.py", {"a", "a.b"}),
    ("from a.b import c", "x.py", {"a", "a.b", "a.b.c"}),
    ("from . import c", "src/shop/x.py", {"src", "src.shop", "src.shop.c"}),
    ("from .b import c", "shop/x.py", {"shop", "shop.b", "shop.b.c"}),
    ("from ..b import c", "shop/in/x.py", {"shop", "shop.b", "shop.b.c"}),
    ("from . import c", "x.py", set()),
    ("def f():\n    import late", "x.py", {"late"}),
    ("import (", "x.py", set()),
]


@pytest.mark.parametrize(("source", "path", "expected"), NAMES)
def test_names_are_absolute_and_name_the_packages_too(source: str, path: str, expected: set[str]) -> None:
    """An import within a function counts, and one relative to the file is made absolute."""
    assert imported_names(source.encode(), path) == expected


FILES = {
    "src/shop/__init__.py": "",
    "src/shop/money.py": "from shop.rates import RATE",
    "src/shop/rates.py": "RATE = 2",
    "src/shop/lonely.py": "",
    "tests/conftest.py": "from helpers import rate",
    "tests/helpers.py": "from shop.rates import RATE as rate",
    "tests/test_money.py": "from shop.money import price",
    "tests/unit/test_plain.py": "",
    "other/test_lonely.py": "import shop.lonely",
    "other/check_lonely.py": "import shop.lonely",
}
REACHED = [
    (["src/shop/rates.py"], ["tests/test_money.py", "tests/unit/test_plain.py"]),
    (["src/shop/money.py"], ["tests/test_money.py"]),
    (["src/shop/lonely.py"], ["other/test_lonely.py"]),
    (["src/shop/__init__.py"], ["other/test_lonely.py", "tests/test_money.py", "tests/unit/test_plain.py"]),
    (["src/shop/gone.py"], []),
]


@pytest.mark.parametrize(("changed", "expected"), REACHED, ids=" ".join)
def test_tests_are_reached_through_others(changed: list[str], expected: list[str]) -> None:
    """A test reaches what it imports, what that imports, and what a conftest above it imports."""
    imports = {path: imported_names(source.encode(), path) for path, source in FILES.items()}

    assert list(reaching(imports, changed)) == expected


PATHS = st.sampled_from(["a.py", "p/a.py", "p/__init__.py", "p/q/b.py", "tests/test_a.py", "tests/q/test_b.py"])
WORDS = st.sets(st.sampled_from(["a", "p", "p.a", "q.b", "b", "test_a", "tests.test_a"]))


@given(st.dictionaries(PATHS, WORDS), PATHS, PATHS)
def test_more_changes_reach_no_fewer_tests(imports: Mapping[str, set[str]], one: str, other: str) -> None:
    """Whatever imports whatever, in circles too: a test that is reached stays so when more is changed."""
    frozen = {path: frozenset(names) for path, names in imports.items()}

    assert set(reaching(frozen, [one])) <= set(reaching(frozen, [one, other]))
