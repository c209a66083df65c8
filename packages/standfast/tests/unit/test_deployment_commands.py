"""`standfast deployment`: what may be deployed, by whom, and how a session comes to its end."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from little_sessions import Office

from standfast.app import clock
from standfast.app.ledger.opening import find, open_ledger, standing
from standfast.app.ledger.shards import followed
from standfast.ledger.bodies import ApprovalGiven, GateDecided, IdentityLinked
from standfast.model import Status

ARTIFACT = "sha256:" + "a" * 64
ABOUT_PRODUCTION = ("production-changes-are-approved", "duties-are-separated")
SERVICE = "\n[profile]\nservice = true\n"
BOOKS = "\n[profile]\nservice = true\nfinancial_reporting = true\n"
TOMORROW = ("--at", f"{clock.now() + timedelta(hours=30):%Y-%m-%dT%H:%M:%SZ}")
START = ("deployment", "start", "production", "--artifact", ARTIFACT)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A change in the phase of the rollout, approved by Bea and Cay; Ana, who wrote it, sits there."""
    made = Office(tmp_path, keys=SERVICE)
    made.ready()
    made.bea()
    made.run("approve", "security")
    made.cay()
    made.run("approve", "release")
    made.sits("Ana Ruiz", "ana@example.org")
    assert made.session("advance", "rollout").code == 0
    return made


def test_whole_life_with_signed_approvals(tmp_path: Path) -> None:
    """A session goes from its requirements through signed approvals and a deployment to its lesson."""
    keys = []
    for name in ("bea", "cay"):
        path = tmp_path / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
        keys.append(" ".join(path.with_suffix(".pub").read_text().split()[:2]))
    table = f'\n[approvals.keys]\n"bea@example.org" = ["{keys[0]}"]\n"cay@example.org" = ["{keys[1]}"]\n'
    made = Office(tmp_path, unsigned=False, keys=table)
    made.session("open", "Pay by card")
    made.session("decide", "requirements", "Customers pay by card")
    made.bea()
    codes = [made.run("approve", "product", "--key", str(tmp_path / "bea")).code]
    made.sits("Ana Ruiz", "ana@example.org")
    codes += [made.session("advance", phase).code for phase in ("development", "pre_deployment")]
    made.decided()
    made.bea()
    codes.append(made.run("approve", "security", "--key", str(tmp_path / "bea")).code)
    made.cay()
    codes.append(made.run("approve", "release", "--key", str(tmp_path / "cay")).code)
    codes.append(made.session("advance", "rollout").code)
    codes.append(made.run(*START).code)
    codes.append(made.run("deployment", "finish", "--result", "completed", "--file", "pay.py").code)
    closed = made.session("close", "--lesson", "Cards expire")

    assert codes == [0] * len(codes)
    assert (closed.code, made.shown()["result"]) == (0, "completed")


def test_nothing_is_deployed_before_the_rollout(tmp_path: Path) -> None:
    """A deployment of a change that is not approved yet is refused, and the refusal is recorded."""
    made = Office(tmp_path)
    made.ready()

    ran = made.run(*START)

    assert (ran.code, "wrong phase" in ran.err) == (1, True)
    assert made.kinds()[-1] == "session.refused"


def test_other_commit_is_not_deployed(office: Office) -> None:
    """What was approved is one commit: another one is not deployed on its approvals."""
    ran = office.run(*START, "--commit", "main")

    assert (ran.code, "other commit" in ran.err) == (1, True)


def test_failing_verdict_stops_a_deployment(office: Office) -> None:
    """A newer verdict about the commit that closes the gate closes it for deployments too."""
    office.decided(Status.FAIL)

    ran = office.run(*START)

    assert (ran.code, "gate not open" in ran.err) == (1, True)


@pytest.mark.parametrize("words", [("Production!", ARTIFACT), ("production", "latest")], ids=["place", "artifact"])
def test_malformed_deployment_is_not_recorded(office: Office, words: tuple[str, str]) -> None:
    """What the ledger cannot hold is said to be malformed, and nothing is recorded."""
    before = office.kinds()
    ran = office.run("deployment", "start", words[0], "--artifact", words[1])

    assert (ran.code, "[deployment-invalid]" in ran.err) == (2, True)
    assert office.kinds() == before


def test_session_is_completed_only_by_what_is_live(office: Office) -> None:
    """A session whose only deployment runs, failed or was undone does not close as completed."""
    name = office.run(*START).out.strip()
    close = ("close", "--lesson", "Cards expire")
    running = office.session(*close)
    office.run("deployment", "finish", name, "--result", "completed")
    undone = office.run("deployment", "revert", name, "--restored", ARTIFACT, "--automatic")
    reverted = office.session(*close)

    assert [running.code, undone.code, reverted.code] == [1, 0, 1]
    assert "wrong result" in reverted.err
    assert office.session(*close, "--result", "failed").code == 0


