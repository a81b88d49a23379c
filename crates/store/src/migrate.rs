//! Brings a database to the schema this program knows, in one transaction, and refuses one that is
//! already beyond it.
//!
//! Deliberately not here: the statements themselves, which are the plain files in `migrations/`,
//! never edited once released.

use rusqlite::Connection;

use crate::error::{OpenError, StoreError};

/// Every migration in order; number `n` of them takes schema `n` to `n + 1`.
pub(crate) const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001_initial.sql")];

/// The schema this program reads and writes.
pub const SCHEMA: i64 = MIGRATIONS.len() as i64;

/// Lays the tables of a new database. The caller holds the transaction.
pub(crate) fn lay_out(connection: &Connection, migrations: &[&str]) -> Result<(), StoreError> {
    for migration in migrations {
        connection.execute_batch(migration)?;
    }
    Ok(())
}

/// Brings `found` to the last of `migrations`; says whether anything was done.
pub(crate) fn bring_up(
    connection: &Connection,
    found: i64,
    migrations: &[&str],
) -> Result<bool, OpenError> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(OpenError::FromTheFuture { found, known });
    }
    let done = usize::try_from(found).map_err(|_| OpenError::NotAVault)?;
    if done == migrations.len() {
        return Ok(false);
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let outcome = lay_out(connection, &migrations[done..])
        .and_then(|()| Ok(connection.execute("UPDATE marker SET schema = ?1", [known])?))
        .and_then(|_| Ok(connection.execute_batch("COMMIT")?));
    if outcome.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    outcome?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> Connection {
        let connection = Connection::open_in_memory().expect("a database in memory opens");
        connection
            .execute_batch(
                "CREATE TABLE marker (schema INTEGER NOT NULL); INSERT INTO marker VALUES (1)",
            )
            .expect("two plain statements");
        connection
    }

    fn schema(connection: &Connection) -> i64 {
        connection
            .query_row("SELECT schema FROM marker", (), |row| row.get(0))
            .expect("one row")
    }

    #[test]
    fn only_what_is_missing_is_run() {
        let connection = fresh();
        let migrations = [
            "this one is never run again",
            "CREATE TABLE a (x)",
            "CREATE TABLE b (x)",
        ];
        assert_eq!(bring_up(&connection, 1, &migrations), Ok(true));
        assert_eq!(schema(&connection), 3);
        assert_eq!(bring_up(&connection, 3, &migrations), Ok(false));
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing_behind() {
        let connection = fresh();
        let migrations = ["", "CREATE TABLE a (x)", "CREATE NONSENSE"];
        assert!(bring_up(&connection, 1, &migrations).is_err());
        assert_eq!(schema(&connection), 1);
        assert!(
            connection.prepare("SELECT x FROM a").is_err(),
            "table a was rolled back"
        );
    }

    #[test]
    fn a_database_from_the_future_is_refused() {
        let connection = fresh();
        assert_eq!(
            bring_up(&connection, 9, &[""]),
            Err(OpenError::FromTheFuture { found: 9, known: 1 })
        );
    }
}
