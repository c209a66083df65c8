"""Which changes of tool configuration ask less than before."""

import pytest

from standfast.evidence.tool_configuration.weaker import weakenings

RUFF = '[tool.ruff.lint]\nselect = ["E", "S"]\nignore = ["E501"]\n[tool.ruff.lint.mccabe]\nmax-complexity = 10\n'

NAME = '[project]\nname = "x"\n'

CHANGES = [
    ("pyproject.toml", RUFF, RUFF, 0),
    ("pyproject.toml", RUFF, RUFF.replace('"E", "S"', '"E", "S", "B"'), 0),
    ("pyproject.toml", RUFF, RUFF.replace('"E", "S"', '"E"'), 1),
    ("pyproject.toml", RUFF, RUFF.replace('"E", "S"', '"ALL"'), 0),
    ("pyproject.toml", RUFF.replace('"S"', '"S608"'), RUFF, 0),
    ("pyproject.toml", RUFF, RUFF.replace('"E501"', '"E501", "S101"'), 1),
    ("pyproject.toml", RUFF, RUFF.replace("= 10", "= 11"), 1),
    ("pyproject.toml", RUFF, RUFF.replace("= 10", "= 9"), 0),
    ("pyproject.toml", RUFF, "", 2),
    ("pyproject.toml", RUFF, RUFF + '[tool.ruff.lint.per-file-ignores]\n"a.py" = ["S"]\n', 1),
    ("ruff.toml", 'exclude = ["a"]', 'exclude = ["a", "b"]', 1),
    ("pyproject.toml", "[tool.mypy]\nstrict = true", "[tool.mypy]\nstrict = true\nwarn_return_any = false", 1),
    ("pyproject.toml", "[tool.mypy]\nstrict = true", "", 1),
    ("mypy.ini", "[mypy]\nstrict = true", "[mypy]\nstrict = true\n[mypy-a.*]\nignore_errors = true", 1),
    ("mypy.ini", "[mypy]\nfiles = a, b", "[mypy]\nfiles = a", 1),
    ("pyproject.toml", "[tool.coverage.report]\nfail_under = 90", "[tool.coverage.report]\nfail_under = 89", 1),
    ("pyproject.toml", "[tool.coverage.run]\nbranch = true", "[tool.coverage.run]\nbranch = false", 1),
    (".coveragerc", "[run]\nomit = a", "[run]\nomit = a\n  b", 1),
    ("setup.cfg", "[flake8]\nextend-ignore = E1", "[flake8]\nextend-ignore = E1,E2", 1),
    ("pyproject.toml", "", '[tool.bandit]\nskips = ["B101"]', 1),
    (
        "pyproject.toml",
        '[tool.pytest.ini_options]\naddopts = "-q --strict-markers"',
        '[tool.pytest.ini_options]\naddopts = "-q --ignore=a"',
        2,
    ),
    ("tsconfig.json", '{"compilerOptions": {"strict": true}}', '{"compilerOptions": {"strict": false}}', 1),
    ("pyrightconfig.json", '{"typeCheckingMode": "strict"}', '{"typeCheckingMode": "basic"}', 1),
    ("standfast.toml", "[profile]\ndatabase = true", "[profile]\ndatabase = false", 1),
    ("standfast.toml", "", '[collect.ruff]\nexclude = ["src"]', 1),
    ("standfast.toml", "[profile]\ndatabase = false", "[profile]\ndatabase = true", 0),
    ("standfast.toml", "", "[collect.bandit]\nenabled = false", 1),
    ("standfast.toml", "[collect.bandit]\nenabled = false", "[collect.bandit]\nenabled = false", 0),
    ("standfast.toml", "", '[collect.pytest]\nargs = ["--ignore=tests/hard"]', 1),
    ("standfast.toml", '[collect.mypy]\npaths = ["a", "b"]', '[collect.mypy]\npaths = ["a"]', 1),
    ("standfast.toml", NAME, NAME + '[waivers.approvers]\n"Eve" = ["quality"]', 1),
    ("standfast.toml", "", '[waivers.approvers]\n"Eve" = ["quality"]', 0),
    ("standfast.toml", NAME, NAME + "[waivers]\ncap_days = 91", 1),
    ("standfast.toml", NAME, NAME + "[waivers]\ncap_days = 89", 0),
    ("standfast.toml", NAME + "[waivers]\ncap_days = 89", NAME, 1),
    ("standfast.toml", NAME, NAME + "[controls.x]\nexpires = 2026-01-01", 1),
    ("standfast.toml", NAME + "[controls.x]\nexpires = 2026-01-02", NAME + "[controls.x]\nexpires = 2026-01-01", 0),
    ("standfast.toml", NAME, NAME + '[standard]\nuse = "mine.toml"', 1),
    ("standfast.toml", NAME, NAME + '[standard.modules]\n"quality/tdd.md" = "mine.toml"', 1),
    ("standfast.toml", NAME, NAME + "[[standard.override]]\nfact = 'x'\nexpires = 2026-01-01", 1),
    ("standfast.toml", NAME, NAME + "[[standard.override]]\nfact = 'x'", 0),
    ("standfast.toml", NAME, NAME + 'base = "HEAD"', 1),
    ("standfast.toml", NAME + "[[freeze]]\nstarts = 2026-01-01", NAME, 1),
    ("pyproject.toml", '[project]\nversion = "1"', '[project]\nversion = "2"', 0),
]


@pytest.mark.parametrize(("path", "before", "after", "weaker"), CHANGES)
def test_change_is_weaker_or_not(path: str, before: str, after: str, weaker: int) -> None:
    """Each way in which a change asks less of a tool is one sentence; what asks more or the same is none."""
    found = weakenings(path, before.encode(), after.encode())

    assert len({sentence.removeprefix("based") for sentence in found}) == weaker, found
