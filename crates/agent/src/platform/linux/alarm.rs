//! Waiting for a moment of the wall clock, for a change of that clock, or to be told.
//!
//! A timer on the wall clock with cancel-on-set wakes up when somebody sets the clock and, because
//! the wall clock goes on during sleep, right after a sleep that lasted past the moment. Not here:
//! what is done at the moment.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
#[cfg(not(feature = "test-clock"))]
use rustix::time::{Itimerspec, TimerfdTimerFlags, timerfd_settime};
use rustix::time::{TimerfdClockId, TimerfdFlags, Timespec, timerfd_create};
use strongroom_vault::ports::Clock;

/// How often a test's clock is looked at; real clocks are never polled.
#[cfg(feature = "test-clock")]
const TEST_POLL_MS: u64 = 50;

/// One waiter and any number of tellers.
#[derive(Debug)]
pub(crate) struct Alarm {
    timer: OwnedFd,
    told: UnixStream,
    tell: UnixStream,
}

impl Alarm {
    /// # Errors
    /// The system gives no timer.
    pub(crate) fn new() -> io::Result<Self> {
        let (told, tell) = UnixStream::pair()?;
        told.set_nonblocking(true)?;
        tell.set_nonblocking(true)?;
        Ok(Self {
            timer: timerfd_create(
                TimerfdClockId::Realtime,
                TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK,
            )?,
            told,
            tell,
        })
    }

    /// Ends the present or the next wait at once: the plan has changed.
    pub(crate) fn tell(&self) {
        // A full pipe says that it has been told often enough.
        let _ = (&self.tell).write(&[1]);
    }

    /// Waits until the wall clock shows `at_ms`, or is set, or somebody tells; without a moment
    /// only for the latter two.
    pub(crate) fn wait(&self, clock: &dyn Clock, at_ms: Option<u64>) {
        #[cfg(feature = "test-clock")]
        {
            self.wait_by_polling(clock, at_ms);
        }
        #[cfg(not(feature = "test-clock"))]
        {
            let _ = clock;
            self.set(at_ms);
            self.wait_for_descriptors(None);
        }
        self.forget_told();
    }

    #[cfg(not(feature = "test-clock"))]
    fn set(&self, at_ms: Option<u64>) {
        // Far away still wakes up when the clock is set; zero would switch the timer off.
        const FAR: u64 = 253_402_300_799_000;
        let at_ms = at_ms.unwrap_or(FAR).clamp(1, FAR);
        let zero = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let at = Itimerspec {
            it_interval: zero,
            it_value: Timespec {
                tv_sec: i64::try_from(at_ms / 1000).unwrap_or(i64::MAX),
                tv_nsec: i64::try_from(at_ms % 1000 * 1_000_000).unwrap_or(0),
            },
        };
        let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
        let _ = timerfd_settime(&self.timer, flags, &at);
    }

    fn wait_for_descriptors(&self, timeout: Option<&Timespec>) -> bool {
        loop {
            let mut waited_for = [
                PollFd::new(&self.timer, PollFlags::IN),
                PollFd::new(&self.told, PollFlags::IN),
            ];
            match poll(&mut waited_for, timeout) {
                Ok(ready) => return ready > 0,
                Err(Errno::INTR) => {}
                Err(_) => return false,
            }
        }
    }

    /// The clock of a test can jump at any time, so it is looked at again and again.
    #[cfg(feature = "test-clock")]
    fn wait_by_polling(&self, clock: &dyn Clock, at_ms: Option<u64>) {
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: i64::try_from(TEST_POLL_MS * 1_000_000).unwrap_or(0),
        };
        let mut before = clock.utc_ms();
        while !self.wait_for_descriptors(Some(&timeout)) {
            let now = clock.utc_ms();
            if at_ms.is_some_and(|at| now >= at) || now < before {
                return;
            }
            before = now;
        }
    }

    fn forget_told(&self) {
        let mut bytes = [0; 64];
        while matches!((&self.told).read(&mut bytes), Ok(length) if length > 0) {}
    }
}

#[cfg(all(test, not(feature = "test-clock")))]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use crate::platform::SystemClock;

    #[test]
    fn it_wakes_at_the_moment_and_when_told() {
        let clock = SystemClock::open();
        let alarm = Arc::new(Alarm::new().expect("a timer"));
        let started = Instant::now();
        alarm.wait(&*clock, Some(clock.utc_ms() + 30));
        assert!(started.elapsed() >= Duration::from_millis(25));
        alarm.wait(&*clock, Some(1));
        alarm.tell();
        alarm.tell();
        alarm.wait(&*clock, None);
        let teller = Arc::clone(&alarm);
        let thread = std::thread::spawn(move || teller.tell());
        alarm.wait(&*clock, None);
        thread.join().expect("told");
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
