//! Tables with a header: one key per row.
//!
//! Deliberately not here: formats of other programs with a meaning of their own beyond their
//! column names (password managers' exports).

mod cells;
mod columns;

use std::borrow::Cow;

use crate::collect::{Candidate, Collector, Group};
use crate::error::ImportError;
use crate::exchanges;
use crate::leaf::Value;
use crate::plan::{Ignored, ImportPlan, NotImported, Note, TakenAs, What};
use crate::{Options, Source, value};

pub(crate) use cells::{Cell, MAX_COLUMNS, Table, read_cells, read_csv};
pub use columns::{ColumnMapping, ColumnUse, HeaderNames, TableHeader};
pub(crate) use columns::{is_ours as is_column_of_ours, looks_like_data};

/// What a spreadsheet takes for the beginning of a formula.
pub(crate) const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The header alone, to choose a mapping by. The names are of the person's file.
pub fn table_header(bytes: &[u8], mappings: &[ColumnMapping]) -> Result<TableHeader, ImportError> {
    let table = read_csv(bytes)?;
    columns::understand(&table.header, table.header_line, mappings)
}

/// The names alone, to look up what was said of such a table before.
pub fn header_names(bytes: &[u8]) -> Result<HeaderNames, ImportError> {
    Ok(columns::names(&read_csv(bytes)?.header))
}

pub(crate) fn plan(table: &Table<'_>, options: &Options) -> Result<ImportPlan, ImportError> {
    let header = columns::understand(&table.header, table.header_line, &options.columns)?;
    let mut collector = Collector::over(&table.cells);
    collector.note(Note::Delimiter(match table.delimiter {
        b';' => "semicolon",
        b'\t' => "tab",
        _ => "comma",
    }));
    let mut start = 0;
    while start < table.cells.len() {
        let of = table.cells[start].place.of;
        row(start..start + of, table, &header, options, &mut collector);
        start += of;
    }
    let mut plan = collector.finish(Source::Csv, |cell| {
        header
            .columns
            .get(cell.column)
            .cloned()
            .unwrap_or_else(|| format!("column {}", cell.column + 1))
    });
    plan.table = Some(header);
    Ok(plan)
}

fn row(
    cells: std::ops::Range<usize>,
    table: &Table<'_>,
    header: &TableHeader,
    options: &Options,
    collector: &mut Collector<'_, '_, Cell>,
) {
    let expected = header.columns.len();
    let is_blank = |index: &usize| match &table.cells[*index].value {
        Value::Text(text) => text.trim().is_empty(),
        _ => true,
    };
    // Spreadsheets leave delimiters at the ends of rows; only a cell with content is one too many.
    let misfit =
        cells.len() < expected || !cells.clone().skip(expected).all(|cell| is_blank(&cell));
    if misfit {
        let reason = NotImported::WrongCellCount {
            found: cells.len(),
            expected,
        };
        for index in cells {
            if is_blank(&index) {
                collector.ignore(index, Ignored::Empty);
            } else {
                collector.refuse(index, reason);
            }
        }
        return;
    }

    let mut group = Group::default();
    for index in cells {
        let leaf = &table.cells[index];
        let column = leaf.place.column;
        if is_blank(&index) {
            collector.ignore(index, Ignored::Empty);
            continue;
        }
        match header.uses.get(column).copied().flatten() {
            None => {
                let name = header.columns.get(column).map_or("", String::as_str);
                collector.account(index, unmapped(name, &leaf.value));
            }
            Some(ColumnUse::LeftOut) => collector.ignore(index, Ignored::LeftOut),
            Some(ColumnUse::Field(TakenAs::Credential(field))) => {
                group.candidates.push(Candidate::new(field, 0, index));
            }
            Some(ColumnUse::Field(TakenAs::Environment)) => {
                match environment(
                    header.columns.get(column).map_or("", String::as_str),
                    &leaf.value,
                ) {
                    Some(environment) => {
                        group.environment = Some(environment);
                        group.said_by.push((index, TakenAs::Environment));
                    }
                    None => collector.refuse(index, NotImported::UnknownEnvironment),
                }
            }
            Some(ColumnUse::Field(field)) => match value::name(&unguarded(&leaf.value)) {
                Ok(name) => {
                    match field {
                        TakenAs::Exchange => group.exchange = name,
                        TakenAs::Label => group.label = Some(name),
                        _ => group.account = Some(name),
                    }
                    group.said_by.push((index, field));
                }
                Err(what) => collector.account(index, what),
            },
        }
    }
    if group.exchange.is_empty() {
        group.exchange = options.exchange.clone().unwrap_or_default();
    }
    if let Some(named) = exchanges::take_apart(&group.exchange) {
        group.environment = group.environment.or(named.environment);
        group.account = group.account.or(named.account);
    }
    group.account = group.account.or_else(|| options.account.clone());
    collector.add(
        group,
        What::NotImported {
            reason: NotImported::NoCredential,
        },
    );
}

/// A name without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn unguarded<'a>(value: &'a Value<'a>) -> Value<'a> {
    match value {
        Value::Text(text) => {
            let name = text.trim();
            let guarded = name
                .strip_prefix('\'')
                .filter(|name| name.starts_with(FORMULA));
            Value::Text(Cow::Borrowed(guarded.unwrap_or(name)))
        }
        _ => Value::Nothing,
    }
}

/// A word, or a yes or no in a column called `testnet` or `sandbox`.
fn environment(column: &str, value: &Value<'_>) -> Option<strongroom_domain::Environment> {
    let Value::Text(text) = value else {
        return None;
    };
    let word = text.trim().to_lowercase();
    if let Some(environment) = exchanges::environment_of(&word) {
        return Some(environment);
    }
    let asked = exchanges::environment_of(column)?;
    match word.as_str() {
        "true" | "yes" | "1" | "y" | "x" => Some(asked),
        "false" | "no" | "0" | "n" => Some(strongroom_domain::Environment::Production),
        _ => None,
    }
}

fn unmapped(name: &str, value: &Value<'_>) -> What {
    match value::stranger(name, value) {
        What::Ignored {
            reason: Ignored::Setting,
        } => What::NotImported {
            reason: NotImported::UnmappedColumn,
        },
        what => what,
    }
}
