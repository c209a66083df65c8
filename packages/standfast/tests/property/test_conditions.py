"""Expressions that are taken apart mean what CEL says they mean, as long as nothing in them is an error."""

from hypothesis import given
from hypothesis import strategies as st

from standfast.gates.conditions import compiled, condition, evaluated

VALUES = {"a": {"x": 5, "y": 0}}
ATOMS = st.sampled_from(["a.x > 4", "a.y == 1", "true", "a.x in [1, 5]", "'(||' == '(||'", "size('?:') == 1", "!false"])


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map("({})".format),
        inner.map("!({})".format),
        st.tuples(inner, st.sampled_from(["&&", "||", " && ", " || "]), inner).map("".join),
        st.tuples(inner, inner, inner)
        .map(lambda three: f"({three[0]}) ? ({three[1]}) : {three[2]}")
        .map("({})".format),
    )


@given(st.recursive(ATOMS, _wider, max_leaves=8))
def test_taken_apart_it_means_the_same(expression: str) -> None:
    """Where every condition can be evaluated, the answer is the one that CEL gives to the whole."""
    assert evaluated(condition(expression), VALUES) is compiled(expression).execute(VALUES)
