-- The first form of the database. Never edited once released: a change is a new file.
--
-- Every table is clustered by the key it is read by (WITHOUT ROWID), so that the writes of one
-- entry stand on one or two neighbouring pages and an edit dirties few of them.

-- Whose database this is. Compared with the header before anything else is read.
CREATE TABLE marker (
    one            INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    vault_id       BLOB    NOT NULL CHECK (length(vault_id) = 16),
    db_instance_id BLOB    NOT NULL CHECK (length(db_instance_id) = 16),
    schema         INTEGER NOT NULL CHECK (schema >= 1)
) STRICT;

-- The state record: what the whole database must hash to, authenticated by the vault.
CREATE TABLE state (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    record BLOB    NOT NULL
) STRICT;

-- Which entries there are, and under which other entry one stands (a credential under its key).
CREATE TABLE entry (
    kind   INTEGER NOT NULL,
    id     BLOB    NOT NULL CHECK (length(id) = 16),
    parent BLOB    CHECK (parent IS NULL OR length(parent) = 16),
    PRIMARY KEY (kind, id)
) WITHOUT ROWID, STRICT;

CREATE INDEX entry_by_parent ON entry (parent, kind, id) WHERE parent IS NOT NULL;

-- The writes. `supersedes` holds 16-byte ids in ascending order, one after the other.
-- `form`: 0 a value, 1 a sealed value, 2 purged; a range and not a list, because SQLite builds a
-- temporary table for every list it checks. `fingerprints` holds 33-byte records
-- (field code, then HMAC) in the order in which they were given.
CREATE TABLE write (
    entry        BLOB    NOT NULL CHECK (length(entry) = 16),
    register     INTEGER NOT NULL,
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    kind         INTEGER NOT NULL,
    author       BLOB    NOT NULL CHECK (length(author) = 16),
    device       BLOB    NOT NULL CHECK (length(device) = 16),
    wall_ms      INTEGER NOT NULL,
    counter      INTEGER NOT NULL,
    supersedes   BLOB    NOT NULL CHECK (length(supersedes) % 16 = 0),
    form         INTEGER NOT NULL CHECK (form BETWEEN 0 AND 2),
    seal_version INTEGER NOT NULL CHECK (form = 1 OR seal_version = 0),
    body         BLOB    NOT NULL CHECK (form < 2 OR length(body) = 0),
    fingerprints BLOB    NOT NULL CHECK (length(fingerprints) % 33 = 0),
    PRIMARY KEY (entry, register, id)
) WITHOUT ROWID, STRICT;

-- The fingerprints of `write` turned round, to find where else a secret is used.
CREATE TABLE fingerprint (
    print    BLOB    NOT NULL CHECK (length(print) = 32),
    entry    BLOB    NOT NULL CHECK (length(entry) = 16),
    write_id BLOB    NOT NULL CHECK (length(write_id) = 16),
    field    INTEGER NOT NULL,
    PRIMARY KEY (print, entry, write_id, field)
) WITHOUT ROWID, STRICT;

-- The list as it is shown: one compact summary an entry.
CREATE TABLE digest (
    entry BLOB NOT NULL PRIMARY KEY CHECK (length(entry) = 16),
    body  BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- What belongs to this vault and is never shared: settings, import batches, snoozes, factors.
CREATE TABLE local (
    space INTEGER NOT NULL,
    name  BLOB    NOT NULL,
    body  BLOB    NOT NULL,
    PRIMARY KEY (space, name)
) WITHOUT ROWID, STRICT;

-- The audit log. `nodes` holds the hashes of the Merkle tree that leaf `seq` completes: its own
-- leaf hash first, then each parent whose right half ends here. An append thus touches one page,
-- and any node of the tree is found by one look-up.
CREATE TABLE audit (
    seq   INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 0),
    leaf  BLOB    NOT NULL,
    nodes BLOB    NOT NULL CHECK (length(nodes) >= 32 AND length(nodes) % 32 = 0)
) STRICT;
