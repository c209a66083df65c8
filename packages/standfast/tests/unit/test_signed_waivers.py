"""`standfast waive`: who may grant a waiver, what the gate makes of it, and how it ends."""

import json
import sqlite3
from pathlib import Path

import mini
import msgspec
import pytest
from little_waivers import CONTROL, WaiverOffice, in_days, ssh_key

from standfast.app import clock
from standfast.app.deciding import settled
from standfast.app.ledger.recorded import granted_in
from standfast.app.sessions.by_key import ByKey
from standfast.app.sessions.desk import desk
from standfast.app.sessions.signing import signed_with
from standfast.app.storage.store import Store
from standfast.gates.decide import decide, prepare
from standfast.ledger.bodies import (
    IdentityLinked,
    SessionOpened,
    SessionRefused,
    Signed,
    WaiverExpired,
    WaiverGranted,
    WaiverUsed,
)
from standfast.ledger.sshsig import verified
from standfast.model import Status, WaiverPolicy, canonical_json, sha256
from standfast.model.waiver import WaiverScope
from standfast.report import gitlab


@pytest.fixture
def office(tmp_path: Path) -> WaiverOffice:
    """Bea, at the working copy of a change of Ana's."""
    return WaiverOffice(tmp_path)


def test_granted_waiver_opens_the_gate_and_each_use_is_recorded(office: WaiverOffice) -> None:
    """A signed waiver waives its control, is shown as signed, and each recorded verdict that rests on it is a use."""
    before = office.gate()["status"]
    waiver = office.granted()
    verdict = office.gate()

    assert (before, verdict["status"]) == ("unknown", "waived")
    (use,) = office.waivers(verdict)
    assert (use["id"], use["applied"], use["signature"]) == (waiver, True, "ssh")
    assert office.all_kinds()[-3:] == ["waiver.granted", "gate.decided", "waiver.used"]
    used = office.leaves()[-1].body
    assert isinstance(used, WaiverUsed)
    assert used.verdict == sha256(canonical_json(verdict))


def test_statement_of_a_waiver_is_signed_by_its_approver(office: WaiverOffice) -> None:
    """What the event names is stored: scope, reason, people and end, with the signature of the approver over it."""
    office.granted("--finding", "abc", "--service", "Pay", "--reference", "QA-12", max_uses="3")

    granted = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    stored = msgspec.json.decode(Store(office.root).get(granted.statement))
    agreed = stored["waiver"]
    assert verified(stored["signature"], canonical_json(agreed), namespace="waiver@standfast").digest == (
        granted.signed.key
    )
    assert agreed["scope"] == {"control": CONTROL, "finding": "abc", "service": "Pay"}
    assert (agreed["uses"], agreed["reference"], agreed["approver"]) == (3, "QA-12", granted.approver)
    assert "Ana" not in json.dumps(agreed)


def test_waiver_in_a_session_is_an_event_of_it(office: WaiverOffice) -> None:
    """Where a session is open, the waiver and its uses are events of its chain, and the timeline tells them."""
    office.session("open", "Pay by card")
    waiver = office.granted()
    office.gate()

    assert office.kinds()[-3:] == ["waiver.granted", "gate.decided", "waiver.used"]
    assert waiver in office.session("show").out


def test_waiver_is_used_as_often_as_it_may_be(office: WaiverOffice) -> None:
    """The last use is recorded with its end; after that the control stands, and the explanation says why."""
    office.granted(max_uses="2")

    found = [office.waivers()[0] for _ in range(3)]

    assert [use["applied"] for use in found] == [True, True, False]
    assert [use.get("use") for use in found] == [1, 2, None]
    assert "used 2 times" in found[-1]["why"]
    assert "used 2 times" in office.run("explain", CONTROL).out
    (over,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverExpired)]
    assert over.used_up


def test_waiver_that_is_not_needed_is_not_used(office: WaiverOffice) -> None:
    """Where one waiver covers all of a control, a second one beside it keeps its uses."""
    office.granted(max_uses="5")
    office.granted(max_uses="5")

    verdict = office.gate()

    assert [use["applied"] for use in office.waivers(verdict)] == [True, False]
    assert [notice["code"] for notice in verdict["notices"]] == ["waiver-matches-nothing"]
    assert office.all_kinds().count("waiver.used") == 1


def test_explanation_uses_nothing_up(office: WaiverOffice) -> None:
    """Only a verdict that is recorded is a use."""
    office.granted(max_uses="1")

    explained = office.run("explain", CONTROL).out

    assert "signed with ssh" in explained
    assert office.waivers()[0]["applied"]


