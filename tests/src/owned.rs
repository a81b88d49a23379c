//! A process that ends when its owner lets go of it.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::wait::{Deadline, wait_for};

/// A started program, leader of a process group of its own. Dropping it kills the whole group.
#[derive(Debug)]
pub struct Owned {
    child: Child,
    name: String,
    ended: Option<ExitStatus>,
}

impl Owned {
    /// Starts `command`.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .spawn()
            .unwrap_or_else(|problem| panic!("{name} did not start: {problem}"));
        Self {
            child,
            name,
            ended: None,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The child, to take its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended
    }

    pub fn is_running(&mut self) -> bool {
        self.ended().is_none()
    }

    /// Sends a signal to this process alone.
    pub fn signal(&mut self, signal: Signal) {
        if self.is_running() {
            let _gone_already = kill_process(self.id(), signal);
        }
    }

    /// Kills this process without warning, and collects it.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        if self.ended.is_none() {
            self.ended = self.child.wait().ok();
        }
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let name = self.name.clone();
        wait_for(&format!("the end of {name}"), Deadline::Long, || {
            self.ended()
        })
    }

    /// Waits as long as it takes: for what a person ends.
    pub fn wait_without_deadline(&mut self) {
        if self.ended.is_none() {
            self.ended = self.child.wait().ok();
        }
    }

    fn id(&self) -> Pid {
        let raw = i32::try_from(self.child.id()).expect("process ids fit");
        Pid::from_raw(raw).expect("a started process has an id")
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // Children of the group may outlive its leader; the leader is collected below.
        if self.ended.is_none() {
            let _gone_already = kill_process_group(self.id(), Signal::KILL);
            let _collected = self.child.wait();
        }
    }
}
