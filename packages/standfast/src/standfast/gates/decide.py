"""The verdict of every gate, from values alone: the same values always give the same bytes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from standfast import __version__
from standfast.evidence.wording.people import Person
from standfast.gates.bind import Bound, Control, bind
from standfast.gates.explain import Leniency, explain
from standfast.gates.judge import Admitted, Failure, admit, judge
from standfast.gates.ladder import settle
from standfast.gates.own import OwnControl, own_controls
from standfast.gates.select import chosen_controls, chosen_gates
from standfast.gates.waive import Offer, notices, offered
from standfast.model import (
    ControlChange,
    ControlResult,
    Digest,
    GateVerdict,
    GrantedWaiver,
    Inputs,
    Notice,
    Profile,
    Standard,
    Statement,
    Status,
    Subject,
    Verdict,
    Waiver,
    WaiverPolicy,
    canonical_json,
    sha256,
    worst,
)
from standfast.model.verdict import SCHEMA

_SHUT = frozenset(status for status in Status if not status.opens and status is not Status.NOTAPPLICABLE)


AUTHORSHIP = "changes"
"""The evidence kind that says who wrote the change; a waiver may not be approved by one of them."""


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that a verdict depends on beside the evidence and the probes; stored, so that it can be replayed.

    ``waivers`` were written down, ``granted`` are those of the ledger, as it was when they were asked for.
    """

    standard: Standard
    subject: Subject
    profile: Profile
    changes: dict[str, ControlChange]
    own: tuple[OwnControl, ...]
    waivers: tuple[Waiver, ...]
    policy: WaiverPolicy
    failures: tuple[Failure, ...]
    authors: tuple[Person, ...] | None
    selection: tuple[str, ...]
    notices: tuple[Notice, ...]
    decided_at: datetime
    granted: tuple[GrantedWaiver, ...] = ()


class Prepared(msgspec.Struct, frozen=True):
    """A context with its controls bound: what `decide` and the collection of evidence start from.

    ``notices`` are about the control of that id.
    """

    bound: Bound
    notices: Mapping[str, tuple[Notice, ...]]
    controls: Digest

    def needs(self, selection: tuple[str, ...]) -> frozenset[str]:
        """Return the evidence kinds that the controls of *selection* take; who made the change is always asked.

        A control over all statements asks for every kind that some control takes.
        """
        chosen = chosen_controls(self.bound, selection)
        over_all = any("statements" in item.control.context for item in chosen)
        asking = self.bound.controls if over_all else chosen
        return frozenset(kind for item in asking for kind in item.kinds) | {AUTHORSHIP}


def prepare(context: Context, controls: Iterable[Control]) -> Prepared:
    """Return *context* with *controls*, the project's own included, bound to its standard.

    Raises:
        ConfigurationError: A control, a change to one, or a control of the project's own is not as it must be.
    """
    every = {control.id: control for control in controls}
    every.update(own_controls(context.own, every, context.standard))
    settled = settle(context.changes, every, now=context.decided_at)
    bound = bind(context.standard, every.values(), settled.settings)
    names = {item.id: item.control.digest for item in bound.controls}
    return Prepared(bound, settled.notices, sha256(canonical_json(names)))


def decide(context: Context, prepared: Prepared, statements: Iterable[Statement]) -> Verdict:
    """Return the verdict on the context's subject at the context's moment.

    Nothing but the arguments is consulted. A gate without any control that applies is ``unknown``.

    Raises:
        UsageError: The selection names no gate, phase or control.
    """
    found = tuple(statements)
    bound = chosen_controls(prepared.bound, context.selection)
    admitted = admit(
        found,
        subject=context.subject,
        profile=context.profile,
        now=context.decided_at,
        failures=context.failures,
    )
    offers = offered(context.waivers, context.granted)
    leniency = Leniency(
        offers=offers,
        policy=context.policy,
        authors=context.authors,
        now=context.decided_at,
    )
    results = tuple([explain(item, judge(item, admitted), admitted, leniency) for item in bound])
    members = _members(results)
    gates = tuple(
        _gate(gate, text, members.get(gate, ())) for gate, text in chosen_gates(prepared.bound, context.selection)
    )
    status = worst([gate.status for gate in gates] or [result.status for result in results])
    uses = tuple(use for result in results for use in result.waivers)
    judged = {result.control for result in results}
    return Verdict(
        schema=SCHEMA,
        engine=__version__,
        standard=context.standard.name,
        standard_version=context.standard.version,
        subject=context.subject,
        decided_at=context.decided_at,
        selection=context.selection,
        status=status,
        exit_code=status.exit_code,
        gates=gates,
        results=results,
        unbound=prepared.bound.unbound,
        unresolved=context.standard.unresolved,
        overrides=context.standard.overrides,
        notices=(
            *context.notices,
            *(notice for control, found in prepared.notices.items() if control in judged for notice in found),
            *notices(_about(offers, results, context), uses, policy=context.policy, now=context.decided_at),
        ),
        inputs=_inputs(context, prepared, admitted, found),
    )


def _about(offers: tuple[Offer, ...], results: tuple[ControlResult, ...], context: Context) -> tuple[Offer, ...]:
    """Return the waivers that a verdict over *results* can speak of: over a part, those of its controls."""
    if not offers or not context.selection:
        return offers
    judged = {result.control for result in results}
    return tuple(offer for offer in offers if offer.waiver.scope.control in judged)


def _members(results: Iterable[ControlResult]) -> dict[str, list[ControlResult]]:
    members: dict[str, list[ControlResult]] = {}
    for result in results:
        for gate in result.gates:
            members.setdefault(gate, []).append(result)
    return members


def _gate(gate: str, text: str, members: Sequence[ControlResult]) -> GateVerdict:
    counts = Counter([result.status for result in members])
    return GateVerdict(
        gate=gate,
        text=text,
        status=worst(counts),
        counts={status.value: count for status, count in sorted(counts.items())},
        failing=() if _SHUT.isdisjoint(counts) else tuple(one.control for one in members if one.status in _SHUT),
    )


def _inputs(context: Context, prepared: Prepared, admitted: Admitted, found: Iterable[Statement]) -> Inputs:
    return Inputs(
        standard=context.standard.digest,
        context=_digest(context, prepared),
        controls=prepared.controls,
        evidence=tuple(sorted({statement.digest for statement in found})),
    )


def _digest(context: Context, prepared: Prepared) -> Digest:
    """Return the digest of the canonical JSON of *context*; its standard is much of it, and the same for many."""
    if context.standard is not prepared.bound.standard:
        return sha256(canonical_json(context))
    values = {name: getattr(context, name) for name in context.__struct_fields__}
    if not context.granted:  # left out where it is empty, as the encoder leaves it out
        del values["granted"]
    return sha256(canonical_json({**values, "standard": msgspec.Raw(prepared.bound.standard_json)}))
