"""Whoever asks, approves and writes, however spelt and at the same time: a waiver is nobody's own, and finite."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import mini
import pytest
from event_ledgers import Machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from ledger_story import ANA, BEA, CAY, SIGNED, START, decided, people

from standfast.app.ledger.opening import standing
from standfast.app.ledger.recorded import WaiverEndedError
from standfast.app.ledger.recording import ENGINE
from standfast.app.ledger.waived import waivers_in, with_uses
from standfast.evidence.wording.people import person
from standfast.ledger.bodies import DutyRules, IdentityLinked, WaiverGranted
from standfast.ledger.duties import Duties, waiver_refused
from standfast.ledger.events import decode
from standfast.ledger.fields import LEDGER, ActorId
from standfast.ledger.people import People
from standfast.model import GrantedWaiver, Status, sha256

RED = (mini.statement(mini.coverage(10)), mini.GREEN[1])
SPELLINGS = {
    "ana": ("Ana <ana@example.org>", "ana@example.org", "ANA+x@example.org", "\u0430na@example.org", "Ana"),
    "ben": ("Ben <ben@example.org>", "ben@example.org", "Ben+w@Example.org", "ben@\u0435xample.org"),
    "cay": ("Cay <cay@example.org>", "cay@example.org"),
}
SPELT = st.sampled_from(sorted(SPELLINGS)).flatmap(lambda who: st.tuples(st.just(who), st.sampled_from(SPELLINGS[who])))


def granted(requester: str, approver: str, *, uses: int | None, used: int, known_as: tuple[str, ...]) -> GrantedWaiver:
    """Return a waiver of the control ``tested``, as the ledger has it."""
    return GrantedWaiver(
        waiver=mini.waiver(requester=requester, approver=approver),
        statement=sha256(b"w"),
        signature="ssh",
        uses=uses,
        used=used,
        known_as=known_as,
    )


@settings(max_examples=200, deadline=None)
@given(SPELT, SPELT, st.lists(SPELT, min_size=1, max_size=2), st.none() | st.integers(1, 3), st.integers(0, 4))
def test_no_applied_waiver_is_approved_by_author_or_requester(
    requester: tuple[str, str],
    approver: tuple[str, str],
    authors: list[tuple[str, str]],
    uses: int | None,
    used: int,
) -> None:
    """A waiver that counts was approved by a third person, and has a use left."""
    one = granted(requester[1], approver[1], uses=uses, used=used, known_as=())

    verdict = mini.verdict(*RED, granted=(one,), authors=tuple(person(text) for _who, text in authors))

    applied = verdict.status is Status.WAIVED
    third = approver[0] not in {requester[0], *(who for who, _text in authors)}
    assert not applied or (third and (uses is None or used < uses))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SPELLINGS["cay"]), st.sampled_from(SPELLINGS["cay"]))
def test_every_name_that_the_ledger_has_for_an_approver_counts(author: str, other: str) -> None:
    """Who is known under two names that share nothing approves under neither what was written under the other."""
    known_as = tuple(sorted(person(other).identities() | person("Cay <cay@example.org>").identities()))
    one = granted("dan@example.org", "ben@example.org", uses=None, used=0, known_as=known_as)

    verdict = mini.verdict(*RED, granted=(one,), authors=(person(author),))

    assert verdict.status is Status.FAIL


@pytest.mark.parametrize("budget", [1, 3])
def test_budget_is_never_exceeded_by_writers_at_once(tmp_path: Path, budget: int) -> None:
    """However many decide at the same time, no more rest on a waiver than it has uses, and its end is told once."""
    machine = Machine(tmp_path)
    with standing(machine.root, "little", machine.home).ledger as ledger:
        grant = WaiverGranted(
            waiver="w-1", control="tested", statement=sha256(b"w"), requester=ANA, approver=BEA,
            role="waivers:quality", expires=ledger.moment() + timedelta(days=9), signed=SIGNED, uses=budget,
        )  # fmt: skip
        ledger.record(grant)

    def decide(_number: int) -> bool:
        with standing(machine.root, "little", machine.home).ledger as ledger:
            try:
                ledger.record_all(
                    lambda at: tuple(
                        with_uses(
                            ledger.store,
                            ledger.head(LEDGER).next(decided(Status.WAIVED), at=at, actor=ENGINE),
                            {"w-1": 1},
                            ENGINE,
                        )
                    )
                )
            except WaiverEndedError:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(decide, range(8)))

    with standing(machine.root, "little", machine.home).ledger as ledger:
        kinds = [decode(entry.leaf).kind.value for entry in ledger.store.entries(0, ledger.store.head().size)]
        held = waivers_in(ledger.store, ledger.moment()).held["w-1"]
    assert sum(done) == budget
    assert (kinds.count("waiver.used"), kinds.count("gate.decided")) == (budget, budget)
    assert kinds.count("waiver.expired") == 1
    assert (held.used, held.over) == (budget, True)


def test_end_of_time_is_told_once(tmp_path: Path) -> None:
    """The first decision after a waiver ended records that, and no later one does."""
    machine = Machine(tmp_path)
    with standing(machine.root, "little", machine.home).ledger as ledger:
        grant = WaiverGranted(
            waiver="w-1", control="tested", statement=sha256(b"w"), requester=ANA, approver=BEA,
            role="waivers:quality", expires=ledger.moment(), signed=SIGNED,
        )  # fmt: skip
        ledger.record(grant)
        for _ in range(2):
            ledger.record_all(
                lambda at: tuple(
                    with_uses(
                        ledger.store,
                        ledger.head(LEDGER).next(decided(Status.FAIL), at=at, actor=ENGINE),
                        {},
                        ENGINE,
                    )
                )
            )
        kinds = [decode(entry.leaf).kind.value for entry in ledger.store.entries(0, ledger.store.head().size)]

    assert kinds == ["ledger.opened", "waiver.granted", "gate.decided", "waiver.expired", "gate.decided"]


WHO = st.sampled_from([ANA, BEA, CAY])


class Waiving(RuleBasedStateMachine):
    """People ask for waivers and approve them, write code, and turn out to be one person."""

    def __init__(self) -> None:
        super().__init__()
        self.people = people((ANA, "waivers:quality"), (BEA, "waivers:quality"), (CAY, "waivers:quality"))
        self.duties = Duties(authors=frozenset({ANA}))
        self.granted: list[tuple[WaiverGranted, frozenset[ActorId], People]] = []

    @rule(who=st.sets(WHO, min_size=1))
    def write(self, who: set[ActorId]) -> None:
        """Let somebody else write the newest commit."""
        self.duties = Duties(authors=frozenset(who))

    @rule(requester=WHO, approver=WHO)
    def grant(self, requester: ActorId, approver: ActorId) -> None:
        """Try to grant a waiver."""
        body = WaiverGranted(
            waiver="w-1", control="tested", statement=sha256(b"w"), requester=requester, approver=approver,
            role="waivers:quality", expires=START + timedelta(days=9), signed=SIGNED,
        )  # fmt: skip
        why = waiver_refused(self.duties, body, rules=DutyRules(), people=self.people, at=START + timedelta(days=1))
        if why is None:
            self.granted.append((body, self.duties.authors or frozenset(), self.people))

    @rule(kept=WHO, other=WHO)
    def link(self, kept: ActorId, other: ActorId) -> None:
        """Let two turn out to be one."""
        if kept != other:
            self.people = People(self.people.grants, (*self.people.links, IdentityLinked(kept=kept, other=other)))

    @invariant()
    def nobody_waives_their_own(self) -> None:
        """What was granted was approved by somebody who neither asked for it nor wrote the change, as was known."""
        for body, authors, known in self.granted:
            assert not known.same(body.approver, body.requester)
            assert known.one(body.approver) not in known.ones(authors)


TestWaiving = Waiving.TestCase
TestWaiving.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
