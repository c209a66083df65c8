"""Standards extend one another, change limits under rules, and refer to modules."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from standfast.app.written.settings import OverrideTable
from standfast.app.written.standards import load_standard, project_standard
from standfast.model import Standard, StandardError, Unit, sha256
from standfast.standard.resolved import from_stored, stored_bytes

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
API = "performance_requirements.response_times.api_endpoints"
GATE = "mandatory_quality_gates.performance_slas"
LINES = "tdd.coverage_requirements.line_coverage"
ROLL_BACK = "deployment_process.blue_green_deployment.rollback_triggers"
CANARY = "deployment_process.blue_green_deployment.canary_phases"
HEAD = '[standard]\nname = "ours"\nversion = "2.0.0"\nextends = "production"\n'
LOOSE = 'reason = "the old gateway"\nowner = "ana"\nexpires = 2026-02-01\n'


def load(folder: Path, text: str = "", use: str = "ours.toml", **files: str) -> Standard:
    """Return the standard *use* in *folder*, which holds *text* as ours.toml, and *files*."""
    (folder / "ours.toml").write_text(text)
    for name, content in files.items():
        (folder / f"{name}.toml").write_text(content)
    return load_standard(use, base=folder, now=NOW)


def override(clause: str, fact: str, bound: str, more: str = "") -> str:
    """Return an override in TOML."""
    return f'[[override]]\nclause = "{clause}"\nfact = "{fact}"\nbound = "{bound}"\n{more}'


def bound(standard: Standard, clause: str, fact: str) -> float:
    """Return a bound of *standard*."""
    found = standard.clause(clause)
    assert found
    limit = found.limit(fact)
    assert limit
    return limit.bound


def problems(folder: Path, text: str) -> list[str]:
    """Return the problems for which a standard is refused."""
    with pytest.raises(StandardError) as caught:
        load(folder, text)
    return [str(problem) for problem in caught.value.problems]


def test_an_extended_standard_keeps_every_clause_and_adds_its_own(tmp_path: Path) -> None:
    """What extends a standard has all of it, and what it adds."""
    ours = load(tmp_path, HEAD + '[[clause]]\nid = "ours.search"\ntext = "Search p95 under 150ms"\n')
    production = load_standard("production", base=tmp_path, now=NOW)

    assert {clause.id for clause in ours.clauses} == {clause.id for clause in production.clauses} | {"ours.search"}
    assert (ours.name, ours.version) == ("ours", "2.0.0")
    assert [source.split()[0] for source in ours.sources] == [
        "production.toml",
        "ours.toml",
        "tdd.toml",
        "feature_validation.toml",
    ]


def test_a_limit_may_be_tightened_freely_and_is_changed_wherever_it_stands(tmp_path: Path) -> None:
    """The gate and the response times state one limit; one override changes both and both are recorded."""
    ours = load(tmp_path, HEAD + override(API, "api.latency_p95", "0.15 s"))

    assert (bound(ours, API, "api.latency_p95"), bound(ours, GATE, "api.latency_p95")) == (150, 150)
    assert [(record.clause, record.was, record.bound, record.loosens) for record in ours.overrides] == [
        (GATE, 200, 150, False),
        (API, 200, 150, False),
    ]


def test_an_overridden_limit_says_so_in_its_words(tmp_path: Path) -> None:
    """Whoever reads the limit sees the sentence, and who changed it to what."""
    ours = load(tmp_path, HEAD + override(API, "api.latency_p50", "80 ms"))
    clause = ours.clause(API)

    assert clause
    assert clause.limits[0].text.endswith("(changed to 80 ms by ours.toml:5)")


def test_a_module_can_be_tightened(tmp_path: Path) -> None:
    """Clauses of modules that the standard refers to can be overridden like its own."""
    ours = load(tmp_path, HEAD + override(LINES, "coverage.line_ratio", "95%"))

    assert bound(ours, LINES, "coverage.line_ratio") == 95


@pytest.mark.parametrize("missing", ["reason", "owner", "expires"])
def test_a_limit_is_loosened_only_with_reason_owner_and_expiry(tmp_path: Path, missing: str) -> None:
    """Without one of the three the standard is refused, and the message says which is missing."""
    given = "".join(line for line in LOOSE.splitlines(keepends=True) if not line.startswith(missing))

    found = problems(tmp_path, HEAD + override(API, "api.latency_p50", "150 ms", given))

    assert found == [
        f"ours.toml:5: found api.latency_p50 loosened from 100 to 150 ms without {missing}, "
        "expected reason, owner and expires, or a tighter bound"
    ]


@pytest.mark.parametrize(
    ("clause", "fact", "tighter", "looser"),
    [
        (API, "api.timeout", "20 s", "40 s"),
        (LINES, "coverage.line_ratio", "95%", "80%"),
        ("monitoring_requirements.alerting_rules.error_rate", "alert.error_ratio", "0.5%", "2%"),
        (ROLL_BACK, "rollout.error_ratio", "1%", "3%"),
        ("deployment_process.blue_green_deployment.success_criteria", "rollout.error_ratio", "0.1%", "1%"),
        ("session_integration.compliance_tracking.security_audit", "retention.scan_results", "5 years", "1 year"),
        (CANARY, "rollout.step_1.share", "1%", "10%"),
    ],
)
def test_which_way_is_looser_follows_from_the_limit(
    tmp_path: Path, clause: str, fact: str, tighter: str, looser: str
) -> None:
    """Earlier alerts, longer records and smaller first steps are tighter; the rest is as its comparator says."""
    assert load(tmp_path, HEAD + override(clause, fact, tighter)).overrides[0].loosens is False
    assert "without reason, owner, expires" in problems(tmp_path, HEAD + override(clause, fact, looser))[0]


@pytest.mark.parametrize(("expires", "applied"), [("2026-01-16", True), ("2026-01-15", False), ("2025-12-31", False)])
def test_an_expired_loosening_is_reported_and_the_limit_is_as_before(
    tmp_path: Path, expires: str, applied: bool
) -> None:
    """From the day of its expiry a looser limit no longer counts."""
    more = LOOSE.replace("2026-02-01", expires)

    ours = load(tmp_path, HEAD + override(API, "api.latency_p50", "150 ms", more))

    assert bound(ours, API, "api.latency_p50") == (150 if applied else 100)
    assert [(record.applied, record.loosens, record.was) for record in ours.overrides] == [(applied, True, 100)]


def test_a_tighter_limit_does_not_expire(tmp_path: Path) -> None:
    """An expiry never makes a standard looser."""
    ours = load(tmp_path, HEAD + override(API, "api.latency_p50", "80 ms", "expires = 2025-01-01\n"))

    assert bound(ours, API, "api.latency_p50") == 80


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (override("no.such", "x", "1 s"), "an override of no.such"),
        (override(API, "api.latency_p90", "1 s"), "api.latency_p50, api.latency_p95"),
        (override("purpose", "x", "1 s"), "this clause has no limit"),
        (override(API, "api.latency_p50", "1 MB"), "1 MB for api.latency_p50"),
        (override(API, "api.latency_p50", "0 ms"), "under nothing"),
        (override(ROLL_BACK, "rollout.error_ratio", "0.1%"), "no tighter than success"),
        (override(API, "api.latency_p99", "150 ms"), "no less than"),
        (override(CANARY, "rollout.step_3.share", "50%"), "a last step of 100%"),
        (override(CANARY, "rollout.step_2.share", "4%"), "more than"),
        ('[[clause]]\nid = "purpose"\ntext = "Another"\n', "purpose again (first at production.toml:"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, text: str, found: str) -> None:
    """An override of nothing, a limit that contradicts another, a clause that stands twice."""
    assert found in " ".join(problems(tmp_path, HEAD + text))


PAIRS = {
    "a roll-back limit tighter than the success limit": (
        "deployment_process.blue_green_deployment.success_criteria",
        "Error rate under 3%, p95 under 200ms",
        ROLL_BACK,
        "Error rate over 2%, p95 over 500ms, business metric drop over 10%",
    ),
    "a gate and an endpoint with different limits": (
        GATE,
        "p95 under 300ms",
        API,
        "p50 under 100ms, p95 under 200ms, p99 under 500ms, 30s timeout",
    ),
    "percentiles that fall": (API, "p50 under 300ms, p95 under 200ms, p99 under 500ms, 30s timeout", "a.b", "x"),
    "a timeout below the slowest percentile": (
        API,
        "p50 under 100ms, p95 under 200ms, p99 under 500ms, timeout of 400ms",
        "a.b",
        "x",
    ),
    "steps that do not reach everyone": (CANARY, "5% for 15 minutes, 50% for 1 hour", "a.b", "x"),
    "steps that fall": (CANARY, "50% for 15 minutes, 5% for 1 hour, 100% for 1 hour", "a.b", "x"),
}


@pytest.mark.parametrize(("first", "text", "second", "other"), PAIRS.values(), ids=PAIRS)
def test_a_contradictory_pair_is_refused(tmp_path: Path, first: str, text: str, second: str, other: str) -> None:
    """Limits that cannot both be meant are an error that names both places."""
    body = f'[[clause]]\nid = "{first}"\ntext = "{text}"\n[[clause]]\nid = "{second}"\ntext = "{other}"\n'

    found = problems(tmp_path, HEAD.replace('extends = "production"\n', "") + body)

    assert len(found) == 1
    assert found[0].startswith("ours.toml:")


def test_an_alert_may_be_looser_than_a_roll_back(tmp_path: Path) -> None:
    """An alert and a roll-back are different things: 1 % alerts and 2 % rolls back, or the other way round."""
    clause = "monitoring_requirements.alerting_rules.response_time"

    assert load(tmp_path, HEAD + override(clause, "alert.latency_p95", "900 ms", LOOSE)).overrides[0].applied


def test_a_module_of_the_project_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    """The settings say which file a reference means; its clauses stand under its name."""
    (tmp_path / "tdd.md").write_text(
        "| version |\n|---|\n| 1 |\n\n```xml\n<module name='tdd'><coverage_requirements>"
        "<line_coverage>Minimum 95% for all code</line_coverage></coverage_requirements></module>\n```\n"
    )

    ours = load_standard("production", {"quality/tdd.md": "tdd.md"}, base=tmp_path, now=NOW)

    assert bound(ours, LINES, "coverage.line_ratio") == 95
    assert ours.clause("tdd.cycle.red") is None
    assert ("mandatory_quality_gates.tdd_compliance", "quality/tdd.md#quality_gates") in [
        (reference.clause, reference.target) for reference in ours.unresolved
    ]


def test_only_the_section_that_is_referred_to_is_joined(tmp_path: Path) -> None:
    """A reference with an anchor brings the clauses of that section, and no others."""
    ours = load(
        tmp_path,
        '[standard]\nname = "ours"\nversion = "1"\n[[clause]]\nid = "a"\ntext = "As quality/tdd.md#cycle says"\n',
    )

    assert [clause.id for clause in ours.clauses] == ["a", "tdd.cycle.red", "tdd.cycle.green", "tdd.cycle.refactor"]
    assert ours.unresolved == ()


def test_standards_may_extend_standards(tmp_path: Path) -> None:
    """An override of the last one is measured against what the ones before it say."""
    team = '[standard]\nname = "team"\nversion = "1"\nextends = "./ours.toml"\n'

    found = load(
        tmp_path,
        HEAD + override(API, "api.latency_p50", "50 ms"),
        use="team.toml",
        team=team + override(API, "api.latency_p50", "70 ms", LOOSE),
    )

    assert [(record.was, record.bound, record.loosens) for record in found.overrides] == [
        (100, 50, False),
        (50, 70, True),
    ]


@pytest.mark.parametrize("extends", ["ours.toml", "./ours.toml"])
def test_a_standard_cannot_extend_itself(tmp_path: Path, extends: str) -> None:
    """A circle of standards is an error, not an endless loop."""
    with pytest.raises(StandardError, match="leads back"):
        load(tmp_path, HEAD.replace("production", extends))


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("no-such", "standard-unknown"),
        ("no-such.toml", "standard-missing"),
        ("./folder.toml", "standard-missing"),
        ("a\0b.toml", "standard-missing"),
        ("../../../../dev/zero.md", "standard-missing"),
    ],
)
def test_a_standard_that_is_not_there_is_an_error(tmp_path: Path, use: str, code: str) -> None:
    """Neither a name nor a file that does not exist falls back to anything; a device is no file."""
    (tmp_path / "folder.toml").mkdir()

    with pytest.raises(StandardError) as caught:
        load_standard(use, base=tmp_path, now=NOW)

    assert caught.value.code == code


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    """Of a file of 50 MB no more is read than shows that it is too large."""
    file = tmp_path / "huge.md"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)

    with pytest.raises(StandardError, match=r"5,000,001 bytes or more"):
        load_standard("huge.md", base=tmp_path, now=NOW)


def test_settings_choose_change_and_are_checked(tmp_path: Path) -> None:
    """The project's settings name the standard and its overrides; a choice replaces the name only."""
    (tmp_path / "standfast.toml").write_text(
        '[project]\nname = "x"\n[standard]\nuse = "tdd"\n[[standard.override]]\n'
        f'clause = "{LINES}"\nfact = "coverage.line_ratio"\nbound = 0.95\nunit = "ratio"\n'
    )

    assert bound(project_standard(tmp_path, None, now=NOW), LINES, "coverage.line_ratio") == 95
    assert project_standard(tmp_path, "production", now=NOW).name == "production"
    assert project_standard(tmp_path, "production", now=NOW).overrides[0].bound == 95


