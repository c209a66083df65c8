"""What a gate says about evidence that is there, absent, foreign, stale or broken."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import mini
import msgspec
import pytest

from standfast.app.modules.discovery import control_from
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.secrets.schema import Secrets
from standfast.gates.bind import Control, ControlSetting, bind
from standfast.gates.decide import decide, prepare
from standfast.gates.judge import Failure
from standfast.model import (
    ConfigurationError,
    ControlChange,
    ControlSpec,
    Enforcement,
    Finding,
    Outcome,
    Profile,
    Statement,
    Status,
    UsageError,
    Verdict,
    canonical_json,
    sha256,
)


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of every form."""

    names: tuple[str, ...] = ("a", "b")
    strict: bool = True
    count: int = 3
    free: int = 3


def listing(direction: str) -> Control:
    """Return a control with a list that tightens in *direction*, a flag, a number, and a number without direction."""

    def probe(secrets: Secrets, params: Names) -> Iterator[Finding]:
        yield from (Finding(name) for name in params.names if name == secrets.KIND)

    spec = mini.spec("x", "gates.secret_free", "gates.tested", "code.requirements.1")
    tighter = {name: {"tighter": direction if name == "names" else "higher"} for name in ("names", "strict", "count")}
    spec = msgspec.convert({**msgspec.to_builtins(spec), "params": tighter}, ControlSpec)
    return control_from("listing", spec, probe, b"x")


def result(verdict: Verdict, control: str) -> tuple[Outcome, Status, tuple[str, ...]]:
    """Return outcome, status and reasons of one control."""
    found = next(result for result in verdict.results if result.control == control)
    return found.outcome, found.status, found.reasons


def test_green_evidence_opens_every_gate() -> None:
    """With sound evidence within every limit the verdict is pass and the exit code 0."""
    verdict = mini.verdict(*mini.GREEN)

    assert (verdict.status, verdict.exit_code) == (Status.PASS, 0)
    assert [gate.gate for gate in verdict.gates] == ["code", "tested", "secret_free"]
    assert verdict.unbound == ("practices.kindness",)


COVERAGE = mini.statement(mini.coverage())
OTHER_TREE = msgspec.structs.replace(mini.SUBJECT, tree="c" * 40)
OTHER_COMMIT = msgspec.structs.replace(mini.SUBJECT, commit="d" * 40)

NOT_PROOF = {
    "absent": (None, "no evidence of kind secrets"),
    "about another tree": (mini.statement(mini.secrets(), subject=OTHER_TREE), "describes content"),
    "about another commit": (mini.statement(mini.secrets(), subject=OTHER_COMMIT), "describes commit"),
    "from the future": (mini.statement(mini.secrets(), age=timedelta(hours=-2)), "after the decision"),
    "nothing examined": (mini.statement(mini.secrets(examined=0)), "no files were examined"),
    "examined unknown": (mini.statement(mini.secrets(examined=None)), "does not say how many"),
    "less than expected": (mini.statement(mini.secrets(expected=9)), "3 of 9 files"),
    "some skipped": (mini.statement(mini.secrets(skipped=2)), "2 files were skipped"),
    "errors": (mini.statement(mini.secrets(errors=1)), "1 errors"),
    "a marked run": (mini.statement(mini.secrets(), problems=("the tool was killed",)), "the tool was killed"),
}


@pytest.mark.parametrize(("given", "why"), NOT_PROOF.values(), ids=NOT_PROOF)
def test_evidence_that_proves_nothing_is_unknown(given: Statement | None, why: str) -> None:
    """Missing, foreign, future, partial and marked evidence is unknown, and the reason says which."""
    statements = [COVERAGE] if given is None else [COVERAGE, given]

    verdict = mini.verdict(*statements)

    outcome, status, reasons = result(verdict, "secret-free")
    assert (outcome, status) == (Outcome.UNKNOWN, Status.UNKNOWN)
    assert any(why in reason for reason in reasons), reasons
    assert verdict.exit_code == 3


def test_partial_evidence_still_fails_on_what_it_found() -> None:
    """A scan that was cut short cannot pass, but a secret that it did find fails."""
    verdict = mini.verdict(COVERAGE, mini.statement(mini.secrets("key.pem", skipped=5)))

    assert result(verdict, "secret-free")[0] is Outcome.FAIL
    assert verdict.exit_code == 1


