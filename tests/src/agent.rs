//! The agent as a process of the harness, to be measured, signalled and killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binaries::{product, release_product};
use crate::conversation::all;
use crate::owned::Owned;
use crate::sandbox::Sandbox;

/// What the client waits for before it connects; the agent says it on its output.
const READY: &str = "ready";

/// The agent as a process of the harness, to be measured, signalled and killed.
#[derive(Debug)]
pub struct Agent {
    process: Owned,
}

impl Agent {
    /// Starts it as a client would, and waits until its socket listens.
    #[track_caller]
    pub fn start(sandbox: &Sandbox) -> Self {
        Self::start_with(sandbox, |_| {})
    }

    /// The same with a last change to the command, such as a preloaded library.
    #[track_caller]
    pub fn start_with(sandbox: &Sandbox, change: impl FnOnce(&mut Command)) -> Self {
        Self::start_program(sandbox, product(), change)
    }

    /// The program as it is released, in the machine's own time; `None` where it was not built.
    #[track_caller]
    pub fn start_released(sandbox: &Sandbox) -> Option<Self> {
        release_product().map(|program| Self::start_program(sandbox, program, |_| {}))
    }

    #[track_caller]
    fn start_program(sandbox: &Sandbox, program: &Path, change: impl FnOnce(&mut Command)) -> Self {
        let mut command = sandbox.tool(program);
        command
            .args(["agent", "--serve"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        change(&mut command);
        let mut process = Owned::start(&mut command);
        let output = process.child().stdout.take().expect("the output is a pipe");
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .expect("a pipe can be read");
        if line.trim() != READY {
            let complaint = process.child().stderr.take().map(all);
            panic!("the agent said {line:?} instead of {READY:?}: {complaint:?}");
        }
        Self { process }
    }

    pub fn process(&mut self) -> &mut Owned {
        &mut self.process
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Ends it without warning.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// A number of `/proc/PID/status` in KiB, such as `VmRSS`.
    ///
    /// # Panics
    /// When the process is gone.
    pub fn kib(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))
            .expect("the agent runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
            .expect("the kernel tells this number");
        line.trim()
            .trim_end_matches(" kB")
            .parse()
            .expect("a number of kB")
    }
}
