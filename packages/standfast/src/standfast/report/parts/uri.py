"""Paths of findings as URI references."""

from functools import lru_cache

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


@lru_cache(maxsize=4096)
def relative(path: str) -> str:
    """Return a relative POSIX *path* as a URI reference; everything that is not plain is percent-encoded."""
    raw = path.encode("utf-8", "surrogatepass")
    if _PLAIN.issuperset(raw):
        return path
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
