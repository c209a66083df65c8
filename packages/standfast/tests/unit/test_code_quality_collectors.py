"""What the collectors of code quality plan, and how they take what their tools left."""

import json
from types import ModuleType
from typing import Any

import pytest

from standfast.evidence.code_findings.collectors import bandit
from standfast.evidence.complexity.collectors import lizard, python_sources
from standfast.evidence.contract import Inapplicable, Plan, Project, ToolRun, TrackedFile
from standfast.evidence.duplication.collectors import duplicated_code
from standfast.evidence.formatting.collectors import black, ruff_format
from standfast.evidence.lint.collectors import eslint, ruff
from standfast.evidence.suppressions.collectors import suppressing_comments
from standfast.evidence.tool_configuration.collectors import against_base
from standfast.evidence.type_findings.collectors import basedpyright, mypy, pyright, tsc
from standfast.model import EvidenceError, Profile, Subject

COLLECTORS: list[ModuleType] = [
    *(bandit, lizard, python_sources, duplicated_code, black, ruff_format, eslint, ruff, suppressing_comments),
    *(against_base, basedpyright, mypy, pyright, tsc),
]
PYTHON = ("src/pay/__init__.py", "src/pay/api.py", "tests/test_api.py", "docs/conf.py")


def project(*paths: str, **more: Any) -> Project:  # fields of the project
    """Return a project with those tracked files, at ``/p``."""
    given: dict[str, Any] = {
        "python": None,
        "tools": {},
        "settings": {},
        "scratch": "/scratch",
        **more,
    }
    return Project(
        root="/p",
        files=tuple(TrackedFile(path, "0" * 40, 10) for path in paths),
        profile=Profile(),
        subject=Subject(repository="pay", tree="t"),
        **given,
    )


def left(plan: Plan, **more: Any) -> ToolRun:  # fields of the run
    """Return a run of *plan* that left those things."""
    given: dict[str, Any] = {"exit_status": 0, "stdout": b"", "stderr": b"", "outputs": {}, **more}
    return ToolRun(plan=plan, version="1.0", duration_s=1.0, **given)


def planned(module: Any, where: Project) -> Plan:  # a collector
    """Return the plan of a collector that has one."""
    plan = module.plan(where)
    assert isinstance(plan, Plan), plan
    return plan


@pytest.mark.parametrize("module", COLLECTORS, ids=lambda module: str(module.TOOL.name))
def test_nothing_to_look_at_is_said(module: Any) -> None:  # a collector
    """In a project without a file for it, a collector says why it has nothing to do."""
    plan = module.plan(project("README.md"))

    assert isinstance(plan, Inapplicable)
    assert plan.reason


ENDS = {
    "unknown status": {"exit_status": 77},
    "no status": {"exit_status": None},
    "out of time": {"timed_out": True},
    "cut off": {"truncated": True},
}
SPEAKING = [module for module in COLLECTORS if module not in (tsc, against_base)]
"""Collectors whose tools print something also when all is well."""


@pytest.mark.parametrize("module", COLLECTORS, ids=lambda module: str(module.TOOL.name))
@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_broken_run_is_never_evidence(module: Any, end: dict[str, Any]) -> None:  # a collector
    """A run that was cut short, or ended with a status that the tool does not use, is an error."""
    with pytest.raises(EvidenceError):
        module.interpret(left(Plan(argv=("x",), expected=1), **end), project(*PYTHON))


@pytest.mark.parametrize("module", SPEAKING, ids=lambda module: str(module.TOOL.name))
@pytest.mark.parametrize("output", [b"", b"\xff{", b"all is well"], ids=["nothing", "garbage", "prose"])
def test_output_that_is_something_else_is_never_evidence(module: Any, output: bytes) -> None:  # a collector
    """Output that the tool does not print is an error, also where the status says that all is well."""
    with pytest.raises(EvidenceError):
        module.interpret(left(Plan(argv=("x",), expected=1), stdout=output), project(*PYTHON))


