"""The little repository that the end-to-end tests judge."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from little_project import Project, committed, copied


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A repository with one commit, made once."""
    return committed(tmp_path_factory.mktemp("template") / "little")


@pytest.fixture
def little(template: Project, tmp_path: Path) -> Project:
    """A fresh copy of that repository."""
    return copied(template, tmp_path / "little")


@pytest.fixture(scope="session", autouse=True)
def _keys_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ledgers that tests begin leave their keys with the tests, not with the person who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data-home")))
        yield
