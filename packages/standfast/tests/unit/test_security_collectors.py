"""What the collectors of security evidence plan, and how they take what their tools left."""

import contextlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from standfast.evidence.card_data.collectors import data_scan
from standfast.evidence.card_data.scan import Scan, Scanned, scan_text
from standfast.evidence.card_data.schema import CardData
from standfast.evidence.contract import Inapplicable, Plan, Project, ToolRun, TrackedFile
from standfast.evidence.infrastructure.collectors import checkov, hadolint
from standfast.evidence.locked_packages.collectors import lock_files
from standfast.evidence.personal_data.schema import PersonalData
from standfast.evidence.pipeline_findings.collectors import zizmor
from standfast.evidence.runs.texts import TextFile, Texts
from standfast.evidence.sbom.collectors import cyclonedx_py, npm_sbom
from standfast.evidence.sbom.schema import Sbom
from standfast.evidence.secrets.collectors import detect_secrets
from standfast.evidence.vex.collectors import vex_files
from standfast.evidence.vulnerabilities.collectors import npm_audit, pip_audit
from standfast.model import EvidenceError, Profile, Subject

COLLECTORS: list[ModuleType] = [
    *(pip_audit, npm_audit, cyclonedx_py, npm_sbom, detect_secrets, hadolint, checkov, zizmor),
    *(lock_files, data_scan, vex_files),
]
TOOLS = [pip_audit, npm_audit, cyclonedx_py, npm_sbom, detect_secrets, hadolint, checkov, zizmor]


def project(*paths: str, **more: Any) -> Project:
    """Return a project with those tracked files, at ``/p``."""
    given: dict[str, Any] = {"python": None, "tools": {}, "settings": {}, "scratch": "/scratch", **more}
    return Project(
        root="/p",
        files=tuple(TrackedFile(path, "0" * 40, 10) for path in paths),
        profile=Profile(),
        subject=Subject(repository="pay", tree="t"),
        **given,
    )


def left(plan: Plan, **more: Any) -> ToolRun:
    """Return a run of *plan* that left those things."""
    given: dict[str, Any] = {"exit_status": 0, "stdout": b"", "stderr": b"", "outputs": {}, **more}
    return ToolRun(plan=plan, version="1.0", duration_s=1.0, **given)


EVERYTHING = project(
    *("requirements.txt", "package.json", "package-lock.json", "src/a.py", "Dockerfile", "main.tf"),
    *(".github/workflows/ci.yml", ".secrets.baseline", "docs/vex/a.json"),
    python="/p/.venv/bin/python",
)


def planned(module: Any, where: Project = EVERYTHING) -> Plan:
    """Return the plan of a collector that has one."""
    plan = module.plan(where)
    assert isinstance(plan, Plan), plan
    return plan


@pytest.mark.parametrize("module", COLLECTORS, ids=lambda module: str(module.TOOL.name))
def test_nothing_to_look_at_is_said(module: Any) -> None:
    """In a project without a file for it, a collector says why it has nothing to do."""
    found = module.plan(project())

    assert isinstance(found, Inapplicable)
    assert found.reason


@pytest.mark.parametrize("module", COLLECTORS, ids=lambda module: str(module.TOOL.name))
def test_status_that_the_tool_does_not_use_is_a_crash(module: Any) -> None:
    """An exit status outside the tool's table is never read as "nothing found"."""
    with pytest.raises(EvidenceError, match="exit status 99"):
        module.interpret(left(planned(module), exit_status=99, stdout=b"{}"), EVERYTHING)


@pytest.mark.parametrize("module", TOOLS, ids=lambda module: str(module.TOOL.name))
@pytest.mark.parametrize("stdout", [b"", b"\n", b"Traceback (most recent call last):", b"{}", b"[", b"null"])
def test_run_without_a_report_is_refused(module: Any, stdout: bytes) -> None:
    """A tool that ended well and left no report has not looked at anything."""
    with pytest.raises(EvidenceError):
        module.interpret(left(planned(module), stdout=stdout), EVERYTHING)


@pytest.mark.parametrize("module", TOOLS, ids=lambda module: str(module.TOOL.name))
def test_run_that_was_ended_is_refused(module: Any) -> None:
    """A tool that the time bound ended, or whose output was cut off, proves nothing."""
    for end in ({"timed_out": True, "exit_status": None}, {"truncated": True}):
        with pytest.raises(EvidenceError):
            module.interpret(left(planned(module), stdout=b"[]", **end), EVERYTHING)


