"""How a forge is asked over HTTP: patiently where it asks for patience, within bounds, and never twice for one deed."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import msgspec
import pytest
from fake_forge import TOKEN, Asked, FakeForge, Fault, Given, serving
from fake_github import secondary_limit

from standfast.app.forge.github import headers
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import ForgeError
from standfast.app.forge.wire import HASTE_S, PATIENCE_S, Wire

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = {"secret": "in the answer"}


class Echo(FakeForge):
    """A forge that counts deeds and gives what it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds = 0
        self.items: object = [1, 2, 3]

    def authorised(self, asked: Asked) -> bool:
        """Return whether the request bears the token."""
        return asked.headers.get("authorization") == f"Bearer {TOKEN}"

    def answer(self, asked: Asked) -> Given:
        """Return the items, or how many deeds there were."""
        if asked.method == "GET":
            return Given(200, self.items)
        self.deeds += 1
        return Given(201, self.deeds)


class Line:
    """A wire to such a forge, with the pauses that it made."""

    def __init__(self, stack: ExitStack, *, patient: bool = True, haste_s: float = HASTE_S) -> None:
        self.forge, self.pauses = Echo(), list[float]()
        stack.enter_context(serving(self.forge))
        self.outbox = stack.enter_context(Outbox(None))
        self.wire = Wire(
            self.forge.address,
            headers(TOKEN, "2022-11-28"),
            secret=TOKEN,
            keeping=self.outbox,
            patient=patient,
            haste_s=haste_s,
            pause=self.pauses.append,
            now=lambda: NOW,
        )
        stack.callback(self.wire.close)

    def fail(self, *given: Given | None, done: bool = False, method: str = "GET") -> None:
        """Let the next requests go wrong."""
        self.forge.faults = [Fault(where=method, given=one, cut=one is None, done=done) for one in given]

    def refused(self, method: str = "GET") -> ForgeError:
        """Return the error that a request leads to."""
        with pytest.raises(ForgeError) as caught:
            self.wire.get("/x", list[int]) if method == "GET" else self.wire.send(method, "/x", {}, int)
        return caught.value


@pytest.fixture
def line() -> Iterator[Line]:
    """A wire."""
    with ExitStack() as stack:
        yield Line(stack)


def limited(**more: str) -> Given:
    """Return a refusal for having asked too much."""
    return Given(429, {"message": "slow down"}, {name.replace("_", "-"): value for name, value in more.items()})


@pytest.mark.parametrize(
    ("fault", "pause_s"),
    [
        (Given(500, {}), 0.5),
        (Given(502), 0.5),
        (Given(503, {}, {"Retry-After": "7"}), 7.0),
        (limited(retry_after="3"), 3.0),
        (limited(retry_after="Tue, 24 Nov 2026 12:00:05 GMT"), 5.0),
        (limited(x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW.timestamp()) + 9)), 9.0),
        (limited(ratelimit_remaining="0", ratelimit_reset=str(int(NOW.timestamp()) + 4)), 4.0),
        (limited(x_ratelimit_remaining="0", x_ratelimit_reset="1"), 1.0),
        (Given(403, {"message": "API rate limit exceeded"}, {"Retry-After": "2"}), 2.0),
        (secondary_limit(11), 11.0),
        (None, 0.5),
    ],
)
def test_reading_waits_as_long_as_it_is_asked_to(line: Line, fault: Given | None, pause_s: float) -> None:
    """What passes is waited for, as long as the forge says, and the answer after it counts."""
    line.fail(fault)

    assert line.wire.get("/x", list[int]) == [1, 2, 3]
    assert line.pauses == [pause_s]


@pytest.mark.parametrize(
    "fault", [limited(retry_after="3600"), secondary_limit(None), limited(), limited(retry_after="soon")]
)
def test_long_waits_are_left_for_later(line: Line, fault: Given) -> None:
    """Who asks for more patience than there is, is asked again another time, which is said."""
    line.fail(fault)

    error = line.refused()

    assert (error.code, error.passing, line.pauses) == ("forge-busy", True, [])
    assert "asks to wait until 2026-11-24" in error.message


def test_patience_is_bounded_over_all_attempts(line: Line) -> None:
    """Several short waits end where one long one would."""
    line.fail(*[limited(retry_after="9")] * 4)

    assert line.refused().code == "forge-busy"
    assert sum(line.pauses) <= PATIENCE_S


@pytest.mark.parametrize("fault", [Given(500, {}), None])
def test_attempts_are_bounded(line: Line, fault: Given | None) -> None:
    """A forge that stays broken is asked four times, ever more slowly."""
    line.fail(*[fault] * 9)

    error = line.refused()

    assert (error.passing, len(line.forge.asked)) == (True, 4)
    assert line.pauses == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("fault", [Given(500, {}), Given(502), Given(503, {}, {"Retry-After": "1"}), None])
@pytest.mark.parametrize("done", [True, False])
def test_deed_that_may_be_done_is_not_repeated(line: Line, fault: Given | None, *, done: bool) -> None:
    """A request that makes something is sent once if it may have been carried out, and the doubt is said."""
    line.fail(fault, done=done, method="POST")

    error = line.refused("POST")

    assert error.passing
    assert (line.forge.deeds, len(line.forge.asked)) == (int(done), 1)
    assert fault is not None or "may have done what was asked all the same" in error.message


