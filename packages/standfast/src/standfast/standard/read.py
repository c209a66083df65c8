"""Read one document of a standard in whichever form it is."""

from standfast.model import StandardError
from standfast.standard.document import Document
from standfast.standard.module_form import read_module
from standfast.standard.toml_form import read_toml

_READERS = {".toml": read_toml, ".md": read_module, ".markdown": read_module}

SUFFIXES = tuple(_READERS)
"""How the name of a standard's file may end."""


def read_document(data: bytes, source: str) -> Document:
    """Return what *data*, which comes from a file called *source*, says.

    Raises:
        StandardError: The name says neither form, or the bytes cannot be read in the form that it says.
    """
    for suffix, reader in _READERS.items():
        if source.lower().endswith(suffix):
            return reader(data, source)
    raise StandardError("standard-form", f"{source} is no standard", hint=f"its name ends in {' or '.join(SUFFIXES)}")
