"""Run a project's tools the way a person does, and count from what they print for people.

Nothing of Standfast is used here, and not the formats that it reads where a tool has another: summaries, CSV, totals.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Counts = dict[str, int]


@dataclass(frozen=True)
class ByHand:
    """What a person counts after one tool, and how long it took."""

    counts: Counts
    seconds: float


class Shell:
    """Runs commands in a project, with the tools that Standfast brought and the project's own."""

    def __init__(self, root: Path, tools: Path) -> None:
        self.root, self._tools = root, tools
        own = root / ".venv" / "bin" / "python"
        self.python = str(own) if own.exists() else sys.executable
        self.seconds = 0.0

    def tool(self, name: str) -> str:
        """Return where the tool is: the project's own first."""
        for own in (self.root / ".venv" / "bin" / name, self.root / "node_modules" / ".bin" / name):
            if own.exists():
                return str(own)
        found = sorted(
            (
                *self._tools.glob(f"{name}-[0-9]*/bin/{name}"),
                *self._tools.glob(f"npm-{name}-[0-9]*/node_modules/.bin/{name}"),
            )
        )
        if not found:
            raise FileNotFoundError(f"{name} is not among the tools in {self._tools}")
        return str(found[0])

    def run(self, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command; its time is added to ``seconds``."""
        folders = (self.root / ".venv" / "bin", self.root / "node_modules" / ".bin", Path("/usr/bin"), Path("/bin"))
        path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")])
        started = time.perf_counter()
        done = subprocess.run(
            argv,
            cwd=self.root,
            env={"PATH": path, "HOME": os.environ["HOME"], "LANG": "C.UTF-8", **_network(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        self.seconds += time.perf_counter() - started
        return done

    def tracked(self, *patterns: str) -> list[str]:
        """Return what git tracks."""
        done = self.run("git", "ls-files", "-z", "--", *patterns)
        return [path for path in done.stdout.split("\0") if path]


def _network() -> dict[str, str]:
    """Return what says how the network is reached, for the tools that need it."""
    told = ("PIP_", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy")
    return {name: value for name, value in os.environ.items() if name.startswith(told)}


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def ruff(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count from the closing line of `ruff check`."""
    done = shell.run(shell.tool("ruff"), "check", "--no-cache", "--output-format", "concise", ".")
    if "All checks passed" not in done.stdout and "Found " not in done.stdout:
        raise ValueError(done.stdout[-500:] + done.stderr[-500:])
    return {"findings": _number(r"Found (\d+) error", done.stdout)}


def ruff_format(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count from the closing line of `ruff format --check`; code in Markdown is not source and left out."""
    done = shell.run(shell.tool("ruff"), "format", "--check", "--no-cache", "--extend-exclude", "*.md", ".")
    said = done.stdout + done.stderr
    return {
        "would change": _number(r"(\d+) files? would be reformatted", said),
        "as they are": _number(r"(\d+) files? (?:are |is )?already formatted", said),
    }


def black(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count from the closing line of `black --check`."""
    done = shell.run(shell.tool("black"), "--check", ".")
    return {"would change": _number(r"(\d+) files? would be reformatted", done.stderr)}


def mypy(shell: Shell, command: tuple[str, ...]) -> Counts:
    """Count from the closing line of mypy, run on the same targets."""
    options = {"--python-executable", "--any-exprs-report", "--linecount-report"}
    words = iter(command[1:])
    targets = []
    for word in words:
        if word in options:
            next(words)
        elif not word.startswith("-") or word == "--strict":
            targets.append(word)
    executable = shell.tool("mypy")
    python = () if str(shell.root) in executable else ("--python-executable", shell.python)
    done = shell.run(executable, *python, *targets)
    return {"errors": _number(r"Found (\d+) error", done.stdout)}


def bandit(shell: Shell, command: tuple[str, ...]) -> Counts:
    """Count the rows of Bandit's CSV for the same files."""
    files = [word for word in command if word.startswith("./")]
    configured = ("-c", "pyproject.toml") if "-c" in command else ()
    done = shell.run(shell.tool("bandit"), "-q", "-f", "csv", *configured, *files)
    return {"findings": max(len(list(csv.reader(io.StringIO(done.stdout)))) - 1, 0)}


def pytest(shell: Shell, command: tuple[str, ...]) -> Counts:
    """Count from pytest's closing line and the totals of coverage.py."""
    sources = ",".join(word.removeprefix("--source=") for word in command if word.startswith("--source="))
    data = shell.root / ".venv" / "coverage-by-hand"
    data.unlink(missing_ok=True)
    given = {"COVERAGE_FILE": str(data), "PYTHONDONTWRITEBYTECODE": "1"}
    configured = shell.run(shell.python, "-c", _HAS_SOURCES).stdout.strip() == "True"
    measured = () if configured else (f"--source={sources}",)
    run = ("-m", "coverage", "run", "--branch", *measured, "-m", "pytest", "-p", "no:cacheprovider")
    done = shell.run(shell.python, *run, **given)
    if not data.exists():
        shell.run(shell.python, "-m", "coverage", "combine", **given)
    totals = json.loads(shell.run(shell.python, "-m", "coverage", "json", "-q", "-o", "-", **given).stdout)["totals"]
    last = next(line for line in reversed(done.stdout.splitlines()) if re.search(r"\d+ (passed|failed|error)", line))
    said = {word: _number(rf"(\d+) {word}", last) for word in ("passed", "failed", "skipped", "xfailed", "xpassed")}
    return {
        "passed": said["passed"] + said["xpassed"],
        "failed": said["failed"],
        "errors": _number(r"(\d+) errors?", last),
        "skipped": said["skipped"] + said["xfailed"],
        "lines": totals["num_statements"],
        "lines covered": totals["covered_lines"],
        "branches": totals["num_branches"],
        "branches covered": totals["covered_branches"],
    }


_HAS_SOURCES = (
    "import coverage; c = coverage.Coverage(data_file=None); "
    "print(any(c.get_option(n) for n in ('run:source', 'run:source_pkgs', 'run:include')))"
)


def detect_secrets(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count what `detect-secrets scan` finds by itself in the repository."""
    done = shell.run(shell.tool("detect-secrets"), "scan", "--no-verify")
    return {"secrets": sum(len(found) for found in json.loads(done.stdout)["results"].values())}


def cyclonedx_py(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count the distributions that the environment's own Python lists, without the project itself."""
    code = (
        "import importlib.metadata as m, json, sys; places = {d.metadata['Name']: json.loads("
        "d.read_text('direct_url.json') or '{}').get('url') for d in m.distributions()}; "
        "print(sum(place != sys.argv[1] for place in places.values()))"
    )
    return {"packages": int(shell.run(shell.python, "-I", "-c", code, f"file://{shell.root}").stdout)}


def zizmor(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count zizmor's findings in every workflow, from its closing line."""
    workflows = [*shell.tracked("**/.github/workflows/*"), *shell.tracked(".github/workflows/*")]
    done = shell.run(shell.tool("zizmor"), "--offline", "--no-progress", *workflows)
    said = done.stdout + done.stderr
    if "No findings to report" in said:
        return {"findings": 0}
    hidden = _number(r"(\d+) ignored", said) + _number(r"(\d+) suppressed", said)
    return {"findings": _number(r"(\d+) findings?", said) - hidden}


def eslint(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count from the closing line of ESLint."""
    done = shell.run(shell.tool("eslint"), ".")
    return {
        "errors": _number(r"problems? \((\d+) error", done.stdout),
        "warnings": _number(r", (\d+) warning", done.stdout),
    }


def pyright(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count from the closing line of pyright, with the configuration and the Python of the project."""
    done = shell.run(shell.tool("pyright"), "--pythonpath", shell.python)
    return {"errors": _number(r"(\d+) errors?,", done.stdout)}


def pip_audit(shell: Shell, command: tuple[str, ...]) -> Counts:
    """Count from the two closing tables of pip-audit in columns: what is vulnerable, what it could not look up."""
    words = [word for word in command[1:] if not word.startswith("--format") and word not in ("json", "-f")]
    done = shell.run(shell.tool("pip-audit"), *words, "--format", "columns", "--progress-spinner", "off")
    if "No known vulnerabilities found" not in done.stderr and "Found " not in done.stderr:
        raise ValueError(done.stderr[-500:])
    tables = re.split(r"^Name +Skip Reason.*$", done.stdout, flags=re.MULTILINE)
    rows = [[line for line in table.splitlines() if line and not line.startswith(("Name ", "---"))] for table in tables]
    return {"vulnerabilities": len(rows[0]), "skipped": len(rows[1]) if len(rows) > 1 else 0}


def lizard(shell: Shell, command: tuple[str, ...]) -> Counts:
    """Count from the closing table of lizard, which has no line for a single file."""
    files = [word for word in command[1:] if not word.startswith("-")]
    last = shell.run(shell.tool("lizard"), *files).stdout.splitlines()[-1].split()
    return {"functions": int(last[4])}


def repository_scan(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count with git alone: `git grep` counts the lines of text files, with one that has no end."""
    tracked = [path for path in shell.tracked() if (shell.root / path).is_file()]
    told = shell.run("git", "grep", "--cached", "-Ic", "").stdout.splitlines()
    return {"files": len(tracked), "lines": sum(int(line.rpartition(":")[2]) for line in told)}


def suppressing_comments(shell: Shell, _: tuple[str, ...]) -> Counts:
    """Count comments by Python's own tokenizer."""
    done = shell.run(shell.python, "-I", "-c", _COMMENTS, *shell.tracked("*.py", "*.pyi"))
    return {"type ignores": int(done.stdout or 0)}


_COMMENTS = """
import re, sys, tokenize
total = 0
for path in sys.argv[1:]:
    with tokenize.open(path) as stream:
        for token in tokenize.generate_tokens(stream.readline):
            if token.type == tokenize.COMMENT:
                total += len(re.findall(r"#\\s*(?:type|pyright):\\s*ignore", token.string))
print(total)
"""


TOOLS: dict[str, Callable[[Shell, tuple[str, ...]], Counts]] = {
    "ruff": ruff,
    "ruff_format": ruff_format,
    "black": black,
    "mypy": mypy,
    "bandit": bandit,
    "pytest": pytest,
    "detect_secrets": detect_secrets,
    "cyclonedx_py": cyclonedx_py,
    "zizmor": zizmor,
    "eslint": eslint,
    "lizard": lizard,
    "pip_audit": pip_audit,
    "pyright": pyright,
    "repository_scan": repository_scan,
    "suppressing_comments": suppressing_comments,
}


def counted(name: str, root: Path, tools: Path, command: tuple[str, ...]) -> ByHand:
    """Return what a person counts after running the tool *name* in *root*."""
    shell = Shell(root, tools)
    counts = TOOLS[name](shell, command)
    return ByHand(counts, shell.seconds)
