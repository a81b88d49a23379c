//! What a process that may hold secrets does first: no core dumps, no reading of its memory by
//! other processes of the same user.

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
/// Call it first of all: a descriptor the program has opened itself would be closed too.
pub fn close_inherited_descriptors() {
    let Ok(listing) = std::fs::read_dir("/proc/self/fd") else {
        return;
    };
    // Collected before any is closed: the listing's own descriptor is gone by then.
    let open: Vec<i32> = listing
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|descriptor| *descriptor > 2)
        .collect();
    for descriptor in open {
        // SAFETY: nothing in this process owns it yet; closing what is closed already is refused
        // by the system and harms nothing.
        #[expect(unsafe_code, reason = "a descriptor without an owner can only be closed so")]
        unsafe {
            rustix::io::close(descriptor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
