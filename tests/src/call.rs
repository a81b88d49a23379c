//! A command line that is being put together: secrets go through descriptors, never arguments.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::conversation::{Answer, Conversation};
use crate::inherit::Inherited;
use crate::vault::Vault;

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

impl<'v> Call<'v> {
    pub(crate) fn new(vault: &'v Vault<'v>, command: Command) -> Self {
        Self {
            vault,
            command,
            own: Vec::new(),
            inherited: Vec::new(),
            input: None,
        }
    }

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

    /// A descriptor that is written after the command has begun.
    #[must_use]
    pub fn written_later(mut self, flag: &str) -> (Self, std::fs::File) {
        let (inherited, writing) = Inherited::open();
        self.command.arg(flag).arg(inherited.number());
        self.inherited.push(inherited);
        (self, writing)
    }

    /// The same for a value that has a name: `--flag NAME=N`.
    #[must_use]
    pub fn through_named(mut self, flag: &str, name: &str, text: &str) -> Self {
        let inherited = Inherited::holding(&format!("{text}\n"));
        self.command
            .arg(flag)
            .arg(format!("{name}={}", inherited.number()));
        self.inherited.push(inherited);
        self
    }

    /// A standard input that stays open until the command is dropped.
    #[must_use]
    pub fn with_open_input(mut self) -> Self {
        self.command.stdin(Stdio::piped());
        self
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
