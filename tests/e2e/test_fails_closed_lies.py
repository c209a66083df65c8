"""Attempts to make the gate lie: a waiver for oneself, a control in another's place, a profile that denies the code."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from little_project import ANA, FILES, Project, committed
from little_reports import cobertura

LINES = "line-coverage-meets-limit"
WEAKER = "tool-configuration-is-not-weakened"
PROFILE = "profile-matches-what-the-project-is"
DATA = "profile-matches-the-data-that-is-kept"
RED = {"coverage.xml": cobertura(covered=1)}
TODAY = datetime.now(UTC).date()  # noqa: TID251  # waivers are about the day on which the tests run
BEN = "Ben Okafor <ben@example.org>"


def approvers(*names: str) -> str:
    """Return settings that let *names* approve waivers."""
    return "\n[waivers.approvers]\n" + "".join(f'"{name}" = ["quality"]\n' for name in names)


def waiver(approver: str = BEN, requester: str = "Cem Oz <cem@example.org>", control: str = LINES) -> str:
    """Return a waiver of *control* that is in order but for who approved it."""
    return f"""
[[waiver]]
id = "w-{control}"
scope = {{ control = "{control}" }}
reason = "The old module goes next month."
compensating_control = "Every change to it is read by two people."
requester = "{requester}"
approver = "{approver}"
approver_role = "quality"
issued = {TODAY - timedelta(days=1)}
expires = {TODAY + timedelta(days=30)}
"""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change that brings a waiver: who may approve before it, what else it holds, who wrote it, and the answer."""

    approver: str = BEN
    requester: str = "Cem Oz <cem@example.org>"
    allowed: tuple[str, ...] = (BEN,)
    author: tuple[str, str] = ("Ana Ruiz", "ana@example.org")
    message: str = "Change"
    files: Mapping[str, str] = {}
    why: str = "approved by an author of the change"


def judged_with(change: Change, little: Project) -> tuple[int, str]:
    """Return the exit code and the reasons after *change*, compared with what was before it."""
    little.settings(approvers(*change.allowed))
    base = little.commit()
    name, email = change.author
    author = {key: email if key.endswith("EMAIL") else name for key in ANA if "_CONFIG_" not in key}
    little.commit(
        {"standfast-waivers.toml": waiver(change.approver, change.requester), **change.files}, change.message, **author
    )
    little.take(RED)
    judged = little.judge(LINES, options=("--base", base))
    return judged.code, judged.why(LINES)


def test_waiver_by_another_person_holds(little: Project) -> None:
    """A waiver that another person approved in their role opens the gate, and the finding stays on record."""
    code, why = judged_with(Change(), little)

    assert (code, "The old module goes next month." in why) == (0, True)


SPELLINGS = {
    "as they are": "Ana Ruiz <ana@example.org>",
    "in capitals": "ANA@EXAMPLE.ORG",
    "by name": "ana  ruiz",
    "with another address": "Ana Ruiz <ana@elsewhere.example>",
    "with a tag": "ana+waivers@example.org",
    "in letters that look alike": "\u0410na R. <\u0430na@ex\u0430mple.org>",
    "with an invisible letter": "Ana R. <ana\u200b@example.org>",
    "in wide letters": "\uff21\uff2e\uff21@example.org",
    "with an accent": "An\u00e1 Ruiz <other@example.org>",
    "with a full stop": "ana@example.org.",
}


@pytest.mark.parametrize("approver", SPELLINGS.values(), ids=SPELLINGS)
def test_author_cannot_approve_under_another_spelling(approver: str, little: Project) -> None:
    """Whoever wrote the change is known however they write themselves, and even where they may approve others'."""
    code, why = judged_with(Change(approver=approver, allowed=(BEN, approver)), little)

    assert (code, "approved by an author of the change" in why) == (1, True), why


