"""`standfast deployment`: the record of what went where, by whom, and how it ended."""

from datetime import datetime
from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.options import Moment

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
@click.option("--emergency", metavar="REASON", help="Why it cannot wait; it is to be approved afterwards.")
@_session
@project_option
def start(
    *,
    environment: str,
    artifact: str,
    commit: str,
    service: str | None,
    emergency: str | None,
    session: str | None,
    root: Path | None,
) -> int:
    """Record that you begin to deploy to ENVIRONMENT, and print the name of the deployment. Deploy only after a 0.

    An emergency waits for no verdict and no approval. It is open until every role has approved it afterwards
    (`standfast approve ROLE --deployment NAME`), and a violation once its time is over.

    Exit codes: 0 it may begin, 1 refused, 2 there is no session or what is said is malformed, 4 it cannot be recorded.
    """
    from standfast.app.sessions.deploying import Deployment
    from standfast.app.sessions.deploying import start as started
    from standfast.cli.commands.session import at_desk, refused, sentence
    from standfast.cli.saying import say
    from standfast.ledger.session import Refusal
    from standfast.model import Digest

    asked = Deployment(
        environment=environment,
        artifact=Digest(artifact),
        commit=commit,
        service=service,
        emergency=None if emergency is None else sentence(emergency),
    )
    with at_desk(root) as one:
        after = started(one, one.required(session), asked)
        if isinstance(after, Refusal):
            return refused(after)
        for warning in after.warnings:
            say(f"warning: {warning}", err=True)
        if after.approve_by is not None:
            say(f"warning: nobody approved it; every role is to by {after.approve_by:%Y-%m-%d %H:%M} UTC", err=True)
            say(f"hint: `standfast approve ROLE --deployment {after.deployment}`", err=True)
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


@command.command(short_help="Record a second look at what is live.")
@click.argument("deployment", required=False)
@click.option("--result", type=click.Choice(["healthy", "unhealthy"]), required=True, help="What was seen.")
@click.option(
    "--file",
    "report",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="What shows it: a report, the numbers of a dashboard.",
)
@_session
@project_option
def confirm(deployment: str | None, result: str, report: Path, session: str | None, root: Path | None) -> int:
    """Record that you looked at DEPLOYMENT, or at the one that is live, after it was, and what you saw.

    Exit codes: 0 recorded, 1 refused, 2 it is not clear which is meant, 4 it cannot be recorded.
    """
    from standfast.app.sessions.deploying import confirm as confirmed
    from standfast.cli.commands.session import at_desk, told

    with at_desk(root) as one:
        after = confirmed(one, one.required(session), deployment, healthy=result == "healthy", report=report)
        return told(after, lambda state: f"recorded as event {state.head.count} of session {state.id}")


@command.command(name="list", short_help="List the deployments, and emergencies that nobody approved.")
@click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@click.option("--at", type=Moment(), help="Tell what is overdue as of this moment instead of now (UTC).")
@project_option
def list_(format_name: str, at: datetime | None, root: Path | None) -> int:
    """List the deployments on record this year, oldest first.

    Exit codes: 0 listed, 1 an emergency was not approved in time, 2 there is no ledger, 4 the record was changed.
    """
    import msgspec

    from standfast.app import clock
    from standfast.app.sessions.production import deployed
    from standfast.app.sessions.shown import called
    from standfast.cli.commands.session import at_desk
    from standfast.cli.deployment_lines import line
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    with at_desk(root) as one:
        found, names, people = deployed(one), one.scribe.disclosed.names(), one.register.people()
    now = at or clock.now()
    if format_name == "json":
        print_json([{**msgspec.to_builtins(each), "violation": each.violates(now)} for each in found])
    else:
        say(*(line(each, now, lambda who: called(who, people, names)) for each in found))
    if not found:
        say("nothing was deployed", err=True)
    return 1 if any(each.violates(now) for each in found) else 0
