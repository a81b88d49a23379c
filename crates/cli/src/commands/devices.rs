//! `strongroom devices`: what can open the vault.

use std::process::ExitCode;

use strongroom_wire::{DeviceList, DeviceRemove, ErrorCode, Nothing, command};

use crate::clock::now_ms;
use crate::confirm::confirm;
use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Devices and the recovery kit
    List,
    /// Take a device's access away
    Remove {
        /// Id of the device, as `devices list` gives it
        id: String,
        /// It is meant: do not ask
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what.unwrap_or(What::List) {
        What::List => {
            let list = context.call::<command::device_list>(Nothing {})?;
            context
                .output
                .result(&list, |list| table(list, context.output))?;
        }
        What::Remove { id, yes } => {
            let list = context.call::<command::device_list>(Nothing {})?;
            let Some(device) = list.devices.iter().find(|device| device.id == id) else {
                return Err(Failure::new(
                    ErrorCode::NotFound,
                    "there is no device of that id; `strongroom devices` lists them",
                ));
            };
            let gone = format!(
                "{} will open this vault no more. What it copied before, it keeps: if it was \
                 lost, rotate the vault key too.",
                sanitise(&device.name)
            );
            confirm(yes, &gone, "remove")?;
            let step_up = context.step_up(Proof::CodeAndPassword)?;
            let done = context.call::<command::device_remove>(DeviceRemove { id, step_up })?;
            context
                .output
                .done(&done, |_| "The device is removed.".to_owned())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn table(list: &DeviceList, output: Output) -> String {
    let now = now_ms();
    let mut table = Table::new(&["NAME", "KIND", "ENROLLED", "SECRET", "", "ID"]);
    for device in &list.devices {
        table.row([
            sanitise(&device.name),
            sanitise(&device.kind),
            words::ago(device.enrolled_ms, now),
            device
                .place
                .map_or(String::new(), |place| words::place(place).to_owned()),
            match (device.damaged, device.this_device) {
                (true, _) => "damaged: change the password to repair it",
                (false, true) => "this device",
                (false, false) => "",
            }
            .to_owned(),
            device.id.clone(),
        ]);
    }
    table.print(output)
}
