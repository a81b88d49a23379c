//! Who makes or runs what holds keys, and what was found out about them.
//!
//! Deliberately not here: finding anything out.

use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_len, array_of, coded_enum};
use crate::ids::EntryId;
use crate::merge::Replica;
use crate::moment::UtcMs;
use crate::permission::Tri;
use crate::register::Register;
use crate::text::{ConsumerName, Line, Notes};
use crate::value::{RegisterValue, shown};

coded_enum! {
    /// What is asked of every vendor that is given keys.
    pub enum Question: u8 {
        Storage = 1 => "storage",
        Encryption = 2 => "encryption",
        Tls = 3 => "tls",
        Permissions = 4 => "permissions",
        Revocation = 5 => "revocation",
        IncidentHistory = 6 => "incident-history",
        Audits = 7 => "audits",
        Openness = 8 => "openness",
        ResponsePlan = 9 => "response-plan",
    }
}

impl Question {
    /// The whole question; yes is the answer one hopes for.
    pub fn words(self) -> &'static str {
        match self {
            Self::Storage => "Do they say where and how keys are stored, apart from other data?",
            Self::Encryption => "Are keys encrypted where they lie, with keys kept elsewhere?",
            Self::Tls => "Does every way in and out use TLS with valid certificates?",
            Self::Permissions => "Do they ask for no more rights than the job needs?",
            Self::Revocation => "Can keys be taken back at any time, and are they deleted then?",
            Self::IncidentHistory => "Is their history of incidents known and free of lost keys?",
            Self::Audits => "Was their security audited by somebody else, and recently?",
            Self::Openness => "Is the code that handles keys open, or open to its customers?",
            Self::ResponsePlan => "Do they have a plan for incidents and say whom they tell, when?",
        }
    }
}

/// One answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checked {
    pub question: Question,
    pub answer: Tri,
    pub evidence: Option<Line>,
    /// When it was looked at.
    pub at: UtcMs,
}

/// At most one answer a question, in the order of the questions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checklist(Vec<Checked>);

impl Checklist {
    pub fn answers(&self) -> &[Checked] {
        &self.0
    }

    pub fn get(&self, question: Question) -> Option<&Checked> {
        self.0.iter().find(|one| one.question == question)
    }

    /// With this answer in place of the one before.
    #[must_use]
    pub fn with(mut self, answer: Checked) -> Self {
        self.0.retain(|one| one.question != answer.question);
        self.0.push(answer);
        self.0.sort();
        self
    }

    /// Questions answered with yes. What nobody knows is no yes.
    pub fn good(&self) -> usize {
        self.0.iter().filter(|one| one.answer == Tri::Yes).count()
    }

    /// In one clause.
    pub fn words(&self) -> String {
        format!("{} of {} answered well", self.good(), Question::ALL.len())
    }
}

/// A vendor as its alive writes tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorRecord {
    pub id: EntryId,
    pub name: ConsumerName,
    pub breached: Option<UtcMs>,
    pub checklist: Checklist,
    pub review: Option<UtcMs>,
    pub notes: Option<Notes>,
}

impl VendorRecord {
    /// One of which only the name is known.
    pub fn new(id: EntryId, name: ConsumerName) -> Self {
        Self {
            id,
            name,
            breached: None,
            checklist: Checklist::default(),
            review: None,
            notes: None,
        }
    }

    /// `None` if the entry is deleted or has no name.
    pub fn materialise(replica: &Replica, id: EntryId) -> Option<Self> {
        if replica.is_deleted(id) {
            return None;
        }
        let value = |register| shown(replica, id, register);
        Some(Self {
            id,
            name: match value(Register::Label)? {
                RegisterValue::ConsumerName(name) => name,
                _ => return None,
            },
            breached: match value(Register::Breached) {
                Some(RegisterValue::Breached(at)) => at,
                _ => None,
            },
            checklist: match value(Register::Checklist) {
                Some(RegisterValue::Checklist(list)) => list,
                _ => Checklist::default(),
            },
            review: match value(Register::Review) {
                Some(RegisterValue::Review(at)) => at,
                _ => None,
            },
            notes: match value(Register::Notes) {
                Some(RegisterValue::Notes(notes)) => notes,
                _ => None,
            },
        })
    }
}

impl Canonical for Checked {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(4).map(drop).sure();
        self.question.write_cbor(out);
        self.answer.write_cbor(out);
        self.evidence.write_cbor(out);
        self.at.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 4)?;
        Ok(Self {
            question: Question::read_cbor(input)?,
            answer: Tri::read_cbor(input)?,
            evidence: Option::read_cbor(input)?,
            at: UtcMs::read_cbor(input)?,
        })
    }
}

impl Canonical for Checklist {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(self.0.len() as u64).map(drop).sure();
        self.0.iter().for_each(|one| one.write_cbor(out));
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        let mut list = Self::default();
        for _ in 0..array_len(input, Question::ALL.len())? {
            list = list.with(Checked::read_cbor(input)?);
        }
        Ok(list)
    }
}
