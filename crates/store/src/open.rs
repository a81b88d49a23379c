//! Opening a database by the rules, and making a new one.
//!
//! Deliberately not here: whether what is inside is the newest state there was. SQLCipher has no
//! freshness: a page or a whole file put back from an older copy opens without a complaint. That
//! is found out by the recomputation (`recount.rs`) and the vault's anchor.

use std::path::Path;
use std::sync::OnceLock;

use rusqlite::{Connection, OpenFlags, OptionalExtension, ffi};
use strongroom_secret::Key32;

use crate::error::{OpenError, StoreError};
use crate::migrate::{self, MIGRATIONS, SCHEMA};
use crate::recount::Measured;
use crate::store::Store;
use crate::{file, key, settings};

/// Statements kept prepared: more than the product has, so that none is prepared twice.
const PREPARED: usize = 64;

/// Whose database this is; the same two ids stand in the vault's header and auth block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    pub vault_id: [u8; 16],
    pub db_instance_id: [u8; 16],
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    ReadWrite,
    /// To be looked at: the vault's own database on a disk that cannot be written.
    ReadOnly,
    /// To be looked at, wherever it lies: a medium for backups may have neither modes nor owners.
    Copy,
}

impl Store {
    /// Makes a new database with all its tables. The file must not exist.
    ///
    /// # Errors
    /// See [`OpenError`]; a file that was begun is removed again.
    pub fn create(path: &Path, key: &Key32, marker: Marker) -> Result<Self, OpenError> {
        let path = file::make_empty(path)?;
        let made = create_in(&path, key, marker);
        if made.is_err() {
            // The file is ours and holds nothing yet; that it may stay behind is no harm.
            let _ = std::fs::remove_file(&path);
        }
        made
    }

    /// Opens an existing database of this vault, never making one.
    ///
    /// # Errors
    /// See [`OpenError`]. `WrongKey` also stands for a damaged first page: the two look alike.
    pub fn open(
        path: &Path,
        key: &Key32,
        marker: Marker,
        access: Access,
    ) -> Result<Self, OpenError> {
        let path = file::check_existing(path, access)?;
        let connection = connect(&path, key, access)?;
        let read = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| {
            row.get::<_, i64>(0)
        });
        match read.map_err(StoreError::from) {
            Ok(0) => return Err(OpenError::NotAVault),
            Ok(_) => {}
            Err(StoreError::Corrupt) => return Err(OpenError::WrongKey),
            Err(other) => return Err(other.into()),
        }
        settings::check_encrypted(&connection)?;
        let schema = check_marker(&connection, marker)?;
        match access {
            Access::ReadWrite => {
                migrate::bring_up(&connection, schema, &MIGRATIONS)?;
                hold_exclusively(&connection)?;
            }
            Access::ReadOnly | Access::Copy if schema > SCHEMA => {
                return Err(OpenError::FromTheFuture {
                    found: schema,
                    known: SCHEMA,
                });
            }
            // An old backup is brought up when it is restored, in the copy that is made of it.
            Access::ReadOnly | Access::Copy => {}
        }
        Ok(Self::over(connection, path, access, None))
    }
}

fn create_in(path: &Path, key: &Key32, marker: Marker) -> Result<Store, OpenError> {
    let connection = connect(path, key, Access::ReadWrite)?;
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    migrate::lay_out(&connection, &MIGRATIONS)?;
    connection.execute(
        "INSERT INTO marker (one, vault_id, db_instance_id, schema) VALUES (1, ?1, ?2, ?3)",
        (marker.vault_id, marker.db_instance_id, SCHEMA),
    )?;
    connection.execute_batch("COMMIT")?;
    settings::check_encrypted(&connection)?;
    file::settle(path)?;
    Ok(Store::over(
        connection,
        path.to_owned(),
        Access::ReadWrite,
        Some(Measured::empty()),
    ))
}

/// Lets the engine set itself up, once in a process, while everybody else waits.
///
/// SQLite calls itself initialised and lets other threads through before SQLCipher's own start has
/// run, and whoever gives a key in between is refused with `SQLITE_ERROR`. Opening any database
/// returns only after both.
fn start_engine() -> Result<(), StoreError> {
    static STARTED: OnceLock<Result<(), StoreError>> = OnceLock::new();
    *STARTED.get_or_init(|| Ok(Connection::open_in_memory().map(drop)?))
}

fn connect(path: &Path, key: &Key32, access: Access) -> Result<Connection, OpenError> {
    start_engine()?;
    let way = match access {
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::ReadOnly | Access::Copy => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let flags = way
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    // The vault's own lock file says who may be here; waiting would only hide a mistake.
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    settings::check_build(&connection)?;
    settings::apply_before_key(&connection)?;
    key::give_key(&connection, key).map_err(StoreError::from_code)?;
    // The first pragma that touches the file finds a wrong key before the first query does.
    match settings::apply_after_key(&connection) {
        Err(OpenError::Store(StoreError::Corrupt)) => return Err(OpenError::WrongKey),
        other => other?,
    }
    Ok(connection)
}

/// Compares the marker row; gives the schema.
fn check_marker(connection: &Connection, expected: Marker) -> Result<i64, OpenError> {
    let found = connection
        .query_row(
            "SELECT vault_id, db_instance_id, schema FROM marker",
            (),
            |row| {
                let marker = Marker {
                    vault_id: row.get(0)?,
                    db_instance_id: row.get(1)?,
                };
                Ok((marker, row.get::<_, i64>(2)?))
            },
        )
        .optional();
    match found {
        Ok(Some((marker, schema))) if marker == expected => Ok(schema),
        Ok(_) => Err(OpenError::NotAVault),
        // No such table: a database of something else under the same key.
        Err(rusqlite::Error::SqlInputError { error, .. })
            if error.extended_code & 0xff == ffi::SQLITE_ERROR =>
        {
            Err(OpenError::NotAVault)
        }
        Err(rusqlite::Error::SqliteFailure(error, _))
            if error.extended_code & 0xff == ffi::SQLITE_ERROR =>
        {
            Err(OpenError::NotAVault)
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes the lock of exclusive mode at once, so that a second process is told now and not at its
/// first write.
fn hold_exclusively(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    Ok(connection.execute_batch("COMMIT")?)
}
