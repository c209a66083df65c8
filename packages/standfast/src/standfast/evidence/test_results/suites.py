"""Compare the totals that nested suites declare with the cases that stand in them; the worse count."""

from collections.abc import Iterator, Mapping

import msgspec

from standfast.evidence.test_results.tally import Counts

_WHAT = (("failures", "failed"), ("errors", "errors"))


class Suite(msgspec.Struct):
    """One suite while its elements are read; ``own`` are its direct cases, ``inner`` those of its inner suites.

    ``unlisted`` is known to be part of the declared totals and to have no case of its own: the subtests of pytest.
    """

    name: str
    attributes: Mapping[str, str]
    file: str = ""
    own: Counts = msgspec.field(default_factory=Counts)
    inner: Counts = msgspec.field(default_factory=Counts)
    twins: int = 0
    unlisted: Counts = msgspec.field(default_factory=Counts)

    def close(self, disagreements: list[str]) -> Counts:
        """Return what the suite comes to, the worse of declared and counted; say where the two disagree.

        A suite may declare its direct cases or all below it, and may count a case that is listed twice once.
        """
        counted = Counts()
        counted.add(self.own)
        counted.add(self.inner)
        final = msgspec.structs.replace(counted)
        for attribute, field in _WHAT:
            declared = self._listed(attribute, getattr(counted, field), getattr(self.unlisted, field))
            if declared is not None and declared not in (getattr(counted, field), getattr(self.own, field)):
                self._disagree(disagreements, attribute, declared, getattr(counted, field))
                setattr(final, field, max(declared, getattr(counted, field)))
        self._name_nonsense(disagreements)
        self._close_skipped(counted, final, disagreements)
        self._close_tests(counted, final, disagreements)
        return final

    def _name_nonsense(self, disagreements: list[str]) -> None:
        for attribute in ("tests", *(name for name, _ in _WHAT), "skipped"):
            text = self.attributes.get(attribute, "").strip()
            if text and self._declared(attribute) is None and len(disagreements) < 100:
                disagreements.append(f"suite {self.name!r:.100} declares {attribute}={text!r:.40}, which is no count")

    def _close_skipped(self, counted: Counts, final: Counts, disagreements: list[str]) -> None:
        sums = tuple(self._skip_sums(counted.skipped))
        if not sums or counted.skipped in sums or self.own.skipped in sums:
            return
        if "skipped" not in self.attributes and counted.skipped > sums[-1]:
            return  # `disabled` alone does not count the tests that skip themselves
        self._disagree(disagreements, "skipped", sums[-1], counted.skipped)
        final.skipped = max(*sums, counted.skipped)

    def _skip_sums(self, counted: int) -> Iterator[int]:
        skipped = self._listed("skipped", counted, self.unlisted.skipped)
        if skipped is None:
            skipped = self._declared("skip")
        disabled = self._declared("disabled")
        yield from (value for value in (skipped, disabled) if value is not None)
        if skipped is not None and disabled is not None:
            yield skipped + disabled

    def _close_tests(self, counted: Counts, final: Counts, disagreements: list[str]) -> None:
        declared = self._declared("tests")
        if declared is None or declared == counted.tests + self.unlisted.tests:
            return
        if declared not in (counted.tests, counted.tests - self.twins, self.own.tests, self.own.tests - self.twins):
            self._disagree(disagreements, "tests", declared, counted.tests)
            final.tests = max(declared, counted.tests)
            final.executed = min(counted.executed, max(declared - final.skipped, 0))

    def _listed(self, attribute: str, counted: int, unlisted: int) -> int | None:
        """Return the declared count, less what of *unlisted* goes beyond *counted*; subtests of one case share it."""
        declared = self._declared(attribute)
        return None if declared is None else declared - min(unlisted, max(declared - counted, 0))

    def _declared(self, attribute: str) -> int | None:
        text = self.attributes.get(attribute, "").strip()
        # `4,711` and `12.0` are written by some tools.
        text = text.replace(",", "").removesuffix(".0")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def _disagree(self, disagreements: list[str], attribute: str, declared: int, counted: int) -> None:
        if len(disagreements) < 100:
            disagreements.append(f"suite {self.name!r:.100} declares {attribute}={declared}, its cases make {counted}")
