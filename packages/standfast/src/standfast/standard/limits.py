"""Read the limits that a sentence states.

A clause of `standfast.standard.vocabulary` is read with its own terms. Any other clause is read by the general
form, one limit in one phrase (phrases are separated by commas, semicolons, full stops, "and", "then")::

    <subject> under|at most|over|at least|exactly <number><unit> [for <duration>]
    at least|at most <number> <things>
    Zero <things>
    <subject> kept for <duration>

The general form names the fact after the words of the subject. A number that no form takes is a complaint.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from standfast.model import Limit, LimitRole, Op, Unit
from standfast.model.units import same_dimension
from standfast.standard.bounds import absurdity, expects, upward
from standfast.standard.lexicon import KEEPING, STOP_WORDS
from standfast.standard.phrases import Claim, Phrase, claim_of, phrases_of
from standfast.standard.text import Complaint, quoted
from standfast.standard.vocabulary import Term
from standfast.standard.words import may_hold_number

_BARE = {Unit.COUNT, Unit.SCORE, Unit.BITS, Unit.VERSION}
_FACT_LENGTH = 60
_REPHRASE = (
    'one limit in one phrase, such as "checkout p95 under 150ms" or "Zero open incidents"; '
    "or write the clause in TOML with explicit limits"
)


class Reading(msgspec.Struct, frozen=True):
    """The limits of one sentence, and what in it could not be read."""

    limits: tuple[Limit, ...] = ()
    complaints: tuple[Complaint, ...] = ()


def read_limits(sentence: str, terms: Sequence[Term], line: int) -> Reading:
    """Return what *sentence*, which stands on *line*, limits; with no *terms*, by the general form."""
    if not (terms or may_hold_number(sentence)):
        return Reading()
    phrases, complaints = phrases_of(sentence)
    found: list[Limit | Complaint] = []
    for phrase in phrases:
        if phrase.numbers:
            found.append(_limit(sentence, phrase, terms, line))
        elif terms:
            found.extend(_without_number(phrase, terms, line))
    limits = list(_numbered_steps(part for part in found if isinstance(part, Limit)))
    complaints += [part for part in found if isinstance(part, Complaint)]
    complaints += _repeated(sentence, limits)
    if not complaints:
        complaints += unlimited(sentence, limits, terms)
    return Reading(tuple(limits), tuple(complaints))


def _limit(sentence: str, phrase: Phrase, terms: Sequence[Term], line: int) -> Limit | Complaint:
    claim = claim_of(phrase)
    if isinstance(claim, Complaint):
        return claim
    limit = _by_terms(claim, terms) if terms else _by_form(sentence, claim)
    if isinstance(limit, Complaint):
        return limit
    absurd = absurdity(limit)
    if absurd is not None:
        return Complaint(f"{quoted(phrase.text)}, which {absurd}", "a limit that can be met and can be missed")
    return msgspec.structs.replace(limit, text=phrase.text, line=line)


def _by_terms(claim: Claim, terms: Sequence[Term]) -> Limit | Complaint:
    fitting = [term for term in terms if not term.words or any(map(claim.phrase.says, term.words))]
    if len(fitting) != 1:
        names = ", ".join(term.fact for term in fitting) or f"none of {', '.join(map(_spoken, terms))}"
        return Complaint(f"{quoted(claim.phrase.text)}, which speaks of {names}", "one of them in one phrase")
    return _of_term(claim, fitting[0])


def _of_term(claim: Claim, term: Term) -> Limit | Complaint:
    number, phrase = claim.number, quoted(claim.phrase.text)
    if claim.held and term.role is not LimitRole.RETAIN:
        return Complaint(f"{phrase}, where the number is a duration", f"{expects(term.unit)} as well")
    if term.window != (claim.window_s is not None):
        return Complaint(phrase, '"for" and a duration' if term.window else 'a limit without "for" and a duration')
    unit = _unit(claim, term)
    if unit is None:
        written = f"{number.text} {claim.follower}" if claim.follower else number.text
        return Complaint(f"{quoted(written)} in {phrase}", expects(term.unit))
    op = _op(claim, term)
    if op is None:
        return Complaint(phrase, f'"{term.op.words}" or its like, in that direction')
    return Limit(
        fact=term.fact,
        op=op,
        bound=number.value,
        unit=unit,
        role=term.role,
        window_s=claim.window_s,
        aggregate=claim.aggregate,
    )


def _unit(claim: Claim, term: Term) -> Unit | None:
    number = claim.number
    if number.unit is not None:
        return number.unit if same_dimension(number.unit, term.unit) else None
    if term.unit not in _BARE:
        return None
    if term.unit is Unit.VERSION and not (len(number.text) == 3 and number.text[1] == "."):
        return None
    stray = claim.follower if term.unit in (Unit.SCORE, Unit.BITS) and not claim.aggregate else ""
    return None if stray and stray not in {"at", "in", "for", "per", "on"} else term.unit


def _op(claim: Claim, term: Term) -> Op | None:
    """Return the comparator, or the term's own; None where it points the other way."""
    if claim.op is None:
        needs_zero = term.op is Op.EQ and term.unit is Unit.COUNT
        return None if needs_zero and claim.number.value else term.op
    if term.op is Op.EQ:
        allowed = claim.op is Op.EQ if term.steps else not upward(claim.op)
    else:
        allowed = claim.op is not Op.EQ and upward(claim.op) == upward(term.op)
    return claim.op if allowed else None


