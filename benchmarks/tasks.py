"""What is measured: each task gives one or more rows of the table."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from benchmarks import home, peers
from benchmarks.home import HOME, Ours
from benchmarks.measure import Command, Contender, Figures, Used, figures, in_turns, run, taken_in_turns
from benchmarks.peers import Peer
from benchmarks.realworld import projects as realworld
from benchmarks.realworld.facts import stated
from benchmarks.realworld.projects import tools_environment
from standfast.app.export.program import program

DECIDED = (0, 1, 3)
"""The gate decided: open, shut, or undecidable for lack of other evidence."""


@dataclass(frozen=True)
class Row:
    """One comparison: the figures of each side, ours first, and the bound that ours is to hold."""

    task: str
    sides: list[Figures]
    target: str = ""
    holds: bool | None = None


@dataclass(frozen=True)
class Bench:
    """What every task needs: our side, the inputs, and how many turns to take."""

    ours: Ours
    inputs: dict[str, Path]
    runs: int

    def in_turns(self, *contenders: Contender) -> list[Figures]:
        """Measure *contenders* in turns."""
        return in_turns(list(contenders), self.runs)


def start_up(bench: Bench) -> Iterator[Row]:
    """`--version` of everybody."""
    sides = bench.in_turns(
        Contender("standfast", (Command((bench.ours.standfast, "--version"), HOME),)),
        *(
            Contender(peer.title, (Command((_peer(peer), "--version"), HOME),))
            for peer in (peers.COLLECTOR, peers.SARIF_TOOLS)
        ),
    )
    yield Row("start-up: --version", sides, "under 0.15 s", sides[0].wall_s < 0.15)


def whole_verdict(bench: Bench) -> Iterator[Row]:
    """Four reports imported and judged, with every report format written."""
    project = home.repository("project", {"standfast.toml": home.SETTINGS, "README.md": "# Bench\n"})
    reports = HOME / "reports"
    taken = {name: path for name, path in bench.inputs.items() if not name.startswith("C1k")}
    sides = bench.in_turns(
        Contender(
            "standfast gate --import, all reports",
            (_gate(bench, project, *_imported(bench.inputs.values()), *_outputs(bench, reports)),),
            before=_fresh(project / ".standfast", reports),
        ),
        Contender(
            f"{peers.COLLECTOR.title} run, without coverage",
            (_collector(taken),),
            before=_fresh(HOME / "peer-output"),
        ),
    )
    yield Row(
        "whole verdict: S25k + J20k + C1k + B5k",
        sides,
        "under 1.0 s CPU and 100 MB",
        sides[0].cpu_s < 1.0 and sides[0].peak_mb < 100,
    )


def sarif(bench: Bench) -> Iterator[Row]:
    """A SARIF log of 25,000 results, from the file to the exit code."""
    project = home.repository("sarif-project", {"standfast.toml": home.SETTINGS, "README.md": "# Bench\n"})
    log = str(bench.inputs["S25k.sarif"])
    sides = bench.in_turns(
        Contender(
            "standfast gate --import",
            (_gate(bench, project, "--import", log),),
            before=_fresh(project / ".standfast"),
        ),
        Contender(
            f"{peers.SARIF_TOOLS.title} summary --check error",
            (Command((_peer(peers.SARIF_TOOLS), "--check", "error", "summary", log), HOME),),
        ),
    )
    yield Row("SARIF of 25,000 results, file to exit code", sides)


def unchanged(bench: Bench) -> Iterator[Row]:
    """Gate a project of about 50,000 lines again after nothing changed."""
    project = realworld.listed()["tornado"]
    realworld.prepare(project)
    if not (project.folder / "standfast.toml").exists():
        home.said(bench.ours.standfast, "init", "--root", str(project.folder), "--name", project.name)
    gate = Command((bench.ours.standfast, "gate"), project.folder, DECIDED, tools_environment())
    run(gate)
    sides = bench.in_turns(Contender(f"standfast gate, nothing changed ({project.name} {project.version})", (gate,)))
    yield Row("re-run on 51,000 lines of Python", sides, "under 1 s", sides[0].wall_s < 1)


def parallel(bench: Bench) -> Iterator[Row]:
    """Gate a project from nothing, and run its slowest tool alone by the same command."""
    project = realworld.listed()["tornado"]
    realworld.prepare(project)
    root = project.folder
    if not (root / "standfast.toml").exists():
        home.said(bench.ours.standfast, "init", "--root", str(root), "--name", project.name)
    store = root / ".standfast"
    gate = Command((bench.ours.standfast, "gate"), root, DECIDED, tools_environment())
    run(gate)
    scratch = HOME / "scratch"
    alone = Command(_alone(root, scratch), root, (0, 1), {"PYTHONDONTWRITEBYTECODE": "1"})
    few = in_turns(
        [
            Contender("standfast gate, every tool", (gate,), before=_fresh(store)),
            Contender("pytest with coverage alone", (alone,), before=_emptied(scratch)),
        ],
        max(bench.runs // 2, 1),
    )
    ratio = few[0].wall_s / few[1].wall_s
    yield Row(f"gate against its slowest tool: {ratio:.2f}x its wall time", few, "at most 1.15x", ratio <= 1.15)


def fleet(bench: Bench) -> Iterator[Row]:
    """Decide 10,000 services by 100 controls."""

    def side(name: str, word: str) -> Contender:
        argv = (sys.executable, "-m", "benchmarks.fleet", word, str(SERVICES))
        return Contender(name, (Command(argv, home.ROOT),))

    sides = in_turns(
        [
            side("standfast, the whole record of each", "ours"),
            side("common-expression-language 0.10, true or false", "peers"),
        ],
        max(bench.runs // 2, 1),
        told=lambda said: float(json.loads(said)["cpu_s"]),
    )
    target = "under 5 s CPU for the decisions"
    yield Row("10,000 services by 100 controls", sides, target, sides[0].cpu_s < 5)


def trees(bench: Bench) -> Iterator[Row]:
    """Grow a tree of a million leaves, prove and verify; ours proves from tiles, the peer from memory."""
    sides = [
        Contender("standfast", (Command((sys.executable, "-m", "benchmarks.trees.ours", str(LEAVES)), home.ROOT),)),
        Contender(
            f"{peers.PYMERKLE.title} in memory",
            (Command((_peer(peers.PYMERKLE), "benchmarks/trees/with_pymerkle.py", str(LEAVES)), home.ROOT),),
        ),
    ]
    taken = taken_in_turns(sides, max(bench.runs // 2, 1))
    for part, (task, target, most_s) in PARTS.items():
        found = [figures(name, _part(used, part)) for name, used in taken.items() if _part(used, part)]
        yield Row(task, found, target, found[0].cpu_s < most_s)


def appends(bench: Bench) -> Iterator[Row]:
    """Append durably to SQLite; ours signs each batch and anchors it, the peer does neither."""
    ours, theirs = HOME / "appends-ours", HOME / "appends-peer"
    peer = (_peer(peers.PYMERKLE), "benchmarks/appends/with_pymerkle.py", str(theirs))
    sides = [
        Contender(
            "standfast",
            (Command((sys.executable, "-m", "benchmarks.appends.ours", str(ours)), home.ROOT),),
            before=_emptied(ours),
        ),
        Contender(f"{peers.PYMERKLE.title} in SQLite", (Command(peer, home.ROOT),), before=_emptied(theirs)),
    ]
    taken = taken_in_turns(sides, max(bench.runs // 2, 1))
    for part, (task, target, most_s) in APPENDS.items():
        found = [figures(name, _timed_part(used, part)) for name, used in taken.items() if _timed_part(used, part)]
        yield Row(task, found, target, found[0].least_wall_s < most_s if target else None)


def appends_on_postgres(bench: Bench) -> Iterator[Row]:
    """Append durably to PostgreSQL; ours signs each batch and anchors it, a plain table is what the server can do."""
    support = {"PYTHONPATH": str(home.ROOT / "packages/standfast/tests/support")}
    sides = []
    for kind, name in (("ledger", "standfast"), ("table", "the same rows in one plain table, unsigned")):
        folder = HOME / f"appends-{kind}"
        argv = (sys.executable, "-m", "benchmarks.appends.on_postgres", kind, str(folder))
        sides.append(Contender(name, (Command(argv, home.ROOT, environment=support),), before=_emptied(folder)))
    taken = taken_in_turns(sides, max(bench.runs // 2, 1))
    for part, (task, target, most_s) in ON_POSTGRES.items():
        found = [figures(name, _timed_part(used, part)) for name, used in taken.items()]
        yield Row(task, found, target, found[0].least_wall_s < most_s if target else None)


def audits(bench: Bench) -> Iterator[Row]:
    """Verify an auditor's bundle of a million entries, whole and by sample; no peer has one."""
    folder = HOME / "audit"
    if not (folder / "bundle").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        argv = (sys.executable, "-m", "benchmarks.audits.bundle", str(folder), str(LEAVES))
        subprocess.run(argv, cwd=home.ROOT, check=True)
    policy = ("--policy", str(folder / "auditor.policy"))
    (folder / "verify.py").write_bytes(program())
    verifier = (sys.executable, str(folder / "verify.py"))
    listed = f"sha256:{sha256((folder / 'bundle/population.csv').read_bytes()).hexdigest()}"
    asked = (*policy, "--n", "45", "--seed", "bench", "--population", listed)
    for task, verb, words, target, most_s in (
        ("audit bundle of 1,000,000 entries verified", "verify", policy, "under 20 s CPU", 20.0),
        ("sample of 45 changes from it", "sample", asked, "under 1 s", 1.0),
    ):
        side = Contender("standfast", (Command((*verifier, verb, str(folder / "bundle"), *words), folder),))
        taken = taken_in_turns([side], max(bench.runs // 2, 1))
        found = [figures(name, used) for name, used in taken.items()]
        yield Row(task, found, target, found[0].least_cpu_s < most_s)


def _timed_part(used: list[Used], part: str) -> list[Used]:
    """Return the runs that say what *part* of them took, of processor and of wall clock, as if they were that alone."""
    said = [(one, json.loads(one.said)) for one in used]
    return [replace(one, cpu_s=parts[part][0], wall_s=parts[part][1]) for one, parts in said if part in parts]


def _part(used: list[Used], part: str) -> list[Used]:
    """Return the runs that say what *part* of them took, as if they were that part alone."""
    said = [(one, json.loads(one.said)) for one in used]
    return [replace(one, cpu_s=parts[part], wall_s=parts[part]) for one, parts in said if part in parts]


SERVICES = 10_000
LEAVES = 1_000_000
PARTS = {
    "append": ("tree of 1,000,000 leaves of 300 bytes", "over 64,000 leaves/s", LEAVES / 64_000),
    "inclusion": ("1,000 inclusion proofs in it, each from cold", "under 2 ms each", 2.0),
    "inclusion, one reader": ("1,000 inclusion proofs in it, from one reader", "under 2 ms each", 2.0),
    "consistency": ("1,000 consistency proofs in it, each from cold", "under 2 ms each", 2.0),
    "verify inclusion": ("1,000 inclusion proofs verified", "under 60 us each", 0.06),
    "verify consistency": ("1,000 consistency proofs verified", "under 60 us each", 0.06),
}

APPENDS = {
    "1": ("500 entries appended durably, one by one", "over 500/s", 1.0),
    "10": ("3,000 entries, 10 at a time", "", 0.0),
    "100": ("30,000 entries, 100 at a time", "over 15,000/s", 2.0),
    "1000": ("100,000 entries, 1,000 at a time", "over 15,000/s", 100_000 / 15_000),
    "open": ("that ledger opened to write", "", 0.0),
    "fsck": ("all 133,500 entries examined", "a million in 20 s", 20 * 0.1335),
    "syncs": ("200 pages of 4 KiB written and synced, as a measure of the disk", "", 0.0),
}

ON_POSTGRES = {
    "1": ("300 entries appended durably to PostgreSQL, one by one", "", 0.0),
    "10": ("2,000 entries, 10 at a time", "", 0.0),
    "100": ("20,000 entries, 100 at a time", "over 4,000/s", 5.0),
    "1000": ("50,000 entries, 1,000 at a time", "over 4,000/s", 12.5),
}

TASKS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "start-up": start_up,
    "verdict": whole_verdict,
    "sarif": sarif,
    "unchanged": unchanged,
    "parallel": parallel,
    "fleet": fleet,
    "trees": trees,
    "appends": appends,
    "postgres": appends_on_postgres,
    "audits": audits,
}


def _peer(peer: Peer) -> str:
    return str(peers.executable_of(peer, HOME / "peers"))


def _collector(taken: dict[str, Path]) -> Command:
    artifacts = HOME / "peer-artifacts"
    shutil.rmtree(artifacts, ignore_errors=True)
    artifacts.mkdir(parents=True)
    for name, path in taken.items():
        shutil.copyfile(path, artifacts / name)
    return Command(
        (
            *(_peer(peers.COLLECTOR), "run", "--application", "bench", "--repository", "bench/bench"),
            *("--release-id", "1", "--commit-sha", "0" * 40),
            *("--artifacts-dir", str(artifacts), "--output-dir", str(HOME / "peer-output")),
        ),
        HOME,
        exits=(2,),
    )


def _gate(bench: Bench, project: Path, *more: str) -> Command:
    return Command((bench.ours.standfast, "gate", "--no-collect", *more), project, DECIDED)


def _imported(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        yield from ("--import", str(file))


def _outputs(bench: Bench, folder: Path) -> Iterator[str]:
    code = "from standfast.app.modules.reports import formats\nfor one in formats(): print(one.name, one.suffix)"
    listed = home.said(bench.ours.python, "-c", code)
    for name, suffix in (line.split() for line in listed.splitlines()):
        yield from ("--output", f"{name}={folder / name}{suffix}")


def _fresh(*folders: Path) -> Callable[[], None]:
    def before() -> None:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    return before


def _alone(root: Path, scratch: Path) -> tuple[str, ...]:
    """Return the command that the gate ran pytest by."""
    words = stated(root)["pytest"].command
    python = str(root / ".venv" / "bin" / "python")
    return (python, *(word.replace("{scratch}", str(scratch)) for word in words[1:]))


def _emptied(folder: Path) -> Callable[[], None]:
    fresh = _fresh(folder)

    def before() -> None:
        fresh()
        folder.mkdir(parents=True)

    return before
