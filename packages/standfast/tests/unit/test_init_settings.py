"""The first settings say what was found, and leave to a person what no file can settle."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import standfast
from fake_tools import git, repository, write

from standfast.app.repository.first_settings import first_settings
from standfast.app.repository.manifests import dependencies_in
from standfast.app.repository.stack import detect
from standfast.app.written.settings import Settings, parse_settings

SERVICE = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["FastAPI>=0.100", "psycopg[binary]", "stripe"]\n',
    "uv.lock": "",
    "Dockerfile": "FROM scratch\n",
    "openapi.yaml": "",
    "deploy/main.tf": "",
    "src/shop/payments.py": "email = ''\n",
    "src/shop/auth.py": "api_key = ''\n",
    "tests/unit/test_a.py": "",
    "tests/integration/test_b.py": "",
}
LIBRARY = {
    "pyproject.toml": "[build-system]\nrequires = []\n[project]\nname = 'x'\n",
    "x.py": "",
    "tests/test_x.py": "",
}


def settings_of(files: Mapping[str, str]) -> tuple[str, Settings]:
    """Return the first settings for a project of *files*, as text and as read."""
    text = first_settings("shop", detect(files, lambda path: files[path]))
    return text, parse_settings(text.encode())


def test_service_is_described_by_what_it_depends_on() -> None:
    """Framework, driver, image, description and infrastructure set their flags, and each says why."""
    text, settings = settings_of(SERVICE)

    flags = {
        name: settings.profile.flag(name) for name in ("service", "api", "database", "container", "infrastructure")
    }
    assert set(flags.values()) == {True}
    assert settings.profile.external_services is True
    assert settings.profile.authentication is True
    assert settings.project.service == "shop"
    assert "database = true  # psycopg in pyproject.toml" in text
    assert "# languages: Python (pyproject.toml)" in text
    assert "# packages come with: uv (uv.lock)" in text
    assert settings.profile.test_levels == {"unit": ("tests/unit/*",), "integration": ("tests/integration/*",)}


@pytest.mark.parametrize("flag", ["personal_data", "card_data", "financial_reporting"])
def test_what_only_a_person_knows_is_left_unsaid(flag: str) -> None:
    """Such a flag stays unset, so that its controls are unknown and not skipped."""
    text, settings = settings_of(SERVICE)

    assert settings.profile.flag(flag) is None
    assert f"# unsure: {flag}: " in text
    assert f"\n# {flag} = true\n" in text


def test_signs_in_the_code_are_quoted() -> None:
    """A person who decides is shown where to look."""
    text, _ = settings_of(SERVICE)

    assert "are names, addresses or the like stored or logged? (`email` in src/shop/payments.py:1)" in text
    assert '# critical_paths = ["src/shop/payments.py", "src/shop/auth.py"]' in text


def test_library_is_not_called_a_service() -> None:
    """A package without framework and image is a library."""
    text, settings = settings_of(LIBRARY)

    assert (settings.profile.service, settings.profile.library, settings.profile.container) == (False, True, False)
    assert settings.profile.database is None
    assert "# unsure: the tests stand in no folder named unit, integration or e2e" in text


@pytest.mark.parametrize(
    "files",
    [
        {"setup.py": 'setup(name="tornado", packages=["tornado"])', "tornado/__init__.py": ""},
        {"pyproject.toml": '[build-system]\n[project]\nname = "Flask"\ndependencies = ["flask[async]"]'},
        {"setup.py": "setup(packages=['django'])", "src/django/__init__.py": ""},
        {"package.json": '{"name": "express", "main": "i.js", "peerDependencies": {"express": "*"}}'},
    ],
    ids=["setup.py", "pyproject.toml", "packages", "npm"],
)
def test_framework_is_no_service_that_uses_itself(files: Mapping[str, str]) -> None:
    """What a project is called is not what it depends on."""
    _, settings = settings_of(files)

    assert settings.profile.service is False
    assert settings.profile.library is True


PACKAGES = {
    "npm": ({"package.json": '{"name": "pad", "main": "index.js"}'}, True),
    "npm, private": ({"package.json": '{"name": "pad", "main": "index.js", "private": true}'}, None),
    "crate": ({"Cargo.toml": "[package]\n", "src/lib.rs": ""}, True),
    "programme": ({"Cargo.toml": "[package]\n", "src/main.rs": ""}, None),
}


@pytest.mark.parametrize(("files", "library"), PACKAGES.values(), ids=list(PACKAGES))
def test_what_others_import_is_a_library(files: Mapping[str, str], *, library: bool | None) -> None:
    """A package that is published is a library; where neither package nor service is found, both are asked for."""
    _, settings = settings_of(files)

    assert settings.profile.library is library
    assert settings.profile.service is (None if library is None else False)


def test_server_without_a_framework_is_a_service() -> None:
    """Go's own server makes a service, and importing its package is no sign of a client."""
    text, settings = settings_of(
        {"go.mod": "module x\n", "main.go": 'import "net/http"\nfunc main() { http.ListenAndServe(":80", nil) }\n'}
    )

    assert settings.profile.service is True
    assert settings.profile.external_services is None
    assert "# Standfast runs no tool of Go; it imports the reports that such tools write." in text


