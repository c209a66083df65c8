"""`standfast witness`: to vouch for ledgers, and to have one vouched for."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option

_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the witness keeps its key and what it saw. By default in the data folder of this user.",
)


@click.group(name="witness", short_help="Vouch for ledgers, or have one vouched for.")
def command() -> None:
    """Be a witness: watch that a ledger only grows, and cosign its checkpoints.

    A witness runs on a machine that those who write the ledger do not control.
    """


@command.command(short_help="Make the key of a witness.")
@click.argument("name")
@_folder
def init(name: str, folder: Path | None) -> None:
    """Make a witness called NAME, like an address: witness.example.org/audit. Prints its verifier key.

    Exit codes: 0 made, 4 there is one already, or it cannot be made.
    """
    import secrets

    from standfast.app.witnessing.memory import WitnessMemory
    from standfast.cli.saying import say
    from standfast.ledger.keys import SEED_BYTES

    witness = WitnessMemory.create(_place(folder), name, secrets.token_bytes(SEED_BYTES))
    say(witness.signer.vkey)
    say("hint: give the line above to whoever is to believe this witness", err=True)


@command.command(short_help="Serve a ledger from now on.")
@click.argument("vkey")
@_folder
def trust(vkey: str, folder: Path | None) -> None:
    """Serve the ledger whose verifier key is VKEY, as `standfast ledger status` prints it there.

    Exit codes: 0 served, 4 it is no such key, or it cannot be written.
    """
    from standfast.app.witnessing.memory import WitnessMemory
    from standfast.cli.saying import say

    witness = WitnessMemory(_place(folder))
    verifier = witness.trust(vkey)
    say(f"serving {verifier.name}, known up to {witness.latest(verifier.name).size:,} entries")


@command.command(short_help="Follow a ledger to its new key.")
@click.argument("proofs", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_folder
def follow(proofs: tuple[Path, ...], folder: Path | None) -> None:
    """Serve a ledger with the key that PROOFS introduce, in their order, and no longer with the one before.

    `standfast ledger keys --proofs` writes them; nothing but the key that is known has to be believed.

    Exit codes: 0 followed, 4 the known key introduced no other one there, or it cannot be written.
    """
    from standfast.app.witnessing.memory import WitnessMemory
    from standfast.cli.saying import say

    verifier = WitnessMemory(_place(folder)).follow([path.read_bytes() for path in proofs])
    say(f"serving {verifier.name} with the key {verifier.vkey}")


@command.command(short_help="Answer requests over the network.")
@click.option("--listen", default="127.0.0.1:8462", show_default=True, help="Address and port.")
@_folder
def serve(listen: str, folder: Path | None) -> None:
    """Answer `POST /add-checkpoint` (C2SP tlog-witness) until interrupted; put TLS in front of it.

    Exit codes: 0 interrupted, 2 the address is none, 4 there is no witness.
    """
    from standfast.app.clock import now
    from standfast.app.witnessing.memory import WitnessMemory
    from standfast.app.witnessing.serving import WitnessServer
    from standfast.cli.saying import say
    from standfast.model import UsageError

    host, _, port = listen.rpartition(":")
    witness = WitnessMemory(_place(folder))
    try:
        server = WitnessServer(
            (host, int(port)), witness, lambda: int(now().timestamp()), lambda line: say(line, err=True)
        )
    except (OSError, ValueError, OverflowError) as error:
        raise UsageError("witness-listen", f"{listen!r} cannot be listened on: {error}") from error
    with server:
        say(f"{witness.signer.name} listens on {host}:{server.server_address[1]}", err=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("interrupted; everything that was cosigned is remembered", err=True)


@command.command(short_help="Have the ledger of this working copy cosigned.")
@click.argument("address")
@click.argument("vkey")
@project_option
def ask(address: str, vkey: str, root: Path | None) -> None:
    """Ask the witness at ADDRESS, whose verifier key is VKEY, to cosign the published checkpoint.

    From then on the key counts as that of a witness of this ledger; take it from its operator, not from the address.

    Exit codes: 0 cosigned, 2 there is no ledger, 3 the witness does not answer or does not serve it, 4 the witness
    knows another history of the ledger.
    """
    import msgspec

    from standfast.app.ledger.home import Home
    from standfast.app.ledger.reading import reading
    from standfast.app.witnessing.asking import cosigned
    from standfast.cli.commands.ledger import known_ledger
    from standfast.cli.saying import say
    from standfast.ledger.verifier import Verifier

    verifier = Verifier.from_vkey(vkey)
    known = known_ledger(root)
    with reading(known) as ledger:
        signature = cosigned(ledger, address, verifier)
        size = ledger.published()[1].size
    if vkey not in known.witnesses:
        Home().keep(msgspec.structs.replace(known, witnesses=(*known.witnesses, vkey)))
    say(f"{verifier.name} cosigned {size:,} entries")
    click.echo(signature.line, nl=False)


def _place(folder: Path | None) -> Path:
    from standfast.app.ledger.home import Home

    return (folder or Home().folder / "witness").resolve()
