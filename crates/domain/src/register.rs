//! The kinds of entries and the registers they have. The codes are stored and shared: none is ever
//! given a new meaning.

use crate::codec::coded_enum;

coded_enum! {
    /// What an entry is.
    pub enum EntryKind: u8 {
        Account = 1 => "account",
        Key = 2 => "key",
        /// One version of a key's secret.
        Credential = 3 => "credential version",
        Consumer = 4 => "consumer",
        Vendor = 5 => "vendor",
        /// That somebody decided to live with a finding.
        Acceptance = 6 => "acceptance",
        Incident = 7 => "incident",
        /// A line of an incident's log.
        IncidentNote = 8 => "line of an incident",
    }
}

coded_enum! {
    /// One independently merged value of an entry.
    pub enum Register: u16 {
        Label = 1 => "label",
        Exchange = 2 => "exchange",
        /// The account entry a key belongs to.
        Account = 3 => "account",
        Environment = 4 => "environment",
        KeyType = 5 => "key type",
        Purpose = 6 => "purpose",
        Owner = 7 => "owner",
        /// Permissions as the person recorded them.
        Declared = 8 => "permissions declared",
        /// Permissions as the exchange reported them.
        Observed = 9 => "permissions observed",
        Allowlist = 10 => "allowlist",
        Expiry = 11 => "expiry",
        Rotation = 12 => "rotation policy",
        Consumers = 13 => "consumers",
        Tags = 14 => "tags",
        Notes = 15 => "notes",
        State = 16 => "state",
        Compromised = 17 => "compromised",
        Deleted = 18 => "deleted",
        /// When the key was made at the exchange.
        Created = 19 => "created",
        LastUsed = 20 => "last used",
        LastUsedAtExchange = 21 => "last used at the exchange",
        /// Everything the exchange said of the key but its permissions, and when.
        Observation = 22 => "what the exchange said",
        /// Of a key or a version of its secret: since when it is being ended at the exchange.
        Revoking = 23 => "revocation begun",

        SubAccount = 31 => "sub-account",
        Hygiene = 32 => "hygiene",

        /// The key entry a version of a secret belongs to.
        Key = 40 => "key",
        /// The secret itself: one sealed value.
        Material = 41 => "secret",
        /// Names of the fields inside the material, so that a list needs no secret opened.
        Fields = 42 => "fields",
        VersionState = 43 => "version state",
        Made = 44 => "made",
        /// Consumers that were given this version of the secret.
        Switched = 45 => "consumers switched",
        /// What this version may do, as it was looked at before it came into use.
        Vetted = 46 => "permissions of the version",

        ConsumerKind = 50 => "consumer kind",
        /// The vendor entry or name behind a consumer.
        Vendor = 51 => "vendor",
        /// Of consumers and vendors: when they had a breach.
        Breached = 52 => "breach",
        Host = 53 => "host",
        /// Answers to the checklist about a vendor.
        Checklist = 54 => "checklist",
        /// When a vendor is to be looked at again.
        Review = 55 => "next review",

        /// Which finding an acceptance is about.
        Finding = 60 => "finding",
        Accepted = 61 => "accepted",

        Playbook = 70 => "playbook",
        /// Whose keys an incident concerns, in words.
        About = 71 => "about",
        /// Keys of an incident, in the order in which to act.
        Affected = 72 => "keys",
        Closed = 73 => "closed",
        /// The incident that a line of a log belongs to.
        Incident = 74 => "incident",
        /// The key that a line of a log is about.
        Concerns = 75 => "concerns",
    }
}

impl Register {
    /// Whether its values are sealed one by one inside the database.
    pub fn is_sealed(self) -> bool {
        self == Self::Material
    }

    /// Whether entries of this kind have this register.
    pub fn belongs_to(self, kind: EntryKind) -> bool {
        use Register as R;
        let registers: &[Self] = match kind {
            EntryKind::Account => &[
                R::Label,
                R::Exchange,
                R::Environment,
                R::SubAccount,
                R::Hygiene,
                R::Notes,
                R::Deleted,
            ],
            EntryKind::Key => {
                return (1..=23).contains(&self.code());
            }
            EntryKind::Credential => &[
                R::Key,
                R::Material,
                R::Fields,
                R::VersionState,
                R::Made,
                R::Switched,
                R::Vetted,
                R::Revoking,
                R::Deleted,
            ],
            EntryKind::Consumer => &[
                R::Label,
                R::ConsumerKind,
                R::Vendor,
                R::Breached,
                R::Host,
                R::Notes,
                R::Deleted,
            ],
            EntryKind::Vendor => &[
                R::Label,
                R::Breached,
                R::Checklist,
                R::Review,
                R::Notes,
                R::Deleted,
            ],
            EntryKind::Acceptance => &[R::Finding, R::Accepted, R::Deleted],
            EntryKind::Incident => &[
                R::Label,
                R::Playbook,
                R::About,
                R::Made,
                R::Affected,
                R::Closed,
                R::Notes,
                R::Deleted,
            ],
            EntryKind::IncidentNote => &[
                R::Incident,
                R::Concerns,
                R::Made,
                R::Notes,
                R::Review,
                R::Deleted,
            ],
        };
        registers.contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_frozen_and_unique() {
        let mut codes: Vec<u16> = Register::ALL
            .iter()
            .map(|register| register.code())
            .collect();
        codes.dedup();
        assert_eq!(codes.len(), Register::ALL.len());
        for register in Register::ALL {
            assert_eq!(Register::from_code(register.code()), Some(*register));
        }
        assert_eq!(Register::Material.code(), 41);
        assert_eq!(Register::from_code(999), None);
        assert_eq!(EntryKind::from_code(3), Some(EntryKind::Credential));
    }

    /// A share stands in the order of the codes and is looked up in by the order of the registers.
    #[test]
    fn registers_stand_in_the_order_of_their_codes() {
        assert!(Register::ALL.is_sorted());
        assert!(Register::ALL.is_sorted_by_key(|register| register.code()));
    }

    #[test]
    fn only_credentials_hold_sealed_values() {
        for kind in EntryKind::ALL {
            let sealed = Register::ALL
                .iter()
                .any(|r| r.is_sealed() && r.belongs_to(*kind));
            assert_eq!(sealed, *kind == EntryKind::Credential);
        }
    }
}
