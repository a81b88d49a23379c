//! `strongroom list`: the keys, one a row.

use std::process::ExitCode;

use super::filter::{Filter, table};
use crate::clock::now_ms;
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
    let page = arguments.filter.rows(arguments.days, context)?;
    context.output.result(&page, |page| {
        if page.rows.is_empty() {
            return "No key fits. `strongroom add` records one; `strongroom import` takes them \
                    from a bot's configuration."
                .to_owned();
        }
        table(page, context.output, now_ms())
    })?;
    Ok(ExitCode::SUCCESS)
}
