//! What a list shows of a key, and what reminders need of it: stored beside the writes, so that the
//! list of a large vault is there at once.
//!
//! It follows from the writes alone and is rebuilt from them; it is never merged.

use crate::account::AccountRecord;
use crate::allowlist::AllowlistSummary;
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::consumer::{ConsumerRecord, ConsumerUse};
use crate::environment::Environment;
use crate::exchange::ExchangeId;
use crate::expiry::{Due, DueCause};
use crate::ids::EntryId;
use crate::moment::UtcMs;
use crate::permission::{PermissionClass, PermissionSet, Tri, Verb};
use crate::record::KeyRecord;
use crate::rotation::Days;
use crate::state::KeyState;
use crate::text::{AccountLabel, ConsumerName, KeyLabel, Line, Tag};
use crate::value::MOST_TAGS;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySummary {
    pub id: EntryId,
    pub label: KeyLabel,
    pub exchange: ExchangeId,
    pub account: Option<EntryId>,
    pub account_label: Option<AccountLabel>,
    pub environment: Environment,
    pub state: KeyState,
    pub declared: [Tri; 8],
    pub observed: Option<[Tri; 8]>,
    pub allowlist: AllowlistSummary,
    pub expiry: Option<Due>,
    pub rotation: Option<Due>,
    pub rotation_days: Days,
    pub created: UtcMs,
    pub last_rotated: UtcMs,
    pub last_used: Option<UtcMs>,
    pub compromised: Option<UtcMs>,
    pub purpose: Option<Line>,
    pub owner: Option<Line>,
    pub tags: Vec<Tag>,
    pub consumers: Vec<ConsumerName>,
    pub conflict: bool,
    pub has_secret: bool,
}

/// Names of the entries a key refers to.
pub trait Names {
    fn account(&self, id: EntryId) -> Option<AccountLabel>;
    fn consumer(&self, id: EntryId) -> Option<ConsumerName>;
}

impl Names for (&[AccountRecord], &[ConsumerRecord]) {
    fn account(&self, id: EntryId) -> Option<AccountLabel> {
        self.0
            .iter()
            .find(|account| account.id == id)
            .map(|account| account.label.clone())
    }

    fn consumer(&self, id: EntryId) -> Option<ConsumerName> {
        self.1
            .iter()
            .find(|consumer| consumer.id == id)
            .map(|consumer| consumer.name.clone())
    }
}

impl KeySummary {
    pub fn of(record: &KeyRecord, names: &dyn Names) -> Self {
        Self {
            id: record.id,
            label: record.label.clone(),
            exchange: record.exchange.clone(),
            account: record.account,
            account_label: record.account.and_then(|id| names.account(id)),
            environment: record.environment,
            state: record.state,
            declared: record.declared.verbs(),
            observed: record.observed.as_ref().map(PermissionSet::verbs),
            allowlist: record.allowlist.summary(),
            expiry: record.expires(),
            rotation: record.rotation_due(),
            rotation_days: record.rotation_days(),
            created: record.created,
            last_rotated: record.last_rotated(),
            last_used: record.last_used_anywhere(),
            compromised: record.compromised,
            purpose: record.purpose.clone(),
            owner: record.owner.clone(),
            tags: record.tags.iter().cloned().collect(),
            consumers: record
                .consumers
                .iter()
                .filter_map(|one| names.consumer(one.consumer))
                .collect(),
            conflict: !record.conflicts.is_empty(),
            has_secret: record.has_secret(),
        }
    }

    /// The earlier of expiry and rotation.
    pub fn due(&self) -> Option<Due> {
        match (self.expiry, self.rotation) {
            (Some(expiry), Some(rotation)) => Some(expiry.min(rotation)),
            (one, other) => one.or(other),
        }
    }

    /// It is being ended at the exchange, and nobody has said yet that it is dead.
    pub fn is_being_ended(&self) -> bool {
        self.rotation
            .is_some_and(|due| due.cause == DueCause::Revocation)
    }

    /// Whether it may do this, by what was declared or observed: granted or unknown.
    pub fn may(&self, verb: Verb) -> bool {
        let place = usize::from(verb.code());
        match (
            self.declared[place],
            self.observed.map(|observed| observed[place]),
        ) {
            (Tri::Unknown, Some(seen)) => seen.is_possible(),
            (told, Some(seen)) => told.is_possible() || seen == Tri::Yes,
            (told, None) => told.is_possible(),
        }
    }

