"""What lock files pin: expected packages as data."""

import pytest

from standfast.evidence.locked_packages.inventory import inventory_of, is_lock
from standfast.evidence.runs.texts import TextFile

# path -> (text, packages ("#": with a hash, "~": for work only, "?": on some platforms only), number of findings)
LOCKS: dict[str, tuple[str, list[str], int]] = {
    "requirements.txt": (
        "# made by a tool\n-i https://x\n"
        "Jinja2[async]==2.10 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "idna==3.7 ; python_version > '3'  # via requests\nflask>=2\n-e .\n./local\n-r other.txt\n"
        "pip @ https://x/pip.whl#sha256=aa\n",
        ["pkg:pypi/jinja2@2.10#", "pkg:pypi/idna@3.7?", "pkg:pypi/pip#"],
        1,
    ),
    "requirements/dev.txt": ("pytest==8.0\n", ["pkg:pypi/pytest@8.0~"], 0),
    "uv.lock": (
        'version = 1\n[[package]]\nname = "me"\nversion = "1"\nsource = { editable = "." }\n'
        'dependencies = [{ name = "idna" }, { name = "colorama", marker = "sys_platform == \'win32\'" }]\n'
        '[[package]]\nname = "colorama"\nversion = "0.4.6"\nsource = { registry = "x" }\n'
        '[[package]]\nname = "idna"\nversion = "3.7"\n'
        'source = { registry = "x" }\nsdist = { hash = "sha256:a" }\n',
        ["pkg:pypi/colorama@0.4.6?", "pkg:pypi/idna@3.7#"],
        0,
    ),
    "groups/uv.lock": (
        'version = 1\n[[package]]\nname = "me"\nversion = "1"\nsource = { editable = "." }\n'
        'dependencies = [{ name = "idna" }]\n'
        '[package.optional-dependencies]\nfull = [{ name = "jinja2" }]\n'
        '[package.dev-dependencies]\ndev = [{ name = "tox" }, { name = "idna" }]\n'
        '[[package]]\nname = "cachetools"\nversion = "7"\nsource = { registry = "x" }\n'
        '[[package]]\nname = "idna"\nversion = "3.7"\nsource = { registry = "x" }\n'
        '[[package]]\nname = "jinja2"\nversion = "3.1"\nsource = { registry = "x" }\n'
        '[[package]]\nname = "stray"\nversion = "1"\nsource = { registry = "x" }\n'
        '[[package]]\nname = "tox"\nversion = "4"\nsource = { registry = "x" }\n'
        'dependencies = [{ name = "idna" }, { name = "cachetools" }]\n',
        [
            "pkg:pypi/cachetools@7~",
            "pkg:pypi/idna@3.7",
            "pkg:pypi/jinja2@3.1",
            "pkg:pypi/stray@1?",
            "pkg:pypi/tox@4~",
        ],
        0,
    ),
    "poetry.lock": (
        '[[package]]\nname = "idna"\nversion = "3.7"\nfiles = [{file = "a", hash = "sha256:a"}]\n'
        '[[package]]\nname = "pytest"\nversion = "8"\ngroups = ["dev"]\nfiles = []\n',
        ["pkg:pypi/idna@3.7#", "pkg:pypi/pytest@8~"],
        0,
    ),
    "Pipfile.lock": (
        '{"default": {"idna": {"version": "==3.7", "hashes": ["sha256:a"]}},"develop": {"pytest": {"version": "==8"}}}',
        ["pkg:pypi/idna@3.7#", "pkg:pypi/pytest@8~"],
        0,
    ),
    "package-lock.json": (
        '{"lockfileVersion": 3, "packages": {"": {"name": "me"},'
        '"node_modules/@a/b": {"version": "1.0.0", "integrity": "x"},'
        '"node_modules/c/node_modules/d": {"version": "2.0.0", "dev": true}, "node_modules/e": {"link": true}}}',
        ["pkg:npm/%40a/b@1.0.0#", "pkg:npm/d@2.0.0~"],
        0,
    ),
    "npm-shrinkwrap.json": (
        '{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "integrity": "x", "dependencies": '
        '{"b": {"version": "2.0.0"}}}}}',
        ["pkg:npm/a@1.0.0#", "pkg:npm/b@2.0.0"],
        0,
    ),
    "yarn.lock": (
        '# yarn lockfile v1\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n'
        '  version "1.2.0"\n  resolved "x"\n  integrity sha512-x\n\n'
        'c@^2.0.0:\n  version "2.0.1"\n',
        ["pkg:npm/%40a/b@1.2.0#", "pkg:npm/c@2.0.1"],
        0,
    ),
    "pnpm-lock.yaml": (
        "lockfileVersion: '9.0'\npackages:\n\n  '@a/b@1.0.0':\n    resolution: {integrity: sha512-x}\n\n  c@2.0.0:\n"
        "    engines: {node: '>=1'}\nsnapshots:\n\n  '@a/b@1.0.0': {}\n",
        ["pkg:npm/%40a/b@1.0.0#", "pkg:npm/c@2.0.0"],
        0,
    ),
    "Cargo.lock": (
        '[[package]]\nname = "me"\nversion = "1.0.0"\n[[package]]\nname = "serde"\nversion = "1.0.1"\n'
        'source = "registry+x"\nchecksum = "aa"\n',
        ["pkg:cargo/serde@1.0.1#"],
        0,
    ),
    "go.sum": (
        "golang.org/x/net v0.5.0 h1:aa=\ngolang.org/x/net v0.5.0/go.mod h1:bb=\n",
        ["pkg:golang/golang.org/x/net@v0.5.0#"],
        0,
    ),
    "gradle.lockfile": (
        "# gradle\norg.slf4j:slf4j-api:2.0.12=compileClasspath,runtimeClasspath\n"
        "junit:junit:4.13=testRuntimeClasspath\nempty=\n",
        ["pkg:maven/org.slf4j/slf4j-api@2.0.12", "pkg:maven/junit/junit@4.13~"],
        0,
    ),
    "packages.lock.json": (
        '{"version": 1, "dependencies": {"net8.0": {'
        '"Serilog": {"type": "Direct", "resolved": "4.0.0", "contentHash": "x"},'
        '"me": {"type": "Project"}}}}',
        ["pkg:nuget/serilog@4.0.0#"],
        0,
    ),
    "composer.lock": (
        '{"packages": [{"name": "a/b", "version": "1.0", "dist": {"reference": "x"}}], "packages-dev": []}',
        ["pkg:composer/a/b@1.0#"],
        0,
    ),
    "Gemfile.lock": (
        "GEM\n  specs:\n    rails (7.1.0)\n      rack (>= 2)\n\nPLATFORMS\n  ruby\n",
        ["pkg:gem/rails@7.1.0"],
        0,
    ),
}


