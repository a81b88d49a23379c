//! The arguments as a whole, and the way from them to a subcommand.

use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::*;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Colour, Output};

const ABOUT: &str = "A vault for exchange API keys";

const LONG_ABOUT: &str = "\
Strongroom keeps exchange API keys in a vault on this machine: who may do what with which key, \
from which address, until when, and who holds it. It reminds before keys lapse, also while the \
vault is locked, and gives keys to programs without plaintext on the disk.

The vault is opened by one background process, the agent, which is started when it is needed. \
Password and code are asked on the terminal or read from descriptors; they are never arguments \
and never stand in the environment.";

/// Exit codes, as `--help`, the man page and docs/cli.md give them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
   0  done
   1  of `health --fail-on`: a finding that bad or worse is open
   2  arguments or a value in them are refused
   3  there is no vault in that folder, or there already is one
   4  the vault is locked
   5  wrong password or code, a code used already, or a code is needed
   6  too many tries: wait
   7  no device secret, no keyring, or the clock moved back
   8  the vault does not verify: rolled back or corrupt
   9  written or spoken by another version of the program
  10  no such key, or the name fits more than one
  11  the state of the key or the vault does not allow it
  12  the disk is full, or the folder is read-only; nothing was changed
  13  busy: another program holds the vault, or verification is running
  14  nothing here can show a notification or hold a clipboard
  15  no agent runs and none could be started, or it went away
  70  a defect of ours
 126, 127, 128+n  of `run`: not executable, not found, ended by signal n";

#[derive(Debug, Parser)]
#[command(
    name = "strongroom",
    bin_name = "strongroom",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_long_help = EXIT_CODES,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every subcommand takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Folder of the vault; a name without a slash means that one among your vaults
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) vault: Option<std::path::PathBuf>,
    /// Print JSON: one document on a line, errors as JSON on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but what was asked for: no notes, no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Colour,
    /// Read the password from this descriptor, up to its first line end
    #[arg(long, global = true, value_name = "N", hide_short_help = true)]
    pub(crate) password_fd: Option<i32>,
    /// Read the authenticator's code from this descriptor; the same number as the password's
    /// means the line after it
    #[arg(long, global = true, value_name = "N", hide_short_help = true)]
    pub(crate) totp_fd: Option<i32>,
    /// Read a recovery code from this descriptor, in place of the authenticator's; it is spent
    #[arg(
        long,
        global = true,
        value_name = "N",
        hide_short_help = true,
        conflicts_with = "totp_fd"
    )]
    pub(crate) recovery_code_fd: Option<i32>,
}

