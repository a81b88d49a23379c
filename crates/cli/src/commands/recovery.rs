//! `strongroom recovery`: the kit, written and tested.

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{RecoveryKit, RecoveryTest, command};

use super::init::check_kit;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Write a new kit to a new file: a recovery secret and ten recovery codes; the old ones die
    Kit {
        /// A new file, to be printed and deleted
        file: PathBuf,
    },
    /// Try the secret on the printed kit, without changing anything
    Test {
        /// Read the kit's secret from this descriptor
        #[arg(long, value_name = "N")]
        recovery_secret_fd: Option<i32>,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    context.open_vault()?;
    match arguments.what {
        What::Kit { file } => {
            let path = absolute(&file)?;
            let by_script = context
                .global
                .totp_fd
                .or(context.global.recovery_code_fd)
                .is_some();
            let step_up = context.step_up(Proof::CodeAndPassword)?;
            let kit = context.call::<command::recovery_kit>(RecoveryKit { path, step_up })?;
            context.output.result(&kit, |kit| {
                format!(
                    "Recovery kit {} with {} is in {}. The kit before opens nothing any more.",
                    sanitise(&kit.fingerprint),
                    words::plural(i64::from(kit.recovery_codes), "recovery code"),
                    sanitise(&kit.path)
                )
            })?;
            if !by_script && !context.output.json {
                check_kit(&kit)?;
            }
        }
        What::Test { recovery_secret_fd } => {
            let recovery_secret = context.recovery_secret(recovery_secret_fd)?;
            let tested =
                context.call::<command::recovery_test>(RecoveryTest { recovery_secret })?;
            context.output.result(&tested, |tested| {
                let fingerprint = sanitise(&tested.fingerprint);
                if tested.works {
                    format!("The kit {fingerprint} works, together with the password.")
                } else {
                    "This secret does not open the vault: it is of another kit, or mistyped."
                        .to_owned()
                }
            })?;
            if !tested.works {
                return Ok(ExitCode::from(
                    strongroom_wire::ErrorCode::WrongCredentials.exit_code(),
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
