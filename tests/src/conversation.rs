//! A command of the product under way: what it printed, and how it ended.
//!
//! Not here: what any command should answer; that is what the suites say.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

use crate::owned::Owned;

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The exit code, or -1 when a signal ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The JSON it printed, after checking that it succeeded.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(
            self.code, 0,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|problem| panic!("not JSON ({problem}): {}", self.stdout))
    }

    /// Checks that it succeeded.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        assert_eq!(
            self.code, 0,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }

    /// Checks that it was refused with this exit code, in words.
    #[track_caller]
    pub fn refused(&self, code: i32) -> &Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        assert!(!self.stderr.trim().is_empty(), "refused without a word");
        self
    }
}

/// A command under way.
#[derive(Debug)]
pub struct Conversation {
    process: Owned,
    stdout: Option<BufReader<std::process::ChildStdout>>,
    stderr: Option<JoinHandle<String>>,
    seen: String,
}

impl Conversation {
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Owned::start(command);
        let stdout = process.child().stdout.take().map(BufReader::new);
        let stderr = process
            .child()
            .stderr
            .take()
            .map(|pipe| std::thread::spawn(|| all(pipe)));
        Self {
            process,
            stdout,
            stderr,
            seen: String::new(),
        }
    }

    /// Reads lines until one holds `wanted`, and gives that line; nothing when the command ends
    /// before it says so.
    ///
    /// # Panics
    /// When the output cannot be read.
    pub fn read_line_with(&mut self, wanted: &str) -> Option<String> {
        let stdout = self.stdout.as_mut()?;
        loop {
            let mut line = String::new();
            let length = stdout.read_line(&mut line).expect("a pipe can be read");
            if length == 0 {
                return None;
            }
            self.seen.push_str(&line);
            if line.contains(wanted) {
                return Some(line);
            }
        }
    }

    pub fn process(&mut self) -> &mut Owned {
        &mut self.process
    }

    /// Waits for the end.
    #[track_caller]
    pub fn finish(mut self) -> Answer {
        let stdout = self
            .stdout
            .take()
            .map(|pipe| std::thread::spawn(|| all(pipe)));
        let ended = self.process.wait();
        let join = |thread: Option<JoinHandle<String>>| {
            thread
                .map(|thread| thread.join().expect("reading does not panic"))
                .unwrap_or_default()
        };
        let rest = join(stdout);
        Answer {
            code: ended.code().unwrap_or(-1),
            stdout: self.seen + &rest,
            stderr: join(self.stderr.take()),
        }
    }
}

pub(crate) fn all(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    let _until_closed = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
