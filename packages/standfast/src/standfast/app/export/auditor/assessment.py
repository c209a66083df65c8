"""The decisions of a period as OSCAL assessment results (NIST), which follow from the entries and their verdicts.

A result is one decision; its findings are the gates it was about, and each clause that was not satisfied. What observed
them is the entry, named by its leaf index, and the controls in its verdict. The same entries give the same bytes.
"""

import re
from collections.abc import Iterator
from hashlib import sha1
from typing import Any

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.changes import json_line
from standfast.app.export.auditor.events import Event
from standfast.app.export.auditor.notes import Checkpoint
from standfast.app.export.auditor.objects import object_name, verdict_of

ASSESSMENT = "assessment-results.json"
ASSESSMENT_HEAD = '{"assessment-results":{"results":['
_OPEN = frozenset({"pass", "waived", "warn"})
_TOLD_OF = ("status", "verdict", "standard", "commit", "engine")
"""The fields of a decision that are told as properties of its result."""
_SATISFIED = '{"state":"satisfied","reason":"pass"}'
_STATES = {
    **dict.fromkeys(("pass", "waived", "warn"), _SATISFIED),
    "fail": '{"state":"not-satisfied","reason":"fail"}',
    "other": '{"state":"not-satisfied","reason":"other"}',
}
_SHUT = frozenset({"fail", "error", "unknown"})
_NAMESPACE = "https://standfast.invalid/ns/oscal"
"""The namespace of our properties: a name, not an address."""
_NOTHING: dict[str, object] = {"description": "Not told here.", "include-controls": [{"control-id": "none"}]}
"""A selection of controls cannot be empty."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|])")
_NO_TOKEN = re.compile(r"[^A-Za-z0-9._-]")


def assessment_line(event: Event, verdict: bytes | None) -> str:
    """Return the result of one decision, as JSON in one line; without its *verdict* the entry alone is told.

    What comes from the entry needs no escapes: none of its characters has one, and there may be very many entries.
    """
    try:
        told = _told(event, verdict_of(verdict)) if verdict else {}
    except (ValueError, KeyError, TypeError, AttributeError):
        told = {}  # what is no verdict tells nothing; that it is none is said elsewhere
    entry, at = _id(event, "entry"), f"{event.at}Z"
    gates = event.body.get("gates")
    found = {str(gate): str(status) for gate, status in gates.items()} if isinstance(gates, dict) else {}
    leaf = f'[{{"name":"leaf-index","ns":"{_NAMESPACE}","value":"{event.entry}"}}'
    observed = (
        f'{{"uuid":"{entry}","title":"Leaf {event.entry}","methods":["EXAMINE"],"collected":"{at}",'
        f'"description":"The ledger recorded the decision as leaf {event.entry}.","props":{leaf}],'
        f'"relevant-evidence":[{{"href":"{object_name(event.text("verdict"))}","description":"The verdict."}}]}}'
    )
    observations = ",".join([observed, *map(json_line, told.get("observations", ()))])
    findings = ",".join([*_gates(event, entry, found), *map(json_line, told.get("findings", ()))])
    reviewed = ",".join(f'{{"control-id":"{_token(gate)}"}}' for gate in found) or '{"control-id":"none"}'
    selection = json_line(told["reviewed"]) if told.get("reviewed") else f'{{"include-controls":[{reviewed}]}}'
    return (
        f'{{"uuid":"{_id(event, "result")}","title":"Decision at leaf {event.entry}: {event.text("status")}",'
        f'"description":"Entry {event.entry} of the ledger, number {event.number} of {event.chain}.",'
        f'"start":"{at}","end":"{at}","props":{leaf},{_props(event)}],'
        f'"reviewed-controls":{{"control-selections":[{selection}]}},"observations":[{observations}]'
        + (f',"findings":[{findings}]}}' if findings else "}")
    )


def no_assessment_line(scope: Scope) -> str:
    """Return the one result of a period in which nothing was decided: a document without a result is none."""
    return json_line({
        "uuid": _uuid(f"{scope}"), "title": "Nothing was decided",
        "description": "The ledger holds no decision of this period.", "start": f"{scope.first}T00:00:00Z",
        "end": f"{scope.last}T00:00:00Z", "reviewed-controls": {"control-selections": [_NOTHING]},
    })  # fmt: skip


def assessment_foot(checkpoint: Checkpoint, scope: Scope, newest: str) -> str:
    """Return what follows the results; *newest* is the time of the newest entry."""
    ledger = f"{checkpoint.origin}\0{checkpoint.size}\0{checkpoint.root.hex()}"
    about = f"session {scope.session}" if scope.session else f"{scope.first} to {scope.last}"
    metadata = {
        "title": f"Decisions in the ledger {checkpoint.origin}, {about}",
        "last-modified": f"{newest or scope.first + 'T00:00:00'}Z",
        "version": checkpoint.root.hex(),
        "oscal-version": "1.1.3",
    }
    resource: dict[str, object] = {
        "uuid": _uuid(ledger),
        "title": f"The ledger {checkpoint.origin}",
        "description": f"Its first {checkpoint.size} entries; the checkpoint is in the same bundle.",
        "rlinks": [{"href": "checkpoint"}],
    }
    rest: dict[str, object] = {
        "uuid": _uuid(f"{ledger}\0{scope}"),
        "metadata": metadata,
        "import-ap": {"href": f"#{resource['uuid']}"},
        "back-matter": {"resources": [resource]},
    }
    return f"],{json_line(rest)[1:]}}}"


def _props(event: Event) -> str:
    values = (
        ("leaf-hash", f"sha256:{event.digest}"),
        ("chain", event.chain),
        *((one, event.text(one)) for one in _TOLD_OF),
    )
    return ",".join(f'{{"name":"{name}","ns":"{_NAMESPACE}","value":"{value}"}}' for name, value in values if value)


def _gates(event: Event, entry: str, gates: dict[str, str]) -> Iterator[str]:
    for gate, status in gates.items():
        state = _STATES.get(status, _STATES["other"])
        yield (
            f'{{"uuid":"{_id(event, f"finding{gate}")}","title":"{gate}","description":"The gate {gate} was {status}.",'
            f'"target":{{"type":"objective-id","target-id":"{_token(gate)}","status":{state}}},'
            f'"related-observations":[{{"observation-uuid":"{entry}"}}]}}'
        )


def _told(event: Event, verdict: dict[str, Any]) -> dict[str, Any]:
    """Return what the verdict tells beside the entry: its clauses, and which control left one unsatisfied."""
    clauses: dict[str, list[dict[str, Any]]] = {}
    texts: dict[str, str] = {}
    for result in verdict["results"]:
        for clause in result["clauses"]:
            texts[str(clause["id"])] = _words(clause["text"])
            clauses.setdefault(str(clause["id"]), []).append(result)
    shut = {str(one["control"]): one for one in verdict["results"] if one["status"] in _SHUT}
    observations = [
        {
            "uuid": _id(event, f"control\0{name}"), "title": _words(one["title"]), "methods": ["TEST"],
            "description": f"{_words(name)}: {_words(one['outcome'])}.", "collected": f"{event.at}Z",
            "props": [{"name": "control", "ns": _NAMESPACE, "value": name}],
        }
        for name, one in sorted(shut.items())
    ]  # fmt: skip
    findings = [
        _finding(event, clause, texts[clause], {one["status"] for one in wrong}, names)
        for clause, results in sorted(clauses.items())
        if (wrong := [one for one in results if one["status"] in _SHUT])
        for names in (["entry", *(f"control\0{one['control']}" for one in wrong)],)
    ]
    reviewed = {"include-controls": [{"control-id": _token(clause)} for clause in sorted(clauses)]}
    return {"observations": observations, "findings": findings, "reviewed": reviewed if clauses else None}


def _finding(event: Event, clause: str, text: str, statuses: set[str], observed: list[str]) -> dict[str, object]:
    return {
        "uuid": _id(event, f"finding\0{clause}"), "title": _words(clause), "description": text,
        "target": {"type": "objective-id", "target-id": _token(clause), "status": _state(statuses)},
        "related-observations": [{"observation-uuid": _id(event, one)} for one in observed],
    }  # fmt: skip


def _state(statuses: set[str]) -> dict[str, object]:
    if statuses <= _OPEN:
        return {"state": "satisfied", "reason": "pass"}
    return {"state": "not-satisfied", "reason": "fail" if "fail" in statuses else "other"}


def _token(name: str) -> str:
    """Return *name* as an OSCAL token: letters, digits, dots, hyphens and underscores, not beginning with a digit."""
    plain = _NO_TOKEN.sub("_", name)
    return plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}"


def _words(text: object) -> str:
    """Return *text* in one line without markup, cut where it is long."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))[:500] or "nothing"


def _id(event: Event, name: str) -> str:
    return _uuid(f"{event.digest}\0{name}")


def _uuid(name: str) -> str:
    """Return a UUID of the form of version 5 that depends on *name* alone."""
    digits = sha1(f"standfast\0{name}".encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
