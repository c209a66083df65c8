"""Seeded inputs: the same bytes on every machine.

``S25k``: SARIF 2.1.0, one run, 200 rules, 25,000 results, one location and fingerprint each, 3 % suppressed.
``J20k``: JUnit, 200 suites of 100 cases, 12 failures. ``C1k``: Cobertura, 1,000 classes of 200 lines.
``B5k``: CycloneDX 1.6, 5,000 components with hash, licence and three dependencies each.
"""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

SEED = 20260115


def sarif(results: int = 25_000, rules: int = 200) -> bytes:
    """Return a SARIF log with that many results, all warnings or notes."""
    rng = random.Random(SEED)
    names = [f"RULE{number:04}" for number in range(rules)]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "bench-scanner",
                        "version": "1.0.0",
                        "rules": [
                            {
                                "id": name,
                                "shortDescription": {"text": f"What {name} looks for"},
                                "fullDescription": {"text": "A longer sentence about it. " * 4},
                                "defaultConfiguration": {"level": "warning"},
                                "properties": {"security-severity": f"{rng.uniform(1, 6.9):.1f}"},
                            }
                            for name in names
                        ],
                    }
                },
                "invocations": [{"executionSuccessful": True, "exitCode": 0}],
                "artifacts": [{"location": {"uri": f"src/package{n // 50}/module{n}.py"}} for n in range(1000)],
                "results": [_result(rng, names, number) for number in range(results)],
            }
        ],
    }
    return json.dumps(log).encode()


def _result(rng: random.Random, names: list[str], number: int) -> dict[str, object]:
    index = rng.randrange(len(names))
    module = rng.randrange(1000)
    result: dict[str, object] = {
        "ruleId": names[index],
        "ruleIndex": index,
        "level": rng.choice(["warning", "warning", "note"]),
        "message": {"text": f"Value {number} flows into a place where it should not be used unchanged"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"src/package{module // 50}/module{module}.py", "index": module},
                    "region": {"startLine": rng.randrange(1, 900), "startColumn": rng.randrange(1, 80)},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{rng.getrandbits(64):016x}:1"},
    }
    if rng.random() < 0.03:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": "reviewed"}]
    return result


def junit(suites: int = 200, cases: int = 100, failures: int = 12) -> bytes:
    """Return a JUnit report with that many suites of that many cases."""
    rng = random.Random(SEED)
    failing = set(rng.sample(range(suites * cases), failures))
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>"]
    for suite in range(suites):
        wrong = sum(1 for number in failing if number // cases == suite)
        lines.append(f'<testsuite name="suite{suite}" tests="{cases}" failures="{wrong}" errors="0" skipped="0">')
        for case in range(cases):
            head = f'<testcase classname="tests.unit.test_{suite}" name="test_case_{case}" time="{rng.random():.3f}"'
            if suite * cases + case in failing:
                lines.append(f'{head}><failure message="assert 1 == 2">Traceback</failure></testcase>')
            else:
                lines.append(f"{head}/>")
        lines.append("</testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines).encode()


def cobertura(classes: int = 1000, lines: int = 200) -> bytes:
    """Return a Cobertura report with that many classes of that many lines, about 95 % of them covered."""
    rng = random.Random(SEED)
    body: list[str] = []
    covered = branches = branches_covered = 0
    for number in range(classes):
        body.append(
            f'<class name="module{number}" filename="src/module{number}.py" line-rate="0.95" branch-rate="0.9">'
        )
        body.append("<methods/><lines>")
        for line in range(1, lines + 1):
            hit = rng.random() < 0.95
            covered += hit
            if line % 10 == 0:
                taken = 2 if rng.random() < 0.9 else 1
                branches += 2
                branches_covered += taken
                condition = f'branch="true" condition-coverage="{taken * 50}% ({taken}/2)"'
                body.append(f'<line number="{line}" hits="{int(hit)}" {condition}/>')
            else:
                body.append(f'<line number="{line}" hits="{int(hit)}"/>')
        body.append("</lines></class>")
    total = classes * lines
    head = (
        f'<?xml version="1.0" ?><coverage line-rate="{covered / total:.4f}" '
        f'branch-rate="{branches_covered / branches:.4f}" '
        f'lines-valid="{total}" lines-covered="{covered}" branches-valid="{branches}" '
        f'branches-covered="{branches_covered}" version="7" timestamp="1768478400000">'
        '<packages><package name="src"><classes>'
    )
    return (head + "\n".join(body) + "</classes></package></packages></coverage>").encode()


def cyclonedx(components: int = 5000) -> bytes:
    """Return a CycloneDX 1.6 bill of materials with that many components."""
    rng = random.Random(SEED)
    licences = ["MIT", "Apache-2.0", "BSD-3-Clause", "ISC"]
    refs = [f"pkg:pypi/component-{number}@1.{number % 50}.0" for number in range(components)]
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": "urn:uuid:00000000-0000-4000-8000-000000000000",
            "version": 1,
            "metadata": {
                "timestamp": "2026-01-15T12:00:00Z",
                "tools": {"components": [{"type": "application", "name": "bench", "version": "1"}]},
                "component": {"type": "application", "name": "app", "version": "1", "bom-ref": "app"},
            },
            "components": [
                {
                    "type": "library",
                    "bom-ref": ref,
                    "name": f"component-{number}",
                    "version": f"1.{number % 50}.0",
                    "purl": ref,
                    "hashes": [{"alg": "SHA-256", "content": f"{rng.getrandbits(256):064x}"}],
                    "licenses": [{"license": {"id": rng.choice(licences)}}],
                }
                for number, ref in enumerate(refs)
            ],
            "dependencies": [{"ref": ref, "dependsOn": rng.sample(refs, 3)} for ref in refs],
        }
    ).encode()


INPUTS: dict[str, Callable[[], bytes]] = {
    "S25k.sarif": sarif,
    "J20k.junit.xml": junit,
    "C1k.cobertura.xml": cobertura,
    "B5k.cdx.json": cyclonedx,
}


def write(folder: Path) -> dict[str, Path]:
    """Write every input below *folder* and return their paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, make in INPUTS.items():
        paths[name] = folder / name
        paths[name].write_bytes(make())
    return paths


if __name__ == "__main__":
    write(Path(sys.argv[1]))
