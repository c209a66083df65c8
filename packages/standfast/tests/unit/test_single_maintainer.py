"""Where one person does everything: it is said early, and what stands in for an approval is on record."""

from pathlib import Path

import pytest
from command_line import standfast
from little_sessions import Office

from standfast.ledger.bodies import DutyCompensated

ALONE = """\
[project]
name = "little"
base = "main"

[approvals]
unsigned = true
{more}
[approvals.approvers]
"Ana Ruiz <ana@example.org>" = ["product", "security", "release"]
"""


def alone(folder: Path, more: str = "compensation = true\n") -> Office:
    """Return an office in which only Ana works."""
    office = Office(folder)
    office.git("checkout", "--quiet", "main")
    office.write("standfast.toml", ALONE.format(more=more))
    office.commit("Work alone")
    office.git("checkout", "--quiet", "-b", "next")
    office.write("pay.py", '"""Pay."""\n')
    office.commit("Pay by card")
    return office


def ready(office: Office) -> None:
    """Bring the session to the phase before deployment, with a verdict that opens the gate."""
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Customers pay by card")
    office.session("advance", "development")
    assert office.session("advance", "pre_deployment").code == 0
    office.decided()


def test_single_maintainer_is_told_when_a_session_is_opened(tmp_path: Path) -> None:
    """Opening a session says that nobody could approve, and names the command that is left."""
    ran = alone(tmp_path).session("open", "Pay by card")

    assert (ran.code, ran.out.startswith("S-")) == (0, True)
    assert "no change by Ana Ruiz can be approved: nobody but Ana Ruiz may approve as security or release" in ran.err
    assert "standfast compensate" in ran.err


def test_team_with_too_few_approvers_is_told_to_name_more(tmp_path: Path) -> None:
    """Where somebody else works as well, a second approver helps, and nothing else is offered."""
    office = Office(tmp_path)
    office.write("more.py", '"""More."""\n')
    office.git("add", "--all")
    office.git("commit", "--quiet", "--message", "More", "--author", "Cay Moss <cay@example.org>")

    ran = office.session("open", "Pay by card")

    assert "no change by Cay Moss can be approved: nobody but Cay Moss may approve as release" in ran.err
    assert "compensat" not in ran.err


def test_team_that_can_approve_is_told_nothing(tmp_path: Path) -> None:
    """Where the rules can be met there is nothing to say."""
    assert Office(tmp_path).session("open", "Pay by card").err == ""


def test_waiting_takes_the_place_of_an_approval(tmp_path: Path) -> None:
    """With a waiting time on record for each role the session goes on; without, the rule refuses."""
    office = alone(tmp_path)
    ready(office)
    refused, early = office.run("approve", "security"), office.session("advance", "rollout")
    waits = [office.run("compensate", role, "--reason", "I work alone") for role in ("security", "release")]

    assert (refused.code, "approver is author" in refused.err) == (1, True)
    assert (early.code, "approval missing" in early.err) == (1, True)
    assert [ran.code for ran in waits] == [0, 0]
    assert "nobody approved as security: nothing is deployed before" in waits[0].out
    assert office.session("advance", "rollout").code == 0
    compensated = [(leaf.at, leaf.body) for leaf in office.leaves() if isinstance(leaf.body, DutyCompensated)]
    assert [body.role for _at, body in compensated] == ["security", "release"]
    assert all((body.not_before - at).total_seconds() > 86_000 for at, body in compensated)
    assert "I work alone" in office.session("show").out
    assert "approval.given" not in office.kinds()


def test_waiting_is_refused_unless_the_rules_allow_it(tmp_path: Path) -> None:
    """Without `compensation` in the rules of the session nothing stands in for an approval, and that is recorded."""
    strict = Office(tmp_path)
    strict.ready()

    ran = strict.run("compensate", "security", "--reason", "In a hurry")

    assert (ran.code, "compensation not allowed" in ran.err) == (1, True)
    assert strict.kinds()[-1] == "session.refused"


def test_nothing_is_compensated_before_there_is_something_to_approve(tmp_path: Path) -> None:
    """A waiting time is for a commit that is ready."""
    office = alone(tmp_path)
    office.session("open", "Pay by card")

    assert "[approval-phase]" in office.run("compensate", "security", "--reason", "I work alone").err


@pytest.mark.parametrize(("second", "said"), [(False, True), (True, False)], ids=["one person", "two people"])
def test_first_settings_say_that_one_person_wrote_everything(
    tmp_path: Path,
    second: bool,  # a case
    said: bool,  # the same
) -> None:
    """`init` says whether one person wrote every commit; robots and other spellings are no second person."""
    office = Office(tmp_path)
    (office.root / "standfast.toml").unlink()
    others = ["A. Ruiz <Ana+work@example.org>", "renovate[bot] <bot@example.org>", *["Cay <cay@example.org>"] * second]
    for author in others:
        office.git("commit", "--quiet", "--allow-empty", "--message", "More", "--author", author)

    ran = standfast("init", cwd=office.root)

    assert ran.code == 0, ran.err
    assert ("one person wrote every commit" in ran.err) is said
