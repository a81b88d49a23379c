//! Who holds keys: consumers, vendors, and the keys somebody holds or ever held.

use crate::{Environment, KeyState, Tri};

wire! {
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ConsumerKind { Bot, Tool, Person, Host }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConsumerList {
        /// By name, as many as the frame holds.
        pub consumers: Vec<ConsumerView>,
        pub total: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ConsumerView {
        pub id: String,
        pub name: String,
        pub kind: Option<ConsumerKind>,
        pub vendor: Option<String>,
        /// Where it runs.
        pub host: Option<String>,
        /// When it had a breach.
        pub breached_ms: Option<i64>,
        pub notes: Option<String>,
        /// Keys it holds that an exchange may still take.
        pub keys: u32,
    }

    /// What is not named stays as it is; an empty text clears. Somebody new is made.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ConsumerSet {
        pub name: String,
        #[serde(default)]
        pub rename: Option<String>,
        #[serde(default)]
        pub kind: Option<ConsumerKind>,
        #[serde(default)]
        pub vendor: Option<String>,
        #[serde(default)]
        pub host: Option<String>,
        #[serde(default)]
        pub breach: Option<Breach>,
        #[serde(default)]
        pub notes: Option<String>,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum Breach { At { ms: i64 }, None {} }

    #[derive(Clone, PartialEq, Eq)]
    pub struct VendorList {
        /// By name, as many as the frame holds.
        pub vendors: Vec<VendorView>,
        pub total: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct VendorView {
        pub id: String,
        pub name: String,
        pub breached_ms: Option<i64>,
        /// When it is to be looked at again.
        pub review_ms: Option<i64>,
        /// Every question in its order, answered or not.
        pub checklist: Vec<CheckedView>,
        /// Questions answered with yes.
        pub good: u32,
        pub consumers: Vec<String>,
        /// Keys its consumers hold.
        pub keys: u32,
        pub notes: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct CheckedView {
        /// Stable: `storage`, `encryption` …
        pub question: String,
        /// The whole question; yes is the answer one hopes for.
        pub words: String,
        pub answer: Tri,
        pub evidence: Option<String>,
        /// When it was looked at; none if nobody did.
        pub at_ms: Option<i64>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct VendorSet {
        pub name: String,
        #[serde(default)]
        pub breach: Option<Breach>,
        #[serde(default)]
        pub review_ms: Option<i64>,
        #[serde(default)]
        pub notes: Option<String>,
        #[serde(default)]
        pub answers: Vec<VendorAnswer>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct VendorAnswer {
        pub question: String,
        pub answer: Tri,
        #[serde(default)]
        pub evidence: Option<String>,
    }

    /// Whose keys are meant.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum KeysOf {
        Vendor { name: String },
        Consumer { name: String },
        /// What this person owns, holds or gave to somebody.
        Person { name: String },
        /// What trusts this address or host, or runs there.
        Host { name: String },
        Exchange { name: String },
        /// These keys, by label or id.
        Keys { keys: Vec<String> },
        All {},
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HeldAsk {
        pub whose: KeysOf,
        /// Also what was held once, and retired keys.
        pub ever: bool,
        /// Keys to leave out from the front, for the next page.
        #[serde(default)]
        pub offset: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HeldKeys {
        /// What can withdraw first, then what trades; as many as the frame holds.
        pub keys: Vec<HeldKey>,
        pub total: u32,
        pub next: Option<u32>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HeldKey {
        pub id: String,
        pub label: String,
        pub exchange_name: String,
        pub account: String,
        pub environment: Environment,
        pub state: KeyState,
        /// It is being ended at the exchange, and nobody has said yet that it is dead.
        pub contained: bool,
        /// `withdraw`, `trade` or `read`: its highest right.
        pub class: String,
        pub allowlist: crate::AllowlistSummary,
        pub owner: Option<String>,
        pub last_rotated_ms: i64,
        pub last_used_ms: Option<i64>,
        pub expiry: Option<crate::Due>,
        pub rotation: Option<crate::Due>,
        pub holds: Vec<HoldView>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HoldView {
        pub consumer: String,
        pub since_ms: i64,
        pub still: bool,
    }
}
