"""Approvals by an authenticator, in a real browser with a virtual one: enrolled, signed, verified, audited."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audit_bundles import judged
from background import background, wait_for
from command_line import COMMAND
from headless_chromium import Browser
from little_sessions import Office

from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.app.sessions.by_authenticator import ByAuthenticator, enrolled
from standfast.ledger.bodies import ApprovalGiven, SignatureKind
from standfast.ledger.signatures.contract import EnrolledKey
from standfast.ledger.signatures.kinds import enrolled_key, proved
from standfast.model import UsageError

SPACE = "approval@standfast"
MESSAGE = b'{"about":{"commit":"' + b"a" * 40 + b'"},"role":"security"}'
PATIENCE_S = 30
LIFE_S = 20.0


class Person:
    """Somebody with a browser and an authenticator, who touches it when a page asks."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.shown, self.said = browser, "", ""
        self.devices: list[str] = []
        browser.send("WebAuthn.enable")

    def plug(self, **other: Any) -> str:
        """Plug in another authenticator, and return its name; what was plugged in before is pulled out."""
        while self.devices:
            self.browser.send("WebAuthn.removeVirtualAuthenticator", authenticatorId=self.devices.pop())
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        } | other
        self.devices.append(self.browser.send("WebAuthn.addVirtualAuthenticator", options=options)["authenticatorId"])
        return self.devices[-1]

    def visit(self, address: str) -> None:
        """Open the page, use the authenticator, and wait until the page says what came of it."""
        self.browser.events.clear()
        self.browser.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && !document.getElementById('touch').disabled")
        self.shown = self.browser.ask("document.querySelector('main').innerText")
        self.browser.ask("document.getElementById('touch').click()")
        ended = "document.getElementById('told').dataset.status || !document.getElementById('touch').disabled"
        self.wait(f"Boolean({ended})")
        self.said = self.browser.ask("document.getElementById('told').textContent")

    def wait(self, condition: str) -> None:
        """Wait until *condition* holds in the page."""
        wait_for(lambda: bool(self.browser.ask(condition)), PATIENCE_S)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser."""
    with Browser() as one:
        yield one


@pytest.fixture
def bea(browser: Browser) -> Iterator[Person]:
    """Bea, with an authenticator that verifies her."""
    person = Person(browser)
    person.plug()
    yield person
    browser.send("WebAuthn.disable")


@pytest.fixture
def key(bea: Person) -> EnrolledKey:
    """The key that her authenticator made."""
    return enrolled("bea@example.org", [], bea.visit, life_s=LIFE_S)


def test_authenticator_enrols_and_signs(bea: Person, key: EnrolledKey) -> None:
    """The page shows what is signed; the assertion proves the key, the verified person and how often it counted."""
    first = ByAuthenticator(bea.visit, life_s=LIFE_S).signature(MESSAGE, namespace=SPACE, keys=[key])
    second = ByAuthenticator(bea.visit, life_s=LIFE_S).signature(MESSAGE, namespace=SPACE, keys=[key])

    one, two = (proved(made, MESSAGE, namespace=SPACE) for made in (first, second))
    assert (one.key, one.person_verified) == (key, True)
    assert 0 < (one.counter or 0) < (two.counter or 0)
    assert [one for one in bea.shown.split("\n") if one][1:5] == ["about commit", "a" * 40, "role", "security"]
    assert bea.said.startswith("Done")
    assert enrolled_key(key.line) == key


def test_page_loads_nothing_and_breaks_no_policy(bea: Person, key: EnrolledKey) -> None:
    """The page makes two requests, for itself and its answer, and the browser has nothing to complain about."""
    ByAuthenticator(bea.visit, life_s=LIFE_S).signature(MESSAGE, namespace=SPACE, keys=[key])

    methods = [event["request"]["method"] for event in bea.browser.happened("Network.requestWillBeSent")]
    assert methods == ["GET", "POST"]
    assert bea.browser.happened("Log.entryAdded") == []


def test_person_who_is_not_verified_signs_nothing(bea: Person, key: EnrolledKey) -> None:
    """An authenticator that cannot verify its holder makes no signature; the page says so, and the command gives up."""
    bea.plug(hasUserVerification=False, isUserVerified=False)

    with pytest.raises(UsageError, match="nobody signed"):
        ByAuthenticator(bea.visit, life_s=0.5).signature(MESSAGE, namespace=SPACE, keys=[key])

    assert bea.said.startswith("It was not signed")


def test_authenticator_of_another_person_signs_nothing(bea: Person, key: EnrolledKey) -> None:
    """An authenticator that does not hold the enrolled credential makes no signature."""
    bea.plug()

    with pytest.raises(UsageError, match="nobody signed"):
        ByAuthenticator(bea.visit, life_s=0.5).signature(MESSAGE, namespace=SPACE, keys=[key])


def answered(command: list[str], office: Office, person: Person) -> tuple[int, str, str]:
    """Run a command of Standfast in a process of its own; the person visits the page whose address it prints."""
    environment = {**os.environ, **office.environment}
    words = [sys.executable, "-c", COMMAND, *command]
    with background(words, cwd=office.root, env=environment) as running:
        assert running.stderr is not None
        assert running.stdout is not None
        said = ""
        for raw in running.stderr:
            line = raw.decode()
            said += line
            if "http://localhost:" in line:
                person.visit(line[line.index("http://") :].strip())
        out = running.stdout.read().decode()
        return running.wait(PATIENCE_S), out, said


@pytest.fixture
def office(tmp_path: Path, bea: Person) -> Office:
    """A change that is ready to be approved, where Bea's authenticator is enrolled on the base."""
    made = Office(tmp_path, unsigned=False)
    made.git("checkout", "--quiet", "main")
    made.bea()
    code, line, said = answered(["access", "enrol"], made, bea)
    assert code == 0, said
    settings = made.root / "standfast.toml"
    settings.write_text(f'{settings.read_text()}\n[approvals.keys]\n"bea@example.org" = ["{line.strip()}"]\n')
    made.commit("Enrol Bea's authenticator")
    made.git("checkout", "--quiet", "topic")
    made.git("rebase", "--quiet", "main")
    made.sits("Ana Ruiz", "ana@example.org")
    made.session("open", "Pay by card")
    made.session("decide", "requirements", "Customers pay by card")
    made.bea()
    assert answered(["approve", "product", "--with", "webauthn"], made, bea)[0] == 0
    made.sits("Ana Ruiz", "ana@example.org")
    assert made.session("advance", "development").code == 0
    made.session("note", "Written test by test")
    assert made.session("advance", "pre_deployment").code == 0
    made.decided()
    made.bea()
    return made