def test_end_without_a_beginning_is_not_recorded(office: Office) -> None:
    """Where no deployment runs, its end is not clear; one that is named and unknown is refused."""
    unclear = office.run("deployment", "finish", "--result", "completed")
    unknown = office.run("deployment", "finish", "d-none", "--result", "completed")

    assert (unclear.code, "[deployment-unclear]" in unclear.err) == (2, True)
    assert (unknown.code, "illegal transition" in unknown.err) == (1, True)


def test_artifact_that_was_not_judged_is_not_deployed(office: Office) -> None:
    """Where the newest verdict names an artifact, another one is refused, and the hint says how to judge it."""
    office.decided(artifact=ARTIFACT)

    other = office.run("deployment", "start", "production", "--artifact", "sha256:" + "b" * 64)
    same = office.run(*START)

    assert (other.code, "other artifact" in other.err, "--artifact" in other.err) == (1, True, True)
    assert same.code == 0


def test_gate_names_the_artifact(office: Office) -> None:
    """`gate --artifact` writes into the decision what was built from the content; what is no digest is refused."""
    office.run("gate", "--no-collect", "--artifact", ARTIFACT)
    bodies = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, GateDecided)]
    refused = office.run("gate", "--no-collect", "--artifact", "latest")

    assert bodies[-1].artifact == ARTIFACT
    assert (refused.code, "[artifact-invalid]" in refused.err) == (2, True)


def test_second_look_is_recorded(office: Office) -> None:
    """After the change is live somebody looks again, and what they saw is kept, with who it was."""
    report = office.root.parent / "dashboard.txt"
    report.write_text("error ratio 0.1 %\n")
    look = ("deployment", "confirm", "--result", "healthy", "--file", str(report))
    office.run(*START)
    early = office.run(*look)
    office.run("deployment", "finish", "--result", "completed")
    office.bea()
    late = office.run(*look)
    listed = office.run("deployment", "list")

    assert (early.code, "[deployment-unclear]" in early.err) == (2, True)
    assert late.code == 0
    assert "completed, healthy as Bea Lind" in listed.out
    assert office.shown()["lines"][-1]["who"].startswith("Bea Lind")


@pytest.mark.parametrize(
    ("profile", "roles", "deployer", "reason"),
    [
        ("", ["release"], ("Cay Moss", "cay@example.org"), "deployer is sole approver"),
        ("", ["security", "release"], ("Cay Moss", "cay@example.org"), None),
        (BOOKS, ["security", "release"], ("Cay Moss", "cay@example.org"), "deployer has other duty"),
        (BOOKS, ["security", "release"], ("Ana Ruiz", "ana@example.org"), "deployer has other duty"),
        (BOOKS, ["release"], ("Cay Moss", "cay@example.org"), "deployer is sole approver"),
        (BOOKS, ["security", "release"], ("Dan Hill", "dan@example.org"), None),
    ],
    ids=["alone", "one of two", "books: approved", "books: wrote", "books: alone", "books: neither"],
)
def test_deployer_is_not_the_sole_approver(
    tmp_path: Path, profile: str, roles: list[str], deployer: tuple[str, str], reason: str | None
) -> None:
    """Who alone approved does not deploy; where numbers enter the books, nobody deploys who wrote or approved."""
    asked = f"roles = {json.dumps(roles)}\nunsigned"
    made = Office(tmp_path, keys=profile, rules=asked)
    made.ready()
    made.bea()
    if "security" in roles:
        assert made.run("approve", "security").code == 0
    made.cay()
    assert made.run("approve", "release").code == 0
    assert made.session("advance", "rollout").code == 0

    made.sits(*deployer)
    ran = made.run(*START)

    assert ran.code == (0 if reason is None else 1), ran.err
    assert reason is None or reason in ran.err


def test_who_wrote_and_deploys_is_told_what_comes_of_it(office: Office) -> None:
    """The rules of a session may let the author deploy; that a control will not is said at once."""
    ran = office.run(*START)

    assert ran.code == 0
    assert "who deploys also wrote it" in ran.err


def burning(folder: Path, settings: str = "") -> tuple[Office, str]:
    """Return a change that nobody approved, which Dan deployed at once, and the name of that deployment."""
    made = Office(folder, keys=settings)
    made.session("open", "Pay by card")
    made.sits("Dan Hill", "dan@example.org")
    ran = made.run(*START, "--emergency", "The card company refuses every payment")
    assert ran.code == 0, ran.err
    assert "nobody approved it" in ran.err
    return made, ran.out.strip()


