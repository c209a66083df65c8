"""Webhooks: believed as far as their signature goes, and only as a hint."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from command_line import Ran, standfast
from hypothesis import given
from hypothesis import strategies as st

from standfast.app.forge.port import ForgeError
from standfast.app.forge.webhook import headers_in, hint

SECRET = b"It's a Secret to Everybody"
PAYLOAD = json.dumps(
    {"action": "submitted", "repository": {"full_name": "acme/pay"}, "pull_request": {"number": 5}}
).encode()
MERGE = json.dumps({"project": {"path_with_namespace": "acme/pay"}, "object_attributes": {"iid": 7}}).encode()


def signed(payload: bytes, secret: bytes = SECRET) -> dict[str, str]:
    """Return the headers that GitHub sends with *payload*."""
    digest = hmac.new(secret, payload, hashlib.sha256).hexdigest()
    return {
        "x-hub-signature-256": f"sha256={digest}",
        "x-github-event": "pull_request_review",
        "x-github-delivery": "72d3162e",
    }


def test_published_example_verifies() -> None:
    """The example in GitHub's documentation is the signature that is expected."""
    headers = {
        "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    }

    with pytest.raises(ForgeError, match="the payload is signed"):
        hint("github", headers, b"Hello, World!", SECRET)


def test_signed_payload_says_what_it_is_about() -> None:
    """What happened where is told of a payload whose signature is that of the secret."""
    found = hint("github", signed(PAYLOAD), PAYLOAD, SECRET)

    assert (found.event, found.action, found.repository, found.number, found.delivery) == (
        "pull_request_review",
        "submitted",
        "acme/pay",
        5,
        "72d3162e",
    )


def test_gitlab_sends_the_secret() -> None:
    """GitLab's token must be the secret."""
    found = hint("gitlab", {"x-gitlab-token": SECRET.decode(), "x-gitlab-event": "Merge Request Hook"}, MERGE, SECRET)

    assert (found.event, found.repository, found.number) == ("Merge Request Hook", "acme/pay", 7)


@given(st.binary(max_size=60), st.integers(0, 10_000))
def test_changed_payload_is_not_signed(payload: bytes, place: int) -> None:
    """Whatever is changed about a payload, its signature is no longer that of the secret."""
    changed = bytearray(payload or b"x")
    headers = signed(bytes(changed))
    changed[place % len(changed)] ^= 1

    with pytest.raises(ForgeError, match="not that of the secret"):
        hint("github", headers, bytes(changed), SECRET)


@pytest.mark.parametrize(
    ("headers", "secret", "code"),
    [
        ({}, SECRET, "webhook-unsigned"),
        (signed(PAYLOAD, b"another"), SECRET, "webhook-unsigned"),
        ({"x-hub-signature": "sha1=0"}, SECRET, "webhook-unsigned"),
        (signed(PAYLOAD, b""), b"", "webhook-secret"),
        ({"x-hub-signature-256": "sha256=\udcff"}, SECRET, "webhook-unsigned"),
    ],
)
def test_unsigned_payload_says_nothing(headers: dict[str, str], secret: bytes, code: str) -> None:
    """A payload without the signature of a secret that there is says nothing."""
    with pytest.raises(ForgeError) as caught:
        hint("github", headers, PAYLOAD, secret)

    assert caught.value.code == code


def asked(folder: Path, payload: str, **environment: str) -> Ran:
    """Run ``standfast forge webhook`` on the files in *folder*."""
    words = ("forge", "webhook", payload, "--kind", "github", "--headers", "headers.txt")
    return standfast(*words, cwd=folder, **environment)


def test_command_tells_signed_from_unsigned(tmp_path: Path) -> None:
    """The command prints what a signed payload is about; for any other it ends with 3."""
    (tmp_path / "payload.json").write_bytes(PAYLOAD)
    lines = [f"{name.title()}: {value}" for name, value in signed(PAYLOAD).items()]
    (tmp_path / "headers.txt").write_text("POST / HTTP/1.1\n" + "\n".join(lines))

    good = asked(tmp_path, "payload.json", STANDFAST_WEBHOOK_SECRET=SECRET.decode())
    bad = asked(tmp_path, "payload.json", STANDFAST_WEBHOOK_SECRET="another")

    assert (good.code, json.loads(good.out)["number"]) == (0, 5)
    assert (bad.code, bad.out, "[webhook-unsigned]" in bad.err) == (3, "", True)


def test_headers_are_read_as_http_writes_them() -> None:
    """Names are compared without regard to capitals; what is no header is left out."""
    assert headers_in("X-A: 1\nx-b:2\r\nnone\n") == {"x-a": "1", "x-b": "2"}
