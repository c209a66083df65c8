"""What the scans of a service find in its code: routes, servers and what it does at the end."""

from typing import Any

import pytest

from standfast.evidence.runs.texts import TextFile
from standfast.evidence.service_code.javascript import service_code_of
from standfast.evidence.service_code.scan import examine
from standfast.evidence.service_code.schema import health_role, serves
from standfast.evidence.source.syntax import Source

ROUTES: dict[str, tuple[str, list[str]]] = {
    "FastAPI": ("from fastapi import FastAPI\napp = FastAPI()\n@app.get('/healthz')\ndef h(): ...", ["/healthz"]),
    "a router with a prefix": (
        "from fastapi import APIRouter\nr = APIRouter(prefix='/health')\n@r.get('/live')\nasync def h(): ...",
        ["/health/live"],
    ),
    "a prefix and nothing more": (
        "from fastapi import APIRouter\nr = APIRouter(prefix='/health')\n@r.get('')\nasync def h(): ...",
        ["/health"],
    ),
    "a constant of the module": ("P = '/ready'\n@app.get(P)\ndef h(): ...", ["/ready"]),
    "a keyword": ("import flask\n@app.route(rule='/ready')\ndef h(): ...", ["/ready"]),
    "Flask": (
        "from flask import Blueprint\nb = Blueprint('x', __name__, url_prefix='/x')\n@b.route('/ping')\ndef h(): ...",
        ["/x/ping"],
    ),
    "a framework that another module imports": ("from .app import app\n@app.get('/live')\ndef h(): ...", ["/live"]),
    "Starlette": ("from starlette.routing import Route\nr = [Route('/livez', h)]", ["/livez"]),
    "Django": ("from django.urls import path\nurlpatterns = [path('healthz/', h)]", ["/healthz/"]),
    "Django by a pattern": ("from django.urls import re_path\nu = [re_path(r'^ready/?$', h)]", ["/ready"]),
    "aiohttp": ("from aiohttp import web\nr = [web.get('/health', h)]", ["/health"]),
    "aiohttp by a router": ("app.router.add_get('/health', h)", ["/health"]),
    "aiohttp by a method": ("app.router.add_route('GET', '/health', h)", ["/health"]),
    "Flask by a rule": ("app.add_url_rule('/health', view_func=h)", ["/health"]),
    "no route": ("import functools\n@functools.lru_cache(3)\ndef h(): ...\n@cache.get('key')\ndef g(): ...", []),
}


@pytest.mark.parametrize(("text", "routes"), ROUTES.values(), ids=ROUTES)
def test_routes_of_python_are_read(text: str, routes: list[str]) -> None:
    """A route is read from its decorator or its table, with the prefix of a router in the same module."""
    found = examine(Source("a.py", text.encode()))

    assert [row["name"] for row in found["routes"]] == routes
    assert found["unread_routes"] == 0


def test_route_that_is_not_written_down_is_counted() -> None:
    """A path that is computed or imported is a route that was not read."""
    text = "from fastapi import FastAPI\nfrom x import P\n@app.get(P)\ndef h(): ...\n@app.get(f'/{P}')\ndef g(): ..."

    assert examine(Source("a.py", text.encode()))["unread_routes"] == 2


ENDINGS: dict[str, tuple[str, list[str]]] = {
    "a handler": ("import signal\nsignal.signal(signal.SIGTERM, stop)", ["SIGTERM handler"]),
    "a handler that ignores": ("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)", []),
    "another signal": ("import signal\nsignal.signal(signal.SIGINT, stop)", []),
    "a handler of a loop": ("import signal\nloop.add_signal_handler(signal.SIGTERM, stop)", ["SIGTERM handler"]),
    "several signals": (
        "import signal\nfor s in (signal.SIGTERM, signal.SIGINT):\n    loop.add_signal_handler(s, stop)",
        ["SIGTERM handler"],
    ),
    "a lifespan": ("from fastapi import FastAPI\napp = FastAPI(lifespan=life)", ["lifespan"]),
    "an event": ("@app.on_event('shutdown')\ndef f(): ...", ["shutdown hook"]),
    "the start is no end": ("@app.on_event('startup')\ndef f(): ...", []),
    "aiohttp": ("app.on_cleanup.append(f)\napp.cleanup_ctx.append(g)", ["on_cleanup hook", "cleanup_ctx hook"]),
    "what exits on its own": ("import atexit\natexit.register(f)", []),
}


@pytest.mark.parametrize(("text", "endings"), ENDINGS.values(), ids=ENDINGS)
def test_endings_of_python_are_found(text: str, endings: list[str]) -> None:
    """Handlers of SIGTERM and hooks of frameworks count; `atexit` does not, because no signal reaches it."""
    assert [row["name"] for row in examine(Source("a.py", text.encode()))["endings"]] == endings


SERVERS: dict[str, tuple[str, list[tuple[str, bool, float | None]]]] = {
    "uvicorn": ("import uvicorn\nuvicorn.run(app)", [("uvicorn.run", True, None)]),
    "uvicorn with a bound": (
        "import uvicorn\nuvicorn.run(app, timeout_graceful_shutdown=20)",
        [("uvicorn.run", True, 20.0)],
    ),
    "uvicorn with a setting": (
        "import uvicorn\nuvicorn.run(app, timeout_graceful_shutdown=s.x)",
        [("uvicorn.run", True, None)],
    ),
    "the server of Flask": ("import flask\napp = flask.Flask('x')\napp.run()", [("flask.Flask.run", False, None)]),
    "waitress": ("from waitress import serve\nserve(app)", [("waitress.serve", False, None)]),
    "gunicorn": ("from gunicorn.app.base import BaseApplication", [("gunicorn", True, None)]),
    "aiohttp": (
        "from aiohttp import web\nweb.run_app(app, shutdown_timeout=5.5)",
        [("aiohttp.web.run_app", True, 5.5)],
    ),
}


