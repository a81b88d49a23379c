//! Everything about one key but its secret.

use strongroom_domain::merge::Body;
use strongroom_domain::{
    AccountRecord, CheckSchedule, ConsumerName, ConsumerUse, Drift, EntryId, KeyRecord, KeySummary,
    Line, Names, Register, UtcMs, WriteId, last_drift,
};
use strongroom_exchanges::{catalogue, reading};

use super::notes::{self, NotesWarning};
use super::select::KeyError;
use crate::open::OpenVault;

/// A key as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    pub row: KeySummary,
    pub record: KeyRecord,
    pub account: Option<AccountRecord>,
    pub consumers: Vec<(ConsumerName, ConsumerUse)>,
    pub notes_warning: Option<NotesWarning>,
    pub conflicts: Vec<ConflictView>,
    /// What changed between the exchange's last two answers.
    pub drift: Vec<Drift>,
    /// The exchange's words that nobody here knows, of its last answer.
    pub unknown_words: Vec<Line>,
    /// Whether the exchange is asked by itself, and how that went last.
    pub schedule: Option<CheckSchedule>,
}

/// Several alive values of one register, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictView {
    pub register: Register,
    pub values: Vec<ConflictValueView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictValueView {
    pub write: WriteId,
    /// `[secret]` or `[purged]` where there is no value to tell.
    pub words: String,
    pub at: UtcMs,
}

impl OpenVault {
    pub fn show_key(&mut self, key: EntryId) -> Result<KeyView, KeyError> {
        self.make_ready()?;
        let (replica, record) = self.read_key(key)?;
        let Some(names) = &self.records.names else {
            return Err(KeyError::NotFound);
        };
        let label = |id: EntryId| names.label(id);
        let conflicts = record
            .conflicts
            .iter()
            .map(|conflict| ConflictView {
                register: conflict.register,
                values: replica
                    .alive(conflict.entry, conflict.register)
                    .into_iter()
                    .map(|write| ConflictValueView {
                        write: write.id,
                        words: words_of(write, &label),
                        at: UtcMs::from_clock(write.hlc.wall_ms),
                    })
                    .collect(),
            })
            .collect();
        Ok(KeyView {
            row: self.records.completed(KeySummary::of(&record, names)),
            account: record.account.and_then(|id| names.account(id)).cloned(),
            consumers: record
                .consumers
                .iter()
                .filter_map(|one| Some((names.consumer(one.consumer)?, one.clone())))
                .collect(),
            notes_warning: record.notes.as_ref().and_then(notes::warn),
            conflicts,
            drift: last_drift(&replica, key, record.last_rotated()),
            unknown_words: unknown_words(&record),
            schedule: self.check_schedule(key)?,
            record,
        })
    }
}

fn unknown_words(record: &KeyRecord) -> Vec<Line> {
    let facts = catalogue::facts(record.exchange.as_str());
    match (facts, &record.observed) {
        (Some(facts), Some(observed)) => reading::unknown_words(facts, observed.native())
            .into_iter()
            .cloned()
            .collect(),
        _ => Vec::new(),
    }
}

/// The value of a write in words.
pub(crate) fn words_of(
    write: &strongroom_domain::merge::Write,
    label: &dyn Fn(EntryId) -> Option<String>,
) -> String {
    match &write.body {
        Body::Value(bytes) => {
            match strongroom_domain::RegisterValue::decode(write.kind, write.register, bytes) {
                Ok(value) => value.words(label),
                Err(_) => "(written by a newer version)".to_owned(),
            }
        }
        Body::Sealed { .. } => "[secret]".to_owned(),
        Body::Purged => "[purged]".to_owned(),
    }
}
