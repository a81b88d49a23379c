//! What an exchange key record *is*.
//!
//! Entries are sets of registers, registers are sets of writes ([`merge`]); the typed values of the
//! registers, what follows from them (when a key expires, when it is to be rotated, which row the
//! list shows) and the schedule of reminders ([`remind`]) are here.
//!
//! Deliberately not here: any clock, file, environment or randomness. Every function of this crate
//! gives the same answer for the same arguments, which is what makes it possible to test a year of
//! reminders in a second.

pub mod health;
pub mod merge;
pub mod remind;
pub mod share;

mod account;
mod allowlist;
mod codec;
mod conflict;
mod consumer;
mod credential;
mod drift;
mod environment;
mod event;
mod excess;
mod exchange;
mod expiry;
mod field;
mod hlc;
mod ids;
mod incident;
mod key_type;
mod material;
mod moment;
mod observation;
mod permission;
mod record;
mod register;
mod rotate;
mod rotation;
mod schedule;
mod state;
mod summary;
mod text;
mod value;
mod vendor;

pub use account::{AccountRecord, Hygiene};
pub use allowlist::{Allowlist, AllowlistRefused, AllowlistSummary, IpRule, IpRuleRefused};
pub use codec::{Canonical, CodecError};
pub use conflict::{Conflict, ConflictValue, Resolution, ResolvedBody};
pub use consumer::{ConsumerKind, ConsumerRecord, ConsumerUse};
pub use credential::{CredentialVersion, VersionState, Vetted};
pub use drift::{Answer, Drift, drift, last_drift};
pub use environment::Environment;
pub use event::{Events, KeyEvent, RotationEvent};
pub use excess::Excess;
pub use exchange::{EXCHANGES, ExchangeId, ExchangeIdRefused, ExchangeInfo, ExchangeStatus};
pub use expiry::{Due, DueCause, ExpiryCause, ExpiryFacts, earliest};
pub use field::{Field, FieldName, FieldNameRefused};
pub use hlc::Hlc;
pub use ids::{DeviceId, EntryId, IdRefused, MemberId, WriteId};
pub use incident::{IncidentNote, IncidentRecord, Playbook};
pub use key_type::KeyType;
pub use material::{Material, MaterialField, MaterialRefused};
pub use moment::{DAY_MS, HOUR_MS, MomentRefused, UtcMs};
pub use observation::Observation;
pub use permission::{PermissionClass, PermissionSet, Tri, Verb};
pub use record::KeyRecord;
pub use register::{EntryKind, Register};
pub use rotate::{RotateRefused, Rotation, RotationAct, RotationStage};
pub use rotation::{Days, DaysRefused, RotationPolicy};
pub use schedule::{CheckAttempt, CheckEnd, CheckSchedule};
pub use state::KeyState;
pub use summary::{KeySummary, Names};
pub use text::{
    AccountLabel, ConsumerName, KeyLabel, Line, MemberName, NamedHost, Notes, Tag, TextRefused,
};
pub use value::{Deleted, RegisterValue};
pub use vendor::{Checked, Checklist, Question, VendorRecord};
