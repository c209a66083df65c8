"""Lists of deployments as spreadsheets and systems write them are compared, or refused, and never half read."""

import csv
import json
import tracemalloc
from pathlib import Path

import auditing as verify
import pytest
from audit_bundles import Audited, judged, sessions
from command_line import Ran
from ledger_story import FIRST

from standfast.app.export.auditor.deployments import compared

SCOPE = verify.Scope("2026-01-01", "2026-12-31", "", 0, 0)
LOGGED = {"deployment": "d-1", "artifact": "", "commit": FIRST, "service": "pay", "environment": "production"}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return a ledger of two sessions, each with a deployment."""
    return Audited(tmp_path_factory.mktemp("listed")).append(sessions(2))


@pytest.fixture(scope="module")
def bundle(audited: Audited) -> Path:
    """Return its bundle."""
    return audited.exported()


def against(audited: Audited, bundle: Path, folder: Path, content: bytes) -> Ran:
    """Compare with a list of that content."""
    listing = folder / "deployments.csv"
    listing.write_bytes(content)
    return judged("population", bundle, "--policy", audited.policy, "--against", listing)


ROWS = f"{FIRST},production\n" * 2
SAME = {
    "plain": f"commit,environment\n{ROWS}",
    "byte order mark": f"\ufeffcommit,environment\n{ROWS}",
    "semicolons": f"commit;environment\n{ROWS.replace(',', ';')}",
    "tabs": f"commit\tenvironment\n{ROWS.replace(',', chr(9))}",
    "carriage returns": f"commit,environment\r\n{ROWS}".replace("\n", "\r\n").replace("\r\r", "\r"),
    "capitals and spaces": f" Commit , Environment \n{ROWS.upper()}",
    "quoted": "commit,environment\n" + f'"{FIRST}","production"\n' * 2,
    "empty lines": f"commit,environment\n\n{ROWS}\n,\n",
    "offset": f"commit,at\n{FIRST},2027-01-01T00:30:00+02:00\n{FIRST},2026-01-06\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_same_deployments_in_any_form_are_proven(audited: Audited, bundle: Path, tmp_path: Path, text: str) -> None:
    """What spreadsheets do to a list, and times with an offset, change nothing about it."""
    ran = against(audited, bundle, tmp_path, text.encode())

    assert (ran.code, "matched: 2; in your list, outside the period: 0" in ran.out) == (0, True), ran


HOSTILE = {
    "time of another form": b"commit,at\na,06.01.2026\n",
    "time that is none": b"commit,at\na,yesterday\n",
    "more cells than titles": b"commit,environment\na,production,x\n",
    "title twice": b"commit,commit\na,b\n",
    "only a title": b"commit,environment\n\n",
    "open quote": b'commit,environment\n"a,production\n',
    "UTF-16": "commit,environment\na,b\n".encode("utf-16"),
    "huge cell": b"commit,environment\n" + b"a" * 200_000 + b",b\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_doubtful_list_is_refused(audited: Audited, bundle: Path, tmp_path: Path, content: bytes) -> None:
    """What could hide a deployment compares nothing, and is said in one line."""
    ran = against(audited, bundle, tmp_path, content)

    assert (ran.code, ran.err, "NOT CHECKED  refused" in ran.out) == (3, "", True), ran


def test_row_that_is_there_twice_needs_two_deployments(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """A third row for two deployments is one that nobody logged."""
    ran = against(audited, bundle, tmp_path, f"commit,environment\n{ROWS}{FIRST},production\n".encode())

    assert (ran.code, "deployed but not logged: 1" in ran.out) == (1, True), ran


def test_formula_in_a_list_is_text(audited: Audited, bundle: Path, tmp_path: Path) -> None:
    """What a spreadsheet would run, or a terminal obey, is shown as the text that it is."""
    ran = against(audited, bundle, tmp_path, b"commit,environment\n=cmd|'/C calc'!A0,\x1b[2J\n")

    assert (ran.code, "\x1b" in ran.out, "\\x1b[2j" in ran.out) == (1, False, True), ran


def test_long_list_is_read_row_by_row(tmp_path: Path) -> None:
    """The memory that a list takes does not grow with its rows; all of them are counted, and the first are told."""
    listing = tmp_path / "long.csv"
    count = 200_000
    with listing.open("w") as rows:
        rows.write("commit,environment\n")
        rows.writelines(f"{number:040x},production\n" for number in range(count))
    tracemalloc.start()

    found = compared(listing, [{**LOGGED, "started_at": "2026-01-06T09:00:00"}], SCOPE)

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.matched, found.unlogged, len(found.not_logged), found.undeployed) == (0, count, 1000, 1)
    assert most < 3_000_000


def test_list_of_ours_holds_no_formula(bundle: Path) -> None:
    """No cell of the population begins like a formula, holds a quote, or a separator of a spreadsheet."""
    text = (bundle / "population.csv").read_text()
    rows = list(csv.reader(text.splitlines()))

    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert not set(text) & set(";\"'\t\r")
    assert [row["id"] for row in json.loads((bundle / "population.json").read_text())] == [row[0] for row in rows[1:]]
