//! `strongroom unlock`: opens the vault, here or on a new machine, and ends a rollback alarm.

use std::process::ExitCode;

use strongroom_wire::{
    AcknowledgeAlarm, DeviceSecretState, ErrorCode, Nothing, SecretPlace, StatusView, Unlock,
    UnlockNewDevice, Unlocked, VaultState, command,
};

use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::{Context, absent};
use crate::output::Tone;
use crate::sanitise::sanitise;
use crate::{values, words};

const AFTER: &str = "\
On a machine that has no device secret of this vault, or whose keyring was lost, use --recovery: \
the password, the recovery kit and a code open it, and this machine becomes a device of it.

A vault that is older than the last state this machine saw opens read-only, with an alarm. If \
you put it back knowingly, --acknowledge-alarm makes the state at hand the one to trust.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Open it with the recovery kit and enrol this machine
    #[arg(long)]
    recovery: bool,
    /// Read the kit's secret from this descriptor
    #[arg(long, value_name = "N", requires = "recovery")]
    recovery_secret_fd: Option<i32>,
    /// With --recovery: where this machine keeps its device secret
    #[arg(long, value_name = "PLACE", requires = "recovery", value_parser = values::place())]
    device_secret: Option<SecretPlace>,
    /// With --recovery: name of this machine; the host's name without it
    #[arg(long, value_name = "NAME", requires = "recovery")]
    device_name: Option<String>,
    /// End a rollback alarm: trust the vault as it is now
    #[arg(long, conflicts_with = "recovery")]
    acknowledge_alarm: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let status = context.call::<command::status>(Nothing {})?;
    if status.state == VaultState::Absent {
        return Err(absent());
    }
    if arguments.acknowledge_alarm {
        return acknowledge(&status, context);
    }
    if matches!(status.state, VaultState::Unlocked | VaultState::ReadOnly) {
        context
            .output
            .done(&status, |_| "The vault is open already.".to_owned())?;
        return Ok(ExitCode::SUCCESS);
    }
    let unlocked = if arguments.recovery {
        with_kit(arguments, &status, context)?
    } else {
        check_device_secret(&status, context)?;
        let password = context.password()?;
        let code = context.code()?;
        progress(context);
        context.call::<command::unlock>(Unlock { password, code })?
    };
    report(&unlocked, context)?;
    Ok(ExitCode::SUCCESS)
}

/// On a terminal the person is told before typing what the agent would say after it.
fn check_device_secret(status: &StatusView, context: &Context) -> Result<(), Failure> {
    if context.global.password_fd.is_some() {
        return Ok(());
    }
    let (code, why) = match status.device_secret {
        DeviceSecretState::Present => return Ok(()),
        DeviceSecretState::KeyringLocked => (
            ErrorCode::NoDeviceSecret,
            "the keyring is locked, and the device secret is in it: unlock the keyring, or use \
             the recovery kit with --recovery",
        ),
        DeviceSecretState::NoKeyring => (
            ErrorCode::NoKeyring,
            "no Secret Service answers here, and the device secret is in the keyring: start it, \
             or use the recovery kit with --recovery",
        ),
        DeviceSecretState::Missing => (
            ErrorCode::NoDeviceSecret,
            "this machine has no device secret of the vault: use the recovery kit with --recovery",
        ),
        DeviceSecretState::Ambiguous => (
            ErrorCode::NoDeviceSecret,
            "the keyring holds more than one device secret of this vault: remove the wrong one, \
             or use the recovery kit with --recovery",
        ),
    };
    Err(Failure::new(code, why))
}

fn with_kit(
    arguments: Arguments,
    status: &StatusView,
    context: &mut Context,
) -> Result<Unlocked, Failure> {
    let place = match (arguments.device_secret, status.device_secret) {
        (Some(place), _) => place,
        (None, DeviceSecretState::NoKeyring) => {
            return Err(Failure::new(
                ErrorCode::NoKeyring,
                "no Secret Service answers here: start one, or choose the file knowingly with \
                 --device-secret file; whoever has this disk then has the device secret too",
            ));
        }
        (None, _) => SecretPlace::Keyring,
    };
    let device_name = arguments.device_name.unwrap_or_else(host_name);
    let password = context.password()?;
    let recovery_secret = context.recovery_secret(arguments.recovery_secret_fd)?;
    let code = context.code()?;
    progress(context);
    context.call::<command::unlock_new_device>(UnlockNewDevice {
        password,
        recovery_secret,
        code,
        place,
        device_name,
    })
}

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "this machine".to_owned(),
        name => name.to_owned(),
    }
}

fn progress(context: &Context) {
    if !context.output.json {
        context.output.note("Deriving the key …");
    }
}

fn acknowledge(status: &StatusView, context: &mut Context) -> Result<ExitCode, Failure> {
    if status.state == VaultState::Locked {
        return Err(crate::link::locked());
    }
    let Some(alarm) = &status.alarm else {
        return Err(Failure::refused("there is no alarm to acknowledge"));
    };
    context.output.warn(&sanitise(alarm));
    let step_up = context.step_up(Proof::Code)?;
    let done = context.call::<command::acknowledge_alarm>(AcknowledgeAlarm { step_up })?;
    context.output.done(&done, |_| {
        "The alarm is ended: this state of the vault is the one this machine trusts.".to_owned()
    })?;
    Ok(ExitCode::SUCCESS)
}

fn report(unlocked: &Unlocked, context: &Context) -> Result<(), Failure> {
    let output = context.output;
    output.done(unlocked, |unlocked| {
        let keys = words::plural(i64::from(unlocked.keys), "key");
        format!("The vault is open: {keys}.")
    })?;
    if output.json {
        return Ok(());
    }
    if let Some(alarm) = &unlocked.rollback_alarm {
        output.warn(&output.paint(Tone::Red, &sanitise(alarm)));
    }
    if unlocked.failed_tries > 0 {
        let tries = match unlocked.failed_tries {
            1 => "1 wrong try".to_owned(),
            tries => format!("{tries} wrong tries"),
        };
        output.warn(&format!("{tries} since the last time it was opened"));
    }
    let spent = context.global.recovery_code_fd.is_some();
    if spent || unlocked.recovery_codes_left < 3 && has_kit(unlocked) {
        let left = words::plural(i64::from(unlocked.recovery_codes_left), "recovery code");
        output.warn(&format!(
            "{left} left; `strongroom recovery kit` makes ten new ones"
        ));
    }
    for note in &unlocked.notes {
        output.warn(&sanitise(note));
    }
    Ok(())
}

/// A vault without a kit has no codes to run out of; its notes say that it has none.
fn has_kit(unlocked: &Unlocked) -> bool {
    unlocked.recovery_codes_left > 0
}
