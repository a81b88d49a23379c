//! What changed at the exchange between two of its answers about one key.
//!
//! Deliberately not here: asking, and comparing with what the person declared (`excess.rs`).

use crate::allowlist::Allowlist;
use crate::hlc::Hlc;
use crate::ids::EntryId;
use crate::merge::{Body, Replica};
use crate::moment::UtcMs;
use crate::observation::Observation;
use crate::permission::{PermissionSet, Tri, Verb};
use crate::register::Register;
use crate::text::Line;
use crate::value::RegisterValue;

/// One change. What one of the two answers did not speak of is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    Gained(Verb),
    Lost(Verb),
    /// The exchange names permissions it did not name before, and no verb was gained by them.
    NewWords(Vec<Line>),
    AllowlistGone,
    AllowlistNew,
    AddressesAdded(usize),
    AddressesGone(usize),
    EndMoved,
    /// The day on which it was made is another: it may be another key.
    MadeMoved,
    SwitchedOff,
}

impl Drift {
    /// Whether the key may do more than before, or somebody else may use it.
    pub fn loosens(&self) -> bool {
        match self {
            Self::Gained(_)
            | Self::NewWords(_)
            | Self::AllowlistGone
            | Self::AddressesAdded(_)
            | Self::MadeMoved => true,
            Self::Lost(_)
            | Self::AllowlistNew
            | Self::AddressesGone(_)
            | Self::EndMoved
            | Self::SwitchedOff => false,
        }
    }

    /// One sentence.
    pub fn words(&self) -> String {
        match self {
            Self::Gained(verb) => format!("The key has a right it had not: {}.", verb.name()),
            Self::Lost(verb) => format!("The key has lost a right: {}.", verb.name()),
            Self::NewWords(words) => {
                let words: Vec<&str> = words.iter().map(Line::as_str).collect();
                format!(
                    "The exchange names a permission it did not name before: {}.",
                    words.join(", ")
                )
            }
            Self::AllowlistGone => "The allowlist is gone: any address may use the key.".to_owned(),
            Self::AllowlistNew => "The key has an allowlist now.".to_owned(),
            Self::AddressesAdded(count) => {
                format!("Addresses were added to the allowlist: {count}.")
            }
            Self::AddressesGone(count) => {
                format!("Addresses were taken off the allowlist: {count}.")
            }
            Self::EndMoved => "The key ends on another day.".to_owned(),
            Self::MadeMoved => "The exchange tells another day on which it was made: it may be \
                                another key."
                .to_owned(),
            Self::SwitchedOff => "The exchange has switched the key off.".to_owned(),
        }
    }
}

/// One answer as it is kept: in two registers, the permissions apart.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub permissions: Option<&'a PermissionSet>,
    pub observation: Option<&'a Observation>,
}

/// What changed from one answer to the next.
pub fn drift(before: Answer<'_>, now: Answer<'_>) -> Vec<Drift> {
    let mut changes = Vec::new();
    if let (Some(before), Some(now)) = (before.permissions, now.permissions) {
        rights(before, now, &mut changes);
    }
    if let (Some(before), Some(now)) = (before.observation, now.observation) {
        circumstances(before, now, &mut changes);
    }
    changes
}

fn rights(before: &PermissionSet, now: &PermissionSet, changes: &mut Vec<Drift>) {
    let moved = |verb: &Verb| match (before.get(*verb), now.get(*verb)) {
        (Tri::No, Tri::Yes) => Some(Drift::Gained(*verb)),
        (Tri::Yes, Tri::No) => Some(Drift::Lost(*verb)),
        _ => None,
    };
    changes.extend(Verb::ALL.iter().filter_map(moved));
    let is_gained = changes
        .iter()
        .any(|change| matches!(change, Drift::Gained(_)));
    if before.native().is_empty() || is_gained {
        return;
    }
    let new = now
        .native()
        .iter()
        .filter(|word| !before.native().contains(word));
    let new: Vec<Line> = new.cloned().collect();
    if !new.is_empty() {
        changes.push(Drift::NewWords(new));
    }
}

fn circumstances(before: &Observation, now: &Observation, changes: &mut Vec<Drift>) {
    match (before.restricted, now.restricted) {
        (Tri::Yes, Tri::No) => changes.push(Drift::AllowlistGone),
        (Tri::No, Tri::Yes) => changes.push(Drift::AllowlistNew),
        _ => {}
    }
    if let (Allowlist::Listed(old), Allowlist::Listed(new)) = (&before.allowlist, &now.allowlist) {
        let added = new.iter().filter(|rule| !old.contains(rule)).count();
        let gone = old.iter().filter(|rule| !new.contains(rule)).count();
        if added > 0 {
            changes.push(Drift::AddressesAdded(added));
        }
        if gone > 0 {
            changes.push(Drift::AddressesGone(gone));
        }
    }
    let moved = |old: Option<UtcMs>, new: Option<UtcMs>| matches!((old, new), (Some(old), Some(new)) if old != new);
    if moved(before.expires, now.expires) {
        changes.push(Drift::EndMoved);
    }
    if moved(before.created, now.created) {
        changes.push(Drift::MadeMoved);
    }
    if before.stopped.is_none() && now.stopped.is_some() {
        changes.push(Drift::SwitchedOff);
    }
}

