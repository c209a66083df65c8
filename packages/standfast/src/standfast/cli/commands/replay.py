"""`standfast replay`: compute a verdict again and compare every byte."""

from pathlib import Path

import click

from standfast.cli.saying import say
from standfast.model import UsageError


@click.command(short_help="Decide a verdict again and compare byte for byte.")
@click.argument("verdict")
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The project whose store holds the evidence; by default the current one.",
)
@click.option(
    "--bundle",
    type=click.Path(path_type=Path, exists=True),
    help="An audit bundle: VERDICT is then a change session in it, whose decisions are all decided again.",
)
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With --bundle: your own copy of the trust policy.",
)
@click.option("--gate", help="With --bundle: only the decisions about this gate.")
def command(verdict: str, root: Path | None, bundle: Path | None, policy: Path | None, gate: str | None) -> int:
    """Decide VERDICT (a JSON report) again from its stored inputs, offline, and compare byte for byte.

    With --bundle, VERDICT is a change session: its decisions are decided again from nothing but an audit bundle, after
    the bundle is verified by the keys in --policy.

    Exit codes: 0 the bytes are the same, 1 they differ (it says where), 3 an input is missing or was changed.
    With --bundle: 0 the same verdicts, 1 a violation, 2 inputs are missing, 3 it could not be checked, as where another
    version of this program decided otherwise.
    """
    if bundle is not None:
        return _of_bundle(bundle, policy, verdict, gate)
    if policy is not None or gate is not None:
        raise UsageError("replay-usage", "--policy and --gate go with --bundle", hint="`standfast replay --help`")
    return _of_file(Path(verdict), root)


def _of_bundle(bundle: Path, policy: Path | None, session: str, gate: str | None) -> int:
    from standfast.app.export.replaying import replay_bundle

    if policy is None:
        raise UsageError(
            "replay-usage",
            "found --bundle without --policy, expected your own trust policy: it says whose ledger you believe",
            hint="write the verifier key of the ledger into a file: `log KEY` and `quorum none`",
        )
    judged = replay_bundle(bundle, policy.read_bytes(), session, gate)
    words = ("the same verdicts", "violation", "incomplete", "could not check")
    say(*judged.lines, *judged.findings, words[judged.exit_code])
    return judged.exit_code


def _of_file(verdict: Path, root: Path | None) -> int:
    from standfast.app.replay import replay

    try:
        data = verdict.read_bytes()
    except OSError as error:
        raise UsageError(
            "verdict-unreadable",
            f"{verdict} cannot be read: {error.strerror}",
            hint="give the file that `standfast gate --format json` wrote, or a session and --bundle",
        ) from error
    replayed = replay(data, root)
    for sentence in replayed.remarks:
        say(sentence, err=True)
    if replayed.same:
        say(f"same: {verdict} is the verdict of its inputs, byte for byte ({replayed.digest:.19})")
        return 0
    for difference in replayed.differences:
        say(difference)
    say(f"different: {verdict} is not what its inputs give")
    return 1
