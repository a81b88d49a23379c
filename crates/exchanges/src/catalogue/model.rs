//! What a data file holds. Every field is refused if it is not known here.
//!
//! The values are only ever handed out behind `&'static`, so nobody can change what an exchange
//! is said to do.
//!
//! Deliberately not here: the words and small types the files are written in (`terms.rs`,
//! `shape.rs`), and how an answer is read (`form.rs`).

use serde::Deserialize;
use strongroom_domain::{Environment, FieldName, KeyType};

use super::expiry::ExpiryRule;
use super::form::ReadingForm;
use super::terms::{Confidence, Right, Told};
use super::{AsOf, Shape, terms};
use crate::refusal::Meaning;

/// Everything known of one exchange.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facts {
    pub id: String,
    pub name: String,
    pub status: Status,
    pub detail: Detail,
    /// The day on which these facts were last compared with their sources.
    pub as_of: AsOf,
    pub confidence: Confidence,
    pub hosts: Vec<Host>,
    pub fields: Vec<FieldFacts>,
    pub key_types: Vec<KeyTypeFacts>,
    pub rights: RightsFacts,
    pub allowlist: AllowlistFacts,
    /// How far the time of a request may be off, where requests carry one.
    #[serde(default)]
    pub clock: Option<ClockFacts>,
    pub expiry: Vec<ExpiryRule>,
    pub pages: Vec<Page>,
    /// The most keys an account may have.
    #[serde(default)]
    pub most_keys: Option<u16>,
    /// What a self-check may ask. In the order in which it would.
    pub calls: Vec<Call>,
    /// What is never to be sent with a key of the person's.
    pub never: Vec<ForbiddenCall>,
    /// Where its answers say that something was refused.
    #[serde(default)]
    pub answers: Option<AnswerForm>,
    pub errors: Vec<ErrorRule>,
    pub notes: Vec<String>,
    pub sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Status {
    Active,
    /// Open in some countries only.
    Regional {
        words: String,
    },
    /// Gone; its keys are loose ends.
    Closed {
        on: AsOf,
    },
}

/// How much of it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    Full,
    /// Enough to recognise it and to know its best-known rules; nothing is sent to it.
    Recognition,
}

/// One address of an exchange, without a path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Host {
    #[serde(deserialize_with = "terms::environment")]
    pub environment: Environment,
    /// `https://` and a name, nothing behind it.
    pub base: String,
    /// What every request of this environment carries beside the signature.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Whose customers it serves, where not everybody's.
    #[serde(default)]
    pub region: Option<String>,
    /// What it serves, where not everything.
    #[serde(default)]
    pub serves: Option<String>,
    pub confidence: Confidence,
}

impl Host {
    /// The name alone: `api.kraken.com`.
    pub fn name(&self) -> &str {
        self.base.strip_prefix("https://").unwrap_or(&self.base)
    }
}

/// One field of a credential.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FieldFacts {
    #[serde(deserialize_with = "terms::field_name")]
    pub name: FieldName,
    /// What the exchange calls it.
    pub native: String,
    pub secret: bool,
    pub required: bool,
    /// Other fields of ours in which the same value may stand.
    #[serde(default, deserialize_with = "terms::field_names")]
    pub also: Vec<FieldName>,
    /// Every form it may have; empty where none is known.
    pub shapes: Vec<ShapeFacts>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ShapeFacts {
    pub shape: Shape,
    /// Set where the form itself tells the environment.
    #[serde(default, deserialize_with = "terms::maybe_environment")]
    pub environment: Option<Environment>,
    pub confidence: Confidence,
}

/// One kind of key the exchange offers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeyTypeFacts {
    #[serde(rename = "type", deserialize_with = "terms::key_type")]
    pub kind: KeyType,
    /// As its documents name it.
    pub algorithm: String,
    pub offered: Told,
    /// Whether the exchange takes a public key, so that the secret half is made here and never
    /// leaves.
    pub from_public_key: Told,
    #[serde(default)]
    pub note: Option<String>,
}

/// How the exchange's permission words become rights.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RightsFacts {
    /// What every working key has.
    #[serde(default)]
    pub always: Vec<Right>,
    /// What no key of this kind can have.
    #[serde(default)]
    pub never: Vec<Right>,
    /// What the answer speaks of: if it does not name such a right, the key has not got it. A
    /// right in none of the three lists stays unknown.
    #[serde(default)]
    pub reported: Vec<Right>,
    /// The words, complete: a word that is not here is shown and taken for dangerous.
    #[serde(default)]
    pub words: Vec<Native>,
    #[serde(default)]
    pub notes: Vec<String>,
}