macro_rules! commands {
    ($($(#[$attribute:meta])* $variant:ident($module:ident),)*) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($(#[$attribute])* $variant($module::Arguments),)*
        }

        impl Command {
            fn run(self, context: &mut Context) -> Result<ExitCode, Failure> {
                match self {
                    $(Self::$variant(arguments) => $module::run(arguments, context),)*
                }
            }
        }
    };
}

commands! {
    /// Make a vault
    Init(init),
    /// Open the vault
    Unlock(unlock),
    /// Close the vault
    Lock(lock),
    /// Say how the vault stands and what is due
    Status(status),
    /// Record a key
    Add(add),
    /// List keys
    #[command(visible_alias = "ls")]
    List(list),
    /// Show all that is recorded of a key, but no secret
    Show(show),
    /// Change what is recorded of a key
    Edit(edit),
    /// Copy one field of a key to the clipboard
    Copy(copy),
    /// Print secret fields of a key
    Reveal(reveal),
    /// Start a command with keys in its environment
    Run(run),
    /// Sign a request to an exchange, and send nothing
    Sign(sign),
    /// Ask the exchange what it knows of a key
    Check(check),
    /// Say why an exchange refuses a key
    Doctor(doctor),
    /// Replace a key's secret step by step, the old one in use until the new one is
    Rotate(rotate),
    /// Give keys out no more, from now on, and end them at their exchanges
    Revoke(revoke),
    /// Put a key away
    Archive(archive),
    /// Take a key back from the archive
    Restore(restore),
    /// Show every change of a key
    History(history),
    /// Destroy secrets that are no longer needed
    Purge(purge),
    /// List keys that expire or need rotating soon
    Expiring(expiring),
    /// Say what happened to an exchange account and which of its keys end for it
    Account(account),
    /// See and record bots, tools, persons and hosts that hold keys
    Consumer(consumer),
    /// See and record vendors, and what was found out about them
    Vendor(vendor),
    /// List the keys somebody holds, or ever held
    Holds(holds),
    /// Work through an incident: which keys, in which order, with a log and evidence
    Incident(incident),
    /// Print an inventory or an access review, without secrets
    Report(report),
    /// Say what is wrong, worst first, and what to do about it
    Health(health),
    /// Say what is due when, or write it for a calendar program
    Calendar(calendar),
    /// See, snooze, acknowledge and test reminders
    Remind(remind),
    /// Record keys from a file, and take them out of the file
    Import(import),
    /// Write keys to a file, for programs and for keeping
    Export(export),
    /// Show what is in an archive; needs no vault
    OpenArchive(open_archive),
    /// Show your card, and keep the people you share with
    Contact(contact),
    /// Give keys to others as one file, by role
    Share(share),
    /// Merge what somebody shared, after a look at it
    ImportShare(import_share),
    /// List values that were changed on two sides, and choose between them
    Conflicts(conflicts),
    /// Remove somebody, and list the keys to rotate for it
    Offboard(offboard),
    /// Read, verify and export the audit log
    Audit(audit),
    /// Back the vault up now
    Backup(backup),
    /// Replace the vault by a backup
    RestoreBackup(restore_backup),
    /// Write or test the recovery kit
    Recovery(recovery),
    /// Change the password
    Password(password),
    /// Move to another authenticator
    Totp(totp),
    /// Give the vault new keys after a suspected compromise
    RotateVaultKey(rotate_vault_key),
    /// See and remove the devices that can open the vault
    Devices(devices),
    /// See and change settings
    Settings(settings),
    /// Host, inspect, stop or install the background process
    Agent(agent),
    /// Print completions for a shell
    Completions(completions),
    /// Print the manual page
    Man(man),
    /// The first moment of a command started by `run`; nothing to call by hand
    #[command(name = "run-child", hide = true)]
    RunChild(run_child),
    /// One question to one exchange, in a process without keys; nothing to call by hand
    #[command(name = "network-worker", hide = true)]
    NetworkWorker(network_worker),
}

/// The whole command, for completions, the manual page and tests.
pub(crate) fn command() -> clap::Command {
    Arguments::command()
}

/// From the arguments to the exit code.
pub(crate) fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => return refused(&refusal),
    };
    let output = Output::new(&arguments.global);
    let mut context = Context::new(arguments.global, output);
    match arguments.command.run(&mut context) {
        Ok(code) => code,
        Err(failure) => {
            context.output.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Help and the version are printed as they are; a refusal in JSON where JSON was asked for.
fn refused(refusal: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os()
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json");
    if refusal.use_stderr() && wants_json {
        let text = without_secret(refusal).unwrap_or_else(|| refusal.to_string());
        Output::json_only().failure(&Failure::invalid(first_sentence(&text)));
        return ExitCode::from(2);
    }
    if let Some(text) = without_secret(refusal) {
        Output::words_only().failure(&Failure::invalid(text));
        return ExitCode::from(2);
    }
    // Where even the terminal is gone there is nobody left to tell.
    let _ = refusal.print();
    ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(2))
}

/// clap repeats what it refuses. Where that may be a secret that somebody typed as an argument,
/// the sentence is ours.
fn without_secret(refusal: &clap::Error) -> Option<String> {
    let argument = refusal.get(ContextKind::InvalidArg)?.to_string();
    match refusal.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let mut words = argument.split(' ');
            let option = words.next().filter(|option| option.ends_with("-fd"))?;
            Some(format!(
                "{option} takes the number of an open descriptor, not the secret itself: an \
                 argument can be read by other programs. If one was just typed, change it"
            ))
        }
        ErrorKind::UnknownArgument if !argument.starts_with('-') => Some(
            "one argument more than this command takes. A secret is never an argument: see \
             `--help` for how it is given"
                .to_owned(),
        ),
        _ => None,
    }
}