def test_approval_by_an_authenticator_counts_and_is_audited(office: Office, bea: Person) -> None:
    """An approval that was touched counts, says that the person was verified, and verifies in the auditor's program."""
    code, out, said = answered(["approve", "security", "--with", "webauthn"], office, bea)

    assert code == 0, said
    assert "approved as security, signed" in out
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven)]
    assert isinstance(body, ApprovalGiven)
    assert (body.signed.kind, body.signed.person_verified) == (SignatureKind.WEBAUTHN, True)
    control = "change-is-reviewed-by-another-person"
    gate = office.run("gate", control, "--no-collect")
    assert gate.code == 0, gate.out
    office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", "../bundle")
    known = find(office.root, office.home())
    assert known is not None
    with reading(known) as reader:
        (office.root.parent / "auditor.policy").write_text(f"log {reader.store.identity.vkey}\nquorum none\n")
    ran = judged(office.root.parent / "bundle", "--policy", office.root.parent / "auditor.policy")
    assert "2 signatures of approvals, refusals, waivers and reviews were verified" in ran.out, ran
    assert "signature-" not in ran.out
    assert "key-not-enrolled" not in ran.out


def test_copied_authenticator_is_refused(office: Office, bea: Person) -> None:
    """An authenticator that counts less than before may be a copy: its signature is refused, and nothing recorded."""
    (device,) = bea.devices
    (credential,) = bea.browser.send("WebAuthn.getCredentials", authenticatorId=device)["credentials"]
    bea.browser.send("WebAuthn.removeCredential", authenticatorId=device, credentialId=credential["credentialId"])
    bea.browser.send("WebAuthn.addCredential", authenticatorId=device, credential={**credential, "signCount": 0})

    code, _out, said = answered(["approve", "security", "--with", "webauthn"], office, bea)

    assert (code, "[authenticator-copied]" in said) == (2, True), said
    assert office.kinds()[-1] == "gate.decided"
