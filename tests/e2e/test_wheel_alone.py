"""What users install works alone: the wheels, in a bare environment, without the repository."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from documents import greeter

ROOT = Path(__file__).parents[2]
UV = str(ROOT / "scripts/uv")


def run(*words: str | Path, cwd: Path, code: int = 0) -> str:
    """Return what a command prints; it must end with *code*."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=900, check=False, env=bare
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two wheels, built from a copy of the sources alone."""
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("standfast", "standfast-kit"):
        source = folder / name
        shutil.copytree(ROOT / "packages" / name, source, ignore=shutil.ignore_patterns("__pycache__", "tests"))
        run(
            UV,
            "build",
            "--quiet",
            "--wheel",
            "--no-build-isolation",
            "--python",
            sys.executable,
            "--out-dir",
            folder,
            source,
            cwd=folder,
        )
    return {wheel.name.split("-")[0]: wheel for wheel in folder.glob("*.whl")}


@pytest.fixture(scope="module")
def bare(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the two wheels and what they require."""
    folder = tmp_path_factory.mktemp("bare")
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
    run(UV, "pip", "install", "--quiet", "--python", folder / "venv/bin/python", *wheels.values(), cwd=folder)
    return folder / "venv/bin"


def modules(wheel: Path) -> list[str]:
    """Return the dotted names of all modules in *wheel*."""
    names = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")]
    return sorted(name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in names)


NEEDS_AN_EXTRA = {
    "standfast.app.forge.github": "standfast[forge]",
    "standfast.app.forge.gitlab": "standfast[forge]",
    "standfast.app.forge.wire": "standfast[forge]",
    "standfast.ledger.stores.postgres": "standfast[postgres]",
    "standfast.ledger.stores.postgres_server": "standfast[postgres]",
}


@pytest.mark.parametrize("distribution", ["standfast", "standfast_kit"])
def test_every_module_imports(distribution: str, wheels: dict[str, Path], bare: Path) -> None:
    """Each module of a wheel can be imported with nothing but the declared dependencies."""
    names = [name for name in modules(wheels[distribution]) if name not in NEEDS_AN_EXTRA]

    printed = run(
        bare / "python",
        "-Ic",
        "import importlib, sys; print(len([importlib.import_module(n) for n in sys.argv[1:]]))",
        *names,
        cwd=bare,
    )

    assert printed.strip() == str(len(names))


def test_wheel_holds_its_data_and_no_tests(wheels: dict[str, Path]) -> None:
    """Standards, controls with their cases, and templates travel in the wheel; tests do not."""
    names = zipfile.ZipFile(wheels["standfast"]).namelist()

    assert "standfast/standard/bundled/production.toml" in names
    assert sum(name.endswith("/control.toml") for name in names) >= 80
    assert not [name for name in names if "/tests/unit" in name or "__pycache__" in name]


def test_help_lists_every_command(bare: Path) -> None:
    """The help of the installed program lists its commands and exit codes."""
    printed = run(bare / "standfast", "--help", cwd=bare)

    assert all(word in printed for word in ("gate", "explain", "import", "replay", "Exit codes"))


def test_gate_decides_a_repository(bare: Path, tmp_path: Path) -> None:
    """The installed program initialises and judges a project, and replays its own verdict."""
    project = greeter(tmp_path / "greeter")
    run(bare / "standfast", "init", cwd=project)

    printed = run(bare / "standfast", "gate", "documentation", "--format", "json", cwd=project, code=1)
    (tmp_path / "verdict.json").write_text(printed)

    verdict = json.loads(printed)
    assert verdict["schema"] == "standfast.verdict/1"
    assert {gate["gate"] for gate in verdict["gates"]} == {"documentation"}
    assert "same:" in run(bare / "standfast", "replay", tmp_path / "verdict.json", cwd=project)
