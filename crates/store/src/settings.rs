//! What SQLCipher is asked to be: compile flags that must be in, settings that must hold.
//!
//! Deliberately not here: opening. Everything is read back, because a pragma SQLite does not know
//! or does not honour is silent. `PRAGMA temp_store=FILE` was seen to leak plaintext, which is why
//! the flag is compiled in and not only set.

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use crate::error::{OpenError, StoreError};

/// Compile options that must be there (see `.cargo/config.toml`).
const NEEDED_FLAGS: [&str; 4] = ["HAS_CODEC", "TEMP_STORE=3", "DQS=0", "OMIT_LOAD_EXTENSION"];

/// Compile options that must not be there.
const REFUSED_FLAGS: [&str; 1] = ["ENABLE_LOAD_EXTENSION"];

/// How SQLCipher must keep the pages: its own defaults of version 4, never lowered by a file.
const CIPHER_SETTINGS: [&str; 6] = [
    "PRAGMA kdf_iter = 256000;",
    "PRAGMA cipher_page_size = 4096;",
    "PRAGMA cipher_use_hmac = 1;",
    "PRAGMA cipher_plaintext_header_size = 0;",
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;",
    "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;",
];

/// One setting: its name, what is asked for, and what must be read back.
struct Setting {
    name: &'static str,
    ask: &'static str,
    holds: &'static str,
}

const fn setting(name: &'static str, ask: &'static str, holds: &'static str) -> Setting {
    Setting { name, ask, holds }
}

/// Set before the key is given: the first keeps the key text itself in wiped memory.
const BEFORE_KEY: [Setting; 2] = [
    setting("cipher_log_level", "NONE", "NONE"),
    setting("cipher_memory_security", "ON", "1"),
];

/// Set once the key is given.
const AFTER_KEY: [Setting; 12] = [
    setting("temp_store", "MEMORY", "2"),
    setting("secure_delete", "ON", "1"),
    setting("synchronous", "EXTRA", "3"),
    setting("trusted_schema", "OFF", "0"),
    setting("cell_size_check", "ON", "1"),
    setting("foreign_keys", "ON", "1"),
    setting("mmap_size", "0", "0"),
    setting("locking_mode", "EXCLUSIVE", "exclusive"),
    setting("journal_mode", "DELETE", "delete"),
    // Kibibytes, as a negative number. Small: what is read often is kept by the vault itself.
    setting("cache_size", "-4096", "-4096"),
    setting("automatic_index", "OFF", "0"),
    // In exclusive mode the journal is kept between commits; a large one is not.
    setting("journal_size_limit", "1048576", "1048576"),
];

/// Fails unless the library was compiled as the design demands. The connection is a new one, on
/// which nothing was set.
pub(crate) fn check_build(connection: &Connection) -> Result<(), OpenError> {
    let mut statement = connection.prepare("PRAGMA compile_options")?;
    let flags: Vec<String> = statement
        .query_map((), |row| row.get(0))?
        .collect::<Result<_, rusqlite::Error>>()?;
    for needed in NEEDED_FLAGS {
        if !flags.iter().any(|flag| flag == needed) {
            return Err(OpenError::Build(needed));
        }
    }
    for refused in REFUSED_FLAGS {
        if flags.iter().any(|flag| flag == refused) {
            return Err(OpenError::Build(refused));
        }
    }
    // SQLite does not list this one; what a connection has before anything is set tells it.
    if connection.db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA)? {
        return Err(OpenError::Build("TRUSTED_SCHEMA=0"));
    }
    Ok(())
}

/// What must hold before the key is given.
pub(crate) fn apply_before_key(connection: &Connection) -> Result<(), OpenError> {
    apply(connection, &BEFORE_KEY)
}

/// What must hold once the key is given; reads no page of the file.
pub(crate) fn apply_after_key(connection: &Connection) -> Result<(), OpenError> {
    for (option, wanted, name) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true, "defensive"),
        // Plans that do not depend on bound values: otherwise a statement kept ready is parsed
        // anew whenever a value is bound, which was seen to take three quarters of a read.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true, "qpsg"),
        (
            DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
            false,
            "trusted_schema",
        ),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false, "triggers"),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false, "views"),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false, "dqs_dml"),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false, "dqs_ddl"),
    ] {
        if connection.set_db_config(option, wanted)? != wanted {
            return Err(OpenError::Setting(name));
        }
    }
    apply(connection, &AFTER_KEY)?;
    let mut statement = connection.prepare("PRAGMA cipher_settings")?;
    let found: Vec<String> = statement
        .query_map((), |row| row.get(0))?
        .collect::<Result<_, rusqlite::Error>>()?;
    if found != CIPHER_SETTINGS {
        return Err(OpenError::Setting("cipher_settings"));
    }
    Ok(())
}

/// What can only be seen once a page has been read: that the pages are in fact encrypted.
pub(crate) fn check_encrypted(connection: &Connection) -> Result<(), OpenError> {
    match read(connection, "cipher_status")?.as_deref() {
        Some("1") => Ok(()),
        _ => Err(OpenError::Setting("cipher_status")),
    }
}

fn apply(connection: &Connection, settings: &[Setting]) -> Result<(), OpenError> {
    for Setting { name, ask, holds } in settings {
        connection
            .prepare(&format!("PRAGMA {name} = {ask}"))?
            .query_map((), |_| Ok(()))?
            .collect::<Result<(), rusqlite::Error>>()?;
        // Some builds answer nothing for a limit of zero; nothing is what was asked for then.
        let found = read(connection, name)?.unwrap_or_else(|| "0".to_owned());
        if found != *holds {
            return Err(OpenError::Setting(name));
        }
    }
    Ok(())
}

fn read(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let found = connection
        .query_row(&format!("PRAGMA {name}"), (), |row| row.get::<_, Value>(0))
        .optional()?;
    Ok(found.and_then(|value| match value {
        Value::Integer(number) => Some(number.to_string()),
        Value::Text(text) => Some(text),
        _ => None,
    }))
}
