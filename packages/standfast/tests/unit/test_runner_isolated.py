"""A tool that the project does not bring runs from an environment of its own, made once."""

import base64
import hashlib
import os
import sys
import threading
import zipfile
from pathlib import Path

import msgspec
import pytest
from fake_tools import FakeCollector, install, repository

from standfast.app.collecting.executables import resolve
from standfast.app.collecting.isolated import cause_in, identity, is_made, isolated_bin, tools_folder
from standfast.app.collecting.runner import Done, Failed, Task, run_task, task_for, version_of
from standfast.app.repository.project import Installed, installed_in
from standfast.app.repository.subject import working_subject
from standfast.evidence.contract import Plan, Project
from standfast.model import ConfigurationError, Profile, UndecidableError


def wheel(folder: Path, version: str = "1.0") -> str:
    """Make a wheel that brings the command ``toy``; return its path, which is a requirement."""
    folder.mkdir(exist_ok=True)
    path = folder / f"toy-{version}-py3-none-any.whl"
    files = {
        "toy.py": f"import sys\ndef main():\n    print('toy {version}', sys.prefix)\n",
        f"toy-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: toy\nVersion: {version}\n",
        f"toy-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"toy-{version}.dist-info/entry_points.txt": "[console_scripts]\ntoy = toy:main\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(text)}\n"
        archive.writestr(f"toy-{version}.dist-info/RECORD", f"{record}toy-{version}.dist-info/RECORD,,\n")
    return str(path)


FAKE_UV = """
if sys.argv[1] == "venv":
    os.makedirs(sys.argv[-1] + "/bin")
    time.sleep(0.2)
elif "absent" in sys.argv[-1]:
    sys.exit("error: no such package")
else:
    toy = os.path.dirname(sys.argv[sys.argv.index("--python") + 1]) + "/toy"
    open(toy, "x").write("#!/bin/sh\\necho toy 1.0\\n")
    os.chmod(toy, 0o755)
"""


