"""Find importers and collectors: every module in an evidence kind's folder is one; there is no registry."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import cast

import msgspec

from standfast.app.modules.loading import module_in
from standfast.evidence.codec import kind_type
from standfast.evidence.contract import Collector, Importer
from standfast.model import Evidence


class FoundImporter(msgspec.Struct, frozen=True):
    """An importer and the kind whose folder it is in."""

    kind: str
    format: str
    module: Importer


class FoundCollector(msgspec.Struct, frozen=True):
    """A collector under the name ``<kind>.<module>``, which is its own."""

    name: str
    module: Collector


@cache
def kinds() -> tuple[str, ...]:
    """Return the names of all evidence kinds."""
    root = files("standfast.evidence")
    return tuple(sorted(entry.name for entry in root.iterdir() if entry.joinpath("schema.py").is_file()))


def kind_types() -> dict[str, type[Evidence]]:
    """Return the schema of every evidence kind by its name."""
    return {kind: kind_type(kind) for kind in kinds()}


@cache
def importers() -> tuple[FoundImporter, ...]:
    """Return every importer, by kind and module name."""
    return tuple(
        FoundImporter(kind, name, cast(Importer, _module(kind, "importers", name)))
        for kind in kinds()
        for name in _modules(kind, "importers")
    )


@cache
def collectors() -> tuple[FoundCollector, ...]:
    """Return every collector, by kind and module name."""
    return tuple(
        FoundCollector(f"{kind}.{name}", cast(Collector, _module(kind, "collectors", name)))
        for kind in kinds()
        for name in _modules(kind, "collectors")
    )


def _module(kind: str, folder: str, name: str) -> ModuleType:
    file = files("standfast.evidence").joinpath(kind, folder, f"{name}.py")
    return module_in(file, f"standfast.evidence.{kind}.{folder}.{name}")


def _modules(kind: str, folder: str) -> Iterator[str]:
    place = files("standfast.evidence").joinpath(kind, folder)
    if place.is_dir():
        names = (entry.name for entry in place.iterdir())
        yield from sorted(name.removesuffix(".py") for name in names if name.endswith(".py") and name[0] != "_")