def test_verdict_replays_after_its_waiver_ended(office: WaiverOffice, tmp_path: Path) -> None:
    """What was known of a waiver is stored with the verdict, which is computed again whatever became of it since."""
    waiver = office.granted(max_uses="1")
    ran = office.run("gate", CONTROL, "--format", "json")
    (tmp_path / "verdict.json").write_text(ran.out)
    office.run("revoke", waiver, "--reason", "Done")

    assert office.run("replay", str(tmp_path / "verdict.json")).code == 0


REFUSED: dict[str, tuple[dict[str, str], int, str]] = {
    "asked for by the approver": ({"by": "bea@example.org"}, 1, "approver wrote it"),
    "asked for under another spelling": ({"by": "B. Lind <Bea+work@example.org>"}, 1, "approver wrote it"),
    "in a role that is not held": ({"role": "security"}, 1, "holds no role"),
    "for longer than the cap": ({"expires": in_days(100)}, 2, "[waiver-time]"),
    "for the past": ({"expires": in_days(-1)}, 2, "[waiver-time]"),
    "of no control": ({"control": "no-such-control"}, 2, "[control-unknown]"),
    "without a reason": ({"reason": " . "}, 2, "[sentence-empty]"),
}


@pytest.mark.parametrize(("change", "code", "why"), REFUSED.values(), ids=REFUSED)
def test_waiver_that_may_not_be_granted(office: WaiverOffice, change: dict[str, str], code: int, why: str) -> None:
    """What the rules refuse ends with 1 and is recorded; what makes no sense ends with 2."""
    ran = office.waive(**change)

    assert (ran.code, why in ran.err) == (code, True), ran.err
    refused = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, SessionRefused)]
    assert [one.attempted for one in refused] == (["waiver.granted"] if code == 1 else [])
    assert "waiver.granted" not in office.all_kinds()


def test_author_grants_no_waiver(office: WaiverOffice) -> None:
    """Whoever wrote a part of the change does not waive a control for it, in a session or without one."""
    office.sits("Ana Ruiz", "ana@example.org")

    alone = office.waive(by="Dan Oz", key=str(office.ana_key))
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Customers pay by card")
    office.bea()
    office.run("approve", "product")
    office.sits("Ana Ruiz", "ana@example.org")
    office.session("advance", "development")
    within = office.waive(by="Dan Oz", key=str(office.ana_key))

    assert [alone.code, within.code] == [1, 1]
    assert "approver is author" in alone.err
    assert office.kinds()[-1] == "session.refused"


def test_waiver_of_who_wrote_a_later_commit_counts_no_longer(office: WaiverOffice) -> None:
    """Who approved a waiver and writes a part of the change afterwards has become an author of it."""
    office.granted()
    office.write("pay.py", '"""Pay more."""\n')
    office.git("add", "--all")
    office.git("commit", "--quiet", "--message", "Pay more", "--author", "Bea Lind <bea@example.org>")

    (use,) = office.waivers()

    assert (use["applied"], "author of the change" in use["why"]) == (False, True)


def test_foreign_key_signs_nothing(office: WaiverOffice, tmp_path: Path) -> None:
    """A key that the settings do not name as one's own grants no waiver."""
    key, _public = ssh_key(tmp_path, "other")

    assert "[key-untrusted]" in office.waive(key=str(key)).err


FORGED: dict[str, tuple[dict[str, object], str]] = {
    "another control": ({"control": CONTROL, "waiver": "w-forged"}, "is not the one that was signed"),
    "more uses": ({"waiver": "w-forged", "uses": 99}, "is not the one that was signed"),
    "no signature": ({"waiver": "w-forged", "signed": Signed()}, "is not signed"),
    "no statement": ({"waiver": "w-forged", "statement": sha256(b"x")}, "no statement that can be read"),
}


@pytest.mark.parametrize(("change", "why"), FORGED.values(), ids=FORGED)
def test_forged_grant_is_refused_with_its_reason(office: WaiverOffice, change: dict[str, object], why: str) -> None:
    """An event that grants what nobody signed changes nothing, although it stands in the log."""
    office.granted(max_uses="1")
    grant = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    office.note(msgspec.structs.replace(grant, **change))
    office.gate()

    (forged,) = [use for use in office.waivers() if use["id"] == "w-forged"]

    assert (forged["applied"], why in forged["why"]) == (False, True), forged["why"]


def test_signature_by_a_key_that_the_base_no_longer_names(office: WaiverOffice) -> None:
    """When the key is taken out of the settings, what it signed counts no longer."""
    office.granted()
    settings = office.root / "standfast.toml"
    text = settings.read_text()
    settings.write_text("\n".join(line for line in text.splitlines() if not line.startswith('"bea@example.org"')))

    (use,) = office.waivers()

    assert (use["applied"], "[approvals.keys]" in use["why"]) == (False, True)


