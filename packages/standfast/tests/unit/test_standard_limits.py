"""What a sentence says about a number is a limit, or an error that quotes it."""

import pytest

from standfast.model import Limit, LimitRole, Op, Unit
from standfast.standard.limits import read_limits
from standfast.standard.vocabulary import terms_of

API = "performance_requirements.response_times.api_endpoints"
API_TEXT = "p50 under 100ms, p95 under 200ms, p99 under 500ms, 30s timeout"
ALERT = "monitoring_requirements.alerting_rules.error_rate"
CANARY = "deployment_process.blue_green_deployment.canary_phases"
CIPHERS = "security_standards.data_protection.encryption"
QUALITY = "mandatory_quality_gates.code_quality"
KEEP = "session_integration.compliance_tracking.security_audit"
WEB = "performance_requirements.response_times.web_pages"


def read(text: str, clause: str = "own.clause") -> list[tuple[object, ...]]:
    """Return the limits of *text* as plain values; it is an error that some part cannot be read."""
    reading = read_limits(text, terms_of("own", clause), 1)
    assert not reading.complaints, reading.complaints
    return [plain(limit) for limit in reading.limits]


def plain(limit: Limit) -> tuple[object, ...]:
    """Return fact, comparator, bound and unit of *limit*."""
    return (limit.fact, limit.op, limit.bound, limit.unit)


def complaint(text: str, clause: str = "own.clause") -> str:
    """Return what is found wrong in *text*."""
    return " | ".join(
        f"{part.found} -> {part.expected}" for part in read_limits(text, terms_of("own", clause), 1).complaints
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Search p95 under 150ms", ("search_p95", Op.LT, 150, Unit.MS)),
        ("Search latency stays below 1.5 s", ("search_latency", Op.LT, 1.5, Unit.S)),
        ("The queue holds no more than 5 minutes", ("queue_holds", Op.LE, 5, Unit.MIN)),
        ("Cache hits at least 80%", ("cache_hits", Op.GE, 80, Unit.PERCENT)),
        ("Cache hits of 80% or more", ("cache_hits", Op.GE, 80, Unit.PERCENT)),
        ("Startup ≤ 10 s", ("startup", Op.LE, 10, Unit.S)),
        ("Startup never exceeds ten seconds", ("startup", Op.LE, 10, Unit.S)),
        ("Response time over 500ms p95", ("response_time_p95", Op.GT, 500, Unit.MS)),
        ("30s read timeout maximum", ("read_timeout", Op.LE, 30, Unit.S)),
        ("Image size under 512MB", ("image_size", Op.LT, 512, Unit.MB)),
        ("Mutation score at least 0.8", ("mutation_score", Op.GE, 0.8, Unit.SCORE)),
        ("Zero open incidents", ("open_incidents", Op.EQ, 0, Unit.COUNT)),
        ("At least two approvals", ("approvals", Op.GE, 2, Unit.COUNT)),
        ("Invoices are kept for 10 years", ("invoices", Op.GE, 10, Unit.Y)),
        ("Error budget exactly 1 percent", ("error_budget", Op.EQ, 1, Unit.PERCENT)),
    ],
)
def test_the_general_form_names_the_fact_after_its_subject(text: str, expected: tuple[object, ...]) -> None:
    """A clause of one's own has limits without a word of configuration."""
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "clause", "expected"),
    [
        (API_TEXT.replace("200", "150"), API, ("api.latency_p95", Op.LT, 150, Unit.MS)),
        (API_TEXT.replace("200ms", "0.2 s"), API, ("api.latency_p95", Op.LT, 0.2, Unit.S)),
        (API_TEXT.replace("under 200ms", "at most 200ms"), API, ("api.latency_p95", Op.LE, 200, Unit.MS)),
        (API_TEXT.replace("p95 under 200ms", "under 200ms at p95"), API, ("api.latency_p95", Op.LT, 200, Unit.MS)),
        ("AES-512 at rest, TLS 1.2+", CIPHERS, ("encryption.at_rest_bits", Op.GE, 512, Unit.BITS)),
        ("AES with 256-bit keys, TLS 1.3 or later", CIPHERS, ("encryption.at_rest_bits", Op.GE, 256, Unit.BITS)),
        ("At most 5 lint errors", QUALITY, ("lint.errors", Op.LE, 5, Unit.COUNT)),
        ("No linting errors, types complete", QUALITY, ("lint.errors", Op.EQ, 0, Unit.COUNT)),
        ("Scan results are kept for at least 1825 days", KEEP, ("retention.scan_results", Op.GE, 1825, Unit.D)),
    ],
)
def test_a_changed_sentence_is_a_changed_limit(text: str, clause: str, expected: tuple[object, ...]) -> None:
    """The number, the unit and the comparator all come from the sentence."""
    assert expected in read(text, clause)