    pub fn class(&self) -> PermissionClass {
        let observed = self.observed.map(PermissionSet::new);
        PermissionSet::class_of(&PermissionSet::new(self.declared), observed.as_ref())
    }

    /// Appends everything text search looks in, lower case, its parts on lines of their own.
    pub fn push_search_text(&self, out: &mut String) {
        let mut push = |text: &str| {
            let from = out.len();
            if text.is_ascii() {
                // Nearly every text, and ten times as fast.
                out.push_str(text);
                out[from..].make_ascii_lowercase();
            } else {
                out.extend(text.chars().flat_map(char::to_lowercase));
            }
            out.push('\n');
        };
        push(self.label.as_str());
        push(self.exchange.as_str());
        push(self.exchange.display_name());
        push(self.environment.name());
        self.account_label
            .iter()
            .for_each(|label| push(label.as_str()));
        self.purpose
            .iter()
            .chain(&self.owner)
            .for_each(|line| push(line.as_str()));
        self.tags.iter().for_each(|tag| push(tag.as_str()));
        self.consumers.iter().for_each(|name| push(name.as_str()));
    }
}

impl Canonical for KeySummary {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(23).map(drop).sure();
        self.id.write_cbor(out);
        self.label.write_cbor(out);
        self.exchange.write_cbor(out);
        self.account.write_cbor(out);
        self.account_label.write_cbor(out);
        self.environment.write_cbor(out);
        self.state.write_cbor(out);
        out.u16(PermissionSet::packed(self.declared))
            .map(drop)
            .sure();
        match self.observed {
            Some(observed) => out.u16(PermissionSet::packed(observed)).map(drop).sure(),
            None => out.null().map(drop).sure(),
        }
        match self.allowlist {
            AllowlistSummary::Unrestricted => out.i64(-1).map(drop).sure(),
            AllowlistSummary::Unknown => out.i64(-2).map(drop).sure(),
            AllowlistSummary::Listed(rules) => out.i64(i64::from(rules)).map(drop).sure(),
        }
        self.expiry.write_cbor(out);
        self.rotation.write_cbor(out);
        self.rotation_days.write_cbor(out);
        self.created.write_cbor(out);
        self.last_rotated.write_cbor(out);
        self.last_used.write_cbor(out);
        self.compromised.write_cbor(out);
        self.purpose.write_cbor(out);
        self.owner.write_cbor(out);
        out.array(self.tags.len() as u64).map(drop).sure();
        self.tags.iter().for_each(|tag| tag.write_cbor(out));
        out.array(self.consumers.len() as u64).map(drop).sure();
        self.consumers.iter().for_each(|name| name.write_cbor(out));
        self.conflict.write_cbor(out);
        self.has_secret.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        let verbs = |bits| PermissionSet::unpacked(bits).ok_or(CodecError::Malformed);
        array_of(input, 23)?;
        Ok(Self {
            id: EntryId::read_cbor(input)?,
            label: KeyLabel::read_cbor(input)?,
            exchange: ExchangeId::read_cbor(input)?,
            account: Option::read_cbor(input)?,
            account_label: Option::read_cbor(input)?,
            environment: Environment::read_cbor(input)?,
            state: KeyState::read_cbor(input)?,
            declared: verbs(input.u16()?)?,
            observed: if input.datatype()? == minicbor::data::Type::Null {
                input.null()?;
                None
            } else {
                Some(verbs(input.u16()?)?)
            },
            allowlist: match input.i64()? {
                -1 => AllowlistSummary::Unrestricted,
                -2 => AllowlistSummary::Unknown,
                rules => AllowlistSummary::Listed(
                    u32::try_from(rules).map_err(|_| CodecError::Malformed)?,
                ),
            },
            expiry: Option::read_cbor(input)?,
            rotation: Option::read_cbor(input)?,
            rotation_days: Days::read_cbor(input)?,
            created: UtcMs::read_cbor(input)?,
            last_rotated: UtcMs::read_cbor(input)?,
            last_used: Option::read_cbor(input)?,
            compromised: Option::read_cbor(input)?,
            purpose: Option::read_cbor(input)?,
            owner: Option::read_cbor(input)?,
            tags: (0..array_len(input, MOST_TAGS)?)
                .map(|_| Tag::read_cbor(input))
                .collect::<Result<_, _>>()?,
            consumers: (0..array_len(input, ConsumerUse::MOST)?)
                .map(|_| ConsumerName::read_cbor(input))
                .collect::<Result<_, _>>()?,
            conflict: bool::read_cbor(input)?,
            has_secret: bool::read_cbor(input)?,
        })
    }
}
