"""What the repository as a whole never holds, and always has."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
TEXTS = [name for name in TRACKED.split("\0") if name and not name.endswith((".png", ".gz", ".bin"))]

FORBIDDEN = {
    "the host of a package index": re.compile(r"--(extra-)?index-url|\"resolved\": \"http|registry = \"http"),
}


@pytest.mark.parametrize(("what", "pattern"), FORBIDDEN.items(), ids=FORBIDDEN)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    """No tracked file holds what must not be published."""
    found = []
    for name in TEXTS:
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            text = path.read_text(errors="replace")
            found += [f"{name}:{n}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]

    assert not [place for place in found if not place.startswith("tests/repo/")], what


def test_locks_are_hashed_and_pinned() -> None:
    """Every requirement of a lock is pinned and hashed."""
    for lock in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", lock.read_text().strip())
        assert entries
        assert not [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


def test_every_runtime_dependency_is_explained() -> None:
    """Each runtime dependency has its sentence in docs/explanation/dependencies.md."""
    text = (ROOT / "docs/explanation/dependencies.md").read_text()
    for project in ("standfast", "standfast-kit"):
        settings = tomllib.loads((ROOT / "packages" / project / "pyproject.toml").read_text())
        names = [re.split(r"[<>=\[; ]", entry)[0] for entry in settings["project"]["dependencies"]]
        assert not [name for name in names if f"**{name}**" not in text]


def test_changelog_fragments_have_a_known_type() -> None:
    """Each fragment is named `+<slug>.<type>.md` and holds a sentence."""
    for fragment in (ROOT / "changelog.d").glob("*.md"):
        assert re.fullmatch(r"\+[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md", fragment.name), fragment.name
        assert fragment.read_text().strip().endswith((".", ".`")), fragment.name


def starts_processes(source: str) -> bool:
    """Return whether *source* calls ``Popen``."""
    called = (ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return any(name.rpartition(".")[2] == "Popen" for name in called)


def test_processes_beside_a_test_are_started_in_one_place() -> None:
    """Only the helpers that end and reap what they start hold a process while a test goes on."""
    folders = ("tests/", "packages/standfast/tests/")
    tests = [name for name in TEXTS if name.endswith(".py") and name.startswith(folders) and (ROOT / name).is_file()]

    assert [Path(name).name for name in tests if starts_processes((ROOT / name).read_text())] == [
        "background.py",
        "headless_chromium.py",
    ]


def broken_links(page: Path) -> list[str]:
    """Return the relative links of *page* that lead to nothing."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose)
    return [target for target in targets if "://" not in target and not (page.parent / target).exists()]


def test_paths_that_the_documents_name_exist() -> None:
    """A relative link in a document leads to a file."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

    broken = {str(page.relative_to(ROOT)): broken_links(page) for page in pages}

    assert not {page: links for page, links in broken.items() if links}
