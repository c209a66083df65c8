"""Outbound calls without a time limit and retries without an end, by our own scan."""

import pytest

from standfast.evidence.outbound_calls.scan import examine
from standfast.evidence.outbound_calls.table import TABLE
from standfast.evidence.source.syntax import Source

CALLS = [
    ("import requests\nrequests.get(u)", "requests.get", True),
    ("import requests\nrequests.get(u, timeout=5)", "requests.get", False),
    ("import requests\nrequests.get(u, timeout=None)", "requests.get", True),
    ("import requests as r\nr.post(u)", "requests.post", True),
    ("from requests import get as fetch\nfetch(u)", "requests.get", True),
    ("import requests\ns = requests.Session()\ns.get(u)", "requests.Session.get", True),
    ("import requests\nwith requests.Session() as s:\n    s.get(u, timeout=3)", "requests.Session.get", False),
    (
        "import requests\nclass C:\n def a(self):\n  self.s = requests.Session()\n def f(self):\n  self.s.put(u)",
        "requests.Session.put",
        True,
    ),
    ("import requests\nrequests.Session().get(u)", "requests.Session.get", True),
    ("import httpx\nhttpx.get(u)", "httpx.get", False),
    ("import httpx\nhttpx.get(u, timeout=None)", "httpx.get", True),
    ("from urllib.request import urlopen\nurlopen(u)", "urllib.request.urlopen", True),
    ("from urllib.request import urlopen\nurlopen(u, None, 5)", "urllib.request.urlopen", False),
    ("import urllib.request\nurllib.request.urlopen(u, timeout=5)", "urllib.request.urlopen", False),
    ("import boto3\nboto3.client('s3')", "boto3.client", True),
    ("import boto3\nboto3.client('s3', config=c)", "boto3.client", False),
    ("import redis\nredis.Redis()", "redis.Redis", True),
    ("from redis import Redis\nRedis.from_url(u, socket_timeout=2)", "redis.Redis.from_url", False),
    ("import psycopg\npsycopg.connect('host=db connect_timeout=5')", "psycopg.connect", False),
    ("import psycopg\npsycopg.connect('host=db')", "psycopg.connect", True),
    ("import socket\nsocket.create_connection(a, 3)", "socket.create_connection", False),
    ("import smtplib\nsmtplib.SMTP('h')", "smtplib.SMTP", True),
    ("import requests\ndef f(u, timeout=None):\n    requests.get(u, timeout=timeout)", "requests.get", True),
    ("import requests\ndef f(u, timeout=5):\n    requests.get(u, timeout=timeout)", "requests.get", False),
    ("import requests\ndef f(u, **k):\n    requests.get(u, **k)", "requests.get", True),
    (
        "import requests\ndef f(u, **k):\n    k.setdefault('timeout', 5)\n    requests.get(u, **k)",
        "requests.get",
        False,
    ),
    (
        "import asyncio, aiohttp\nasync def f():\n  async with asyncio.timeout(5):\n    aiohttp.request('GET', u)",
        "aiohttp.request",
        False,
    ),
    ("import grpc\nc = grpc.insecure_channel(a)\nstub.Pay(r)", "grpc.insecure_channel", True),
    ("import grpc\nc = grpc.insecure_channel(a)\nstub.Pay(r, timeout=2)", "grpc.insecure_channel", False),
]


@pytest.mark.parametrize(("code", "name", "unlimited"), CALLS)
def test_call_is_judged_by_its_limit(code: str, name: str, unlimited: bool) -> None:  # data
    """A call is found under every name it goes by, and has a limit or not."""
    (call,) = examine(Source("a.py", code.encode()))["calls"]

    assert (call["name"], bool(call["problem"])) == (name, unlimited)


@pytest.mark.parametrize("code", ["get(u)", "requests.get(u)", "import mine\nmine.get(u)", "x = {}\nx.get(u)"])
def test_call_of_an_unknown_name_is_none(code: str) -> None:
    """A call whose name was not imported from a known library is not outbound."""
    assert examine(Source("a.py", code.encode()))["calls"] == []


def test_limit_written_as_a_number_is_kept() -> None:
    """A limit that is a number is kept in seconds; one that is computed is not known."""
    code = b"import requests\nrequests.get(u, timeout=45)\nrequests.get(u, timeout=T)\n"

    assert [call["limit_s"] for call in examine(Source("a.py", code))["calls"]] == [45.0, None]


RETRIES = [
    ("from tenacity import retry\n@retry\ndef f(): pass", "endless-retry"),
    ("import tenacity\n@tenacity.retry(stop=s)\ndef f(): pass", "hasty-retry"),
    ("import tenacity\n@tenacity.retry(stop=s, wait=w)\ndef f(): pass", ""),
    ("import backoff\n@backoff.on_exception(backoff.expo, E)\ndef f(): pass", "endless-retry"),
    ("import backoff\n@backoff.on_exception(backoff.expo, E, max_tries=3)\ndef f(): pass", ""),
    ("import stamina\n@stamina.retry(on=E)\ndef f(): pass", ""),
    ("import stamina\n@stamina.retry(on=E, attempts=None, timeout=None)\ndef f(): pass", "endless-retry"),
    ("from urllib3.util import Retry\nRetry(3)", "hasty-retry"),
    ("from urllib3.util import Retry\nRetry(3, backoff_factor=1)", ""),
]


@pytest.mark.parametrize(("code", "rule"), RETRIES)
def test_retry_must_end_and_pause(code: str, rule: str) -> None:
    """A retry that never gives up, or tries again at once, is found; each retry is counted once."""
    found = examine(Source("a.py", code.encode()))

    assert ([row["rule"] for row in found["findings"]], found["retries"]) == ([rule] if rule else [], 1)


BREAKERS = [
    ("import pybreaker", ["pybreaker"]),
    ("from standfast_kit.outbound import Breaker", ["standfast_kit"]),
    ("class CircuitBreaker: pass", ["CircuitBreaker"]),
    ("import requests", []),
]


@pytest.mark.parametrize(("code", "breakers"), BREAKERS)
def test_breaker_is_imported_or_defined(code: str, breakers: list[str]) -> None:
    """A circuit breaker is one of a known package, or a class that is called one."""
    assert examine(Source("a.py", code.encode()))["breakers"] == breakers


def test_table_names_a_limit_for_each_call() -> None:
    """Each entry of the table has a keyword, so that the remedy can be named."""
    assert all(entry.keywords and entry.note for entry in TABLE.values())
