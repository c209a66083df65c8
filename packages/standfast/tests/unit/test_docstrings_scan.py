"""What counts as public, as documented, and as matching, by our own scan of docstrings."""

from typing import Any

import pytest

from standfast.evidence.docstrings.scan import examine
from standfast.evidence.docstrings.sections import documented_parameters
from standfast.evidence.source.syntax import Source


def scanned(code: str, path: str = "pay/api.py") -> dict[str, Any]:
    """Return what the scan finds in a module that has a docstring of its own."""
    return examine(Source(path, f'"""Answer requests of the shop."""\n{code}'.encode()))


PUBLIC = [
    ("def f(): pass", 1),
    ("def _f(): pass", 0),
    ("class C:\n    def f(self): pass", 2),
    ("class C:\n    def __len__(self): pass\n    def _f(self): pass", 1),
    ("class _C:\n    def f(self): pass", 0),
    ("def f():\n    def g(): pass", 1),
    ("class C:\n    @property\n    def f(self): pass\n    @f.setter\n    def f(self, x): pass", 2),
    ("from typing import overload, override\n@overload\ndef f(): pass", 0),
    ("class C:\n    @override\n    def f(self): pass", 1),
]


@pytest.mark.parametrize(("code", "undocumented"), PUBLIC)
def test_public_names_need_a_docstring(code: str, undocumented: int) -> None:
    """Every public name without a docstring is found, and no other."""
    found = scanned(code)

    assert found["undocumented"] == undocumented
    assert len([row for row in found["findings"] if row["rule"] == "undocumented"]) == undocumented


def test_private_module_has_no_public_name() -> None:
    """Nothing in a module with a leading underscore is public, or below such a folder."""
    assert scanned("def f(): pass", "pay/_core.py")["public"] == 0
    assert scanned("def f(): pass", "_pay/core.py")["public"] == 0


@pytest.mark.parametrize("text", ["", "  ", "Get user.", "get_user", "The get user function."])
def test_docstring_that_repeats_the_name_is_none(text: str) -> None:
    """A docstring that is empty or says no more than the name does not document."""
    assert scanned(f'def get_user():\n    """{text}"""')["undocumented"] == 1


def test_long_name_may_be_repeated() -> None:
    """A name that is a sentence, and a module, may be documented by the same words."""
    assert (
        scanned('def every_payment_is_settled_in_time():\n    """Every payment is settled in time."""')["undocumented"]
        == 0
    )
    assert examine(Source("pay/api.py", b'"""The API."""'))["undocumented"] == 0


STYLES = [
    (
        "Args:\n  a: One.\n  b (int, optional): Two.\n    More: of it.\n  *rest: Three.\n\nReturns:\n  x: y",
        "a b rest",
    ),
    ("Parameters\n----------\na : int\n    One.\nb, c\n    Two.\n\nReturns\n-------\nint\n    x", "a b c"),
    (":param a: one\n:param int b: two\n:returns: x", "a b"),
    ("Args:\n  callable\\_: One.\n  \\*rest: Two.", "callable_ rest"),
    ("Parameters\n----------\ncallable\\_ : Callable\n    One.", "callable_"),
    ("Nothing here: at all.\nNote:\n    a: b", ""),
]


@pytest.mark.parametrize(("text", "names"), STYLES)
def test_parameters_are_read_in_three_styles(text: str, names: str) -> None:
    """The styles of Google, NumPy and Sphinx are read alike."""
    assert list(documented_parameters(text)) == names.split()


MISMATCHES = [
    ("def f(a, b):", "a: x\n        b: y", 0),
    ("def f(a):", "a: x\n        gone: y", 1),
    ("def f(a, b):", "a: x", 1),
    ("def f(a, _b):", "a: x", 0),
    ("def f(a, **options):", "a: x\n        other: y", 0),
    ("def f(a, *, b=1):", "a: x\n        b: y", 0),
    ("def f(a, /, b):", "c: x", 2),
]


@pytest.mark.parametrize(("signature", "entries", "mismatches"), MISMATCHES)
def test_documented_parameters_are_compared(signature: str, entries: str, mismatches: int) -> None:
    """A documented parameter that does not exist and one that is left out are each a mismatch."""
    found = scanned(f'{signature}\n    """Settle the payment.\n\n    Args:\n        {entries}\n    """')

    assert (found["mismatches"], found["with_parameters"]) == (mismatches, 1)


def test_class_docstring_documents_its_initialiser() -> None:
    """Parameters of ``__init__`` may be documented in the docstring of the class."""
    code = 'class C:\n    """Hold it.\n\n    Args:\n        a: x\n    """\n    def __init__(self, a, b): pass'

    found = scanned(code)

    assert [row["message"] for row in found["findings"]] == ["the docstring of __init__ leaves out b"]