@pytest.mark.parametrize(("text", "servers"), SERVERS.values(), ids=SERVERS)
def test_servers_of_python_are_known(text: str, servers: list[tuple[str, bool, float | None]]) -> None:
    """A server is known by the call that starts it: whether it drains, and for how long."""
    found = examine(Source("a.py", text.encode()))["servers"]

    assert [(row["name"], row["drains"], row["grace_s"]) for row in found] == servers


def test_frameworks_and_packages_for_health_are_named() -> None:
    """A framework counts where it is imported, a client of the same package does not, nor does a mention."""
    client = examine(Source("a.py", b"import aiohttp\naiohttp.ClientSession()"))
    server = examine(Source("b.py", b"from aiohttp import web"))
    settings = examine(Source("c.py", b"import django\nINSTALLED_APPS = ['health_check', 'health_check.db']"))

    assert client["frameworks"] == []
    assert [row["name"] for row in server["frameworks"]] == ["aiohttp"]
    assert [(row["name"], row["line"]) for row in settings["health_packages"]] == [("health_check", 2)]


SCRIPTS: dict[str, tuple[str, dict[str, Any]]] = {
    "Express": (
        "import express from 'express'\nconst app = express()\napp.get('/healthz', h)\napp.listen(80)",
        {"frameworks": ["express"], "routes": ["/healthz"], "servers": ["listen"], "endings": []},
    ),
    "Express with an end": (
        "const e = require('express');\nprocess.on('SIGTERM', () => server.close())",
        {"frameworks": ["express"], "endings": ["SIGTERM handler"]},
    ),
    "several signals": (
        "for (const s of ['SIGINT', 'SIGTERM']) process.once(s, stop)",
        {"endings": ["SIGTERM handler"]},
    ),
    "another signal": ("process.on('SIGINT', stop)", {"endings": []}),
    "Fastify": (
        "import Fastify from 'fastify'\nf.route({ url: '/ready', handler })\nimport c from 'close-with-grace'",
        {"frameworks": ["fastify"], "routes": ["/ready"], "endings": ["close-with-grace"]},
    ),
    "Nest": (
        "import { Get } from '@nestjs/common'\n@Controller('health')\nclass H {\n @Get('live')\n a() {}\n @Get()\n}",
        {"frameworks": ["@nestjs/common"], "routes": ["/health/live", "/health"]},
    ),
    "a comment": (
        "import express from 'express'\n// app.get('/healthz', h)\n/* process.on('SIGTERM', x) */",
        {"routes": [], "endings": []},
    ),
    "a page and no service": ("client.get('/healthz')\nserver.listen(80)", {"routes": [], "servers": []}),
    "a path from elsewhere": (
        "import express from 'express'\nimport { P } from './p'\napp.get(P, h)",
        {"routes": [], "unread_routes": 1},
    ),
}


@pytest.mark.parametrize(("text", "wanted"), SCRIPTS.values(), ids=SCRIPTS)
def test_services_in_javascript_are_read(text: str, wanted: dict[str, Any]) -> None:
    """Routes, servers and endings are found by the shape of the text, in code and not in comments."""
    found = service_code_of([TextFile("src/a.ts", text=text)], expected=1)

    shown = {
        name: value if isinstance(value, int) else [one.name for one in value]
        for name in wanted
        for value in [getattr(found, name)]
    }
    assert shown == wanted
    assert not found.examination.shortfalls()


def test_script_that_cannot_be_read_is_an_error() -> None:
    """A file that is not UTF-8 leaves the examination incomplete."""
    found = service_code_of([TextFile("a.js", error="is not UTF-8: byte 3"), TextFile("b.js", text="")], expected=2)

    assert found.examination.shortfalls() == (
        "1 of 2 files were examined (a.js is not UTF-8: byte 3)",
        "1 errors while examining files (a.js is not UTF-8: byte 3)",
    )


@pytest.mark.parametrize(
    ("route", "role"),
    [
        ("/livez", "alive"), ("/health/live", "alive"), ("/__lbheartbeat__", "alive"),
        ("/readyz", "ready"), ("/health/readiness/", "ready"), ("/internal/-/ready", "ready"),
        ("/healthz", "general"), ("/api/v1/health", "general"), ("/ping", "general"), ("/status", "general"),
        ("/orders/{id}/status", ""), ("/payments", ""), ("/", ""), ("/deliver", ""), ("/already", ""),
    ],
)  # fmt: skip
def test_health_is_known_by_the_last_word_of_a_path(route: str, role: str) -> None:
    """The last word tells what an operation says of the service; a word with other meanings must stand alone."""
    assert health_role(route) == role


@pytest.mark.parametrize(
    ("route", "asked", "expected"),
    [
        ("/health/ready", "/health/ready", True),
        ("/health/ready/", "/health/ready?full=1", True),
        ("/ready", "/api/ready", True),
        ("/health/{kind}", "/health/ready", True),
        ("/health/:kind", "/health/ready", True),
        ("/health/<kind>", "/health/ready", True),
        ("/health/ready", "/health/raedy", False),
        ("/ready", "/already", False),
        ("/", "/ready", False),
        ("/health", "/health/ready", False),
    ],
)
def test_route_answers_what_ends_like_it(route: str, asked: str, expected: bool) -> None:  # data
    """A prefix may stand in another file, so the end of a path decides; parameters stand for one part."""
    assert serves(route, asked) is expected
