//! A vault with what its owner knows: the password and the authenticator.
//!
//! Not here: the commands themselves (`call`), and any crate that can open a vault.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::binaries::product;
use crate::call::Call;
use crate::conversation::{Answer, Conversation};
use crate::inherit::Inherited;
use crate::sandbox::Sandbox;
use crate::totp::Authenticator;

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
        let (answer, vault) = Self::begin_in(sandbox, folder, more);
        answer.ok();
        vault.expect("init has shown an enrolment address")
    }

    /// How `init` ends where it may be refused.
    #[track_caller]
    pub fn try_create(sandbox: &'s Sandbox, more: &[&str]) -> Answer {
        Self::begin_in(sandbox, &sandbox.root().join("data/vault"), more).0
    }

    fn begin_in(sandbox: &'s Sandbox, folder: &Path, more: &[&str]) -> (Answer, Option<Self>) {
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
        let Some(line) = init.read_line_with("otpauth://") else {
            return (init.finish(), None);
        };
        let address = Authenticator::address_in(&line).expect("it was looked for");
        let phone = Authenticator::enrol(address);
        let now = sandbox.clock().now_ms();
        writeln!(phone_types, "{}", phone.code_at(now)).expect("init reads the code");
        drop(phone_types);
        phone.used_at(now);
        let vault = Self {
            sandbox,
            folder: folder.to_owned(),
            password: Self::PASSWORD.to_owned(),
            phone,
        };
        (init.finish(), Some(vault))
    }

    /// What the owner knows, without the machine: to change the machine.
    pub fn forget_sandbox(self) -> Known {
        Known {
            folder: self.folder,
            password: self.password,
            phone: self.phone,
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
        Call::new(self, command)
            .argument("--vault")
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

/// A vault whose machine is being changed.
#[derive(Debug)]
pub struct Known {
    folder: PathBuf,
    password: String,
    phone: Authenticator,
}

impl Known {
    /// The same vault on another machine, in a folder it was copied to.
    pub fn moved_to<'s>(self, sandbox: &'s Sandbox, folder: &Path) -> Vault<'s> {
        Vault {
            sandbox,
            folder: folder.to_owned(),
            password: self.password,
            phone: self.phone,
        }
    }

    pub fn in_sandbox(self, sandbox: &Sandbox) -> Vault<'_> {
        Vault {
            sandbox,
            folder: self.folder,
            password: self.password,
            phone: self.phone,
        }
    }
}
