//! Exchanges that are asked by themselves, because the owner of a key wants that.
//!
//! Only while the vault is open, one key at a time with a pause between two, each no more often
//! than was wished (domain's `CheckSchedule`). While a vault is locked nothing here wakes anybody.
//! What fails stands on the key's page and nowhere else; what has changed at an exchange is told
//! once. Asking keeps no vault from locking itself.
//!
//! Deliberately not here: a check itself (`asking.rs`).

use std::collections::HashMap;
use std::sync::Arc;

use strongroom_domain::remind::RemindSettings;
use strongroom_domain::{CheckEnd, EntryId, Verb};
use strongroom_vault::{Client, Trust};
use strongroom_wire::{CheckOutcome, Checked, ErrorCode, Fault};

use crate::agent::Agent;
use crate::asking::{About, Asking, Ended, Right};
use crate::convert::{LocalTime, Told, Twin};
use crate::platform::{Chosen, Notice, Place, Topic, open_window};
use crate::session::{Opened, Session};

/// After an unlock the machine may still be looking for its network.
const AFTER_UNLOCK_MS: u64 = 60_000;
/// Between two keys.
const BETWEEN_MS: u64 = 30_000;
/// Where nothing could be sent it is tried again after an hour, then two, four … at most a day.
const RETRY_MS: u64 = 3_600_000;
const MOST_RETRY_MS: u64 = 24 * RETRY_MS;

/// What an open vault remembers of it; everything in monotonic time.
#[derive(Debug)]
pub(crate) struct Checks {
    not_before: u64,
    running: bool,
    /// Keys of which nothing could be asked: when to try again, and how often that was so.
    retries: HashMap<EntryId, (u64, u32)>,
}

impl Checks {
    pub(crate) fn of_vault_opened_at(mono_ms: u64) -> Self {
        Self {
            not_before: mono_ms + AFTER_UNLOCK_MS,
            running: false,
            retries: HashMap::new(),
        }
    }

    fn put_off(&mut self, key: EntryId, mono_ms: u64) {
        let (at, tries) = self.retries.entry(key).or_insert((0, 0));
        *at = mono_ms + (RETRY_MS << (*tries).min(5)).min(MOST_RETRY_MS);
        *tries += 1;
    }
}

/// Asks about the key that is due; says when to come again, in monotonic time.
pub(crate) fn check_some(
    agent: &Arc<Agent>,
    session: &Arc<Session>,
    opened: &mut Opened,
    mono: u64,
) -> Option<u64> {
    // Who ends tells the scheduler.
    if opened.checks.running || opened.vault.trust() != Trust::Verified {
        return None;
    }
    let schedules = opened.vault.check_schedules().ok()?;
    let now = agent.ports.clock.utc_ms();
    let due = schedules.into_iter().map(|(key, schedule)| {
        let at = u64::try_from(schedule.next(key).ms()).unwrap_or(0);
        let retry = opened.checks.retries.get(&key).map_or(0, |(at, _)| *at);
        let wait = at.saturating_sub(now);
        ((mono + wait).max(retry).max(opened.checks.not_before), key)
    });
    let (at, key) = due.min()?;
    if at > mono {
        return Some(at);
    }
    opened.checks.running = true;
    let locks = session.locks();
    let (asks, of) = (Arc::clone(agent), Arc::clone(session));
    let started = std::thread::Builder::new()
        .name("check".to_owned())
        .spawn(move || {
            let outcome = ask(&asks, &of, key);
            ended(&asks, &of, locks, key, outcome);
        });
    if started.is_err() {
        opened.checks.running = false;
        opened.checks.not_before = mono + RETRY_MS;
        return Some(opened.checks.not_before);
    }
    None
}

/// What a check by itself brought to light.
struct Found {
    label: String,
    checked: Checked,
    is_sent: bool,
    /// Rights beyond the record that the answer before did not tell of.
    new_excess: Vec<Verb>,
    remind: RemindSettings,
}

fn ask(agent: &Arc<Agent>, session: &Arc<Session>, key: EntryId) -> Result<Found, Fault> {
    let locked = || Fault::new(ErrorCode::Locked, "the vault is locked");
    let mut guard = session.peek().ok_or_else(locked)?;
    let plan = guard.vault.check_plan(key).map_err(Told::told)?;
    agent.pace.take(plan.host, agent.ports.clock.mono_ms())?;
    let view = guard.vault.show_key(key).map_err(Told::told)?;
    let before = match &view.record.observed {
        Some(observed) => guard.vault.excess_of(key, observed).map_err(Told::told)?,
        None => Vec::new(),
    };
    let remind = guard.vault.remind_settings().map_err(Told::told)?;
    let proxy = guard.settings.proxy.clone();
    drop(guard);
    let asking = Asking {
        agent,
        session: Arc::clone(session),
        key,
        right: Right::Schedule,
        about: About::InUse,
        by: Client::Agent,
        nonce: None,
        proxy,
        loopback: crate::asking::played(),
    };
    let Ended { checked, is_sent } = asking.run(&plan.calls, None)?;
    let excess = checked.excess.iter().map(|verb| Verb::from_wire(*verb));
    let new_excess = excess.filter(|verb| !before.contains(verb)).collect();
    Ok(Found {
        label: view.record.label.to_string(),
        checked,
        is_sent,
        new_excess,
        remind,
    })
}

