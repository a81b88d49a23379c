//! `strongroom conflicts`: values that were changed on two sides, and choosing between them.

use std::process::ExitCode;

use strongroom_wire::{
    ConflictChosen, ConflictPage, ConflictResolve, ConflictRow, ConflictsResolved, command,
};

use crate::ask::Terminal;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::Output;
use crate::sanitise::sanitise;
use crate::table::Table;
use crate::words;

const AFTER: &str = "\
Where two people changed the same value without knowing of each other, both values are kept until \
somebody chooses. `resolve` asks one by one on the terminal; in a script --choose names the values.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Every conflict with its values
    List,
    /// Choose values, all in one act
    Resolve {
        /// A value by its id in the list; repeat for more, one for each conflict
        #[arg(long, value_name = "ID")]
        choose: Vec<String>,
    },
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let output = context.output;
    let conflicts = all(context)?;
    match arguments.what.unwrap_or(What::List) {
        What::List => output.result(&conflicts, |conflicts| table(conflicts, output))?,
        What::Resolve { choose } => {
            let choose = match choose.is_empty() {
                true => asked(&conflicts)?,
                false => named(&conflicts, &choose)?,
            };
            let resolved = match choose.is_empty() {
                true => ConflictsResolved {
                    resolved: 0,
                    left: u32::try_from(conflicts.len()).unwrap_or(u32::MAX),
                },
                false => context.call::<command::conflict_resolve>(ConflictResolve { choose })?,
            };
            output.done(&resolved, |done| {
                let settled = words::plural(i64::from(done.resolved), "conflict");
                match done.left {
                    0 => format!("Settled {settled}; none is left."),
                    left => format!("Settled {settled}; {left} left."),
                }
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn all(context: &mut Context) -> Result<Vec<ConflictRow>, Failure> {
    let mut conflicts = Vec::new();
    let mut offset = 0;
    loop {
        let mut page = context.call::<command::conflict_list>(ConflictPage { offset })?;
        conflicts.append(&mut page.conflicts);
        match page.next.filter(|next| *next > offset) {
            Some(next) => offset = next,
            None => return Ok(conflicts),
        }
    }
}

fn named(conflicts: &[ConflictRow], ids: &[String]) -> Result<Vec<ConflictChosen>, Failure> {
    ids.iter()
        .map(|id| {
            let has = |row: &&ConflictRow| row.values.iter().any(|value| value.write == *id);
            let row = conflicts.iter().find(has).ok_or_else(|| {
                Failure::new(
                    strongroom_wire::ErrorCode::NotFound,
                    "there is no such value to choose; nothing was changed",
                )
            })?;
            Ok(ConflictChosen {
                entry: row.entry.clone(),
                write: id.clone(),
            })
        })
        .collect()
}

/// One question a conflict; an empty answer leaves it as it is.
fn asked(conflicts: &[ConflictRow]) -> Result<Vec<ConflictChosen>, Failure> {
    if conflicts.is_empty() {
        return Ok(Vec::new());
    }
    let mut terminal = Terminal::required("name the values with --choose ID")?;
    let mut chosen = Vec::new();
    for row in conflicts {
        terminal.say(&format!("\n{}, {}:\n", sanitise(&row.label), row.what))?;
        for (number, value) in row.values.iter().enumerate() {
            let words = value
                .words
                .as_deref()
                .map_or("(secret)".to_owned(), sanitise);
            terminal.say(&format!(
                "  {}  {words}  ({}, {})\n",
                number + 1,
                sanitise(&value.who),
                words::moment(value.at_ms)
            ))?;
        }
        let answer = terminal.question("Which one stays (nothing leaves both): ")?;
        let value = answer.parse::<usize>().ok().and_then(|number| {
            let place = number.checked_sub(1)?;
            row.values.get(place)
        });
        match value {
            Some(value) => chosen.push(ConflictChosen {
                entry: row.entry.clone(),
                write: value.write.clone(),
            }),
            None if answer.is_empty() => {}
            None => {
                return Err(Failure::invalid(
                    "there is no such value; nothing was changed",
                ));
            }
        }
    }
    Ok(chosen)
}

fn table(conflicts: &[ConflictRow], output: Output) -> String {
    if conflicts.is_empty() {
        return "Nothing is in conflict.".to_owned();
    }
    let mut table = Table::new(&["KEY", "WHAT", "VALUE", "WHO", "WHEN", "ID"]);
    for row in conflicts {
        for value in &row.values {
            table.row([
                sanitise(&row.label),
                row.what.clone(),
                value
                    .words
                    .as_deref()
                    .map_or("(secret)".to_owned(), sanitise),
                sanitise(&value.who),
                words::moment(value.at_ms),
                value.write.clone(),
            ]);
        }
    }
    table.print(output)
}
