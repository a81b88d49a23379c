//! Reminders of every known vault, open or locked, as one summary.
//!
//! A vault is looked at again only when its plan says so, when somebody changed something, or when
//! the clock went back. Not here: the plan itself (domain), the index (vault), the notification
//! service (platform).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use jiff::civil::Time;
use jiff::{Span, Timestamp};
use strongroom_domain::remind::{Plan, ReminderIndex, ReminderKind, Shown, plan, summary_text};
use strongroom_vault::{ReminderError, RemindersAbsent, Trust};

use crate::agent::Agent;
use crate::buttons::{ToldOf, buttons};
use crate::convert::LocalTime;
use crate::platform::{Notice, Topic};
use crate::session::{Opened, Session};

/// Where nothing could be shown or read, it is tried again after so long.
const RETRY_MS: u64 = 10 * 60 * 1000;
/// A keyring that opens together with the login is given this long before anything is said.
const LOGIN_MS: u64 = 60 * 1000;

/// What is known of each vault.
#[derive(Debug, Default)]
pub(crate) struct Reminding {
    vaults: HashMap<PathBuf, Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// When to look again; `None` before the first look.
    next: Option<Next>,
    /// The index as it should stand in a folder that cannot be written.
    unsaved: Option<ReminderIndex>,
    unreadable: Option<Unreadable>,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    At(u64),
    WhenTold,
}

/// There is no device secret here, so what is due is not known.
#[derive(Debug, Clone, Copy)]
struct Unreadable {
    tell_at: u64,
    told: bool,
}

/// What one vault has to say now.
struct Due {
    session: Arc<Session>,
    plan: Plan,
}

enum Look {
    Planned(Plan),
    NoDeviceSecret,
    /// Nothing to remind of until something changes.
    Nothing,
    /// It is busy; later.
    Later,
}

impl Reminding {
    /// Forgets when to look again, because the clock or the time zone changed.
    pub(crate) fn look_at_all(&mut self) {
        for known in self.vaults.values_mut() {
            known.next = None;
        }
    }

    /// Shows what is due in any vault; says when to look again, in UTC milliseconds.
    pub(crate) fn turn(&mut self, agent: &Arc<Agent>) -> Option<u64> {
        let local = LocalTime::at(agent.ports.clock.utc_ms());
        let now = agent.ports.clock.utc_ms();
        let mut due = Vec::new();
        let mut tell_unreadable = false;
        let mut has_looked = false;
        for session in known_sessions(agent) {
            let known = self.vaults.entry(session.folder().to_owned()).or_default();
            let told = session.is_to_be_looked_at();
            let waits = match known.next {
                None => false,
                Some(Next::At(at)) => now < at,
                Some(Next::WhenTold) => true,
            };
            if waits && !told {
                continue;
            }
            has_looked = true;
            match look(agent, &session, known, &local) {
                Look::Planned(plan) => {
                    known.unreadable = None;
                    known.next = Some(next_of(&plan));
                    if !plan.show.is_empty() {
                        due.push(Due { session, plan });
                    }
                }
                Look::NoDeviceSecret => {
                    tell_unreadable |= known.note_unreadable(&local, now);
                }
                Look::Nothing => known.next = Some(Next::WhenTold),
                Look::Later => known.next = Some(Next::At(now + RETRY_MS)),
            }
        }
        if !due.is_empty() {
            self.tell(agent, due, &local, now);
        } else if tell_unreadable {
            show_unreadable(agent);
        }
        if has_looked {
            // Index and plan of a large vault are megabytes for a moment.
            crate::memory::give_back();
        }
        let times = self.vaults.values().filter_map(|known| match known.next {
            Some(Next::At(at)) => Some(at),
            _ => None,
        });
        times.min()
    }

    /// One notification for all vaults; what was shown is then written down in each.
    fn tell(&mut self, agent: &Arc<Agent>, due: Vec<Due>, local: &LocalTime, now: u64) {
        let snoozes: Vec<ToldOf> = due
            .iter()
            .map(|one| {
                let told = one.plan.show.iter().map(|shown| (shown.key, shown.kind));
                (one.session.folder().to_owned(), told.collect())
            })
            .collect();
        let shown = agent
            .notifier
            .show(&notice(&due), buttons(Arc::downgrade(agent), snoozes));
        for Due { session, .. } in due {
            let known = self.vaults.entry(session.folder().to_owned()).or_default();
            known.next = Some(if shown.is_ok() {
                write_down(agent, &session, known, local, now)
            } else {
                Next::At(now + RETRY_MS)
            });
        }
    }
}

impl Known {
    /// Whether to say now that nothing can be said.
    fn note_unreadable(&mut self, local: &LocalTime, now: u64) -> bool {
        let unreadable = self.unreadable.get_or_insert_with(|| Unreadable {
            tell_at: nine_o_clock(local, 0).max(now + LOGIN_MS),
            told: false,
        });
        let tell = !unreadable.told && unreadable.tell_at <= now;
        unreadable.told |= tell;
        // Looked at again every day, in case a keyring was opened meanwhile.
        self.next = Some(Next::At(if unreadable.told {
            nine_o_clock(local, 1)
        } else {
            unreadable.tell_at
        }));
        tell
    }
}