def test_ruff_tells_what_it_examined_and_with_which_rules() -> None:
    """Tracked files that Ruff is configured to leave out are missing from what was examined."""
    where = project(*PYTHON)
    plan = planned(ruff, where)
    shown = "\n".join(f"/p/{path}" for path in ("src/pay/__init__.py", "src/pay/api.py", "untracked.py"))
    settings = b"linter.rules.enabled = [\n\tunused-import (F401),\n\tassert (S101),\n]\n"

    (reading,) = ruff.interpret(
        left(plan, stdout=b"[]", outputs={"ruff-files": shown.encode(), "ruff-settings": settings}), where
    )

    assert (reading.body.examination.examined, reading.body.examination.expected) == (2, 4)
    assert "leave out docs/conf.py" in reading.body.examination.notes[0]
    assert (reading.body.facts()["lint.rules"].value, reading.body.families) == (2, ("F", "S"))  # type: ignore[attr-defined]  # a field of this kind only


def test_ruff_without_its_list_of_files_proves_nothing() -> None:
    """Where Ruff does not say which files it took, nothing is known to be examined."""
    where = project(*PYTHON)

    (reading,) = ruff.interpret(left(planned(ruff, where), stdout=b"[]"), where)

    assert reading.body.examination.examined is None


def test_settings_take_files_out_of_the_inventory() -> None:
    """What ``[collect.ruff] exclude`` names need not be examined."""
    where = project(*PYTHON, settings={"exclude": ["docs", "tests/*"]})

    assert planned(ruff, where).expected == 2


def test_mypy_takes_its_targets_from_the_settings_or_the_layout() -> None:
    """Targets are those of the settings, of mypy's configuration, the folder ``src``, or the packages at the root."""
    flat = ("pay/__init__.py", "pay/api.py", "cli.py", "tests/test_api.py")
    named = {"pyproject.toml": b'[tool.mypy]\nfiles = ["pay"]\n'}

    assert planned(mypy, project(*flat, settings={"paths": ["pay"]})).argv[-1] == "pay"
    assert planned(mypy, project(*flat, configuration=named)).argv[-1] == "/scratch"
    assert planned(mypy, project(*PYTHON)).argv[-1] == "src"
    assert planned(mypy, project(*flat)).argv[-2:] == ("pay", "cli.py")


def test_mypy_is_strict_where_nothing_configures_it() -> None:
    """A project that says nothing about mypy is checked strictly; one that does is checked as it says."""
    configured = {"pyproject.toml": b"[tool.mypy]\n"}

    assert "--strict" in planned(mypy, project(*PYTHON)).argv
    assert "--strict" not in planned(mypy, project(*PYTHON, configuration=configured)).argv


def test_mypy_joins_findings_with_denominator_and_strictness() -> None:
    """The files checked, the relaxed settings and the share of Any stand beside the errors."""
    where = project(*PYTHON, configuration={"pyproject.toml": b"[tool.mypy]\nstrict = true\nignore_errors = true"})
    outputs = {
        "linecount.txt": b" 9 14 2 3 total\n 9 14 2 3 pay.api\n",
        "any-exprs.txt": b" pay.api 1 10 90.00%\n",
    }
    text = b"src/pay/api.py:3:1: error: Bad  [misc]\nFound 1 error in 1 file (checked 1 source file)\n"

    (reading,) = mypy.interpret(left(planned(mypy, where), exit_status=1, stdout=text, outputs=outputs), where)

    facts = {name: fact.value for name, fact in reading.body.facts().items()}
    assert facts["type_findings.errors"] == 1
    assert (facts["type_findings.files_checked"], reading.body.examination.expected) == (1, 2)
    assert (facts["type_findings.strict"], facts["type_findings.any_ratio"]) == (False, 0.1)


