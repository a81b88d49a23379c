//! One file a subcommand: its arguments, what it asks, what it prints.

mod fields;
mod filter;
mod import_preview;
mod record;

pub(crate) mod add;
pub(crate) mod agent;
pub(crate) mod archive;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod completions;
pub(crate) mod copy;
pub(crate) mod devices;
pub(crate) mod edit;
pub(crate) mod expiring;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod lock;
pub(crate) mod man;
pub(crate) mod password;
pub(crate) mod purge;
pub(crate) mod recovery;
pub(crate) mod remind;
pub(crate) mod restore;
pub(crate) mod restore_backup;
pub(crate) mod reveal;
pub(crate) mod rotate_vault_key;
pub(crate) mod run;
pub(crate) mod run_child;
pub(crate) mod settings;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod totp;
pub(crate) mod unlock;
