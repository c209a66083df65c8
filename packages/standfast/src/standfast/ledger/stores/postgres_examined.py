"""What there is around the rows of a ledger in PostgreSQL, compared with what its owner made: each difference in words.

The rows themselves are compared with the signed root by `standfast.ledger.fsck`. Here it is about what keeps a writer
from changing them: triggers that are there, enabled and do what they did, rights that nobody else has, tables that are
whole and survive a crash. The owner, and whoever administers the server, can lift all of it for a while and put it
back; that they did is not seen here, only what they changed meanwhile, by the hashes.
"""

from collections.abc import Callable, Iterator

from standfast.ledger.stores.postgres_tables import FUNCTIONS, LASTING, TRIGGERS

_TABLES = (*LASTING, "head", "edge")

_OURS = """
WITH ours AS (
  SELECT * FROM pg_class WHERE relnamespace = quote_ident(%(schema)s)::regnamespace AND relname = ANY(%(tables)s)
)
"""
"""Stands before each question: the tables of the log."""
_THERE = "SELECT relname::text FROM ours"

_FOUND_TRIGGERS = """
SELECT relname::text, tgname::text, tgtype::int, proname::text, tgenabled IN ('O', 'A') AND tgqual IS NULL
  AND tgattr::text = ''
FROM pg_trigger JOIN ours ON tgrelid = ours.oid JOIN pg_proc ON tgfoid = pg_proc.oid
WHERE NOT tgisinternal
"""
_FOUND_FUNCTIONS = """
SELECT proname::text, prosrc FROM pg_proc JOIN pg_language ON prolang = pg_language.oid
WHERE pronamespace = quote_ident(%(schema)s)::regnamespace AND lanname = 'plpgsql'
"""
_QUESTIONS = (
    """
SELECT format('the table %%s belongs to %%s, the schema to %%s', relname, relowner::regrole, nspowner::regrole)
FROM ours JOIN pg_namespace ON relnamespace = pg_namespace.oid WHERE relowner <> nspowner
""",
    """
SELECT format('the table %%s does not survive a crash of the server', relname)
FROM ours WHERE relpersistence <> 'p'
""",
    """
SELECT format('the table %%s is not a plain one: its rows may be hidden, or those of others shown', relname)
FROM ours WHERE (relkind <> 'r' OR relrowsecurity OR EXISTS (SELECT FROM pg_inherits WHERE inhparent = ours.oid)
    OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = ours.oid))
""",
    """
SELECT format('the index %%s of the table %%s is not valid', indexrelid::regclass, relname)
FROM pg_index JOIN ours ON indrelid = ours.oid WHERE NOT (indisvalid AND indisready)
""",
    """
SELECT format('the table %%s has no primary key', relname) FROM ours
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = ours.oid AND contype = 'p')
""",
    """
SELECT format('%%s may %%s the table %%s', CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END,
  privilege_type, relname)
FROM ours, aclexplode(relacl) WHERE grantee <> relowner
  AND (privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER')
    OR privilege_type = 'UPDATE' AND relname <> 'edge' OR privilege_type = 'INSERT' AND relname IN ('head', 'identity'))
""",
    """
SELECT format('%%s may UPDATE the column %%s of the table %%s',
  CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END, attname, relname)
FROM ours JOIN pg_attribute ON attrelid = ours.oid, aclexplode(attacl)
WHERE grantee <> relowner AND privilege_type = 'UPDATE' AND relname <> 'edge'
  AND NOT (relname = 'head' AND attname IN ('size', 'root', 'epoch', 'at'))
""",
)
"""Each asks for one kind of difference, as sentences."""

Ask = Callable[[str, dict[str, object]], list[tuple[object, ...]]]


def differences(ask: Ask, schema: str) -> Iterator[str]:
    """Yield what is not as the owner made it, as *ask* answers for *schema*."""
    values: dict[str, object] = {"schema": schema, "tables": list(_TABLES)}
    there = {str(name) for (name,) in ask(_OURS + _THERE, values)}
    yield from (f"the table {name} is gone" for name in _TABLES if name not in there)
    yield from _triggers(ask(_OURS + _FOUND_TRIGGERS, values))
    yield from _functions(ask(_FOUND_FUNCTIONS, values))
    for question in _QUESTIONS:
        yield from sorted(str(line) for (line,) in ask(_OURS + question, values))


def _triggers(rows: list[tuple[object, ...]]) -> Iterator[str]:
    found = {(table, name): (kind, function, on) for table, name, kind, function, on in rows}
    for (table, name), (kind, function) in TRIGGERS.items():
        here = found.pop((table, name), None)
        if here is None:
            yield f"the trigger {name} of the table {table} is gone"
        elif not here[2]:
            yield f"the trigger {name} of the table {table} is switched off, or only fires at times"
        elif here[:2] != (kind, function):
            yield f"the trigger {name} of the table {table} is another one"
    yield from (f"the table {table} has a trigger {name} that Standfast did not make" for table, name in sorted(found))


def _functions(rows: list[tuple[object, ...]]) -> Iterator[str]:
    found = {str(name): str(source) for name, source in rows}
    for name, source in FUNCTIONS.items():
        if found.get(name) != source:
            yield f"the function {name} of the triggers is {'gone' if name not in found else 'another one'}"