/// What changed between the last two answers about a key; nothing where there were not two. Answers
/// from before `since` were about the secret before this one.
///
/// The replica holds the writes of the key.
pub fn last_drift(replica: &Replica, key: EntryId, since: UtcMs) -> Vec<Drift> {
    let mut answers = values(replica, key, Register::Observation);
    answers.retain(|(told, _)| UtcMs::from_clock(told.wall_ms) >= since);
    let [.., before, now] = answers.as_slice() else {
        return Vec::new();
    };
    let rights = values(replica, key, Register::Observed);
    drift(answer(before, &rights), answer(now, &rights))
}

type Told = (Hlc, RegisterValue);

/// An answer writes its permissions before the rest, and none where they are as before.
fn answer<'a>((at, value): &'a Told, rights: &'a [Told]) -> Answer<'a> {
    let held = rights.iter().rfind(|(told, _)| told <= at);
    Answer {
        permissions: match held {
            Some((_, RegisterValue::Observed(permissions))) => permissions.as_ref(),
            _ => None,
        },
        observation: match value {
            RegisterValue::Observation(observation) => Some(observation),
            _ => None,
        },
    }
}

/// Every value of a register that can be read, oldest first.
fn values(replica: &Replica, key: EntryId, register: Register) -> Vec<Told> {
    let writes = replica.history(key, register).into_iter();
    let read = writes.filter_map(|write| match &write.body {
        Body::Value(bytes) => {
            let value = RegisterValue::decode(write.kind, register, bytes).ok()?;
            Some((write.hlc, value))
        }
        Body::Sealed { .. } | Body::Purged => None,
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowlist::IpRule;
    use crate::merge::Write;

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

    fn told(before: &Observation, now: &Observation) -> Vec<Drift> {
        let of = |observation| Answer {
            permissions: None,
            observation: Some(observation),
        };
        drift(of(before), of(now))
    }

    #[test]
    fn what_changed_is_told_and_what_was_not_told_is_no_change() {
        let open = seen(Allowlist::Unrestricted, Tri::No);
        let silent = seen(Allowlist::Unknown, Tri::Unknown);
        let one = listed(&["203.0.113.7"]);
        let two = listed(&["203.0.113.7", "203.0.113.8"]);
        let ended = Observation {
            expires: Some(UtcMs::EPOCH.plus_days(1)),
            stopped: Some(Line::parse("disabled").expect("a word")),
            ..open.clone()
        };
        let later = Observation {
            expires: Some(UtcMs::EPOCH.plus_days(2)),
            ..ended.clone()
        };
        for (before, now, expected) in [
            (&one, &one, vec![]),
            (&one, &two, vec![Drift::AddressesAdded(1)]),
            (&two, &one, vec![Drift::AddressesGone(1)]),
            (&one, &open, vec![Drift::AllowlistGone]),
            (&open, &one, vec![Drift::AllowlistNew]),
            (&one, &silent, vec![]),
            (&silent, &open, vec![]),
            // An end that is told for the first time has not moved.
            (&open, &ended, vec![Drift::SwitchedOff]),
            (&ended, &later, vec![Drift::EndMoved]),
        ] {
            assert_eq!(told(before, now), expected, "{before:?} {now:?}");
        }
    }

    #[test]
    fn rights_that_came_went_or_have_a_name_nobody_gave_before_are_told() {
        let line = |word| Line::parse(word).expect("a line");
        let none = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
        let reads = none.clone().with_native([line("read")]);
        let trades = none.clone().with(Verb::Spot, Tri::Yes);
        let trades = trades.with_native([line("read"), line("trade")]);
        let odd = PermissionSet::unknown().with(Verb::Read, Tri::Yes);
        let odd = odd.with_native([line("read"), line("sweep")]);
        let told = |before, now| {
            let of = |permissions| Answer {
                permissions: Some(permissions),
                observation: None,
            };
            drift(of(before), of(now))
        };
        assert_eq!(told(&reads, &trades), [Drift::Gained(Verb::Spot)]);
        assert_eq!(told(&trades, &reads), [Drift::Lost(Verb::Spot)]);
        // No verb went from no to yes, and yet the key may do more.
        let swept = told(&reads, &odd);
        assert_eq!(swept, [Drift::NewWords(vec![line("sweep")])]);
        assert!(swept[0].loosens() && swept[0].words().ends_with(": sweep."));
        // What was recorded without the exchange's words says nothing of them.
        assert_eq!(told(&none, &reads), []);
        assert_eq!(told(&reads, &PermissionSet::unknown()), []);
    }

    #[test]
    fn the_last_two_answers_are_found_among_the_writes_of_a_key() {
        use RegisterValue as V;
        let reads = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
        let trades = reads.clone().with(Verb::Spot, Tri::Yes);
        let key = EntryId::from_bytes([1; 16]);
        let one = listed(&["203.0.113.7"]);
        let open = seen(Allowlist::Unrestricted, Tri::No);
        let mut writes = vec![
            Write::example(1, 10, &V::Observed(Some(reads.clone()))),
            Write::example(2, 11, &V::Observation(one.clone())),
        ];
        let found = |writes: &[Write]| {
            last_drift(&Replica::from_writes(writes.to_vec()), key, UtcMs::EPOCH)
        };
        assert_eq!(found(&writes), []);
        writes.push(Write::example(3, 20, &V::Observed(Some(trades))));
        writes.push(Write::example(4, 21, &V::Observation(open.clone())));
        let both = [Drift::Gained(Verb::Spot), Drift::AllowlistGone];
        assert_eq!(found(&writes), both);
        // The same answer again: nothing moved since the last one.
        let again = Observation {
            at: UtcMs::EPOCH.plus_days(1),
            ..open
        };
        writes.push(Write::example(5, 31, &V::Observation(again)));
        assert_eq!(found(&writes), []);
    }
}
