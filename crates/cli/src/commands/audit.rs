//! `strongroom audit`: the log, read, verified and exported.

use std::path::PathBuf;
use std::process::ExitCode;

use strongroom_wire::{AuditExport, AuditList, AuditPage, Nothing, command};

use crate::failure::Failure;
use crate::file_out::absolute;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
The log is an RFC 6962 Merkle tree with signed checkpoints. What it shows is exactly this: it was \
not tampered with since the last anchored checkpoint, and its entries come from a device's key.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Entries, newest first
    List(List),
    /// Recompute the log and prove that it continues what this device anchored
    Verify,
    /// Write the log with its signed checkpoint and proof, for whoever is to check it elsewhere
    Export {
        /// A new file
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct List {
    /// How many
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
    limit: u32,
    /// Of this key
    #[arg(long, value_name = "LABEL")]
    key: Option<String>,
    /// Of this event: unlock, reveal, add …
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Older than the entry with this number
    #[arg(long, value_name = "SEQ")]
    before: Option<u64>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let usual = List {
        limit: 50,
        key: None,
        event: None,
        before: None,
    };
    match arguments.what.unwrap_or(What::List(usual)) {
        What::List(list) => {
            let page = entries(list, context)?;
            context
                .output
                .result(&page, |page| table(page, context.output))?;
        }
        What::Verify => {
            let verified = context.call::<command::audit_verify>(Nothing {})?;
            context.output.result(&verified, |verified| {
                let anchored = match verified.anchored_size {
                    Some(size) => format!("{size} of them anchored on this device before"),
                    None => "none of them anchored on this device before".to_owned(),
                };
                let size = verified.size;
                let root = &verified.root;
                let signer = sanitise(&verified.checkpoint_signer);
                let claim = sanitise(&verified.claim);
                format!("{size} entries, {anchored}.\nRoot    {root}\nSigner  {signer}\n{claim}")
            })?;
        }
        What::Export { file } => {
            let path = absolute(&file)?;
            let written = context.call::<command::audit_export>(AuditExport { path })?;
            context.output.result(&written, |written| {
                format!(
                    "Wrote {} bytes to {}.",
                    written.bytes,
                    sanitise(&written.path)
                )
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// As many as were asked for, over as many pages as that takes.
fn entries(list: List, context: &mut Context) -> Result<AuditPage, Failure> {
    let mut whole = AuditPage {
        entries: Vec::new(),
        size: 0,
        next_before_seq: None,
    };
    let mut before = list.before;
    loop {
        let so_far = u32::try_from(whole.entries.len()).unwrap_or(u32::MAX);
        let mut page = context.call::<command::audit_list>(AuditList {
            before_seq: before,
            limit: list.limit.saturating_sub(so_far),
            key: list.key.clone(),
            event: list.event.clone(),
        })?;
        let is_last = page.entries.is_empty() || page.next_before_seq.is_none();
        whole.size = page.size;
        whole.next_before_seq = page.next_before_seq;
        whole.entries.append(&mut page.entries);
        let enough = usize::try_from(list.limit).is_ok_and(|limit| whole.entries.len() >= limit);
        if is_last || enough {
            return Ok(whole);
        }
        before = page.next_before_seq;
    }
}

fn table(page: &AuditPage, output: Output) -> String {
    if page.entries.is_empty() {
        return "No entry fits.".to_owned();
    }
    let mut table = Table::new(&[
        "SEQ", "WHEN", "EVENT", "KEY", "DECISION", "CLIENT", "DEVICE",
    ]);
    for entry in &page.entries {
        let key = entry
            .label
            .as_deref()
            .or(entry.entry_id.as_deref())
            .unwrap_or_default();
        table.row([
            entry.seq.to_string(),
            words::moment(entry.utc_ms),
            sanitise(&entry.event),
            sanitise(key),
            sanitise(&entry.decision),
            sanitise(&entry.client),
            sanitise(&entry.device).chars().take(8).collect(),
        ]);
    }
    table.print(output)
}
