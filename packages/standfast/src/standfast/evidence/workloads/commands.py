"""What a command makes the first process of a container, and which server it names; pure."""

import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from standfast.evidence.wording.numbers import finite
from standfast.evidence.workloads.schema import Form

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "busybox"})
_INITS = frozenset({"tini", "tini-static", "dumb-init", "catatonit", "docker-init", "s6-svscan"})
_CHANGERS = frozenset({"gosu", "su-exec", "setpriv", "nice", "ionice", "env", "chpst"})
"""Programs that become what they start."""
_MANAGERS = frozenset({"npm", "yarn", "pnpm", "npx", "make", "just", "pipenv", "hatch"})
_EXEC = re.compile(r"(?:^|&&|;|\|\||\bthen\b|\belse\b|\bdo\b|\n)\s*exec\s+[^\s<>0-9]")
_SEVERAL = re.compile(r"[;&|\n]")
_HANDS_OVER = re.compile(r"^[^\S\n]*+exec\s+[^\s<>0-9&]", re.MULTILINE)
_TRAPS = re.compile(r"^[^\S\n]*+trap\s++.*\b(?:SIG)?TERM\b", re.MULTILINE)

_DRAINING = {"uvicorn": None, "gunicorn": 30.0, "hypercorn": 3.0, "granian": None}
"""Servers that let requests in progress finish, with the time that they give by default; None means without end."""
_ABRUPT = ("waitress-serve", "flask run", "manage.py runserver", "-m http.server", "php -S", "ng serve", "vite")
_OTHERS = frozenset({"uwsgi", "daphne", "unitd", "passenger", "httpd", "apache2ctl", "mod_wsgi-express"})
"""Servers whose end depends on settings of their own."""
_GRACE = re.compile(r"--(?:timeout-graceful-shutdown|graceful-timeout|workers-kill-timeout)[= ](\d+(?:\.\d+)?)")


class Command(NamedTuple):
    """What a command is: its text, the form of its first process, and why, in words."""

    text: str
    form: Form
    why: str = ""


class NamedServer(NamedTuple):
    """The server that a command names: whether it drains, and for how long; nothing where it names none."""

    name: str = ""
    drains: bool | None = None
    grace_s: float | None = None


def words_command(words: Sequence[str], scripts: Mapping[str, str]) -> Command:
    """Return what a list of words starts; *scripts* are the texts of the project's own scripts by path."""
    text = " ".join(words)
    rest = _behind_wrappers(list(words))
    if not rest:
        return Command(text, "unknown", "names no program")
    program = posixpath.basename(rest[0])
    if program in _SHELLS:
        given = [word for word in rest[1:] if word != "sh"]
        flag = next((at for at, word in enumerate(given) if re.fullmatch(r"-[a-z]*c[a-z]*", word)), None)
        if flag is not None:
            words = " ".join(given[flag + 1 : flag + 2])
            return shell_command(words, text=text, shell=program)  # nosec B604  # a name; nothing is run
        script = next((word for word in given if not word.startswith("-")), "")
        return _script_command(text, script, scripts, known=True)
    if program in _MANAGERS or (program == "bun" and "run" in rest):
        return Command(text, "package-manager", f"{program} starts the service and stays in front of it")
    return _script_command(text, rest[0], scripts, known=False)


def shell_command(script: str, *, text: str = "", shell: str = "sh") -> Command:
    """Return what a shell that is given *script* starts.

    It hands over where that says ``exec``; bash does so by itself where the script is one command.
    """
    shown = text or script
    if _EXEC.search(script) or (shell == "bash" and not _SEVERAL.search(script)):
        return Command(shown, "exec")
    return Command(shown, "shell", "a shell is the first process, and most do not pass SIGTERM on")


def split_words(text: str) -> list[str]:
    """Return the words of *text* as a shell would split them; nothing where its quotes do not close."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def server_of(text: str) -> NamedServer:
    """Return the server that the command *text* names."""
    words = {posixpath.basename(word) for word in text.replace('"', " ").replace("'", " ").split()}
    for name, default in _DRAINING.items():
        if name in words:
            given = _GRACE.search(text)
            return NamedServer(name, True, finite(given[1]) if given else default)
    if "fastapi" in words and words & {"run", "dev"}:
        return NamedServer("uvicorn", True, None)
    abrupt = next((name for name in _ABRUPT if re.search(rf"(?:^|[\s/\"']){re.escape(name)}(?:\s|$|[\"'])", text)), "")
    if abrupt:
        return NamedServer(abrupt, False)
    return NamedServer(min(words & _OTHERS, default=""))


def _behind_wrappers(words: list[str]) -> list[str]:
    while words:
        program = posixpath.basename(words[0])
        if program in _INITS:
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[1:]
        elif program in _CHANGERS:
            words = words[1:]
            while words and (words[0].startswith("-") or "=" in words[0]):
                words = words[1:]
            words = words[1:] if program in ("gosu", "su-exec") else words
        elif program == "exec":
            words = words[1:]
        else:
            break
    return words


def _script_command(text: str, script: str, scripts: Mapping[str, str], *, known: bool) -> Command:
    name = posixpath.basename(script)
    own = next((path for path in scripts if posixpath.basename(path) == name), None) if name else None
    if own is None:
        if known or name.endswith((".sh", ".bash")):
            return Command(text, "unknown", f"{script or 'the script'} is not among the project's files")
        return Command(text, "exec")
    if _HANDS_OVER.search(scripts[own]) or _TRAPS.search(scripts[own]):
        return Command(text, "exec")
    return Command(text, "script", f"{own} does not hand over with exec, so SIGTERM ends at its shell")
