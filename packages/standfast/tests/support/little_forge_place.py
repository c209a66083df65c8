"""An office whose changes are discussed on a forge, which runs on this machine."""

import re
from pathlib import Path
from typing import Any

from command_line import Ran
from fake_forge import TOKEN, FakeForge
from fake_github import REPOSITORY, FakeGitHub
from fake_gitlab import PROJECT, FakeGitLab
from little_sessions import Office

MARKER = re.compile(r"<!-- standfast:event (\S+) (\d+) (\S+) -->\n")


class Place:
    """An office whose changes are discussed on a forge, which runs on this machine."""

    def __init__(self, folder: Path, fake: FakeForge, *more: str) -> None:
        self.fake = fake
        kind, repository = ("gitlab", PROJECT) if isinstance(fake, FakeGitLab) else ("github", REPOSITORY)
        table = (f'kind = "{kind}"', f'repository = "{repository}"', f'url = "{fake.address}"', *more)
        self.office = Office(folder, keys="\n[forge]\n" + "\n".join([*table, 'token_from = "LITTLE_TOKEN"\n']))
        self.office.environment |= {"LITTLE_TOKEN": TOKEN, "NO_PROXY": "127.0.0.1"}

    def session(self, *words: str) -> Ran:
        """Run ``standfast session``."""
        return self.office.session(*words)

    def sync(self) -> Ran:
        """Run ``standfast forge sync``."""
        return self.office.run("forge", "sync")

    def forget(self) -> None:
        """Delete what the forge acknowledged."""
        (path,) = (self.office.root / ".standfast/ledger").glob("*.forge")
        path.unlink()

    def texts(self, number: int = 34) -> list[str]:
        """Return the comments that people and we wrote on an issue."""
        if isinstance(self.fake, FakeGitLab):
            return [one["body"] for one in self.fake.notes[number] if not one["system"]]
        assert isinstance(self.fake, FakeGitHub)
        return [one["body"] for one in self.fake.issue_comments[number]]

    def issue(self, number: int = 34) -> dict[str, Any]:
        """Return an issue as the forge has it."""
        assert isinstance(self.fake, FakeGitHub | FakeGitLab)
        return self.fake.issues[number]

    def events(self, number: int = 34) -> list[int]:
        """Return the numbers of the events that comments tell of."""
        return [int(found[2]) for text in self.texts(number) if (found := MARKER.match(text))]

    def statuses(self, number: int = 34) -> list[str]:
        """Return the comments with the status."""
        return [text for text in self.texts(number) if text.startswith("<!-- standfast:status")]

    def marks(self) -> dict[str, str]:
        """Return the state of each mark at the newest commit."""
        assert isinstance(self.fake, FakeGitHub | FakeGitLab)
        key = "status" if isinstance(self.fake, FakeGitLab) else "state"
        found = [one for every in self.fake.statuses.values() for one in every]
        return {str(one.get("context", one.get("name"))): one[key] for one in found}
