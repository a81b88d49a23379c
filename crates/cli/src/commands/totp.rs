//! `strongroom totp`: moves to another authenticator.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use strongroom_wire::{SecretField, TotpResetBegin, TotpResetConfirm, command};

use crate::ask::Terminal;
use crate::credentials::Proof;
use crate::enrol;
use crate::failure::Failure;
use crate::link::Context;

const AFTER: &str = "\
Needs the password and a code of the present authenticator, or, if it is lost, a recovery code. \
The old authenticator stays valid until the new one's first code is typed back.

With --json the first line is the new authenticator's URI, its code is then read from \
--new-totp-fd, and the second line is the result.";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Enrol a new authenticator in place of the present one
    #[command(after_long_help = AFTER)]
    Reset {
        /// Write the QR code to this new SVG file; delete it after scanning
        #[arg(long, value_name = "FILE")]
        qr: Option<PathBuf>,
        /// Read the new authenticator's first code from this descriptor
        #[arg(long, value_name = "N")]
        new_totp_fd: Option<i32>,
    },
}

#[derive(Serialize)]
struct Enrolment<'a> {
    otpauth: &'a SecretField,
    seed: &'a SecretField,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let What::Reset { qr, new_totp_fd } = arguments.what;
    context.open_vault()?;
    let step_up = context.step_up(Proof::CodeAndPassword)?;
    let begun = context.call::<command::totp_reset_begin>(TotpResetBegin { step_up })?;
    if let Some(path) = &qr {
        enrol::write_picture(path, &begun.otpauth)?;
    }
    if context.output.json {
        context.output.json(&Enrolment {
            otpauth: &begun.otpauth,
            seed: &begun.seed,
        })?;
    } else if qr.is_none() || new_totp_fd.is_none() {
        let mut terminal = Terminal::required("name a file with --qr, or use --json")?;
        enrol::show(&mut terminal, &begun.otpauth, &begun.seed)?;
    }
    let code: SecretField = match new_totp_fd {
        Some(number) => context.descriptors.line(number, "--new-totp-fd")?.into(),
        None => {
            let mut terminal = Terminal::required("give the code through --new-totp-fd N")?;
            terminal
                .secret("Code the new authenticator shows now: ")?
                .into()
        }
    };
    let done = context.call::<command::totp_reset_confirm>(TotpResetConfirm { code })?;
    context.output.done(&done, |_| {
        "The new authenticator is enrolled; the old one opens nothing any more.".to_owned()
    })?;
    Ok(ExitCode::SUCCESS)
}