@pytest.fixture
def _uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an installer on the path that makes environments with the command ``toy`` and nothing else."""
    place = install(tmp_path / "installer", "uv", FAKE_UV).parent
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep isolated environments below the test's folder, and install without any index."""
    monkeypatch.setenv("STANDFAST_TOOLS", str(tmp_path / "tools"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    return tmp_path / "tools"


def task(root: Path, requirement: str, **more: object) -> Task:
    """Return the task of running the tool of *requirement* in the project *root*."""
    copy, installed = working_subject(root), installed_in(root)
    project = Project(
        root=str(root),
        files=copy.files,
        profile=Profile(),
        subject=copy.subject,
        python=installed.python,
        tools=installed.tools,
        settings={},
        scratch=str(root.parent / "scratch"),
    )
    tool = msgspec.structs.replace(FakeCollector("toy", requirement=requirement).TOOL, **more)
    return task_for(tool, Plan(argv=("toy",), timeout_s=20.0), project, installed)


def run(root: Path, requirement: str) -> Done | Failed:
    """Run the tool of *requirement* in the project *root*."""
    return run_task(task(root, requirement))


@pytest.mark.parametrize(("requirement", "version"), [("toy==1.0", "1.0"), ("toy-bin==1.0", "2.1")])
def test_tool_is_asked_for_its_version_where_its_package_is_another(
    tmp_path: Path, requirement: str, version: str
) -> None:
    """A tool that is pinned under its own name is what it is pinned to, and is not started to say so."""
    root = repository(tmp_path / "project")
    says = install(root, "says", "print('toy 2.1')")
    work = task(root, requirement, version_argv=("--version",))

    assert version_of(work, str(says)) == version


def test_missing_tool_runs_from_its_own_environment(tmp_path: Path, tools: Path) -> None:
    """It is installed below the tools folder, never into the project's environment, and only once."""
    root = repository(tmp_path / "project")
    before = sorted((root / ".venv").rglob("*"))
    requirement = wheel(tmp_path / "wheels")

    first = run(root, requirement)
    Path(requirement).unlink()
    second = run(root, requirement)

    assert isinstance(first, Done), first
    assert isinstance(second, Done), second
    assert first.run.stdout.startswith(b"toy 1.0 " + str(tools).encode())
    assert sorted((root / ".venv").rglob("*")) == before


@pytest.mark.usefixtures("_uv")
def test_requirement_that_cannot_be_installed_could_not_run(tmp_path: Path) -> None:
    """Without index or package the tool is missing, not broken, and nothing half made stays."""
    root = repository(tmp_path / "project")
    requirement = "absent==1.0"

    failed = run(root, requirement)

    assert isinstance(failed, Failed)
    assert not failed.crashed
    assert "no such package" in failed.reason
    assert "could not be installed into an environment of its own" in failed.reason
    assert "with the package index reachable" in failed.hint


@pytest.mark.usefixtures("_uv")
def test_installation_that_was_cut_short_is_made_anew(tmp_path: Path, tools: Path) -> None:
    """A folder without its mark of completion is not used."""
    root = repository(tmp_path / "project")
    requirement = "toy==1.0"
    python = resolve("toy", requirement, installed_in(root)).python
    half = tools / identity(requirement, python) / "bin"
    half.mkdir(parents=True)
    (half / "toy").write_text("#!/bin/sh\necho half\n")
    (half / "toy").chmod(0o755)
    assert not is_made(requirement, python)

    done = run(root, requirement)

    assert isinstance(done, Done)
    assert done.run.stdout.startswith(b"toy 1.0")


@pytest.mark.usefixtures("_uv")
def test_two_runs_at_once_make_one_environment(tmp_path: Path, tools: Path) -> None:
    """The second waits for the first instead of installing over it."""
    root = repository(tmp_path / "project")
    requirement = "toy==1.0"
    python = resolve("toy", requirement, installed_in(root)).python
    results: list[Path] = []
    threads = [threading.Thread(target=lambda: results.append(isolated_bin(requirement, python))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(results)) == 1
    assert (results[0] / "toy").exists()
    assert len([entry for entry in tools.iterdir() if entry.is_dir()]) == 1


@pytest.mark.usefixtures("_uv")
def test_package_without_the_command_is_named() -> None:
    """A requirement that does not bring the command is an error of ours, and says so."""
    executable = resolve("other", "toy==1.0", Installed())

    with pytest.raises(UndecidableError, match="brings no command other"):
        executable.located()


def test_identity_follows_requirement_and_interpreter(tmp_path: Path) -> None:
    """Another version, or an interpreter that was replaced, is another environment."""
    python = tmp_path / "python"
    python.write_text("one")
    first = identity("ruff==1", str(python))
    python.write_text("replaced")

    assert len({first, identity("ruff==1", str(python)), identity("ruff==2", str(python))}) == 3
    assert identity("npm:eslint@9", "a") == identity("npm:eslint@9", "b")


def test_tools_folder_is_the_users_cache_unless_named() -> None:
    """The place can be chosen by a variable."""
    assert tools_folder({"STANDFAST_TOOLS": "/t"}) == Path("/t")
    assert tools_folder({"XDG_CACHE_HOME": "/c"}) == Path("/c/standfast/tools")


def test_nearest_environment_of_the_project_is_its_own(tmp_path: Path) -> None:
    """A project in a workspace uses the workspace's environment, and another one where the settings name it."""
    root = repository(tmp_path / "workspace", {"member/a.py": ""})

    assert installed_in(root / "member").folder == str(root / ".venv")
    named = installed_in(root / "member", named="../.venv")
    assert named.python is not None
    assert Path(named.python).samefile(root / ".venv/bin/python")
    with pytest.raises(ConfigurationError, match="not a Python environment"):
        installed_in(root, named="absent")


def test_active_environment_counts_unless_it_is_ours(tmp_path: Path) -> None:
    """An activated environment is the project's; the one that Standfast runs in is not."""
    other = repository(tmp_path / "other") / ".venv"
    (tmp_path / "project").mkdir()

    assert installed_in(tmp_path / "project", environment={"VIRTUAL_ENV": str(other)}).folder == str(other)
    assert installed_in(tmp_path / "project", environment={"VIRTUAL_ENV": sys.prefix}).folder is None


INSTALLERS = {
    "uv, no trust": (
        "error: Failed to fetch: https://index.example/bandit/\n"
        "  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer\n\n"
        "hint: Consider enabling use of system TLS certificates with the `--system-certs` command-line flag\n",
        "cause: invalid peer certificate: UnknownIssuer",
    ),
    "uv, an older form": (
        "  \u00d7 Failed to download\n  ├─▶ error sending request\n  ╰─▶ Caused by: timed out\n",
        "Caused by: timed out",
    ),
    "pip": (
        "ERROR: Could not find a version that satisfies the requirement nothing==1\n"
        "ERROR: No matching distribution found for nothing==1\n",
        "ERROR: No matching distribution found for nothing==1",
    ),
    "plain words": ("Killed\nhint: buy memory\n", "Killed"),
    "silence": ("\n", ""),
}


@pytest.mark.parametrize(("said", "cause"), INSTALLERS.values(), ids=INSTALLERS)
def test_installer_error_names_the_cause(said: str, cause: str) -> None:
    """Of all that an installer says, what happened is passed on, and not what it proposes to try."""
    assert cause_in(said) == cause