def test_place_of_the_tests_is_offered() -> None:
    """Where no folder has the name of a level, the folder of the tests that are there is offered."""
    text, _ = settings_of({"package.json": "{}", "spec/pad.spec.js": ""})

    assert '# unit = ["spec/*"]' in text


def test_empty_project_is_full_of_doubt() -> None:
    """Where nothing is found, that is said."""
    text, _ = settings_of({"notes.txt": ""})

    assert "no manifest of a known language was found" in text
    assert "# unsure: no test was found" in text


MANIFESTS = {
    "pyproject.toml": ('[tool.poetry.dependencies]\npython = "^3"\nflask = "1"', {"python", "flask"}),
    "requirements/base.txt": ("# c\n-r x\nDjango==5 ; python_version > '3'\n", {"django"}),
    "requirements.txt": (
        "flask==3 \\\n    --hash=sha256:0\n    # via -r requirements.in\nblack==1\n    # via\n    #   -r dev.in\n"
        "httpx==1\n    # via shop (pyproject.toml)\nrequests==2\n    # via sphinx\n"
        "urllib3==2\n    # via\n    #   requests\n",
        {"flask", "black", "httpx"},
    ),
    "setup.py": ("setup(install_requires=['requests>=2', 'attrs'])", {"requests", "attrs"}),
    "package.json": ('{"dependencies": {"express": "4"}, "devDependencies": {"jest": "1"}}', {"express", "jest"}),
    "go.mod": ("module x\nrequire (\n\tgithub.com/lib/pq v1.2\n)\n", {"github.com/lib/pq"}),
    "Cargo.toml": ('[dependencies]\naxum = "0.7"\n', {"axum"}),
    "pom.xml": ("<artifactId>spring-boot-starter-web</artifactId>", {"spring-boot-starter-web"}),
    "build.gradle": ("implementation 'org.postgresql:postgresql:42'", {"postgresql"}),
    "a.csproj": (
        '<Project Sdk="Microsoft.NET.Sdk.Web"><PackageReference Include="Npgsql" />',
        {"microsoft.net.sdk.web", "npgsql"},
    ),
}


@pytest.mark.parametrize(("path", "manifest"), MANIFESTS.items(), ids=list(MANIFESTS))
def test_dependencies_are_read_from_each_manifest(path: str, manifest: tuple[str, set[str]]) -> None:
    """Every ecosystem's manifest gives the names it depends on."""
    text, names = manifest

    assert set(dependencies_in(path, text) or ()) == names


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "= nonsense"),
        ("package.json", "[]"),
        ("package.json", "{"),
        ("pyproject.toml", "project = 3"),
        ("Cargo.toml", "target = [1]"),
    ],
)
def test_manifest_that_cannot_be_read_is_said_to_be(path: str, text: str) -> None:
    """A broken manifest is a doubt, not an absence."""
    assert dependencies_in(path, text) is None
    assert f"# unsure: {path} could not be read" in settings_of({path: text})[0]


def test_init_writes_once_and_never_overwrites(tmp_path: Path) -> None:
    """The command writes the file, mentions the store, and refuses a second time."""
    root = repository(tmp_path / "shop", SERVICE)
    write(root, {".gitignore": ".venv/\n"})

    first = standfast("init", cwd=root)
    written = (root / "standfast.toml").read_text()
    second = standfast("init", cwd=root)

    assert first.code == 0
    assert "evidence will be kept in .standfast/" in first.err
    assert parse_settings(written.encode()).project.name == "shop"
    assert second.code == 2
    assert "settings-exist" in second.err
    assert (root / "standfast.toml").read_text() == written
    assert (root / ".gitignore").read_text() == ".venv/\n"


def test_init_does_not_write_through_a_link(tmp_path: Path) -> None:
    """A dangling link in place of the settings is refused."""
    root = repository(tmp_path / "shop")
    (root / "standfast.toml").symlink_to(tmp_path / "elsewhere")

    assert standfast("init", cwd=root).code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_init_adds_the_store_to_gitignore_when_told(tmp_path: Path) -> None:
    """With the option, git ignores the store afterwards; the line is added once."""
    root = repository(tmp_path / "shop")
    write(root, {".gitignore": ".venv/"})

    standfast("init", "--gitignore", cwd=root)

    assert (root / ".gitignore").read_text() == ".venv/\n.standfast/\n"
    assert "standfast.toml" in git(root, "status", "--porcelain")


def test_init_prints_without_writing(tmp_path: Path) -> None:
    """Printing shows what would be written, also where there are settings."""
    root = repository(tmp_path / "shop", {"standfast.toml": "[project]\nname = 'mine'\n"})

    ran = standfast("init", "--print", "--name", "other", cwd=root)

    assert ran.code == 0
    assert parse_settings(ran.out.encode()).project.name == "other"
    assert (root / "standfast.toml").read_text() == "[project]\nname = 'mine'\n"
