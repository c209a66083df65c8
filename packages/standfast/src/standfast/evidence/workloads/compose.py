"""Read the services of a Compose file that are built here; pure."""

import posixpath
from collections.abc import Iterator, Mapping

from standfast.evidence.formats.yaml_values import Document, Plain
from standfast.evidence.workloads.commands import Command, server_of, split_words, words_command
from standfast.evidence.workloads.dockerfile import address_path
from standfast.evidence.workloads.schema import HealthQuery, Workload
from standfast.evidence.workloads.tables import compose_size, cores, seconds, table, text, words


def workloads_of(path: str, document: Document, scripts: Mapping[str, str]) -> Iterator[Workload]:
    """Yield each service with a ``build``; what others made is theirs to watch."""
    for name, value in table(table(document.value).get("services")).items():
        service = table(value)
        if "build" not in service:
            continue
        command = _command(service, scripts)
        server = server_of(command.text)
        yield Workload(
            source="compose",
            name=name,
            path=path,
            line=document.line("services", name),
            command=command.text,
            form=command.form,
            why=command.why,
            stop_signal=text(service.get("stop_signal")),
            grace_s=seconds(service.get("stop_grace_period")),
            memory_bytes=_memory(service),
            cpus=_cpus(service),
            queries=tuple(_queries(name, service, document)),
            image=_image(path, service.get("build")),
            server=server.name,
            drains=server.drains,
            server_grace_s=server.grace_s,
        )


def _command(service: Mapping[str, Plain], scripts: Mapping[str, str]) -> Command:
    # A text is split into words here, and no shell is put in front of it.
    given = [*_words(service.get("entrypoint")), *_words(service.get("command"))]
    return words_command(given, scripts) if given else Command("", "inherited")


def _limits(service: Mapping[str, Plain]) -> Mapping[str, Plain]:
    return table(table(table(service.get("deploy")).get("resources")).get("limits"))


def _memory(service: Mapping[str, Plain]) -> float | None:
    return compose_size(_limits(service).get("memory") or service.get("mem_limit"))


def _cpus(service: Mapping[str, Plain]) -> float | None:
    return cores(_limits(service).get("cpus") or service.get("cpus"))


def _words(value: Plain) -> list[str]:
    return split_words(value) if isinstance(value, str) else words(value)


def _queries(name: str, service: Mapping[str, Plain], document: Document) -> Iterator[HealthQuery]:
    query = table(service.get("healthcheck"))
    test = query.get("test")
    shown = test if isinstance(test, str) else " ".join(words(test))
    if shown and shown.strip().upper() != "NONE" and query.get("disable") is not True:
        yield HealthQuery("health", document.line("services", name, "healthcheck"), address_path(shown))


def _image(path: str, build: Plain) -> str:
    context = text(build) or text(table(build).get("context")) or "."
    file = text(table(build).get("dockerfile")) or "Dockerfile"
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), context, file))
    return "" if found.startswith("..") else found
