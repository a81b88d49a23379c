//! Events that make a key due for rotation at once: a person left, a vendor had a breach, a secret
//! may have leaked, a service was dropped.
//!
//! Nothing is stored for it. An event is read from records that are kept anyway (incidents,
//! consumers, vendors), so replicas that hold the same writes have the same dates. It holds until
//! the secret in use is newer than the event, or until the key is dead.
//!
//! Deliberately not here: reading the records, and keeping rows of the list at what they say.

use std::collections::BTreeMap;

use crate::codec::coded_enum;
use crate::consumer::ConsumerRecord;
use crate::expiry::{Due, DueCause};
use crate::ids::EntryId;
use crate::incident::IncidentRecord;
use crate::moment::UtcMs;
use crate::summary::KeySummary;
use crate::text::ConsumerName;
use crate::vendor::VendorRecord;

coded_enum! {
    /// What happened. The codes are stored in the reminder index.
    pub enum RotationEvent: u8 {
        PersonLeft = 1 => "a person who had it left",
        VendorBreached = 2 => "somebody who held it had a breach",
        SuspectedLeak = 3 => "it may have leaked",
        ServiceDropped = 4 => "a service that held it was dropped",
    }
}

/// Something that happened to a key, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyEvent {
    pub at: UtcMs,
    pub what: RotationEvent,
}

impl RotationEvent {
    /// What an incident by this playbook says of its keys. A playbook of a team's own may be about
    /// anything; that its keys may have leaked is the answer that costs least if it is wrong.
    fn of_playbook(id: &str) -> Self {
        match id {
            "person-left" => Self::PersonLeft,
            "vendor-breached" => Self::VendorBreached,
            "service-dropped" => Self::ServiceDropped,
            _ => Self::SuspectedLeak,
        }
    }
}

impl IncidentRecord {
    /// What it says of each of its keys. Closing an incident changes no secret, so a closed one
    /// says the same.
    pub fn event(&self) -> KeyEvent {
        KeyEvent {
            at: self.opened,
            what: RotationEvent::of_playbook(self.playbook.id.as_str()),
        }
    }
}

/// The events of a vault: which keys they concern, and whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    keys: BTreeMap<EntryId, Vec<KeyEvent>>,
    holders: BTreeMap<ConsumerName, Vec<KeyEvent>>,
}

impl Events {
    pub fn of<'a>(
        incidents: impl IntoIterator<Item = &'a IncidentRecord>,
        consumers: &BTreeMap<EntryId, ConsumerRecord>,
        vendors: &BTreeMap<EntryId, VendorRecord>,
    ) -> Self {
        let mut events = Self::default();
        for incident in incidents {
            for key in &incident.keys {
                events.keys.entry(*key).or_default().push(incident.event());
            }
        }
        for consumer in consumers.values() {
            let vendor = consumer.vendor_among(vendors);
            let breaches = [consumer.breached, vendor.and_then(|one| one.breached)];
            for at in breaches.into_iter().flatten() {
                let what = RotationEvent::VendorBreached;
                let of = events.holders.entry(consumer.name.clone()).or_default();
                of.push(KeyEvent { at, what });
            }
        }
        events
    }

    /// Whether any of them is about this key, old or not.
    pub fn concern(&self, row: &KeySummary) -> bool {
        let held = |name: &ConsumerName| self.holders.contains_key(name);
        self.keys.contains_key(&row.id) || row.consumers.iter().any(held)
    }

    /// A row with the date these events give it.
    #[must_use]
    pub fn apply(&self, row: KeySummary) -> KeySummary {
        let of_key = self.keys.get(&row.id).into_iter().flatten();
        let held = row.consumers.iter();
        let of_holders = held.filter_map(|name| self.holders.get(name)).flatten();
        let all: Vec<KeyEvent> = of_key.chain(of_holders).copied().collect();
        row.with_events(all)
    }
}

impl KeySummary {
    /// The row as it is after these events: due at the first that its secret does not postdate,
    /// unless it was due before that. It is never due later than without them.
    #[must_use]
    pub fn with_events(mut self, events: impl IntoIterator<Item = KeyEvent>) -> Self {
        if !self.state.has_due_dates() {
            return self;
        }
        let rotated = self.last_rotated;
        let first = events.into_iter().filter(|one| rotated <= one.at).min();
        let Some(event) = first else { return self };
        let due = Due {
            at: event.at,
            cause: DueCause::Event(event.what),
        };
        self.rotation = Some(match self.rotation {
            // What happened says more than a policy that was overdue by then.
            Some(policy) if matches!(policy.cause, DueCause::Rotation(_)) => Due {
                at: due.at.min(policy.at),
                ..due
            },
            // The key is being ended or is known to be lost: that is the next thing to be done,
            // and it is due since then.
            Some(pressing) => Due {
                at: due.at.min(pressing.at),
                ..pressing
            },
            None => due,
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_playbook_says_something_of_its_keys() {
        use RotationEvent as E;
        for (id, what) in [
            ("person-left", E::PersonLeft),
            ("vendor-breached", E::VendorBreached),
            ("service-dropped", E::ServiceDropped),
            ("key-leaked", E::SuspectedLeak),
            ("laptop-lost", E::SuspectedLeak),
            ("phished", E::SuspectedLeak),
            ("exchange-breached", E::SuspectedLeak),
            ("our-own", E::SuspectedLeak),
        ] {
            assert_eq!(E::of_playbook(id), what, "{id}");
        }
    }
}
