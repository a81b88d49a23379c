//! The use cases of the vault, over ports for clock, keyring and randomness.
//!
//! A vault is a folder. [`Home`] is that folder with its lock held; [`Enrolment`] makes a new
//! vault in two steps; [`LockedVault`] is a vault whose header was read; [`OpenVault`] holds the
//! keys and the database and is what every use case is a method of. Locking is dropping it.
//!
//! Deliberately not here: the environment, the clock of the system, printing, sockets, windows.
//! Nothing of `store` or `crypto` is handed out; what leaves are types of this crate and of
//! `domain`.

#[cfg(test)]
extern crate self as strongroom_vault; // The desk of the tests names this crate so.

pub mod ports;

mod anchor;
mod audit;
mod backup;
mod backup_policy;
mod calendar;
mod commit;
mod create;
mod devices;
mod ends;
mod error;
mod export;
mod facets;
mod header_file;
mod health;
mod history;
mod holders;
mod home;
mod import;
mod incident;
mod layout;
mod nature;
mod new_device;
mod open;
mod password;
mod password_event;
mod place;
mod preauth;
mod presence;
mod purge;
mod put_back;
mod records;
mod recovery;
mod rekey;
mod reminders;
mod restore;
mod revoke;
mod rotate;
mod rotate_key;
mod sealed_local;
mod search;
mod settings;
mod share;
mod slots;
mod state;
mod stepup;
mod templates;
mod totp;
mod tries;
mod unlock;
mod verify;

pub use audit::{
    Actor, AuditEntry, AuditError, AuditEvent, AuditExportError, AuditReport, Client, Decision,
    Detail, EventKind, ExportRefused, ExportedLog, verify_export,
};
pub use backup::{BackupError, BackupReport, BackupView, Destination};
pub use backup_policy::{BackupHealth, BackupOutcome, BackupPolicy};
pub use calendar::{CalendarEntry, CalendarKind, CalendarNames};
pub use create::{CreateError, Created, Enrolment, NewVault};
pub use devices::{DeviceKind, DeviceView};
pub use error::*;
pub use export::{
    DraftedExport, ExportFormat, ExportPlan, ExportWhich, Exported, LeftOutKey, NotExported,
};
pub use facets::{DUE_DAYS, Facet, Facets};
pub use header_file::HeaderReadError;
pub use health::{AcceptError, LockSources};
pub use history::HistoryLine;
pub use holders::{ConsumerRow, HeldKey, Hold, HolderChange, HolderError, KeysOf, Span, VendorRow};
pub use home::{Home, Left, LockedVault, LockedView};
pub use import::{
    BatchId, ImportDraft, ImportError, ImportField, ImportOptions, ImportOutcome, ImportPlan,
    ImportSource, ImportUndone, Imported, ImportedKey, SourceKey,
};
pub use incident::{IncidentError, IncidentView, NewIncident};
pub use nature::{HasNature, Nature};
pub use open::{OpenVault, Trust};
pub use password_event::KeyAfterPassword;
pub use place::{DevicePlace, PlaceChoice, Places};
pub use presence::Presence;
pub use purge::{PurgeError, PurgeWhat, Purged};
pub use put_back::{HeaderChoice, put_in_place};
pub use records::{
    AccountRow, Added, Altered, CheckPlan, ConflictValueView, ConflictView, Explained, KeyChange,
    KeyError, KeyView, Leave, LookedAt, NewField, NewKey, NotScheduled, NotSigned, NotesWarning,
    PlannedCall, Purpose, ReadError, Refused, RisingNumbers, SecretSet, SeenKey, SignAsk,
    SignedProbe, SignedRequest, TakeError, TakenSecret, ToldBeside, ToldOfStaged, Wanted, Warning,
    WriteKeyError,
};
pub use recovery::{KitTest, KitView};
pub use reminders::{
    BACKUPS, ReminderError, ReminderRow, ReminderSaveError, RemindersAbsent, reminder_rows,
    stale_backups,
};
pub use restore::{Drill, RestoreError, Restored};
pub use revoke::{RevocationRow, RevokeError, RevokeStep};
pub use rotate::{RotateError, RotationView, SitePage};
pub use rotate_key::Rotated;
pub use search::{KeyFilter, KeyList, KeyPage, KeySort};
pub use settings::{SettingRefused, Settings};
pub use share::*;
pub use state::{StateError, VerifyProgress};
pub use stepup::{Need, StepUp};
pub use strongroom_crypto::{Fingerprint, FingerprintRefused};
pub use strongroom_exchanges::catalogue::Reads;
pub use strongroom_exchanges::catalogue::{Outline, OutlineAlphabet};
pub use strongroom_exchanges::doctor::{Diagnosis, Outcome, Step};
pub use strongroom_exchanges::refusal::{Meaning, Verdict};
pub use strongroom_exchanges::sign::{Binding, Class, Method, PublicParts, Request};
pub use strongroom_formats::share::{CardRefused, ContactCard};
pub use templates::{Template, TemplateField, templates};
pub use totp::TotpReset;
pub use unlock::UnlockError;
pub use verify::AcknowledgeError;