def test_tools_that_need_the_network_say_so() -> None:
    """Only what asks a vulnerability service uses the network."""
    assert [module.TOOL.name for module in TOOLS if module.TOOL.network] == ["pip-audit", "npm"]


def test_pip_audit_reads_every_requirements_file() -> None:
    """All locked requirements are looked up; those of tests and of other projects are not."""
    plan = planned(pip_audit, project("requirements.txt", "requirements/dev.txt", "tests/requirements.txt", "a.py"))

    assert plan.inputs == ("requirements.txt", "requirements/dev.txt")
    assert {"--no-deps", "--disable-pip"} <= set(plan.argv)
    assert (plan.argv[-1], plan.also["requirements/dev.txt"][-1]) == plan.inputs


def test_requirements_files_may_disagree() -> None:
    """Each file is looked up by itself, because two may pin two versions; what both pin alike counts once."""
    where = project("requirements.txt", "requirements/dev.txt", "a.py")

    def report(*versions: str) -> bytes:
        rows = [{"name": "a", "version": version, "vulns": [{"id": f"V-{version}"}]} for version in versions]
        return json.dumps({"dependencies": rows, "fixes": []}).encode()

    run = left(planned(pip_audit, where), stdout=report("1"), outputs={"requirements/dev.txt": report("1", "2")})
    (reading,) = pip_audit.interpret(run, where)

    assert reading.body.examination.examined == 2
    assert [item.rule for item in reading.body.items.listed] == ["V-1", "V-2"]


def test_pip_audit_looks_at_the_environment_where_nothing_is_locked(tmp_path: Path) -> None:
    """Without a requirements file the project's own environment is looked up, not pip-audit's; it needs no pip."""
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("lib")
    plan = planned(pip_audit, project("a.py", python=f"{tmp_path}/bin/python"))

    assert plan.argv[1:3] == ("--path", str(packages))
    assert plan.argv.count("--path") == 1


def test_pip_audit_never_audits_itself_instead(tmp_path: Path) -> None:
    """An environment without a folder of packages is not looked up at all."""
    assert isinstance(pip_audit.plan(project("a.py", python=f"{tmp_path}/bin/python")), Inapplicable)


def test_mirror_that_knows_no_package_leaves_the_scan_incomplete() -> None:
    """pip-audit that skipped every package ends with 0; the reading says that nothing was examined."""
    report = {"dependencies": [{"name": "a", "skip_reason": "not found on PyPI"}], "fixes": []}

    (reading,) = pip_audit.interpret(left(planned(pip_audit), stdout=json.dumps(report).encode()), EVERYTHING)

    assert reading.body.examination.shortfalls() == (
        "no packages were examined (a: not found on PyPI)",
        "1 packages were skipped (a: not found on PyPI)",
    )


def test_registry_that_refuses_the_request_is_an_error() -> None:
    """Npm prints an error object where the registry does not answer; it is never a clean report."""
    refused = b'{"message": "405 Method Not Allowed", "error": {"summary": "", "detail": ""}}'

    with pytest.raises(EvidenceError, match="405 Method Not Allowed"):
        npm_audit.interpret(left(planned(npm_audit), exit_status=1, stdout=refused), EVERYTHING)


def test_bill_made_from_requirements_says_nothing_about_licences() -> None:
    """Only an environment knows licences: their absence from a requirements file is no finding."""
    bill = b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "a", "version": "1"}]}'
    without = project("requirements.txt", "a.py")

    kinds = [
        [
            reading.body.KIND
            for reading in cyclonedx_py.interpret(left(planned(cyclonedx_py, where), stdout=bill), where)
        ]
        for where in (EVERYTHING, without)
    ]

    assert kinds == [["sbom", "licences"], ["sbom"]]


