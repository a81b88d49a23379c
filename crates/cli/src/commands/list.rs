//! `strongroom list`: the keys, one a row.

use std::process::ExitCode;

use super::filter::Filter;
use crate::failure::Failure;
use crate::link::Context;
use crate::strip::LEGEND;

#[derive(Debug, clap::Args)]
#[command(after_long_help = LEGEND)]
pub(crate) struct Arguments {
    #[command(flatten)]
    filter: Filter,
    /// Whose expiry or rotation is due within this many days, or overdue
    #[arg(long, value_name = "DAYS", help_heading = "Which keys")]
    days: Option<u32>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    arguments.filter.print(arguments.days, context, || {
        "No key fits. `strongroom add` records one; `strongroom import` takes them from a bot's \
         configuration."
            .to_owned()
    })?;
    Ok(ExitCode::SUCCESS)
}
