"""Load one of our many small modules without the packages around it."""

import sys
from importlib import import_module
from importlib.resources.abc import Traversable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def module_in(file: Traversable, name: str) -> ModuleType:
    """Return the module *name*, which *file* holds.

    Its packages are not imported for it: they hold nothing, and looking for hundreds of them takes longer than what
    they hold. Whoever imports it by name later gets the same module.
    """
    known = sys.modules.get(name)
    if known is not None:
        return known
    spec = spec_from_file_location(name, file) if isinstance(file, Path) else None
    if spec is None or spec.loader is None:
        return import_module(name)
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
