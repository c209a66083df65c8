"""Make a new control folder from the template: `python scripts/new_control.py backup_restored_recently`."""

import re
import sys
from pathlib import Path

CONTROLS = Path(__file__).parents[1] / "packages/standfast/src/standfast/controls"

FILES = {
    "__init__.py": '"""{title} holds."""\n',
    "control.toml": """title = "{title}"
clauses = ["mandatory_quality_gates.code_quality"]
why = "Say in one sentence what goes wrong without it."
remediation = "Say what to do, with the command."
effort = "medium"
enforcement = "draft"
evidence_from = "standfast gate code_quality"

[params.max_files]
tighter = "lower"

[mappings]
"NIST SSDF" = ["PW.7.2"]
""",
    "probe.py": '''"""Decide whether {wish}."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.schema import Coverage
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: number of files."""

    max_files: int = 1000


def probe(coverage: Coverage, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the measured number of files against its limit.

    Args:
        coverage: Lines per file.
        params: The limit.

    Clause:
        mandatory_quality_gates.code_quality
    """
    yield Measurement("coverage.files", len(coverage.files), Op.LE, params.max_files, Unit.COUNT)
''',
    "cases/exactly_at_the_limit.pass.json": """{{
  "params": {{ "max_files": 1 }},
  "evidence": {{
    "coverage": {{
      "examination": {{ "unit": "files", "examined": 1 }},
      "files": [{{ "path": "a.py", "lines": 1, "covered": 1 }}],
      "lines": 1,
      "lines_covered": 1
    }}
  }}
}}
""",
    "cases/one_over.fail.json": """{{
  "params": {{ "max_files": 0 }},
  "evidence": {{
    "coverage": {{
      "examination": {{ "unit": "files", "examined": 1 }},
      "files": [{{ "path": "a.py", "lines": 1, "covered": 1 }}],
      "lines": 1,
      "lines_covered": 1
    }}
  }}
}}
""",
}


def make(name: str, controls: Path = CONTROLS) -> Path:
    """Return the new folder of the control *name*, filled from the template.

    Raises:
        SystemExit: The name is not one, or the folder exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name):
        raise SystemExit(f"{name!r} is not a wished condition in snake_case, such as backup_restored_recently")
    folder = controls / name
    if folder.exists():
        raise SystemExit(f"{folder} exists")
    wish = name.replace("_", " ")
    for file, text in FILES.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(title=wish.capitalize(), wish=wish))
    return folder


if __name__ == "__main__":
    print(make(sys.argv[1] if len(sys.argv) == 2 else ""))
