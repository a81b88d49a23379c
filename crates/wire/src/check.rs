//! Asking an exchange what it knows of a key, with the key itself.

use crate::{DiagnosisStep, Environment, Permissions, SecretField, StepUp, Tri, Verb};

wire! {
    /// What a check would send, before anything is sent or any secret opened.
    #[derive(Clone, PartialEq, Eq)]
    pub struct CheckPlan {
        /// In the order in which they are asked; what an earlier one answers, the later need not.
        pub calls: Vec<PlannedCall>,
        pub exchange_name: String,
        pub environment: Environment,
        /// The host that is asked.
        pub host: String,
        /// Sentences a person is to read before it is sent.
        pub warnings: Vec<String>,
        /// The exchange wants every request of a key to carry a higher number than the last.
        pub rising_numbers: bool,
        /// The day on which what is known of this exchange was compared with its sources; ISO 8601.
        pub facts_as_of: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct PlannedCall {
        pub method: String,
        pub path: String,
        pub query: Vec<crate::QueryPair>,
        pub body: Option<String>,
        /// What it is asked for.
        pub purpose: String,
        /// Whether the exchange counts it as a use of the key.
        pub counts_as_use: Tri,
        /// Whether it may put off an end by inactivity.
        pub may_reset_inactivity: Tri,
        /// Whether it can be signed as it stands here, to be sent from another machine.
        pub can_be_sent_elsewhere: bool,
    }

    pub struct Check {
        pub key: String,
        /// In the exchange's own form, where it wants numbers that rise; the vault's next one
        /// without it.
        #[serde(default)]
        pub nonce: Option<String>,
        /// Where a test has put the exchange: the loopback, and nowhere else.
        #[serde(default)]
        pub loopback: Option<LoopbackExchange>,
        /// An answer that was got elsewhere: it is read, and nothing is sent.
        #[serde(default)]
        pub answer: Option<SecretField>,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    /// The question for the key's own machine, signed, as a command for a shell: it goes to the
    /// clipboard and to no window, because some exchanges want a passphrase beside the signature.
    pub struct CheckElsewhere {
        pub key: String,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    /// Whether a key's exchange is asked by itself, while the vault is open.
    pub struct CheckSchedule {
        pub key: String,
        /// Days between two askings, 1 to 3650; by hand only without it, which needs no code.
        pub every_days: Option<u32>,
        /// The exchange wants numbers that rise, and the person knows that a bot with the same key
        /// can break.
        #[serde(default)]
        pub despite_rising_numbers: bool,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    /// How it is arranged for a key.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct CheckScheduleView {
        pub every_days: u32,
        /// Not before this moment, UTC milliseconds, and only while the vault is open.
        pub next_ms: i64,
        /// The last asking that may have reached the exchange, and how it ended.
        pub last_ms: Option<i64>,
        pub last_outcome: Option<CheckOutcome>,
    }

    pub struct LoopbackExchange {
        /// `https://127.0.0.1:8443`.
        pub url: String,
        /// The authority to trust beside the usual ones, PEM.
        #[serde(default)]
        pub authority: Option<String>,
    }

    /// How a check ended.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Checked {
        pub outcome: CheckOutcome,
        /// What happened, in one sentence.
        pub sentence: String,
        /// The one thing to do about it; empty where nothing is to be done.
        pub remedy: String,
        /// UTC milliseconds.
        pub asked_ms: i64,
        /// Our clock less the exchange's, milliseconds, where an answer told its time.
        pub clock_offset_ms: Option<i64>,
        pub seen: Option<Seen>,
        /// What changed since the last answer, a sentence each.
        pub drift: Vec<String>,
        /// Rights that the exchange grants and the record denies.
        pub excess: Vec<Verb>,
        /// What a refusal was compared with; empty where the exchange did not refuse.
        pub steps: Vec<DiagnosisStep>,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum CheckOutcome {
        /// The exchange knows the key and said what it knows.
        Answered,
        /// Something about the key or its secret is wrong.
        KeyIsWrong,
        /// The exchange knows the key and does not say more.
        KeyIsKnown,
        /// Nothing can be said from this machine; the key may be perfectly good.
        CannotBeAskedFromHere,
        /// The same question may be answered later.
        AskLater,
        CannotTell,
        /// No answer came, or none that can be read.
        NoAnswer,
    }

    /// What an exchange said of a key.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Seen {
        pub permissions: Permissions,
        /// The exchange's own words.
        pub native: Vec<String>,
        /// Those of them that nobody here knows: each may mean anything.
        pub unknown_words: Vec<String>,
        pub allowlist: SeenAllowlist,
        pub expiry: SeenExpiry,
        pub created_ms: Option<i64>,
        pub last_used_ms: Option<i64>,
        /// What the key is called at the exchange.
        pub label: Option<String>,
        /// The exchange's word, where it has switched the key off.
        pub stopped: Option<String>,
        /// Sentences a person is to know beside the answer.
        pub notes: Vec<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum SeenAllowlist {
        /// These and no others; `unread` more could not be understood.
        Listed { addresses: Vec<String>, unread: u32 },
        /// There is one; what is on it was not said.
        Restricted {},
        Unrestricted {},
        Unknown {},
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum SeenExpiry {
        At { at_ms: i64 },
        /// The exchange says that the key has no end of its own.
        Never {},
        NotReported {},
    }
}
