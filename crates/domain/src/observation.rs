//! What an exchange said of a key when it was asked, but for the permissions, which are a value of
//! their own (they count in the list).
//!
//! Deliberately not here: asking, and what to make of it.

use crate::allowlist::Allowlist;
use crate::codec::{Canonical, CodecError, Dec, Enc, Sure, array_of};
use crate::ids::EntryId;
use crate::merge::{Body, Replica, Write};
use crate::moment::UtcMs;
use crate::permission::{PermissionSet, Tri, Verb};
use crate::register::Register;
use crate::text::Line;
use crate::value::RegisterValue;

/// One answer. What it did not speak of is unknown or absent, never "no".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// When it came.
    pub at: UtcMs,
    /// Whether the key is held to an allowlist at all.
    pub restricted: Tri,
    /// The addresses, where the answer names all of them.
    pub allowlist: Allowlist,
    pub expires: Option<UtcMs>,
    pub created: Option<UtcMs>,
    pub last_used: Option<UtcMs>,
    /// What the key is called at the exchange.
    pub label: Option<Line>,
    /// The exchange's word, where it has switched the key off.
    pub stopped: Option<Line>,
}

impl Observation {
    /// In one clause.
    pub fn words(&self) -> String {
        let addresses = match (&self.allowlist, self.restricted) {
            (Allowlist::Listed(rules), _) if rules.len() == 1 => "1 address".to_owned(),
            (Allowlist::Listed(rules), _) => format!("{} addresses", rules.len()),
            (_, Tri::Yes) => "some addresses".to_owned(),
            (_, Tri::No) => "any address".to_owned(),
            (_, Tri::Unknown) => "addresses not told".to_owned(),
        };
        let date = |at: &UtcMs| at.timestamp().strftime("%Y-%m-%d").to_string();
        let end = self
            .expires
            .as_ref()
            .map(|end| format!(", ends {}", date(end)));
        let stopped = self.stopped.as_ref().map(|word| format!(", {word}"));
        [Some(addresses), end, stopped]
            .into_iter()
            .flatten()
            .collect()
    }

    /// What has changed since an earlier answer, a sentence each. What one of the two did not speak
    /// of is no change.
    pub fn drift(&self, before: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        match (before.restricted, self.restricted) {
            (Tri::Yes, Tri::No) => {
                changes.push("The allowlist is gone: any address may use the key.".to_owned());
            }
            (Tri::No, Tri::Yes) => changes.push("The key has an allowlist now.".to_owned()),
            _ => {}
        }
        if let (Allowlist::Listed(old), Allowlist::Listed(new)) =
            (&before.allowlist, &self.allowlist)
        {
            let added = new.iter().filter(|rule| !old.contains(rule)).count();
            let gone = old.iter().filter(|rule| !new.contains(rule)).count();
            if added > 0 {
                changes.push(format!("Addresses were added to the allowlist: {added}."));
            }
            if gone > 0 {
                changes.push(format!("Addresses were taken off the allowlist: {gone}."));
            }
        }
        let moved = |old: Option<UtcMs>, new: Option<UtcMs>| matches!((old, new), (Some(old), Some(new)) if old != new);
        if moved(before.expires, self.expires) {
            changes.push("The key ends on another day.".to_owned());
        }
        if moved(before.created, self.created) {
            changes.push(
                "The exchange tells another day on which it was made: it may be another key."
                    .to_owned(),
            );
        }
        if before.stopped.is_none() && self.stopped.is_some() {
            changes.push("The exchange has switched the key off.".to_owned());
        }
        changes
    }
}

impl PermissionSet {
    /// Rights that came or went since an earlier answer, a sentence each. What one of the two did
    /// not speak of is no change.
    pub fn drift(&self, before: &Self) -> Vec<String> {
        let moved = |verb: &Verb| match (before.get(*verb), self.get(*verb)) {
            (Tri::No, Tri::Yes) => {
                Some(format!("The key has a right it had not: {}.", verb.name()))
            }
            (Tri::Yes, Tri::No) => Some(format!("The key has lost a right: {}.", verb.name())),
            _ => None,
        };
        Verb::ALL.iter().filter_map(moved).collect()
    }
}

