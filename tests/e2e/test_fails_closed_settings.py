"""Settings, waivers and standards that are wrong, hostile or not there: each is an error, and nothing is decided."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from little_hostile import neutral
from little_project import SETTINGS, Project
from little_reports import cobertura

LINES = "line-coverage-meets-limit"
CLAUSE = "tdd.coverage_requirements.line_coverage"
DIGITS = "9" * 5_000


def changed(control: str) -> str:
    """Return settings that change the line coverage control so."""
    return f"{SETTINGS}\n[controls.{LINES}]\n{control}\n"


def overridden(bound: str, unit: str = "percent", more: str = "") -> str:
    """Return settings that override the limit of line coverage so."""
    table = f'clause = "{CLAUSE}"\nfact = "coverage.line_ratio"\nbound = {bound}\nunit = "{unit}"\n{more}'
    return f"{SETTINGS}\n[[standard.override]]\n{table}\n"


SETTINGS_REFUSED: dict[str, tuple[str | bytes, str]] = {
    "an unknown key": (SETTINGS + "[waivers]\ncap_dayz = 1\n", "settings-invalid"),
    "an unknown table": (SETTINGS + "[profil]\ncard_data = true\n", "settings-invalid"),
    "a value of another type": (SETTINGS.replace("card_data = false", 'card_data = "no"'), "settings-invalid"),
    "2 MB": (SETTINGS + "#" * 2_000_000, "settings-too-large"),
    "no TOML": ("not toml at all", "settings-toml"),
    "JSON": ('{"project": {}}', "settings-toml"),
    "nesting": ("a = " + "[" * 20_000, "settings-toml"),
    "a number of 5,000 digits": (SETTINGS + f"[waivers]\ncap_days = {DIGITS}\n", "settings-toml"),
    "bytes that are no text": (b"\x00\x01\xff", "settings-encoding"),
    "nothing": ("", "settings-invalid"),
    "a table twice": (SETTINGS + '[project]\nname = "other"\n', "settings-toml"),
    "a cap of no days": (SETTINGS + "[waivers]\ncap_days = 0\n", "settings-invalid"),
    "a cap of centuries": (SETTINGS + "[waivers]\ncap_days = 99999999999\n", "settings-invalid"),
    "a freeze that ends before it starts": (
        SETTINGS + '[[freeze]]\nstarts = 2026-12-20\nends = 2026-01-02\nreason = "year-end"\n',
        "settings-invalid",
    ),
    "a control that is none": (SETTINGS + '[controls.nonsense]\nenforcement = "block"\n', "control-unknown"),
    "a parameter that is none": (changed("params = { min_line_ration = 0.95 }"), "control-params"),
    "a looser step without reason": (changed('enforcement = "warn"'), "loosening-unexplained"),
    "a looser limit without reason": (changed("params = { min_line_ratio = 0.1 }"), "loosening-unexplained"),
    "a limit that is no number": (changed("params = { min_line_ratio = nan }"), "loosening-unexplained"),
    "a full stop for a reason": (
        changed('enforcement = "warn"\nreason = "."\nowner = "Ana"\nexpires = 2999-01-01'),
        "loosening-unexplained",
    ),
    "an override without reason": (overridden("10"), "standard-invalid"),
    "an override in another measure": (overridden("10", "ms"), "standard-invalid"),
    "an override that is no number": (overridden("nan"), "standard-invalid"),
    "an override beyond the whole": (overridden("inf"), "standard-invalid"),
    "an override of another clause": (overridden("95").replace(CLAUSE, "no.such.clause"), "standard-invalid"),
    "a standard that is not there": (SETTINGS + '[standard]\nuse = "nowhere.toml"\n', "standard-missing"),
    "a standard of no name": (SETTINGS + '[standard]\nuse = "productoin"\n', "standard-unknown"),
    "a standard that is a folder": (SETTINGS + '[standard]\nuse = "./src/"\n', "standard-"),
    "a standard that is another file": (SETTINGS + '[standard]\nuse = "/etc/passwd"\n', "standard-"),
}


@pytest.mark.parametrize(("content", "code"), SETTINGS_REFUSED.values(), ids=SETTINGS_REFUSED)
def test_settings_that_cannot_be_taken_are_refused(content: str | bytes, code: str, little: Project) -> None:
    """A misspelt key is never passed over, and nothing is loosened without reason, owner and end."""
    little.take({"coverage.xml": cobertura()})
    little.write({"standfast.toml": content})

    judged = little.judge(LINES)

    assert (judged.code, f"[{code}" in judged.err, judged.verdict) == (2, True, {}), judged.err


COLLECTORS_REFUSED = {
    "an unknown tool": "[collect.nmap]\n",
    "an unknown key": "[collect.ruff]\ntimeout = 5\n",
    "a value of another type": '[collect.ruff]\ntimeout_s = "5"\n',
    "a bound that bounds nothing": "[collect.ruff]\ntimeout_s = nan\n",
    "a bound without end": "[collect.ruff]\ntimeout_s = inf\n",
    "a bound below nothing": "[collect.ruff]\nmemory_mb = -1\n",
    "an environment that is none": '[collect.python]\nenvironment = "nowhere"\n',
}


@pytest.mark.parametrize("table", COLLECTORS_REFUSED.values(), ids=COLLECTORS_REFUSED)
def test_tables_of_tools_that_cannot_be_taken_are_refused(table: str, little: Project) -> None:
    """What tools are told is read as strictly as the rest."""
    little.settings(table)

    judged = little.judge("no-lint-error-is-open", options=())

    assert (judged.code, judged.verdict) == (2, {})
    assert "[collect-" in judged.err or "[environment-missing]" in judged.err


@pytest.mark.parametrize("name", ["standfast.toml", "standfast-waivers.toml"])
@pytest.mark.parametrize(
    "put",
    [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path)],
    ids=["a pipe", "a folder", "a device", "a link to itself"],
)
def test_what_stands_in_the_place_of_a_file_is_refused_at_once(
    put: Callable[[Path], object], name: str, little: Project
) -> None:
    """A pipe that nobody writes to, or a device without end, is not waited for."""
    path = little.folder / name
    path.unlink(missing_ok=True)
    put(path)

    judged = little.judge(LINES)

    assert judged.code == 2, judged.err
    assert "-unreadable]" in judged.err


def test_project_without_settings_is_told_how_to_begin(little: Project) -> None:
    """Without settings nobody knows what applies; the way out is named."""
    (little.folder / "standfast.toml").unlink()

    judged = little.judge(LINES)

    assert (judged.code, "[settings-missing]" in judged.err, "standfast init" in judged.err) == (2, True, True)


WAIVER = """
[[waiver]]
id = "w1"
scope = {{ control = "{control}" }}
reason = "{reason}"
compensating_control = "Somebody looks."
requester = "Cem Oz <cem@example.org>"
approver = "Ben Okafor <ben@example.org>"
approver_role = "quality"
issued = {issued}
expires = {expires}
"""
APPROVERS = '[waivers.approvers]\n"Ben Okafor <ben@example.org>" = ["quality"]\n'
TODAY = datetime.now(UTC).date()  # noqa: TID251  # waivers are about the day on which the tests run


def waiver(control: str = LINES, *, reason: str = "Later.", **days: int) -> str:
    """Return a waiver that runs from ``issued`` days from now to ``expires`` days from now."""
    issued, expires = (
        TODAY + timedelta(days=days.get(name, usual)) for name, usual in (("issued", -1), ("expires", 30))
    )
    return WAIVER.format(control=control, reason=reason, issued=issued, expires=expires)


WAIVERS_REFUSED: dict[str, tuple[str | bytes, str]] = {
    "an unknown key": (waiver() + 'approved = "yes"\n', "waivers-invalid"),
    "a time that is none": (waiver().replace(f"{TODAY - timedelta(days=1)}", '"yesterday"'), "waivers-invalid"),
    "no TOML": ("{}", "waivers-invalid"),
    "nesting": ("a = " + "[" * 20_000, "waivers-invalid"),
    "a number of 5,000 digits": (f"a = {DIGITS}", "waivers-invalid"),
    "bytes that are no text": (b"\xff\xfe", "waivers-invalid"),
    "6 MB": ("#" * 6_000_000, "waivers-too-large"),
    "one id twice": (waiver() + waiver(), "waivers-duplicate"),
}


@pytest.mark.parametrize(("content", "code"), WAIVERS_REFUSED.values(), ids=WAIVERS_REFUSED)
def test_waivers_that_cannot_be_taken_are_refused(content: str | bytes, code: str, little: Project) -> None:
    """Waivers that cannot be read are not the same as none: nothing is decided."""
    little.write({"standfast-waivers.toml": content})

    judged = little.judge(LINES)

    assert (judged.code, f"[{code}]" in judged.err) == (2, True), judged.err


def test_missing_waivers_are_none(little: Project) -> None:
    """A project without a waivers file waives nothing."""
    little.take({"coverage.xml": cobertura(covered=1)})

    assert little.judge(LINES).code == 1


NOT_HELD = {
    "expired": (waiver(expires=0), "expired on"),
    "not yet begun": (waiver(issued=2), "is pending until"),
    "longer than the cap": (waiver(expires=200), "longer than the cap of 90"),
    "a full stop for a reason": (waiver(reason="."), "has an empty reason"),
    "an invisible reason": (waiver(reason="\\u200b"), "has an empty reason"),
    "of a control that reads alike": (waiver("line\u2010coverage-meets-limit"), ""),
    "of every control": (waiver("*"), ""),
}


@pytest.mark.parametrize(("content", "why"), NOT_HELD.values(), ids=NOT_HELD)
def test_waiver_that_does_not_hold_is_refused_with_its_reason(content: str, why: str, little: Project) -> None:
    """Outside of its time, its cap, its scope or its form a waiver changes nothing, and the answer says why."""
    base = little.git("rev-parse", "HEAD")
    little.settings(APPROVERS)
    little.commit({"standfast-waivers.toml": content})
    little.take({"coverage.xml": cobertura(covered=1)})

    judged = little.judge(LINES, options=("--base", base))

    assert (judged.code, judged.status(LINES)) == (1, "fail")
    assert why in judged.why(LINES)


HEAD = '[standard]\nname = "own"\nversion = "1.0.0"\n'
LIMIT = '[[clause]]\nid = "a.b"\nkind = "limit"\ntext = "{}"\n'
MODULE = '<module name="x">&a;</module>'
STANDARDS: dict[str, str | bytes] = {
    "empty": "",
    "no standard": "x = 1\n",
    "a clause twice": HEAD + LIMIT.format("At least 90% of all lines are run by tests.") * 2,
    "a limit without a number": HEAD + LIMIT.format("Many lines are run by tests."),
    "a unit of nobody": HEAD + LIMIT.format("Search p95 under 150 fortnights."),
    "an invisible character": HEAD + LIMIT.format("At least 90% of all \u202elines\u202c are run by tests."),
    "bytes that are no text": b"\xff\xfe",
    "a number of 5,000 digits": HEAD + f"x = {DIGITS}\n",
    "entities": f'```xml\n<!DOCTYPE m [<!ENTITY a "aaaa">]>\n{MODULE}\n```\n',
    "an external entity": f'```xml\n<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n{MODULE}\n```\n',
}


@pytest.mark.parametrize("content", STANDARDS.values(), ids=STANDARDS)
def test_standard_that_cannot_be_read_without_guessing_is_refused(content: str | bytes, little: Project) -> None:
    """A standard in which a limit, an id or the form is in doubt decides nothing."""
    name = "own.md" if "xml" in str(content) else "own.toml"
    little.write({name: content})

    judged = little.judge(options=("--no-collect", "--standard", name))

    assert (judged.code, judged.verdict) == (2, {})
    assert "[standard-" in judged.err


def test_standard_that_no_control_serves_is_undecided(little: Project) -> None:
    """Where no control is bound to any clause, nothing was decided."""
    little.write({"own.toml": HEAD + '[[clause]]\nid = "kindness"\nkind = "practice"\ntext = "Be kind."\n'})

    judged = little.judge(options=("--no-collect", "--standard", "own.toml"))

    assert (judged.code, judged.verdict["status"], judged.verdict["unbound"]) == (3, "unknown", ["kindness"])


TRAPS = "<script>alert(x)</script> ](javascript:x) ![i](http://x) | ::error::x `x` <img src=x onerror=y>"
FORMS = ("terminal", "markdown", "html", "github", "step-summary", "junit")


@pytest.mark.parametrize("form", FORMS)
def test_text_of_a_standard_is_quoted_as_text(form: str, little: Project) -> None:
    """Markup, commands to a terminal or to a forge that stand in a clause are shown, never carried out."""
    gate = f'id = "mandatory_quality_gates.tdd_compliance"\nkind = "gate"\ntext = "Tests {TRAPS} come first."\n'
    little.write({"own.toml": f"{HEAD}[[clause]]\n{gate}"})
    little.take({"coverage.xml": cobertura(covered=1)})

    shown = little.run("gate", LINES, "--no-collect", "--standard", "own.toml", "--format", form)

    assert shown.code == 1, shown
    assert neutral(form, shown.out)