def test_emergency_is_approved_afterwards(tmp_path: Path) -> None:
    """An emergency is open until every role approved it; who wrote or deployed it does not, and is told why."""
    made, name = burning(tmp_path)
    opened, waiting = made.run("deployment", "list"), made.session("show")
    nothing = made.run("approve", "security", "--deployment", name)
    made.decided(Status.FAIL)
    own = made.run("approve", "security", "--deployment", name)
    made.bea()
    first = made.run("approve", "security", "--deployment", name)
    made.cay()
    second = made.run("approve", "release", "--deployment", name)
    unknown = made.run("approve", "release", "--deployment", "d-none")
    listed = made.run("deployment", "list")

    assert (opened.code, "emergency, to be approved by" in opened.out) == (0, True)
    assert (nothing.code, "[approval-verdict]" in nothing.err) == (2, True)
    assert (own.code, "approver holds no role" in own.err) == (1, True)
    assert [first.code, second.code, unknown.code] == [0, 0, 2]
    assert (listed.code, "emergency approved 20" in listed.out) == (0, True)
    assert f"Emergency {name} is to be approved as security and release by" in waiting.out
    assert "is to be approved as" not in made.session("show").out
    assert "an emergency, to be approved by" in made.session("show").out
    assert "The card company refuses every payment" in made.session("show").out


def test_emergency_that_nobody_approved_is_a_violation(tmp_path: Path) -> None:
    """Once its time is over, the list says so and ends with exit code 1, and data says so as well."""
    made, name = burning(tmp_path)

    listed = made.run("deployment", "list", *TOMORROW)
    (row,) = json.loads(made.run("deployment", "list", "--format", "json", *TOMORROW).out)

    assert (listed.code, "EMERGENCY NOT APPROVED" in listed.out) == (1, True)
    assert (row["deployment"], row["violation"]) == (name, True)


def test_settings_may_allow_no_emergency(tmp_path: Path) -> None:
    """With emergency_hours = 0 nothing is deployed before it is approved, and nothing is recorded."""
    made = Office(tmp_path, rules="emergency_hours = 0\nunsigned")
    made.session("open", "Pay by card")

    ran = made.run(*START, "--emergency", "It cannot wait")

    assert (ran.code, "[emergency-not-allowed]" in ran.err) == (2, True)
    assert made.kinds() == ["session.opened"]


def test_gate_takes_deployments_from_the_ledger(office: Office) -> None:
    """What was deployed is evidence for the controls about production, without any file; before that there is none."""
    empty = office.run("deployment", "list")
    before = office.outcomes(*ABOUT_PRODUCTION)
    office.decided()
    office.sits("Dan Hill", "dan@example.org")
    assert office.run(*START).code == 0
    office.run("deployment", "finish", "--result", "completed")
    after = office.outcomes(*ABOUT_PRODUCTION)
    office.session("close", "--lesson", "Cards expire")
    closed = office.outcomes(*ABOUT_PRODUCTION)

    assert (empty.code, empty.out, empty.err) == (0, "", "nothing was deployed\n")
    assert (before, after, closed) == (["unknown"] * 2, ["pass"] * 2, ["pass"] * 2)


def test_gate_finds_an_emergency_that_nobody_approved(tmp_path: Path) -> None:
    """An emergency passes while its time runs, and fails the control from then on."""
    made, _name = burning(tmp_path, SERVICE)
    control = ABOUT_PRODUCTION[0]

    assert (made.outcomes(control), made.outcomes(control, words=TOMORROW)) == (["pass"], ["fail"])


def test_deployments_of_last_year_are_told_in_the_new_one(office: Office) -> None:
    """A log that has just begun knows of no deployment, so the one before it is asked, by the roles of its time."""
    office.sits("Dan Hill", "dan@example.org")
    office.run(*START)
    office.run("deployment", "finish", "--result", "completed")
    session = office.shown()["session"]
    assert office.session("close", "--lesson", "Cards expire").code == 0
    assert office.run("ledger", "yearly").code == 0
    known = find(office.root, office.home())
    assert known is not None
    with followed(open_ledger(known, office.home()), office.home(), clock.now() + timedelta(days=366)) as after:
        assert after.known.id != known.id

    assert office.outcomes(*ABOUT_PRODUCTION) == ["pass"] * 2
    assert "counts no longer" not in office.session("show", session).out


def test_session_whose_approvals_count_no_longer_passes_nothing(office: Office) -> None:
    """Where two people turn out to be one, what was deployed on their approvals is in doubt, and no control passes."""
    office.sits("Dan Hill", "dan@example.org")
    assert office.run(*START).code == 0
    people = {leaf.body.role: leaf.actor.id for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven)}
    with standing(office.root, "little", office.home()).ledger as ledger:
        ledger.record(IdentityLinked(kept=people["security"], other=people["release"]))

    assert set(office.outcomes(*ABOUT_PRODUCTION)) <= {"unknown", "fail"}
