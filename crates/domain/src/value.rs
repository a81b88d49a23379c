//! The value of a register, typed.
//!
//! Deliberately not here: sealed values. What is sealed is a [`crate::Material`], and is never
//! among the values that are listed, compared or told in words.

use std::collections::BTreeSet;

use crate::account::Hygiene;
use crate::allowlist::Allowlist;
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::consumer::{ConsumerKind, ConsumerUse};
use crate::credential::{VersionState, Vetted};
use crate::environment::Environment;
use crate::exchange::ExchangeId;
use crate::expiry::ExpiryCause;
use crate::field::Field;
use crate::health::{Acceptance, FindingId};
use crate::ids::{EntryId, WriteId};
use crate::incident::Playbook;
use crate::key_type::KeyType;
use crate::merge::{Body, Replica, Write};
use crate::moment::UtcMs;
use crate::observation::Observation;
use crate::permission::PermissionSet;
use crate::register::{EntryKind, Register};
use crate::rotation::RotationPolicy;
use crate::state::KeyState;
use crate::text::{AccountLabel, ConsumerName, KeyLabel, Line, Notes, Tag};
use crate::vendor::Checklist;

/// The most tags kept of one key.
pub(crate) const MOST_TAGS: usize = 100;
/// The most writes a deletion can name; an entry that changed more often is compacted first.
const MOST_SEEN: usize = 100_000;

/// One value of one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterValue {
    KeyLabel(KeyLabel),
    AccountLabel(AccountLabel),
    /// Of consumers and vendors.
    ConsumerName(ConsumerName),
    Exchange(ExchangeId),
    Account(Option<EntryId>),
    Environment(Environment),
    KeyType(KeyType),
    Purpose(Option<Line>),
    Owner(Option<Line>),
    Declared(PermissionSet),
    Observed(Option<PermissionSet>),
    Allowlist(Allowlist),
    Expiry(Vec<ExpiryCause>),
    Rotation(RotationPolicy),
    Consumers(Vec<ConsumerUse>),
    Tags(BTreeSet<Tag>),
    Notes(Option<Notes>),
    State(KeyState),
    /// Since when, or not.
    Compromised(Option<UtcMs>),
    Deleted(Deleted),
    Created(UtcMs),
    LastUsed(Option<UtcMs>),
    LastUsedAtExchange(Option<UtcMs>),
    Observation(Observation),
    SubAccount(Option<Line>),
    Hygiene(Hygiene),
    /// The key a credential version belongs to.
    Key(EntryId),
    Fields(Vec<Field>),
    VersionState(VersionState),
    Made(UtcMs),
    ConsumerKind(ConsumerKind),
    Vendor(Option<Line>),
    /// Since when it is being ended at the exchange.
    Revoking(Option<UtcMs>),
    Switched(BTreeSet<EntryId>),
    Vetted(Option<Vetted>),
    Breached(Option<UtcMs>),
    Host(Option<Line>),
    Checklist(Checklist),
    Review(Option<UtcMs>),
    Finding(FindingId),
    Accepted(Acceptance),
    Playbook(Playbook),
    About(Line),
    Affected(Vec<EntryId>),
    Closed(Option<UtcMs>),
    Incident(EntryId),
    Concerns(Option<EntryId>),
}

/// Whether an entry is deleted. A deletion names the writes it knew of: an edit that was made
/// elsewhere meanwhile is not among them and brings the entry back, so no edit is lost to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    No,
    Yes { seen: BTreeSet<WriteId> },
}

