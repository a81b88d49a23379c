//! One vault's session: whether it is open, who is making or opening it, and what is bound to a
//! connection.
//!
//! Three locks, always taken in this order: `pending` (making and opening, held during Argon2id),
//! `turnstile` (fairness), `open` (the vault itself). Status takes the last two only, so that it
//! answers while somebody unlocks.
//!
//! Not here: what a command does with the open vault.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use strongroom_domain::{EntryId, UtcMs};
use strongroom_vault::{
    ContactId, Enrolment, FileError, Home, ImportPlan, Left, LockedVault, OpenVault, RotateRow,
    Settings, ShareOffer, SharePlan, StepUp, TotpReset, Trust,
};
use strongroom_wire::{ErrorCode, Fault};

use crate::agent::Agent;
use crate::checking::Checks;
use crate::convert::Told;
use crate::plans::Plans;

/// Rows verified in one go: a few milliseconds, so that the list is served in between.
const ROWS_A_SLICE: usize = 1024;
/// How long a command waits for the verification that follows an unlock.
const VERIFICATION: Duration = Duration::from_secs(120);

pub(crate) struct Session {
    folder: PathBuf,
    /// The folder as it was opened last, and when its lock is free again.
    home: Mutex<Option<(Weak<Home>, Left)>>,
    pending: Mutex<Pending>,
    /// Whoever wants the vault queues here first; without it the verification, which takes the
    /// vault again and again, would never let anybody else have it.
    turnstile: Mutex<()>,
    open: Mutex<Option<Opened>>,
    verified: Condvar,
    /// What is due may have changed: the scheduler looks again.
    look_again: AtomicBool,
    locks: AtomicU64,
    /// What the status said last of reminders: counting them all takes longer than the rest of it.
    glance: Mutex<Option<Glance>>,
}

/// What a status tells of reminders, as counted at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glance {
    pub(crate) counted_ms: u64,
    pub(crate) due: u32,
    pub(crate) overdue: u32,
    pub(crate) next_ms: Option<i64>,
}

/// A count is believed for so long; any change of the vault ends it sooner.
const GLANCE_MS: u64 = 60_000;

/// What may be begun by one client at a time.
#[derive(Default)]
pub(crate) struct Pending {
    /// The enrolment of a new vault, bound to the connection that began it.
    pub(crate) enrolment: Option<(u64, Enrolment)>,
}

/// The open vault and what ends with it.
pub(crate) struct Opened {
    pub(crate) vault: OpenVault,
    /// The verification could not read the file to its end.
    pub(crate) unreadable: bool,
    /// Monotonic time of the last command of a client.
    pub(crate) last_used_ms: u64,
    /// Step-ups that still hold, by connection.
    pub(crate) graces: HashMap<u64, StepUp>,
    pub(crate) totp_resets: HashMap<u64, TotpReset>,
    pub(crate) plans: Plans<ImportPlan>,
    /// Shares that were opened and not merged yet.
    pub(crate) shares: Plans<SharePlan>,
    /// What each connection was last told in pages.
    pub(crate) told: HashMap<u64, LastTold>,
    /// As last read; read anew after the verification and after a change.
    pub(crate) settings: Settings,
    /// Exchanges that are asked by themselves.
    pub(crate) checks: Checks,
    /// Monotonic time of the last automatic backup that was tried.
    pub(crate) backup_tried_ms: Option<u64>,
}

/// A long list whose further pages are of one moment: to make each anew would read the whole vault.
pub(crate) enum LastTold {
    Offer(Box<(strongroom_wire::ShareAsk, ShareOffer)>),
    Rotate(ContactId, Vec<RotateRow>),
}

impl Opened {
    /// When the vault locks itself unless another command comes, in monotonic time.
    pub(crate) fn auto_lock_at_mono_ms(&self) -> u64 {
        self.last_used_ms
            .saturating_add(u64::from(self.settings.auto_lock_minutes) * 60_000)
    }

