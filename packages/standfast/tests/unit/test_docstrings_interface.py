"""Names that public modules pass on from private ones belong to the public interface."""

import json

import msgspec
import pytest

from standfast.evidence.docstrings.interface import ScannedNames, passed_on
from standfast.evidence.docstrings.scan import examine
from standfast.evidence.source.syntax import Source

CORE = (
    "class Shop:\n    def open(self): pass\n\ndef sell(): pass\n\n"
    'def lend():\n    """Hand out for a time."""\n\ndef _own(): pass\n'
)

# what is in the files -> the names that are passed on, each with its public names and those without a docstring
PASSED_ON: dict[str, tuple[dict[str, str], dict[str, tuple[int, int]]]] = {
    "a package without __all__ passes on all that it imports": (
        {"pay/__init__.py": "from ._core import Shop, lend\n", "pay/_core.py": CORE},
        {"Shop": (2, 2), "lend": (1, 0)},
    ),
    "__all__ decides where there is one": (
        {"pay/__init__.py": 'from ._core import Shop, sell\n__all__ = ["sell"]\n', "pay/_core.py": CORE},
        {"sell": (1, 1)},
    ),
    "__all__ may grow": (
        {"pay/__init__.py": 'from ._core import *\n__all__ = ["x"]\n__all__ += ["sell"]\n', "pay/_core.py": CORE},
        {"Shop": (2, 2), "sell": (1, 1), "lend": (1, 0)},
    ),
    "a name that is imported by an absolute path": (
        {"src/pay/__init__.py": "from pay._core import sell as trade\n", "src/pay/_core.py": CORE},
        {"sell": (1, 1)},
    ),
    "a star brings what the private module declares": (
        {"pay/__init__.py": "from ._core import *\n", "pay/_core.py": f'__all__ = ["lend"]\n{CORE}'},
        {"lend": (1, 0)},
    ),
    "through another private package": (
        {
            "pay/__init__.py": "from ._all import *\n",
            "pay/_all/__init__.py": "from .._core import lend\nfrom .deep import *\n",
            "pay/_all/deep.py": "def dig(): pass\n",
            "pay/_core.py": CORE,
        },
        {"lend": (1, 0), "dig": (1, 1)},
    ),
    "one name through a star further down": (
        {
            "pay/__init__.py": "from ._all import sell\n",
            "pay/_all.py": "from ._core import *\n",
            "pay/_core.py": CORE,
        },
        {"sell": (1, 1)},
    ),
    "private modules that import each other": (
        {
            "pay/__init__.py": "from ._a import *\n",
            "pay/_a.py": "from ._b import *\n",
            "pay/_b.py": "from ._a import *\ndef back(): pass\n",
        },
        {"back": (1, 1)},
    ),
    "twice is once": (
        {
            "pay/__init__.py": "from ._core import sell\n",
            "pay/api.py": 'from ._core import sell\n__all__ = ["sell"]\n',
            "pay/_core.py": CORE,
        },
        {"sell": (1, 1)},
    ),
    "a module that uses a private one passes on nothing": (
        {"pay/api.py": "from ._core import sell\n", "pay/_core.py": CORE},
        {},
    ),
    "nor does a function, nor a private name": (
        {"pay/__init__.py": "from ._core import _own\ndef f():\n    from ._core import sell\n", "pay/_core.py": CORE},
        {},
    ),
    "what is public where it stands is counted there": (
        {"pay/__init__.py": "from .core import sell\n", "pay/core.py": CORE},
        {},
    ),
}


@pytest.mark.parametrize("what", PASSED_ON)
def test_public_names_are_followed_into_private_modules(what: str) -> None:
    """A name counts where a public module passes it on, once, and with all that it holds."""
    files, expected = PASSED_ON[what]
    scanned = [examine(Source(path, text.encode())) for path, text in files.items()]

    found = passed_on([msgspec.convert(json.loads(json.dumps(one)), ScannedNames) for one in scanned])

    assert {one.name: (one.public, len(one.findings)) for one in found} == expected


def test_module_at_the_top_is_public() -> None:
    """A package that is the repository itself is not private for the name of its file."""
    assert examine(Source("__init__.py", b"def sell(): pass"))["undocumented"] == 2