def test_signature_over_other_words_does_not_verify(office: WaiverOffice) -> None:
    """A statement that was written again under an old signature proves nothing."""
    office.granted()
    grant = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    stored = msgspec.json.decode(Store(office.root).get(grant.statement))
    stored["waiver"] |= {"reason": "Because", "waiver": "w-forged"}
    statement = Store(office.root).put(canonical_json(stored))
    office.note(msgspec.structs.replace(grant, waiver="w-forged", statement=statement))

    (forged,) = [use for use in office.waivers() if use["id"] == "w-forged"]

    assert (forged["applied"], "does not verify" in forged["why"]) == (False, True)


def test_use_that_is_taken_out_of_the_database_is_missed(office: WaiverOffice) -> None:
    """Whoever alters the entries in order to use a waiver again gets no verdict at all."""
    office.granted(max_uses="1")
    office.gate()
    known = office.home().at(office.root)
    assert known is not None
    with sqlite3.connect(known.database) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        other = "UPDATE entry SET leaf=(SELECT leaf FROM entry WHERE kind='ledger.opened') WHERE kind='waiver.used'"
        database.execute(other)

    ran = office.run("gate", CONTROL)

    assert (ran.code, "which waivers hold" in ran.err) == (4, True), ran.err


def test_waiver_is_ended_by_who_answers_for_it(office: WaiverOffice) -> None:
    """Who approved or requested a waiver ends it, nobody else; after that it counts no longer."""
    waiver = office.granted()
    office.cay()
    foreign = office.run("revoke", waiver, "--reason", "I disagree")
    office.sits("Ana Ruiz", "ana@example.org")
    own = office.run("revoke", waiver, "--reason", "Done")
    again = office.run("revoke", waiver, "--reason", "Done")
    mistyped = office.run("revoke", "w-20260301-00000000", "--reason", "Done")

    assert [foreign.code, own.code, again.code] == [1, 0, 2]
    assert "[waiver-unknown]" in mistyped.err
    assert office.waivers()[0]["why"] == "was revoked"
    assert office.gate()["notices"] == []


KEYLESS = {
    "without keys": (False, "", True),
    "with keys": (True, "", False),
    "with keys, where that is allowed": (True, "\n[waivers]\nunsigned = true\n", True),
    "where it is not allowed": (False, "\n[waivers]\nunsigned = false\n", False),
}
WRITTEN = f"""
[[waiver]]
id = "W-1"
scope = {{ control = "{CONTROL}" }}
reason = "The importer is replaced"
compensating_control = "Tried by hand"
requester = "Dan Oz <dan@example.org>"
approver = "Bea Lind <bea@example.org>"
approver_role = "quality"
issued = {in_days(-1)}
expires = {in_days(20)}
"""
FORMATS = ("terminal", "markdown", "html", "json", "junit", "sarif", "oscal")


@pytest.mark.parametrize(("keys", "more", "counts"), KEYLESS.values(), ids=KEYLESS)
def test_unsigned_waiver_counts_where_the_settings_let_it(
    tmp_path: Path,
    keys: bool,
    more: str,
    counts: bool,  # cases
) -> None:
    """A waiver that is only written down counts until there are keys, or as the settings say."""
    office = WaiverOffice(tmp_path, keys=keys, more=more)
    office.write("standfast-waivers.toml", WRITTEN)

    (use,) = office.waivers()

    assert (use["applied"], use["signature"]) == (counts, "unsigned")
    assert counts or "is unsigned" in use["why"]


def test_change_cannot_let_unsigned_waivers_count(office: WaiverOffice) -> None:
    """The settings of the base decide whether a waiver without a signature counts."""
    settings = office.root / "standfast.toml"
    text = settings.read_text()
    settings.write_text(text.replace("[waivers.approvers]", "[waivers]\nunsigned = true\n\n[waivers.approvers]"))
    office.write("standfast-waivers.toml", WRITTEN)

    (use,) = office.waivers()

    assert (use["applied"], "is unsigned" in use["why"]) == (False, True)


def test_unsigned_waiver_is_called_so_in_every_format(tmp_path: Path) -> None:
    """Whatever the format, a waiver that nobody signed says so."""
    office = WaiverOffice(tmp_path, keys=False)
    office.write("standfast-waivers.toml", WRITTEN)

    said = {name: office.run("gate", CONTROL, "--format", name).out for name in FORMATS}

    assert [name for name, text in said.items() if "unsigned" not in text] == []
    assert "waiver.used" in office.all_kinds()


