//! `strongroom import`: records keys from a file, and takes them out of the file.
//!
//! Not here: reading the formats (the agent does, in formats), and rewriting the file (`replace`
//! and formats).

use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use strongroom_formats as formats;
use strongroom_wire::{
    ColumnMapping, ImportApplied, ImportApply, ImportKeys, ImportPage, ImportPlanView,
    ImportPreview, ImportUndo, command,
};

use super::import_preview;
use crate::ask::Terminal;
use crate::confirm::{agrees, confirm};
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::replace::{Original, Replaced};
use crate::values::parse_column;
use crate::words;

const AFTER: &str = "\
Reads freqtrade's config.json, ccxt-style keys.json, .env, CSV and Strongroom's own archives. Every value of the source is \
accounted for: taken, ignored and why, or not imported and why. Importing the same file again \
records nothing twice, and --undo takes an import back.

--replace then writes a reference, strongroom:LABEL/FIELD, where each imported value stood; \
everything else in the file stays as it is, byte for byte. Programs get the values from \
`strongroom run`. The disk, snapshots, backups and a git history may keep copies of the file as \
it was: a key that stood in plaintext is best rotated at the exchange.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The file to import
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// What the file is; by its content without it
    #[arg(long, value_name = "FORMAT", value_parser = ["freqtrade", "ccxt", "env", "csv", "strongroom"])]
    from: Option<String>,
    /// CSV: what a column is: exchange, account, environment, label, a field's name, or `-` to
    /// leave it out; repeat for each
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = parse_column)]
    column: Vec<ColumnMapping>,
    /// Exchange of keys for which the file names none
    #[arg(long, value_name = "EXCHANGE")]
    exchange: Option<String>,
    /// Exchange account of keys for which the file names none
    #[arg(long, value_name = "LABEL")]
    account: Option<String>,
    /// Show what would be imported, and stop
    #[arg(long)]
    dry_run: bool,
    /// Replace the imported values in the file by references to the vault
    #[arg(long, conflicts_with = "dry_run")]
    replace: bool,
    /// Leave the file alone and do not ask
    #[arg(long, conflicts_with = "replace")]
    no_replace: bool,
    /// Take an import back: this batch, or the latest
    #[arg(
        long,
        value_name = "BATCH",
        num_args = 0..=1,
        conflicts_with_all = ["file", "dry_run", "replace", "no_replace"]
    )]
    undo: Option<Option<String>>,
    /// Ask nothing: --undo is meant, and without --replace the file is left alone
    #[arg(long)]
    yes: bool,
}

/// `import --json`.
#[derive(Debug, Serialize)]
struct Outcome {
    plan: ImportPlanView,
    /// Absent after a dry run.
    applied: Option<ImportApplied>,
    replaced: Option<ReplacedView>,
}