def test_stale_evidence_is_unknown_one_day_past_its_limit() -> None:
    """Evidence exactly as old as allowed counts; a day later it does not."""
    controls = mini.controls(max_age_days=7)

    on_time = mini.verdict(*(mini.statement(s.body, age=timedelta(days=7)) for s in mini.GREEN), given=controls)
    late = mini.verdict(*(mini.statement(s.body, age=timedelta(days=8)) for s in mini.GREEN), given=controls)

    assert on_time.status is Status.PASS
    assert late.status is Status.UNKNOWN


def test_crashed_tool_is_an_error_and_never_a_pass() -> None:
    """Where the tool broke and left nothing, the control is an error and the exit code 3."""
    failure = Failure(kind="secrets", tool="scanner", reason="killed after 600 s")

    verdict = mini.verdict(COVERAGE, failures=(failure,))

    assert result(verdict, "secret-free") == (Outcome.ERROR, Status.ERROR, ("scanner: killed after 600 s",))
    assert verdict.exit_code == 3


def test_second_tool_that_crashed_makes_the_first_one_insufficient() -> None:
    """A clean report beside a crashed tool of the same kind is unknown."""
    failure = Failure(kind="secrets", tool="second", reason="exit status 7 is not known")

    verdict = mini.verdict(*mini.GREEN, failures=(failure,))

    assert result(verdict, "secret-free")[0] is Outcome.UNKNOWN


def test_tool_with_nothing_to_do_is_no_doubt_where_its_kind_is_optional() -> None:
    """A control that can do without a kind passes where the tool for it had nothing to look at, and only there."""

    def either(coverage: Coverage, secrets: Secrets | None) -> Iterator[Finding]:
        yield from () if secrets is None else (Finding(f"{secrets.KIND} beside {coverage.KIND}"),)

    given = (control_from("either", mini.spec("x", "gates.tested", "gates.secret_free"), either, b"x"),)
    idle = Failure(kind="secrets", tool="scan", reason="no text file is tracked", crashed=False, silent=True)

    for silent, outcome in ((True, Outcome.PASS), (False, Outcome.UNKNOWN)):
        failure = msgspec.structs.replace(idle, silent=silent)
        assert result(mini.verdict(COVERAGE, given=given, failures=(failure,)), "either")[0] is outcome


def test_error_in_one_probe_hides_no_other_result() -> None:
    """A probe that raises is an error of its own; the failing one beside it still fails."""

    def broken(secrets: Secrets) -> Iterator[Finding]:
        yield Finding(f"{secrets.KIND} {1 / 0}")

    controls = (mini.controls()[0], control_from("broken", mini.spec("x", "gates.secret_free"), broken, b"x"))

    verdict = mini.verdict(mini.statement(mini.coverage(10)), mini.GREEN[1], given=controls)

    assert result(verdict, "broken")[0] is Outcome.ERROR
    assert result(verdict, "tested")[0] is Outcome.FAIL
    assert verdict.status is Status.ERROR


def test_no_applicable_control_leaves_a_gate_unknown() -> None:
    """A gate all of whose controls do not apply is undecided, not open."""
    controls = mini.controls(applies_when=("card_data",))

    verdict = mini.verdict(
        *mini.GREEN, given=controls, profile=Profile(card_data=False, lines={"card_data": "x:1: no"})
    )

    assert {item.outcome for item in verdict.results} == {Outcome.NOTAPPLICABLE}
    assert result(verdict, "tested")[2] == ("the profile says `x:1: no`",)
    assert (verdict.status, verdict.exit_code) == (Status.UNKNOWN, 3)


def test_no_control_at_all_is_unknown() -> None:
    """Without a single control nothing is proven."""
    assert mini.verdict(*mini.GREEN, given=()).status is Status.UNKNOWN


def test_profile_that_is_silent_leaves_the_control_unknown() -> None:
    """Whether a control applies must be said; silence is not a no."""
    controls = mini.controls(applies_when=("card_data",))

    assert mini.verdict(*mini.GREEN, given=controls, profile=Profile()).status is Status.UNKNOWN


