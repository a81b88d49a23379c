//! What is due, and how it is said.

wire! {
    #[derive(Clone, PartialEq, Eq)]
    pub struct ReminderList {
        /// Soonest first, as many as the frame holds.
        pub reminders: Vec<ReminderView>,
        pub total: u32,
        pub next_ms: Option<i64>,
        /// The index could not be read, so only what needs no device secret is known.
        pub limited: bool,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct ReminderView {
        /// Id of the key, the vendor or the vault; opaque while locked.
        pub id: String,
        /// Only while unlocked, or with names opted in.
        pub label: Option<String>,
        pub kind: ReminderKind,
        pub due: crate::Due,
        pub snoozed_until_ms: Option<i64>,
        pub acknowledged: bool,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum ReminderKind {
        Expiry,
        Rotation,
        Review,
        /// No backup was made for too long; its label is always `backups`.
        Backup,
    }

    /// Works while locked. Never past the expiry.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ReminderSnooze {
        /// Id or label of a key or a vendor, a label only while unlocked; or `backups`.
        pub key: String,
        pub hours: u32,
    }

    /// Silences one due moment of a key for good; a new due date reminds again. Unlocked only.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ReminderAck {
        pub key: String,
    }

    /// How the test notification fared.
    #[derive(Clone, PartialEq, Eq)]
    pub struct ReminderTested {
        pub server: String,
        pub delivered: bool,
    }
}
