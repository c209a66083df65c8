"""Controls that a project declares in its settings: typed thresholds, or a CEL expression over scalar facts."""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from standfast.evidence.codec import kind_type
from standfast.gates.bind import Control, Need, Probe, gates_of
from standfast.gates.conditions import Condition, ConditionError, compiled, condition, evaluated, without_strings
from standfast.model import (
    ConfigurationError,
    ControlSpec,
    Doubt,
    Evidence,
    EvidenceError,
    Fact,
    Finding,
    Measurement,
    Standard,
    canonical_json,
    convert,
    sha256,
)
from standfast.model.control import Threshold
from standfast.model.units import same_dimension

MAX_EXPRESSION = 2000
_MACROS = re.compile(r"\.\s*(all|exists|exists_one|map|filter)\s*\(")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_FUNCTIONS = frozenset(
    {"bool", "contains", "double", "dyn", "endsWith", "int", "matches", "size", "startsWith", "string", "type", "uint"}
)
"""What an expression may call: CEL finds an unknown function when it is called, and `or true` hides what it finds."""


class OwnControl(msgspec.Struct, frozen=True, kw_only=True):
    """A control of the project's own: its id and its specification."""

    id: str
    spec: ControlSpec


def own_controls(declared: Iterable[OwnControl], taken: Iterable[str], standard: Standard) -> dict[str, Control]:
    """Return the controls that *declared* are, by id; none of them may stand in for one of *taken*.

    Raises:
        ConfigurationError: An id is not one, is taken, is that of a gate or phase, or serves no clause of *standard*;
            or see `own_control`.
    """
    names = {*taken, *(gate.replace("_", "-") for gate in gates_of(standard))}
    found: dict[str, Control] = {}
    for own in declared:
        if not _ID.match(own.id):
            raise _refused(own, "is no id", "write it in small letters, digits and single hyphens")
        if own.id in names or own.id in found:
            raise _refused(own, "is taken by a control, a gate or a phase", "a control is added, never replaced")
        if not any(standard.clause(clause) for clause in own.spec.clauses):
            hint = "`standfast clauses` lists them; a control that serves none would never be asked"
            raise _refused(own, f"serves no clause of {standard.name}", hint)
        found[own.id] = own_control(own, standard)
    return found


def _refused(own: OwnControl, why: str, hint: str) -> ConfigurationError:
    return ConfigurationError("own-control", f"[[control]] {own.id!r:.80} {why}", hint=hint)


def own_control(own: OwnControl, standard: Standard) -> Control:
    """Return the control that *own* declares.

    Raises:
        ConfigurationError: It declares neither or both forms, an unknown evidence kind, no bound, a unit that does
            not fit, or an expression that does not compile, uses a comprehension, or reads undeclared facts.
    """
    spec = own.spec
    if bool(spec.thresholds) == bool(spec.expression):
        raise ConfigurationError(
            "own-control", f"control {own.id} needs either thresholds or an expression, and not both"
        )
    facts = tuple(threshold.fact for threshold in spec.thresholds) or spec.requires
    kinds = _kinds(own.id, facts)
    probe = _threshold_probe(own, standard) if spec.thresholds else _expression_probe(own, frozenset(kinds))
    return Control(
        id=own.id,
        spec=spec,
        digest=sha256(canonical_json(own)),
        probe=probe,
        needs=tuple(Need(name, kind) for name, kind in kinds.items()),
    )


def _kinds(control_id: str, facts: tuple[str, ...]) -> dict[str, type[Evidence]]:
    if not facts:
        raise ConfigurationError("own-control", f"control {control_id} declares no facts in `requires`")
    kinds = {}
    for fact in facts:
        kind, _, field = fact.partition(".")
        try:
            kinds[kind] = kind_type(kind)
        except EvidenceError as error:
            raise ConfigurationError("own-control", f"control {control_id}: {fact}: {error.message}") from error
        if field not in kinds[kind].UNITS:
            raise ConfigurationError(
                "own-control",
                f"control {control_id}: {kind} publishes no fact {field!r}",
                hint=f"it publishes {', '.join(kinds[kind].UNITS)}",
            )
    return kinds


def _scalar(fact: Fact) -> float:
    if isinstance(fact.value, str):
        raise TypeError(f"{fact.name} is text, expected a number")
    return float(fact.value)


