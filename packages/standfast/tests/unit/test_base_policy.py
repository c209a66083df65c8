"""Who may approve a waiver was decided before the change that is waived."""

from pathlib import Path

import mini
import pytest
from fake_tools import git, repository, write

from standfast.app.context import Written
from standfast.app.repository.subject import working_subject
from standfast.app.written.base_policy import approvals_as_of_base, as_of_base, narrowed
from standfast.app.written.settings import parse_settings
from standfast.model import WaiverPolicy

BEN, EVE = "Ben <ben@example.org>", "Eve <eve@example.org>"
PROJECT = '[project]\nname = "shop"\n'


def policy(cap_days: int = 90, **roles: tuple[str, ...]) -> WaiverPolicy:
    """Return a policy in which ben and eve hold *roles*."""
    names = {"ben": BEN, "eve": EVE}
    return WaiverPolicy(approvers={names[name]: given for name, given in roles.items()}, cap_days=cap_days)


CASES = {
    "an approver is added": (policy(ben=("a",), eve=("a",)), policy(ben=("a",)), policy(ben=("a",))),
    "a role is added": (policy(ben=("a", "b")), policy(ben=("a",)), policy(ben=("a",))),
    "an approver is taken away": (policy(ben=("a",)), policy(ben=("a",), eve=("a",)), policy(ben=("a",))),
    "the cap is raised": (policy(200), policy(30), policy(30)),
    "the cap is lowered": (policy(10), policy(30), policy(10)),
}


@pytest.mark.parametrize(("now", "before", "counts"), CASES.values(), ids=CASES)
def test_only_what_was_allowed_before_and_is_now_counts(
    now: WaiverPolicy, before: WaiverPolicy, counts: WaiverPolicy
) -> None:
    """A change may take leave away from itself and never give it."""
    assert narrowed(now, before) == counts


@pytest.mark.parametrize(
    ("before", "approvers"),
    [
        (PROJECT + f'[waivers.approvers]\n"{BEN}" = ["a"]\n', {BEN}),
        (PROJECT, set()),
        ("this is no TOML", {BEN, EVE}),
        (None, {BEN, EVE}),
    ],
)
def test_settings_of_the_base_are_read_from_git(tmp_path: Path, before: str | None, approvers: set[str]) -> None:
    """They are those of the commit that the work left; where it has none that can be read, the newest count."""
    root = repository(tmp_path / "repository" / "project", {} if before is None else {"standfast.toml": before})
    git(root, "branch", "base")
    after = PROJECT + f'[waivers.approvers]\n"{BEN}" = ["a"]\n"{EVE}" = ["a"]\n'
    write(root, {"standfast.toml": after})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Let Eve approve")
    written = Written(parse_settings(after.encode()), (mini.waiver(),))

    found = as_of_base(written, working_subject(root, base="base"))

    assert set(found.settings.waivers.approvers) == approvers
    assert as_of_base(written, working_subject(root)) == written


BOOKS = "[profile]\nfinancial_reporting = true\n"
APART = "[approvals]\ndeployer_apart = true\n"


@pytest.mark.parametrize(
    ("before", "now", "apart"),
    [("", "", False), ("", BOOKS, True), (BOOKS, "", True), ("", APART, True), (APART, "", True), (BOOKS, BOOKS, True)],
)
def test_who_deploys_has_no_other_duty_where_numbers_enter_the_books(
    tmp_path: Path, before: str, now: str, apart: bool
) -> None:
    """That is so by the profile or by its own setting, now or at the base: no change can take it away for itself."""
    project = PROJECT + 'base = "base"\n'
    root = repository(tmp_path / "repository" / "project", {"standfast.toml": project + before})
    git(root, "branch", "base")
    write(root, {"standfast.toml": project + now, "more.txt": "x"})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Change the settings")

    assert approvals_as_of_base(parse_settings((project + now).encode()), root).deployer_apart is apart
