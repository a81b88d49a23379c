//! What can be recorded. Codes are stored and hashed: none is ever given a new meaning.
//!
//! Deliberately not here: a field for free text. Labels and secrets cannot get into the log because
//! there is no place for them.

use strongroom_domain::EntryId;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident: $($(#[$variant_doc:meta])* $variant:ident = $code:literal $word:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),*
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Stored in the log.
            pub const fn code(self) -> u16 {
                match self {
                    $(Self::$variant => $code),*
                }
            }

            pub fn from_code(code: u16) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// A word for tables and filters; stable.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }
        }
    };
}

codes! {
    /// What happened, or was about to.
    EventKind:
    Created = 1 "created",
    Unlocked = 2 "unlocked",
    Locked = 3 "locked",
    SteppedUp = 4 "stepped-up",
    AlarmAcknowledged = 5 "alarm-acknowledged",
    Restored = 6 "restored",
    BackedUp = 7 "backed-up",
    BackupFailed = 8 "backup-failed",
    AuditExported = 9 "audit-exported",
    RestoreDrill = 10 "restore-drill",
    AnchorMissing = 11 "anchor-missing",

    DeviceEnrolled = 20 "device-enrolled",
    DeviceRemoved = 21 "device-removed",
    KitMade = 22 "kit-made",
    KitTested = 23 "kit-tested",
    PasswordChanged = 24 "password-changed",
    TotpReset = 25 "totp-reset",
    VaultKeyRotated = 26 "vault-key-rotated",
    PolicyChanged = 27 "policy-changed",
    FactorsTidied = 28 "factors-tidied",

    EntryAdded = 40 "entry-added",
    EntryEdited = 41 "entry-edited",
    EntryArchived = 42 "entry-archived",
    EntryRestored = 43 "entry-restored",
    EntryDeleted = 44 "entry-deleted",
    SecretAdded = 45 "secret-added",
    SecretPurged = 46 "secret-purged",
    Revealed = 47 "revealed",
    Copied = 48 "copied",
    Ran = 49 "ran",
    Imported = 50 "imported",
    ImportUndone = 51 "import-undone",
    FileRewritten = 52 "file-rewritten",
    Exported = 53 "exported",
    Signed = 54 "signed",
    /// The exchange was asked about a key.
    Checked = 55 "checked",
    /// Its answer was recorded.
    Observed = 56 "observed",
    /// From now on the exchange is asked about a key by itself.
    ChecksScheduled = 57 "checks-scheduled",
    ChecksUnscheduled = 58 "checks-unscheduled",
    /// The form of a secret was looked at, here and by nobody else.
    LookedAt = 59 "looked-at",

    RotationBegun = 60 "rotation-begun",
    /// A successor's secret was recorded.
    RotationStaged = 61 "rotation-staged",
    RotationChecked = 62 "rotation-checked",
    RotationSwitched = 63 "rotation-switched",
    RotationAborted = 64 "rotation-aborted",
    RevocationBegun = 65 "revocation-begun",
    RevocationConfirmed = 66 "revocation-confirmed",
    IncidentOpened = 67 "incident-opened",
    IncidentNoted = 68 "incident-noted",
    IncidentClosed = 69 "incident-closed",

    ReminderSnoozed = 70 "reminder-snoozed",
    ReminderAcknowledged = 71 "reminder-acknowledged",
    SettingsChanged = 72 "settings-changed",
    FindingAccepted = 73 "finding-accepted",
    AcceptanceWithdrawn = 74 "acceptance-withdrawn",

    /// The person's own keys were made, or their card got another name.
    IdentitySet = 80 "identity-set",
    ContactAdded = 81 "contact-added",
    /// Somebody has other keys from now on.
    ContactKeyChanged = 82 "contact-key-changed",
    ContactVerified = 83 "contact-verified",
    ContactEdited = 84 "contact-edited",
    /// Somebody left: nothing is shared with them any more.
    Offboarded = 85 "offboarded",
    ContactForgotten = 86 "contact-forgotten",
    ShareMade = 87 "share-made",
    ShareImported = 88 "share-imported",
    ShareUndone = 89 "share-undone",
    ConflictsResolved = 90 "conflicts-resolved",
}

codes! {
    /// Who acted.
    Actor:
    /// The person, through one of the faces.
    Person = 1 "person",
    /// Strongroom by itself: a schedule, a lock, a clean-up.
    Program = 2 "program",
}

codes! {
    /// Through which face.
    Client:
    Agent = 1 "agent",
    CommandLine = 2 "cli",
    Desktop = 3 "desktop",
}

codes! {
    /// What was decided.
    Decision:
    Allowed = 1 "allowed",
    Denied = 2 "denied",
    Failed = 3 "failed",
}

/// What an event carries besides its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    #[default]
    None,
    /// How many (failed tries since the last unlock, entries imported).
    Count(u64),
    /// Two roots of the log: where it stood, and where it goes on from.
    Roots { left: [u8; 32], taken_up: [u8; 32] },
    /// Fingerprints of the two people of a share.
    Parties { from: [u8; 20], to: [u8; 20] },
}

/// An event on its way into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditEvent {
    pub(crate) kind: EventKind,
    pub(crate) detail: Detail,
    pub(crate) entry_id: Option<EntryId>,
    pub(crate) actor: Actor,
    pub(crate) client: Client,
    pub(crate) decision: Decision,
}

/// An act of the person through the agent, allowed, about no entry.
impl From<EventKind> for AuditEvent {
    fn from(kind: EventKind) -> Self {
        Self {
            kind,
            detail: Detail::None,
            entry_id: None,
            actor: Actor::Person,
            client: Client::Agent,
            decision: Decision::Allowed,
        }
    }
}

impl AuditEvent {
    #[must_use]
    pub fn about(self, entry: EntryId) -> Self {
        Self {
            entry_id: Some(entry),
            ..self
        }
    }

    #[must_use]
    pub fn by(self, client: Client) -> Self {
        Self { client, ..self }
    }

    #[must_use]
    pub fn of_program(self) -> Self {
        Self {
            actor: Actor::Program,
            ..self
        }
    }

    #[must_use]
    pub fn decided(self, decision: Decision) -> Self {
        Self { decision, ..self }
    }

    #[must_use]
    pub fn detail(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back_and_words_are_unique() {
        let mut words: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), EventKind::ALL.len());
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(EventKind::from_code(9999), None);
    }
}