def test_limit_of_the_standard_is_the_one_that_counts() -> None:
    """Changing the number in the standard changes the verdict; the probe has no number of its own."""
    assert mini.verdict(*mini.GREEN, standard=mini.standard(0.95)).status is Status.PASS
    assert mini.verdict(*mini.GREEN, standard=mini.standard(0.96)).status is Status.FAIL


def test_smallest_change_names_value_and_bound() -> None:
    """A breached limit says from where to where the value must move."""
    verdict = mini.verdict(mini.statement(mini.coverage(87)), mini.GREEN[1])

    found = next(item for item in verdict.results if item.control == "tested")
    assert found.smallest_change == ("raise coverage.line_ratio from 87 % to at least 90 %",)


LOOSE = ControlChange(
    enforcement=Enforcement.WARN, reason="migration", owner="ana", expires=mini.NOW.date() + timedelta(days=1)
)


def test_loosened_control_warns_until_its_day() -> None:
    """A loosening with reason, owner and end turns a failure into a warning, and is void from its last day on."""
    red = (mini.statement(mini.coverage(1)), mini.GREEN[1])

    before = mini.verdict(*red, changes={"tested": LOOSE})
    after = mini.verdict(*red, changes={"tested": LOOSE}, decided_at=mini.NOW + timedelta(days=1))

    assert (before.status, before.exit_code) == (Status.WARN, 0)
    assert after.status is Status.FAIL
    assert [notice.code for notice in after.notices] == ["loosening-expired"]


def test_loosening_of_a_control_is_told_where_that_control_is_judged() -> None:
    """A verdict over some controls says nothing about the settings of others."""
    red = (mini.statement(mini.coverage(1)), mini.GREEN[1])

    own = mini.verdict(*red, changes={"tested": LOOSE}, selection=("tested",))
    other = mini.verdict(*red, changes={"tested": LOOSE}, selection=("secret-free",))
    assert [notice.code for notice in own.notices] == ["loosened"]
    assert other.notices == ()


@pytest.mark.parametrize(
    ("field", "value"), [("reason", " "), ("reason", "."), ("reason", "\u200b"), ("owner", "-"), ("expires", None)]
)
def test_loosening_without_explanation_is_refused(field: str, value: str | None) -> None:
    """A loosening that lacks reason, owner or end is a configuration error; a full stop is no reason."""
    change = msgspec.structs.replace(LOOSE, **{field: value})

    with pytest.raises(ConfigurationError, match="without reason, owner and expires"):
        mini.verdict(*mini.GREEN, changes={"tested": change})


def test_tighter_parameter_needs_no_reason_and_a_looser_one_does() -> None:
    """A parameter may move in its tighter direction freely."""
    tighter = ControlChange(params={"min_line_ratio": 0.99})
    looser = ControlChange(params={"min_line_ratio": 0.5})

    assert mini.verdict(*mini.GREEN, changes={"tested": tighter}).status is Status.FAIL
    with pytest.raises(ConfigurationError, match="min_line_ratio"):
        mini.verdict(*mini.GREEN, changes={"tested": looser})


LISTS = {"more": (["b", "a", "c"], ["a"]), "fewer": (["a"], ["a", "b", "c"]), "lower": ([], ["a"])}


@pytest.mark.parametrize("direction", LISTS)
def test_list_tightens_in_its_own_direction(direction: str) -> None:
    """A list that is to grow may grow, one that is to shrink may shrink; anything else needs a reason."""
    given = (listing(direction),)
    tighter, looser = (ControlChange(params={"names": [*names]}) for names in LISTS[direction])

    if direction != "lower":
        assert mini.verdict(*mini.GREEN, given=given, changes={"listing": tighter}).notices == ()
    with pytest.raises(ConfigurationError, match="names"):
        mini.verdict(*mini.GREEN, given=given, changes={"listing": looser})


@pytest.mark.parametrize("params", [{"strict": False}, {"count": True}, {"count": "2"}, {"free": 1}], ids=str)
def test_change_without_a_known_direction_is_a_loosening(params: dict[str, Any]) -> None:
    """What is no number, and what the control gives no direction for, needs a reason."""
    with pytest.raises(ConfigurationError, match="without reason, owner and expires"):
        mini.verdict(*mini.GREEN, given=(listing("more"),), changes={"listing": ControlChange(params=params)})