/// What changed at the exchange between the last two answers about a key, a sentence each: nothing
/// before there are two. An answer is one observation with the rights that stood then; answers
/// from before `since` were about the secret before this one.
pub fn last_drift(replica: &Replica, key: EntryId, since: UtcMs) -> Vec<String> {
    let value = |write: &Write| match &write.body {
        Body::Value(bytes) => RegisterValue::decode(write.kind, write.register, bytes).ok(),
        Body::Sealed { .. } | Body::Purged => None,
    };
    let answers: Vec<_> = replica
        .history(key, Register::Observation)
        .into_iter()
        .filter_map(|write| match value(write)? {
            RegisterValue::Observation(observation) => Some((write.hlc, observation)),
            _ => None,
        })
        .filter(|(hlc, _)| UtcMs::from_clock(hlc.wall_ms) >= since)
        .collect();
    let [.., (before, old), (after, new)] = answers.as_slice() else {
        return Vec::new();
    };
    // Rights are written only when they differ, just before the observation they belong to.
    let rights = |at| {
        let writes = replica.history(key, Register::Observed);
        let told = writes.into_iter().rev().find(|write| write.hlc <= at)?;
        match value(told)? {
            RegisterValue::Observed(rights) => rights,
            _ => None,
        }
    };
    let mut drift = match (rights(*before), rights(*after)) {
        (Some(old), Some(new)) => new.drift(&old),
        _ => Vec::new(),
    };
    drift.extend(new.drift(old));
    drift
}

impl Canonical for Observation {
    fn write_cbor(&self, out: &mut Enc) {
        out.array(8).map(drop).sure();
        self.at.write_cbor(out);
        self.restricted.write_cbor(out);
        self.allowlist.write_cbor(out);
        self.expires.write_cbor(out);
        self.created.write_cbor(out);
        self.last_used.write_cbor(out);
        self.label.write_cbor(out);
        self.stopped.write_cbor(out);
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        array_of(input, 8)?;
        Ok(Self {
            at: UtcMs::read_cbor(input)?,
            restricted: Tri::read_cbor(input)?,
            allowlist: Allowlist::read_cbor(input)?,
            expires: Option::read_cbor(input)?,
            created: Option::read_cbor(input)?,
            last_used: Option::read_cbor(input)?,
            label: Option::read_cbor(input)?,
            stopped: Option::read_cbor(input)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowlist::IpRule;

    fn seen(allowlist: Allowlist, restricted: Tri) -> Observation {
        Observation {
            at: UtcMs::EPOCH,
            restricted,
            allowlist,
            expires: None,
            created: None,
            last_used: None,
            label: None,
            stopped: None,
        }
    }

    fn listed(addresses: &[&str]) -> Observation {
        let rules = addresses
            .iter()
            .map(|address| IpRule::parse(address).expect("an address"));
        seen(Allowlist::listed(rules).expect("rules"), Tri::Yes)
    }

    #[test]
    fn what_changed_is_told_and_what_was_not_told_is_no_change() {
        let open = seen(Allowlist::Unrestricted, Tri::No);
        let silent = seen(Allowlist::Unknown, Tri::Unknown);
        let one = listed(&["203.0.113.7"]);
        let two = listed(&["203.0.113.7", "203.0.113.8"]);
        for (before, after, expected) in [
            (&one, &one, 0),
            (&one, &two, 1),
            (&two, &one, 1),
            (&one, &open, 1),
            (&open, &one, 1),
            (&one, &silent, 0),
            (&silent, &open, 0),
        ] {
            assert_eq!(after.drift(before).len(), expected, "{before:?} {after:?}");
        }
        let ended = Observation {
            expires: Some(UtcMs::EPOCH.plus_days(1)),
            stopped: Some(Line::parse("disabled").expect("a word")),
            ..open.clone()
        };
        assert_eq!(ended.drift(&open).len(), 1, "an end that is new is no move");
        assert_eq!(ended.words(), "any address, ends 1970-01-02, disabled");
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let full = Observation {
            expires: Some(UtcMs::EPOCH.plus_days(9)),
            label: Some(Line::parse("grid").expect("a line")),
            ..listed(&["203.0.113.7"])
        };
        assert_eq!(Observation::decode(&full.encode()), Ok(full));
    }
}
