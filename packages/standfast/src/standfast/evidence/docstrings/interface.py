"""Follow the names that public modules pass on from private ones, so that the whole public interface is counted."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One finding of a scan; ``accepted`` is the reason that the source gives for it."""

    path: str
    line: int
    rule: str
    message: str
    name: str = ""
    accepted: str = ""


class PassedOn(msgspec.Struct, frozen=True):
    """A name that a module imports and passes on; ``*`` for all of them."""

    origin: str
    name: str
    called: str


class Hidden(msgspec.Struct, frozen=True):
    """What one name at the top of a private module holds: so many public names, and those not documented."""

    name: str
    public: int
    findings: list[Row]


class ScannedNames(msgspec.Struct, frozen=True):
    """What the scan says of the names of one module; ``hidden`` is filled for private ones only."""

    module: str
    is_hidden: bool
    declared: list[str] | None
    passed_on: list[PassedOn]
    hidden: list[Hidden]


def passed_on(modules: Sequence[ScannedNames]) -> Iterator[Hidden]:
    """Yield each name of a private module that a public one passes on, directly or through others, once."""
    index = _index(modules)
    waiting = [one for module in modules if not module.is_hidden for one in module.passed_on]
    asked: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], Hidden] = {}
    while waiting:
        wanted = waiting.pop()
        target = index.get(wanted.origin)
        if target is None or (target.module, wanted.name) in asked:
            continue
        asked.add((target.module, wanted.name))
        names = _open_names(target) if wanted.name == "*" else frozenset({wanted.name})
        found |= {(target.module, one.name): one for one in target.hidden if one.name in names}
        waiting += [further for one in target.passed_on for further in _further(one, names, wanted.name)]
    yield from found.values()


def _further(one: PassedOn, names: frozenset[str], wanted: str) -> Iterator[PassedOn]:
    if one.called in names:
        yield one
    elif one.called == "*":
        yield msgspec.structs.replace(one, name=wanted)


def _open_names(module: ScannedNames) -> frozenset[str]:
    """Return what ``from module import *`` brings."""
    if module.declared is not None:
        return frozenset(module.declared)
    return frozenset({*(one.name for one in module.hidden), *(one.called for one in module.passed_on)})


def _index(modules: Iterable[ScannedNames]) -> dict[str, ScannedNames]:
    """Return the private modules by path, and by each end of it after a ``/``."""
    found: dict[str, ScannedNames] = {}
    for module in modules:
        if module.is_hidden:
            parts = module.module.split("/")
            found[module.module] = module
            for start in range(len(parts)):
                found.setdefault("/" + "/".join(parts[start:]), module)
    return found
