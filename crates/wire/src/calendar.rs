//! What is due when, as a list and as a file.

wire! {
    #[derive(Clone, PartialEq, Eq)]
    pub struct CalendarAsk {
        /// Days ahead; what is overdue is told too.
        pub days: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct CalendarView {
        /// Soonest first, as many as the frame holds.
        pub entries: Vec<CalendarEntry>,
        pub total: u32,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct CalendarEntry {
        pub kind: CalendarKind,
        /// Id of the key or the vendor.
        pub id: String,
        pub name: String,
        pub exchange_name: Option<String>,
        pub due: crate::Due,
        /// What happens then, as one clause.
        pub effect: Option<String>,
        /// Why it is not sure, as one clause; what is not sure reminds of nothing.
        pub doubt: Option<String>,
    }

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    #[serde(rename_all = "kebab-case")]
    pub enum CalendarKind { Expiry, MayEnd, Rotation, Revocation, Review }

    /// The password of an exchange account was changed.
    #[derive(Clone, PartialEq, Eq)]
    pub struct AccountPassword {
        pub exchange: String,
        pub account: String,
        pub at_ms: i64,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct AccountKeys {
        /// As many as the frame holds.
        pub keys: Vec<AccountKey>,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct AccountKey {
        pub id: String,
        pub label: String,
        /// When the exchange ends it for that; none where it is not known to.
        pub ends: Option<crate::Due>,
    }

    /// Writes an iCalendar file that is not there yet.
    #[derive(Clone, PartialEq, Eq)]
    pub struct CalendarExport {
        pub days: u32,
        /// Absolute.
        pub path: String,
        /// Whether keys and vendors are named in it.
        pub names: bool,
    }

    #[derive(Clone, PartialEq, Eq)]
    pub struct CalendarWritten {
        pub path: String,
        pub entries: u32,
    }
}
