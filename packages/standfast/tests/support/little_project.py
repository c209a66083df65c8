"""A small repository that is judged through the command line, as a person would."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

SETTINGS = """\
[project]
name = "little"

[profile]
service = false
library = false
api = false
web_pages = false
database = false
external_services = false
authentication = false
personal_data = false
card_data = false
financial_reporting = false
container = false
infrastructure = false
critical_paths = ["src/little/*.py"]
"""
"""Settings with every flag decided, so that what is unknown is unknown for want of evidence."""

FILES = {
    ".gitignore": ".standfast/\nreports/\n",
    "README.md": "# Little\n",
    "src/little/__init__.py": (
        '"""Add."""\n\n\ndef add(a: int, b: int) -> int:\n    """Return the sum."""\n    return a + b\n'
    ),
    "tests/unit/test_add.py": "from little import add\n\n\ndef test_add() -> None:\n    assert add(1, 2) == 3\n",
    "standfast.toml": SETTINGS,
}

ANA = {
    "GIT_AUTHOR_NAME": "Ana Ruiz",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana Ruiz",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
"""Who commits, without any settings of the person who runs the tests."""

STANDFAST = (str(Path(sys.executable).with_name("standfast")),)
"""The installed command."""


class Ran(msgspec.Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams."""
        return self.out + self.err


class Judged(msgspec.Struct, frozen=True):
    """What a gate answered: its exit code, and each control's record; there is none where it could not decide."""

    code: int
    err: str
    verdict: dict[str, Any]

    def status(self, control: str) -> str:
        """Return what counts for *control*."""
        return str(self._result(control)["status"])

    def why(self, control: str) -> str:
        """Return every sentence that says why *control* is not green, and which evidence was refused."""
        result = self._result(control)
        findings = [finding["message"] for finding in result.get("findings", ())]
        refused = [use["refused"] for use in result.get("evidence", ()) if use.get("refused")]
        waivers = [f"{use['id']}: {use['why']}" for use in result.get("waivers", ())]
        return "\n".join([*result.get("reasons", ()), *findings, *refused, *waivers])

    @property
    def statuses(self) -> dict[str, str]:
        """The status of every control."""
        return {result["control"]: result["status"] for result in self.verdict.get("results", ())}

    def _result(self, control: str) -> dict[str, Any]:
        results = {result["control"]: result for result in self.verdict.get("results", ())}
        assert control in results, self.err or sorted(results)
        found: dict[str, Any] = results[control]
        return found


class Project(msgspec.Struct, frozen=True):
    """A folder, and what a person does with it."""

    folder: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write *files* below the folder."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def settings(self, more: str = "", *flags: str) -> None:
        """Let the profile say that *flags* are true, and let the settings end with *more*."""
        text = SETTINGS
        for flag in flags:
            text = text.replace(f"\n{flag} = false", f"\n{flag} = true")
        self.write({"standfast.toml": text + more})

    def git(self, *words: str, **environment: str) -> str:
        """Run git as Ana and return what it prints."""
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env={**clean_environment(), **ANA, **environment},
            check=True,
            capture_output=True,
        )
        return os.fsdecode(done.stdout).strip()

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "Change", **author: str) -> str:
        """Commit everything, *files* included, and return the commit's id."""
        self.write(files or {})
        self.git("add", "--all", **author)
        self.git("commit", "--quiet", "--allow-empty", "--message", message, **author)
        return self.git("rev-parse", "HEAD")

    def run(self, *words: str | Path, **environment: str) -> Ran:
        """Run ``standfast`` in the folder; it must end in one of the promised ways."""
        return standfast(*words, cwd=self.folder, **environment)

    def take(self, reports: Mapping[str, str | bytes], *options: str) -> Ran:
        """Write *reports* into ``reports/``, which git ignores, and import them."""
        self.write({f"reports/{name}": content for name, content in reports.items()})
        return self.run("import", *(f"reports/{name}" for name in reports), *options)

    def judge(self, *controls: str, options: Iterable[str] = ("--no-collect",), **environment: str) -> Judged:
        """Return what the gate answers for *controls*; without any, for everything."""
        ran = self.run("gate", *options, *controls, "--format", "json", **environment)
        return Judged(ran.code, ran.err, json.loads(ran.out) if ran.out else {})


def standfast(*words: str | Path, cwd: Path, **environment: str) -> Ran:
    """Run the installed command in *cwd*; whatever happens, no traceback and a promised exit code."""
    done = subprocess.run(
        [*STANDFAST, *map(str, words)],
        cwd=cwd,
        env={**clean_environment(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in ran.said, ran.said
    assert ran.code in (0, 1, 2, 3), ran
    return ran


def clean_environment() -> dict[str, str]:
    """Return the environment without what a developer's shell or another test may have set for git or Python.

    Nor is the command measured: a measurer writes files of its own, which a test of a full disk would mistake for
    the command's.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PYTHON", "VIRTUAL_ENV", "STANDFAST_", "COV"))
    }


def committed(folder: Path, files: Mapping[str, str | bytes] = FILES) -> Project:
    """Return *folder* as a repository whose only commit holds *files*; all of it is an hour old."""
    project = Project(folder)
    folder.mkdir(parents=True, exist_ok=True)
    project.git("init", "--quiet", "--initial-branch=main", "--template=")
    project.write(files)
    hour_ago = int(time.time()) - 3600  # noqa: TID251  # files get the system's time too
    for name in files:
        os.utime(folder / name, (hour_ago, hour_ago))
    date = f"{hour_ago} +0000"
    project.commit(message="Begin", GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    return project


def copied(template: Project, folder: Path) -> Project:
    """Return a copy of *template*, file times included."""
    shutil.copytree(template.folder, folder, symlinks=True)
    return Project(folder)
