"""Values of any schema: a Hypothesis strategy from the types and limits that a msgspec struct declares."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

TIMES = st.datetimes(timezones=st.just(UTC))


def values(schema: type) -> st.SearchStrategy[Any]:
    """Return a strategy for values of *schema*."""
    return _strategy(inspect.type_info(schema))


def _strategy(info: inspect.Type) -> st.SearchStrategy[Any]:
    return _BUILDERS[type(info)](info)


def _text(info: Any) -> st.SearchStrategy[str]:
    return st.from_regex(info.pattern, fullmatch=True) if info.pattern else st.text()


def _integer(info: Any) -> st.SearchStrategy[int]:
    least = info.ge if info.ge is not None else -(2**53) + 1
    return st.integers(least, (info.lt if info.lt is not None else 2**53) - 1)


def _tuple(info: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(_strategy(info.item_type), min_size=info.min_length or 0, max_size=info.max_length or 4).map(tuple)


def _mapping(info: Any) -> st.SearchStrategy[dict[Any, Any]]:
    return st.dictionaries(_strategy(info.key_type), _strategy(info.value_type), max_size=4)


def _struct(info: Any) -> st.SearchStrategy[Any]:
    return st.builds(info.cls, **{field.name: _strategy(field.type) for field in info.fields})


_BUILDERS: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.StrType: _text,
    inspect.IntType: _integer,
    inspect.BoolType: lambda _: st.booleans(),
    inspect.NoneType: lambda _: st.none(),
    inspect.DateTimeType: lambda _: TIMES,
    inspect.EnumType: lambda info: st.sampled_from(info.cls),
    inspect.LiteralType: lambda info: st.sampled_from(info.values),
    inspect.UnionType: lambda info: st.one_of(*(_strategy(one) for one in info.types)),
    inspect.VarTupleType: _tuple,
    inspect.DictType: _mapping,
    inspect.StructType: _struct,
    inspect.Metadata: lambda info: _strategy(info.type),
}
