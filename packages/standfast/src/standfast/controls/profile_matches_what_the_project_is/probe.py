"""Decide whether what the project is made of contradicts its profile."""

from collections.abc import Iterator

from standfast.evidence.locked_packages.schema import LockedPackages
from standfast.evidence.outbound_calls.schema import OutboundCalls
from standfast.evidence.repository.schema import Repository
from standfast.model import Finding, Location, Profile

_WEB = {
    *(
        "fastapi",
        "flask",
        "django",
        "starlette",
        "litestar",
        "tornado",
        "sanic",
        "falcon",
        "quart",
        "bottle",
        "pyramid",
    ),
    *("bottle", "pyramid", "express", "koa", "fastify", "@nestjs/core", "@hapi/hapi"),
}
_DATABASE = {
    *("psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "sqlalchemy", "sqlmodel", "pymysql", "mysqlclient"),
    *("pymongo", "motor", "tortoise-orm", "peewee", "pg", "mysql2", "mongoose", "prisma", "@prisma/client"),
    *("typeorm", "sequelize", "knex", "mongodb"),
}


def probe(
    repository: Repository, locked: LockedPackages | None, calls: OutboundCalls | None, profile: Profile
) -> Iterator[Finding]:
    """Yield each flag that the profile says is false although the files show what it is about.

    A flag that the profile does not mention makes its controls unknown, so it hides nothing. Frameworks and drivers
    that a library depends on are for those who use it, and no sign.

    Args:
        repository: The files.
        locked: What the manifests name.
        calls: Calls to other services.
        profile: What the project says it is.

    Clause:
        deployment_gates.validation.1
    """
    for flag, paths in (
        ("container", repository.image_files),
        ("infrastructure", repository.infrastructure_files),
        ("api", repository.api_descriptions),
    ):
        for path in paths[:1]:
            yield from _denied(profile, flag, f"{path} is here", Location(path))
    if calls is not None and calls.calls:
        first = calls.limited[0] if calls.limited else None
        place = Location(first.path, first.line) if first else None
        yield from _denied(profile, "external_services", f"the code makes {calls.calls} calls to others", place)
    for package in locked.declared if locked is not None and profile.library is not True else ():
        name = package.name.lower().replace("_", "-")
        for flag, names in (("service", _WEB), ("database", _DATABASE)):
            if name in names:
                yield from _denied(profile, flag, f"{package.name} is among what is delivered", Location(package.path))


def _denied(profile: Profile, flag: str, sign: str, where: Location | None) -> Iterator[Finding]:
    if profile.flag(flag) is False:
        line = profile.lines.get(flag, f"{flag} = false")
        yield Finding(f"{sign}, but the profile says `{line}`", where, rule=flag)
