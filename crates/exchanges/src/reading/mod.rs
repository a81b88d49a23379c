//! What an exchange says of a key, read from its answer.
//!
//! Everything has three values: what an answer does not speak of is unknown, and unknown is never
//! no. Flags of the account are not taken for flags of the key. A permission word nobody here
//! knows is kept, shown, and counted as if it could be anything.
//!
//! Deliberately not here: asking, comparing with what the person recorded, and what to do about it.

mod allowlist;
mod json;
mod onchain;
mod own;
mod redact;
mod rights;
mod values;

use serde_json::Value;
use strongroom_domain::{Line, PermissionSet, Tri, UtcMs, Verb};

pub use allowlist::SeenAllowlist;
pub(crate) use json::parse as parse_json;
pub use redact::redacted;
pub use rights::unknown_words;
pub(crate) use values::text as value_text;

use crate::catalogue::{Call, Confidence, Facts, ReadingForm, Reads};
use crate::refusal::{self, Refusal};

/// What an exchange said of a key.
#[derive(Debug, PartialEq)]
pub struct Reading {
    /// The eight verbs, with the exchange's own words.
    pub permissions: PermissionSet,
    /// Those of its words that are not in the catalogue. To be shown; each may mean anything.
    pub unknown_words: Vec<Line>,
    pub allowlist: SeenAllowlist,
    pub expiry: SeenExpiry,
    pub created: Option<UtcMs>,
    pub modified: Option<UtcMs>,
    pub last_used: Option<UtcMs>,
    /// What the key is called at the exchange.
    pub label: Option<Line>,
    pub standing: Standing,
    /// Sentences a person is to know beside the answer.
    pub notes: Vec<&'static str>,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenExpiry {
    At(UtcMs),
    /// The exchange says that it has no end of its own.
    Never,
    /// The answer does not speak of it; rules of the exchange may still end the key.
    NotReported,
}

/// Whether the exchange has the key switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Working,
    /// In the exchange's word.
    Stopped(Line),
    NotReported,
}

/// What a reading needs to know beside the answer. Ids and addresses are public; none is kept.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The key's id, to find it among several.
    pub key: Option<&'a str>,
    /// The address of an agent, for exchanges whose keys are agents.
    pub agent: Option<&'a str>,
    /// When the answer came: "82 days left" is counted from there.
    pub received: UtcMs,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
}

/// Why an answer could not be read. Nothing of the answer stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the answer is longer than {most} bytes")]
    TooLong { most: usize },
    #[error("the answer is empty")]
    Empty,
    #[error("a web page came back in place of an answer: a proxy, a firewall or maintenance")]
    WebPage,
    #[error("the answer ends in the middle; ask again")]
    Cut,
    #[error("the answer is not JSON")]
    NotJson,
    #[error("the answer is nested too deeply")]
    TooDeep,
    #[error("the answer names a field twice, so it could be read in two ways")]
    NameTwice,
    #[error("the answer has another form than the exchange documents, at `{at}`")]
    Form { at: &'static str },
    #[error("the answer lists several keys, and it is not known which is this one")]
    WhichKey,
    #[error("this key is not among those the exchange lists")]
    NotListed,
    #[error("the exchange says that {}", .0.words())]
    Refused(Refusal),
    #[error("the catalogue has no such call for this exchange")]
    NoSuchCall,
}

/// Reads the answer to one of the exchange's calls.
pub fn read(
    facts: &'static Facts,
    call: &str,
    answer: &[u8],
    asked: &Asked<'_>,
) -> Result<Reading, ReadError> {
    let call = facts.call(call).ok_or(ReadError::NoSuchCall)?;
    let value = answered(facts, answer, asked)?;
    match call.reads {
        Reads::Key => key(facts, call, &value, asked),
        Reads::Account => account(facts, call, &value, Tri::Unknown),
        Reads::WithdrawHint => account(facts, call, &value, Tri::Yes),
        Reads::Agents => onchain::agents(facts, call, &value, asked),
        Reads::Role => onchain::role(facts, call, &value),
        Reads::Uid => Err(ReadError::NoSuchCall),
    }
}

