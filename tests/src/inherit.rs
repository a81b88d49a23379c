//! Descriptors that a child inherits under their own number.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::pipe::{PipeFlags, pipe_with};

/// The reading end of a pipe that every child started from now on inherits, and its number.
#[derive(Debug)]
pub(crate) struct Inherited {
    reading: OwnedFd,
}

impl Inherited {
    /// A pipe that holds `text` and then ends.
    pub(crate) fn holding(text: &str) -> Self {
        let (inherited, mut writing) = Self::open();
        writing
            .write_all(text.as_bytes())
            .expect("a pipe takes a line");
        inherited
    }

    /// A pipe that is written later.
    pub(crate) fn open() -> (Self, File) {
        let (reading, writing) = pipe_with(PipeFlags::CLOEXEC).expect("a pipe can be made");
        keep_over_exec(&reading);
        (Self { reading }, File::from(writing))
    }

    pub(crate) fn number(&self) -> String {
        self.reading.as_raw_fd().to_string()
    }
}

/// Lets children inherit this descriptor. Children of other threads inherit it too: nothing that
/// is read from here is secret outside the tests.
pub(crate) fn keep_over_exec(descriptor: impl AsFd) {
    fcntl_setfd(descriptor, FdFlags::empty()).expect("an open descriptor takes flags");
}
