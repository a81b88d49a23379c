//! `strongroom report`: an inventory and an access review, without secrets, for people who check.
//!
//! Not here: what stands in them, which is the same whoever asks (`strongroom-papers`).

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_papers::{Report, ReportKind};
use strongroom_wire::KeysOf;

use super::holds::all as keys_of;
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::file_out;
use crate::link::Context;
use crate::sanitise::sanitise;

const AFTER: &str = "\
inventory has a line for each key, also retired ones. access-review has a line for each key and \
each holder, with room for the answer whether it is still needed. Neither holds a secret. They \
support a review; they are no certificate. With --json the format is json.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Which report
    #[arg(value_enum)]
    what: What,
    /// In which form
    #[arg(long, value_enum, default_value = "markdown")]
    format: Format,
    /// Write it to this file, which must not be there, in place of the standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Inventory,
    AccessReview,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Markdown,
    Csv,
    Json,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let held = keys_of(KeysOf::All {}, true, context)?;
    let kind = match arguments.what {
        What::Inventory => ReportKind::Inventory,
        What::AccessReview => ReportKind::AccessReview,
    };
    let format = match (context.output.json, arguments.format) {
        (true, _) | (_, Format::Json) => strongroom_papers::Format::Json,
        (_, Format::Csv) => strongroom_papers::Format::Csv,
        (_, Format::Markdown) => strongroom_papers::Format::Markdown,
    };
    let bytes = Report::new(kind, &held.keys, now_ms()).bytes(format);
    match arguments.output {
        None => context.output.bytes(&bytes)?,
        Some(path) => {
            file_out::write_new(&path, &bytes)?;
            let shown = sanitise(&file_out::absolute(&path)?);
            context.output.note(&format!("Wrote {shown}."));
        }
    }
    Ok(ExitCode::SUCCESS)
}