def test_mypy_settings_that_cannot_be_read_are_not_strict() -> None:
    """A configuration file that is tracked and was not handed over leaves the strictness unknown."""
    where = project(*PYTHON, "mypy.ini")
    text = b"Success: no issues found in 2 source files\n"

    (reading,) = mypy.interpret(left(planned(mypy, where), stdout=text), where)

    assert "type_findings.strict" not in reading.body.facts()


def test_mypy_with_plugins_is_the_projects_own() -> None:
    """Plugins are imported by mypy itself, so that an isolated one cannot check such a project."""
    named = {"pyproject.toml": b'[tool.mypy]\nplugins = ["pydantic.mypy"]\n'}

    alone = mypy.plan(project(*PYTHON, configuration=named))

    assert isinstance(alone, Inapplicable)
    assert "pydantic.mypy" in alone.reason
    assert planned(mypy, project(*PYTHON, configuration=named, tools={"mypy": "/p/.venv/bin/mypy"})).argv[0] == "mypy"


def test_project_with_pyright_is_not_checked_by_mypy() -> None:
    """Each project is checked by the checker that it configures."""
    where = project(*PYTHON, configuration={"pyproject.toml": b"[tool.pyright]\n"})

    assert isinstance(mypy.plan(where), Inapplicable)
    assert isinstance(basedpyright.plan(where), Inapplicable)
    assert planned(pyright, where).argv[0] == "pyright"


def test_bandit_names_each_product_file() -> None:
    """Every file of the product is an argument; tests and documentation are not."""
    plan = planned(bandit, project(*PYTHON))

    assert plan.argv[-2:] == ("./src/pay/__init__.py", "./src/pay/api.py")
    assert plan.expected == 2


def test_bandit_rules_follow_the_configuration() -> None:
    """Skipped tests are missing from the rules that it looked with."""
    where = project(*PYTHON, "pyproject.toml", configuration={"pyproject.toml": b'[tool.bandit]\nskips = ["B608"]'})
    report = {"errors": [], "metrics": {"_totals": {}, "./src/pay/api.py": {}}, "results": [], "generated_at": ""}

    (reading,) = bandit.interpret(left(planned(bandit, where), stdout=json.dumps(report).encode()), where)

    rules = {rule.id for rule in reading.body.rules}  # type: ignore[attr-defined]  # a field of this kind only
    assert "B608" not in rules
    assert "B324" in rules
    assert reading.body.examination.shortfalls() == ("1 of 2 files were examined",)


def test_black_is_used_where_it_is_configured() -> None:
    """A project that configures Black is formatted with Black, every other with Ruff."""
    with_black = project(*PYTHON, configuration={"pyproject.toml": b"[tool.black]\n"})

    assert isinstance(ruff_format.plan(with_black), Inapplicable)
    assert planned(black, with_black).argv[0] == "black"
    assert isinstance(black.plan(project(*PYTHON)), Inapplicable)


def test_black_is_used_where_it_is_the_formatter_that_the_project_brings() -> None:
    """A project that brings Black and not Ruff formats with Black, although no setting says so."""
    brought = project(*PYTHON, tools={"black": "/p/.venv/bin/black"})
    both = project(*PYTHON, tools={"black": "/p/.venv/bin/black", "ruff": "/p/.venv/bin/ruff"})

    assert isinstance(ruff_format.plan(brought), Inapplicable)
    assert planned(black, brought).argv[0] == "black"
    assert isinstance(black.plan(both), Inapplicable)


def test_formatter_that_says_nothing_proves_nothing() -> None:
    """Output without the number of files is an error."""
    where = project(*PYTHON)

    with pytest.raises(EvidenceError, match="how many files"):
        ruff_format.interpret(left(planned(ruff_format, where)), where)


def test_javascript_without_its_tools_says_what_to_do() -> None:
    """ESLint and the compiler are the project's own or none."""
    where = project("web/app.ts", "tsconfig.json")

    for module in (eslint, tsc):
        plan = module.plan(where)
        assert isinstance(plan, Inapplicable)
        assert "npm ci" in plan.reason


