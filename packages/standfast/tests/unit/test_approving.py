"""`standfast approve`, `refuse` and `revoke`: who agreed to what, and whether it counts."""

import subprocess
from pathlib import Path

import msgspec
import pytest
from little_sessions import Office

from standfast.app.storage.store import Store
from standfast.ledger.bodies import ApprovalGiven, KeyEnrolled, RequirementApproved, RoleRevoked, SignatureKind
from standfast.ledger.sshsig import parse_key, verified
from standfast.model import LedgerError, Status, canonical_json, sha256


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A change that is ready to be approved."""
    made = Office(tmp_path)
    made.ready()
    return made


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SSH key of Bea's."""
    path = tmp_path_factory.mktemp("keys") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bea", "-f", str(path)], check=True)
    return path


def test_two_people_open_the_way_to_rollout(office: Office) -> None:
    """When both roles have approved the commit and its verdict, the session goes on; before, it does not."""
    early = office.session("advance", "rollout")
    office.bea()
    first = office.run("approve", "security")
    office.cay()
    second = office.run("approve", "release")

    assert (early.code, "approval missing" in early.err) == (1, True)
    assert [first.code, second.code] == [0, 0]
    assert office.shown()["missing"] == []
    assert office.session("advance", "rollout").code == 0


def test_unsigned_approval_is_shown_as_unsigned(office: Office) -> None:
    """An approval without a signature says so wherever it is shown."""
    office.bea()
    given = office.run("approve", "security")

    assert "unsigned" in given.out
    assert ", unsigned" in office.session("show").out
    assert ", unsigned" in office.session("show", "--format", "markdown").out
    assert office.shown()["lines"][-1]["unsigned"]


def test_author_cannot_approve(office: Office) -> None:
    """An approval by the author of the change ends with 1, and its refusal is recorded."""
    ran = office.run("approve", "security")

    assert (ran.code, "approver is author" in ran.err) == (1, True)
    assert office.kinds()[-1] == "approval.refused"


def test_author_under_another_name_cannot_approve(office: Office) -> None:
    """Whoever writes an address in another way is still the one who wrote the change."""
    office.sits("A. Ruiz", "Ana+work@example.org")

    ran = office.run("approve", "security")

    assert (ran.code, "approver is author" in ran.err) == (1, True)


def test_role_must_be_held(office: Office) -> None:
    """Nobody approves in a role that the settings do not give them."""
    office.cay()

    ran = office.run("approve", "security")

    assert (ran.code, "holds no role" in ran.err) == (1, True)


def test_change_cannot_name_its_own_approvers(office: Office) -> None:
    """A role that the change itself gives counts from the next change on."""
    settings = office.root / "standfast.toml"
    settings.write_text(settings.read_text() + '"Dan Oz <dan@example.org>" = ["security"]\n')
    office.commit("Let Dan approve")
    office.decided()
    office.sits("Dan Oz", "dan@example.org")
    office.session("advance", "pre_deployment")
    office.run("approve", "security")
    office.decided()

    ran = office.run("approve", "security")

    assert (ran.code, "holds no role" in ran.err) == (1, True)


def test_role_that_the_settings_take_back_is_revoked(office: Office) -> None:
    """Who is no longer named in the settings holds the role no longer."""
    settings = office.root / "standfast.toml"
    settings.write_text(settings.read_text().replace('"Bea Lind <bea@example.org>" = ["product", "security"]\n', ""))
    office.bea()

    ran = office.run("approve", "security")

    assert ran.code == 1
    assert [leaf.body.role for leaf in office.leaves() if isinstance(leaf.body, RoleRevoked)] == ["product", "security"]


def test_newer_commit_voids_approvals(office: Office) -> None:
    """An approval is of one commit: after another one there is nothing approved, and no verdict to approve."""
    office.bea()
    office.run("approve", "security")
    office.write("pay.py", '"""Pay more."""\n')
    office.commit("Pay more")

    ran = office.run("approve", "security")

    assert (ran.code, "[approval-verdict]" in ran.err) == (2, True)
    assert office.shown()["missing"] == ["security", "release"]


def test_failed_verdict_is_not_approved(office: Office) -> None:
    """There is nothing to approve about a verdict that does not open the gate."""
    office.decided(Status.FAIL)
    office.bea()

    assert "[approval-verdict]" in office.run("approve", "security").err


def test_refusal_and_revocation_are_recorded(office: Office) -> None:
    """Who does not agree says why; who takes an approval back leaves the role open; nobody takes back another's."""
    office.bea()
    declined = office.run("refuse", "security", "--reason", "No threat model")
    office.run("approve", "security")
    office.cay()
    foreign = office.run("revoke", "security", "--reason", "I disagree")
    office.bea()
    own = office.run("revoke", "security", "--reason", "I was wrong")

    assert [declined.code, foreign.code, own.code] == [0, 1, 0]
    assert office.kinds()[-4:] == ["approval.declined", "approval.given", "session.refused", "approval.revoked"]
    assert "No threat model" in office.session("show").out
    assert office.shown()["missing"] == ["security", "release"]


