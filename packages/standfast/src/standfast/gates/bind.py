"""Bind controls to the clauses and limits of a standard."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from standfast.model import (
    Clause,
    ClauseKind,
    ClauseQuote,
    ConfigurationError,
    ControlResult,
    ControlSpec,
    Digest,
    Doubt,
    Enforcement,
    Evidence,
    Finding,
    Measurement,
    Outcome,
    Standard,
    Status,
    Unit,
    canonical_json,
    convert,
)
from standfast.model.control import LimitSource

Probe = Callable[..., Iterator[Finding | Measurement | Doubt]]


class Need(msgspec.Struct, frozen=True):
    """One kind of evidence that a probe takes, under the name of its parameter.

    ``many`` hands over all statements at once (`tuple[Kind, ...]`); ``optional`` hands over None where there is none.
    """

    name: str
    kind: type[Evidence]
    many: bool = False
    optional: bool = False


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """A control as it was found: its specification, its probe, and what the probe takes.

    ``context`` are the reserved parameter names that the probe asks for, out of
    ``now``, ``profile``, ``subject`` and ``statements``.
    """

    id: str
    spec: ControlSpec
    digest: Digest
    probe: Probe
    needs: tuple[Need, ...]
    params_type: type[msgspec.Struct] | None = None
    context: frozenset[str] = frozenset()


class ControlSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What the project's settings change about one control, after loosening was checked."""

    enforcement: Enforcement | None = None
    params: Mapping[str, Any] = {}