/// Vaults that are open or were opened here before.
fn known_sessions(agent: &Agent) -> Vec<Arc<Session>> {
    let mut sessions = agent.all_sessions();
    for folder in agent.folders.known_vaults() {
        let session = agent.session(&folder);
        if !sessions.iter().any(|known| Arc::ptr_eq(known, &session)) {
            sessions.push(session);
        }
    }
    sessions
}

fn look(agent: &Agent, session: &Session, known: &mut Known, local: &LocalTime) -> Look {
    if let Some(mut guard) = session.peek() {
        known.unsaved = None;
        return match guard.vault.trust() {
            // The end of the verification tells.
            Trust::ListOnly | Trust::Broken => Look::Nothing,
            _ => match plan_of_open(&mut guard, local) {
                Ok(plan) => Look::Planned(plan),
                Err(_) => Look::Later,
            },
        };
    }
    match read_index(agent, session, known) {
        Ok(index) => Look::Planned(plan_of(&index, local)),
        Err(look) => look,
    }
}

/// Stale backups are not told of while the vault is about to make one by itself. When it has been
/// tried, the scheduler looks again.
fn plan_of_open(opened: &mut Opened, local: &LocalTime) -> Result<Plan, ReminderError> {
    let mut plan = opened.vault.plan_reminders(local.zone())?;
    if opened.will_try_backup() {
        plan.show.retain(|shown| shown.kind != ReminderKind::Backup);
    }
    Ok(plan)
}

fn plan_of(index: &ReminderIndex, local: &LocalTime) -> Plan {
    plan(
        index.reminders(),
        &index.settings,
        local.zone(),
        local.now(),
    )
}

fn read_index(agent: &Agent, session: &Session, known: &Known) -> Result<ReminderIndex, Look> {
    if let Some(index) = &known.unsaved {
        return Ok(index.clone());
    }
    let locked = match session.locked(agent) {
        Ok(locked) => locked,
        Err(fault) if fault.code == strongroom_wire::ErrorCode::Busy => return Err(Look::Later),
        Err(_) => return Err(Look::Nothing),
    };
    locked.reminders().map_err(|absent| match absent {
        // Every vault that was opened here has an index. One that is gone or does not open leaves
        // a locked vault dumb, and that must be noticed as the missing device secret is.
        RemindersAbsent::NoDeviceSecret(_)
        | RemindersAbsent::NoIndex
        | RemindersAbsent::Damaged => Look::NoDeviceSecret,
        RemindersAbsent::File(_) => Look::Later,
    })
}

/// Notes in the vault or its index that what is due now was told; says when to look again.
fn write_down(
    agent: &Agent,
    session: &Session,
    known: &mut Known,
    local: &LocalTime,
    now: u64,
) -> Next {
    let _nobody_unlocks = session.pending();
    session.forget_glance();
    if let Some(mut guard) = session.peek() {
        return match plan_of_open(&mut guard, local) {
            Ok(plan) => {
                // In memory it is noted even where the folder cannot be written.
                let _ = guard.vault.reminders_told(&plan);
                next_of(&plan)
            }
            Err(_) => Next::At(now + RETRY_MS),
        };
    }
    let Ok(mut index) = read_index(agent, session, known) else {
        return Next::At(now + RETRY_MS);
    };
    let plan = plan_of(&index, local);
    plan.record(index.reminders_mut());
    let saved = session
        .locked(agent)
        .is_ok_and(|locked| locked.save_reminders(&index).is_ok());
    known.unsaved = (!saved).then_some(index);
    next_of(&plan)
}

fn next_of(plan: &Plan) -> Next {
    match plan.next {
        Some(at) => Next::At(u64::try_from(at.ms()).unwrap_or(0)),
        None => Next::WhenTold,
    }
}

fn notice(due: &[Due]) -> Notice {
    let mut lines = Vec::new();
    let mut urgent = false;
    for one in due {
        if let Some(text) = summary_text(&one.plan) {
            lines.push(text.title);
            lines.extend(text.body.lines().map(str::to_owned));
        }
        let is_urgent = |shown: &Shown| shown.kind != ReminderKind::Backup && shown.days_left <= 1;
        urgent |= one.plan.show.iter().any(is_urgent);
    }
    let summary = if lines.is_empty() {
        String::new()
    } else {
        lines.remove(0)
    };
    Notice {
        topic: Topic::Due,
        summary,
        body: lines.join("\n"),
        urgent,
        can_snooze: true,
    }
}

fn show_unreadable(agent: &Agent) {
    let notice = Notice {
        topic: Topic::Due,
        summary: "Unlock Strongroom to see what is due".to_owned(),
        body: "The keyring is closed, so reminders cannot be read.".to_owned(),
        urgent: false,
        can_snooze: false,
    };
    // It is shown once; where it cannot be shown, nobody is there to read it.
    let _ = agent
        .notifier
        .show(&notice, buttons(Weak::new(), Vec::new()));
}

/// Nine in the morning, local time, so many days from today, in UTC milliseconds.
fn nine_o_clock(local: &LocalTime, days: i64) -> u64 {
    let now = Timestamp::from_millisecond(local.now().ms()).unwrap_or(Timestamp::MAX);
    let today = local.zone().to_datetime(now).date();
    let day = today.checked_add(Span::new().days(days)).unwrap_or(today);
    let at = day.to_datetime(Time::constant(9, 0, 0, 0));
    local
        .zone()
        .to_ambiguous_timestamp(at)
        .compatible()
        .ok()
        .and_then(|at| u64::try_from(at.as_millisecond()).ok())
        .unwrap_or(0)
}
