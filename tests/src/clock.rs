//! The clock of a test: a file with the time in milliseconds, which the programs inherit.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::sync::Mutex;

use crate::inherit::keep_over_exec;

/// Environment variable that names the inherited descriptor; only builds for tests know it.
pub(crate) const VARIABLE: &str = "STRONGROOM_TEST_CLOCK_FD";

/// 2 March 2026, 10:00 UTC: no change of summer time near, past the morning's reminders.
const BEGINNING: i64 = 1_772_445_600_000;

/// Time that moves only when the test says so.
#[derive(Debug)]
pub struct TestClock {
    file: File,
    now_ms: Mutex<i64>,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        let file = tempfile::tempfile().expect("a temporary file can be made");
        keep_over_exec(&file);
        let clock = Self {
            file,
            now_ms: Mutex::new(0),
        };
        clock.set(BEGINNING);
        clock
    }

    pub(crate) fn number(&self) -> String {
        self.file.as_raw_fd().to_string()
    }

    /// UTC milliseconds.
    ///
    /// # Panics
    /// When a thread panicked while it moved the clock.
    pub fn now_ms(&self) -> i64 {
        *self.now_ms.lock().expect("moving a clock does not panic")
    }

    /// Sets the time: always as many digits, so that a reader never sees half of two.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn set(&self, now_ms: i64) {
        let mut held = self.now_ms.lock().expect("moving a clock does not panic");
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
