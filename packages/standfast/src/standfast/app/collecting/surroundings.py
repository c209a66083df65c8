"""The environment a tool sees: named variables only, so that no secret reaches it."""

import os
from collections.abc import Mapping
from pathlib import Path

from standfast.app.storage.store import FOLDER

KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "XDG_CACHE_HOME")
"""Variables that every tool sees."""

KEPT_ONLINE = (
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT"),
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY"),
)
"""Variables that a tool sees besides if it needs the network."""


def surroundings(
    root: str,
    scratch: str,
    folders: tuple[str, ...],
    *,
    python_folder: str | None = None,
    online: bool = False,
    passed: tuple[str, ...] = (),
    given: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Return the variables for a tool of the project at *root*.

    *folders* come first on the path; *passed* names further variables of *given* that the settings let through.
    """
    names = (*KEPT, *(KEPT_ONLINE if online else ()), *passed)
    kept = {name: given[name] for name in names if name in given}
    cache = Path(root) / FOLDER / "cache"
    variables = {
        "LANG": "C.UTF-8",
        **kept,
        "PATH": os.pathsep.join((*folders, given.get("PATH", os.defpath))),
        "TMPDIR": str(Path(scratch) / "tmp"),
        "TERM": "dumb",
        "NO_COLOR": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        # What tools keep between runs, beside the evidence and not among the sources.
        "COVERAGE_FILE": str(Path(scratch) / ".coverage"),
        "MYPY_CACHE_DIR": str(cache / "mypy"),
        "RUFF_CACHE_DIR": str(cache / "ruff"),
    }
    if python_folder:
        variables["VIRTUAL_ENV"] = python_folder
    return variables
