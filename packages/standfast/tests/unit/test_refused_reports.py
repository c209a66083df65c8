"""Reports that look like what they should be, and say something that nobody can take at its word."""

import re
from importlib.resources import files

import pytest

from standfast.app.collecting.importing import recognised
from standfast.app.modules.evidence_modules import importers
from standfast.evidence.contract import readings
from standfast.model import EvidenceError

CHANGED = {
    "a mutant of an unknown fate, PIT": ("mutation/pit.xml", "status='KILLED'", "status='BEWITCHED'", "BEWITCHED"),
    "a mutant of an unknown fate, Stryker": ("mutation/stryker.json", '"Killed"', '"Bewitched"', "Bewitched"),
    "a negative total, mutmut": ("mutation/mutmut.json", '"survived":2', '"survived":-2', "negative"),
    "an unknown status, OpenVEX": ("vex/openvex.json", '"not_affected"', '"harmless"', "'harmless' is not a status"),
    "an unknown version, CycloneDX": ("sbom/cyclonedx-1.6.json", '"1.6"', '"9.9"', "CycloneDX 9.9 is not one of"),
    "an unknown version, SPDX": ("sbom/spdx-2.3.json", "SPDX-2.3", "SPDX-9.9", "SPDX-9.9 is not one of"),
    "an unknown version, SPDX text": ("sbom/spdx-2.3.spdx", "SPDX-2.3", "SPDX-9.9", "SPDX-9.9 is not one of"),
    "a text without its end, SPDX text": (
        "sbom/spdx-2.3.spdx",
        "</text>",
        "",
        "the text of PackageCopyrightText does not end",
    ),
    "vulnerabilities where none are read, CycloneDX XML": (
        "sbom/cyclonedx-1.5.xml",
        "</bom>",
        "<vulnerabilities><vulnerability/></vulnerabilities></bom>",
        "vulnerabilities",
    ),
    "an unknown form, live probe": (
        "live_probe/live-probe.json",
        '"standfast_live_probe": 1',
        '"standfast_live_probe": 2',
        "form 2 is not known",
    ),
    "a probe twice, live probe": (
        "live_probe/live-probe.json",
        "session.ends_at_logout",
        "session.renewed_at_login",
        "reported twice",
    ),
    "a scan that met a problem, testssl": (
        "tls_scan/testssl.json",
        '"id": "SSLv2"',
        '"id": "scanProblem"',
        "not offered",
    ),
    "a number beyond every file, Go": ("coverage/cover.out", " 1\n", f" {'9' * 5000}\n", "a number that is too long"),
    "no final commit, GitLab": (
        "reviews/gitlab.json",
        '"sha": "5555555555555555555555555555555555555555"',
        '"sha": ""',
        "which commit is the final one",
    ),
    "a suite within a case, JUnit": (
        "test_results/pytest.xml",
        "</testcase>",
        "<testsuite/></testcase>",
        "inside of a case",
    ),
    "an external entity, JUnit": (
        "test_results/pytest.xml",
        "<testsuites",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><testsuites',
        "entit",
    ),
}


@pytest.mark.parametrize(("sample", "old", "new", "said"), CHANGED.values(), ids=CHANGED)
def test_report_that_contradicts_its_own_format_is_refused(sample: str, old: str, new: str, said: str) -> None:
    """A sound report of which one word was changed is refused, and the error quotes what is wrong with it."""
    kind, name = sample.split("/")
    data = files("standfast.evidence").joinpath(kind, "samples", name).read_bytes()
    importer = recognised(data, importers())
    changed = data.replace(old.encode(), new.encode(), 1)
    assert changed != data

    with pytest.raises(EvidenceError, match=re.escape(said)):
        readings(importer.module.read(changed))
