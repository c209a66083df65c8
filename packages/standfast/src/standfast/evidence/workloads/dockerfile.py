"""Read what a Dockerfile starts, how its health is asked for and how it is stopped; pure."""

import json
import re
from collections.abc import Iterator, Mapping

import msgspec

from standfast.evidence.workloads.commands import Command, server_of, shell_command, words_command
from standfast.evidence.workloads.schema import HealthQuery, Workload

_FROM = re.compile(r"(?:--\S+\s+)*(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://[^/\s'\"]+|(?<![\w.])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[\w${}]+)?(?=/))"
    r"(?P<path>/[^\s'\"?),;|]*)?"
)
_HEREDOC = re.compile(r"<<-?\s*[\"']?(?P<word>\w+)[\"']?")


class Stage(msgspec.Struct):
    """One stage while it is read: the last instruction of each kind, with its line."""

    name: str
    line: int
    found: dict[str, tuple[str, int]]


def workload_of(path: str, text: str, scripts: Mapping[str, str], *, target: str = "") -> Workload:
    """Return what the image does that *text* builds: its last stage, or the one called *target*."""
    stages = _stages(text)
    stage = next((one for one in stages if target and one.name == target.casefold()), stages[-1] if stages else None)
    if stage is None:
        return Workload(source="image", name=path, path=path, line=1)
    command = _command(stage, scripts)
    server = server_of(command.text)
    line = (stage.found.get("CMD") or stage.found.get("ENTRYPOINT") or ("", stage.line))[1]
    return Workload(
        source="image",
        name=path,
        path=path,
        line=line,
        command=command.text,
        form=command.form,
        why=command.why,
        stop_signal=stage.found.get("STOPSIGNAL", ("", 0))[0].strip("\"'"),
        queries=tuple(_queries(stage)),
        image=path,
        server=server.name,
        drains=server.drains,
        server_grace_s=server.grace_s,
    )


def address_path(text: str) -> str:
    """Return the path of the first address in *text*; ``/`` where that has none, nothing where there is no address."""
    match = _ADDRESS.search(text)
    return (match["path"] or "/") if match else ""


def _stages(text: str) -> list[Stage]:
    stages: list[Stage] = []
    for word, rest, line in _instructions(text):
        if word == "FROM":
            match = _FROM.match(rest)
            base = match["base"].casefold() if match else ""
            name = (match["name"] or "").casefold() if match else ""
            inherited = next((one.found for one in reversed(stages) if one.name and one.name == base), {})
            stages.append(Stage(name, line, dict(inherited)))
        elif stages:
            # An ENTRYPOINT puts the CMD of the stage it is based on out of force.
            if word == "ENTRYPOINT":
                stages[-1].found.pop("CMD", None)
            stages[-1].found[word] = (rest, line)
    return stages


def _instructions(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield each instruction in capitals, what follows it on its logical line, and the line it starts on."""
    parts: list[str] = []
    first, until = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if until:
            until = "" if line == until else until
            continue
        if not line or line.startswith("#"):
            continue
        first = first if parts else number
        parts.append(line.removesuffix("\\").strip())
        if line.endswith("\\"):
            continue
        word, _, rest = " ".join(parts).partition(" ")
        parts = []
        heredoc = _HEREDOC.search(rest) if word.upper() in ("RUN", "COPY", "ADD") else None
        until = heredoc["word"] if heredoc else ""
        yield word.upper(), rest.strip(), first


def _command(stage: Stage, scripts: Mapping[str, str]) -> Command:
    entry, cmd = stage.found.get("ENTRYPOINT", ("", 0))[0], stage.found.get("CMD", ("", 0))[0]
    if not entry and not cmd:
        return Command("", "inherited", "the file says neither ENTRYPOINT nor CMD")
    entry_words, cmd_words = _vector(entry), _vector(cmd)
    if entry and entry_words is None:
        return shell_command(entry)
    if cmd and cmd_words is None:
        # The shell form of CMD is `/bin/sh -c` and its text, also behind an ENTRYPOINT.
        return words_command([*(entry_words or []), "/bin/sh", "-c", cmd], scripts)
    return words_command([*(entry_words or []), *(cmd_words or [])], scripts)


def _vector(text: str) -> list[str] | None:
    """Return the words of an instruction in exec form; None where it is in shell form."""
    try:
        words = json.loads(text) if text.startswith("[") else None
    except (ValueError, RecursionError):
        return None
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None


def _queries(stage: Stage) -> Iterator[HealthQuery]:
    text, line = stage.found.get("HEALTHCHECK", ("", 0))
    if text and text.strip().upper() != "NONE":
        yield HealthQuery("health", line, address_path(text))