UNKNOWN: dict[str, tuple[dict[str, ControlChange], str]] = {
    "a control": ({"nonsense": LOOSE}, "names no control"),
    "a parameter": ({"tested": ControlChange(params={"nonsense": 1})}, "has no parameter 'nonsense'"),
    "a parameter of a control without": ({"secret-free": ControlChange(params={"x": 1})}, "has no parameter 'x'"),
    "a value of another type": ({"tested": ControlChange(params={"min_line_ratio": [0.9]})}, "loosens"),
}


@pytest.mark.parametrize(("changes", "why"), UNKNOWN.values(), ids=UNKNOWN)
def test_change_of_what_is_not_there_is_refused(changes: dict[str, ControlChange], why: str) -> None:
    """A change names a control and a parameter of it; a name that is mistyped is no silent nothing."""
    with pytest.raises(ConfigurationError, match=why):
        mini.verdict(*mini.GREEN, changes=changes)


def test_parameter_of_a_control_without_any_is_never_dropped() -> None:
    """A setting for a control that takes no parameters is refused where it is bound, too."""
    settings = {"secret-free": ControlSetting(params={"x": 1})}

    with pytest.raises(ConfigurationError, match="has no parameters; found x"):
        bind(mini.standard(), mini.controls(), settings)


def test_value_that_a_parameter_cannot_take_is_refused() -> None:
    """A loosening that is explained must still be of the parameter's type; the hint lists the parameters."""
    change = msgspec.structs.replace(LOOSE, enforcement=None, params={"min_line_ratio": "much"})

    with pytest.raises(ConfigurationError, match="cannot be taken") as refused:
        mini.verdict(*mini.GREEN, changes={"tested": change})

    assert refused.value.hint == "its parameters are min_line_ratio"


@pytest.mark.parametrize("enforcement", [Enforcement.DRAFT, Enforcement.SCORE])
def test_control_that_is_only_watched_closes_no_gate(enforcement: Enforcement) -> None:
    """On the first steps of the ladder a failing control keeps its outcome, and its status does not apply."""
    red = (mini.statement(mini.coverage(1)), mini.GREEN[1])

    verdict = mini.verdict(*red, given=mini.controls(enforcement=enforcement))

    assert result(verdict, "tested")[:2] == (Outcome.FAIL, Status.NOTAPPLICABLE)


def test_control_warns_before_its_effective_day() -> None:
    """A control that begins later warns until then and blocks from that day on."""
    red = (mini.statement(mini.coverage(1)), mini.GREEN[1])
    controls = mini.controls(effective_on=date(2026, 3, 3))

    assert mini.verdict(*red, given=controls).status is Status.WARN
    assert mini.verdict(*red, given=controls, decided_at=mini.NOW + timedelta(days=1)).status is Status.FAIL


def test_selection_judges_only_what_it_names() -> None:
    """A gate or control by name is judged alone; an unknown name is a usage error that lists the gates."""
    red = (mini.statement(mini.coverage(1)), mini.GREEN[1])

    assert mini.verdict(*red, selection=("secret_free",)).status is Status.PASS
    assert mini.verdict(*red, selection=("tested",)).status is Status.FAIL
    assert mini.verdict(*red, selection=("secret-free",)).status is Status.PASS
    with pytest.raises(UsageError, match="nonsense"):
        mini.verdict(*red, selection=("nonsense",))


def test_equal_standard_gives_the_same_digest() -> None:
    """A context that was read anew, its standard included, has the digest of the one it is equal to."""
    asked, again = mini.context(), mini.context()
    prepared = prepare(asked, mini.controls())

    assert decide(again, prepared, mini.GREEN).inputs == decide(asked, prepared, mini.GREEN).inputs


def test_the_context_is_named_by_its_stored_form() -> None:
    """The context's digest in a verdict is that of its canonical JSON, which is what is stored."""
    asked = mini.context()

    verdict = decide(asked, prepare(asked, mini.controls()), mini.GREEN)

    assert verdict.inputs.context == sha256(canonical_json(asked))
