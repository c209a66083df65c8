"""SARIF 2.1.0, of any tool: each run becomes evidence of the kind that its tool is for."""

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.codec import kind_type
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.sarif import SarifRun, read_runs
from standfast.evidence.lint.schema import Lint
from standfast.evidence.type_findings.schema import TypeFindings
from standfast.evidence.wording.severity import Graded
from standfast.model import Evidence, EvidenceError, Examination

FORMAT = Format(
    name="sarif",
    title="SARIF 2.1.0",
    produced_with={
        "any": "semgrep scan --sarif --output semgrep.sarif",
        "c": "gcc -fanalyzer -fdiagnostics-format=sarif-file main.c",
        "dotnet": "dotnet build -p:ErrorLog=build.sarif%2Cversion=2.1",
        "go": "gosec -fmt sarif -out gosec.sarif ./...",
        "java": "codeql database analyze db java-security-extended --format sarif-latest --output codeql.sarif",
        "javascript": "npx eslint --format @microsoft/eslint-formatter-sarif --output-file eslint.sarif .",
        "kotlin": "detekt --report sarif:detekt.sarif",
        "rust": "cargo clippy --message-format json | clippy-sarif > clippy.sarif",
    },
)

# The kind of evidence by the name of the tool; every other tool is held to be a scanner for weaknesses, which is
# the kind with the strictest limits.
_KINDS = {
    "lint": "biome checkstyle clippy detekt eslint flake8 golangci-lint ktlint markdownlint oxlint pmd "
    "psscriptanalyzer pylint rubocop ruff shellcheck stylelint swiftlint vulture",
    "type_findings": "basedpyright mypy pyrefly pyright tsc ty typescript",
    "secrets": "betterleaks detect-secrets ggshield gitleaks kingfisher noseyparker secretlint trufflehog",
    "infrastructure": "checkov hadolint kics kube-linter kube-score kubesec terrascan tflint tfsec",
    "pipeline_findings": "actionlint zizmor",
    "": "dependency-check govulncheck grype osv-scanner trivy",
}
_KIND_OF = {tool: kind for kind, tools in _KINDS.items() for tool in tools.split()}


def recognise(head: Head) -> bool:
    """Return whether this is a SARIF log: an object with runs and a version or a SARIF schema."""
    return head.shape == "object" and "runs" in head.keys and ("version" in head.keys or "sarif" in head.start.lower())


def read(data: bytes) -> tuple[Reading, ...]:
    """Return one reading for each run of the log.

    Raises:
        EvidenceError: The bytes are not a SARIF 2.1.0 log, or hold vulnerabilities of dependencies.
    """
    runs = read_runs(data)
    if not runs:
        nothing = CodeFindings(engine="", examination=Examination(unit="files", examined=0))
        return (Reading(body=nothing, tool="sarif", problems=("the log holds no run: nothing was analysed",)),)
    return tuple(_reading(run) for run in runs)


def _reading(run: SarifRun) -> Reading:
    return Reading(
        body=_body(run),
        tool=run.tool,
        version=run.version,
        produced_at=run.produced_at,
        revision=run.revision,
        problems=run.problems,
    )


def _body(run: SarifRun) -> Evidence:
    tool = run.tool.lower().replace(" ", "-")
    kind = _KIND_OF.get(tool, "code_findings")
    if kind == "":
        raise EvidenceError(
            "sarif-kind",
            f"the SARIF of {run.tool} mixes vulnerabilities of dependencies with other things, without their packages",
            hint=f"import the JSON report of {run.tool} instead",
        )
    if kind == "lint":
        return Lint.of(tool, run.findings, examination=run.examination)
    if kind == "type_findings":
        return TypeFindings.of(tool, run.findings, examination=run.examination)
    schema = kind_type(kind)
    if schema is CodeFindings:
        return CodeFindings.of(
            run.findings, examination=run.examination, engine=run.tool, scope=run.tool, rules=run.rules or None
        )
    if not issubclass(schema, Graded):
        raise EvidenceError("sarif-kind", f"the SARIF of {run.tool} cannot be taken as {kind}")
    return schema.of(run.findings, examination=run.examination, scope=run.tool)
