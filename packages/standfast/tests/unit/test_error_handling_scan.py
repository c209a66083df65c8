"""Swallowed errors, vague raises and families of exceptions, by our own scan."""

import msgspec
import pytest

from standfast.evidence.error_handling.families import ClassRow, exception_classes, family_of_name
from standfast.evidence.error_handling.scan import examine
from standfast.evidence.source.syntax import Source

HANDLERS = [
    ("except: pass", "bare-except"),
    ("except:\n    raise", ""),
    ("except:\n    log.exception('x')", ""),
    ("except Exception: pass", "broad-except"),
    ("except (ValueError, Exception): x = 1", "broad-except"),
    ("except builtins.BaseException: x = 1", "broad-except"),
    ("except Exception as error: return str(error)", ""),
    ("except Exception:\n    raise Other() from None", ""),
    ("except Exception:\n    def later(): raise\n", "broad-except"),
    ("except ValueError: pass", "silent-except"),
    ("except ValueError: pass  # an old client sends none", ""),
    ("except ValueError: ...", "silent-except"),
    ("except ValueError: x = None", ""),
]


@pytest.mark.parametrize(("handler", "rule"), HANDLERS)
def test_handler_is_judged_by_what_it_does(handler: str, rule: str) -> None:
    """A handler that neither raises, nor tells, nor uses the error swallows it."""
    lines = "\n".join(f"    {line}" for line in handler.splitlines())
    source = Source("a.py", f"def f():\n    try: g()\n{lines}\n".encode())

    assert [row["rule"] for row in examine(source)["findings"]] == ([rule] if rule else [])


ACCEPTED = [
    ("# noqa: BLE001  # the last handler of the server", "the last handler of the server"),
    ("# noqa: BLE001", "-"),
    ("# noqa: E501  # long", ""),
    ("# pylint: disable=broad-except  # plugins may raise anything", "plugins may raise anything"),
    ("", ""),
]


@pytest.mark.parametrize(("comment", "reason"), ACCEPTED)
def test_suppression_of_the_rule_is_kept_with_its_reason(comment: str, reason: str) -> None:
    """Only a suppression that names the rule counts, and its reason is kept."""
    source = Source("a.py", f"try: g()\nexcept Exception:  {comment}\n    x = 1\n".encode())

    assert examine(source)["findings"][0]["accepted"] == reason


def test_bare_exception_cannot_be_told_from_others() -> None:
    """``raise Exception`` is found with and without a call; other raises are not."""
    source = Source("a.py", b"raise Exception\nraise Exception('x')\nraise ValueError\nraise\n")

    assert [row["line"] for row in examine(source)["findings"]] == [1, 2]


def test_broad_suppress_is_a_swallowed_error() -> None:
    """``contextlib.suppress(Exception)`` is found under any name it was imported as."""
    source = Source(
        "a.py", b"from contextlib import suppress as quiet\nwith quiet(Exception): g()\nwith quiet(KeyError): g()"
    )

    assert [(row["rule"], row["line"]) for row in examine(source)["findings"]] == [("broad-except", 2)]


FAMILIES = [
    ("InvalidTokenError", "security"),
    ("PermissionDenied", "security"),
    ("InvalidAmountError", "validation"),
    ("BankUnavailableError", "system"),
    ("DatabaseTimeout", "system"),
    ("BusinessError", "business"),
    ("InsufficientFundsError", ""),
    ("HTTPError", ""),
]


@pytest.mark.parametrize(("name", "family"), FAMILIES)
def test_words_of_the_name_tell_the_family(name: str, family: str) -> None:
    """The words of an exception's name tell what it is about, access before input before infrastructure."""
    assert family_of_name(name) == family


def test_exceptions_are_found_through_their_ancestors() -> None:
    """A class is an exception when an ancestor is; family and fields are inherited, the rest is about the domain."""
    code = (
        "class PayError(Exception):\n    def __init__(self, code): ...\n"
        "class AccessError(PayError): ...\n"
        "class RefusedError(AccessError):\n    who: str\n"
        "class AlreadySettled(PayError): ...\n"
        "class BusinessError(PayError): ...\n"
        "class InvalidAmountError(BusinessError): ...\n"
        "class BrokenBookError(AssertionError): ...\n"
        "class NotOne: ...\n"
        "class ErrorHandler(Exception): ...\n"
    )
    found = examine(Source("a.py", code.encode()))

    rows = exception_classes(msgspec.convert(found["classes"], list[ClassRow]), {"AlreadySettled": 3})

    assert {row.name: (row.family, row.fields, row.raised) for row in rows} == {
        "PayError": ("", ("code",), 0),
        "AccessError": ("business", ("code",), 0),
        "RefusedError": ("business", ("code", "who"), 0),
        "AlreadySettled": ("business", ("code",), 3),
        "BusinessError": ("business", ("code",), 0),
        "InvalidAmountError": ("business", ("code",), 0),
    }
