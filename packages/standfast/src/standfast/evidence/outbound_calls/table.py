"""The calls that leave the process, by library, and how each is given a time limit.

Written from the documentation of each library. ``keywords`` are the arguments any of which sets the limit,
``position`` the index of a positional one (-1 where there is none). ``bounded`` says that the library has a finite
limit of its own, so that only an explicit None is wrong. ``note`` is what happens without.
"""

from typing import NamedTuple


class Outbound(NamedTuple):
    """One call and its limit."""

    keywords: tuple[str, ...]
    position: int = -1
    bounded: bool = False
    note: str = "waits without end"


_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_TIMEOUT = Outbound(("timeout",))
_OWN_LIMIT = Outbound(("timeout",), bounded=True)
_REDIS = Outbound(("socket_timeout",), note="waits for an answer without end")
_CONNECT = Outbound(("connect_timeout",), note="waits for the database without end")
_BOTO = Outbound(
    ("config",), note="waits 60 s per attempt and tries again; pass config=Config(connect_timeout, read_timeout)"
)

TABLE: dict[str, Outbound] = {
    **{f"requests.{verb}": _TIMEOUT for verb in _VERBS},
    **{f"requests.{name}().{verb}": _TIMEOUT for name in ("Session", "session") for verb in (*_VERBS, "send")},
    **{f"requests.sessions.Session().{verb}": _TIMEOUT for verb in (*_VERBS, "send")},
    **{f"{library}.{verb}": _OWN_LIMIT for library in ("httpx", "httpx2") for verb in (*_VERBS, "stream")},
    **{f"{library}.{kind}": _OWN_LIMIT for library in ("httpx", "httpx2") for kind in ("Client", "AsyncClient")},
    **{
        f"{library}.{kind}().{verb}": _OWN_LIMIT
        for library in ("httpx", "httpx2")
        for kind in ("Client", "AsyncClient")
        for verb in (*_VERBS, "stream")
    },
    "urllib.request.urlopen": Outbound(("timeout",), position=2),
    "urllib3.PoolManager": Outbound(("timeout",)),
    "urllib3.HTTPConnectionPool": Outbound(("timeout",), position=2),
    "urllib3.HTTPSConnectionPool": Outbound(("timeout",), position=2),
    "urllib3.request": _TIMEOUT,
    "http.client.HTTPConnection": Outbound(("timeout",), position=2),
    "http.client.HTTPSConnection": Outbound(("timeout",)),
    "aiohttp.ClientSession": Outbound(("timeout",), note="waits up to 5 minutes"),
    "aiohttp.request": Outbound(("timeout",), note="waits up to 5 minutes"),
    "websockets.connect": Outbound(("open_timeout",), bounded=True),
    "socket.create_connection": Outbound(("timeout",), position=1),
    "asyncio.open_connection": Outbound(
        ("ssl_handshake_timeout",), note="waits without end; wrap it in asyncio.timeout"
    ),
    "smtplib.SMTP": Outbound(("timeout",), position=3),
    "smtplib.SMTP_SSL": _TIMEOUT,
    "smtplib.LMTP": _TIMEOUT,
    "ftplib.FTP": Outbound(("timeout",), position=4),
    "ftplib.FTP_TLS": _TIMEOUT,
    "imaplib.IMAP4": Outbound(("timeout",), position=2),
    "imaplib.IMAP4_SSL": _TIMEOUT,
    "poplib.POP3": Outbound(("timeout",), position=2),
    "poplib.POP3_SSL": _TIMEOUT,
    "boto3.client": _BOTO,
    "boto3.resource": _BOTO,
    "boto3.Session().client": _BOTO,
    "boto3.Session().resource": _BOTO,
    "boto3.session.Session().client": _BOTO,
    "boto3.session.Session().resource": _BOTO,
    **{
        f"{module}.{name}": _REDIS
        for module in ("redis", "redis.asyncio", "redis.client")
        for name in ("Redis", "StrictRedis", "from_url", "Redis.from_url", "ConnectionPool", "ConnectionPool.from_url")
    },
    **{f"psycopg.{name}": _CONNECT for name in ("connect", "Connection.connect", "AsyncConnection.connect")},
    "psycopg2.connect": _CONNECT,
    "pymysql.connect": Outbound(("read_timeout",), note="waits for an answer without end"),
    "MySQLdb.connect": Outbound(("connect_timeout",)),
    "mysql.connector.connect": Outbound(("connection_timeout",), bounded=True),
    "asyncpg.connect": Outbound(("command_timeout",), note="waits for an answer without end"),
    "asyncpg.create_pool": Outbound(("command_timeout",), note="waits for an answer without end"),
    "pyodbc.connect": _TIMEOUT,
    **{
        f"{module}.{name}": Outbound(("timeoutMS", "socketTimeoutMS"), note="waits for an answer without end")
        for module, name in (
            ("pymongo", "MongoClient"),
            ("pymongo", "AsyncMongoClient"),
            ("motor.motor_asyncio", "AsyncIOMotorClient"),
        )
    },
    "elasticsearch.Elasticsearch": Outbound(("request_timeout", "timeout"), bounded=True),
    "paramiko.SSHClient().connect": _TIMEOUT,
    "ldap3.Connection": Outbound(("receive_timeout",)),
    "pika.ConnectionParameters": Outbound(("blocked_connection_timeout",)),
    "openai.OpenAI": Outbound(("timeout",), note="waits up to 10 minutes"),
    "openai.AsyncOpenAI": Outbound(("timeout",), note="waits up to 10 minutes"),
}

CHANNELS = frozenset(
    f"{module}.{name}" for module in ("grpc", "grpc.aio") for name in ("insecure_channel", "secure_channel")
)
"""Channels: each call on one takes its own ``timeout``, and the stubs that make the calls are generated."""

BREAKERS = frozenset(
    {"pybreaker", "circuitbreaker", "aiobreaker", "purgatory", "failsafe", "hyx", "standfast_kit", "interruptingcow"}
)
"""Packages that bring a circuit breaker."""
