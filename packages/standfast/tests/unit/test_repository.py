"""Facts about what is concluded from the tracked files of a repository."""

from pathlib import Path

import msgspec
import pytest

from standfast.evidence.contract import Plan, Project, ToolRun, TrackedFile
from standfast.evidence.repository.collectors import repository_scan
from standfast.evidence.repository.facts import repository_facts, resolve
from standfast.evidence.repository.layout import load_tests, own_paths
from standfast.evidence.repository.manifests import manifests
from standfast.evidence.repository.scan import CountedFile, Scan, ScanRequest, scan
from standfast.evidence.repository.schema import LanguageCount, Repository
from standfast.evidence.runs.texts import TextFile
from standfast.model import EvidenceError, Profile, Subject

FILES = {
    "README.md": "# Shop\n\nSells things.\n\n## Install\n\n```console\n$ make\n```\n\n"
    "[guide](docs/guide.md#start) [gone](docs/gone.md) "
    "[web](https://x.org) [top](#shop) [folder](docs/) [out](../../etc/passwd)\n",
    "docs/guide.md": "[back](../README.md) [root](/src/shop/a.py) `[code](nowhere.md)`\n\n"
    "```\n[fenced](nowhere.md)\n```\n",
    "docs/runbooks/slow.md": "# Slow\n",
    "docs/adr/0001-x.md": "# X\n",
    "src/shop/a.py": "a\nb",
    "src/shop/b.py": "",
    "tests/unit/test_a.py": "c\n",
    "tests/integration/test_b.py": "c\n",
    "tests/fixtures/bad.md": "[gone](nowhere.md)\n",
    "pyproject.toml": "[project]\n",
    "requirements.txt": "a==1 \\\n    --hash=sha256:00\n# b\n-r other.txt\n",
    "web/package.json": "{}",
    "LICENSE": "x\n",
    "CHANGELOG.md": "x\n",
    "changelog.d/+a.added.md": "x\n",
    ".github/CODEOWNERS": "* @a\n",
    ".github/workflows/ci.yml": "on: push\n",
    "openapi.json": "{}",
    "monitoring/alerts.yml": "groups: []\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A working copy of those files, a binary one and a symbolic link that leads out."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0\0\n\n")
    (tmp_path / "passwd.md").symlink_to("/etc/passwd")
    return tmp_path


def project(root: Path) -> Project:
    """Return the project at *root*, its files as git would list them."""
    paths = sorted([*FILES, "logo.png"])
    return Project(
        root=str(root),
        files=tuple(TrackedFile(path, "0", 0) for path in paths),
        profile=Profile(),
        subject=Subject(repository="r", tree="t"),
        python=None,
        tools={},
        settings={},
        scratch="",
    )


def scanned(root: Path) -> Repository:
    """Return the facts, scanned here instead of in a process of their own."""
    about = project(root)
    plan = repository_scan.plan(about)
    assert isinstance(plan, Plan)
    stdout = msgspec.json.encode(scan(root, msgspec.json.decode(plan.stdin, type=ScanRequest)))
    run = ToolRun(plan=plan, version="", exit_status=0, stdout=stdout, stderr=b"", outputs={}, duration_s=0)
    body = repository_scan.interpret(run, about)[0].body
    assert isinstance(body, Repository)
    return body


def test_the_inventory_counts_files_and_lines_by_language(root: Path) -> None:
    """Programs are counted by language, tests apart; a last line without an end is a line."""
    facts = scanned(root)

    assert facts.languages == (LanguageCount("Python", 4, 2, 4),)
    assert (facts.file_count, facts.test_levels) == (len(FILES) + 1, {"integration": 1, "unit": 1})


def test_the_files_that_people_look_for_are_found(root: Path) -> None:
    """README, licence, changelog, owners, pipelines, runbooks, decisions and descriptions are found by their place."""
    facts = scanned(root)

    assert facts.readme is not None
    assert (facts.readme.path, facts.readme.sections, facts.readme.code_blocks) == ("README.md", ("shop", "install"), 1)
    assert (facts.licence, facts.changelog, facts.changelog_fragments) == ("LICENSE", "CHANGELOG.md", 1)
    assert (facts.code_owners, facts.pipelines) == (".github/CODEOWNERS", (".github/workflows/ci.yml",))
    assert (facts.runbooks, facts.decisions) == (("docs/runbooks/slow.md",), ("docs/adr/0001-x.md",))
    assert (facts.api_descriptions, facts.alert_rule_files) == (("openapi.json",), ("monitoring/alerts.yml",))


def test_links_that_lead_nowhere_are_listed_with_their_line(root: Path) -> None:
    """Local links of the project's own documents are followed; code, test inputs and the web are not."""
    facts = scanned(root)

    found = [(item.message, str(item.location)) for item in facts.items.listed]
    assert found == [
        ("the link to docs/gone.md leads nowhere", "README.md:11"),
        ("the link to ../../etc/passwd leads nowhere", "README.md:11"),
    ]
    assert facts.link_count == 6


CODE_BLOCKS = [
    ("README.rst", ".. code-block:: python\n\n    import shop\n", 1),
    ("README.rst", "Then::\n\n    $ make\n\n.. code:: sh\n\n    make\n", 2),
    ("README.rst", ".. note::\n\n   Nothing to run.\n\nA sentence.\n", 0),
    ("README.md", "```\nmake\n```\n", 1),
    ("README.md", "Then::\n\n    make\n", 0),
]


@pytest.mark.parametrize(("path", "text", "expected"), CODE_BLOCKS)
def test_code_blocks_of_a_readme_are_counted_in_its_own_markup(path: str, text: str, expected: int) -> None:
    """ReStructuredText shows commands by directives and double colons, Markdown by fences."""
    scan_of = Scan(counted=(CountedFile(path, 1),), texts=(TextFile(path, text=text),))

    readme = repository_facts(scan_of).readme

    assert readme is not None
    assert readme.code_blocks == expected


REFERENCES = [
    ("docs/a.md", "shop.sell", "docs/conf.py", "myst_parser", 0),
    ("docs/deep/a.md", "shop.sell", "docs/conf.py", "myst_nb", 0),
    ("docs/a.md", "shop.sell", "docs/conf.py", "recommonmark", 1),
    ("docs/a.md", "shop.sell", "docs/config.py", "myst_parser", 1),
    ("a.md", "shop.sell", "docs/conf.py", "myst_parser", 1),
    ("docs/a.md", "gone.md", "docs/conf.py", "myst_parser", 1),
    ("docs/a.md", "shop.sell.html", "docs/conf.py", "myst_parser", 1),
    ("docs/a.md", "shop/sell", "docs/conf.py", "myst_parser", 1),
    ("docs/a.md", "gone", "docs/conf.py", "myst_parser", 1),
]


@pytest.mark.parametrize(("page", "target", "configuration", "extension", "broken"), REFERENCES)
def test_names_that_sphinx_looks_up_are_no_links(
    page: str, target: str, configuration: str, extension: str, broken: int
) -> None:
    """Below a Sphinx that reads MyST a dotted name is a reference; a file name, and any other page, is a link."""
    texts = {page: f"see [this]({target})\n", configuration: f'extensions = ["{extension}"]\n'}
    found = repository_facts(
        Scan(
            counted=tuple(CountedFile(path, 1) for path in texts),
            texts=tuple(TextFile(path, text=text) for path, text in texts.items()),
        )
    )

    assert (found.broken_link_count, found.link_count) == (broken, broken)


def test_a_manifest_knows_its_lock(root: Path) -> None:
    """A pinned requirements file locks Python; a package.json without a lock file has none."""
    locks = {manifest.path: manifest.lock for manifest in scanned(root).manifests}

    assert locks == {"requirements.txt": "requirements.txt", "web/package.json": ""}


def test_a_file_that_cannot_be_read_is_an_error_of_the_examination(root: Path) -> None:
    """A tracked file that vanished during the scan is counted as an error, so that nothing passes on it."""
    (root / "src/shop/a.py").unlink()

    assert scanned(root).examination.errors == 1


def test_a_link_out_of_the_repository_is_not_read(root: Path) -> None:
    """The scanner does not follow a symbolic link out of the working copy."""
    found = scan(root, ScanRequest((), ("passwd.md",)))

    assert (found.texts[0].text, found.texts[0].error) == ("", "leads out of the repository")


def test_a_scan_of_other_files_is_refused(root: Path) -> None:
    """A scan that does not answer the question is an error."""
    about = project(root)
    plan = repository_scan.plan(about)
    assert isinstance(plan, Plan)
    stdout = b'{"counted": [{"path": "a"}], "texts": []}'
    run = ToolRun(plan=plan, version="", exit_status=0, stdout=stdout, stderr=b"", outputs={}, duration_s=0)

    with pytest.raises(EvidenceError, match="1 files were counted"):
        repository_scan.interpret(run, about)


def test_a_load_test_is_known_by_its_name() -> None:
    """Files of the usual tools count, and programs in a folder for load; words in other names do not."""
    wanted = ("locustfile.py", "tests/load/pay.js", "perf/Pay.jmx", "k6/deep/pay.ts", "it/PaySimulation.scala")
    other = ("src/load.py", "load/README.md", "node_modules/k6/a.js", "src/performance.py", "tests/test_load.py")

    assert load_tests((*wanted, *other)) == wanted


def test_a_project_inside_the_project_is_not_its_own() -> None:
    """The documents of an example that is a project of its own are not those of the project around it."""
    paths = ("docs/a.md", "examples/shop/standfast.toml", "examples/shop/docs/b.md", "tests/c.md", "standfast.toml")

    assert own_paths(paths) == ("docs/a.md", "standfast.toml")


PINNED, RANGE, HASHED = "a==1\nb[c]==2 ; x\n", "a==1\nb>=2\n", "a==1 \\\n  --hash=sha256:00\n"
RESOLVED = "#    pip-compile requirements.in\na==1\n    # via b\n"
DECLARING = '[project]\ndependencies = ["a>1"]\n'
CONFIGURING = "[tool.ruff]\nline-length = 120\n"
LOCKING: dict[str, tuple[dict[str, str], list[tuple[str, str, bool, bool]]]] = {
    "a list alone, with hashes": ({"requirements.txt": HASHED}, [("requirements.txt", "requirements.txt", True, True)]),
    "a list alone, resolved": ({"requirements.txt": RESOLVED}, [("requirements.txt", "requirements.txt", True, True)]),
    "a list alone, pinned": ({"requirements.txt": PINNED}, [("requirements.txt", "requirements.txt", True, False)]),
    "a list alone, with a range": ({"requirements.txt": RANGE}, [("requirements.txt", "", True, True)]),
    "a wildcard is a range": ({"requirements.txt": "a==1.*\n"}, [("requirements.txt", "", True, True)]),
    "an address without a digest": (
        {"requirements.txt": "a @ https://x/a.whl\n"},
        [("requirements.txt", "", True, True)],
    ),
    "a list that only includes": (
        {"requirements.txt": "-r requirements/all.txt\n", "requirements/all.txt": HASHED},
        [("requirements/all.txt", "requirements/all.txt", True, True)],
    ),
    "a list for work only": ({"requirements-dev.txt": RANGE}, []),
    "a source and its list": (
        {"requirements.in": "a\n", "requirements.txt": HASHED},
        [("requirements.in", "requirements.txt", True, True)],
    ),
    "a source without its list": ({"requirements.in": "a\n"}, [("requirements.in", "", True, True)]),
    "settings of tools beside a list": (
        {"pyproject.toml": CONFIGURING, "requirements.txt": RANGE},
        [("requirements.txt", "", True, True)],
    ),
    "settings of tools alone": ({"pyproject.toml": CONFIGURING}, [("pyproject.toml", "", False, True)]),
    "a project with a list": (
        {"pyproject.toml": DECLARING, "requirements.txt": HASHED},
        [("pyproject.toml", "requirements.txt", True, True)],
    ),
    "a project with a pinned list": (
        {"pyproject.toml": DECLARING, "requirements.txt": PINNED},
        [("pyproject.toml", "requirements.txt", True, False)],
    ),
    "a project with a list for work": (
        {"pyproject.toml": DECLARING, "requirements-dev.txt": HASHED},
        [("pyproject.toml", "", True, True)],
    ),
    "a project with a lock": (
        {"pyproject.toml": DECLARING, "uv.lock": "", "requirements.txt": RANGE},
        [("pyproject.toml", "uv.lock", True, True)],
    ),
    "a project that cannot be parsed": ({"pyproject.toml": "[["}, [("pyproject.toml", "", True, True)]),
    "requirements in setup.cfg": (
        {"pyproject.toml": CONFIGURING, "setup.cfg": "[options]\ninstall_requires =\n  a\n"},
        [("setup.cfg", "", True, True)],
    ),
    "a package without dependencies": ({"package.json": '{"name": "x"}'}, [("package.json", "", False, True)]),
    "a package with one": ({"package.json": '{"dependencies": {"x": "1"}}'}, [("package.json", "", True, True)]),
    "a module without dependencies": ({"go.mod": "module x\n"}, [("go.mod", "", False, True)]),
    "a member of a workspace": (
        {"Cargo.lock": "", "a/Cargo.toml": "[dependencies]\nx = '1'\n"},
        [("a/Cargo.toml", "Cargo.lock", True, True)],
    ),
}


@pytest.mark.parametrize(("texts", "found"), LOCKING.values(), ids=LOCKING)
def test_what_locks_a_manifest(texts: dict[str, str], found: list[tuple[str, str, bool, bool]]) -> None:
    """A list of requirements locks where each line is pinned; hashes or its resolver's words prove it complete."""
    manifested = [(one.path, one.lock, one.declares, one.proven) for one in manifests(tuple(texts), texts)]

    assert manifested == found


def test_a_link_resolves_against_its_file() -> None:
    """A relative link starts at its file, an absolute one at the top, and none leaves the repository."""
    assert resolve("docs/a.md", "b%20c.md?x#y") == "docs/b c.md"
    assert resolve("docs/a.md", "/b.md") == "b.md"
    assert resolve("docs/a.md", "../../b.md") is None