def test_waiver_is_not_written_down_and_granted(office: WaiverOffice) -> None:
    """One id names one waiver."""
    waiver = office.granted()
    office.write("standfast-waivers.toml", WRITTEN.replace("W-1", waiver))

    assert "[waivers-duplicate]" in office.run("gate", CONTROL).err


def test_two_names_that_turn_out_to_be_one_person_waive_nothing(office: WaiverOffice) -> None:
    """When requester and approver become known as one person, their waiver counts no longer."""
    office.granted()
    grant = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    office.note(IdentityLinked(kept=grant.requester, other=grant.approver))

    (use,) = office.waivers()

    assert (use["applied"], "one person" in use["why"]) == (False, True), use


def test_waiver_in_a_role_that_was_not_held_is_refused(office: WaiverOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role for changes is none for waivers, although an event and a signature say so."""
    office.granted()
    grant = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    stored = msgspec.json.decode(Store(office.root).get(grant.statement))
    agreed = stored["waiver"] | {"waiver": "w-other", "role": "legal"}
    monkeypatch.setenv("XDG_DATA_HOME", office.environment["XDG_DATA_HOME"])
    with desk(office.root) as one:
        armoured, _used = signed_with(one, ByKey(office.key), canonical_json(agreed), namespace="waiver@standfast")
    statement = Store(office.root).put(canonical_json({"waiver": agreed, "signature": armoured}))
    office.note(msgspec.structs.replace(grant, waiver="w-other", role="waivers:legal", statement=statement))

    (other,) = [use for use in office.waivers() if use["id"] == "w-other"]

    assert (other["applied"], "did not hold the role legal" in other["why"]) == (False, True), other


def test_waiver_of_who_was_forgotten_counts_no_longer(office: WaiverOffice) -> None:
    """Without the name of its approver nobody can be told apart from them."""
    office.granted()
    for names in (office.root / ".standfast/ledger").glob("*.names"):
        names.unlink()

    (use,) = office.waivers()

    assert not use["applied"], use


def test_role_for_waivers_approves_no_change(office: WaiverOffice) -> None:
    """Who may waive may not therefore approve requirements or changes."""
    office.session("open", "Pay by card")
    office.session("decide", "requirements", "Customers pay by card")
    office.sits("Ana Ruiz", "ana@example.org")

    ran = office.run("approve", "waivers:quality", "--key", str(office.ana_key))

    assert (ran.code, "holds no role" in ran.err) == (1, True), ran.err


def test_change_cannot_loosen_the_rules_of_its_session(office: WaiverOffice) -> None:
    """The rules of a session ask for no less than the settings of the base do."""
    settings = office.root / "standfast.toml"
    loose = 'roles = ["release"]\nunsigned = true\ncompensation = true\ndifferent_people = false\n'
    settings.write_text(settings.read_text().replace("unsigned = true\n", loose))
    office.session("open", "Pay by card")

    rules = next(leaf.body.rules for leaf in office.leaves() if isinstance(leaf.body, SessionOpened))

    assert rules.roles == ("security", "release")
    assert (rules.unsigned, rules.compensation, rules.different_people) == (True, False, True)


def test_verdict_is_decided_again_when_its_waiver_ended_meanwhile(
    office: WaiverOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verdict on a waiver that somebody else used up in between is not recorded; what is, knows of that use."""
    monkeypatch.setenv("XDG_DATA_HOME", office.environment["XDG_DATA_HOME"])
    office.granted(max_uses="1")
    (before,) = granted_in(office.root)
    office.gate()
    stale = msgspec.structs.replace(before.waiver, scope=WaiverScope(control="tested"))
    waivers = WaiverPolicy(approvers={"bea@example.org": ("quality",)})
    context = mini.context(
        granted=(msgspec.structs.replace(before, waiver=stale),), policy=waivers, decided_at=clock.now()
    )
    fresh = [mini.statement(mini.coverage(10)), mini.statement(mini.secrets())]
    statements = [msgspec.structs.replace(one, produced_at=clock.now()) for one in fresh]

    found = settled(
        context,
        prepare(context, mini.controls()),
        statements,
        Store(office.root),
        place=(office.root, "little"),
        recording=True,
    )

    assert decide(context, prepare(context, mini.controls()), statements).status is Status.WAIVED
    assert found.verdict.status is Status.FAIL
    assert [one.used for one in found.context.granted] == [1]
    assert office.all_kinds().count("waiver.used") == 1


def test_code_quality_report_calls_an_unsigned_waiver_so() -> None:
    """The report for GitLab, which knows no waivers, says of each waived finding that the waiver is unsigned."""
    verdict = mini.verdict(mini.statement(mini.coverage(10)), mini.GREEN[1], waivers=(mini.waiver(),))

    assert b"waived, unsigned: " in gitlab.render(verdict)
