"""What the files that start a service say: its command, the questions about its health, and how it is stopped."""

from typing import ClassVar, Literal

import msgspec

from standfast.model import Evidence, Unit

Form = Literal["exec", "shell", "script", "package-manager", "unknown", "inherited"]
Asked = Literal["health", "alive", "ready", "started"]
Source = Literal["image", "compose", "kubernetes", "procfile"]


class HealthQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question of the platform about the health of a workload; ``asks`` is the path, where it asks by HTTP."""

    kind: Asked
    line: int
    asks: str = ""


class Workload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One process that a file starts: an image, a service of Compose, a container of Kubernetes, a line of a Procfile.

    ``form`` says what the first process is: the program itself (``exec``), a ``shell``, a ``script`` that does not
    hand over with ``exec``, a ``package-manager``, or what the image brings (``inherited``). ``image`` is the file
    that its image is built from, where that is known. ``server`` is the server that the command names, ``drains``
    whether that one lets requests in progress finish, ``server_grace_s`` for how long. ``grace_s`` is the time that
    the platform gives it to stop, where the file says so. ``memory_bytes`` and ``cpus`` are what it may use at most.
    """

    source: Source
    name: str
    path: str
    line: int
    command: str = ""
    form: Form = "inherited"
    why: str = ""
    stop_signal: str = ""
    grace_s: float | None = None
    pre_stop: bool = False
    memory_bytes: float | None = None
    cpus: float | None = None
    queries: tuple[HealthQuery, ...] = ()
    image: str = ""
    server: str = ""
    drains: bool | None = None
    server_grace_s: float | None = None

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        return {
            "image": f"the image of {self.path}",
            "compose": f"the service {self.name} of {self.path}",
            "kubernetes": f"the container {self.name} of {self.path}",
            "procfile": f"the process {self.name} of {self.path}",
        }[self.source]

    def asks(self, *kinds: str) -> tuple[HealthQuery, ...]:
        """Return the questions of those *kinds*."""
        return tuple(query for query in self.queries if query.kind in kinds)


class Workloads(Evidence, frozen=True, kw_only=True):
    """Every workload of the project's files. Jobs that end by themselves are none."""

    KIND: ClassVar[str] = "workloads"
    TITLE: ClassVar[str] = "How workloads are started, watched and stopped"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(("workload_count", "query_count"), Unit.COUNT)

    workloads: tuple[Workload, ...] = ()

    @property
    def workload_count(self) -> int:
        """How many workloads there are."""
        return len(self.workloads)

    @property
    def query_count(self) -> int:
        """How many questions about health are asked of them."""
        return sum(len(one.queries) for one in self.workloads)

    def operated(self) -> tuple[Workload, ...]:
        """Return the workloads as they are operated.

        Those are the containers of Kubernetes where there are any; then Compose is for trials, and what an image says
        of its health is not asked. Otherwise they are the services of Compose and the images that none is built from.
        """
        containers = self.of("kubernetes")
        if containers:
            return containers
        services = self.of("compose")
        built = {service.image for service in services}
        return (*services, *(one for one in self.of("image") if one.path not in built))

    def of(self, *sources: str) -> tuple[Workload, ...]:
        """Return the workloads that those kinds of files start."""
        return tuple(one for one in self.workloads if one.source in sources)
