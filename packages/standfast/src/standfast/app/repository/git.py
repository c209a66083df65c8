"""Ask git about a working copy without changing it and without running what its configuration names."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

from standfast.model import ConfigurationError

TIMEOUT_S = 120.0

# A repository's own configuration may name programs (a file system monitor, hooks, a pager) or hide changes.
_SAFE = (
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.hooksPath=/dev/null",
    "core.ignoreStat=false",
    "core.checkStat=default",
    "core.sparseCheckout=false",
    "core.quotePath=false",
    "core.looseCompression=0",
    "core.fsync=none",
    "core.safecrlf=false",
    "advice.addEmbeddedRepo=false",
)


class Git:
    """Git in one folder. Every call is bounded in time; none takes the index lock or asks a question."""

    def __init__(self, folder: Path, *settings: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._environment = {**_environment(), **(environment or {})}
        self._options = tuple(part for setting in (*_SAFE, *settings) for part in ("-c", setting))

    def aside(self, *settings: str, **environment: str) -> "Git":
        """Return git in the same folder with more *settings* and variables, so that it works on another index."""
        return Git(self.folder, *settings, environment=environment)

    def ask(self, *arguments: str, stdin: bytes | None = None) -> bytes | None:
        """Return what git prints, or None where it exits with another status than 0."""
        done = self._run(arguments, stdin)
        return done.stdout if done.returncode == 0 else None

    def line(self, *arguments: str) -> str | None:
        """Return the one line that git prints, or None where it fails."""
        printed = self.ask(*arguments)
        return None if printed is None else os.fsdecode(printed).strip()

    def must(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """Return what git prints.

        Raises:
            ConfigurationError: Git refuses; its own words are quoted.
        """
        done = self._run(arguments, stdin)
        if done.returncode != 0:
            raise refusal(self.folder, arguments[0], done.stderr)
        return done.stdout

    def _run(self, arguments: tuple[str, ...], stdin: bytes | None) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", "--no-optional-locks", *self._options, *arguments],
                cwd=self.folder,
                env=self._environment,
                input=b"" if stdin is None else stdin,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except FileNotFoundError as error:
            raise ConfigurationError(
                "git-missing", f"{self.folder} is a git repository and git is not installed", hint="install git"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise ConfigurationError(
                "git-timeout", f"git {arguments[0]} did not answer within {TIMEOUT_S:.0f} s in {self.folder}"
            ) from error


class Place(msgspec.Struct, frozen=True):
    """Where a folder stands in its repository; ``prefix`` is its path below the top, ending in a slash."""

    root: Path
    git: Git
    prefix: str
    index: Path
    objects: Path


def place_of(root: Path) -> Place | None:
    """Return where *root* stands in its repository, or None where there is no repository around it.

    Raises:
        ConfigurationError: The repository has no files (bare), or git does not trust it or cannot read it.
    """
    marked = any((folder / ".git").exists() for folder in (root, *root.parents))
    bare = (root / "HEAD").is_file() and (root / "objects").is_dir()
    if not marked and not bare:
        return None
    git = Git(root)
    asked = ("--is-inside-work-tree", "--show-prefix", "--path-format=absolute", "--git-path", "index")
    inside, prefix, index, objects = os.fsdecode(
        git.must("rev-parse", *asked, "--git-path", "objects").removesuffix(b"\n")
    ).split("\n")
    if inside != "true":
        raise ConfigurationError(
            "git-bare", f"{root} is a bare repository or inside .git: it has no files", hint="use a working copy of it"
        )
    return Place(root, git, prefix, Path(index), Path(objects))


def installed() -> str | None:
    """Return where git is, or None."""
    return shutil.which("git")


def refusal(folder: Path, command: str, stderr: bytes) -> ConfigurationError:
    """Return the error for what git said on *stderr*."""
    said = stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in said:
        return ConfigurationError(
            "git-ownership",
            f"git does not trust {folder}: it belongs to another user",
            hint=f"if you trust it: git config --global --add safe.directory {folder}",
        )
    detail = next((line for line in said.splitlines() if line.startswith(("fatal", "error"))), said[-200:])
    return ConfigurationError("git-refused", f"git {command} failed in {folder}: {detail or 'it gave no reason'}")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "XDG_CONFIG_HOME") if name in os.environ}
    fixed = {
        "LC_ALL": "C.UTF-8",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",  # a commit means its own tree, not one that was put in its place
    }
    return {**kept, **fixed}
