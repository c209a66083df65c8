"""Every public thing has a page in the generated reference."""

import importlib.util
from pathlib import Path

import pytest

from standfast.app.modules.discovery import bundled_controls
from standfast.app.modules.evidence_modules import kinds
from standfast.app.modules.reports import formats
from standfast.cli.main import cli

SCRIPT = Path(__file__).parents[2] / "scripts/reference.py"
_spec = importlib.util.spec_from_file_location("reference", SCRIPT)
assert _spec
assert _spec.loader
reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reference)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The generated pages."""
    generated: dict[str, str] = reference.pages()
    return generated


def test_every_control_command_kind_and_format_has_its_page(pages: dict[str, str]) -> None:
    """Controls, commands and evidence kinds have a page each; formats stand on one."""
    wanted = {f"controls/{control.id}.md" for control in bundled_controls()}
    wanted |= {f"commands/{name}.md" for name in cli.list_commands(None)}  # type: ignore[arg-type]  # unused there
    wanted |= {f"evidence/{kind}.md" for kind in kinds()}

    assert not sorted(wanted - pages.keys())
    assert all(f"`{form.name}`" in pages["formats.md"] for form in formats())


def test_every_control_explains_itself(pages: dict[str, str]) -> None:
    """A control's page shows why it exists, how to meet it, and a case that passes and one that fails."""
    for name, text in pages.items():
        if name.startswith("controls/"):
            assert "## A case that is pass" in text, name
            assert "## A case that is fail" in text, name


def test_error_codes_are_stable_words(pages: dict[str, str]) -> None:
    """An error code is lower-case words joined by hyphens."""
    codes = [line.removeprefix("## ") for line in pages["errors.md"].splitlines() if line.startswith("## ")]

    assert len(set(codes)) > 50
    assert not [code for code in codes if not code.replace("-", "").isalnum() or code != code.lower()]


def test_pages_are_written_where_they_are_asked_for(
    pages: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every page becomes a file of its name, and how many there are is said."""
    reference.main(tmp_path)

    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")}
    assert written == set(pages)
    assert capsys.readouterr().out == f"{len(pages)} pages in {tmp_path}\n"
