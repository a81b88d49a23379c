//! What a process that may hold secrets does first: no core dumps, no reading of its memory by
//! other processes of the same user.

use std::os::fd::AsRawFd;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// What could be switched off; reported by the self-test, never silently ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HardenReport {
    pub core_dumps_off: bool,
    pub not_dumpable: bool,
}

/// Switches off core dumps and ptrace by the same user. Children that are executed afterwards are
/// dumpable again: `execve` resets the flag, which is what a command started by `run` expects.
pub fn harden_process() -> HardenReport {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    HardenReport {
        core_dumps_off: setrlimit(Resource::Core, none).is_ok(),
        not_dumpable: set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok(),
    }
}

/// Closes every descriptor beyond standard input, output and error that whoever started this
/// process left open: a pipe held by a process that lives as long as the login never ends, and a
/// descriptor may lead to a password.
///
/// Call it first of all: a descriptor the program has opened itself would be closed too, but for
/// `keep`.
pub fn close_inherited_descriptors(keep: Option<std::os::fd::BorrowedFd<'_>>) {
    let keep = keep.map(|descriptor| descriptor.as_raw_fd());
    let Ok(listing) = std::fs::read_dir("/proc/self/fd") else {
        return;
    };
    // Collected before any is closed: the listing's own descriptor is gone by then.
    let open: Vec<i32> = listing
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|descriptor| *descriptor > 2 && Some(*descriptor) != keep)
        .collect();
    for descriptor in open {
        // SAFETY: only asked about; the borrow ends with this statement.
        #[expect(
            unsafe_code,
            reason = "a number from a listing can only be borrowed raw"
        )]
        let asked = unsafe { std::os::fd::BorrowedFd::borrow_raw(descriptor) };
        if rustix::io::fcntl_getfd(asked).is_err() {
            // The descriptor of the listing itself.
            continue;
        }
        // SAFETY: it is open and nothing in this process owns it yet.
        #[expect(
            unsafe_code,
            reason = "a descriptor without an owner can only be closed so"
        )]
        unsafe {
            rustix::io::close(descriptor);
        }
    }
}

/// Takes over a descriptor that this process was started with, such as the one a script names in
/// `--password-fd 3`. It is closed when dropped and not handed on to programs started later.
///
/// Call it once per number, before the program has opened anything under that number itself.
///
/// # Errors
/// The system's refusal where nothing is open under that number; numbers below 3 are refused too,
/// because the program's own output would be closed with them.
pub fn take_inherited_descriptor(number: i32) -> std::io::Result<std::fs::File> {
    if number < 3 {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: only asked about; the borrow ends with this function.
    #[expect(
        unsafe_code,
        reason = "a number from a script can only be borrowed raw"
    )]
    let borrowed = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
    rustix::io::fcntl_setfd(borrowed, rustix::io::FdFlags::CLOEXEC)?;
    // SAFETY: it is open, and the caller promises that nothing else in this process owns it.
    #[expect(
        unsafe_code,
        reason = "ownership of an inherited descriptor can only be claimed"
    )]
    Ok(unsafe { std::os::fd::FromRawFd::from_raw_fd(number) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_that_is_not_open_or_is_our_own_output_is_not_taken() {
        for number in [-1, 0, 1, 2, 1_000_000] {
            assert!(take_inherited_descriptor(number).is_err(), "{number}");
        }
    }

    #[test]
    fn the_process_is_no_longer_dumpable() {
        let report = harden_process();
        assert_eq!(
            report,
            HardenReport {
                core_dumps_off: true,
                not_dumpable: true
            }
        );
        let behavior = rustix::process::dumpable_behavior().expect("prctl answers");
        assert_eq!(behavior, DumpableBehavior::NotDumpable);
    }
}