@pytest.mark.parametrize(
    "odd",
    [
        {"components": [True]},
        {"components": [{"name": "a", "bom-ref": []}]},
        {"components": [{"name": "a", "externalReferences": [None]}]},
        {"components": [{"name": "a", "externalReferences": 7}]},
        {"dependencies": [{"ref": ["a"]}]},
        {"dependencies": 1},
        {"components": None},
    ],
    ids=json.dumps,
)
def test_bill_of_another_shape_is_refused_by_whoever_reads_it(odd: dict[str, object]) -> None:
    """What stands where a part should is an error of ours, or is read as the importer reads it; never a traceback."""
    told = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [], "dependencies": [], **odd}
    run = left(planned(cyclonedx_py), stdout=json.dumps(told).encode())
    kinds = []
    with contextlib.suppress(EvidenceError):  # any other error fails the test
        kinds = [reading.body.KIND for reading in cyclonedx_py.interpret(run, EVERYTHING)]

    assert kinds in ([], ["sbom", "licences"])


def test_bill_is_about_the_project_and_does_not_list_it() -> None:
    """What is installed from the project's own folder is no part of it; what comes from beside it is."""

    def installed(name: str, folder: str) -> dict[str, object]:
        return {
            "name": name,
            "bom-ref": name,
            "externalReferences": [{"type": "distribution", "url": f"file://{folder}"}],
        }

    parts = [installed("pay", "/p"), installed("lib", "/p/lib"), installed("other", "/pay"), {"name": "plain"}]
    needs = [{"ref": "pay", "dependsOn": ["lib"]}, {"ref": "lib"}]
    told = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts, "dependencies": needs}
    bill = json.dumps(told).encode()

    found, _ = cyclonedx_py.interpret(left(planned(cyclonedx_py), stdout=bill), EVERYTHING)

    assert isinstance(found.body, Sbom)
    assert [one.name for one in found.body.components] == ["lib", "other", "plain"]
    assert found.body.disagreements == ()


def test_secret_scanner_names_every_text_file() -> None:
    """Each tracked text file is named, the baseline is read and not scanned, pictures are left out."""
    plan = planned(detect_secrets, project("a.py", "b.md", "logo.png", ".secrets.baseline"))

    assert plan.argv[-2:] == ("a.py", "b.md")
    assert plan.reads == (".secrets.baseline",)
    assert plan.expected == 2


def test_secret_that_the_baseline_audits_is_suppressed() -> None:
    """A finding that a person audited as no secret is suppressed; the others stay open."""

    def found(**more: object) -> dict[str, object]:
        return {"type": "Secret Keyword", "hashed_secret": "ab" * 20, "line_number": 3, **more}

    report = {"plugins_used": [], "results": {"a.py": [found(), {**found(), "hashed_secret": "cd" * 20}]}}
    baseline = {"plugins_used": [], "results": {"a.py": [found(is_secret=False)]}}
    run = left(
        planned(detect_secrets),
        stdout=json.dumps(report).encode(),
        outputs={".secrets.baseline": json.dumps(baseline).encode()},
    )

    (reading,) = detect_secrets.interpret(run, EVERYTHING)

    assert {name: fact.value for name, fact in reading.body.facts().items() if fact.value} == {
        "secrets.open": 1,
        "secrets.unknown": 1,
        "secrets.suppressed": 1,
    }
    assert reading.body.examination.examined == run.plan.expected


def test_secret_scanner_that_complains_is_not_believed() -> None:
    """detect-secrets that could not list the files says so on stderr only, and ends with 0."""
    run = left(
        planned(detect_secrets), stdout=b'{"plugins_used": [], "results": {}}', stderr=b"fatal: not a git repository"
    )

    with pytest.raises(EvidenceError, match="not a git repository"):
        detect_secrets.interpret(run, EVERYTHING)


def test_clean_linters_say_how_much_they_looked_at() -> None:
    """An empty list of findings comes with the number of files that were looked at."""
    (container,) = hadolint.interpret(left(planned(hadolint), stdout=b"[]"), EVERYTHING)
    (pipeline,) = zizmor.interpret(
        left(planned(zizmor), stdout=b"[]", stderr=b"INFO audit: completed .github/workflows/ci.yml"), EVERYTHING
    )

    assert (container.body.examination.examined, pipeline.body.examination.examined) == (1, 1)
    assert not container.body.examination.shortfalls() + pipeline.body.examination.shortfalls()


def test_workflow_that_was_not_completed_was_not_examined() -> None:
    """Zizmor skips a workflow that it cannot parse: the examination is short of it."""
    (reading,) = zizmor.interpret(left(planned(zizmor), stdout=b"[]"), EVERYTHING)

    assert reading.body.examination.shortfalls()