fn ended(
    agent: &Arc<Agent>,
    session: &Arc<Session>,
    locks: u64,
    key: EntryId,
    outcome: Result<Found, Fault>,
) {
    let mono = agent.ports.clock.mono_ms();
    // A vault that was locked meanwhile, and perhaps opened again, knows nothing of this.
    if let Some(mut guard) = session.peek().filter(|_| session.locks() == locks) {
        guard.checks.running = false;
        guard.checks.not_before = mono + BETWEEN_MS;
        match &outcome {
            Ok(found) if found.checked.outcome == CheckOutcome::Answered => {
                guard.checks.retries.remove(&key);
            }
            Ok(found) if found.is_sent => {
                guard.checks.retries.remove(&key);
                let end = CheckEnd::from_wire(found.checked.outcome);
                if guard
                    .vault
                    .note_unanswered(key, end, Client::Agent)
                    .is_err()
                {
                    guard.checks.put_off(key, mono);
                }
            }
            // Nothing went out: the exchange was not asked, so its interval has not begun.
            Ok(_) | Err(_) => guard.checks.put_off(key, mono),
        }
        guard.reminders_changed(agent);
    }
    if let Ok(found) = outcome {
        tell(agent, session, key, &found);
    }
    agent.alarm.tell();
}

/// Tells once what has changed at an exchange. In quiet hours and where reminders are switched off
/// it stands on the key's page alone.
fn tell(agent: &Arc<Agent>, session: &Arc<Session>, key: EntryId, found: &Found) {
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let Some(notice) = notice_of(found).filter(|_| may_tell(&found.remind, &local)) else {
        return;
    };
    let folder = session.folder().to_owned();
    // The buttons hold nothing of the agent: all they do is to open a window.
    let chosen = move |chosen| {
        if let Chosen::Open = chosen {
            open_window(Some(&folder), Place::Key(key));
        }
    };
    let _unseen = agent.notifier.show(&notice, Arc::new(chosen));
}

fn may_tell(remind: &RemindSettings, local: &LocalTime) -> bool {
    let quiet = remind.quiet.is_some_and(|hours| hours.holds(local.clock()));
    remind.enabled && !quiet
}

/// Without names unless the person wants them: somebody else may see the screen.
fn notice_of(found: &Found) -> Option<Notice> {
    if found.checked.drift.is_empty() && found.new_excess.is_empty() {
        return None;
    }
    let mut lines = Vec::new();
    let summary = if found.remind.names {
        lines.extend(found.checked.drift.iter().cloned());
        let verbs: Vec<&str> = found.new_excess.iter().map(|verb| verb.name()).collect();
        if !verbs.is_empty() {
            lines.push(format!("More than was recorded: {}.", verbs.join(", ")));
        }
        format!("{} has changed at its exchange", found.label)
    } else {
        lines.push("Open Strongroom to see what an exchange says of it now.".to_owned());
        "1 exchange key has changed at its exchange".to_owned()
    };
    Some(Notice {
        topic: Topic::Exchange,
        summary,
        body: lines.join("\n"),
        urgent: !found.new_excess.is_empty(),
        can_snooze: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_sent_is_tried_again_less_and_less_often() {
        let mut checks = Checks::of_vault_opened_at(0);
        let key = EntryId::from_bytes([1; 16]);
        let hours = [1, 2, 4, 8, 16, 24, 24];
        for expected in hours {
            checks.put_off(key, 0);
            assert_eq!(checks.retries[&key].0, expected * RETRY_MS);
        }
    }

    fn found(drift: &[&str], new_excess: &[Verb], names: bool) -> Found {
        Found {
            label: "grid".to_owned(),
            checked: Checked {
                outcome: CheckOutcome::Answered,
                sentence: String::new(),
                remedy: String::new(),
                asked_ms: 0,
                clock_offset_ms: None,
                seen: None,
                drift: drift.iter().map(|one| (*one).to_owned()).collect(),
                excess: Vec::new(),
                steps: Vec::new(),
            },
            is_sent: true,
            new_excess: new_excess.to_vec(),
            remind: RemindSettings {
                names,
                ..RemindSettings::default()
            },
        }
    }

    #[test]
    fn only_what_changed_is_told_and_no_name_unless_it_is_wanted() {
        assert!(notice_of(&found(&[], &[], true)).is_none());
        let plain = notice_of(&found(&["It moved."], &[Verb::Withdraw], false)).expect("told");
        assert!(!plain.summary.contains("grid") && !plain.body.contains("withdraw"));
        assert!(plain.urgent);
        let named = notice_of(&found(&["It moved."], &[Verb::Withdraw], true)).expect("told");
        assert!(named.summary.contains("grid"), "{named:?}");
        assert_eq!(named.body, "It moved.\nMore than was recorded: withdraw.");
    }
}
