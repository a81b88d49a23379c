//! The system's clocks, and in builds for tests the tests' clock.

use std::sync::Arc;

use strongroom_vault::ports::Clock;

/// The time of day, the time since boot with sleep counted, and which boot this is.
#[derive(Debug)]
pub(crate) struct SystemClock {
    boot_id: [u8; 16],
    #[cfg(feature = "test-clock")]
    test: Option<test_clock::TestClock>,
}

impl SystemClock {
    /// Call it before inherited descriptors are closed: the tests' clock is one.
    pub(crate) fn open() -> Arc<Self> {
        Arc::new(Self {
            boot_id: boot_id(),
            #[cfg(feature = "test-clock")]
            test: test_clock::TestClock::from_environment(),
        })
    }

    /// What this clock reads from, to be kept open. The system's own clock needs nothing.
    pub(crate) fn descriptor(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        #[cfg(feature = "test-clock")]
        if let Some(test) = &self.test {
            return Some(test.descriptor());
        }
        None
    }
}

impl Clock for SystemClock {
    fn utc_ms(&self) -> u64 {
        #[cfg(feature = "test-clock")]
        if let Some(test) = &self.test {
            return test.utc_ms();
        }
        milliseconds(rustix::time::ClockId::Realtime)
    }

    fn mono_ms(&self) -> u64 {
        #[cfg(feature = "test-clock")]
        if let Some(test) = &self.test {
            return test.mono_ms();
        }
        milliseconds(rustix::time::ClockId::Boottime)
    }

    fn boot_id(&self) -> [u8; 16] {
        self.boot_id
    }
}

/// A clock before 1970 reads as 1970.
fn milliseconds(clock: rustix::time::ClockId) -> u64 {
    let now = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(now.tv_nsec).unwrap_or(0);
    seconds * 1000 + nanoseconds / 1_000_000
}

/// Where the kernel does not say, every boot looks the same, and a throttle that spans a boot waits
/// by the monotonic clock of the new one: longer, never shorter.
fn boot_id() -> [u8; 16] {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    data_encoding::HEXLOWER_PERMISSIVE
        .decode(digits.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .unwrap_or_default()
}

#[cfg(feature = "test-clock")]
mod test_clock {
    //! A clock that a test moves: a file that holds UTC milliseconds as text.

    use std::fs::File;
    use std::os::unix::fs::FileExt;
    use std::sync::Mutex;

    #[derive(Debug)]
    pub(super) struct TestClock {
        file: File,
        /// What was read last, and the monotonic time that has gone by since the start. Monotonic
        /// time stands still where the test's clock goes back.
        last: Mutex<(u64, u64)>,
    }

    impl TestClock {
        pub(super) fn from_environment() -> Option<Self> {
            let number: u32 = std::env::var("STRONGROOM_TEST_CLOCK_FD")
                .ok()?
                .parse()
                .ok()?;
            let file = File::open(format!("/proc/self/fd/{number}")).ok()?;
            let clock = Self {
                file,
                last: Mutex::new((0, 0)),
            };
            let now = clock.read();
            // As if the machine had been up for a day.
            *clock.last.lock().expect("new") = (now, 86_400_000);
            Some(clock)
        }

        pub(super) fn descriptor(&self) -> std::os::fd::BorrowedFd<'_> {
            std::os::fd::AsFd::as_fd(&self.file)
        }

        pub(super) fn utc_ms(&self) -> u64 {
            self.both().0
        }

        pub(super) fn mono_ms(&self) -> u64 {
            self.both().1
        }

        fn both(&self) -> (u64, u64) {
            let mut last = self
                .last
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            let now = self.read();
            let gone_by = now.saturating_sub(last.0);
            *last = (now, last.1 + gone_by);
            *last
        }

        fn read(&self) -> u64 {
            let mut bytes = [0; 32];
            let length = self.file.read_at(&mut bytes, 0).unwrap_or(0);
            std::str::from_utf8(&bytes[..length])
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or(0)
        }
    }
}
