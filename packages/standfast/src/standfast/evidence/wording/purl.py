"""Package URLs: one name for one package, whoever reports it."""

import re

import msgspec

_PURL = re.compile(r"pkg:/*(?P<type>[A-Za-z][A-Za-z0-9.+-]*)/(?P<rest>[^?#]+)")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_RUNS = re.compile(r"[-_.]+")
_SAFE = re.compile(r"[^A-Za-z0-9._~:/+-]")

# Names of ecosystems as advisories and scanners write them, and the type of their package URLs.
_TYPES = {
    "pypi": "pypi",
    "pip": "pypi",
    "python": "pypi",
    "python-pkg": "pypi",
    "npm": "npm",
    "node": "npm",
    "maven": "maven",
    "java-archive": "maven",
    "go": "golang",
    "golang": "golang",
    "go-module": "golang",
    "gomod": "golang",
    "crates.io": "cargo",
    "cargo": "cargo",
    "rust-crate": "cargo",
    "nuget": "nuget",
    "dotnet": "nuget",
    "rubygems": "gem",
    "gem": "gem",
    "packagist": "composer",
    "composer": "composer",
    "debian": "deb",
    "ubuntu": "deb",
    "deb": "deb",
    "alpine": "apk",
    "apk": "apk",
    "rpm": "rpm",
}


class Package(msgspec.Struct, frozen=True, order=True):
    """A package: type, name with its namespace (as its ecosystem compares names), and version or ``""``."""

    type: str
    name: str
    version: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Type and name: the package whatever its version."""
        return self.type, self.name

    @property
    def purl(self) -> str:
        """The package URL, without qualifiers."""
        version = f"@{_quoted(self.version)}" if self.version else ""
        return f"pkg:{self.type}/{_quoted(self.name)}{version}"


def package_of(ecosystem: str, name: str, version: str = "") -> Package:
    """Return the package of that *ecosystem* (as scanners write it) and *name*."""
    word = ecosystem.strip().lower().partition(":")[0]
    kind = _TYPES.get(word, word or "generic")
    if kind == "maven":
        name = name.replace(":", "/")
    return Package(kind, _normalised(kind, name.strip().strip("/")), version.strip())


def parse_purl(text: str) -> Package | None:
    """Return the package that *text*, a package URL, names; None where it is not one."""
    match = _PURL.match(text.strip())
    if match is None:
        return None
    namespace, slash, last = match["rest"].strip("/").rpartition("/")
    base, _, version = last.partition("@")
    kind = match["type"].lower()
    name = _unquoted(namespace + slash + base) if base else ""
    return Package(kind, _normalised(kind, name), _unquoted(version)) if name else None


def _normalised(kind: str, name: str) -> str:
    if kind == "pypi":
        return _RUNS.sub("-", name).lower()
    return name if kind in ("maven", "golang", "cargo", "generic") else name.lower()


def _unquoted(text: str) -> str:
    if "%" not in text:
        return text
    raw = _PERCENT.sub(lambda match: bytes([int(match[1], 16)]), text.encode())
    return raw.decode("utf-8", "replace")


def _quoted(text: str) -> str:
    return _SAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