def test_an_alert_has_its_window_and_a_step_its_duration() -> None:
    """A duration after "for" is the window of the limit, in seconds."""
    alert = read_limits("Error rate over 1% for two minutes", terms_of("own", ALERT), 7).limits
    steps = read_limits("1% for 1 hour, 100% for 2 hours", terms_of("own", CANARY), 7).limits

    assert [(limit.window_s, limit.role, limit.line) for limit in alert] == [(120, LimitRole.ALERT, 7)]
    assert [(limit.fact, limit.window_s) for limit in steps] == [
        ("rollout.step_1.share", 3600),
        ("rollout.step_2.share", 7200),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Multi-factor authentication, a two-factor login and zero-downtime releases",
        "Follow RFC 9457, ISO 27001, WCAG 2.1, OAuth 2.0 and the OWASP Top 10",
        "Percentiles p50, p95 and p99 of e2e journeys on k8s",
        "One owner for each service, no card storage",
        "See quality/rules-2024.md#section-3 for details",
    ],
)
def test_what_only_looks_like_a_number_limits_nothing(text: str) -> None:
    """Names, percentiles and file names hold digits that are no limits."""
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Latency under 200 parsecs", "200 parsecs"),
        ("Latency under 200parsecs", "200parsecs"),
        ("Latency under 5m", "5m"),
        ("Latency 200ms", "200ms"),
        ("Under 200ms", "Under 200ms"),
        ("Latency under 1,000ms", "1,000ms"),
        ("Latency under 1.2.3 s", "1.2.3 s"),
        ("Latency under 1e3 ms", "1e3"),
        ("Latency under -5 ms", "-5 ms"),
        ("Latency under ~200ms", "~200ms"),
        ("Latency under 00200ms", "00200ms"),
        ("Latency under 5-10 ms", "5-10 ms"),
        ("Latency under200ms", "under200ms"),
        ("Latency under20 ms", "under20"),
        ("Latency under 200ms or 300ms", "or 300ms"),
        ("Latency between 5% and 10%", "between"),
        ("Latency is not always under 200ms", '"not"'),
        ("Latency is usually under 200ms", '"usually"'),
        ("Latency doesn't stay under 200ms", "doesn't"),
        ("Latency under 200ms at most", "one comparator"),
        ("Latency stays over time 200ms", "over time 200ms"),
        ("Latency under two hundred ms", "hundred"),
        ("Latency under ninety-five ms", "ninety-five"),
        ("Latency under \u0662\u0660\u0660ms", "U+0662"),
        ("Latency under ½ s", "U+00BD"),
        ("Latency under 0ms", "under nothing"),
        ("Coverage at least 0%", "always met"),
        ("Coverage at least 120%", "more than the whole"),
        ("Alert when errors are over 100%", "never be exceeded"),
        ("Errors over 1% for 0 minutes", "empty window"),
        ("Errors over 1% for 5 files", "duration"),
        ("Search under 1s, search under 2s", "2 limits on search"),
        ("Wait for 5 minutes", "5"),
        ("Chapter 7 applies", "7 applies"),
    ],
)
def test_a_number_that_cannot_be_read_is_quoted(text: str, quotes: str) -> None:
    """No number is passed over, and none is guessed."""
    assert quotes in complaint(text)


@pytest.mark.parametrize(
    ("text", "clause", "says"),
    [
        (API_TEXT.replace("200ms", ""), API, "without a number"),
        (API_TEXT.replace("200ms", "200"), API, "a time, such as 200ms"),
        (API_TEXT.replace("200ms", "200MB"), API, "a time, such as 200ms"),
        (API_TEXT.replace("p95 under", "p95 over"), API, "in that direction"),
        (API_TEXT.replace("p95 under", "p95 exactly"), API, "in that direction"),
        (API_TEXT.replace("p95", "p94"), API, "none of"),
        (API_TEXT.replace("p95 under 200ms, ", ""), API, "no limit on api.latency_p95"),
        (API_TEXT.replace("p95", "p50 p95"), API, "which speaks of api.latency_p50, api.latency_p95"),
        (API_TEXT + ", p95 under 300ms", API, "2 limits on api.latency_p95"),
        (API_TEXT + " for 5 minutes", API, 'without "for"'),
        ("Error rate over 1%", ALERT, '"for" and a duration'),
        ("Error rate under 1% for 5 minutes", ALERT, "in that direction"),
        ("Traffic for 15 minutes", CANARY, "a duration"),
        ("Load under 3s, interactive under 5s, LCP under 2.5s, CLS under 0.1 points", WEB, "0.1 points"),
        ("AES-256 at rest, TLS 1.10+", CIPHERS, "a version of two digits"),
        ("AES-256 at rest, TLS", CIPHERS, "without a number"),
        ("Linting errors, types complete", QUALITY, '"Zero" before it'),
        ("5 linting errors", QUALITY, "in that direction"),
        ("At least 5 linting errors", QUALITY, "in that direction"),
        ("Scan results are kept for at most 3 years", KEEP, "in that direction"),
        ("Scan results are kept for 3 decades", KEEP, "a time"),
    ],
)
def test_a_clause_with_known_facts_must_limit_them(text: str, clause: str, says: str) -> None:
    """A known clause says each of its limits once, with a fitting unit and in a direction that makes sense."""
    assert says in complaint(text, clause)
