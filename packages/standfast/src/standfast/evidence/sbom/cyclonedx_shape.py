"""The shape of a CycloneDX document, as far as it is read."""

import msgspec

from standfast.evidence.licences.expression import joined
from standfast.evidence.wording.purl import Package, package_of, parse_purl


class License(msgspec.Struct, frozen=True):
    """A licence by id or by name."""

    id: str = ""
    name: str = ""


class LicenseChoice(msgspec.Struct, frozen=True):
    """One entry of a component's licences."""

    license: License | None = None
    expression: str = ""


class Property(msgspec.Struct, frozen=True):
    """A name and a value."""

    name: str = ""
    value: str = ""


class Part(msgspec.Struct, frozen=True, rename={"ref": "bom-ref"}):
    """A component, which may hold others."""

    name: str
    type: str = "library"
    group: str = ""
    version: str = ""
    purl: str = ""
    ref: str = ""
    scope: str = ""
    hashes: tuple[msgspec.Raw, ...] = ()
    licenses: tuple[LicenseChoice, ...] = ()
    components: tuple["Part", ...] = ()
    properties: tuple[Property, ...] = ()

    @property
    def full_name(self) -> str:
        """The name with its group."""
        return f"{self.group}/{self.name}" if self.group else self.name

    @property
    def licence(self) -> str:
        """One licence expression for all entries."""
        return joined(
            choice.expression or (choice.license.id or choice.license.name if choice.license else "")
            for choice in self.licenses
        )

    @property
    def dev(self) -> bool:
        """Whether it is marked as not delivered."""
        marked = any(one.name.endswith(":package:development") and one.value == "true" for one in self.properties)
        return marked or self.scope == "excluded"

    def package(self) -> Package:
        """Return the package that it is."""
        return parse_purl(self.purl) or package_of("generic", self.full_name, self.version)


class Tool(msgspec.Struct, frozen=True):
    """A tool that worked on the document."""

    name: str = ""
    version: str = ""


class Tools(msgspec.Struct, frozen=True):
    """Tools, as they are listed since version 1.5."""

    components: tuple[Tool, ...] = ()


class Person(msgspec.Struct, frozen=True):
    """An author."""

    name: str = ""


class Metadata(msgspec.Struct, frozen=True):
    """What the document says about itself."""

    timestamp: str = ""
    component: Part | None = None
    tools: Tools | tuple[Tool, ...] = ()
    authors: tuple[Person, ...] = ()
    supplier: Person | None = None
    manufacturer: Person | None = None

    @property
    def tool(self) -> tuple[str, str]:
        """Name and version of the first tool."""
        tools = self.tools.components if isinstance(self.tools, Tools) else self.tools
        return (tools[0].name, tools[0].version) if tools else ("cyclonedx", "")

    @property
    def author(self) -> str:
        """Who answers for the document, where it says."""
        people = (*self.authors, self.supplier, self.manufacturer)
        return next((one.name.strip() for one in people if one and one.name.strip()), "")


class Composition(msgspec.Struct, frozen=True):
    """Whether a list is complete."""

    aggregate: str = ""


class Dependency(msgspec.Struct, frozen=True, rename={"depends_on": "dependsOn"}):
    """What a component needs."""

    ref: str
    depends_on: tuple[str, ...] = ()


class Rating(msgspec.Struct, frozen=True):
    """How severe someone thinks it is."""

    severity: str = ""
    score: float | None = None
    method: str = ""


class Analysis(msgspec.Struct, frozen=True, rename="camel"):
    """What was concluded about a vulnerability."""

    state: str = ""
    justification: str = ""
    response: tuple[str, ...] = ()
    detail: str = ""
    first_issued: str = ""
    last_updated: str = ""


class Affect(msgspec.Struct, frozen=True):
    """A component that a vulnerability is in."""

    ref: str


class Same(msgspec.Struct, frozen=True):
    """Another name of a vulnerability."""

    id: str = ""


class Known(msgspec.Struct, frozen=True):
    """A vulnerability."""

    id: str = ""
    references: tuple[Same, ...] = ()
    ratings: tuple[Rating, ...] = ()
    affects: tuple[Affect, ...] = ()
    analysis: Analysis | None = None
    recommendation: str = ""
    description: str = ""


class Bom(msgspec.Struct, frozen=True):
    """The whole document; an absent list is None."""

    bomFormat: str  # noqa: N815  # the document's own key
    specVersion: str  # noqa: N815  # the document's own key
    metadata: Metadata = Metadata()
    components: tuple[Part, ...] | None = None
    dependencies: tuple[Dependency, ...] = ()
    compositions: tuple[Composition, ...] = ()
    vulnerabilities: tuple[Known, ...] | None = None
