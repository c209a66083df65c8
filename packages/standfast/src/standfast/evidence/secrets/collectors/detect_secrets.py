"""detect-secrets over every tracked text file, each named so that none is left out unseen.

The project's ``.secrets.baseline`` is read, never written: what it audits as no secret is a suppressed finding.
``[collect.detect-secrets] disable_plugins`` names detectors that are not used; ``exclude`` leaves files out.
"""

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.outputs import printed_report
from standfast.evidence.secrets.importers.detect_secrets import audited, read
from standfast.evidence.secrets.schema import Secrets
from standfast.model import EvidenceError, Examination

TOOL = Tool(
    name="detect-secrets",
    kinds=("secrets",),
    requirement="detect-secrets==1.5.0",
    exits={0: "the scan ended"},
    version_argv=("--version",),
    options=("disable_plugins",),
)
_BASELINE = ".secrets.baseline"
_NO_TEXT = (
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".pdf", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".zip"),
    *(".gz", ".bz2", ".xz", ".whl", ".jar", ".class", ".so", ".dll", ".exe", ".pyc", ".mp3", ".mp4", ".wasm", ".bin"),
)
_MAX_ARGUMENTS = 1_500_000
"""Bytes of arguments that a process may be started with, with room to spare."""


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command; nothing that it finds is tried against a service."""
    files = tuple(path for path in inventory(project, "") if path != _BASELINE and not path.lower().endswith(_NO_TEXT))
    if not files:
        return Inapplicable("no text file is tracked")
    if sum(len(path.encode()) + 1 for path in files) > _MAX_ARGUMENTS:
        raise EvidenceError(
            "too-many-files",
            f"{len(files):,} files cannot be named in one command",
            hint="leave folders out with `exclude` in [collect.detect-secrets], or import a gitleaks report",
        )
    given = project.settings.get("disable_plugins", ())
    disabled = [str(name) for name in given] if isinstance(given, list | tuple) else []
    options = [word for name in disabled for word in ("--disable-plugin", name)]
    return Plan(
        argv=("detect-secrets", "scan", "--no-verify", *options, *files),
        inputs=(*files, _BASELINE) if project.has(_BASELINE) else files,
        reads=(_BASELINE,) if project.has(_BASELINE) else (),
        expected=len(files),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the secrets that were found; those that the baseline audits as none are suppressed."""
    reading = read(printed_report(run, TOOL))
    if run.stderr.strip():
        raise EvidenceError(
            "tool-failed", f"detect-secrets said: {run.stderr.decode('utf-8', 'replace').strip()[:300]}"
        )
    harmless = audited(run.outputs.get(_BASELINE, b""))
    findings = [
        msgspec.structs.replace(one, suppressed=harmless[one.fingerprint]) if one.fingerprint in harmless else one
        for one in reading.body.items.listed
    ]
    body = Secrets.of(findings, examination=Examination("files", examined=run.plan.expected))
    return (msgspec.structs.replace(reading, body=body),)
