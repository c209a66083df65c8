"""The parts of a SARIF 2.1.0 log that are read, as types.

Everything may be absent or null: a fifth of the logs that tools write break the schema somewhere. What is missing is
judged in `sarif`, where missing never means clean.
"""

import msgspec


class _Part(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A part of a log; unknown members are ignored."""


class Message(_Part, frozen=True, gc=False, rename="camel"):
    """Text, or the id of a text of the rule with its arguments."""

    text: str | None = None
    markdown: str | None = None
    id: str | None = None
    arguments: list[str] | None = None


class ArtifactLocation(_Part, frozen=True, gc=False, rename="camel"):
    """Where a file is, in one of three ways."""

    uri: str | None = None
    uri_base_id: str | None = None
    index: int | None = None


class Region(_Part, frozen=True, gc=False, rename="camel"):
    """Where in a file."""

    start_line: int | None = None
    start_column: int | None = None


class PhysicalLocation(_Part, frozen=True, gc=False, rename="camel"):
    """A file and a region of it."""

    artifact_location: ArtifactLocation | None = None
    region: Region | None = None


class Place(_Part, frozen=True, gc=False, rename="camel"):
    """A location of a result."""

    physical_location: PhysicalLocation | None = None


class Suppression(_Part, frozen=True, gc=False, rename="camel"):
    """Why a result need not be acted on, and whether someone accepted that."""

    status: str | None = None
    justification: str | None = None


class ComponentReference(_Part, frozen=True, gc=False, rename="camel"):
    """Which extension of the tool a rule comes from."""

    index: int | None = None
    name: str | None = None


class RuleReference(_Part, frozen=True, gc=False, rename="camel"):
    """Which rule a result is of."""

    id: str | None = None
    index: int | None = None
    tool_component: ComponentReference | None = None


class Properties(
    msgspec.Struct, frozen=True, gc=False, rename={"score": "security-severity", "severity": "issue_severity"}
):
    """The properties that grade a rule or a result."""

    score: str | float | None = None
    tags: list[str] | None = None
    severity: str | None = None


class Result(_Part, frozen=True, gc=False, rename="camel"):
    """One thing that the tool says about the code."""

    rule_id: str | None = None
    rule_index: int | None = None
    rule: RuleReference | None = None
    kind: str | None = None
    level: str | None = None
    message: Message | None = None
    locations: list[Place] | None = None
    fingerprints: dict[str, str] | None = None
    partial_fingerprints: dict[str, str] | None = None
    baseline_state: str | None = None
    suppressions: list[Suppression] | None = None
    properties: Properties | None = None


class Configuration(_Part, frozen=True, gc=False, rename="camel"):
    """How a rule is set; ``enabled`` is true where it does not say."""

    level: str | None = None
    enabled: bool | None = None


class Descriptor(_Part, frozen=True, gc=False, rename="camel"):
    """A rule."""

    id: str = ""
    name: str | None = None
    short_description: Message | None = None
    message_strings: dict[str, Message] | None = None
    default_configuration: Configuration | None = None
    properties: Properties | None = None


class Component(_Part, frozen=True, gc=False, rename="camel"):
    """The tool itself, or an extension of it."""

    name: str = ""
    version: str | None = None
    semantic_version: str | None = None
    rules: list[Descriptor] | None = None


class ToolParts(_Part, frozen=True, gc=False, rename="camel"):
    """The tool and its extensions."""

    driver: Component
    extensions: list[Component] | None = None


class DescriptorReference(_Part, frozen=True, gc=False, rename="camel"):
    """Which notification this is."""

    id: str | None = None


class Notification(_Part, frozen=True, gc=False, rename="camel"):
    """Something the tool says about its own run."""

    level: str | None = None
    message: Message | None = None
    descriptor: DescriptorReference | None = None
    locations: list[Place] | None = None


class Invocation(_Part, frozen=True, gc=False, rename="camel"):
    """One run of the tool."""

    execution_successful: bool | None = None
    exit_code: int | None = None
    exit_signal_name: str | None = None
    process_start_failure_message: str | None = None
    end_time_utc: str | None = None
    working_directory: ArtifactLocation | None = None
    tool_execution_notifications: list[Notification] | None = None
    tool_configuration_notifications: list[Notification] | None = None


class Artifact(_Part, frozen=True, gc=False, rename="camel"):
    """A file that the log knows of."""

    location: ArtifactLocation | None = None
    roles: list[str] | None = None


class Provenance(_Part, frozen=True, gc=False, rename="camel"):
    """The commit that was analysed."""

    revision_id: str | None = None


class ExternalFiles(_Part, frozen=True, gc=False, rename="camel"):
    """Parts of the run that are stored elsewhere."""

    results: list[msgspec.Raw] | None = None


class Run(_Part, frozen=True, gc=False, rename="camel"):
    """What one tool found."""

    tool: ToolParts
    results: list[Result] | None = None
    invocations: list[Invocation] | None = None
    artifacts: list[Artifact] | None = None
    original_uri_base_ids: dict[str, ArtifactLocation] | None = None
    version_control_provenance: list[Provenance] | None = None
    external_property_file_references: ExternalFiles | None = None


class Log(_Part, frozen=True, gc=False, rename="camel"):
    """A whole file."""

    version: str | None = None
    runs: list[Run] | None = None


decoder = msgspec.json.Decoder(Log)
