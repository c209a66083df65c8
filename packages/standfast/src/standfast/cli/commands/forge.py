"""`standfast forge`: what is shown on GitHub, GitLab, or in files beside the ledger."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from standfast.app.forge.syncing import Synced

_format = click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)


@click.group(name="forge", short_help="Show sessions and gates where the change is discussed.")
def command() -> None:
    """Show change sessions and gates on the forge that [forge] in standfast.toml names.

    What stands there is a copy: the ledger is the record. What the forge does not take waits, and is told later.
    """


@command.command(short_help="Tell the forge what it does not show yet.")
@project_option
def sync(root: Path | None) -> int:
    """Tell the forge what it does not show yet. Nothing is told twice, however often this runs or is cut off.

    Exit codes: 0 it shows everything, 2 no forge is named, 3 something still waits, 4 the ledger does not verify.
    """
    from standfast.app.forge.syncing import sync as synced
    from standfast.cli.saying import say

    found = synced(_root(root))
    for remark in found.remarks:
        say(f"warning: {remark}", err=True)
    if found.waiting:
        say(f"{found.forge}: {found.told} sessions told, {len(found.waiting)} wait", *_waiting(found))
        return 3
    say(f"{found.forge}: everything is shown; {found.told} sessions told")
    return 0


@command.command(short_help="List what the forge does not show yet.")
@_format
@project_option
def status(format_name: str, root: Path | None) -> int:
    """List what the forge has not acknowledged, without asking it anything.

    Exit codes: 0 nothing waits, 2 no forge is named, 3 something waits, 4 the record is not what it was.
    """
    import msgspec

    from standfast.app.forge.syncing import status as standing
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    found = standing(_root(root))
    if format_name == "json":
        print_json(msgspec.to_builtins(found))
    else:
        say(*(_waiting(found) if found.waiting else (f"{found.forge} has acknowledged everything",)))
    return 3 if found.waiting else 0


@command.command(short_help="List the environments and how they are protected.")
@project_option
def environments(root: Path | None) -> int:
    """Print the environments of the forge and how they are protected, as JSON that `standfast import` takes.

    Exit codes: 0 printed, 2 no forge is named, 3 the forge did not answer.
    """
    from standfast.app.forge.asking import environments as document

    sys.stdout.buffer.write(document(_root(root)))
    sys.stdout.buffer.flush()
    return 0


@command.command(short_help="Verify the signature of a webhook.")
@click.argument("payload", type=click.Path(path_type=Path, allow_dash=True, exists=True, dir_okay=False))
@click.option("--kind", type=click.Choice(["github", "gitlab"]), required=True, help="Who sent it.")
@click.option(
    "--headers",
    "headers_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The headers of the request, one on each line.",
)
@click.option("--secret-from", default="STANDFAST_WEBHOOK_SECRET", show_default=True, help="A variable's name.")
def webhook(payload: Path, kind: str, headers_file: Path, secret_from: str) -> int:
    """Verify that PAYLOAD (`-` is standard input) was sent by who holds the secret, and print what it is about.

    It is a hint that something happened and no evidence: the gate asks the forge itself.

    Exit codes: 0 it was, 2 usage, 3 it was not, or cannot be understood.
    """
    import msgspec

    from standfast.app.forge.webhook import MOST_BYTES, headers_in, hint
    from standfast.app.storage.durable import read_bounded
    from standfast.cli.evidence_tables import print_json

    stdin = str(payload) == "-"
    data = sys.stdin.buffer.read(MOST_BYTES + 1) if stdin else read_bounded(payload.resolve(), MOST_BYTES)
    headers = headers_in(read_bounded(headers_file.resolve(), MOST_BYTES).decode("utf-8", "surrogateescape"))
    print_json(msgspec.to_builtins(hint(kind, headers, data, os.environb.get(secret_from.encode(), b""))))
    return 0


def _waiting(found: "Synced") -> list[str]:
    return [f"{one.session}: {one.count} wait{': ' if one.trouble else ''}{one.trouble}" for one in found.waiting]


def _root(root: Path | None) -> Path:
    from standfast.app.repository.project import find_root

    return (root or find_root(Path.cwd())).resolve()
