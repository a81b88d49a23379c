//! `strongroom expiring`: what expires or needs rotating soon.

use std::process::ExitCode;

use super::filter::Filter;
use crate::failure::Failure;
use crate::link::Context;
use crate::words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Due within this many days, or overdue
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    days: u32,
    #[command(flatten)]
    filter: Filter,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let days = arguments.days;
    arguments.filter.print(Some(days), context, || {
        let days = words::plural(i64::from(days), "day");
        format!("Nothing expires or needs rotating within {days}.")
    })?;
    Ok(ExitCode::SUCCESS)
}
