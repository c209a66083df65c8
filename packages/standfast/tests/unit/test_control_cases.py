"""Every control decides its own cases as their file names say."""

from importlib.resources import files

import pytest

from standfast.app.modules.control_cases import Case, cases_of, run_case
from standfast.app.modules.discovery import bundled_controls
from standfast.gates.bind import Control
from standfast.model import Outcome

CONTROLS = bundled_controls()
CASES = [
    (control, case)
    for control in CONTROLS
    for case in cases_of(files(f"standfast.controls.{control.id.replace('-', '_')}"))
]


@pytest.mark.parametrize(("control", "case"), CASES, ids=[f"{control.id}-{case.name}" for control, case in CASES])
def test_case_has_the_outcome_its_name_says(control: Control, case: Case) -> None:
    """A case's outcome is the one that its file name says."""
    judgement = run_case(control, case)

    assert judgement.outcome is case.expected, (judgement.reasons, judgement.findings)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_control_has_a_case_that_passes_and_one_that_fails(control: Control) -> None:
    """Each control shows at least once how it is met and once how it is not."""
    outcomes = {case.expected for owner, case in CASES if owner.id == control.id}

    assert {Outcome.PASS, Outcome.FAIL} <= outcomes
