"""`standfast init`: write the first settings of a project."""

import os
from pathlib import Path

import click

IGNORED = ".standfast/"


@click.command(name="init", short_help="Write the first standfast.toml, with its questions.")
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".", help="The project's folder."
)
@click.option("--name", help="The project's name; by default that of its folder.")
@click.option("--gitignore", is_flag=True, help="Add .standfast/ to .gitignore as well.")
@click.option("--print", "only_print", is_flag=True, help="Print the settings instead of writing them.")
def command(root: Path, name: str | None, *, gitignore: bool, only_print: bool) -> None:
    """Look at the project and write a commented standfast.toml for it.

    What no file can settle stands there as a comment that begins with `# unsure:`; read these lines first.
    An existing file is never overwritten.

    Exit codes: 0 written, 2 there are settings already, or the project cannot be read.
    """
    from standfast.app.repository.first_settings import first_settings
    from standfast.app.repository.stack import detect
    from standfast.app.repository.subject import working_subject
    from standfast.app.written.settings import FILE_NAME, parse_settings
    from standfast.model import ConfigurationError

    folder = root.resolve()
    target = folder / FILE_NAME
    if os.path.lexists(target) and not only_print:
        raise ConfigurationError(
            "settings-exist", f"{target} is there already", hint="edit it, or see `standfast init --print`"
        )
    paths = tuple(file.path for file in working_subject(folder).files)
    text = first_settings(name or folder.name, detect(paths, lambda path: _text(folder / path)))
    parse_settings(text.encode())
    if only_print:
        click.echo(text, nl=False)
        return
    with target.open("x", encoding="utf-8") as stream:
        stream.write(text)
    unsure = text.count("# unsure:")
    click.echo(f"wrote {target}, with {unsure} lines that begin with `# unsure:`", err=True)
    _mention_store(folder, write=gitignore)
    _mention_people(folder)
    click.echo("next: settle these lines, then run `standfast gate`", err=True)


def _mention_store(folder: Path, *, write: bool) -> None:
    """Have git ignore the evidence store by the project's own list, or say that it does so by itself."""
    from standfast.app.repository.git import place_of

    place = place_of(folder)
    if place is None or place.git.ask("check-ignore", "--quiet", ".standfast/x") is not None:
        return
    if not write:
        click.echo(f"evidence will be kept in {IGNORED}, which tells git to ignore itself", err=True)
        click.echo("hint: --gitignore names it in .gitignore as well", err=True)
        return
    ignore = folder / ".gitignore"
    before = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
    separator = "" if not before or before.endswith("\n") else "\n"
    with ignore.open("a", encoding="utf-8") as stream:
        stream.write(f"{separator}{IGNORED}\n")
    click.echo(f"added {IGNORED} to {ignore}", err=True)


def _mention_people(folder: Path) -> None:
    """Say so where one person wrote everything: nobody else could approve a change of theirs."""
    from standfast.app.sessions.maintainers import sole_maintainer

    sole = sole_maintainer(folder)
    if sole is not None:
        click.echo(f"one person wrote every commit: {sole}; nobody else could approve a change", err=True)
        click.echo(
            "hint: name a second person in [approvals.approvers]; or [approvals] compensation = true lets a logged"
            " waiting time stand in: `standfast compensate`",
            err=True,
        )


def _text(path: Path) -> str:
    try:
        if path.is_symlink() or path.stat().st_size > 5_000_000:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
