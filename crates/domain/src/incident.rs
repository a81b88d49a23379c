//! An incident that is being worked through: which keys it concerns, which steps there are, what
//! was done when.
//!
//! Every line of its log is an entry of its own, so that two people who write at once are never in
//! conflict. Deliberately not here: containing a key (that is a revocation), and the report.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of};
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::moment::UtcMs;
use crate::register::Register;
use crate::text::{ConsumerName, Line, Notes};
use crate::value::{RegisterValue, shown};

/// What is to be done, as it was when the incident was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// Its name: `vendor-breached` …
    pub id: Line,
    pub steps: Vec<Line>,
    /// What is to be known in the end.
    pub questions: Vec<Line>,
}

impl Playbook {
    /// The most steps or questions.
    pub const MOST: usize = 50;
}

/// An incident as its alive writes tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentRecord {
    pub id: EntryId,
    pub title: ConsumerName,
    pub playbook: Playbook,
    /// Whose keys it concerns, in words.
    pub about: Line,
    pub opened: UtcMs,
    /// In the order in which to act.
    pub keys: Vec<EntryId>,
    pub closed: Option<UtcMs>,
    pub root_cause: Option<Notes>,
}

/// A line of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentNote {
    pub id: EntryId,
    pub incident: EntryId,
    /// The key it is about, where it is about one.
    pub key: Option<EntryId>,
    pub at: UtcMs,
    pub text: Notes,
    /// Something to be done until then.
    pub due: Option<UtcMs>,
}

impl IncidentRecord {
    /// `None` if the entry lacks what makes it an incident.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        let value = |register| shown(replica, id, register);
        Some(Self {
            id,
            title: match value(Register::Label)? {
                RegisterValue::ConsumerName(title) => title,
                _ => return None,
            },
            playbook: match value(Register::Playbook)? {
                RegisterValue::Playbook(playbook) => playbook,
                _ => return None,
            },
            about: match value(Register::About)? {
                RegisterValue::About(about) => about,
                _ => return None,
            },
            opened: match value(Register::Made)? {
                RegisterValue::Made(at) => at,
                _ => return None,
            },
            keys: match value(Register::Affected) {
                Some(RegisterValue::Affected(keys)) => keys,
                _ => Vec::new(),
            },
            closed: match value(Register::Closed) {
                Some(RegisterValue::Closed(at)) => at,
                _ => None,
            },
            root_cause: match value(Register::Notes) {
                Some(RegisterValue::Notes(notes)) => notes,
                _ => None,
            },
        })
    }
}

impl IncidentNote {
    /// `None` if the entry lacks what makes it one.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        let value = |register| shown(replica, id, register);
        Some(Self {
            id,
            incident: match value(Register::Incident)? {
                RegisterValue::Incident(incident) => incident,
                _ => return None,
            },
            key: match value(Register::Concerns) {
                Some(RegisterValue::Concerns(key)) => key,
                _ => None,
            },
            at: match value(Register::Made)? {
                RegisterValue::Made(at) => at,
                _ => return None,
            },
            text: match value(Register::Notes)? {
                RegisterValue::Notes(Some(text)) => text,
                _ => return None,
            },
            due: match value(Register::Review) {
                Some(RegisterValue::Review(due)) => due,
                _ => None,
            },
        })
    }
}

impl Canonical for Playbook {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(3).map(drop).sure();
        self.id.write_cbor(out);
        for lines in [&self.steps, &self.questions] {
            out.array(lines.len() as u64).map(drop).sure();
            lines.iter().for_each(|line| line.write_cbor(out));
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        let lines = |input: &mut Dec<'_>| -> Result<Vec<Line>, CodecError> {
            (0..array_len(input, Self::MOST)?)
                .map(|_| Line::read_cbor(input))
                .collect()
        };
        array_of(input, 3)?;
        Ok(Self {
            id: Line::read_cbor(input)?,
            steps: lines(input)?,
            questions: lines(input)?,
        })
    }
}

/// The most keys of one incident.
const MOST_KEYS: usize = 100_000;

/// In the order given: it is the order in which to act.
impl Canonical for Vec<EntryId> {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(self.len() as u64).map(drop).sure();
        self.iter().for_each(|id| id.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        (0..array_len(input, MOST_KEYS)?)
            .map(|_| EntryId::read_cbor(input))
            .collect()
    }
}
