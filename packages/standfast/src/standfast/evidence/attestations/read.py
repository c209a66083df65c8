"""Read one attestation from TOML, YAML, or the front matter of a Markdown file; pure."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from standfast.evidence.attestations.schema import Attestation, Attestations
from standfast.evidence.documents.readers.meta import Meta, as_digest, as_text, fold_key
from standfast.evidence.formats.front_matter import split, toml_document
from standfast.evidence.formats.yaml import load
from standfast.evidence.formats.yaml_values import Plain
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.wording.numbers import finite
from standfast.evidence.wording.people import Person, person
from standfast.model import EvidenceError, Examination, Finding, Items, Location

_PASSED = ("passed", "pass", "accepted", "approved", "ok", "successful", "success", "satisfied", "met")
_FAILED = ("failed", "fail", "rejected", "refused", "not passed", "unsuccessful", "not met")
_SEVERITIES = ("critical", "high", "medium", "low", "info")
_KNOWN = frozenset({
    "kind", "type", "by", "attested_by", "signer", "name", "email", "login", "role", "organisation",
    "organization", "made_on", "made_at", "on", "date", "signed_at", "when", "expires", "expires_on",
    "valid_until", "statement", "summary", "result", "decision", "outcome", "scope", "independent_of",
    "report", "report_file", "evidence", "sha256", "report_sha256", "digest", "commit", "findings",
    "measured", "answers", "checklist",
})  # fmt: skip


def attestation_in(path: str, text: str) -> Attestation:
    """Return the attestation that the file at *path* is.

    Raises:
        EvidenceError: It is not a table, does not say what it is about, or has a key that is not known.
    """
    lowered = path.casefold()
    table: Plain
    if lowered.endswith(".toml"):
        table = toml_document(text).value
    elif lowered.endswith((".yaml", ".yml")):
        table = load(text).value
    else:
        front = split(text)
        body = front.body.strip()
        table = front.meta if "statement" in front.meta or not body else {**front.meta, "statement": body[:4000]}
    return from_table(path, table)


def from_table(path: str, value: Plain) -> Attestation:
    """Return the attestation in a table, which may stand below the key ``attestation``.

    Raises:
        EvidenceError: It does not say what it is about, or has a key that is not known.
    """
    table = Meta(_flattened(value, path))
    unknown = sorted(set(table.table) - _KNOWN)
    kind = fold_key(table.text("kind", "type"))
    if unknown or not kind.isidentifier():
        raise EvidenceError(
            "attestation-form",
            f"{path} has the unknown keys {', '.join(unknown)}" if unknown else f"{path} does not say its kind",
            hint="docs/how-to/record-an-attestation.md shows every key",
        )
    return Attestation(
        kind=kind,
        path=path,
        by=_person(table),
        role=table.text("role"),
        organisation=table.text("organisation", "organization"),
        made_on=table.day("made_on", "made_at", "on", "date", "signed_at", "when"),
        expires_on=_expiry(table, path),
        statement=table.text("statement", "summary"),
        result=_result(table.text("result", "decision", "outcome")),
        scope=table.texts("scope"),
        independent_of=table.people("independent_of"),
        report=table.text("report", "report_file", "evidence"),
        declared_digest=as_digest(table.text("sha256", "report_sha256", "digest")),
        commit=table.text("commit"),
        findings=_counts(table.raw("findings"), path),
        measured=_numbers(table.raw("measured")),
        answers=_texts(table.raw("answers", "checklist")),
    )


def _flattened(value: Plain, path: str) -> dict[str, Plain]:
    if not isinstance(value, dict):
        raise EvidenceError("attestation-form", f"{path} is not a table of keys and values")
    inner = value.get("attestation")
    if not isinstance(inner, dict):
        return value
    return {**{key: below for key, below in value.items() if key != "attestation"}, **inner}


def _person(table: Meta) -> Person:
    named = person(table.text("by", "attested_by", "signer", "name"))
    return msgspec.structs.replace(
        named, email=table.text("email") or named.email, login=table.text("login") or named.login
    )


def _expiry(table: Meta, path: str) -> date | None:
    expires = table.day("expires", "expires_on", "valid_until")
    if expires is None and table.text("expires", "expires_on", "valid_until"):
        raise EvidenceError("attestation-form", f"{path}: the day on which it expires is not a date")
    return expires


def _result(text: str) -> str:
    folded = text.casefold().strip()
    if folded in _PASSED:
        return "passed"
    return "failed" if folded in _FAILED else folded


def _counts(value: Plain, path: str) -> dict[str, int]:
    """Return open findings by severity; one that is not a whole number is refused, not dropped."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise EvidenceError("attestation-form", f"{path}: findings are not a table of severities and counts")
    counts: dict[str, int] = {}
    for key, count in value.items():
        if fold_key(key) not in _SEVERITIES or isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise EvidenceError("attestation-form", f"{path}: findings.{key} = {count!r} is not a count of a severity")
        counts[fold_key(key)] = count
    return counts


def _numbers(value: Plain) -> dict[str, float]:
    if not isinstance(value, dict):
        return {}
    return {
        fold_key(key): known
        for key, number in value.items()
        if isinstance(number, int | float) and not isinstance(number, bool) and (known := finite(number)) is not None
    }


def _texts(value: Plain) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {fold_key(key): as_text(answer) for key, answer in value.items()}


def attestations_in(files: Iterable[TextFile], reports: Mapping[str, str]) -> Attestations:
    """Return the attestations in *files*; *reports* are the digests of the report files that are there, by path.

    A file that is not an attestation is an error of the examination: it might have been one that says "failed".
    """
    found: list[Attestation] = []
    broken: list[Finding] = []
    count = 0
    for count, file in enumerate(files, 1):  # noqa: B007  # the number of files
        if file.error:
            broken.append(Finding(f"the file {file.error}", Location(file.path), rule="unreadable"))
            continue
        try:
            one = attestation_in(file.path, file.text)
        except EvidenceError as error:
            broken.append(Finding(error.message, Location(file.path), rule=error.code))
            continue
        digest = reports.get(one.report, "") if one.report else ""
        found.append(msgspec.structs.replace(one, report_digest=digest))
    return Attestations(
        examination=Examination(
            unit="attestations",
            examined=count,
            errors=len(broken),
            notes=tuple(f"{item.location}: {item.message}" for item in broken[:5]),
        ),
        items=Items.of(broken),
        attestations=tuple(found),
    )