def test_checkov_that_found_no_infrastructure_says_nothing() -> None:
    """The totals that checkov prints when it recognised no file are no clean report."""
    nothing = (
        b'{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0, "checkov_version": "3"}'
    )

    assert checkov.interpret(left(planned(checkov), stdout=nothing), EVERYTHING) == ()


def scanned(*files: Scanned, record: bytes | None = None) -> ToolRun:
    """Return a run of the data scan that left *files*."""
    paths = [file.path for file in files] + (["record-of-processing.toml"] if record is not None else [])
    plan = planned(data_scan, project(*paths))
    more = (Scanned("record-of-processing.toml"),) if record is not None else ()
    outputs = {"record-of-processing.toml": record} if record else {}
    return left(plan, stdout=msgspec.json.encode(Scan((*files, *more))), outputs=outputs)


def test_data_scan_joins_fields_with_the_record() -> None:
    """One scan gives card data and personal data; fields of tests are not the product's."""
    source = "class P(Base):\n    email = Column(String)\n    card_number = Column(String)\n"
    record = b'[[field]]\nname = "P.email"\n'

    readings = data_scan.interpret(
        scanned(scan_text("src/m.py", source), scan_text("tests/m.py", source), record=record), EVERYTHING
    )

    cards, people = (reading.body for reading in readings)
    assert isinstance(cards, CardData)
    assert isinstance(people, PersonalData)
    assert (cards.stored_fields, people.field_count, people.unrecorded_count, people.row_count) == (1, 1, 0, 1)


def test_data_scan_of_other_files_is_refused() -> None:
    """A scan that left out a file is no scan of the project."""
    run = scanned(Scanned("a.py"), Scanned("b.py"))

    with pytest.raises(EvidenceError, match="1 files were read, 2 were asked for"):
        data_scan.interpret(
            msgspec.structs.replace(run, stdout=msgspec.json.encode(Scan((Scanned("a.py"),)))), EVERYTHING
        )


def test_source_that_cannot_be_parsed_leaves_the_scan_incomplete() -> None:
    """A field in a file that cannot be parsed is not absent."""
    readings = data_scan.interpret(scanned(scan_text("src/m.py", "class A(Base:\n")), EVERYTHING)

    assert all(reading.body.examination.errors == 1 for reading in readings)


def test_record_that_cannot_be_read_is_refused() -> None:
    """A record of processing with a mistake is never an empty one."""
    with pytest.raises(EvidenceError, match="not a record of processing"):
        data_scan.interpret(scanned(Scanned("a.py"), record=b"field = 1"), EVERYTHING)


def vex_run(*texts: str) -> ToolRun:
    """Return a run that read VEX files of those texts."""
    paths = [f"vex/{index}.json" for index in range(len(texts))]
    read = tuple(TextFile(path, text=text) for path, text in zip(paths, texts, strict=True))
    return left(planned(vex_files, project(*paths)), stdout=msgspec.json.encode(Texts(read)))


OPENVEX = '{"@context": "https://openvex.dev/ns/v0.2.0", "author": "ana", "timestamp": "", "statements": []}'
CYCLONEDX = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [{"id": "CVE-1", "analysis": {}}]}'


def test_tracked_vex_documents_are_collected() -> None:
    """Every tracked VEX document is a statement of its own, in either form."""
    found = vex_files.interpret(vex_run(OPENVEX, CYCLONEDX), EVERYTHING)

    assert [reading.body.KIND for reading in found] == ["vex", "vex"]


@pytest.mark.parametrize("text", ["{}", "", '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}'])
def test_file_that_is_no_vex_document_is_refused(text: str) -> None:
    """A file in the folder of VEX documents that is none is never taken for an empty one."""
    with pytest.raises(EvidenceError):
        vex_files.interpret(vex_run(OPENVEX, text), EVERYTHING)


@pytest.mark.parametrize(
    ("pyproject", "named"),
    [(b'[project]\nname = "pay"\n', True), (b"[build-system]\nrequires = []\n", False), (b"[project\n", False)],
)
def test_bill_names_the_project_where_its_metadata_stands_in_pyproject(pyproject: bytes, *, named: bool) -> None:
    """cyclonedx-py is pointed to pyproject.toml only where that has the table of metadata, without which it fails."""
    where = project("a.py", "pyproject.toml", python="/p/.venv/bin/python", configuration={"pyproject.toml": pyproject})

    assert ("--pyproject" in planned(cyclonedx_py, where).argv) is named
