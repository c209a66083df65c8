"""Who may approve a waiver is what the settings said before the change, so that no change names its own approvers."""

from pathlib import Path

import msgspec

from standfast.app.context import Written
from standfast.app.repository.git import Git
from standfast.app.repository.subject import WorkingCopy
from standfast.app.written.settings import FILE_NAME, ApprovalsTable, Settings, parse_settings, waiver_policy
from standfast.evidence.wording.people import person
from standfast.model import ConfigurationError, WaiverPolicy


def as_of_base(written: Written, copy: WorkingCopy) -> Written:
    """Return *written* with no more leave to waive than the settings of the base commit give.

    Where there is no waiver, no base, or no readable settings in it, *written* is returned as it is.
    """
    if not (written.waivers or written.granted) or copy.base is None:
        return written
    raw = Git(Path(copy.root)).ask("show", f"{copy.base}:./{FILE_NAME}")
    try:
        before = None if raw is None else parse_settings(raw)
    except ConfigurationError:
        return written
    if before is None:
        return written
    policy = narrowed(waiver_policy(written.settings), waiver_policy(before))
    return msgspec.structs.replace(written, settings=msgspec.structs.replace(written.settings, waivers=policy))


def narrowed(policy: WaiverPolicy, before: WaiverPolicy) -> WaiverPolicy:
    """Return what both *policy* and *before* give leave to: people in roles, and the shorter cap."""
    kept: dict[str, tuple[str, ...]] = {}
    for name, roles in policy.approvers.items():
        held = {role for old, given in before.approvers.items() if person(old).same_as(person(name)) for role in given}
        if held:
            kept[name] = tuple(role for role in roles if role in held)
    unsigned = False if before.unsigned is False else policy.unsigned
    return msgspec.structs.replace(
        policy, approvers=kept, cap_days=min(policy.cap_days, before.cap_days), unsigned=unsigned
    )


def waivers_as_of_base(settings: Settings, root: Path) -> WaiverPolicy:
    """Return who may waive, by *settings* and by those of the base as well.

    Where there is no base, or it has no readable settings, the policy is returned as it is.
    """
    before, policy = _base_settings(settings, root), waiver_policy(settings)
    return policy if before is None else narrowed(policy, waiver_policy(before))


def _base_settings(settings: Settings, root: Path) -> Settings | None:
    base, git = settings.project.base, Git(root)
    start = None if base is None else git.line("merge-base", base, "HEAD")
    raw = None if start is None else git.ask("show", f"{start}:./{FILE_NAME}")
    try:
        return None if raw is None else parse_settings(raw)
    except ConfigurationError:
        return None


def _approvals(settings: Settings) -> ApprovalsTable:
    """Return how a change is approved: where numbers enter the books, who deploys has no other duty (SOX)."""
    apart = settings.approvals.deployer_apart or settings.profile.financial_reporting is True
    return msgspec.structs.replace(settings.approvals, deployer_apart=apart)


def _keys_of(name: str, table: ApprovalsTable) -> set[str]:
    """Return the keys that *table* gives the person of that name: no change hands the key of one to another."""
    return {key for other, keys in table.keys.items() if person(other).same_as(person(name)) for key in keys}


def approvals_as_of_base(settings: Settings, root: Path) -> ApprovalsTable:
    """Return who may approve and how: nobody, in no role, by no looser rule, but as the settings of the base say too.

    Where there is no base, or it has no readable settings, the table of *settings* counts alone.
    """
    found, table = _base_settings(settings, root), _approvals(settings)
    if found is None:
        return table
    before = _approvals(found)
    policies = (WaiverPolicy(approvers=one.approvers) for one in (table, before))
    keys = {name: tuple(key for key in keys if key in _keys_of(name, before)) for name, keys in table.keys.items()}
    return msgspec.structs.replace(
        table,
        approvers=narrowed(*policies).approvers,
        keys=keys,
        roles=(*before.roles, *(role for role in table.roles if role not in before.roles)),
        different_people=table.different_people or before.different_people,
        deployer_apart=table.deployer_apart or before.deployer_apart,
        compensation=table.compensation and before.compensation,
        unsigned=table.unsigned and before.unsigned,
        emergency_hours=min(table.emergency_hours, before.emergency_hours),
    )
