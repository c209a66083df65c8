"""The ``[forge]`` table: which forge a change is discussed on, and how it is reached. A token never stands in it."""

import re
from typing import Literal
from urllib.parse import urlsplit

import msgspec

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_REPOSITORY = re.compile(r"[\w.-]+(?:/[\w.-]+)+\Z")
_TOKENS = {"github": "GITHUB_TOKEN", "gitlab": "GITLAB_TOKEN"}


class ForgeTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The ``[forge]`` table.

    ``url`` is the address of the API where it is not the public one, ``repository`` is as its path on the forge, and
    ``token_from`` names the variable of the environment that holds the token. With ``sentences``, the forge is shown
    names and what people wrote; without, pseudonyms and facts. ``marks`` says how gates are shown at a commit.
    """

    kind: Literal["local", "github", "gitlab"]
    url: str = ""
    repository: str = ""
    token_from: str = ""
    api_version: Literal["2022-11-28", "2026-03-10"] = "2022-11-28"
    marks: Literal["status", "check_run"] = "status"
    sentences: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot work, or would give the token away."""
        if self.kind == "local":
            return
        if not _REPOSITORY.match(self.repository) or {".", ".."} & {*self.repository.split("/")}:
            raise ValueError(f"[forge] needs repository, such as 'owner/name', found {self.repository!r}")
        if self.token_from and not _VARIABLE.match(self.token_from):
            raise ValueError("[forge] token_from is the name of a variable of the environment, never the token itself")
        parts = urlsplit(self.url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if self.url and not (safe and parts.hostname and not (parts.username or parts.query or parts.fragment)):
            raise ValueError(f"[forge] url is not a plain https address: {self.url!r}")

    @property
    def token_variable(self) -> str:
        """The variable of the environment that holds the token."""
        return self.token_from or _TOKENS.get(self.kind, "")
