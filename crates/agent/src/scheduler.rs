//! The one thread for whatever happens by itself: reminders, auto-lock, what is written behind,
//! automatic backups, exchanges to be asked, and locking for sleep and screen lock.
//!
//! It sleeps until the next of these, until the clock is set, or until it is told. Not here: when a
//! reminder is due (domain's `remind`), what a notification looks like (`platform`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::thread::JoinHandle;

use crate::agent::Agent;
use crate::checking::check_some;
use crate::platform::{Alarm, SessionEvent};
use crate::reminding::Reminding;
use crate::session::{Opened, Session};

/// What could not be written behind is tried again after so long.
const WRITE_RETRY_MS: u64 = 60_000;
/// An automatic backup waits until no command has come for so long.
const BACKUP_QUIET_MS: u64 = 30_000;
/// A backup that failed is tried again after so long.
const BACKUP_RETRY_MS: u64 = 3_600_000;

/// An event of the desktop session, and whom to tell when it has been dealt with.
pub(crate) type Event = (SessionEvent, Sender<()>);

/// The running thread.
pub(crate) struct Scheduler {
    thread: JoinHandle<()>,
    stopping: Arc<AtomicBool>,
    alarm: Arc<Alarm>,
}

impl Scheduler {
    /// Ends the thread and waits for it.
    pub(crate) fn stop(self) {
        self.stopping.store(true, Ordering::Release);
        self.alarm.tell();
        // A defect in it was told when it happened.
        let _ = self.thread.join();
    }
}

/// Starts the thread.
///
/// # Errors
/// The system gives none.
pub(crate) fn start(agent: &Arc<Agent>, events: Receiver<Event>) -> io::Result<Scheduler> {
    let stopping = Arc::new(AtomicBool::new(false));
    let alarm = Arc::clone(&agent.alarm);
    let ends = Arc::clone(&stopping);
    let agent = Arc::clone(agent);
    let thread = std::thread::Builder::new()
        .name("scheduler".to_owned())
        .spawn(move || {
            let mut scheduling = Scheduling::default();
            while !ends.load(Ordering::Acquire) {
                let next = scheduling.turn(&agent, &events);
                agent.alarm.wait(&*agent.ports.clock, next);
            }
        })?;
    Ok(Scheduler {
        thread,
        stopping,
        alarm,
    })
}

/// What the thread remembers between two turns.
#[derive(Default)]
pub(crate) struct Scheduling {
    reminding: Reminding,
    last_utc_ms: u64,
}

impl Scheduling {
    /// Does whatever is due now; says when to look again, in UTC milliseconds.
    pub(crate) fn turn(&mut self, agent: &Arc<Agent>, events: &Receiver<Event>) -> Option<u64> {
        for (event, done) in events.try_iter() {
            self.obey(agent, event);
            drop(done);
        }
        let now = agent.ports.clock.utc_ms();
        if now < self.last_utc_ms {
            self.reminding.look_at_all();
        }
        self.last_utc_ms = now;
        let reminders = self.reminding.turn(agent);
        let sessions = agent
            .all_sessions()
            .into_iter()
            .filter_map(|session| tend(agent, &session));
        sessions.chain(reminders).min()
    }

    fn obey(&mut self, agent: &Agent, event: SessionEvent) {
        for session in agent.all_sessions() {
            let Some(wanted) = session.peek().map(|guard| guard.settings.clone()) else {
                if event != SessionEvent::Awake {
                    // An unlock that is under way must not open the vault behind the lock screen.
                    session.lock(agent);
                }
                continue;
            };
            let lock = match event {
                SessionEvent::AboutToSleep => wanted.lock_on_suspend,
                SessionEvent::ScreenLocked => wanted.lock_on_screen_lock,
                SessionEvent::Awake => false,
            };
            if lock {
                session.lock(agent);
            }
        }
        if event == SessionEvent::Awake {
            // Time has passed and perhaps the time zone has changed.
            self.reminding.look_at_all();
        }
    }
}

/// Looks after one open vault; says when to come again, in UTC milliseconds.
fn tend(agent: &Arc<Agent>, session: &Arc<Session>) -> Option<u64> {
    let mut guard = session.peek()?;
    let mono = agent.ports.clock.mono_ms();
    let tried = guard.backup_tried_ms;
    if guard.auto_lock_at_mono_ms() <= mono {
        drop(guard);
        session.lock(agent);
        return None;
    }
    let opened = &mut *guard;
    opened.plans.forget_old(mono);
    opened.shares.forget_old(mono);
    let next_mono = [
        Some(opened.auto_lock_at_mono_ms()),
        opened.plans.next_end_mono_ms(),
        opened.shares.next_end_mono_ms(),
        write_behind(opened, mono),
        back_up(opened, mono),
        check_some(agent, session, opened, mono),
    ];
    if guard.backup_tried_ms != tried {
        // What became of it may be a reminder, or the end of one.
        guard.reminders_changed(agent);
    }
    let next = next_mono.into_iter().flatten().min()?;
    // Time has gone by meanwhile: a backup takes a while, and a machine may have slept in it.
    let wait = next.saturating_sub(agent.ports.clock.mono_ms());
    Some(agent.ports.clock.utc_ms().saturating_add(wait))
}

/// The anchor and the reminder index; when to come again, in monotonic time.
fn write_behind(opened: &mut Opened, mono: u64) -> Option<u64> {
    let reminders = match opened.vault.reminders_due_in_ms() {
        Some(0) if opened.vault.flush_reminders().is_err() => Some(mono + WRITE_RETRY_MS),
        Some(wait) if wait > 0 => Some(mono + wait),
        _ => None,
    };
    let anchor = match opened.vault.anchor_due_in_ms() {
        Some(0) => match opened.vault.flush_anchor() {
            Ok(()) => None,
            // A keyring that does not take it now may take it later.
            Err(_) => Some(mono + WRITE_RETRY_MS),
        },
        wait => wait.map(|wait| mono + wait),
    };
    [reminders, anchor].into_iter().flatten().min()
}

/// An automatic backup, once nobody is working; when to come again, in monotonic time.
fn back_up(opened: &mut Opened, mono: u64) -> Option<u64> {
    if let Some(tried) = opened.backup_tried_ms
        && mono < tried + BACKUP_RETRY_MS
    {
        return None;
    }
    if opened.vault.trust() != strongroom_vault::Trust::Verified
        || !opened.vault.backup_is_due().unwrap_or(false)
    {
        return None;
    }
    let quiet_at = opened.last_used_ms + BACKUP_QUIET_MS;
    if mono < quiet_at {
        return Some(quiet_at);
    }
    opened.backup_tried_ms = Some(mono);
    // How it went stands in the log and in the health of the backups.
    let _ = opened.vault.back_up();
    None
}