@pytest.mark.parametrize("path", LOCKS)
def test_lock_file_is_read(path: str) -> None:
    """Each kind of lock file gives its packages, with whether a hash fixes them and whether only work needs them."""
    text, expected, loose = LOCKS[path]

    body = inventory_of((TextFile(path, text=text),))

    assert is_lock(path)
    assert [
        one.package.purl + "#" * one.hashed + "~" * one.dev + "?" * one.conditional for one in body.packages
    ] == expected
    assert body.items.total == loose


def test_declared_package_that_nothing_pins_is_found() -> None:
    """A lock file that was made before the manifest changed does not pin what the manifest declares now."""
    manifest = TextFile("pyproject.toml", text='[project]\nname = "me"\ndependencies = ["idna>=3", "flask>=2"]\n')

    body = inventory_of((manifest, TextFile("requirements.txt", text="idna==3.7\n")))

    assert [finding.message for finding in body.items.listed] == ["flask is declared and no lock file pins it"]


@pytest.mark.parametrize("path", ["uv.lock", "package-lock.json", "Cargo.lock", "Pipfile.lock", "pyproject.toml"])
def test_lock_file_that_cannot_be_read_is_an_error(path: str) -> None:
    """A cut-off lock file leaves the inventory incomplete."""
    body = inventory_of((TextFile(path, text='{"a": ['),))

    assert body.examination.shortfalls()
    assert body.examination.errors == 1
