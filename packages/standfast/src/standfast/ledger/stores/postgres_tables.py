"""The tables of a ledger in PostgreSQL, who owns them and who may write.

The owner made the tables and can do anything to them; nobody runs as the owner from day to day. The writer may add
entries, tiles, checkpoints and cosignatures, and move the head and the right edge; it may change, delete or empty
nothing else of the log. What opens commitments, names, sealed content and its wrapped keys lie beside it in tables from
which rows can go. Text is ordered by its characters ("C"), whatever the database is set to: so it is in the contract.
There is no sequence in the log: numbers that are drawn before a commit leave gaps and become visible out of order.
"""

LASTING = ("entry", "tile", "checkpoint", "cosignature", "rotation", "time_stamp", "identity")
"""The tables of which no row is changed or deleted, ever."""

FUNCTIONS = {
    "unchanging": """
BEGIN
  RAISE EXCEPTION '%: what is recorded stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END """,
    "advancing": """
BEGIN
  IF NEW.size < OLD.size OR NEW.epoch < OLD.epoch OR NEW.first < OLD.first OR NEW.at < OLD.at THEN
    RAISE EXCEPTION 'head: it only goes forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END """,
}
"""What the functions of the triggers do."""

_ROW, _BEFORE, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 8, 16, 32  # bits of pg_trigger.tgtype
TRIGGERS = {
    ("head", "head_advances"): (_ROW | _BEFORE | _UPDATE, "advancing"),
    ("head", "head_stays"): (_BEFORE | _DELETE | _TRUNCATE, "unchanging"),
    **{(table, f"{table}_stays"): (_BEFORE | _DELETE | _UPDATE | _TRUNCATE, "unchanging") for table in LASTING},
}
"""Which triggers there are, by table and name: before what they are asked, as the server counts, and what answers."""

TABLES = (
    """CREATE TABLE identity (
  id smallint PRIMARY KEY CHECK (id = 1),
  layout integer NOT NULL,
  origin text NOT NULL,
  vkey text NOT NULL
)""",
    """CREATE TABLE head (
  id smallint PRIMARY KEY CHECK (id = 1),
  size bigint NOT NULL CHECK (size >= 0),
  root bytea NOT NULL CHECK (length(root) = 32),
  epoch bigint NOT NULL CHECK (epoch >= 0),
  at bigint NOT NULL,
  first bigint NOT NULL CHECK (first BETWEEN 0 AND size)
)""",
    """CREATE TABLE entry (
  idx bigint PRIMARY KEY CHECK (idx >= 0),
  leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
  leaf bytea NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535),
  kind text COLLATE "C" NOT NULL,
  chain text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  at bigint NOT NULL
)""",
    "CREATE UNIQUE INDEX entry_chain ON entry (chain, number) WHERE chain <> ''",
    "CREATE INDEX entry_rare ON entry (kind, idx) WHERE kind IN ('access.reviewed', 'waiver.granted')",
    """CREATE TABLE tile (
  level integer NOT NULL,
  idx bigint NOT NULL,
  data bytea NOT NULL CHECK (length(data) = 8192),
  PRIMARY KEY (level, idx)
)""",
    """CREATE TABLE edge (
  level integer PRIMARY KEY,
  idx bigint NOT NULL,
  data bytea NOT NULL CHECK (length(data) < 8192 AND length(data) % 32 = 0)
)""",
    """CREATE TABLE checkpoint (
  size bigint PRIMARY KEY CHECK (size >= 0),
  root bytea NOT NULL CHECK (length(root) = 32),
  note bytea NOT NULL
)""",
    """CREATE TABLE cosignature (
  size bigint NOT NULL REFERENCES checkpoint (size),
  witness text COLLATE "C" NOT NULL,
  line bytea NOT NULL,
  PRIMARY KEY (size, witness)
)""",
    """CREATE TABLE rotation (
  idx bigint PRIMARY KEY CHECK (idx >= 0),
  leaf bytea NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535)
)""",
    """CREATE TABLE time_stamp (
  size bigint NOT NULL REFERENCES checkpoint (size),
  authority text COLLATE "C" NOT NULL,
  answer bytea NOT NULL CHECK (length(answer) BETWEEN 1 AND 65535),
  PRIMARY KEY (size, authority)
)""",
    *(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${source}$$"
        for name, source in FUNCTIONS.items()
    ),
    "CREATE TRIGGER head_advances BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION advancing()",
    "CREATE TRIGGER head_stays BEFORE DELETE OR TRUNCATE ON head EXECUTE FUNCTION unchanging()",
    *(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION unchanging()"
        for table in LASTING
    ),
)
"""What the owner runs, in this order, within a schema of its own."""

