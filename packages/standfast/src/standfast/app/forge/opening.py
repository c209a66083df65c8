"""Reach the forge that the settings name: as of the base, so that no change sends the token somewhere else."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from standfast.app.forge.local import Local
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Forge, ForgeError
from standfast.app.repository.git import Git
from standfast.app.written.forge_table import ForgeTable
from standfast.app.written.settings import FILE_NAME, Settings, parse_settings
from standfast.ledger import bodies as ledger
from standfast.model import ConfigurationError, UsageError

_ADDRESSES = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api/v4"}


def table_of(settings: Settings) -> ForgeTable:
    """Return the ``[forge]`` table.

    Raises:
        UsageError: There is none.
    """
    if settings.forge is None:
        raise UsageError(
            "forge-none",
            f"{FILE_NAME} names no forge",
            hint='write a [forge] table into it: kind = "github", "gitlab" or "local"',
        )
    return settings.forge


def name_of(table: ForgeTable, root: Path) -> str:
    """Return which repository of which forge *table* names, as people read it."""
    if table.kind == "local":
        return f"files and git notes of {root.name}"
    return f"{table.repository} at {address_of(table)}"


def address_of(table: ForgeTable) -> str:
    """Return the address of the API."""
    return (table.url or _ADDRESSES[table.kind]).rstrip("/")


def shown_at(settings: Settings, *, wanted: bool | None) -> ledger.Forge:
    """Return where a session is to be shown: at the forge of *settings* unless it is not *wanted*.

    Raises:
        UsageError: It is wanted, and the settings name none.
    """
    if wanted is False or (wanted is None and settings.forge is None):
        return ledger.Forge.LOCAL
    return ledger.Forge(table_of(settings).kind)


def require_reviewed(settings: Settings, root: Path) -> None:
    """Return when the ``[forge]`` table is the one of the base, or there is no base.

    Raises:
        ForgeError: The change itself names another forge, or another variable: it would get the token.
    """
    base = settings.project.base
    git = Git(root)
    start = None if base is None else git.line("merge-base", base, "HEAD")
    raw = None if start is None else git.ask("show", f"{start}:./{FILE_NAME}")
    try:
        before = settings.forge if raw is None else parse_settings(raw).forge
    except ConfigurationError:
        before = None
    if before != settings.forge:
        raise ForgeError(
            "forge-unreviewed",
            f"[forge] in {FILE_NAME} is not what it is in the base {base}, and a change may not say where a token goes",
            hint="let somebody review the change that writes it; it counts once it is in the base",
        )


@contextlib.contextmanager
def forge_of(
    settings: Settings, root: Path, outbox: Outbox, *, patient: bool = True, environment: Mapping[str, str] = os.environ
) -> Iterator[Forge]:
    """Give the forge of *settings* for a while.

    Raises:
        UsageError: The settings name none.
        ConfigurationError: What reaches it is not installed.
        ForgeError: There is no token, or the settings are not those of the base.
    """
    table = table_of(settings)
    if table.kind == "local":
        yield Local(root)
        return
    require_reviewed(settings, root)
    token = environment.get(table.token_variable, "")
    if not token or not token.isascii() or not token.isprintable():
        raise ForgeError(
            "forge-token",
            f"the variable {table.token_variable} holds no token, so nothing can be asked of {table.repository}",
            hint="set it in the environment, or name another one in [forge] token_from",
        )
    with contextlib.closing(_Reached(table, token, outbox, patient=patient)) as reached:
        yield reached.forge


class _Reached:
    """A forge, and the wire to it."""

    def __init__(self, table: ForgeTable, token: str, outbox: Outbox, *, patient: bool) -> None:
        try:
            from standfast.app.forge import github, gitlab
            from standfast.app.forge.wire import Wire
        except ImportError as error:
            raise ConfigurationError(
                "forge-extra",
                f"what speaks to a forge is not installed: {error}",
                hint="install standfast[forge]",
            ) from error
        if table.kind == "github":
            told = github.headers(token, table.api_version)
            self._wire = Wire(address_of(table), told, secret=token, keeping=outbox, patient=patient)
            self.forge: Forge = github.GitHub(self._wire, table.repository, runs=table.marks == "check_run")
        else:
            told = gitlab.headers(token)
            self._wire = Wire(address_of(table), told, secret=token, keeping=outbox, patient=patient)
            self.forge = gitlab.GitLab(self._wire, table.repository)

    def close(self) -> None:
        """Let go of the wire."""
        self._wire.close()