    /// Whether a backup is due that was not tried since the unlock: it comes once nobody is working.
    pub(crate) fn will_try_backup(&self) -> bool {
        self.backup_tried_ms.is_none()
            && self.vault.trust() == Trust::Verified
            && self.vault.backup_is_due().unwrap_or(false)
    }
}

/// The vault, held.
pub(crate) struct Guard<'a> {
    session: &'a Session,
    open: MutexGuard<'a, Option<Opened>>,
}

impl Guard<'_> {
    /// A command changed what may be due, or what is still to be written behind.
    pub(crate) fn reminders_changed(&self, agent: &Agent) {
        self.session.look_again(agent);
    }

    /// A command changed a setting that the agent obeys.
    pub(crate) fn settings_changed(&mut self, agent: &Agent) {
        self.settings = self.vault.settings();
        self.session.look_again(agent);
    }
}

impl Deref for Guard<'_> {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        self.open
            .as_ref()
            .expect("a guard is made of an open vault")
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut Opened {
        self.open
            .as_mut()
            .expect("a guard is made of an open vault")
    }
}

impl Session {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            home: Mutex::default(),
            pending: Mutex::default(),
            turnstile: Mutex::default(),
            open: Mutex::default(),
            verified: Condvar::new(),
            look_again: AtomicBool::new(true),
            locks: AtomicU64::new(0),
            glance: Mutex::default(),
        }
    }

    /// How often this vault was locked; an unlock that was overtaken by one does not open it.
    pub(crate) fn locks(&self) -> u64 {
        self.locks.load(Ordering::Acquire)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder with its lock held, shared by everything in this process that looks at it.
    pub(crate) fn home(&self) -> Result<Arc<Home>, FileError> {
        self.home_by(Home::open)
    }

    /// Like [`Session::home`], for a folder in which a vault is about to be made.
    pub(crate) fn new_home(&self) -> Result<Arc<Home>, FileError> {
        self.home_by(Home::make)
    }

    fn home_by(
        &self,
        open: impl FnOnce(&Path) -> Result<Arc<Home>, FileError>,
    ) -> Result<Arc<Home>, FileError> {
        let mut known = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((home, left)) = &*known {
            if let Some(home) = home.upgrade() {
                return Ok(home);
            }
            // Whoever had it last may not have given the lock back yet, and it is ourselves who
            // would be taken for another program.
            left.wait();
        }
        let home = open(&self.folder)?;
        *known = Some((Arc::downgrade(&home), home.left()));
        Ok(home)
    }

    /// The locked side of the vault.
    pub(crate) fn locked(&self, agent: &Agent) -> Result<LockedVault, Fault> {
        if !self.folder.is_dir() {
            return Err(no_vault());
        }
        let home = self.home().map_err(Told::told)?;
        LockedVault::open(home, agent.ports.clone(), agent.places.clone()).map_err(Told::told)
    }

    /// Held by whoever makes, opens or replaces the vault, one at a time.
    pub(crate) fn pending(&self) -> MutexGuard<'_, Pending> {
        // A panic while something was pending leaves nothing half done: it was in memory only.
        self.pending.lock().unwrap_or_else(|poisoned| {
            let mut pending = poisoned.into_inner();
            *pending = Pending::default();
            self.pending.clear_poison();
            pending
        })
    }

    /// The open vault if there is one, whatever is known of it.
    pub(crate) fn peek(&self) -> Option<Guard<'_>> {
        let queued = self
            .turnstile
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let open = self.open_now();
        drop(queued);
        open.is_some().then_some(Guard {
            session: self,
            open,
        })
    }

    /// The open vault for a client's command, whose idle time begins anew.
    ///
    /// # Errors
    /// `Locked`, or `NoVault` if there is none to unlock.
    pub(crate) fn open(&self, agent: &Agent) -> Result<Guard<'_>, Fault> {
        let Some(mut guard) = self.peek() else {
            return Err(self.not_open(agent));
        };
        guard.last_used_ms = agent.ports.clock.mono_ms();
        Ok(guard)
    }

    /// Like [`Session::open`], after the verification that follows an unlock has ended.
    ///
    /// # Errors
    /// `Locked`, `NoVault`; `Verifying` if it takes too long; `Corrupt` if it failed.
    pub(crate) fn open_verified(&self, agent: &Agent) -> Result<Guard<'_>, Fault> {
        let until = Instant::now() + VERIFICATION;
        let mut guard = self.open(agent)?;
        while guard.vault.trust() == Trust::ListOnly {
            if guard.unreadable {
                return Err(Fault::new(
                    ErrorCode::Corrupt,
                    "the vault's file cannot be read to its end; lock the vault, look after the \
                     disk, then unlock again or restore a backup",
                ));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::new(
                    ErrorCode::Verifying,
                    "the vault is still being verified; try again in a moment",
                ));
            }
            let waited = self.verified.wait_timeout(guard.open, left);
            let open = waited.map_or_else(|poisoned| poisoned.into_inner().0, |(open, _)| open);
            if open.is_none() {
                return Err(self.not_open(agent));
            }
            guard = Guard {
                session: self,
                open,
            };
        }
        if guard.vault.trust() == Trust::Broken {
            return Err(Fault::new(
                ErrorCode::Corrupt,
                "the vault does not verify, so nothing of it is shown; lock it, then restore a \
                 backup",
            ));
        }
        Ok(guard)
    }

    /// Takes a vault that was just opened or made, and starts its verification.
    pub(crate) fn opened(self: &Arc<Self>, agent: &Agent, vault: OpenVault) {
        let unverified = vault.trust() == Trust::ListOnly;
        let settings = vault.settings();
        let mut open = self.open_now();
        *open = Some(Opened {
            vault,
            unreadable: false,
            last_used_ms: agent.ports.clock.mono_ms(),
            graces: HashMap::new(),
            totp_resets: HashMap::new(),
            plans: Plans::default(),
            shares: Plans::default(),
            told: HashMap::new(),
            settings,
            checks: Checks::of_vault_opened_at(agent.ports.clock.mono_ms()),
            backup_tried_ms: None,
        });
        drop(open);
        agent.events.look_again();
        // A registry that cannot be written costs reminders before the next unlock, no more.
        let _ = agent.folders.remember_vault(&self.folder);
        if unverified {
            let session = Arc::clone(self);
            let alarm = Arc::clone(&agent.alarm);
            let started = std::thread::Builder::new()
                .name("verification".to_owned())
                .spawn(move || {
                    session.verify();
                    session.forget_glance();
                    session.look_again.store(true, Ordering::Release);
                    alarm.tell();
                });
            if started.is_err() {
                self.verify();
            }
        }
        self.look_again(agent);
    }

    /// Has the scheduler look at this vault again.
    pub(crate) fn look_again(&self, agent: &Agent) {
        self.forget_glance();
        self.look_again.store(true, Ordering::Release);
        agent.alarm.tell();
    }

    /// The count of a moment ago, unless something changed or the clock jumped since.
    pub(crate) fn glance(&self, now_ms: u64) -> Option<Glance> {
        self.glance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .filter(|glance| now_ms.abs_diff(glance.counted_ms) < GLANCE_MS)
    }

    pub(crate) fn keep_glance(&self, glance: Glance) {
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner) = Some(glance);
    }

    pub(crate) fn forget_glance(&self) {
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether to look at this vault again; asking forgets it.
    pub(crate) fn is_to_be_looked_at(&self) -> bool {
        self.look_again.swap(false, Ordering::AcqRel)
    }

    /// Verifies slice by slice, letting others in between.
    fn verify(&self) {
        while let Some(mut guard) = self.peek() {
            if guard.vault.trust() != Trust::ListOnly {
                // The settings lie in what was not believed before.
                guard.settings = guard.vault.settings();
                break;
            }
            if guard.vault.verify_some(ROWS_A_SLICE).is_err() {
                guard.unreadable = true;
                break;
            }
        }
        self.verified.notify_all();
    }

    /// Locks the vault: the anchor is written, every key wiped. `false` if it was not open.
    pub(crate) fn lock(&self, agent: &Agent) -> bool {
        self.locks.fetch_add(1, Ordering::AcqRel);
        let taken = self.open_now().take();
        self.verified.notify_all();
        let was_open = taken.is_some();
        if let Some(mut opened) = taken {
            // The keys are wiped whatever of this fails. What was not written is written at the
            // next unlock, from the list.
            let _ = opened.vault.flush_reminders();
            let _ = opened.vault.lock();
            agent.clipboard.clear();
            crate::memory::give_back_all();
            self.look_again(agent);
        }
        was_open
    }

    /// Forgets what was bound to a connection that has ended.
    pub(crate) fn forget_connection(&self, connection: u64) {
        let mut pending = self.pending();
        if pending
            .enrolment
            .as_ref()
            .is_some_and(|(of, _)| *of == connection)
        {
            pending.enrolment = None;
        }
        drop(pending);
        if let Some(mut guard) = self.peek() {
            guard.graces.remove(&connection);
            guard.totp_resets.remove(&connection);
            guard.plans.forget_connection(connection);
            guard.shares.forget_connection(connection);
            guard.told.remove(&connection);
        }
    }

    /// Whether anything would be lost with this session. Asked without waiting: what is held by
    /// somebody is in use.
    pub(crate) fn is_in_use(&self) -> bool {
        let idle = |pending: &Pending| pending.enrolment.is_none();
        let nothing_pending = self.pending.try_lock().is_ok_and(|pending| idle(&pending));
        let locked = self.open.try_lock().is_ok_and(|open| open.is_none());
        !(nothing_pending && locked)
    }

    fn open_now(&self) -> MutexGuard<'_, Option<Opened>> {
        self.open.lock().unwrap_or_else(|poisoned| {
            // A handler met a defect with the vault in its hands: what is in memory is not
            // believed any more. What is on the disk is whole, and the next unlock reads that.
            let mut open = poisoned.into_inner();
            *open = None;
            self.open.clear_poison();
            open
        })
    }

    /// Puts keys of the locked vault off, in the index alone; the next unlock takes it over.
    ///
    /// # Errors
    /// The index cannot be read or written, or a key cannot be put off.
    pub(crate) fn snooze_locked(
        &self,
        agent: &Agent,
        keys: &[EntryId],
        hours: u32,
    ) -> Result<(), Fault> {
        let _nobody_unlocks = self.pending();
        let locked = self.locked(agent)?;
        let mut index = locked.reminders().map_err(Told::told)?;
        let now = UtcMs::from_clock(agent.ports.clock.utc_ms());
        for key in keys {
            index.snooze(*key, hours, now).map_err(Told::told)?;
        }
        locked.save_reminders(&index).map_err(Told::told)?;
        self.look_again(agent);
        Ok(())
    }

    fn not_open(&self, agent: &Agent) -> Fault {
        match self.locked(agent) {
            Err(fault) if fault.code == ErrorCode::NoVault => fault,
            _ => Fault::new(ErrorCode::Locked, "the vault is locked; unlock it first"),
        }
    }
}

fn no_vault() -> Fault {
    Fault::new(
        ErrorCode::NoVault,
        "there is no vault in that folder; make one with `strongroom init`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_left_and_entered_at_once_is_held_by_nobody_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let session = Session::new(folder.path().join("vault"));
        drop(session.new_home().expect("is made"));
        std::thread::scope(|threads| {
            for _ in 0..32 {
                threads.spawn(|| {
                    for _ in 0..20_000 {
                        drop(session.home().expect("nobody else has it"));
                    }
                });
            }
        });
    }
}
