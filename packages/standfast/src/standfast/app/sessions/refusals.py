"""What to do about a refusal."""

from standfast.ledger.bodies import Refused

_HINTS = {
    Refused.NOT_OPEN: 'open a session: `standfast session open "TITLE"`',
    Refused.WRONG_PHASE: "see in which phase it is: `standfast session show`",
    Refused.ILLEGAL_TRANSITION: "phases follow each other: requirements, development, pre_deployment, rollout",
    Refused.REQUIREMENT_MISSING: "say what is required: `standfast session decide requirements`",
    Refused.GATE_NOT_OPEN: "commit everything and run `standfast gate` until it passes",
    Refused.APPROVAL_MISSING: "let somebody else run `standfast approve ROLE`",
    Refused.OTHER_COMMIT: "check out the commit that the session is about",
    Refused.OTHER_ARTIFACT: "deploy what the verdict names, or judge this one: `standfast gate --artifact DIGEST`",
    Refused.AUTHORS_UNKNOWN: "every commit since the base must name its author; is the clone shallow?",
    Refused.APPROVER_IS_AUTHOR: "ask somebody who wrote none of it",
    Refused.APPROVER_WROTE_IT: "ask somebody else",
    Refused.APPROVER_HOLDS_NO_ROLE: "roles are given in [approvals.approvers] of standfast.toml, as of the base",
    Refused.APPROVER_HAS_OTHER_DUTY: "ask somebody who neither approved in another role nor deployed it",
    Refused.UNSIGNED: "sign it: `standfast approve ROLE --key FILE`",
    Refused.NOT_OWN_APPROVAL: "only who gave an approval takes it back",
    Refused.COMPENSATION_NOT_ALLOWED: (
        "it takes [approvals] compensation = true when the session is opened, and that nobody else holds the role"
    ),
    Refused.DEPLOYER_IS_SOLE_APPROVER: "let somebody else deploy it, or approve it as well",
    Refused.DEPLOYER_HAS_OTHER_DUTY: "let somebody deploy it who neither wrote nor approved it",
    Refused.TOO_EARLY: "wait until the waiting time is over",
    Refused.TOO_LATE: "it is to be approved within 72 hours at the most",
    Refused.REASON_MISSING: "say why it cannot wait",
    Refused.WRONG_RESULT: (
        "no deployment ended well, or an emergency is not approved (`standfast deployment list`);"
        " otherwise close it as failed or abandoned"
    ),
}


def hint_for(reason: Refused) -> str:
    """Return the next step after a refusal for *reason*."""
    return _HINTS.get(reason, "`standfast session show` tells what happened before")
