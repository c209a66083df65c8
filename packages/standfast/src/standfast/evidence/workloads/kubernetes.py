"""Read the containers of Kubernetes workloads that run until they are stopped; pure."""

import re
from collections.abc import Iterator, Mapping

from standfast.evidence.formats.yaml_values import Document, Plain
from standfast.evidence.workloads.commands import Command, server_of, words_command
from standfast.evidence.workloads.dockerfile import address_path
from standfast.evidence.workloads.schema import Asked, HealthQuery, Workload
from standfast.evidence.workloads.tables import cores, entries, seconds, size, table, text, words

KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Rollout")
MENTIONS = re.compile(rf"^[ \t]*(?:-[ \t]+)?kind:[ \t]*[\"']?(?:{'|'.join(KINDS)})\b", re.MULTILINE)
_QUERIES: dict[str, Asked] = {"livenessProbe": "alive", "readinessProbe": "ready", "startupProbe": "started"}
Where = tuple[str | int, ...]


def workloads_of(path: str, document: Document, scripts: Mapping[str, str]) -> Iterator[Workload]:
    """Yield each container of the workload in *document*, and of each in a ``List``."""
    top = table(document.value)
    if top.get("kind") == "List":
        for index, item in enumerate(entries(top.get("items"))):
            yield from _workload(path, document, ("items", index), table(item), scripts)
    else:
        yield from _workload(path, document, (), top, scripts)


def _workload(
    path: str, document: Document, where: Where, value: dict[str, Plain], scripts: Mapping[str, str]
) -> Iterator[Workload]:
    if value.get("kind") not in KINDS:
        return
    below: Where = ("spec",) if value.get("kind") == "Pod" else ("spec", "template", "spec")
    spec = value
    for key in below:
        spec = table(spec.get(str(key)))
    grace = seconds(spec.get("terminationGracePeriodSeconds"))
    for index, one in enumerate(entries(spec.get("containers"))):
        place = (*where, *below, "containers", index)
        yield _container(path, document, place, table(one), grace, scripts)


def _container(
    path: str, document: Document, where: Where, one: dict[str, Plain], grace: float | None, scripts: Mapping[str, str]
) -> Workload:
    given = [*words(one.get("command")), *words(one.get("args"))]
    has_command = bool(entries(one.get("command")))
    command = words_command(given, scripts) if has_command else Command(" ".join(given), "inherited")
    server = server_of(command.text)
    limits = table(table(one.get("resources")).get("limits"))
    return Workload(
        source="kubernetes",
        name=text(one.get("name")) or "?",
        path=path,
        line=document.line(*where),
        command=command.text,
        form=command.form,
        why=command.why,
        grace_s=grace,
        memory_bytes=size(limits.get("memory")),
        cpus=cores(limits.get("cpu")),
        pre_stop=bool(table(table(one.get("lifecycle")).get("preStop"))),
        queries=tuple(_queries(document, where, one)),
        server=server.name,
        drains=server.drains,
        server_grace_s=server.grace_s,
    )


def _queries(document: Document, where: Where, one: Mapping[str, Plain]) -> Iterator[HealthQuery]:
    for key, kind in _QUERIES.items():
        query = table(one.get(key))
        if query:
            http, command = table(query.get("httpGet")), " ".join(words(table(query.get("exec")).get("command")))
            asked = (text(http.get("path")) or "/") if http else address_path(command)
            yield HealthQuery(kind, document.line(*where, key), asked)
