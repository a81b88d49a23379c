//! Driving the product: its command line with real descriptors, and its agent.
//!
//! Not here: what any command should answer; that is what the suites say.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

use crate::binaries::product;
use crate::inherit::Inherited;
use crate::owned::Owned;
use crate::sandbox::Sandbox;
use crate::totp::Authenticator;

/// What the client writes before it waits for the agent's socket; the agent says it on its output.
const READY: &str = "ready";

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

    /// Reads lines until one holds `wanted`, and gives that line.
    ///
    /// # Panics
    /// When the command ends before it says so.
    #[track_caller]
    pub fn read_until(&mut self, wanted: &str) -> String {
        let stdout = self
            .stdout
            .as_mut()
            .expect("the output is read until the end only once");
        loop {
            let mut line = String::new();
            let length = stdout.read_line(&mut line).expect("a pipe can be read");
            if length == 0 {
                let stderr = self
                    .stderr
                    .take()
                    .map(|thread| thread.join().unwrap_or_default());
                panic!(
                    "it ended before it said {wanted:?}: {}{stderr:?}",
                    self.seen
                );
            }
            self.seen.push_str(&line);
            if line.contains(wanted) {
                return line;
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

fn all(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    let _until_closed = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

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
        let mut command = sandbox.tool(product());
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

/// A vault with what its owner knows: the password and the authenticator.
#[derive(Debug)]
pub struct Vault<'s> {
    sandbox: &'s Sandbox,
    folder: PathBuf,
    pub password: String,
    pub phone: Authenticator,
}

impl<'s> Vault<'s> {
    pub const PASSWORD: &'static str = "seventeen brass hinges, oiled";

    /// Makes one in the sandbox's keyring, with the smallest parameters that are allowed.
    #[track_caller]
    pub fn create(sandbox: &'s Sandbox) -> Self {
        Self::create_in(sandbox, &sandbox.root().join("data/vault"), &[])
    }

    /// The same in a folder of choice, with more arguments to `init`.
    #[track_caller]
    pub fn create_in(sandbox: &'s Sandbox, folder: &Path, more: &[&str]) -> Self {
        let password = Inherited::holding(&format!("{}\n", Self::PASSWORD));
        let (codes, mut phone_types) = Inherited::open();
        let mut command = sandbox.tool(product());
        command
            .args(["init", "--json", "--kdf-mib", "64", "--vault"])
            .arg(folder)
            .args([
                "--password-fd",
                &password.number(),
                "--totp-fd",
                &codes.number(),
            ])
            .args(more);
        let mut init = Conversation::start(&mut command);
        let line = init.read_until("otpauth://");
        let from = line.find("otpauth://").expect("it was looked for");
        let to = line[from..]
            .find(['"', ' ', '\n'])
            .map_or(line.len(), |length| from + length);
        let phone = Authenticator::enrol(&line[from..to]);
        let now = sandbox.clock().now_ms();
        writeln!(phone_types, "{}", phone.code_at(now)).expect("init reads the code");
        drop(phone_types);
        phone.used_at(now);
        init.finish().ok();
        Self {
            sandbox,
            folder: folder.to_owned(),
            password: Self::PASSWORD.to_owned(),
            phone,
        }
    }

    pub fn sandbox(&self) -> &'s Sandbox {
        self.sandbox
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A code that was not used yet; moves the clock to the next step if it has to.
    pub fn fresh_code(&self) -> String {
        let clock = self.sandbox.clock();
        if !self.phone.is_fresh_at(clock.now_ms()) {
            // To the beginning of the next step, or, in real time, until then.
            clock.set((clock.now_ms() / 30_000 + 1) * 30_000);
        }
        self.phone.used_at(clock.now_ms());
        self.phone.code_at(clock.now_ms())
    }

    /// A command on this vault with `--json`.
    pub fn call(&self, arguments: &[&str]) -> Call<'_> {
        self.bare_call(arguments).argument("--json")
    }

    /// The same as a person types it.
    pub fn bare_call(&self, arguments: &[&str]) -> Call<'_> {
        let mut command = self.sandbox.tool(product());
        command.args(arguments);
        let call = Call {
            vault: self,
            command,
            own: Vec::new(),
            inherited: Vec::new(),
            input: None,
        };
        call.argument("--vault")
            .argument(self.folder.to_str().expect("our paths are text"))
    }

    /// Runs a command that needs neither code nor password.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.call(arguments).answer()
    }

    #[track_caller]
    pub fn unlock(&self) -> Answer {
        self.call(&["unlock"]).with_password().with_code().answer()
    }
}

/// A command that is being put together.
#[derive(Debug)]
pub struct Call<'v> {
    vault: &'v Vault<'v>,
    command: Command,
    /// Arguments of the command that `run` starts: they follow everything of ours.
    own: Vec<String>,
    inherited: Vec<Inherited>,
    input: Option<String>,
}

impl Call<'_> {
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// Hands `text` over through a descriptor whose number follows `flag`.
    #[must_use]
    pub fn through(mut self, flag: &str, text: &str) -> Self {
        let inherited = Inherited::holding(&format!("{text}\n"));
        self.command.arg(flag).arg(inherited.number());
        self.inherited.push(inherited);
        self
    }

    #[must_use]
    pub fn with_password(self) -> Self {
        let password = self.vault.password.clone();
        self.through("--password-fd", &password)
    }

    #[must_use]
    pub fn with_code(self) -> Self {
        let code = self.vault.fresh_code();
        self.through("--totp-fd", &code)
    }

    /// What stands on the standard input.
    #[must_use]
    pub fn with_input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// The command after `--`.
    #[must_use]
    pub fn starting(mut self, command: &[&str]) -> Self {
        self.own = command.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it.
    #[track_caller]
    pub fn begin(mut self) -> Conversation {
        if !self.own.is_empty() {
            self.command.arg("--").args(&self.own);
        }
        if self.input.is_some() {
            self.command.stdin(Stdio::piped());
        }
        let mut conversation = Conversation::start(&mut self.command);
        if let Some(text) = self.input {
            let input = conversation.process().child().stdin.take();
            let mut input = input.expect("the input is a pipe");
            // A command that refuses early closes its input before it has read all of it.
            let _refused_early = input.write_all(text.as_bytes());
        }
        conversation
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn answer(self) -> Answer {
        self.begin().finish()
    }
}
