"""Read every file that starts a workload into one body of evidence; pure."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from standfast.evidence.formats.yaml import load_all
from standfast.evidence.repository.layout import image_files, own_paths
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.workloads import compose, dockerfile, kubernetes
from standfast.evidence.workloads.commands import server_of, split_words, words_command
from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import EvidenceError, Examination

_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml\Z")
_SCRIPT = re.compile(r"(?:\.(?:sh|bash)|(?:^|/)[\w.-]*entrypoint[\w.-]*)\Z")
_NOT_DELIVERED = re.compile(
    r"(?:^|/)(?:\.devcontainer|\.github|\.gitlab|ci|dev|test|tests|e2e|examples?|docs?)/|"
    r"(?:^|/)(?:Dockerfile|Containerfile)\.(?:dev|test|tests|ci|docs?|debug|local)\Z|"
    r"compose\.(?:dev|test|tests|ci|debug|override|local)\.ya?ml\Z"
)
_LOCK = re.compile(r"(?:^|/)[^/]*lock[^/]*\.ya?ml\Z")
_TEMPLATE = re.compile(r"\{\{")


def files_of(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files that may start a workload or are its script, by their names; without those for work only."""
    return tuple(path for path in own_paths(paths) if _may_start(path) and not _NOT_DELIVERED.search(path))


def _may_start(path: str) -> bool:
    if path.endswith((".yml", ".yaml")):
        return not _LOCK.search(path)
    return bool(image_files([path])) or posixpath.basename(path) == "Procfile" or bool(_SCRIPT.search(path))


def workloads_of(files: Iterable[TextFile]) -> Workloads:
    """Return the workloads of *files*.

    A file that cannot be read or is not what its name says is an error of the examination; a template of manifests is
    skipped, because only what it is rendered to starts anything.
    """
    given = tuple(files)
    scripts = {file.path: file.text for file in given if _SCRIPT.search(file.path) and not file.error}
    found: list[Workload] = []
    errors: list[str] = []
    skipped: list[str] = []
    for file in given:
        if file.path in scripts:
            continue
        try:
            if kubernetes.MENTIONS.search(file.text) and _TEMPLATE.search(file.text):
                skipped.append(f"{file.path} is a template; collect what it is rendered to")
            else:
                found.extend(_workloads(file, scripts))
        except EvidenceError as error:
            errors.append(f"{file.path}: {error.message}")
    return Workloads(
        examination=Examination(
            unit="files",
            examined=len(given) - len(errors) - len(skipped),
            skipped=len(skipped),
            errors=len(errors),
            notes=tuple([*errors, *skipped][:3]),
        ),
        workloads=tuple(found),
    )


def _workloads(file: TextFile, scripts: dict[str, str]) -> Iterator[Workload]:
    if file.error:
        raise EvidenceError("workload-unreadable", f"it {file.error}")
    if image_files([file.path]):
        yield dockerfile.workload_of(file.path, file.text, scripts)
    elif posixpath.basename(file.path) == "Procfile":
        yield from _procfile(file, scripts)
    elif _COMPOSE.search(file.path):
        for document in load_all(file.text):
            yield from compose.workloads_of(file.path, document, scripts)
    elif kubernetes.MENTIONS.search(file.text):
        for document in load_all(file.text):
            yield from kubernetes.workloads_of(file.path, document, scripts)


def _procfile(file: TextFile, scripts: dict[str, str]) -> Iterator[Workload]:
    for number, line in enumerate(file.text.splitlines(), 1):
        name, colon, command = line.partition(":")
        if colon and not name.startswith("#") and command.strip():
            server = server_of(command)
            made = words_command(split_words(command), scripts)
            yield Workload(
                source="procfile",
                name=name.strip(),
                path=file.path,
                line=number,
                command=command.strip(),
                form=made.form,
                why=made.why,
                server=server.name,
                drains=server.drains,
                server_grace_s=server.grace_s,
            )