def test_tsc_tells_which_files_it_checked() -> None:
    """The files of the effective configuration are those checked, and ``strict`` stands beside."""
    where = project("web/app.ts", "web/other.ts", "tsconfig.json", tools={"tsc": "/p/node_modules/.bin/tsc"})
    config = {"compilerOptions": {"strict": True}, "files": ["./web/app.ts"]}

    (reading,) = tsc.interpret(left(planned(tsc, where), outputs={"tsc-config": json.dumps(config).encode()}), where)

    assert reading.body.examination.shortfalls() == ("1 of 2 files were examined",)
    assert reading.body.facts()["type_findings.strict"].value is True


def test_eslint_tells_which_rules_were_on() -> None:
    """Rules that are off do not count."""
    where = project("web/app.js", tools={"eslint": "/p/node_modules/.bin/eslint"})
    report = [{"filePath": "/p/web/app.js", "messages": []}]
    config = {"rules": {"no-eval": ["error"], "eqeqeq": 2, "semi": "off", "quotes": [0, "double"]}}

    (reading,) = eslint.interpret(
        left(
            planned(eslint, where),
            stdout=json.dumps(report).encode(),
            outputs={"eslint-config": json.dumps(config).encode()},
        ),
        where,
    )

    assert reading.body.facts()["lint.rules"].value == 2


def test_eslint_names_a_file_that_it_did_not_look_at() -> None:
    """A file that the project tracks and ESLint ignores is named; another one in its place makes up for nothing."""
    where = project("web/app.js", "dist/app.js", tools={"eslint": "/p/node_modules/.bin/eslint"})
    listed = [{"filePath": f"/p/{path}", "messages": []} for path in ("web/app.js", "package.json")]

    (reading,) = eslint.interpret(left(planned(eslint, where), stdout=json.dumps(listed).encode()), where)

    (said,) = reading.body.examination.shortfalls()
    assert said == "1 of 2 files were examined (ESLint did not look at dist/app.js)"


def test_scan_counts_what_it_cannot_parse() -> None:
    """A file that could not be parsed is an error of each kind that the scan serves."""
    where = project("src/a.py", "src/b.py")
    printed = {
        "python": "3.11",
        "files": 2,
        "errors": [{"path": "src/b.py", "reason": "line 1 is not Python 3.11"}],
        "found": {
            "complexity": [],
            "docstrings": [],
            "error_handling": [],
            "outbound_calls": [],
            "service_code": [],
            "service_setup": [],
            "metric_code": [],
        },
    }

    readings = python_sources.interpret(
        left(planned(python_sources, where), stdout=json.dumps(printed).encode()), where
    )

    assert [reading.body.KIND for reading in readings] == list(python_sources.TOOL.kinds)
    assert all(reading.body.examination.errors == 1 for reading in readings)


def test_configuration_is_compared_with_the_base() -> None:
    """The base's files come from git, ours from the working copy; without a base there is nothing to compare."""
    where = project("pyproject.toml", base="abc")
    plan = planned(against_base, where)
    outputs = {
        "base/pyproject.toml": b'[tool.ruff.lint]\nselect = ["E", "S"]',
        "pyproject.toml": b'[tool.ruff.lint]\nselect = ["E"]',
    }

    (reading,) = against_base.interpret(left(plan, stdout=b"pyproject.toml\0", outputs=outputs), where)

    assert [item.message for item in reading.body.items.listed] == ["ruff.lint.select no longer has S"]
    assert isinstance(against_base.plan(project("pyproject.toml")), Inapplicable)


def test_base_file_that_git_does_not_print_is_an_error() -> None:
    """A file that the base has and that cannot be read there is not held to be new."""
    where = project("pyproject.toml", base="abc")

    with pytest.raises(EvidenceError, match="does not print"):
        against_base.interpret(left(planned(against_base, where), stdout=b"pyproject.toml\0"), where)