/// One permission word of an exchange.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Native {
    /// A `*` at the beginning or the end stands for anything.
    pub name: String,
    /// Empty for a right that is none of the eight verbs.
    pub rights: Vec<Right>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AllowlistFacts {
    pub offered: Told,
    /// The most entries a key may have.
    #[serde(default)]
    pub most: Option<u16>,
    /// Whether an entry may be a network.
    #[serde(default)]
    pub networks: Told,
    #[serde(default)]
    pub ipv6: Told,
    pub confidence: Confidence,
    #[serde(default)]
    pub note: Option<String>,
}

/// How far a request's time may lie from the exchange's.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClockFacts {
    pub behind_ms: u32,
    pub ahead_ms: u32,
    pub confidence: Confidence,
}

/// A page of the exchange's site; only faces open it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Page {
    pub purposes: Vec<PagePurpose>,
    pub url: String,
    /// Where to go from there, in the words of its menus.
    #[serde(default)]
    pub then: Option<String>,
    #[serde(default = "terms::production", deserialize_with = "terms::environment")]
    pub environment: Environment,
    #[serde(default)]
    pub region: Option<String>,
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PagePurpose {
    Manage,
    Revoke,
}

/// A read-only call that tells something about a key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Call {
    /// Ours; a reading is asked for by it.
    pub name: String,
    pub method: String,
    /// From the root of the host.
    pub path: String,
    /// `{key}`, `{uid}`, `{account}` and `{agent}` are filled in before sending.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    #[serde(default)]
    pub body: Option<String>,
    pub signed: bool,
    #[serde(deserialize_with = "terms::environments")]
    pub environments: Vec<Environment>,
    pub reads: Reads,
    /// Which right it takes.
    pub needs: String,
    /// What a person is told before it is sent.
    pub purpose: String,
    /// Whether the exchange counts it as a use of the key.
    pub counts_as_use: Told,
    /// Whether it may put off an expiry by inactivity.
    pub resets_inactivity: Told,
    pub reports: Reports,
    pub confidence: Confidence,
    #[serde(default)]
    pub form: Option<ReadingForm>,
}

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// The key itself.
    Key,
    /// The account: a good answer proves that the key works and reads, and nothing else. Flags in
    /// it are the account's.
    Account,
    /// A number that another call needs.
    Uid,
    /// A call that only a key with the right to withdraw is answered, if the exchange is consistent.
    WithdrawHint,
    /// The agents an account has approved (public data).
    Agents,
    /// Whether an address is an agent or an account of its own (public data).
    Role,
}

/// What a call tells of a key.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reports {
    #[serde(default = "no")]
    pub permissions: Told,
    #[serde(default = "no")]
    pub withdraw: Told,
    /// The addresses themselves.
    #[serde(default = "no")]
    pub addresses: Told,
    /// Only whether there is an allowlist.
    #[serde(default = "no")]
    pub restricted: Told,
    #[serde(default = "no")]
    pub expiry: Told,
    #[serde(default = "no")]
    pub created: Told,
    #[serde(default = "no")]
    pub last_used: Told,
    #[serde(default = "no")]
    pub label: Told,
}

fn no() -> Told {
    Told::No
}

/// A call that changes or ends keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ForbiddenCall {
    /// `*` for any.
    pub method: String,
    /// A `*` as a whole part stands for any part, at the end for anything.
    pub path: String,
    pub why: String,
}

/// Where an answer says whether it is one: JSON pointers, tried in order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnswerForm {
    pub code: Vec<String>,
    pub text: Vec<String>,
    /// Codes of success; any other code is a refusal.
    pub fine: Vec<String>,
    /// How codes of mere warnings begin.
    #[serde(default)]
    pub warnings: Option<String>,
}

/// One error of an exchange and what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ErrorRule {
    #[serde(default)]
    pub code: Option<String>,
    /// Part of the message, in lower case. With a code, both must fit.
    #[serde(default)]
    pub text: Option<String>,
    /// The HTTP status, where the exchange says it with nothing else.
    #[serde(default)]
    pub status: Option<u16>,
    pub meaning: Meaning,
    /// What the same answer may mean as well.
    #[serde(default)]
    pub also: Vec<Meaning>,
    pub confidence: Confidence,
    /// Whether a person who pastes only this text can mean no other exchange.
    #[serde(default)]
    pub distinctive: bool,
}

/// Where facts come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    pub kind: String,
    #[serde(rename = "ref")]
    pub reference: String,
    #[serde(default)]
    pub date: Option<String>,
}