impl RegisterValue {
    pub fn register(&self) -> Register {
        match self {
            Self::KeyLabel(_) | Self::AccountLabel(_) | Self::ConsumerName(_) => Register::Label,
            Self::Exchange(_) => Register::Exchange,
            Self::Account(_) => Register::Account,
            Self::Environment(_) => Register::Environment,
            Self::KeyType(_) => Register::KeyType,
            Self::Purpose(_) => Register::Purpose,
            Self::Owner(_) => Register::Owner,
            Self::Declared(_) => Register::Declared,
            Self::Observed(_) => Register::Observed,
            Self::Allowlist(_) => Register::Allowlist,
            Self::Expiry(_) => Register::Expiry,
            Self::Rotation(_) => Register::Rotation,
            Self::Consumers(_) => Register::Consumers,
            Self::Tags(_) => Register::Tags,
            Self::Notes(_) => Register::Notes,
            Self::State(_) => Register::State,
            Self::Compromised(_) => Register::Compromised,
            Self::Deleted(_) => Register::Deleted,
            Self::Created(_) => Register::Created,
            Self::LastUsed(_) => Register::LastUsed,
            Self::LastUsedAtExchange(_) => Register::LastUsedAtExchange,
            Self::Observation(_) => Register::Observation,
            Self::SubAccount(_) => Register::SubAccount,
            Self::Hygiene(_) => Register::Hygiene,
            Self::Key(_) => Register::Key,
            Self::Fields(_) => Register::Fields,
            Self::VersionState(_) => Register::VersionState,
            Self::Made(_) => Register::Made,
            Self::ConsumerKind(_) => Register::ConsumerKind,
            Self::Vendor(_) => Register::Vendor,
            Self::Revoking(_) => Register::Revoking,
            Self::Switched(_) => Register::Switched,
            Self::Vetted(_) => Register::Vetted,
            Self::Breached(_) => Register::Breached,
            Self::Host(_) => Register::Host,
            Self::Checklist(_) => Register::Checklist,
            Self::Review(_) => Register::Review,
            Self::Finding(_) => Register::Finding,
            Self::Accepted(_) => Register::Accepted,
            Self::Playbook(_) => Register::Playbook,
            Self::About(_) => Register::About,
            Self::Affected(_) => Register::Affected,
            Self::Closed(_) => Register::Closed,
            Self::Incident(_) => Register::Incident,
            Self::Concerns(_) => Register::Concerns,
        }
    }

    /// What a write says. `None` if it is sealed or purged, or of a newer version.
    pub fn of(write: &Write) -> Option<Self> {
        match &write.body {
            Body::Value(bytes) => Self::decode(write.kind, write.register, bytes).ok(),
            Body::Sealed { .. } | Body::Purged => None,
        }
    }