BESIDE = (
    """CREATE TABLE disclosure (
  leaf text NOT NULL,
  path text NOT NULL,
  salt text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (leaf, path)
)""",
    "CREATE TABLE form (form text PRIMARY KEY, who text NOT NULL, rowid bigint GENERATED ALWAYS AS IDENTITY)",
    """CREATE TABLE body (
  owner text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (owner, address)
)""",
    "CREATE INDEX body_address ON body (address)",
    """CREATE TABLE data_key (
  owner text COLLATE "C" PRIMARY KEY,
  wrapped bytea NOT NULL
)""",
    """CREATE TABLE name (
  who text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  login text NOT NULL
)""",
)
"""What the owner runs besides, for what is kept beside the first log of a lineage."""

SIDE_BY_SIDE = (
    "CREATE VIEW disclosure AS SELECT * FROM {beside}.disclosure",
    "CREATE VIEW form AS SELECT * FROM {beside}.form",
    "CREATE VIEW body AS SELECT * FROM {beside}.body",
    "CREATE VIEW data_key AS SELECT * FROM {beside}.data_key",
    "CREATE VIEW name AS SELECT * FROM {beside}.name",
)
"""Instead of that for a log that goes on after another one: it shows what is kept beside the first."""

GRANTS = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {writer}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {writer}",
    "GRANT INSERT ON {schema}.entry, {schema}.tile, {schema}.checkpoint, {schema}.cosignature TO {writer}",
    "GRANT INSERT ON {schema}.rotation, {schema}.time_stamp TO {writer}",
    "GRANT INSERT, UPDATE ON {schema}.edge TO {writer}",
    "GRANT UPDATE (size, root, epoch, at) ON {schema}.head TO {writer}",
    "GRANT INSERT, UPDATE, DELETE ON {schema}.disclosure, {schema}.form, {schema}.name TO {writer}",
    "GRANT INSERT, UPDATE, DELETE ON {schema}.body, {schema}.data_key TO {writer}",
)
"""What the writer may do; with the words in braces filled in."""

BEYOND = """
SELECT 'entries', count(*) FROM entry WHERE idx >= (SELECT size FROM head)
UNION ALL
SELECT 'tiles', count(*) FROM tile WHERE (idx + 1) * (256::numeric ^ (level + 1)) > (SELECT size FROM head)
UNION ALL
SELECT 'checkpoints', count(*) FROM checkpoint WHERE size > (SELECT size FROM head)
UNION ALL
SELECT 'rotations of keys', count(*) FROM rotation WHERE idx >= (SELECT size FROM head)
"""
"""Counts the rows that the head does not count."""

TOO_STRONG = """
SELECT CASE privilege WHEN 'own' THEN 'act as the owner of ' ELSE privilege || ' ' END || relname
FROM pg_class, pg_roles, unnest(ARRAY['own', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
WHERE rolname = %s AND relnamespace = quote_ident(%s)::regnamespace
  AND relname IN ('entry', 'tile', 'checkpoint', 'cosignature', 'rotation', 'time_stamp', 'identity')
  AND CASE privilege
    WHEN 'own' THEN pg_has_role(rolname, relowner, 'MEMBER')
    WHEN 'UPDATE' THEN has_any_column_privilege(rolname, pg_class.oid, privilege)
    ELSE has_table_privilege(rolname, pg_class.oid, privilege)
  END
ORDER BY privilege DESC, relname LIMIT 1
"""
"""Asks what a role could do to a log in a schema that a writer must not; both are parameters."""