def _without_number(phrase: Phrase, terms: Sequence[Term], line: int) -> Iterator[Limit | Complaint]:
    for term in terms:
        if not any(map(phrase.says, term.words)):
            continue
        if term.op is Op.EQ and term.unit is Unit.COUNT and phrase.words[0] == "no":
            yield Limit(fact=term.fact, op=Op.EQ, bound=0.0, unit=Unit.COUNT, text=phrase.text, line=line)
        else:
            number = '"Zero" before it' if term.unit is Unit.COUNT else expects(term.unit)
            yield Complaint(f"{quoted(phrase.text)} without a number", number)


def _numbered_steps(limits: Iterable[Limit]) -> Iterator[Limit]:
    step = 0
    for limit in limits:
        if limit.role is LimitRole.STEP:
            step += 1
            yield msgspec.structs.replace(limit, fact=f"{limit.fact}_{step}.share")
        else:
            yield limit


def _repeated(sentence: str, limits: Sequence[Limit]) -> Iterator[Complaint]:
    facts = [limit.fact for limit in limits]
    for fact in dict.fromkeys(facts):
        if facts.count(fact) > 1:
            yield Complaint(f"{facts.count(fact)} limits on {fact} in {quoted(sentence)}", "one")


def unlimited(sentence: str, limits: Sequence[Limit], terms: Sequence[Term]) -> Iterator[Complaint]:
    """Yield the facts that a clause with *terms* must limit and *limits* do not."""
    facts = {limit.fact.partition("_")[0] if limit.role is LimitRole.STEP else limit.fact for limit in limits}
    for term in terms:
        fact = term.fact.partition("_")[0] if term.steps else term.fact
        if term.required and fact not in facts:
            yield Complaint(
                f"no limit on {term.fact} in {quoted(sentence)}", f"{_spoken(term)} with {expects(term.unit)}"
            )


def _spoken(term: Term) -> str:
    if not term.words:
        return term.fact
    return " or ".join(quoted(" ".join(sorted(words))) for words in term.words)


def _by_form(sentence: str, claim: Claim) -> Limit | Complaint:
    if claim.held:
        return _kept(claim)
    number = claim.number
    subject, rest = _fact(claim.subject), _fact(claim.rest)
    if number.unit is None and not subject:
        return _formed(claim, rest, claim.op or (Op.EQ if number.value == 0 else None), Unit.COUNT)
    if number.unit is None and claim.follower and not claim.aggregate:
        return Complaint(
            f"{quoted(number.text + ' ' + claim.follower)} in {quoted(claim.phrase.text)}, which is no known unit",
            _REPHRASE,
        )
    percentiles = [word for word in claim.rest if word[0] == "p" and word[1:].isdigit()]
    fact = "_".join([subject, *percentiles]) if subject else rest
    role = LimitRole.ALERT if sentence.lower().startswith("alert") else LimitRole.REQUIRE
    return _formed(claim, fact, claim.op, number.unit or Unit.SCORE, role)


def _kept(claim: Claim) -> Limit | Complaint:
    if not KEEPING & set(claim.subject):
        return _unclear(claim)
    fact = _fact(word for word in claim.subject if word not in KEEPING)
    return _formed(claim, fact, Op.GE, claim.number.unit, LimitRole.RETAIN)


def _formed(
    claim: Claim, fact: str, op: Op | None, unit: Unit | None, role: LimitRole = LimitRole.REQUIRE
) -> Limit | Complaint:
    if op is None or unit is None or not fact:
        return _unclear(claim)
    return Limit(
        fact=fact,
        op=claim.op or op,
        bound=claim.number.value,
        unit=unit,
        role=role,
        window_s=claim.window_s,
        aggregate=claim.aggregate,
    )


def _fact(words: Iterable[str]) -> str:
    kept = (word.replace("-", "_") for word in words if word not in STOP_WORDS)
    return "_".join(word for word in kept if word.replace("_", "").isalnum())[:_FACT_LENGTH]


def _unclear(claim: Claim) -> Complaint:
    return Complaint(f"the number {quoted(claim.number.text)} in {quoted(claim.phrase.text)}", _REPHRASE)
