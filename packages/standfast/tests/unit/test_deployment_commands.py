"""`standfast deployment`: what may be deployed, by whom, and how a session comes to its end."""

import subprocess
from pathlib import Path

import pytest
from little_sessions import Office

from standfast.model import Status

ARTIFACT = "sha256:" + "a" * 64
START = ("deployment", "start", "production", "--artifact", ARTIFACT)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A change in the phase of the rollout, approved by Bea and Cay; Ana, who wrote it, sits there."""
    made = Office(tmp_path)
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