def _threshold_probe(own: OwnControl, standard: Standard) -> Probe:
    settled = tuple(_settled(own.id, threshold, standard) for threshold in own.spec.thresholds)

    def probe(**bodies: Evidence) -> Iterator[Finding | Measurement | Doubt]:
        for wanted in settled:
            found = bodies[wanted.fact.partition(".")[0]].facts().get(wanted.fact)
            if found is None:
                yield Doubt(f"the evidence does not state {wanted.fact}")
            elif not same_dimension(found.unit, wanted.unit):
                yield Doubt(f"{wanted.fact} is in {found.unit}, the bound in {wanted.unit}")
            else:
                yield msgspec.structs.replace(wanted, value=convert(_scalar(found), found.unit, wanted.unit))

    return probe


def _settled(control_id: str, threshold: Threshold, standard: Standard) -> Measurement:
    if threshold.limit is not None:
        clause = standard.clause(threshold.limit.clause)
        limit = clause.limit(threshold.limit.fact) if clause else None
        if limit is None:
            raise ConfigurationError(
                "own-control",
                f"control {control_id}: the standard has no limit {threshold.limit.clause}#{threshold.limit.fact}",
            )
        unit = threshold.limit.unit
        return Measurement(threshold.fact, 0.0, limit.op, limit.bound_in(unit), unit, threshold.limit.clause)
    if threshold.op is None or threshold.bound is None or threshold.unit is None:
        raise ConfigurationError(
            "own-control", f"control {control_id}: the threshold on {threshold.fact} needs op, bound and unit, or limit"
        )
    return Measurement(threshold.fact, 0.0, threshold.op, threshold.bound, threshold.unit)


def _expression_probe(own: OwnControl, kinds: frozenset[str]) -> Probe:
    expression = _taken_apart(own, kinds)
    required = own.spec.requires

    def probe(**bodies: Evidence) -> Iterator[Finding | Measurement | Doubt]:
        facts = {name: fact for body in bodies.values() for name, fact in body.facts().items()}
        missing = [name for name in required if name not in facts]
        if missing:
            yield Doubt(f"the evidence does not state {', '.join(missing)}")
            return
        try:
            held = evaluated(expression, _nested({name: facts[name].value for name in required}))
        except ConditionError as error:
            yield Doubt(error.message)
            return
        if held is False:
            values = ", ".join(f"{name} = {facts[name].value}" for name in required)
            yield Finding(f"`{own.spec.expression}` does not hold: {values}", rule=own.id)
        elif held is not True:
            yield Doubt(f"the expression gives {held!r}, expected true or false")

    return probe


def _nested(values: Mapping[str, object]) -> dict[str, dict[str, object]]:
    nested: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        kind, _, field = name.partition(".")
        nested.setdefault(kind, {})[field] = value
    return nested


def _unread(expression: str, kinds: frozenset[str], requires: tuple[str, ...]) -> Iterator[str]:
    """Yield each mention of a kind that is not a declared fact: `absent || true` would hide that it is absent."""
    for match in re.finditer(r"(?<![\w.])([A-Za-z_]\w*)(?:\s*\.\s*(\w+))?", without_strings(expression)):
        kind, field = match.groups()
        if kind in kinds and f"{kind}.{field}" not in requires:
            yield f"{kind}.{field}" if field else kind


def _taken_apart(own: OwnControl, kinds: frozenset[str]) -> Condition:
    expression = own.spec.expression
    if len(expression) > MAX_EXPRESSION:
        raise ConfigurationError("own-control", f"control {own.id}: the expression is over {MAX_EXPRESSION} characters")
    if _MACROS.search(without_strings(expression)):
        raise ConfigurationError(
            "own-control",
            f"control {own.id}: comprehensions (all, exists, map, filter) are not allowed: their cost has no bound",
            hint="state a scalar fact instead",
        )
    program = compiled(expression)
    unknown = sorted(name for name in program.functions() if name[0].isalpha() and name not in _FUNCTIONS)
    if unknown:
        raise ConfigurationError(
            "own-control",
            f"control {own.id} calls {', '.join(unknown)}, which is no function here",
            hint=f"there are {', '.join(sorted(_FUNCTIONS))}",
        )
    undeclared = sorted({*(set(program.variables()) - kinds), *_unread(expression, kinds, own.spec.requires)})
    if undeclared:
        raise ConfigurationError(
            "own-control", f"control {own.id} reads {', '.join(undeclared)}, which `requires` does not declare"
        )
    return condition(expression)
