"""The little repository that the end-to-end tests judge."""

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
