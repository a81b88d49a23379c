//! Why an exchange refuses a key: seven causes looked at in one order, one sentence, one remedy.

use crate::{StepUp, Verb};

wire! {
    /// What was refused, and what the person knows of it beside the record.
    pub struct Doctor {
        pub key: String,
        /// The exchange's words, or a line of a log with them in it; nothing of it is kept.
        #[serde(default)]
        pub text: String,
        /// From where the exchange was asked, where the text does not say it.
        #[serde(default)]
        pub address: Option<std::net::IpAddr>,
        /// The clock of the machine that asked, less the exchange's; milliseconds.
        #[serde(default)]
        pub clock_offset_ms: Option<i64>,
        /// The right that what was tried takes.
        #[serde(default)]
        pub wanted: Option<Verb>,
        /// Whether the form of the stored secret is looked at as well; it takes a code, and nothing
        /// of the secret is told.
        #[serde(default)]
        pub look: bool,
        #[serde(default)]
        pub step_up: Option<StepUp>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct Diagnosis {
        pub exchange_name: String,
        /// Every cause, in the order in which they were looked at.
        pub steps: Vec<DiagnosisStep>,
        /// What it is, in one sentence.
        pub sentence: String,
        /// The one thing to do.
        pub remedy: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct DiagnosisStep {
        /// `key and secret`, `clock`, `allowlist` …
        pub cause: String,
        pub outcome: StepOutcome,
        /// One sentence.
        pub words: String,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum StepOutcome { RuledOut, Likely, CannotTell }
}
