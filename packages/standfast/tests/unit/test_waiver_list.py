"""`standfast waivers`: what is waived, how it stands, and what goes on into a new year."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from little_waivers import CONTROL, WaiverOffice, in_days

from standfast.app import clock
from standfast.app.ledger.opening import find, open_ledger
from standfast.app.ledger.shards import followed
from standfast.ledger.bodies import WaiverGranted

WRITTEN = f"""
[[waiver]]
id = "W-1"
scope = {{ control = "{CONTROL}" }}
reason = "Written down by somebody"
compensating_control = "We look at it by hand"
requester = "Ana Ruiz <ana@example.org>"
approver = "Bea Lind <bea@example.org>"
approver_role = "quality"
issued = {in_days(-1)}
expires = {in_days(80)}
"""


@pytest.fixture
def office(tmp_path: Path) -> WaiverOffice:
    """Bea, at the working copy of a change of Ana's."""
    return WaiverOffice(tmp_path)


def rows(office: WaiverOffice, *words: str) -> list[dict[str, Any]]:
    """Return what is listed, as data."""
    ran = office.run("waivers", "--format", "json", *words)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)
    return found


def turned(office: WaiverOffice) -> None:
    """Let the log of this year be over, and another one follow."""
    known = find(office.root, office.home())
    assert known is not None
    with followed(open_ledger(known, office.home()), office.home(), clock.now() + timedelta(days=366)) as after:
        assert after.known.id != known.id


def test_nothing_is_listed_where_nothing_is_waived(office: WaiverOffice) -> None:
    """Without waivers the list is empty and says so, with a ledger and without one."""
    ran = office.run("waivers")

    assert (ran.code, ran.out, ran.err) == (0, "", "nothing is waived\n")
    assert rows(office) == []


def test_states_budget_and_signature_are_listed(office: WaiverOffice) -> None:
    """A waiver is listed with who answers for it, how it is signed, how often it was used, and what is left."""
    waiver = office.granted(max_uses="3", expires=in_days(60))
    office.gate()
    ran = office.run("waivers")

    (row,) = rows(office)
    assert (row["id"], row["state"], row["used"], row["uses"], row["left"]) == (waiver, "active", 1, 3, 2)
    assert row["signature"] == "ssh"
    assert f"active    {waiver}  {CONTROL}  until {in_days(60)}, signed with ssh, used 1 of 3 times, 2 left" in ran.out
    assert "approved by Bea Lind <bea@example.org> as quality, asked for by Ana Ruiz <ana@example.org>" in ran.out
    assert office.all_kinds().count("waiver.used") == 1


@pytest.mark.parametrize(
    ("words", "state"),
    [((), "expiring"), (("--within", "3"), "active"), (("--at", in_days(21), "--all"), "expired")],
)
def test_end_of_a_waiver_is_announced(office: WaiverOffice, words: tuple[str, ...], state: str) -> None:
    """What ends within thirty days (or so many as are asked for) is expiring, and after that expired."""
    office.granted()

    assert [row["state"] for row in rows(office, *words)] == [state]


def test_waiver_that_is_over_is_listed_when_asked_for(office: WaiverOffice) -> None:
    """What was revoked or used up is left out and counted, and listed with --all, with the reason."""
    revoked, used = office.granted(), office.granted(max_uses="1")
    office.run("revoke", revoked, "--reason", "The importer is gone")
    office.gate()
    short, whole = office.run("waivers"), office.run("waivers", "--all")

    assert (short.out, "2 more are over or refused" in short.err) == ("", True)
    assert {row["id"]: row["state"] for row in rows(office, "--all")} == {revoked: "revoked", used: "used up"}
    assert "does not hold: it was revoked" in whole.out


@pytest.mark.parametrize(("keys", "state"), [(True, "refused"), (False, "active")])
def test_unsigned_waiver_is_shown_as_unsigned(tmp_path: Path, keys: bool, state: str) -> None:  # a case
    """One that is only written down is called unsigned, and does not hold where there are keys to sign with."""
    office = WaiverOffice(tmp_path, keys=keys)
    office.write("standfast-waivers.toml", WRITTEN)

    (row,) = rows(office, "--all")
    assert (row["state"], row["signature"], row["id"]) == (state, "unsigned", "W-1")
    assert ", UNSIGNED, uses not counted" in office.run("waivers", "--all").out


@pytest.mark.parametrize(
    ("about", "count"),
    [(CONTROL, 1), ("mandatory_quality_gates.code_quality", 1), ("mandatory_quality_gates", 1), ("lint", None)],
)
def test_waivers_are_chosen_by_control_or_clause(office: WaiverOffice, about: str, count: int | None) -> None:
    """A control names its waivers, and so does each of its clauses; another word is an error."""
    office.granted("--finding", "abc", "--service", "pay")
    ran = office.run("waivers", about)

    assert ran.code == (2 if count is None else 0)
    assert ("only finding abc, service pay" in ran.out) is (count == 1)
    assert rows(office, "access-is-reviewed") == []
    assert count is None or len(rows(office, about)) == count


def test_waiver_goes_on_in_the_new_year(office: WaiverOffice) -> None:
    """A waiver in force holds in the log of the next year with the uses that are left; nobody grants it again."""
    waiver = office.granted(max_uses="3")
    office.gate()
    assert office.run("ledger", "yearly").code == 0
    turned(office)
    again = office.gate()

    assert again["status"] == "waived"
    assert [(row["id"], row["state"], row["left"]) for row in rows(office)] == [(waiver, "expiring", 1)]
    turned(office)
    assert office.gate()["status"] == "waived"
    assert [row["state"] for row in rows(office, "--all")] == ["used up"]


@pytest.mark.parametrize("ended", ["revoked", "used up"])
def test_waiver_that_ended_is_not_told_again_in_the_new_year(office: WaiverOffice, ended: str) -> None:
    """Whoever holds the key of the log cannot bring a waiver back that ended in the year before."""
    waiver = office.granted(max_uses="1")
    if ended == "revoked":
        office.run("revoke", waiver, "--reason", "It is done")
    else:
        office.gate()
    grant = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    office.run("ledger", "yearly")
    turned(office)
    office.note(grant)

    (row,) = rows(office, "--all")
    assert (row["state"], "is not one that was carried over" in row["why"]) == ("refused", True)
    assert office.gate()["status"] == "unknown"


def test_other_grant_under_the_same_name_is_not_the_one_that_was_carried(office: WaiverOffice) -> None:
    """A waiver that goes on is the one of the year before in every word, and one of no earlier log is none."""
    waiver = office.granted()
    grant = next(leaf.body for leaf in office.leaves() if isinstance(leaf.body, WaiverGranted))
    office.run("ledger", "yearly")
    turned(office)
    office.note(msgspec.structs.replace(grant, expires=grant.expires + timedelta(days=9)))

    (row,) = rows(office, "--all")
    assert (row["id"], row["state"]) == (waiver, "refused")
