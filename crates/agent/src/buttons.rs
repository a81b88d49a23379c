//! What the buttons of a reminder do, and where a click on it leads.
//!
//! Not here: what is told (`reminding.rs`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use strongroom_domain::EntryId;
use strongroom_domain::remind::ReminderKind;

use crate::agent::Agent;
use crate::platform::{Chosen, Place, open_window};
use crate::session::Session;

/// The longest a button of a notification puts anything off.
const SNOOZE_HOURS: u32 = 24;

/// What was told of one vault.
pub(crate) type ToldOf = (PathBuf, Vec<(EntryId, ReminderKind)>);

/// What the buttons do. Anybody on the session bus can press them, so they do no more than this.
pub(crate) fn buttons(
    agent: Weak<Agent>,
    snoozes: Vec<ToldOf>,
) -> Arc<dyn Fn(Chosen) + Send + Sync> {
    Arc::new(move |chosen| match chosen {
        Chosen::Open => {
            let (vault, place) = place_of(&snoozes);
            open_window(vault, place);
        }
        Chosen::SnoozeOneDay => {
            let Some(agent) = agent.upgrade() else {
                return;
            };
            for (folder, told) in &snoozes {
                let keys: Vec<EntryId> = told.iter().map(|(key, _)| *key).collect();
                snooze(&agent, &agent.session(folder), &keys);
            }
        }
    })
}

/// A notice of one key leads to that key; of several in one vault, or of what is no key, to what is
/// due there.
fn place_of(told: &[ToldOf]) -> (Option<&Path>, Place) {
    match told {
        [(vault, keys)] => match keys.as_slice() {
            [(key, ReminderKind::Expiry | ReminderKind::Rotation)] => {
                (Some(vault), Place::Key(*key))
            }
            _ => (Some(vault), Place::WhatIsDue),
        },
        [] => (None, Place::Anywhere),
        _ => (None, Place::WhatIsDue),
    }
}

/// What has expired cannot be put off and stays as it is.
fn snooze(agent: &Agent, session: &Session, keys: &[EntryId]) {
    if let Some(mut guard) = session.peek() {
        for key in keys {
            let by = strongroom_vault::Client::Agent;
            let _ = guard.vault.snooze_reminder(*key, SNOOZE_HOURS, by);
        }
        guard.reminders_changed(agent);
        return;
    }
    for key in keys {
        let _ = session.snooze_locked(agent, std::slice::from_ref(key), SNOOZE_HOURS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_leads_to_the_one_key_or_to_what_is_due() {
        let (a, b) = (EntryId::from_bytes([1; 16]), EntryId::from_bytes([2; 16]));
        type Case<'a> = (&'a str, &'a [(EntryId, ReminderKind)]);
        let told = |vaults: &[Case<'_>]| -> Vec<ToldOf> {
            let one = |(vault, keys): &Case<'_>| ((*vault).into(), keys.to_vec());
            vaults.iter().map(one).collect()
        };
        let check = |vaults: &[Case<'_>], vault: Option<&str>, place: Place| {
            let told = told(vaults);
            assert_eq!(place_of(&told), (vault.map(Path::new), place));
        };
        use ReminderKind::{Backup, Expiry, Review, Rotation};
        let due = Place::WhatIsDue;
        check(&[("/v", &[(a, Expiry)])], Some("/v"), Place::Key(a));
        check(&[("/v", &[(a, Rotation), (b, Rotation)])], Some("/v"), due);
        check(&[("/v", &[(a, Expiry)]), ("/w", &[(b, Expiry)])], None, due);
        // A vendor and a vault have no page of a key.
        check(&[("/v", &[(a, Review)])], Some("/v"), due);
        check(&[("/v", &[(a, Backup)])], Some("/v"), due);
        check(&[], None, Place::Anywhere);
    }
}
