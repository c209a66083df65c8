"""How the code blocks of a document are run.

- ```` ```python ```` blocks share one namespace per document;
- ```` ```console ```` blocks hold ``$ command`` lines and what they print (``...`` matches anything); they run in one
  folder per document, which begins as a copy of the tiny project in ``greeter/``;
- in a document that speaks of ``postgresql://``, ``PGHOST`` leads to a server with the roles and the database that it
  tells the reader to make;
- ```` ```toml ```` blocks whose first line is ``# standfast.toml`` (or ``# standfast-waivers.toml``,
  ``# standard.toml``, ``# control.toml``, ``# attestation.toml``) are read by the code that reads such files;
- a comment ``<!-- not run: reason -->`` right before a block leaves it out, and gives the reason.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from little_postgres import server
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from standfast.app.modules.discovery import read_spec
from standfast.app.written.settings import parse_settings
from standfast.app.written.waivers import parse_waivers
from standfast.evidence.attestations.read import attestation_in
from standfast.standard.read import read_document

HERE = Path(__file__).parent
_BLOCK = re.compile(
    r"(?P<skip><!-- not run: (?P<reason>[^\n]+?) -->\n+)?```(?P<language>console|toml)\n(?P<body>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_PYTHON_SKIP = re.compile(r"<!-- not run: [^\n]+? -->\n+(```python\n.*?^```$)", re.DOTALL | re.MULTILINE)
_READERS = {
    "# standfast.toml": parse_settings,
    "# standfast-waivers.toml": parse_waivers,
    "# control.toml": lambda raw: read_spec("documented", raw),
    "# standard.toml": lambda raw: read_document(raw, "standard.toml"),
    "# attestation.toml": lambda raw: attestation_in("attestation.toml", raw.decode()),
}


def console_and_toml(document: Document) -> Iterable[Region]:
    """Yield one region per block of a console or of TOML."""
    for match in _BLOCK.finditer(document.text):
        if match["reason"]:
            continue
        run = run_console if match["language"] == "console" else read_toml
        yield Region(match.start(), match.end(), match["body"], run)


def read_toml(example: Example) -> str | None:
    """Read a TOML block by the code that reads such files; a block of unknown kind is an error."""
    first = example.parsed.split("\n", 1)[0].strip()
    reader = _READERS.get(first)
    if reader is None:
        return f"a TOML block must begin with one of {', '.join(_READERS)}; found {first!r}"
    reader(example.parsed.encode())
    return None


def run_console(example: Example) -> str | None:
    """Run each `$` line and compare what it prints, both streams, with what the document shows."""
    folder: Path = example.namespace["folder"]
    for command, expected in commands(example.parsed):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**environment(), "XDG_DATA_HOME": f"{folder}.data", **example.namespace.get("environment", {})},
            timeout=300,
            check=False,
        )
        printed = done.stdout + done.stderr
        if expected.strip() and not doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS):
            return f"$ {command}\nexpected:\n{expected}\nfound:\n{printed}"
        if not expected.strip() and done.returncode:
            return f"$ {command}\nexit code {done.returncode}:\n{printed}"
    return None


def commands(block: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output that follows it."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        lines = part.split("\n")
        end = 0
        while lines[end].endswith("\\"):
            end += 1
        found.append(("\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])))
    return found


def environment() -> dict[str, str]:
    """Return an environment in which ``standfast`` is the one under test and nothing is asked of a terminal."""
    scripts = str(Path(sys.executable).parent)
    keep = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "UV_CACHE_DIR")}
    return {**keep, "PATH": f"{scripts}:{os.environ['PATH']}", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


def greeter(folder: Path) -> Path:
    """Return *folder* as a fresh git repository that holds the tiny project."""
    shutil.copytree(HERE / "greeter", folder, dirs_exist_ok=True)
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    for words in (["init", "--quiet", "--initial-branch=main"], ["add", "."], ["commit", "--quiet", "-m", "Greet"]):
        subprocess.run([*git, *words], cwd=folder, check=True)
    return folder


def with_a_server() -> dict[str, str]:
    """Return the environment that leads to a server with the database ``ledgers``, which is empty."""
    found = server()
    found.execute("DROP DATABASE IF EXISTS ledgers")
    found.execute("CREATE DATABASE ledgers OWNER ledger_owner")
    return {"PGHOST": str(found.folder)}


def without_skipped_python(text: str) -> str:
    """Return *text* with the Python blocks that are not run blanked out, lines kept."""
    return _PYTHON_SKIP.sub(lambda match: "\n" * match[0].count("\n"), text)


SYBIL = Sybil(parsers=[PythonCodeBlockParser(), console_and_toml])