/// Reads the number of the account that a later call wants.
pub fn read_uid(
    facts: &'static Facts,
    call: &str,
    answer: &[u8],
    asked: &Asked<'_>,
) -> Result<String, ReadError> {
    let call = facts
        .call(call)
        .filter(|call| call.reads == Reads::Uid)
        .ok_or(ReadError::NoSuchCall)?;
    let at = call.form.as_ref().map_or("", |form| form.at.as_str());
    let value = answered(facts, answer, asked)?;
    let uid = value.pointer(at).and_then(values::text);
    uid.filter(|uid| {
        (1..=20).contains(&uid.len()) && uid.bytes().all(|digit| digit.is_ascii_digit())
    })
    .ok_or(ReadError::Form { at })
}

/// The answer as JSON, unless it is a refusal.
fn answered(facts: &'static Facts, answer: &[u8], asked: &Asked<'_>) -> Result<Value, ReadError> {
    match json::parse(answer) {
        Ok(value) => match refusal::of_answer(facts, asked.status, &value) {
            Some(refused) => Err(ReadError::Refused(refused)),
            None => Ok(value),
        },
        // Some exchanges and every proxy refuse with a status and a page.
        Err(unread) => match refusal::of_status(facts, asked.status) {
            Some(refused) => Err(ReadError::Refused(refused)),
            None => Err(unread),
        },
    }
}

fn key(
    facts: &'static Facts,
    call: &'static Call,
    answer: &Value,
    asked: &Asked<'_>,
) -> Result<Reading, ReadError> {
    let form = call.form.as_ref().ok_or(ReadError::NoSuchCall)?;
    let answer = answer
        .pointer(&form.at)
        .ok_or(ReadError::Form { at: &form.at })?;
    let own = match &form.own {
        Some(own) => own::find(own, answer, asked.key)?,
        None => answer,
    };
    let words = rights::words(&facts.rights, form, own)?;
    let settled = rights::settled(&facts.rights, form, own, words);
    let mut reading = described(facts, call, form, own, asked)?;
    reading.permissions = settled.permissions;
    reading.unknown_words = settled.unknown;
    Ok(reading)
}

/// A good answer about the account proves that the key works and reads; everything else about the
/// key stays unknown.
fn account(
    facts: &'static Facts,
    call: &'static Call,
    answer: &Value,
    withdraw: Tri,
) -> Result<Reading, ReadError> {
    let said_something = match answer {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => false,
    };
    if !said_something {
        return Err(ReadError::Form { at: "" });
    }
    let mut reading = blank(facts, call);
    if let Some(form) = &call.form {
        reading.notes.extend(form.notes.iter().map(String::as_str));
        reading.allowlist = allowlist::seen(facts, form.allowlist.as_ref(), answer)?;
    }
    reading.permissions = PermissionSet::unknown()
        .with(Verb::Read, Tri::Yes)
        .with(Verb::Withdraw, withdraw);
    Ok(reading)
}

/// Everything but the rights.
fn described(
    facts: &'static Facts,
    call: &'static Call,
    form: &'static ReadingForm,
    own: &Value,
    asked: &Asked<'_>,
) -> Result<Reading, ReadError> {
    let mut reading = blank(facts, call);
    reading.notes.extend(form.notes.iter().map(String::as_str));
    reading.allowlist = allowlist::seen(facts, form.allowlist.as_ref(), own)?;
    let (expiry, note) = values::expiry(&form.expires, own, asked.received)?;
    reading.expiry = expiry;
    reading.notes.extend(note);
    reading.created = values::moment(form.created.as_ref(), own)?;
    reading.modified = values::moment(form.modified.as_ref(), own)?;
    reading.last_used = values::moment(form.last_used.as_ref(), own)?;
    reading.label = form.label.as_ref().and_then(|at| {
        let label = own.pointer(at)?.as_str()?;
        Line::parse(label).ok()
    });
    reading.standing = values::standing(form.standing.as_ref(), own)?;
    Ok(reading)
}

/// Nothing is known yet, but for what holds of the exchange as a whole.
fn blank(facts: &'static Facts, call: &'static Call) -> Reading {
    Reading {
        permissions: PermissionSet::unknown(),
        unknown_words: Vec::new(),
        allowlist: SeenAllowlist::Unknown,
        expiry: SeenExpiry::NotReported,
        created: None,
        modified: None,
        last_used: None,
        label: None,
        standing: Standing::NotReported,
        notes: facts.rights.notes.iter().map(String::as_str).collect(),
        confidence: call.confidence,
    }
}

impl std::fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asked(..)")
    }
}
