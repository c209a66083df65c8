"""Cases as data: what is written and imported, and what the gate must answer."""

from collections.abc import Mapping

import msgspec
from little_project import Judged, Project

EXIT = {"pass": 0, "waived": 0, "warn": 0, "unknown": 3, "fail": 1, "error": 3}
"""The exit code of each status, from the best to the worst."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What is written, taken and asked, and the answer.

    ``answers`` is the status of each control that is asked; the exit code follows from the worst of them. ``said`` must
    stand in the reasons of the control that it is given for. ``refused`` must stand in what the import says: then
    nothing is taken. ``settings`` are added to the settings, ``flags`` are true in the profile, and ``files`` are added
    to the repository; all of that is committed first.
    """

    answers: Mapping[str, str]
    said: Mapping[str, str] = {}
    reports: Mapping[str, str | bytes] = {}
    refused: str = ""
    settings: str = ""
    flags: tuple[str, ...] = ()
    files: Mapping[str, str | bytes] = {}


def hold(case: Case, project: Project) -> Judged:
    """Do what *case* says in *project* and assert each of its answers."""
    if case.settings or case.flags or case.files:
        project.settings(case.settings, *case.flags)
        project.commit(case.files)
    if case.reports:
        taken = project.take(case.reports)
        assert (taken.code, case.refused in taken.said) == (3 if case.refused else 0, True), taken
        assert not case.refused or "hint:" in taken.err
    judged = project.judge(*case.answers)
    assert {control: judged.status(control) for control in case.answers} == dict(case.answers), judged.err
    for control, words in case.said.items():
        assert words in judged.why(control), judged.why(control)
    assert judged.code == EXIT[max(case.answers.values(), key=list(EXIT).index)]
    return judged