def test_deed_that_was_refused_for_haste_is_repeated(line: Line) -> None:
    """A request that was turned away unread is sent again."""
    line.fail(secondary_limit(1), method="POST")

    assert line.wire.send("POST", "/x", {}, int) == 1
    assert line.forge.deeds == 1


def test_changes_that_come_to_the_same_are_repeated(line: Line) -> None:
    """What leads to the same however often it is done is sent again after a cut."""
    line.fail(None, done=True, method="PATCH")

    assert line.wire.send("PATCH", "/x", {}, int) == 2


def test_unchanged_answers_are_not_sent_again(line: Line) -> None:
    """An answer that was kept is asked for by its tag, and taken from what was kept where it is the same."""
    first = line.wire.get("/x", list[int])
    second = line.wire.get("/x", list[int])
    line.forge.items = [4]

    assert (first, second, line.wire.get("/x", list[int])) == ([1, 2, 3], [1, 2, 3], [4])
    assert line.forge.unchanged == 1


def test_pages_that_did_not_change_lead_on(line: Line) -> None:
    """The link to the next page is kept with the page."""
    line.forge.page_size = 1

    for _ in range(2):
        assert list(line.wire.pages("/x?per_page=100", list[int])) == [[1], [2], [3]]
    assert line.forge.unchanged == 3


def test_page_elsewhere_is_not_fetched(line: Line) -> None:
    """A next page at another address is refused: the token is not sent there."""
    line.forge.faults = [Fault(where="GET", given=Given(200, [1], {"Link": '<https://evil.example/x>; rel="next"'}))]

    with pytest.raises(ForgeError, match="leads to another address"):
        list(line.wire.pages("/x", list[int]))


def test_pages_without_end_are_an_error(line: Line) -> None:
    """A list that never ends is given up after a hundred pages."""
    again = Given(200, [1], {"Link": f'<{line.forge.address}/x>; rel="next"'})
    line.forge.faults = [Fault(where="GET", given=again) for _ in range(101)]

    with pytest.raises(ForgeError, match="more than 100 pages"):
        list(line.wire.pages("/x", list[int]))


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (Given(301, {}, {"Location": "https://evil.example"}), "forge-moved", "has moved"),
        (Given(401, {"message": "Bad credentials"}), "forge-token", "Bad credentials"),
        (Given(403, {"message": "Resource not accessible"}), "forge-forbidden", "Resource not accessible"),
        (Given(404, {"message": "Not Found"}), "forge-unknown", "404 to GET /x"),
        (Given(410, {"error": "gone"}), "forge-unknown", "gone"),
        (Given(422, ["a", "b"]), "forge-refused", "['a', 'b']"),
        (Given(418), "forge-refused", "nothing that can be read"),
        (Given(200, {"a": 1}), "forge-odd", "cannot be understood"),
        (Given(304), "forge-odd", "never"),
    ],
)
def test_refusals_are_told_once_and_for_all(line: Line, given: Given, code: str, said: str) -> None:
    """What waiting does not mend is not tried again; the forge's own words are quoted."""
    line.fail(given)

    error = line.refused()

    assert (error.code, error.passing, len(line.forge.asked)) == (code, False, 1)
    assert said in error.message


def test_words_of_the_forge_are_short_and_without_the_token(line: Line) -> None:
    """A forge that repeats the token does not get it into a message, and long words are cut."""
    line.fail(Given(403, {"message": f"{TOKEN} " + "x" * 1000}))

    message = line.refused().message

    assert TOKEN not in message
    assert len(message) < 400


def test_answers_are_bounded(line: Line) -> None:
    """A forge that answers without end is cut off."""
    line.forge.items = "x" * 20_000_001

    assert line.refused().code == "forge-too-much"


def test_who_is_not_patient_asks_once() -> None:
    """A command that only tells the forge in passing does not wait for it."""
    with ExitStack() as stack:
        line = Line(stack, patient=False)
        line.fail(*[Given(500, {})] * 3)

        assert line.refused().passing
        assert (line.pauses, len(line.forge.asked)) == ([], 1)
        line.fail(limited(retry_after="1"))
        assert line.refused().code == "forge-busy"


def test_who_is_in_haste_begins_nothing_late() -> None:
    """Once the time that a command has for the forge is over, nothing more is asked."""
    with ExitStack() as stack:
        line = Line(stack, patient=False, haste_s=-1.0)

        assert line.refused().code == "forge-busy"
        assert line.forge.asked == []


def test_nobody_at_the_address_is_said_so() -> None:
    """Where nobody listens, the address is named, and a deed that was never sent is not in doubt."""
    with ExitStack() as stack:
        line = Line(stack)
        wire = Wire("http://127.0.0.1:9", {}, secret="", keeping=line.outbox, pause=line.pauses.append)
        stack.callback(wire.close)

        with pytest.raises(ForgeError, match=r"127\.0\.0\.1:9 did not answer") as caught:
            wire.send("POST", "/x", {}, msgspec.Raw)

    assert "all the same" not in caught.value.message
    assert len(line.pauses) == 3
