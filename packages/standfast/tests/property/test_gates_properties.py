"""What holds for every verdict."""

from datetime import timedelta
from random import Random

import mini
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.gates.decide import Context, decide, prepare
from standfast.model import Statement, Verdict, Waiver, canonical_json
from standfast.model.waiver import WaiverScope

STATEMENTS = st.one_of(
    st.builds(
        lambda covered, problems: mini.statement(mini.coverage(covered), problems=problems),
        st.integers(0, 100),
        st.sampled_from([(), ("killed",)]),
    ),
    st.builds(
        lambda paths, skipped: mini.statement(mini.secrets(*paths, skipped=skipped)),
        st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3),
        st.integers(0, 2),
    ),
)
WAIVERS = st.builds(
    lambda index, control, finding, days: mini.waiver(
        id=str(index), scope=WaiverScope(control=control, finding=finding), expires=mini.NOW + timedelta(days=days)
    ),
    st.integers(0, 9),
    st.sampled_from(["tested", "secret-free"]),
    st.sampled_from([None, "a", "b"]),
    st.integers(-2, 60),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, max_size=4), st.lists(WAIVERS, max_size=3), st.data())
def test_taking_evidence_or_waivers_away_never_opens_a_gate(
    statements: list[Statement], waivers: list[Waiver], data: st.DataObject
) -> None:
    """What did not open with all evidence and waivers does not open with fewer of them.

    Evidence that fails a control is the one exception that is none: without it the control is unknown or rests on
    the evidence that remains, so only the *last* statement of a kind may not turn a failure into a pass.
    """
    before = mini.verdict(*statements, waivers=tuple(waivers))
    fewer_waivers = tuple(w for w in waivers if data.draw(st.booleans()))
    kinds_left_out = data.draw(st.sets(st.sampled_from(["coverage", "secrets"])))
    fewer = [s for s in statements if s.kind not in kinds_left_out]

    assert before.status.opens or not mini.verdict(*statements, waivers=fewer_waivers).status.opens
    if kinds_left_out:
        assert not mini.verdict(*fewer).status.opens


@settings(max_examples=100, deadline=None)
@given(st.lists(STATEMENTS, max_size=4), st.lists(WAIVERS, max_size=3), st.randoms())
def test_verdict_replays_byte_for_byte_in_any_order(
    statements: list[Statement], waivers: list[Waiver], random: Random
) -> None:
    """The stored context and the same statements, in any order, give the same bytes; they survive a round trip."""
    context = mini.context(waivers=tuple(waivers))
    first = canonical_json(decide(context, prepare(context, mini.controls()), statements))
    random.shuffle(statements)
    stored = msgspec.json.decode(canonical_json(context), type=Context)

    again = canonical_json(decide(stored, prepare(stored, mini.controls()), statements))

    assert again == first
    assert canonical_json(msgspec.json.decode(first, type=Verdict)) == first