def test_without_settings_the_default_standard_counts(tmp_path: Path) -> None:
    """A project that says nothing is judged by the default standard."""
    assert project_standard(tmp_path, None, now=NOW).name == "production"


def test_an_override_of_the_settings_says_where_it_stands(tmp_path: Path) -> None:
    """An override that cannot be taken names its entry in the settings."""
    table = OverrideTable(clause=API, fact="api.latency_p50", bound=1, unit=Unit.S)

    with pytest.raises(StandardError) as caught:
        load_standard("production", overrides=[table], base=tmp_path, now=NOW)

    assert caught.value.problems[0].where == "standfast.toml [[standard.override]] 1"


def test_a_stored_standard_is_the_standard(tmp_path: Path) -> None:
    """From the stored bytes alone the same standard comes back, and its digest is their content address."""
    ours = load(tmp_path, HEAD + override(API, "api.latency_p50", "150 ms", LOOSE))
    stored = stored_bytes(ours)

    assert from_stored(stored) == ours
    assert sha256(stored) == ours.digest


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"name": 1}', b"\xff", b'{"clauses":[],"name":"a", "version":"1"}']
)
def test_bytes_that_are_no_stored_standard_are_refused(data: bytes) -> None:
    """Stored bytes are taken only in the one form in which they are written."""
    with pytest.raises(StandardError) as caught:
        from_stored(data)

    assert caught.value.code == "standard-stored"


@pytest.mark.parametrize(
    "change", [("200ms", "201ms"), ("# Security", "# security"), ('version = "1.0.0"', 'version = "1.0.1"')]
)
def test_the_digest_covers_every_byte_of_every_source(tmp_path: Path, change: tuple[str, str]) -> None:
    """Any change of a source, a comment included, is another standard."""
    text = (Path(load_standard.__code__.co_filename).parents[2] / "standard/bundled/production.toml").read_text()
    assert change[0] in text

    assert load(tmp_path, text).digest != load(tmp_path, text.replace(*change)).digest
