"""How strict type checkers were told to be."""

import pytest

from standfast.evidence.type_findings.mypy_reports import any_expressions, files_among, modules_checked
from standfast.evidence.type_findings.mypy_strictness import STRICT, configuration_of, relaxations
from standfast.evidence.type_findings.pyright_strictness import pyright_relaxations
from standfast.evidence.type_findings.tsc_config import tsc_config

STRICT_MYPY = b"[tool.mypy]\nstrict = true\n"
EACH_FLAG = "\n".join(f"{name} = {str(value).lower()}" for name, value in STRICT.items())

MYPY = [
    ({"pyproject.toml": STRICT_MYPY}, []),
    ({"pyproject.toml": f"[tool.mypy]\n{EACH_FLAG}".encode()}, []),
    ({"pyproject.toml": STRICT_MYPY + b"warn_return_any = false"}, ["warn_return_any = false"]),
    ({"pyproject.toml": STRICT_MYPY + b"no_implicit_reexport = false"}, ["implicit_reexport = true"]),
    ({"pyproject.toml": STRICT_MYPY + b"ignore_errors = true"}, ["ignore_errors = true"]),
    ({"pyproject.toml": STRICT_MYPY + b'disable_error_code = ["misc"]'}, ["disable_error_code = misc"]),
    ({"pyproject.toml": STRICT_MYPY + b'follow_imports = "skip"'}, ["follow_imports = skip"]),
    (
        {"pyproject.toml": STRICT_MYPY + b'[[tool.mypy.overrides]]\nmodule = ["a.*", "b"]\nignore_errors = true'},
        ["ignore_errors = true for a.*", "ignore_errors = true for b"],
    ),
    (
        {"mypy.ini": b"[mypy]\nstrict = True\n[mypy-tests.*]\ndisallow_untyped_defs = False"},
        ["disallow_untyped_defs = false for tests.*"],
    ),
    ({"setup.cfg": b"[mypy]\nstrict = true"}, []),
    ({"mypy.ini": b"[mypy]\nstrict = true", "pyproject.toml": b"[tool.mypy]\nstrict = false"}, []),
]


@pytest.mark.parametrize(("files", "weaker"), MYPY)
def test_mypy_settings_are_compared_with_strict(files: dict[str, bytes], weaker: list[str]) -> None:
    """Every setting that is weaker than ``--strict`` is found, wherever mypy reads its settings."""
    found = configuration_of(files)

    assert found is not None
    assert [str(one) for one in relaxations(found)] == weaker


def test_empty_mypy_settings_are_not_strict() -> None:
    """A table without ``strict`` leaves every flag off."""
    found = configuration_of({"pyproject.toml": b"[tool.mypy]\npython_version = '3.11'"})

    assert found is not None
    assert len(relaxations(found)) == len(STRICT)


@pytest.mark.parametrize(
    "files", [{}, {"pyproject.toml": b"[tool.ruff]"}, {"setup.cfg": b"[flake8]"}, {"pyproject.toml": b"["}]
)
def test_project_without_mypy_has_no_settings(files: dict[str, bytes]) -> None:
    """Where nothing configures mypy, that is said."""
    assert configuration_of(files) is None


PYRIGHT = [
    ({"pyrightconfig.json": b'{"typeCheckingMode": "strict"}'}, "pyright", []),
    ({"pyrightconfig.json": b'{// why\n"typeCheckingMode": "basic",}'}, "pyright", ["typeCheckingMode = basic"]),
    ({"pyproject.toml": b"[tool.pyright]"}, "pyright", ["typeCheckingMode = standard"]),
    ({"pyproject.toml": b"[tool.basedpyright]"}, "basedpyright", []),
    (
        {"pyproject.toml": b'[tool.pyright]\ntypeCheckingMode = "strict"\nreportAny = false\nignore = ["a"]'},
        "pyright",
        ["reportAny = false", "ignore for a"],
    ),
]


@pytest.mark.parametrize(("files", "checker", "weaker"), PYRIGHT)
def test_pyright_settings_are_compared_with_strict(files: dict[str, bytes], checker: str, weaker: list[str]) -> None:
    """Every setting that is weaker than the strict mode is found, comments and trailing commas read over."""
    assert [str(one) for one in pyright_relaxations(files, checker) or ()] == weaker


def test_unreadable_pyright_settings_are_not_known() -> None:
    """A configuration that cannot be read does not count as strict."""
    assert pyright_relaxations({"pyrightconfig.json": b"{"}, "pyright") is None


def test_tsc_settings_are_compared_with_strict() -> None:
    """``strict`` must be on, and nothing that it turns on may be off."""
    strict = tsc_config(b'{"compilerOptions": {"strict": true}, "files": ["./a.ts"]}')
    partly = tsc_config(b'{"compilerOptions": {"strict": true, "noImplicitAny": false}}')

    assert strict is not None
    assert partly is not None
    assert strict.relaxations() == ()
    assert [str(one) for one in partly.relaxations()] == ["noImplicitAny = false"]
    assert tsc_config(b"error TS5057") is None


def test_reports_of_mypy_tell_modules_and_untyped_expressions() -> None:
    """The line counts name the modules, and the other report sums up to the share of Any."""
    lines = b"   10   15   2   3 total\n    9   14   2   3 pay.api\n    1    1   0   0 pay\n"
    anys = b" Name   Anys   Exprs   Coverage\n------\n pay.api   6   16   62.50%\n pay   0   1   100.00%\n"

    assert modules_checked(lines) == {"pay.api", "pay"}
    assert any_expressions(anys) == (6, 17)
    assert any_expressions(b"") is None


def test_module_names_one_file() -> None:
    """Of two files that could be the module, the one that shares more of the name is; never both."""
    modules = frozenset({"pay", "pay.api", "util"})
    paths = ["src/pay/__init__.py", "src/pay/api.py", "src/pay/util.py", "util.py", "src/other.py"]

    assert files_among(modules, paths) == {"src/pay/__init__.py", "src/pay/api.py", "util.py"}


def test_stub_stands_for_the_module_beside_it() -> None:
    """Of a module and its stub, mypy checks the stub."""
    modules = frozenset({"pay", "pay.api"})

    assert files_among(modules, ("pay/__init__.py", "pay/__init__.pyi", "pay/api.py")) == {
        "pay/__init__.pyi",
        "pay/api.py",
    }
