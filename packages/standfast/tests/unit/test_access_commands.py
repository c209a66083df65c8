"""`standfast access`: who could approve what, and that somebody looked at it."""

import csv
import io
import json
import subprocess
from pathlib import Path

import msgspec
import pytest
from little_waivers import WaiverOffice, ssh_key

from standfast.app import clock
from standfast.app.sessions.access import stated_reviews
from standfast.app.sessions.desk import desk
from standfast.evidence.access_reviews.schema import AccessReview
from standfast.ledger.bodies import AccessReviewed


class Reviewing(WaiverOffice):
    """An office with Eva, who may approve nothing and has a key."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.eva_key, public = ssh_key(folder, "eva")
        settings = self.root / "standfast.toml"
        self.git("checkout", "--quiet", "main")
        settings.write_text(
            settings.read_text().replace("[approvals.keys]", f'[approvals.keys]\n"eva@example.org" = ["{public}"]')
        )
        self.commit("Let Eva sign")
        self.git("checkout", "--quiet", "-b", "next")
        self.sits("Eva Ek", "eva@example.org")

    def digest(self) -> str:
        """Return the digest of the grants that are in force."""
        return self.run("access", "list").err.split()[-1]


@pytest.fixture
def office(tmp_path: Path) -> Reviewing:
    """Eva, before any review."""
    return Reviewing(tmp_path)


def test_each_grant_is_listed_with_its_key_and_use(office: Reviewing) -> None:
    """The list says who holds which role, since when and until when, by which key, and when it was used last."""
    office.bea()
    office.granted()

    rows = json.loads(office.run("access", "list", "--format", "json").out)

    bea = {row["role"]: row for row in rows if row["who"] == "Bea Lind"}
    assert set(bea) == {"product", "security", "waivers:quality"}
    shown = subprocess.run(["ssh-keygen", "-l", "-f", str(office.key)], capture_output=True, text=True, check=True)
    assert bea["security"]["keys"] == [shown.stdout.split()[1]]
    assert (bea["waivers:quality"]["uses"], bea["security"]["uses"]) == (1, 0)
    assert bea["waivers:quality"]["last_used"] is not None
    assert all(row["granted_by"] == "the settings" for row in rows)


def test_list_is_written_as_table_and_csv(office: Reviewing) -> None:
    """Every format has a line for each grant; a name that a table program would compute is guarded."""
    office.sits("=1+1", "cay@example.org")
    table, text = office.run("access", "list").out, office.run("access", "list", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == len(table.splitlines()) - 1 == 7
    assert {row["last used"] for row in rows} == {"never"}
    assert not any(row["who"].startswith("=") for row in rows)


def test_review_is_signed_and_about_the_list_that_was_seen(office: Reviewing) -> None:
    """A review names the list; when that changed since, it is refused."""
    digest = office.digest()
    office.bea()
    office.granted()
    office.sits("Eva Ek", "eva@example.org")

    stale = office.run("access", "review", "--list", digest, "--key", str(office.eva_key))
    done = office.run("access", "review", "--list", office.digest(), "--key", str(office.eva_key))

    assert (stale.code, "[access-changed]" in stale.err) == (2, True)
    assert (done.code, "7 kept, 0 to go" in done.out) == (0, True), done.err
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, AccessReviewed)]
    assert (body.population, body.kept, body.own) == (7, 7, 0)


def stated(office: Reviewing) -> AccessReview | None:
    """Return what the ledger says as evidence."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", office.environment["XDG_DATA_HOME"])
        with desk(office.root) as one:
            found = stated_reviews(one)
    return found.reviews[0] if found else None


def test_revocation_is_done_when_the_settings_no_longer_give_it(office: Reviewing) -> None:
    """What a review revokes counts as done only when nobody holds it any more."""
    ran = office.run(
        "access",
        "review",
        "--list",
        office.digest(),
        "--revoke",
        "cay@example.org=release",
        "--key",
        str(office.eva_key),
    )
    before = stated(office)
    settings = office.root / "standfast.toml"
    settings.write_text(settings.read_text().replace('"Cay Moss <cay@example.org>" = ["release"]\n', ""))
    office.run("access", "list")
    after = stated(office)

    assert (ran.code, "1 to go" in ran.out, "standfast.toml" in ran.err) == (0, True, True), ran.err
    assert before is not None
    assert after is not None
    assert (before.revoked, before.revocations_done, after.revocations_done) == (1, 0, 1)
    assert (after.system, after.reviewer) == ("approvals", "Eva Ek")


def test_review_of_own_grants_is_said_and_counted(office: Reviewing) -> None:
    """Whoever reviews their own grants is told so, and the record counts them."""
    office.bea()

    ran = office.run("access", "review", "--list", office.digest(), "--key", str(office.key))

    assert "3 of them are your own" in ran.err
    found = stated(office)
    assert found is not None
    assert found.own_grants == 3


def test_unsigned_review_is_no_evidence(office: Reviewing) -> None:
    """A review that nobody signed stands in the ledger and is not believed."""
    office.run("access", "review", "--list", office.digest(), "--key", str(office.eva_key))
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, AccessReviewed)]
    forged = msgspec.structs.replace(body, population=99, kept=99)
    office.note(forged)

    found = stated(office)

    assert found is not None
    assert found.population == 7


WRONG = {
    "no pair": (("--revoke", "cay"), "[access-pair]"),
    "nobody's": (("--revoke", "cay@example.org=security"), "[access-unknown]"),
}


@pytest.mark.parametrize(("more", "code"), WRONG.values(), ids=WRONG)
def test_review_names_grants_that_exist(office: Reviewing, more: tuple[str, ...], code: str) -> None:
    """What is to be revoked is a grant of the list."""
    ran = office.run("access", "review", "--list", office.digest(), *more, "--key", str(office.eva_key))

    assert (ran.code, code in ran.err) == (2, True)


IMPORTED = {
    "standfast_access_reviews": 1,
    "tool": "by hand",
    "produced_at": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
    "reviews": [
        {
            "system": "database", "reviewer": "Eva Ek", "reviewed_at": "2026-01-01T00:00:00Z",
            "population": 1, "kept": 1, "revoked": 0, "revocations_done": 0,
        }
    ],
}  # fmt: skip


def test_gate_takes_the_review_as_one_system_among_others(office: Reviewing) -> None:
    """Alone, the review of who may approve leaves the control open; beside those of other systems it counts."""
    settings = office.root / "standfast.toml"
    settings.write_text(settings.read_text() + "\n[profile]\nservice = true\n")
    office.run("access", "review", "--list", office.digest(), "--key", str(office.eva_key))

    words = ("gate", "access-is-reviewed", "--format", "json", "--no-collect")
    alone = json.loads(office.run(*words).out)["results"][0]
    IMPORTED["reviews"][0]["reviewed_at"] = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"  # type: ignore[index]  # plain data
    office.write("access-reviews.json", json.dumps(IMPORTED))
    imported = office.run("import", "access-reviews.json")
    beside = json.loads(office.run(*words).out)["results"][0]

    assert imported.code == 0, imported.err
    assert (alone["status"], "no other system" in alone["reasons"][0]) == ("unknown", True)
    assert (beside["status"], len(beside["evidence"])) == ("pass", 2), beside
