"""Gates that run at the same time, each in a process of its own, share what a waiver may be used for."""

import json
from contextlib import ExitStack
from pathlib import Path

from background import background
from little_project import STANDFAST, clean_environment
from little_waivers import CONTROL, WaiverOffice


def test_last_use_goes_to_one_of_several_gates(tmp_path: Path) -> None:
    """Of three gates at once, two rest on a waiver for two verdicts; the third decides again, and says why."""
    office = WaiverOffice(tmp_path)
    office.granted(max_uses="2")
    environment = {**clean_environment(), **office.environment}
    command = (*STANDFAST, "gate", CONTROL, "--format", "json")

    with ExitStack() as stack:
        gates = [stack.enter_context(background(command, cwd=office.root, env=environment)) for _ in range(3)]
        results = [json.loads(gate.communicate(timeout=120)[0])["results"][0] for gate in gates]

    applied = [result["waivers"][0]["applied"] for result in results]
    (refused,) = [result for result in results if not result["waivers"][0]["applied"]]
    assert sorted(applied) == [False, True, True]
    assert "used 2 times" in refused["waivers"][0]["why"]
    assert (office.all_kinds().count("waiver.used"), office.all_kinds().count("waiver.expired")) == (2, 1)
