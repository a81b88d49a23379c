//! The clock of a test: a file with the time in milliseconds, which the programs inherit.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::account::Account;
use crate::inherit::keep_over_exec;
use crate::wait::{Deadline, wait_for};

/// Environment variable that names the inherited descriptor; only builds for tests know it.
pub(crate) const VARIABLE: &str = "STRONGROOM_TEST_CLOCK_FD";

/// 2 March 2026, 10:00 UTC: no change of summer time near, past the morning's reminders.
const BEGINNING: i64 = 1_772_445_600_000;

/// Time that moves only when the test says so; or the machine's own, for the programs as they are
/// released.
#[derive(Debug)]
pub struct TestClock {
    file: File,
    /// Nothing where the time is the machine's.
    held_ms: Option<Arc<Mutex<i64>>>,
}

/// The same time, for what outlives a borrow of the clock.
#[derive(Debug, Clone)]
pub(crate) struct Told(Option<Arc<Mutex<i64>>>);

impl Told {
    /// UTC milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        match &self.0 {
            Some(held) => *held.lock().expect("moving a clock does not panic"),
            None => machine_ms(),
        }
    }
}

impl TestClock {
    pub(crate) fn held() -> Self {
        let clock = Self {
            file: inherited_file(),
            held_ms: Some(Arc::new(Mutex::new(0))),
        };
        clock.set(BEGINNING);
        clock
    }

    pub(crate) fn of_the_machine() -> Self {
        Self {
            file: inherited_file(),
            held_ms: None,
        }
    }

    /// The descriptor that programs read the time from; none where it is the machine's.
    pub(crate) fn number(&self) -> Option<String> {
        self.held_ms.as_ref()?;
        Some(self.file.as_raw_fd().to_string())
    }

    /// UTC milliseconds.
    ///
    /// # Panics
    /// When a thread panicked while it moved the clock.
    pub fn now_ms(&self) -> i64 {
        self.told().now_ms()
    }

    pub(crate) fn told(&self) -> Told {
        Told(self.held_ms.clone())
    }

    /// Sets the time: always as many digits, so that a reader never sees half of two. The machine's
    /// own time is waited for instead.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn set(&self, now_ms: i64) {
        let Some(held) = &self.held_ms else {
            return wait_for("a later time", Deadline::Long, || {
                (machine_ms() >= now_ms).then_some(())
            });
        };
        let mut held = held.lock().expect("moving a clock does not panic");
        *held = now_ms;
        self.file
            .write_all_at(format!("{now_ms:013}").as_bytes(), 0)
            .expect("a file of ours");
    }

    pub fn advance_ms(&self, by: i64) {
        self.set(self.now_ms() + by);
    }

    pub fn advance_seconds(&self, by: i64) {
        self.advance_ms(by * 1000);
    }

    pub fn advance_days(&self, by: i64) {
        self.advance_ms(by * 86_400_000);
    }
}

fn inherited_file() -> File {
    let file = tempfile::tempfile().expect("a temporary file can be made");
    // A program opens it anew through /proc, as the user it runs as.
    let account = Account::of_the_tests();
    std::os::unix::fs::fchown(&file, Some(account.uid), Some(account.gid))
        .expect("root may give files away, and one's own stays one's own");
    keep_over_exec(&file);
    file
}

fn machine_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is after 1970");
    i64::try_from(since.as_millis()).expect("milliseconds fit for a while")
}
