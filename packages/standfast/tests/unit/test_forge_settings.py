"""The [forge] table, the fake that adapters are tried on, and the evidence kind of environments."""

from importlib.resources import files

import jsonschema_rs
import pytest
from fake_forge import TOKEN, Asked
from fake_github import REPOSITORY, FakeGitHub, description, sample

from standfast.app.written.forge_table import ForgeTable
from standfast.app.written.settings import parse_settings
from standfast.evidence.environments.importers import native
from standfast.evidence.environments.schema import Environments
from standfast.evidence.formats.sniff import look
from standfast.model import ConfigurationError

PROJECT = '[project]\nname = "pay"\n[forge]\n'


def table(text: str) -> ForgeTable:
    """Return the table that *text* says."""
    found = parse_settings((PROJECT + text).encode()).forge
    assert found is not None
    return found


def test_tables_that_can_work_are_taken() -> None:
    """A kind suffices without a forge, a kind and a repository with one; the variable has a default."""
    assert table('kind = "local"').token_variable == ""
    assert table('kind = "github"\nrepository = "acme/pay"').token_variable == "GITHUB_TOKEN"
    assert table('kind = "gitlab"\nrepository = "a/b/c.d"\nurl = "https://gl.example/api/v4"').repository == "a/b/c.d"
    assert (
        table('kind = "github"\nrepository = "a/b"\nurl = "http://127.0.0.1:8080"\ntoken_from = "T"').token_from == "T"
    )


@pytest.mark.parametrize(
    "text",
    [
        'kind = "bitbucket"',
        'kind = "github"',
        'kind = "github"\nrepository = "pay"',
        'kind = "github"\nrepository = "../pay"',
        'kind = "github"\nrepository = "acme/pay?x"',
        'kind = "github"\nrepository = "acme/pay"\ntoken = "ghp_1"',
        'kind = "github"\nrepository = "acme/pay"\ntoken_from = "ghp-1 "',
        'kind = "github"\nrepository = "acme/pay"\nurl = "http://api.example"',
        'kind = "github"\nrepository = "acme/pay"\nurl = "ftp://127.0.0.1"',
        'kind = "github"\nrepository = "acme/pay"\nurl = "https://u:p@api.example"',
        'kind = "github"\nrepository = "acme/pay"\nurl = "https://"',
        'kind = "github"\nrepository = "acme/pay"\nurl = "https://x/?q=1"',
        'kind = "github"\nrepository = "acme/pay"\napi_version = "2030-01-01"',
        'kind = "github"\nrepository = "acme/pay"\nmarks = "badge"',
    ],
)
def test_tables_that_cannot_work_are_refused(text: str) -> None:
    """What cannot work, would give a token away, or is not known, is an error of the settings."""
    with pytest.raises(ConfigurationError, match="cannot be taken"):
        table(text)


def requested(method: str, path: str, body: object = None, **query: str) -> Asked:
    """Return a request that is right but for what is asked."""
    headers = {"authorization": f"Bearer {TOKEN}", "x-github-api-version": "2022-11-28"}
    return Asked(method, f"/repos/{REPOSITORY}{path}", query, headers, body)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (requested("POST", "/issues", {"body": "no title"}), "title"),
        (requested("POST", "/issues", {"title": "x", "colour": "red"}), "unknown fields"),
        (requested("POST", "/issues"), "needs a body"),
        (requested("GET", "/issues", None, order="asc"), "no parameter order"),
        (requested("GET", "/issues", None, sort="colour"), "parameter sort"),
        (requested("GET", "/pulls/1/nothing"), "no operation"),
        (requested("POST", "/statuses/" + "1" * 40, {"state": "green"}), "green"),
        (requested("POST", "/check-runs", {"name": "x", "head_sha": "1", "status": "completed"}), "conclusion"),
        (Asked("GET", f"/repos/{REPOSITORY}/issues", {}, {"authorization": f"Bearer {TOKEN}"}, None), "version"),
    ],
)
def test_fake_notices_what_the_description_does_not_admit(asked: Asked, problem: str) -> None:
    """A request that the published description does not admit is kept as a problem and refused."""
    fake = FakeGitHub()

    given = fake.receive(asked)

    assert given is not None
    assert given.status in (404, 422)
    assert problem in " ".join(fake.problems)


def test_fake_notices_its_own_wrong_answers() -> None:
    """An answer that the description does not admit is kept as a problem too."""
    fake = FakeGitHub()
    fake.new_issue(1, "One", "1")["number"] = "one"

    fake.receive(requested("GET", "/issues/1"))

    assert "our own answer" in fake.problems[0]


@pytest.mark.parametrize("version", ["2022-11-28", "2026-03-10"])
def test_samples_are_what_their_schemas_admit(version: str) -> None:
    """The least value of each definition is valid against it."""
    definitions = description(version)["definitions"]

    wrong = [
        name
        for name, schema in definitions.items()
        if not jsonschema_rs.Draft7Validator({**schema, "definitions": definitions}).is_valid(
            sample(schema, definitions)
        )
    ]

    assert not wrong


def test_versions_differ_as_the_description_says() -> None:
    """The newer version no longer has the single assignee and the merge commit of a pull request."""
    old, new = description("2022-11-28"), description("2026-03-10")
    opening = "POST /repos/{owner}/{repo}/issues"

    assert "assignee" in old["operations"][opening]["request"]["properties"]
    assert "assignee" not in new["operations"][opening]["request"]["properties"]
    assert "merge_commit_sha" in old["definitions"]["pull-request"]["properties"]
    assert "merge_commit_sha" not in new["definitions"]["pull-request"]["properties"]


def test_environments_are_imported() -> None:
    """What the command writes is taken as evidence, with the facts that controls of one's own decide by."""
    data = files("standfast.evidence.environments").joinpath("samples", "environments.json").read_bytes()

    assert native.recognise(look(data))
    body = native.read(data).body
    assert isinstance(body, Environments)
    assert (body.environment_count, body.without_approval, body.from_any_branch, body.own_review_allowed) == (
        2,
        1,
        1,
        1,
    )
