"""A package may be listed more than once, and then under more than one licence."""

from hypothesis import example, given
from hypothesis import strategies as st

from standfast.evidence.licences.schema import Licences, Licensed
from standfast.evidence.sbom.importers.spdx_tag_value import read
from standfast.model import Examination

TWICE = b"SPDXVersion: SPDX-2.3\n" + b"".join(
    b"PackageName: fastapi\nPackageLicenseDeclared: %s\n" % licence for licence in (b"MIT", b"Apache-2.0")
)

Listed = list[tuple[str, str]]
LISTED = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["", "MIT", "ISC"])), max_size=6)


def test_package_that_is_listed_twice_is_no_contradiction() -> None:
    """A bill of materials that lists a package under two licences agrees with a copy of itself."""
    found = read(TWICE)
    assert [reading.body.KIND for reading in found] == ["sbom", "licences"]

    assert [reading.body.conflicts_with(reading.body) for reading in found] == [(), ()]


@given(LISTED)
@example([("a", "MIT"), ("a", "ISC")])
def test_any_list_agrees_with_itself_and_with_any_order(listed: Listed) -> None:
    """However often a package is listed, the order of a list is no contradiction."""
    one, other = (
        Licences(examination=Examination("packages", 1), entries=entries_of(order)) for order in (listed, listed[::-1])
    )

    assert one.conflicts_with(one) == one.conflicts_with(other) == ()


def entries_of(listed: Listed) -> tuple[Licensed, ...]:
    """Return entries of so many packages under such licences."""
    return tuple(Licensed(package=package, licence=licence) for package, licence in listed)
