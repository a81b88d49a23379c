//! `strongroom settings`: how the vault behaves.

use std::process::ExitCode;

use strongroom_wire::{ErrorCode, Nothing, Setting, SettingSet, SettingsView, command};

use crate::credentials::Proof;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::sanitise;
use crate::table::Table;

/// Changing how long a code lasts takes a code.
const NEEDS_CODE: &str = "grace-minutes";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// All settings with what they do
    List,
    /// One setting's value
    Get {
        /// Name of the setting
        name: String,
    },
    /// Change a setting
    Set {
        /// Name of the setting
        name: String,
        /// Its new value, as `settings list` explains it
        value: String,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    match arguments.what.unwrap_or(What::List) {
        What::List => {
            let view = context.call::<command::settings>(Nothing {})?;
            context
                .output
                .result(&view, |view| table(view, context.output))?;
        }
        What::Get { name } => {
            let view = context.call::<command::settings>(Nothing {})?;
            let setting = find(&view, &name)?;
            context
                .output
                .result(setting, |setting| sanitise(&setting.value))?;
        }
        What::Set { name, value } => {
            let step_up = if name == NEEDS_CODE {
                context.open_vault()?;
                Some(context.step_up(Proof::Code)?)
            } else {
                None
            };
            let view = context.call::<command::setting_set>(SettingSet {
                name: name.clone(),
                value,
                step_up,
            })?;
            let setting = find(&view, &name)?;
            context.output.done(setting, |setting| {
                format!("{} is {}.", setting.name, sanitise(&setting.value))
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn find<'a>(view: &'a SettingsView, name: &str) -> Result<&'a Setting, Failure> {
    view.settings
        .iter()
        .find(|setting| setting.name == name)
        .ok_or_else(|| {
            Failure::new(
                ErrorCode::NotFound,
                "there is no such setting; `strongroom settings` lists them",
            )
        })
}

fn table(view: &SettingsView, output: Output) -> String {
    let mut table = Table::new(&["SETTING", "VALUE", "WHAT IT DOES"]);
    for setting in &view.settings {
        let mut value = sanitise(&setting.value);
        if value.is_empty() {
            value = "–".to_owned();
        }
        if setting.value != setting.default {
            value = output.paint(Tone::Strong, &value);
        }
        table.row([setting.name.clone(), value, sanitise(&setting.help)]);
    }
    table.print(output)
}
