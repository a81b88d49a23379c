//! What is wrong with a vault, worst first, and the score it has.

wire! {
    #[derive(Clone, PartialEq, Eq)]
    pub struct HealthAsk {
        /// Findings to leave out from the front, for the next page.
        pub offset: u32,
        /// Only findings about this key, consumer or vendor, by its id; score and rules are of
        /// the whole vault all the same.
        #[serde(default)]
        pub about: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HealthView {
        /// From 0 to 100.
        pub score: u32,
        /// One sentence: where every point went.
        pub explained: String,
        /// Rules with findings, worst first, with what each costs.
        pub rules: Vec<HealthRule>,
        /// Worst first, as many as the frame holds.
        pub findings: Vec<FindingView>,
        pub total: u32,
        /// Where the next page begins.
        pub next: Option<u32>,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[serde(rename_all = "kebab-case")]
    pub enum Severity { Critical, High, Medium, Low }

    #[derive(Clone, PartialEq, Eq)]
    pub struct HealthRule {
        /// Stable: `trade-unrestricted` …
        pub rule: String,
        pub severity: Severity,
        /// A few words that follow the subject's name.
        pub title: String,
        /// Why it matters, in one or two sentences.
        pub why: String,
        pub open: u32,
        pub accepted: u32,
        /// Points it costs.
        pub points: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct FindingView {
        pub rule: String,
        pub severity: Severity,
        pub subject: FindingSubject,
        /// What a person calls the subject.
        pub name: String,
        /// One sentence.
        pub reason: String,
        pub act: RemedyAct,
        /// One sentence: what to do.
        pub remedy: String,
        pub standing: Standing,
    }

    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum FindingSubject {
        Vault {},
        /// A key, a consumer or a vendor.
        Entry { id: String },
        Exchange { id: String },
    }

    /// What a face can offer as the one thing to do.
    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum RemedyAct {
        EditAllowlist,
        EditPermissions,
        Check,
        Rotate,
        Revoke,
        Show,
        EditConsumers,
        Backup,
        TestKit,
        AutoLock,
        Update,
        ReviewVendor,
    }

    /// Whether somebody decided to live with it; it stays visible either way.
    #[derive(Clone, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", tag = "kind")]
    pub enum Standing {
        Open {},
        Accepted { reason: String, until_ms: i64 },
        /// It was accepted until a day that is over.
        Lapsed { reason: String, until_ms: i64 },
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct FindingAccept {
        pub rule: String,
        /// Whom it is about: a key, a consumer, a vendor or an exchange; none for the vault.
        pub subject: Option<String>,
        pub reason: String,
        pub until_ms: i64,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct FindingUnaccept {
        pub rule: String,
        pub subject: Option<String>,
    }
}