def test_unsigned_approval_counts_only_where_that_is_allowed(tmp_path: Path) -> None:
    """By default an approval without a signature is refused."""
    office = Office(tmp_path, unsigned=False)
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Customers pay by card")
    office.bea()

    ran = office.run("approve", "product")

    assert (ran.code, ran.err.startswith("refused: requirement.approved")) == (1, True)


def test_signed_approval_is_bound_to_commit_and_verdict(tmp_path: Path, key: Path) -> None:
    """The stored statement names commit, tree and verdict, and its signature is one by a key of the approver."""
    public = key.with_suffix(".pub").read_text().strip()
    office = Office(tmp_path, keys=f'\n[approvals.keys]\n"bea@example.org" = ["{public}"]\n')
    office.ready()
    office.bea()

    ran = office.run("approve", "security", "--key", str(key))

    assert (ran.code, "signed" in ran.out) == (0, True)
    (given,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven)]
    stored = msgspec.json.decode(Store(office.root).get(given.statement))
    assert stored["approval"]["about"]["commit"] == office.git("rev-parse", "HEAD")
    assert stored["approval"]["about"]["verdict"] == given.verdict
    assert given.signed.kind is SignatureKind.SSH
    message = canonical_json(stored["approval"])
    assert verified(stored["signature"], message, namespace="approval@standfast") == parse_key(public)
    assert [leaf.body.key for leaf in office.leaves() if isinstance(leaf.body, KeyEnrolled)] == [given.signed.key]


def test_approval_of_requirements_is_kept_with_its_signature(tmp_path: Path, key: Path) -> None:
    """What the event names is the stored statement: which analysis was approved, and the signature over that."""
    public = key.with_suffix(".pub").read_text().strip()
    office = Office(tmp_path, unsigned=False, keys=f'\n[approvals.keys]\n"bea@example.org" = ["{public}"]\n')
    office.write("analysis.md", "Customers pay by card.\n")
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Cards", "--file", "analysis.md")
    office.bea()

    assert office.run("approve", "product", "--key", str(key)).code == 0

    (agreed,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, RequirementApproved)]
    stored = msgspec.json.decode(Store(office.root).get(agreed.document))
    assert stored["approval"]["about"] == {"requirements": sha256(b"Customers pay by card.\n")}
    signer = verified(stored["signature"], canonical_json(stored["approval"]), namespace="approval@standfast")
    assert signer == parse_key(public)


def test_key_of_nobody_signs_nothing(office: Office, key: Path) -> None:
    """A key that the settings of the base do not name as the approver's is refused."""
    office.bea()

    ran = office.run("approve", "security", "--key", str(key))

    assert (ran.code, "[key-untrusted]" in ran.err) == (2, True)
    assert "approval.given" not in office.kinds()


def test_erasing_names_makes_nobody_a_second_person(office: Office) -> None:
    """After names were erased, nobody approves beside somebody whom they cannot be told apart from."""
    office.bea()
    office.run("approve", "security")
    for table in (office.root / ".standfast/ledger").glob("*.names"):
        table.unlink()
    office.cay()

    ran = office.run("approve", "release")

    assert (ran.code, "[person-forgotten]" in ran.err) == (2, True)
    assert office.shown()["missing"] == ["release"]


def signature(key: Path, message: bytes, namespace: str = "one") -> str:
    """Return what ssh-keygen writes."""
    command = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(key)]
    return subprocess.run(command, input=message, capture_output=True, check=True).stdout.decode()


def test_ssh_signature_verifies_for_its_message_and_purpose_only(key: Path) -> None:
    """A signature by ssh-keygen is taken for these bytes and this namespace; one bit more is refused."""
    armoured = signature(key, b"message")
    broken = armoured.replace("A", "B", 1) if "A" in armoured else armoured[1:]

    assert verified(armoured, b"message", namespace="one") == parse_key(key.with_suffix(".pub").read_text())
    for text, message, namespace in (
        (armoured, b"messagf", "one"),
        (armoured, b"message", "two"),
        (broken, b"message", "one"),
        ("nothing", b"message", "one"),
        (armoured + "more", b"message", "one"),
    ):
        with pytest.raises(LedgerError):
            verified(text, message, namespace=namespace)


@pytest.mark.parametrize("line", ["", "ssh-rsa AAAA", "ssh-ed25519 !", "ssh-ed25519 AAAA", "ssh-ed25519"])
def test_line_that_is_no_key_is_refused(line: str) -> None:
    """Other kinds of key, and what is none, are refused with a reason."""
    with pytest.raises(LedgerError, match="the SSH key cannot be taken"):
        parse_key(line)


def test_change_cannot_hand_a_key_to_another_person(tmp_path: Path, key: Path) -> None:
    """A key that the base gives to one person is not another's because the change says so."""
    public = key.with_suffix(".pub").read_text().strip()
    office = Office(tmp_path, unsigned=False, keys=f'\n[approvals.keys]\n"cay@example.org" = ["{public}"]\n')
    settings = office.root / "standfast.toml"
    settings.write_text(f'{settings.read_text()}"bea@example.org" = ["{public}"]\n')
    office.commit("Let Bea have Cay's key")
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Customers pay by card")
    office.bea()

    ran = office.run("approve", "product", "--key", str(key))

    assert (ran.code, "[key-untrusted]" in ran.err) == (2, True), ran