ANOTHER = "Zoe Falk <zoe@example.org>"
CHANGES = {
    "the author commits under a forge's address": Change(
        approver="@ana", allowed=("@ana",), author=("A. R.", "12345+ana@users.noreply.github.com")
    ),
    "the author commits under a tag": Change(
        approver="ana@example.org", allowed=("ana@example.org",), author=("A.", "ana+work@example.org")
    ),
    "the approver wrote it too": Change(message=f"Change\n\nCo-authored-by: {BEN}"),
    "the mailmap of the change renames the author": Change(
        approver="Ana Ruiz <ana@example.org>",
        allowed=("Ana Ruiz <ana@example.org>",),
        files={".mailmap": "Nobody <nobody@example.org> <ana@example.org>\n"},
    ),
    "who asked approved": Change(requester="B. <BEN@example.org>", why="requested and approved by the same person"),
    "nobody lets them approve": Change(approver=ANOTHER, why="not among [waivers.approvers]"),
    "the change itself lets them approve": Change(
        approver=ANOTHER,
        files={"standfast.toml": FILES["standfast.toml"] + approvers(BEN, ANOTHER)},
        why="an approver or role that the change itself adds does not count",
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_waiver_that_no_independent_person_approved_is_refused(change: Change, little: Project) -> None:
    """Neither the change itself nor its mailmap, its settings or its requester make an approver."""
    code, why = judged_with(change, little)

    assert (code, change.why in why) == (1, True), why


def test_commit_compared_with_itself_has_no_known_author(little: Project) -> None:
    """A base that is the commit itself shows nobody to be somebody else."""
    little.settings(approvers(BEN))
    little.commit({"standfast-waivers.toml": waiver()})
    little.take(RED)

    judged = little.judge(LINES, options=("--base", "HEAD"))

    assert (judged.code, "authors of the change are not known" in judged.why(LINES)) == (1, True)


def test_error_cannot_be_waived(little: Project) -> None:
    """Where a tool broke nobody knows what is waived."""
    little.settings(approvers(BEN))
    base = little.commit()
    little.commit({"standfast-waivers.toml": waiver()})
    little.take(RED)
    for path in (little.folder / ".standfast/objects").rglob("*"):
        if path.is_file() and b"in-toto.io/Statement" in path.read_bytes():
            path.write_bytes(b"{}")

    judged = little.judge(LINES, options=("--base", base))

    assert (judged.code, judged.status(LINES)) == (3, "error")
    assert "an error says nothing about the change" in judged.why(LINES)


LOOSER = {
    "a profile flag": (
        FILES["standfast.toml"].replace("card_data = false", "card_data = true"),
        FILES["standfast.toml"],
    ),
    "a tool that is off": ("", "[collect.bandit]\nenabled = false\n"),
    "files that are left out": ("", '[collect.ruff]\nexclude = ["src/*"]\n'),
    "tests that are left out": ("", '[collect.pytest]\nargs = ["--ignore=tests/hard"]\n'),
    "a longer cap": ("", "[waivers]\ncap_days = 300\n"),
    "an approver": ("", approvers("Eve <eve@example.org>")),
    "a control that only warns": (
        "",
        f'[controls.{LINES}]\nenforcement = "warn"\nreason = "Later."\nowner = "Ana"\nexpires = 2999-01-01\n',
    ),
    "another standard": ("", '[standard]\nuse = "tdd"\n'),
    "another module": ("", '[standard.modules]\n"quality/tdd.md" = "tdd"\n'),
    "another base": ("", ""),
}


@pytest.mark.parametrize(("before", "after"), LOOSER.values(), ids=LOOSER)
def test_settings_that_the_change_loosens_are_a_finding(before: str, after: str, little: Project) -> None:
    """A gate is passed most cheaply by moving it: compared with the base each such move is red."""
    plain = FILES["standfast.toml"]
    little.write({"standfast.toml": before or plain})
    base = little.commit()
    moved = plain.replace('name = "little"', 'name = "little"\nbase = "HEAD"') if not after else plain + after
    little.commit({"standfast.toml": after if before else moved})

    judged = little.judge(WEAKER, options=("--base", base, "--standard", "production"))

    assert (judged.code, judged.status(WEAKER)) == (1, "fail"), judged.err


OWN = """
[[control]]
id = "{own_id}"
title = "Mine"
clauses = ["{clause}"]
why = "To be sure."
remediation = "Do it."
thresholds = [{{ fact = "coverage.line_ratio", op = "ge", bound = 0, unit = "ratio" }}]
"""
CLAUSE = "tdd.coverage_requirements.line_coverage"
TAKEN = {
    "a bundled control": (LINES, CLAUSE),
    "a gate": ("tdd-compliance", CLAUSE),
    "a gate as it is written": ("tdd_compliance", CLAUSE),
    "a phase": ("code-completion-gates", CLAUSE),
    "what reads like a bundled control": ("line\u2010coverage-meets-limit", CLAUSE),
    "what reads like a bundled control in other letters": ("line-c\u043everage-meets-limit", CLAUSE),
    "a command to the terminal": ("\\u001b[2J", CLAUSE),
    "nothing": ("", CLAUSE),
    "a control of no clause": ("mine", "no.such.clause"),
}


@pytest.mark.parametrize(("own_id", "clause"), TAKEN.values(), ids=TAKEN)
def test_control_of_ones_own_stands_in_for_no_other(own_id: str, clause: str, little: Project) -> None:
    """An id that is taken, that reads like another, or a control that nobody would ask is refused."""
    little.settings(OWN.format(own_id=own_id, clause=clause))
    little.take(RED)

    judged = little.judge(LINES)

    assert (judged.code, "[own-control]" in judged.err) == (2, True), judged.err


def test_control_twice_is_refused(little: Project) -> None:
    """Of two controls with one id neither is dropped in silence."""
    little.settings(OWN.format(own_id="mine", clause=CLAUSE) * 2)

    assert little.judge(LINES).code == 2


CARDS = {
    "a card number in a file": {"src/little/seed.py": 'CARD = "4111 1111 1111 1111"\n'},
    "a column for card numbers": {"migrations/1.sql": "CREATE TABLE payments (id int, card_number text, cvv text);\n"},
    "a column about people": {"migrations/1.sql": "CREATE TABLE users (id int, email text, date_of_birth date);\n"},
}


@pytest.mark.parametrize("files", CARDS.values(), ids=CARDS)
def test_profile_that_denies_data_is_belied(files: dict[str, str], little: Project) -> None:
    """A profile that says "no card data" and "no personal data" beside such data fails; its line is quoted."""
    little.commit(files)

    judged = little.judge(DATA, options=())

    assert (judged.code, judged.status(DATA)) == (1, "fail")
    assert "the profile says `standfast.toml:" in judged.why(DATA)


PARTS = {
    "an image": {"Dockerfile": "FROM python:3.12\n"},
    "infrastructure": {"deploy/main.tf": 'resource "x" "y" {}\n'},
    "an API description": {"openapi.yaml": "openapi: 3.1.0\n"},
    "a web framework": {
        "pyproject.toml": '[project]\nname = "little"\nversion = "1"\ndependencies = ["fastapi>=0.1"]\n'
    },
    "a database driver": {"package.json": '{"name": "little", "dependencies": {"pg": "8.0.0"}}\n'},
    "calls to others": {"src/little/call.py": 'import requests\n\nrequests.get("https://example.org", timeout=3)\n'},
}


@pytest.mark.parametrize("files", PARTS.values(), ids=PARTS)
def test_profile_that_denies_what_the_project_is_is_belied(files: dict[str, str], little: Project) -> None:
    """A profile that says "no service" switches off its controls, so what the files show is held against it."""
    assert little.judge(PROFILE, options=()).code == 0
    little.commit(files)

    judged = little.judge(PROFILE, options=())

    assert (judged.code, judged.status(PROFILE)) == (1, "fail")
    assert "= false`" in judged.why(PROFILE)


def test_flag_that_is_left_out_switches_nothing_off(little: Project) -> None:
    """A profile that is silent leaves the controls undecided, and says which line is missing."""
    settings = FILES["standfast.toml"].replace("card_data = false\n", "")
    little.commit({"standfast.toml": settings})

    judged = little.judge("card-numbers-leave-no-trace")

    assert judged.code == 3
    assert "the profile does not say whether `card_data` is true" in judged.why("card-numbers-leave-no-trace")


def test_evidence_of_one_project_does_not_count_in_another(little: Project) -> None:
    """The store of another repository, copied here, is about another content."""
    other = committed(little.folder.parent / "other", {**FILES, "more.txt": "x\n"})
    other.take({"coverage.xml": cobertura()})
    assert other.judge(LINES).code == 0
    (other.folder / ".standfast").rename(little.folder / ".standfast")

    assert little.judge(LINES).code == 3
