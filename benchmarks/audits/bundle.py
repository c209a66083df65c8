"""Write the bundle of a ledger with change sessions of 21 events: ``python -m benchmarks.audits.bundle FOLDER EVENTS``.

Twenty sessions are open at any time; each is analysed, written, decided, approved, deployed and closed. The bundle and
the auditor's policy are written into FOLDER.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from standfast.app.export.audit import Asked, export
from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import Wanted, begin, create, open_ledger
from standfast.app.storage.store import Store
from standfast.ledger.events import decode
from standfast.ledger.keys import FileSigner
from standfast.ledger.merkle import leaf_hash
from standfast.ledger.projection import entry_with
from standfast.ledger.writer import Writer
from standfast.model import sha256

TOGETHER = 20
DATA = sha256(b"evidence")
HIDDEN = f"sd1:{'0' * 64}"
_RULES = '{"compensation":false,"deployer_apart":false,"different_people":true,"roles":["release"],"unsigned":false}'
_NOTE = f'{{"kind":"session.noted","text":"{HIDDEN}","words":3}}'
_EVIDENCE = (
    f'{{"evidence":"test_results","keep_until":"2099-01-01T00:00:00Z","kind":"evidence.recorded",'
    f'"statement":"{DATA}","tool":"pytest","tree":"{"a" * 40}"}}'
)
_DECIDED = (
    f'{{"commit":"{"1" * 40}","context":"{DATA}","controls":"{DATA}","decided_at":"2024-01-01T00:00:00Z",'
    f'"engine":"0.1.0","evidence":"{DATA}","evidence_count":1,"gates":{{"code_quality":"pass"}},'
    f'"kind":"gate.decided","standard":"{DATA}","status":"pass","tree":"{"a" * 40}","verdict":"{DATA}"}}'
)
BODIES = (
    f'{{"forge":"github","kind":"session.opened","repository":"{HIDDEN}","rules":{_RULES},"title":"{HIDDEN}"}}',
    *[_NOTE] * 6,
    f'{{"commit":"{"1" * 40}","kind":"change.observed","taking":[{{"part":"author","who":"p-anaa"}}],'
    f'"tree":"{"a" * 40}"}}',
    *[_EVIDENCE] * 5,
    *[_DECIDED] * 2,
    f'{{"commit":"{"1" * 40}","kind":"approval.given","role":"release","signed":{{}},'
    f'"statement":"{DATA}","verdict":"{DATA}"}}',
    f'{{"artifact":"{DATA}","commit":"{"1" * 40}","deployer":"p-dana","deployment":"d-1",'
    f'"environment":"production","kind":"deployment.started","service":"pay"}}',
    '{"deployment":"d-1","kind":"deployment.finished","result":"completed"}',
    f'{{"deployment":"d-1","healthy":true,"kind":"deployment.confirmed","statement":"{DATA}"}}',
    f'{{"kind":"lesson.recorded","text":"{HIDDEN}","words":4}}',
)
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 12, 30, tzinfo=UTC)


def leaves(sessions: int) -> Iterator[bytes]:
    """Yield the leaves of *sessions* sessions, evenly spread over a year."""
    step = (END - BEGIN) / (sessions // TOGETHER + 1) / (len(BODIES) + 2)
    at = BEGIN
    for first in range(1, sessions + 1, TOGETHER):
        heads: dict[int, str] = {}
        for number in range(1, len(BODIES) + 2):
            at += step
            for session in range(first, min(first + TOGETHER, sessions + 1)):
                data = _leaf(session, number, at, heads.get(session, ""))
                heads[session] = f"sha256:{leaf_hash(data).hex()}"
                yield data


def _leaf(session: int, number: int, at: datetime, previous: str) -> bytes:
    closing = f'{{"count":{len(BODIES)},"kind":"session.closed","last":"{previous}","result":"completed"}}'
    body = BODIES[number - 1] if number <= len(BODIES) else closing
    before = f'"{previous}"' if previous else "null"
    who = "p-beaa" if "approval" in body else "p-anaa"
    written = at.replace(tzinfo=None).isoformat()
    return (
        f'{{"actor":{{"id":"{who}","via":"local"}},"at":"{written}Z","body":{body},"number":{number},'
        f'"previous":{before},"session":"S-{session}","version":1}}'
    ).encode()


def write(folder: Path, events: int) -> None:
    """Write ledger, bundle and policy into *folder*."""
    root, home = folder / "project", Home({"XDG_DATA_HOME": str(folder / "data")})
    root.mkdir(parents=True)
    Store(root).put(b"evidence")
    known = create(root, "project", home, Wanted(origin="bench.example.org/audits"))
    with open_ledger(known, home) as ledger:
        writer = Writer(ledger.store, FileSigner(home.of(known.id) / "key"), ledger.anchor)
        remaining = (entry_with(data, decode(data)) for data in leaves(events // (len(BODIES) + 1)))
        while batch := list(islice(remaining, 1_000)):
            writer.append(batch)
        begin(ledger)
        (folder / "auditor.policy").write_text(f"log {ledger.store.identity.vkey}\nquorum none\n")
    export(known, home, Asked(first=date(2024, 1, 1), last=date(2024, 12, 31)), folder / "bundle")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