class BoundControl(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A control with the clauses that it serves here and the parameters that they give it.

    What follows from that alone is computed once, since one bound control judges many subjects.
    """

    control: Control
    clauses: tuple[Clause, ...]
    gates: tuple[str, ...]
    enforcement: Enforcement
    params: msgspec.Struct | None

    @cached_property
    def id(self) -> str:
        """The control's id."""
        return self.control.id

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The evidence kinds that the probe takes, each once."""
        return tuple(dict.fromkeys(need.kind.KIND for need in self.control.needs))

    @cached_property
    def required(self) -> frozenset[str]:
        """The evidence kinds without which the probe is not asked."""
        return frozenset(need.kind.KIND for need in self.control.needs if not need.optional)

    @cached_property
    def sole_need(self) -> str | None:
        """The parameter's name where the probe takes one statement of one kind and nothing else of evidence."""
        needs = self.control.needs
        return needs[0].name if len(needs) == 1 and not needs[0].many and not needs[0].optional else None

    @cached_property
    def evidence_only(self) -> bool:
        """Whether the probe takes nothing beside evidence."""
        return self.params is None and not self.control.context

    @cached_property
    def quotes(self) -> tuple[ClauseQuote, ...]:
        """The clauses as they are quoted in a verdict."""
        return tuple(
            ClauseQuote(clause.id, clause.text, clause.source, clause.line, clause.limits) for clause in self.clauses
        )

    @cached_property
    def record(self) -> ControlResult:
        """What a verdict says about the control before anything is found."""
        spec = self.control.spec
        return ControlResult(
            control=self.id,
            title=spec.title,
            outcome=Outcome.UNKNOWN,
            status=Status.UNKNOWN,
            enforcement=self.enforcement,
            clauses=self.quotes,
            gates=self.gates,
            needs=self.kinds,
            why=spec.why,
            remediation=spec.remediation,
            effort=spec.effort,
            evidence_from=spec.evidence_from,
            mappings=spec.mappings,
        )


class Bound(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A standard with its controls; ``unbound`` are the ids of clauses that no control serves."""

    standard: Standard
    controls: tuple[BoundControl, ...]
    unbound: tuple[str, ...]

    @cached_property
    def gates(self) -> Mapping[str, str]:
        """Every phase and gate of the standard with its text."""
        return gates_of(self.standard)

    @cached_property
    def standard_json(self) -> bytes:
        """The canonical JSON of the standard."""
        return canonical_json(self.standard)


def gates_of(standard: Standard) -> dict[str, str]:
    """Return every phase and gate of *standard* with its text: phases first, in the standard's order.

    A clause of kind gate is a gate by its own name. A phase is what owns ``<phase>.requirements.<n>``.
    """
    phases: dict[str, list[str]] = {}
    gates: dict[str, str] = {}
    for clause in standard.clauses:
        name = _gate_of(clause)
        if clause.kind is ClauseKind.GATE and name is not None:
            gates.setdefault(name, clause.text)
        elif name is not None and clause.id.startswith(f"{name}.requirements."):
            phases.setdefault(name, []).append(clause.text)
    return {**{phase: " ".join(texts) for phase, texts in phases.items()}, **gates}


def _gate_of(clause: Clause) -> str | None:
    if clause.kind is ClauseKind.GATE:
        return clause.id.rpartition(".")[2]
    if clause.kind in (ClauseKind.REQUIREMENT, ClauseKind.ACTION, ClauseKind.VALIDATION):
        return clause.id.partition(".")[0]
    return None


def bind(
    standard: Standard, controls: Iterable[Control], settings: Mapping[str, ControlSetting] | None = None
) -> Bound:
    """Return *standard* with every control that serves one of its clauses.

    Raises:
        ConfigurationError: A parameter is to come from a limit that the standard does not have, or is not one.
    """
    by_id = {clause.id: clause for clause in standard.clauses}
    gates = frozenset(gates_of(standard))
    chosen = settings or {}
    bound = tuple(
        _bind_one(control, by_id, gates, chosen.get(control.id, ControlSetting()))
        for control in sorted(controls, key=lambda control: control.id)
        if any(clause in by_id for clause in control.spec.clauses)
    )
    served = {clause.id for item in bound for clause in item.clauses}
    return Bound(
        standard=standard,
        controls=bound,
        unbound=tuple(clause.id for clause in standard.clauses if clause.id not in served),
    )


def _bind_one(
    control: Control, by_id: Mapping[str, Clause], known: frozenset[str], setting: ControlSetting
) -> BoundControl:
    clauses = tuple(by_id[clause] for clause in control.spec.clauses if clause in by_id)
    gates = tuple(dict.fromkeys(gate for clause in clauses if (gate := _gate_of(clause)) in known and gate))
    return BoundControl(
        control=control,
        clauses=clauses,
        gates=gates,
        enforcement=setting.enforcement or control.spec.enforcement,
        params=_params(control, by_id, setting.params),
    )


def _params(control: Control, by_id: Mapping[str, Clause], changed: Mapping[str, Any]) -> msgspec.Struct | None:
    if control.params_type is None:
        if changed:
            raise _unknown_params(control, changed)
        return None
    values: dict[str, Any] = {}
    for name, spec in control.spec.params.items():
        if spec.limit is not None and spec.limit.clause in by_id:
            values[name] = _from_limit(control, spec.limit, by_id[spec.limit.clause])
    try:
        return msgspec.convert({**values, **changed}, control.params_type, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            "control-params",
            f"the parameters of control {control.id} cannot be taken: {error}",
            hint=f"its parameters are {', '.join(control.params_type.__struct_fields__)}",
        ) from error


def _from_limit(control: Control, source: LimitSource, clause: Clause) -> float:
    limit = clause.limit(source.fact)
    if limit is None:
        raise ConfigurationError(
            "control-limit",
            f"control {control.id} takes its limit from {clause.id}#{source.fact}; that clause has "
            f"{', '.join(limit.fact for limit in clause.limits) or 'no limit'}",
            hint=f"give line {clause.line} of {clause.source} a number for {source.fact}",
        )
    if source.part == "bound":
        return limit.bound_in(source.unit)
    if limit.window_s is None:
        raise ConfigurationError(
            "control-limit",
            f"control {control.id} takes a window of time from {clause.id}#{source.fact}, which has none",
            hint=f"say for how long in line {clause.line} of {clause.source}",
        )
    return convert(limit.window_s, Unit.S, source.unit)


def _unknown_params(control: Control, changed: Mapping[str, Any]) -> ConfigurationError:
    return ConfigurationError(
        "control-params", f"control {control.id} has no parameters; found {', '.join(sorted(changed))}"
    )
