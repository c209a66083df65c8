"""Carries the acceptance criteria of each test into the JUnit report, and gives tests their parts."""

import pytest

from support.world import World, make_world


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Turn every `requirement` mark into `req` properties of the test's JUnit entry."""
    for item in items:
        for mark in item.iter_markers("requirement"):
            item.user_properties.extend(("req", criterion) for criterion in mark.args)


@pytest.fixture
def world() -> World:
    """Return an application on a store in memory, with clock, ids and fraud provider under control."""
    return make_world()
