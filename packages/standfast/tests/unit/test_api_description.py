"""Facts about what an API description shows."""

from importlib.resources import files

import pytest

from standfast.evidence.api_description.importers import openapi
from standfast.evidence.api_description.schema import ApiDescription, Operation
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError

SAMPLE = files("standfast.evidence.api_description").joinpath("samples", "petty.yaml").read_bytes()


def described(data: bytes = SAMPLE) -> ApiDescription:
    """Return the description in *data*."""
    body = openapi.read(data).body
    assert isinstance(body, ApiDescription)
    return body


@pytest.fixture(name="operations")
def _operations() -> dict[str, Operation]:
    return {one.method: one for one in described().operations}


def test_the_sample_is_recognised_by_its_content() -> None:
    """A YAML or JSON document that says `openapi: 3` is an API description; another is not."""
    assert openapi.recognise(look(SAMPLE))
    assert openapi.recognise(look(b'{"openapi": "3.0.3", "paths": {}}'))
    assert not openapi.recognise(look(b'{"swagger": "2.0", "paths": {}}'))


def test_a_summary_that_a_framework_filled_in_is_not_one(operations: dict[str, Operation]) -> None:
    """The name of the function, spelled as words, does not document it."""
    assert (operations["get"].generated, operations["post"].generated) == (True, False)
    assert described().documented_count == 1


def test_errors_are_told_from_problem_documents(operations: dict[str, Operation]) -> None:
    """Documented errors are counted, and which of them answer with a problem document."""
    assert (operations["get"].errors, operations["post"].errors) == ((), ("422", "default"))
    assert operations["post"].problem_errors == ("422",)


def test_security_of_an_operation_overrules_that_of_the_document(operations: dict[str, Operation]) -> None:
    """An operation inherits the document's security unless it says that it needs none."""
    assert (operations["get"].security, operations["post"].security) == (("token",), ())


def test_inputs_without_a_bound_are_pointed_at(operations: dict[str, Operation]) -> None:
    """Every input that may be of any size is named by its JSON pointer; a recursive schema ends."""
    assert operations["get"].unbounded == ("#/paths/~1v1~1vouchers/get/parameters/1/schema",)
    assert operations["post"].unbounded == (
        "#/paths/~1v1~1vouchers/post/requestBody/content/application~1json/schema/properties/notes",
    )


def test_bodies_are_counted_with_their_examples(operations: dict[str, Operation]) -> None:
    """A JSON body wants an example, whether at the body or at each part of its schema."""
    assert (operations["get"].wants_examples, operations["get"].has_examples) == (1, 0)
    assert (operations["post"].wants_examples, operations["post"].has_examples) == (1, 1)


def test_a_reference_that_leads_nowhere_is_an_error_of_the_examination() -> None:
    """What stands behind a dangling reference is not known, so nothing passes on it."""
    body = described()

    assert body.examination.errors == 1
    assert "components/responses/Missing" in body.items.listed[0].message


REFUSED = {
    "another version": b'{"openapi": "2.0"}',
    "a list": b"- openapi: 3.0.0",
    "half of it": SAMPLE[:-40] + b"{",
    "no version": b'{"paths": {}}',
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_openapi_3_is_refused(data: bytes) -> None:
    """Another version, another shape and a truncated file are errors."""
    with pytest.raises(EvidenceError):
        openapi.read(data)


STRINGS = [
    ('{"type": "string", "maxLength": 5}', 0),
    ('{"type": "string"}', 1),
    ('{"type": "string", "pattern": "^a*$"}', 1),
    ('{"type": "string", "pattern": "^[a-z]{4}$"}', 0),
    ('{"type": "string", "format": "uuid"}', 0),
    ('{"enum": ["a"]}', 0),
    ('{"type": "array", "items": {"type": "boolean"}}', 1),
    ('{"type": "number", "minimum": 0}', 1),
    ('{"type": ["string", "null"], "maxLength": 3}', 0),
    ('{"anyOf": [{"type": "string"}, {"type": "null"}]}', 1),
    ('{"type": "object"}', 1),
]


@pytest.mark.parametrize(("schema", "count"), STRINGS, ids=[schema for schema, _ in STRINGS])
def test_a_bound_is_a_limit_on_size(schema: str, count: int) -> None:
    """Only what limits the size of a value bounds it."""
    text = f'{{"openapi": "3.1.0", "paths": {{"/a": {{"get": {{"parameters": [{{"schema": {schema}}}]}}}}}}}}'

    assert described(text.encode()).unbounded_count == count
