"""Chains of leaves: their heads, and the proof that nothing was taken out of one, moved in it or put into it.

The tree proves of each leaf that it is in the log. That none is *missing* from what somebody hands over, only the chain
can tell: numbers without a gap, each leaf naming the hash of the one before, a last leaf that names their count.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

import msgspec

from standfast.ledger.bodies import AnyBody, LedgerFrozen, LedgerOpened, Refused, SessionClosed, SessionOpened
from standfast.ledger.events import Leaf, decode, encode, leaf_digest
from standfast.ledger.fields import LEDGER, Actor, ChainId
from standfast.model import Digest, LedgerError, Problem


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How far a chain has come: its newest leaf's number (0 for none), hash and time."""

    chain: ChainId
    count: int = 0
    last: Digest | None = None
    at: datetime | None = None

    def next(self, body: AnyBody, *, at: datetime, actor: Actor) -> Leaf:
        """Return the leaf that would follow with *body*."""
        return Leaf(at=at, actor=actor, session=self.chain, number=self.count + 1, previous=self.last, body=body)

    def why_not(self, leaf: Leaf) -> Refused | None:
        """Return why *leaf* does not follow here, or None where it does."""
        if leaf.session != self.chain:
            return Refused.WRONG_CHAIN
        if leaf.number != self.count + 1:
            return Refused.WRONG_NUMBER
        if leaf.previous != self.last:
            return Refused.WRONG_LINK
        return Refused.TIME_WENT_BACK if self.at is not None and leaf.at < self.at else None

    def after(self, leaf: Leaf) -> "Head":
        """Return the head with *leaf* as the newest."""
        return Head(chain=self.chain, count=leaf.number, last=leaf_digest(encode(leaf)), at=leaf.at)


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """A chain that was verified. Unless ``complete``, leaves may be missing at its end: nothing names its newest."""

    head: Head
    leaves: tuple[Leaf, ...]
    complete: bool


class _Link(msgspec.Struct, frozen=True):
    leaf: Leaf
    digest: Digest


def verify_chain(chain: ChainId, leaves: Iterable[bytes], *, last: Digest | None = None) -> Chain:
    """Return the chain made of *leaves*, after proving that each is the one that was recorded at its place.

    *last* is the hash of the newest leaf, from a source that is not the leaves themselves (the tree, an auditor's
    notes). Without it the newest leaf vouches for all others and nobody for the newest.

    Raises:
        LedgerError: Something was removed, moved, altered, put in or dated back; each such place is named.
    """
    links, problems = _read(leaves)
    if not problems:
        problems = [*_order(links), *_links(links), *_content(chain, links), *_end(links, last)]
    if problems:
        raise LedgerError(
            "chain-broken",
            f"the chain of {chain} is not the one that was recorded",
            hint="compare with another copy of the log, and with the checkpoint that you kept",
            problems=tuple(problems),
        )
    newest = links[-1]
    head = Head(chain=chain, count=len(links), last=newest.digest, at=newest.leaf.at)
    ended = isinstance(newest.leaf.body, SessionClosed | LedgerFrozen)
    return Chain(head=head, leaves=tuple(link.leaf for link in links), complete=ended or last is not None)


def _read(leaves: Iterable[bytes]) -> tuple[list[_Link], list[Problem]]:
    links, problems = [], []
    for place, data in enumerate(leaves, 1):
        try:
            links.append(_Link(decode(data), leaf_digest(data)))
        except LedgerError as error:
            problems.append(Problem(f"place {place}", f"bytes that are no leaf ({error.message})", "a leaf"))
    if not links and not problems:
        problems.append(Problem("place 1", "nothing", "the leaf that opens the chain"))
    return links, problems


def _order(links: Sequence[_Link]) -> Iterator[Problem]:
    numbers = [link.leaf.number for link in links]
    times = Counter(numbers)
    for before, after in pairwise([0, *sorted(times)]):
        if after == before + 2:
            yield Problem(f"leaf {before + 1}", "nothing", "the leaf with that number; it was removed")
        elif after > before + 2:
            yield Problem(f"leaf {before + 1} to {after - 1}", "nothing", "the leaves with those numbers; removed")
    for number, count in sorted(times.items()):
        if count > 1:
            yield Problem(f"leaf {number}", f"{count} leaves with that number", "one")
    for before, after in pairwise(numbers):
        if after < before:
            yield Problem(f"leaf {after}", f"its place after leaf {before}", "its place by number; it was moved")


def _links(links: Sequence[_Link]) -> Iterator[Problem]:
    digests = {link.leaf.number: link.digest for link in links}
    for link in links:
        previous = digests.get(link.leaf.number - 1)
        if previous is not None and link.leaf.previous != previous:
            where = f"leaf {link.leaf.number - 1}"
            yield Problem(where, f"{previous:.19}", f"{link.leaf.previous:.19}, as leaf {link.leaf.number} names it")


def _content(chain: ChainId, links: Sequence[_Link]) -> Iterator[Problem]:
    opening = LedgerOpened if chain == LEDGER else SessionOpened
    for link in links:
        where = f"leaf {link.leaf.number}"
        if link.leaf.session != chain:
            yield Problem(where, f"chain {link.leaf.session}", f"chain {chain}")
        if isinstance(link.leaf.body, opening) != (link.leaf.number == 1):
            yield Problem(where, link.leaf.kind, "the opening of the chain as leaf 1, and nowhere else")
    for before, after in pairwise(links):
        if after.leaf.at < before.leaf.at:
            yield Problem(f"leaf {after.leaf.number}", f"{after.leaf.at}", f"no time before {before.leaf.at}")


def _end(links: Sequence[_Link], last: Digest | None) -> Iterator[Problem]:
    for link in links[:-1]:
        if isinstance(link.leaf.body, SessionClosed | LedgerFrozen):
            yield Problem(f"leaf {link.leaf.number}", f"{link.leaf.kind}, and more after it", "it as the last leaf")
    newest = links[-1]
    body = newest.leaf.body
    if isinstance(body, SessionClosed | LedgerFrozen):
        if body.count != newest.leaf.number - 1:
            yield Problem("the closing leaf", f"a count of {body.count}", f"{newest.leaf.number - 1} leaves before it")
        if body.last != newest.leaf.previous:
            yield Problem("the closing leaf", f"{body.last:.19} as the last", f"{newest.leaf.previous or 'none':.19}")
    if last is not None and newest.digest != last:
        expected = f"{last:.19} as the newest; it was altered, or what follows it was removed"
        yield Problem(f"leaf {newest.leaf.number}", f"{newest.digest:.19}", expected)
