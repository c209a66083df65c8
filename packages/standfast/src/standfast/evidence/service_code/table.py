"""Web frameworks, servers and packages for health, by the names that code knows them by.

Written from the documentation of each. A server drains where it answers SIGTERM by refusing new connections and letting
requests in progress finish.
"""

from typing import NamedTuple

FRAMEWORKS = frozenset(
    {
        *("fastapi", "starlette", "flask", "quart", "django", "aiohttp", "litestar", "falcon", "sanic", "bottle"),
        *("tornado", "pyramid", "robyn", "blacksheep", "connexion"),
    }
)
"""Web frameworks of Python. ``aiohttp`` is one only where ``aiohttp.web`` is imported."""

JAVASCRIPT_FRAMEWORKS = frozenset(
    {
        *("express", "fastify", "koa", "@koa/router", "koa-router", "restify", "hono", "polka", "h3"),
        *("@nestjs/core", "@nestjs/common", "@hapi/hapi"),
    }
)

READ_FRAMEWORKS = (FRAMEWORKS | JAVASCRIPT_FRAMEWORKS) - {
    "tornado",
    "pyramid",
    "robyn",
    "blacksheep",
    "connexion",
    "h3",
}
"""Frameworks whose routes are read. Of another one nothing is known."""


class ServerCall(NamedTuple):
    """A call that starts a server: whether it drains, and the keyword that bounds how long."""

    drains: bool
    grace: str = ""


SERVERS = {
    "uvicorn.run": ServerCall(True, "timeout_graceful_shutdown"),
    "uvicorn.Config": ServerCall(True, "timeout_graceful_shutdown"),
    "hypercorn.asyncio.serve": ServerCall(True),
    "hypercorn.trio.serve": ServerCall(True),
    "granian.Granian": ServerCall(True),
    "aiohttp.web.run_app": ServerCall(True, "shutdown_timeout"),
    "sanic.Sanic().run": ServerCall(True),
    "flask.Flask().run": ServerCall(False),
    "bottle.run": ServerCall(False),
    "waitress.serve": ServerCall(False),
    "werkzeug.serving.run_simple": ServerCall(False),
    "wsgiref.simple_server.make_server": ServerCall(False),
    "http.server.HTTPServer": ServerCall(False),
    "http.server.ThreadingHTTPServer": ServerCall(False),
}
"""Calls that start a server, as they are written in Python."""

SERVER_PACKAGES = frozenset({"gunicorn"})
"""Modules that are imported only to start their server, which drains."""

HEALTH_PACKAGES = frozenset(
    {
        *("fastapi_health", "fastapi_healthchecks", "health_check", "watchman", "healthcheck", "flask_healthz"),
        *("django_healthchecks", "dockerflow", "@godaddy/terminus", "lightship", "@nestjs/terminus"),
        *("@cloudnative/health", "@cloudnative/health-connect", "express-healthcheck", "fastify-healthcheck"),
    }
)
"""Packages that bring health endpoints of their own."""

ENDING_PACKAGES = frozenset(
    {
        *("@godaddy/terminus", "lightship", "close-with-grace", "http-graceful-shutdown", "fastify-graceful-shutdown"),
        *("@mgcrea/fastify-graceful-exit", "@fastify/close-with-grace"),
    }
)
"""JavaScript packages that answer SIGTERM."""
