"""`standfast deployment`: the record of what went where, by whom, and how it ended."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option

_session = click.option("--session", metavar="ID", help="Another session than the one that is open.")


@click.group(name="deployment", short_help="The record of what was deployed, by whom, and how it ended.")
def command() -> None:
    """Record the deployments of a change: what was deployed where, by whom, and how it ended.

    It deploys nothing. Ask before you do: what the verdict, the approvals or the duties do not allow is refused.
    """


@command.command(short_help="Record that a deployment begins, or why it may not.")
@click.argument("environment")
@click.option("--artifact", required=True, metavar="DIGEST", help="What is deployed: sha256: and 64 digits.")
@click.option("--commit", default="HEAD", show_default=True, help="What it was built from.")
@click.option("--service", help="Which service; the one of standfast.toml if not given.")
@_session
@project_option
def start(
    environment: str, artifact: str, commit: str, service: str | None, session: str | None, root: Path | None
) -> int:
    """Record that you begin to deploy to ENVIRONMENT, and print the name of the deployment. Deploy only after a 0.

    Exit codes: 0 it may begin, 1 refused, 2 there is no session or what is said is malformed, 4 it cannot be recorded.
    """
    from standfast.app.sessions.deploying import Deployment
    from standfast.app.sessions.deploying import start as started
    from standfast.cli.commands.session import at_desk, refused
    from standfast.cli.saying import say
    from standfast.ledger.session import Refusal
    from standfast.model import Digest

    asked = Deployment(environment=environment, artifact=Digest(artifact), commit=commit, service=service)
    with at_desk(root) as one:
        after = started(one, one.required(session), asked)
        if isinstance(after, Refusal):
            return refused(after)
        say(after.deployment)
        return 0


@command.command(short_help="Record how a deployment ended.")
@click.argument("deployment", required=False)
@click.option("--result", type=click.Choice(["completed", "failed", "abandoned"]), required=True, help="How it ended.")
@click.option(
    "--file", "report", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The report about it."
)
@_session
@project_option
def finish(deployment: str | None, result: str, report: Path | None, session: str | None, root: Path | None) -> int:
    """Record how DEPLOYMENT ended, or the one that runs. A report is kept under its digest.

    Exit codes: 0 recorded, 1 refused, 2 it is not clear which is meant, 4 it cannot be recorded.
    """
    from standfast.app.sessions.deploying import finish as finished
    from standfast.cli.commands.session import at_desk, told
    from standfast.ledger.bodies import Result

    with at_desk(root) as one:
        after = finished(one, one.required(session), deployment, Result(result), report)
        return told(after, lambda state: f"recorded as event {state.head.count} of session {state.id}")


@command.command(short_help="Record that a deployment was undone.")
@click.argument("deployment")
@click.option("--restored", metavar="DIGEST", help="The artifact that runs again.")
@click.option("--automatic", is_flag=True, help="No person decided it.")
@_session
@project_option
def revert(deployment: str, restored: str | None, session: str | None, root: Path | None, *, automatic: bool) -> int:
    """Record that DEPLOYMENT was undone: it is not live any more.

    Exit codes: 0 recorded, 1 refused, 2 there is no session or what is said is malformed, 4 it cannot be recorded.
    """
    from standfast.app.sessions.deploying import revert as reverted
    from standfast.cli.commands.session import at_desk, told
    from standfast.model import Digest

    with at_desk(root) as one:
        digest = None if restored is None else Digest(restored)
        after = reverted(one, one.required(session), deployment, restored=digest, automatic=automatic)
        return told(after, lambda state: f"recorded as event {state.head.count} of session {state.id}")
