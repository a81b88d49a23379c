//! `strongroom rotate-vault-key`: new keys for the vault after a suspected compromise.

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{RotateVaultKey, command};

use super::init::check_kit;
use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::sanitise::sanitise;
use crate::words;

const AFTER: &str = "\
Makes a new vault key, a new device secret, a new recovery kit and a new database, sealed anew. \
Other devices have to be enrolled again with the new kit; the old kit opens old backups only. \
The exchange keys themselves stay the same: if they may be known, rotate them at the exchange.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Write the new recovery kit to this new file
    #[arg(long, value_name = "FILE", required = true)]
    kit: PathBuf,
    /// It is meant: do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let kit_path = absolute(&arguments.kit)?;
    context.open_vault()?;
    confirm(
        arguments.yes,
        "Every other device loses its access until it is enrolled with the new kit, and the \
         recovery kit of today opens nothing but backups made before.",
        "rotate",
    )?;
    let by_script = context
        .global
        .totp_fd
        .or(context.global.recovery_code_fd)
        .is_some();
    let step_up = context.step_up(Proof::CodeAndPassword)?;
    if !context.output.json {
        context.output.note("Sealing everything anew …");
    }
    let rotated =
        context.call::<command::rotate_vault_key>(RotateVaultKey { kit_path, step_up })?;
    context.output.done(&rotated, |rotated| {
        let mut text = format!(
            "The vault has new keys, generation {}. The new recovery kit {} is in {}.",
            rotated.key_generation,
            sanitise(&rotated.kit.fingerprint),
            sanitise(&rotated.kit.path)
        );
        if rotated.devices_dropped > 0 {
            let devices = words::plural(i64::from(rotated.devices_dropped), "device");
            text.push_str(&format!(
                "\n{devices} must be enrolled again with the new kit."
            ));
        }
        if !rotated.backed_up {
            text.push_str(
                "\nNo backup under the new key could be made, so the old half is kept. Make one: \
                 `strongroom backup`.",
            );
        }
        text
    })?;
    if !by_script && !context.output.json {
        check_kit(&rotated.kit)?;
    }
    Ok(ExitCode::SUCCESS)
}