    /// The canonical bytes, as they stand in a write.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::KeyLabel(v) => v.encode(),
            Self::AccountLabel(v) => v.encode(),
            Self::ConsumerName(v) => v.encode(),
            Self::Exchange(v) => v.encode(),
            Self::Account(v) => v.encode(),
            Self::Environment(v) => v.encode(),
            Self::KeyType(v) => v.encode(),
            Self::Purpose(v)
            | Self::Owner(v)
            | Self::SubAccount(v)
            | Self::Vendor(v)
            | Self::Host(v) => v.encode(),
            Self::Declared(v) => v.encode(),
            Self::Observed(v) => v.encode(),
            Self::Allowlist(v) => v.encode(),
            Self::Expiry(v) => v.encode(),
            Self::Rotation(v) => v.encode(),
            Self::Consumers(v) => v.encode(),
            Self::Tags(v) => v.encode(),
            Self::Notes(v) => v.encode(),
            Self::State(v) => v.encode(),
            Self::Compromised(v)
            | Self::LastUsed(v)
            | Self::LastUsedAtExchange(v)
            | Self::Revoking(v)
            | Self::Breached(v)
            | Self::Review(v) => v.encode(),
            Self::Switched(v) => v.encode(),
            Self::Vetted(v) => v.encode(),
            Self::Checklist(v) => v.encode(),
            Self::Finding(v) => v.encode(),
            Self::Accepted(v) => v.encode(),
            Self::Playbook(v) => v.encode(),
            Self::About(v) => v.encode(),
            Self::Affected(v) => v.encode(),
            Self::Closed(v) => v.encode(),
            Self::Incident(v) => v.encode(),
            Self::Concerns(v) => v.encode(),
            Self::Observation(v) => v.encode(),
            Self::Deleted(v) => v.encode(),
            Self::Created(v) | Self::Made(v) => v.encode(),
            Self::Hygiene(v) => v.encode(),
            Self::Key(v) => v.encode(),
            Self::Fields(v) => v.encode(),
            Self::VersionState(v) => v.encode(),
            Self::ConsumerKind(v) => v.encode(),
        }
    }

    /// Reads the bytes of a write. Refuses what is not in canonical form, and sealed registers.
    pub fn decode(kind: EntryKind, register: Register, bytes: &[u8]) -> Result<Self, CodecError> {
        use Register as R;
        if !register.belongs_to(kind) {
            return Err(CodecError::Unknown);
        }
        Ok(match register {
            R::Label => match kind {
                EntryKind::Key => Self::KeyLabel(Canonical::decode(bytes)?),
                EntryKind::Account => Self::AccountLabel(Canonical::decode(bytes)?),
                _ => Self::ConsumerName(Canonical::decode(bytes)?),
            },
            R::Exchange => Self::Exchange(Canonical::decode(bytes)?),
            R::Account => Self::Account(Canonical::decode(bytes)?),
            R::Environment => Self::Environment(Canonical::decode(bytes)?),
            R::KeyType => Self::KeyType(Canonical::decode(bytes)?),
            R::Purpose => Self::Purpose(Canonical::decode(bytes)?),
            R::Owner => Self::Owner(Canonical::decode(bytes)?),
            R::Declared => Self::Declared(Canonical::decode(bytes)?),
            R::Observed => Self::Observed(Canonical::decode(bytes)?),
            R::Allowlist => Self::Allowlist(Canonical::decode(bytes)?),
            R::Expiry => Self::Expiry(Canonical::decode(bytes)?),
            R::Rotation => Self::Rotation(Canonical::decode(bytes)?),
            R::Consumers => Self::Consumers(Canonical::decode(bytes)?),
            R::Tags => Self::Tags(Canonical::decode(bytes)?),
            R::Notes => Self::Notes(Canonical::decode(bytes)?),
            R::State => Self::State(Canonical::decode(bytes)?),
            R::Compromised => Self::Compromised(Canonical::decode(bytes)?),
            R::Deleted => Self::Deleted(Canonical::decode(bytes)?),
            R::Created => Self::Created(Canonical::decode(bytes)?),
            R::LastUsed => Self::LastUsed(Canonical::decode(bytes)?),
            R::LastUsedAtExchange => Self::LastUsedAtExchange(Canonical::decode(bytes)?),
            R::Observation => Self::Observation(Canonical::decode(bytes)?),
            R::SubAccount => Self::SubAccount(Canonical::decode(bytes)?),
            R::Hygiene => Self::Hygiene(Canonical::decode(bytes)?),
            R::Key => Self::Key(Canonical::decode(bytes)?),
            R::Fields => Self::Fields(Canonical::decode(bytes)?),
            R::VersionState => Self::VersionState(Canonical::decode(bytes)?),
            R::Made => Self::Made(Canonical::decode(bytes)?),
            R::ConsumerKind => Self::ConsumerKind(Canonical::decode(bytes)?),
            R::Vendor => Self::Vendor(Canonical::decode(bytes)?),
            R::Revoking => Self::Revoking(Canonical::decode(bytes)?),
            R::Switched => Self::Switched(Canonical::decode(bytes)?),
            R::Vetted => Self::Vetted(Canonical::decode(bytes)?),
            R::Breached => Self::Breached(Canonical::decode(bytes)?),
            R::Host => Self::Host(Canonical::decode(bytes)?),
            R::Checklist => Self::Checklist(Canonical::decode(bytes)?),
            R::Review => Self::Review(Canonical::decode(bytes)?),
            R::Finding => Self::Finding(Canonical::decode(bytes)?),
            R::Accepted => Self::Accepted(Canonical::decode(bytes)?),
            R::Playbook => Self::Playbook(Canonical::decode(bytes)?),
            R::About => Self::About(Canonical::decode(bytes)?),
            R::Affected => Self::Affected(Canonical::decode(bytes)?),
            R::Closed => Self::Closed(Canonical::decode(bytes)?),
            R::Incident => Self::Incident(Canonical::decode(bytes)?),
            R::Concerns => Self::Concerns(Canonical::decode(bytes)?),
            R::Material => return Err(CodecError::Unknown),
        })
    }

    /// The value as history and conflicts tell it. `name` gives the label of another entry.
    pub fn words(&self, name: &dyn Fn(EntryId) -> Option<String>) -> String {
        let named = |id: EntryId| name(id).unwrap_or_else(|| "(not here)".to_owned());
        let date = |at: &UtcMs| at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string();
        let none = || "none".to_owned();
        match self {
            Self::KeyLabel(v) => v.to_string(),
            Self::AccountLabel(v) => v.to_string(),
            Self::ConsumerName(v) => v.to_string(),
            Self::Exchange(v) => v.display_name().to_owned(),
            Self::Account(v) => v.map_or_else(none, named),
            Self::Environment(v) => v.name().to_owned(),
            Self::KeyType(v) => v.name().to_owned(),
            Self::Purpose(v)
            | Self::Owner(v)
            | Self::SubAccount(v)
            | Self::Vendor(v)
            | Self::Host(v) => v.as_ref().map_or_else(none, Line::to_string),
            Self::Declared(v) => v.words(),
            Self::Observed(v) => v
                .as_ref()
                .map_or_else(|| "never seen".to_owned(), PermissionSet::words),
            Self::Allowlist(v) => v.words(),
            Self::Expiry(v) if v.is_empty() => none(),
            Self::Expiry(v) => joined(v.iter().map(|cause| match cause {
                ExpiryCause::Fixed { at } | ExpiryCause::PasswordChange { at } => {
                    format!("{} ({})", cause.words(), date(at))
                }
                _ => cause.words(),
            })),
            Self::Rotation(v) => match v.over() {
                Some(days) => format!("every {days}"),
                None => "by class".to_owned(),
            },
            Self::Consumers(v) if v.is_empty() => none(),
            Self::Consumers(v) => joined(v.iter().map(|one| named(one.consumer))),
            Self::Tags(v) if v.is_empty() => none(),
            Self::Tags(v) => joined(v.iter().map(Tag::to_string)),
            Self::Notes(v) => v.as_ref().map_or_else(none, Notes::to_string),
            Self::State(v) => v.name().to_owned(),
            Self::Compromised(v) => v.as_ref().map_or_else(
                || "not compromised".to_owned(),
                |since| format!("compromised since {}", date(since)),
            ),
            Self::Deleted(Deleted::Yes { .. }) => "deleted".to_owned(),
            Self::Deleted(Deleted::No) => "not deleted".to_owned(),
            Self::Created(v) | Self::Made(v) => date(v),
            Self::Observation(v) => format!("asked {}: {}", date(&v.at), v.words()),
            Self::LastUsed(v) | Self::LastUsedAtExchange(v) => {
                v.as_ref().map_or_else(|| "never".to_owned(), date)
            }
            Self::Hygiene(v) => joined(
                [
                    ("two-factor", v.two_factor),
                    ("withdrawal allowlist", v.withdrawal_allowlist),
                    ("anti-phishing code", v.anti_phishing_code),
                    ("alerts", v.alerts),
                ]
                .into_iter()
                .map(|(what, answer)| format!("{what}: {}", answer.name())),
            ),
            Self::Key(v) => named(*v),
            Self::Fields(v) => joined(v.iter().map(|field| field.name.to_string())),
            Self::VersionState(v) => v.name().to_owned(),
            Self::ConsumerKind(v) => v.name().to_owned(),
            Self::Revoking(v) => v
                .as_ref()
                .map_or_else(none, |since| format!("begun {}", date(since))),
            Self::Switched(v) if v.is_empty() => none(),
            Self::Switched(v) => joined(v.iter().map(|id| named(*id))),
            Self::Vetted(None) => "not looked at".to_owned(),
            Self::Vetted(Some(v)) => v.permissions.words(),
            Self::Breached(v) => v
                .as_ref()
                .map_or_else(none, |at| format!("breach on {}", date(at))),
            Self::Checklist(v) => v.words(),
            Self::Review(v) => v.as_ref().map_or_else(none, date),
            Self::Finding(v) => v.rule.to_string(),
            Self::Playbook(v) => v.id.to_string(),
            Self::About(v) => v.to_string(),
            Self::Affected(v) => format!("{} keys", v.len()),
            Self::Closed(v) => v.as_ref().map_or_else(|| "open".to_owned(), date),
            Self::Incident(v) => named(*v),
            Self::Concerns(v) => v.map_or_else(none, named),
            Self::Accepted(v) => format!("until {}: {}", date(&v.until), v.reason),
        }
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// The value a screen shows of a register.
pub(crate) fn shown(
    replica: &Replica,
    entry: EntryId,
    register: Register,
) -> Option<RegisterValue> {
    replica.at(entry).shown(register)
}

impl Canonical for BTreeSet<Tag> {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(self.len() as u64).map(drop).sure();
        self.iter().for_each(|tag| tag.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        (0..array_len(input, MOST_TAGS)?)
            .map(|_| Tag::read_cbor(input))
            .collect()
    }
}

impl Canonical for BTreeSet<EntryId> {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(self.len() as u64).map(drop).sure();
        self.iter().for_each(|id| id.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        (0..array_len(input, ConsumerUse::MOST)?)
            .map(|_| EntryId::read_cbor(input))
            .collect()
    }
}

impl Canonical for Deleted {
    fn write_cbor(&self, out: &mut Enc) {
        match self {
            Self::No => false.write_cbor(out),
            Self::Yes { seen } => {
                out.array(2).map(drop).sure();
                true.write_cbor(out);
                out.array(seen.len() as u64).map(drop).sure();
                seen.iter().for_each(|id| id.write_cbor(out));
            }
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        if input.datatype()? == minicbor::data::Type::Bool {
            return if bool::read_cbor(input)? {
                Err(CodecError::Malformed)
            } else {
                Ok(Self::No)
            };
        }
        array_of(input, 2)?;
        if !bool::read_cbor(input)? {
            return Err(CodecError::Malformed);
        }
        let seen = (0..array_len(input, MOST_SEEN)?)
            .map(|_| WriteId::read_cbor(input))
            .collect::<Result<_, _>>()?;
        Ok(Self::Yes { seen })
    }
}
