//! Incidents: what is concerned, what is to be done, what was done.

use crate::{AuditEntry, HeldKey, KeysOf};

wire! {
    /// What is to be done; kept with the incident as it was when it was opened.
    #[derive(Clone, PartialEq, Eq)]
    pub struct PlaybookText {
        pub id: String,
        pub steps: Vec<String>,
        /// What is to be known in the end.
        pub questions: Vec<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentOpen {
        pub title: String,
        pub playbook: PlaybookText,
        /// Also what they held once, and retired keys.
        pub whose: KeysOf,
        /// The same in words.
        pub about: String,
    }

    /// The incident with this id or title; the newest open one without.
    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentSelect {
        #[serde(default)]
        pub incident: Option<String>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentView {
        pub id: String,
        pub title: String,
        pub playbook: PlaybookText,
        pub about: String,
        pub opened_ms: i64,
        pub closed_ms: Option<i64>,
        pub root_cause: Option<String>,
        /// In the order in which to act, as many as the frame holds.
        pub keys: Vec<HeldKey>,
        pub total: u32,
        /// Keys that were deleted since.
        pub gone: u32,
        /// Oldest first, as many as the frame holds.
        pub notes: Vec<IncidentNoteView>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentNoteView {
        pub at_ms: i64,
        /// Id of the key it is about.
        pub key: Option<String>,
        pub text: String,
        /// Something to be done until then.
        pub due_ms: Option<i64>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentList {
        /// Newest first.
        pub incidents: Vec<IncidentRow>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentRow {
        pub id: String,
        pub title: String,
        pub playbook: String,
        pub about: String,
        pub opened_ms: i64,
        pub closed_ms: Option<i64>,
        pub keys: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentNote {
        #[serde(default)]
        pub incident: Option<String>,
        #[serde(default)]
        pub key: Option<String>,
        pub text: String,
        #[serde(default)]
        pub due_ms: Option<i64>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentClose {
        #[serde(default)]
        pub incident: Option<String>,
        pub root_cause: String,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentPage {
        #[serde(default)]
        pub incident: Option<String>,
        pub offset: u32,
    }

    /// What the audit log has of an incident and its keys, oldest first.
    #[derive(Clone, PartialEq, Eq)]
    pub struct IncidentTimeline {
        pub entries: Vec<AuditEntry>,
        pub total: u32,
        pub next: Option<u32>,
    }
}