/// clap's own message without its usage and hints.
fn first_sentence(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let end = text.find("\n\n").unwrap_or(text.len());
    text[..end].split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        command().debug_assert();
    }

    #[test]
    fn the_help_of_every_command_is_this() {
        fn collect(command: &mut clap::Command, text: &mut String) {
            let name = command.get_bin_name().unwrap_or_default().to_owned();
            text.push_str(&format!(
                "\n$ {name} --help\n{}\n",
                command.render_long_help()
            ));
            for inner in command.get_subcommands_mut() {
                if !inner.is_hide_set() && inner.get_name() != "help" {
                    collect(inner, text);
                }
            }
        }
        let mut root = command().term_width(90);
        root.build();
        let mut text = String::new();
        collect(&mut root, &mut text);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn refusals_are_sentences_and_repeat_no_secret() {
        let mut text = String::new();
        for arguments in [
            &["list", "--sort", "nope"][..],
            &["add", "a", "--field-fd", "secret=hunter22"],
            &["unlock", "--password-fd", "hunter22"],
            &["edit", "a", "--secret", "hunter22"],
            &["add", "a", "--secret", "hunter22"],
            &["add", "a", "--secret=hunter22"],
            &["unlock", "hunter22"],
            &["unlock", "--totp-fd", "3", "--recovery-code-fd", "4"],
            &["reveal"],
            &["purge", "a"],
            &["purge", "a", "--version", "1", "--old-versions"],
            &["run", "--key", "a"],
            &["run", "--", "sh"],
            &["run", "--key", "a", "--as", "nope", "--", "sh"],
            &["import"],
            &["export", "--format", "json", "--out", "a"],
            &[
                "export", "--format", "json", "--all", "--tag", "x", "--out", "a",
            ],
            &["export", "--all", "--out", "a"],
            &["export", "--format", "nope", "--all", "--out", "a"],
            &["open-archive"],
            &["open-archive", "a", "--reveal", "b", "--split", "c"],
            &["import", "a", "--dry-run", "--replace"],
            &["import", "a", "--undo"],
            &["init", "--kdf-mib", "1"],
            &["add", "a", "--allowlist", "example.org"],
            &["add", "a", "--expires", "soon"],
            &["add", "a", "--expires", "2026-12-05", "--expires-in", "3"],
            &["edit", "a", "--tag", "x", "--add-tag", "y"],
        ] {
            let all = std::iter::once("strongroom").chain(arguments.iter().copied());
            let refusal = Arguments::try_parse_from(all).expect_err("refused");
            let said = without_secret(&refusal).unwrap_or_else(|| refusal.to_string());
            assert!(!said.contains("hunter22"), "{said}");
            text.push_str(&format!(
                "{}\n  {}\n",
                arguments.join(" "),
                first_sentence(&said)
            ));
        }
        let text = text.replace("hunter22", "[what was typed]");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_documentation_names_every_command_and_every_code() {
        let page = include_str!("../../../docs/cli.md");
        for subcommand in command()
            .get_subcommands()
            .filter(|inner| !inner.is_hide_set())
        {
            let name = subcommand.get_name();
            let named = page.contains(&format!("`{name}`")) || page.contains(&format!("`{name} "));
            assert!(named, "{name} is not in docs/cli.md");
        }
        for code in strongroom_wire::ErrorCode::ALL {
            let row = format!("| {} | ", code.exit_code());
            let documented = page.lines().any(|line| {
                line.starts_with(&row) && line.contains(&format!("`{}`", code.as_str()))
            });
            assert!(documented, "{} is not in docs/cli.md", code.as_str());
        }
    }

    #[test]
    fn every_exit_code_of_the_contract_is_documented() {
        for code in strongroom_wire::ErrorCode::ALL {
            let number = format!("{:>4}  ", code.exit_code());
            assert!(
                EXIT_CODES.lines().any(|line| line.starts_with(&number)),
                "{} exits with {}",
                code.as_str(),
                code.exit_code()
            );
        }
    }
}
