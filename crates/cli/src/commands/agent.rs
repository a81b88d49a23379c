//! `strongroom agent`: the background process, hosted, seen, stopped and installed.
//!
//! Not here: what it does; that is the agent crate.

use std::process::ExitCode;

use serde::Serialize;
use strongroom_wire::{Nothing, SelfTest, command};

use crate::failure::Failure;
use crate::link::{Context, IDENTITY};
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;

const AFTER: &str = "\
Without a subcommand this process becomes the agent and stays in the foreground until it is told \
to stop. It is started by itself when a command needs it; `agent install` starts it with the \
session, so that reminders come without that.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Serve in the background: leave the session, say `ready` on standard output
    #[arg(long)]
    serve: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Say whether an agent runs
    Status,
    /// Stop the agent; every vault is locked
    Stop,
    /// Start the agent with the session: a systemd user unit and an autostart entry
    Install,
    /// Take away what `install` wrote
    Uninstall,
    /// Say what works on this machine: keyring, notifications, clipboard, locks
    SelfTest,
}

/// `agent status --json`.
#[derive(Serialize)]
struct Running {
    running: bool,
    pid: Option<u32>,
    version: Option<String>,
    protocol: Option<u32>,
    /// Installed to start with the session.
    starts_at_login: bool,
}

#[derive(Serialize)]
struct Stopped {
    stopped: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what {
        None => hosted::serve(arguments.serve),
        Some(What::Status) => status(context),
        Some(What::Stop) => {
            let stopped = strongroom_client::stop_running(IDENTITY)?;
            context.output.result(&Stopped { stopped }, |_| {
                let words = if stopped {
                    "The agent has stopped."
                } else {
                    "No agent is running."
                };
                words.to_owned()
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Some(What::Install) => hosted::install(context),
        Some(What::Uninstall) => hosted::uninstall(context),
        Some(What::SelfTest) => {
            let test = context.call::<command::self_test>(Nothing {})?;
            context
                .output
                .result(&test, |test| table(test, context.output))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn status(context: &mut Context) -> Result<ExitCode, Failure> {
    let starts_at_login = hosted::starts_at_login();
    let running = match context.running_agent()? {
        Some(agent) => Running {
            running: true,
            pid: Some(agent.pid),
            version: Some(agent.version),
            protocol: Some(agent.hello),
            starts_at_login,
        },
        None => Running {
            running: false,
            pid: None,
            version: None,
            protocol: None,
            starts_at_login,
        },
    };
    context
        .output
        .result(&running, |running| match (running.pid, &running.version) {
            (Some(pid), Some(version)) => {
                format!(
                    "An agent runs: process {pid}, version {}.",
                    sanitise(version)
                )
            }
            _ => "No agent is running; the next command that needs one starts it.".to_owned(),
        })?;
    Ok(ExitCode::SUCCESS)
}

fn table(test: &SelfTest, output: Output) -> String {
    let mut table = Table::new(&["WHAT", "WORKS", "DETAIL"]);
    for check in &test.checks {
        let works = if check.works {
            output.paint(Tone::Green, "yes")
        } else {
            output.paint(Tone::Amber, "no")
        };
        table.row([check.name.clone(), works, sanitise(&check.detail)]);
    }
    table.print(output)
}

#[cfg(feature = "agent")]
mod hosted {
    use std::path::PathBuf;
    use std::process::ExitCode;

    use serde::Serialize;
    use strongroom_agent::{Installed, Mode, Options};
    use strongroom_wire::ErrorCode;

    use crate::failure::Failure;
    use crate::link::Context;
    use crate::sanitise::sanitise;

    pub(super) fn serve(in_background: bool) -> Result<ExitCode, Failure> {
        let options = Options {
            runtime_folder: strongroom_client::runtime_folder()?,
            mode: if in_background {
                Mode::Background
            } else {
                Mode::Foreground
            },
        };
        strongroom_agent::serve(&options)
            .map_err(|error| Failure::new(ErrorCode::NoAgent, error.to_string()))?;
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn starts_at_login() -> bool {
        strongroom_agent::starts_at_login()
    }

    /// `agent install --json` and `agent uninstall --json`.
    #[derive(Serialize)]
    struct Files {
        changed: Vec<PathBuf>,
        unchanged: Vec<PathBuf>,
    }

    pub(super) fn install(context: &mut Context) -> Result<ExitCode, Failure> {
        let ourselves = std::env::current_exe()
            .map_err(|error| Failure::file("this program's path is not known", &error))?;
        let done = strongroom_agent::install(&ourselves).map_err(refused)?;
        report(
            done,
            "Wrote",
            "The agent starts with the next session.",
            context,
        )
    }

    pub(super) fn uninstall(context: &mut Context) -> Result<ExitCode, Failure> {
        let done = strongroom_agent::uninstall().map_err(refused)?;
        report(
            done,
            "Removed",
            "The agent no longer starts with the session.",
            context,
        )
    }

    fn report(
        done: Installed,
        verb: &str,
        last: &str,
        context: &Context,
    ) -> Result<ExitCode, Failure> {
        let files = Files {
            changed: done.changed,
            unchanged: done.unchanged,
        };
        context.output.done(&files, |files| {
            let mut text = String::new();
            for path in &files.changed {
                text.push_str(&format!("{verb} {}\n", sanitise(&path.to_string_lossy())));
            }
            text.push_str(last);
            text
        })?;
        Ok(ExitCode::SUCCESS)
    }

    fn refused(error: strongroom_agent::InstallError) -> Failure {
        match error {
            strongroom_agent::InstallError::Io(error) => {
                Failure::file("a file could not be written or removed", &error)
            }
            other => Failure::invalid(other.to_string()),
        }
    }
}

#[cfg(not(feature = "agent"))]
mod hosted {
    use std::process::ExitCode;

    use crate::failure::Failure;
    use crate::link::Context;

    pub(super) fn serve(_: bool) -> Result<ExitCode, Failure> {
        Err(without())
    }

    pub(super) fn starts_at_login() -> bool {
        false
    }

    pub(super) fn install(_: &mut Context) -> Result<ExitCode, Failure> {
        Err(without())
    }

    pub(super) fn uninstall(_: &mut Context) -> Result<ExitCode, Failure> {
        Err(without())
    }

    fn without() -> Failure {
        Failure::refused("this program was built without the agent")
    }
}
