"""What every collector promises about a tool that prints something else than it should."""

from pathlib import Path

import pytest

from standfast.app.modules.evidence_modules import FoundCollector, collectors
from standfast.evidence.contract import Inapplicable, Project, ToolRun, TrackedFile
from standfast.model import EvidenceError, Profile, Subject

PATHS = (
    *("README.md", "src/app.py", "tests/unit/test_app.py", "pyproject.toml", "requirements.txt", "uv.lock"),
    *("package.json", "package-lock.json", "tsconfig.json", "web/app.ts", "web/app.js", "eslint.config.js"),
    *("Dockerfile", "main.tf", "compose.yaml", "k8s/app.yaml", ".github/workflows/ci.yml", "openapi.json"),
    *("docs/adr/0001-a.md", "attestations/a.toml", "alerts/rules.yml", "vex/a.openvex.json"),
)
TOOLS = ("node", "npm", "git", "eslint", "tsc", "pytest", "jest", "vitest")
PACKAGE = b'{"devDependencies": {"jest": "^30", "vitest": "^4", "@vitest/coverage-v8": "^4"}}'
GARBAGE = b"\xff{nothing]"
FOUND = collectors()


def project(folder: Path) -> Project:
    """Return a project that has something for most tools."""
    return Project(
        root=str(folder),
        files=tuple(TrackedFile(path, "0" * 40, 10) for path in PATHS),
        profile=Profile(),
        subject=Subject(repository="r", tree="1" * 40, commit="2" * 40),
        python="/usr/bin/python3",
        tools={name: f"/usr/bin/{name}" for name in TOOLS},
        settings={},
        scratch=str(folder),
        base="3" * 40,
        configuration={"package.json": PACKAGE},
    )


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.name)
def test_garbage_is_never_a_clean_result(found: FoundCollector, tmp_path: Path) -> None:
    """Whatever the exit status says: bytes that no such tool writes are an error, or prove nothing."""
    here = project(tmp_path)
    plan = found.module.plan(here)
    if isinstance(plan, Inapplicable):
        assert plan.reason
        return
    names = (*plan.outputs, *plan.before, *plan.also)
    for status in found.module.TOOL.exits:
        run = ToolRun(
            plan=plan,
            version="1",
            exit_status=status,
            stdout=GARBAGE,
            stderr=b"",
            outputs=dict.fromkeys(names, GARBAGE),
            duration_s=1.0,
        )
        try:
            read = found.module.interpret(run, here)
        except EvidenceError:
            continue
        assert all(reading.problems or reading.body.examination.examined is None for reading in read)


def test_most_collectors_have_something_to_do(tmp_path: Path) -> None:
    """The project above is not one in which nothing is tried."""
    idle = [found.name for found in FOUND if isinstance(found.module.plan(project(tmp_path)), Inapplicable)]

    assert len(idle) < len(FOUND) / 4, idle