#[derive(Debug, Serialize)]
struct ReplacedView {
    /// How many values the file points to now.
    references: usize,
    old_content_overwritten: bool,
    other_names: u64,
    in_git: bool,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if let Some(batch) = arguments.undo {
        return undo(batch, arguments.yes, context);
    }
    let path = arguments
        .file
        .as_deref()
        .ok_or_else(|| Failure::invalid("name a file"))?;
    let original = Original::read(path)?;
    let name_hint = original
        .path()
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let plan = whole_plan(
        ImportPreview {
            source: arguments.from.clone(),
            name_hint,
            columns: arguments.column.clone(),
            exchange: arguments.exchange.clone(),
            account: arguments.account.clone(),
            source_password: None,
        },
        &original,
        context,
    )?;
    let output = context.output;
    if !output.json && (arguments.dry_run || !output.quiet) {
        output.say(import_preview::page(&plan, output).trim_end())?;
    }
    let mut outcome = Outcome {
        plan,
        applied: None,
        replaced: None,
    };
    if !arguments.dry_run && !outcome.plan.drafts.is_empty() {
        let applied = apply(&outcome.plan.plan, context)?;
        if !output.json && !output.quiet {
            output.say(&said(&applied))?;
        }
        let wanted = arguments.replace
            || !arguments.no_replace && !arguments.yes && wants_replacement(&original, output)?;
        let options = options(&arguments)?;
        if wanted {
            let replaced = replace(original, &outcome.plan, &applied, &options);
            outcome.replaced = match replaced {
                Ok(view) => Some(view),
                Err(failure) => {
                    // The keys are recorded either way; only the file is as it was.
                    output.warn("the keys are recorded; the file still holds them");
                    return Err(failure);
                }
            };
        }
        if let (Some(view), false) = (&outcome.replaced, output.json) {
            say_replaced(view, output)?;
        }
        outcome.applied = Some(applied);
    }
    if output.json {
        output.json(&outcome)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// All pages of the plan together.
fn whole_plan(
    request: ImportPreview,
    original: &Original,
    context: &mut Context,
) -> Result<ImportPlanView, Failure> {
    let file = original.file().as_fd();
    let mut plan = context.call_with_file::<command::import_preview>(request, file)?;
    loop {
        let drafts_from = u32::try_from(plan.drafts.len()).unwrap_or(u32::MAX);
        let fields_from = u32::try_from(plan.fields.len()).unwrap_or(u32::MAX);
        if drafts_from >= plan.drafts_total && fields_from >= plan.fields_total {
            return Ok(plan);
        }
        let mut page = context.call::<command::import_page>(ImportPage {
            plan: plan.plan.clone(),
            drafts_from,
            fields_from,
        })?;
        if page.drafts.is_empty() && page.fields.is_empty() {
            return Ok(plan);
        }
        plan.drafts.append(&mut page.drafts);
        plan.fields.append(&mut page.fields);
    }
}

/// The plan is carried out; all pages of what was added together.
fn apply(plan: &str, context: &mut Context) -> Result<ImportApplied, Failure> {
    let mut applied = context.call::<command::import_apply>(ImportApply {
        plan: plan.to_owned(),
    })?;
    let mut offset = u32::try_from(applied.added.len()).unwrap_or(u32::MAX);
    while offset < applied.added_total {
        let mut page = context.call::<command::import_keys>(ImportKeys {
            batch: applied.batch.clone(),
            offset,
        })?;
        applied.added.append(&mut page.keys);
        match page.next.filter(|next| *next > offset) {
            Some(next) => offset = next,
            None => break,
        }
    }
    Ok(applied)
}

fn wants_replacement(original: &Original, output: Output) -> Result<bool, Failure> {
    if output.json || output.quiet {
        return Ok(false);
    }
    let Some(mut terminal) = Terminal::open() else {
        output.note("The file still holds the keys; --replace puts references in their place.");
        return Ok(false);
    };
    terminal.say(&warning(original.is_in_git()))?;
    agrees(
        &mut terminal,
        "Replace the values in the file by references to the vault?",
    )
}

fn warning(in_git: bool) -> String {
    let mut text = String::from(
        "\nThe file still holds the keys in plaintext. The disk, snapshots and backups may keep\n\
         copies of it whatever is written now",
    );
    text.push_str(if in_git {
        ", and so may the git history it lies in.\n"
    } else {
        ".\n"
    });
    text
}

fn options(arguments: &Arguments) -> Result<formats::Options, Failure> {
    let mut columns = Vec::new();
    for mapping in &arguments.column {
        let as_ = formats::ColumnUse::parse(&mapping.field)
            .ok_or_else(|| Failure::invalid("there is no such field for a column"))?;
        columns.push(formats::ColumnMapping {
            column: mapping.column.clone(),
            as_,
        });
    }
    Ok(formats::Options {
        exchange: arguments.exchange.clone(),
        account: arguments.account.clone(),
        columns,
    })
}

fn replace(
    original: Original,
    plan: &ImportPlanView,
    applied: &ImportApplied,
    options: &formats::Options,
) -> Result<ReplacedView, Failure> {
    let source = formats::Source::parse(&plan.source)
        .ok_or_else(|| Failure::refused("a file of this kind cannot be rewritten"))?;
    let mut replacements = Vec::new();
    for (draft, view) in plan.drafts.iter().enumerate() {
        let added = applied
            .added
            .iter()
            .find(|key| usize::try_from(key.draft).is_ok_and(|index| index == draft))
            .map(|key| key.label.clone());
        // A key recorded earlier is in the vault just the same.
        if let Some(label) = added.or_else(|| view.already.clone()) {
            replacements.push(formats::Replacement { draft, label });
        }
    }
    if replacements.is_empty() {
        return Err(Failure::refused(
            "nothing in the file is in the vault; it was left alone",
        ));
    }
    let references = replacements
        .iter()
        .filter_map(|replacement| plan.drafts.get(replacement.draft))
        .map(|draft| draft.fields.len())
        .sum();
    let in_git = original.is_in_git();
    // EXPOSE: the file's bytes, read once, are rewritten in memory that is wiped.
    let rewritten = formats::references(source, original.bytes().expose(), options, &replacements)
        .map_err(|refusal| Failure::refused(format!("the file was left as it is: {refusal}")))?;
    let Replaced {
        old_content_overwritten,
        other_names,
    } = original.replace(&rewritten)?;
    Ok(ReplacedView {
        references,
        old_content_overwritten,
        other_names,
        in_git,
    })
}

fn say_replaced(view: &ReplacedView, output: Output) -> Result<(), Failure> {
    let count = i64::try_from(view.references).unwrap_or(i64::MAX);
    let count = words::plural(count, "value");
    output.say(&format!(
        "The file now points to the vault: {count} replaced."
    ))?;
    if view.other_names > 0 {
        output.warn("the file has other names (hard links): they still hold the keys");
    }
    if view.in_git {
        output.warn("the file lies in a git work tree: its history may still hold the keys");
    }
    output.warn(
        "snapshots, backups and unused blocks of the disk may keep copies: a key that stood in \
         plaintext is best rotated at the exchange",
    );
    Ok(())
}

fn said(applied: &ImportApplied) -> String {
    let mut text = match applied.added_total {
        0 => "\nNothing new was recorded.".to_owned(),
        added => format!("\nRecorded {}.", words::plural(i64::from(added), "key")),
    };
    if applied.already > 0 {
        let already = words::plural(i64::from(applied.already), "key");
        text.push_str(&format!(" {already} stood in the vault already."));
    }
    if applied.added_total > 0 {
        text.push_str(&format!(
            "\n`strongroom import --undo {}` takes it back.",
            applied.batch
        ));
    }
    text
}

fn undo(batch: Option<String>, yes: bool, context: &mut Context) -> Result<ExitCode, Failure> {
    context.open_vault()?;
    confirm(
        yes,
        "The keys of this import will be gone from the vault, but for those changed since. If \
         their file was replaced by references, their values are then nowhere.",
        "undo",
    )?;
    let undone = context.call::<command::import_undo>(ImportUndo { batch })?;
    context.output.done(&undone, |undone| {
        let removed = words::plural(i64::from(undone.removed), "key");
        let mut text = format!("Removed {removed}.");
        if undone.kept > 0 {
            let kept = words::plural(i64::from(undone.kept), "key");
            text.push_str(&format!(" {kept} changed since stayed."));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
