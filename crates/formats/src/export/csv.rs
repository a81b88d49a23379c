//! A table with a header (RFC 4180): one key a row, one column for each field that any of them has.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and a formula
//! beside a secret can send it away. Names that begin so get an apostrophe before them, which the
//! importer takes away again; a value that begins so and could be more than a key keeps its row
//! out of the table.

use std::collections::BTreeSet;

use strongroom_domain::FieldName;
use strongroom_secret::SecretBytes;

use super::entry::ExportEntry;
use super::{LeftOut, Written, keep};
use crate::csv::{MAX_COLUMNS, is_column_of_ours, looks_like_data};

/// What is known of a key beside its fields.
const ABOUT: [&str; 4] = ["label", "exchange", "account", "environment"];

pub(super) fn write(entries: &[ExportEntry]) -> Written {
    let (kept, left_out) = keep(entries, check);
    let mut columns: BTreeSet<(usize, &FieldName)> = BTreeSet::new();
    for index in &kept {
        columns.extend(names(&entries[*index]));
    }
    // A table has only so many columns; the fields of the fewest keys would be the last.
    let columns: Vec<&FieldName> = columns
        .into_iter()
        .map(|(_, name)| name)
        .take(MAX_COLUMNS - ABOUT.len())
        .collect();
    let mut left_out = left_out;
    let mut text = String::new();
    let head = ABOUT.into_iter();
    row(
        &mut text,
        head.chain(columns.iter().map(|name| name.as_str())),
    );
    for index in kept {
        let entry = &entries[index];
        let missing = entry
            .fields
            .iter()
            .find(|field| !columns.contains(&&field.name));
        if let Some(field) = missing {
            left_out.push((index, LeftOut::NoPlace(field.name.clone())));
            continue;
        }
        let about = [
            guarded(entry.label.as_str()),
            entry.exchange.as_str().to_owned(),
            guarded(
                entry
                    .account
                    .as_ref()
                    .map_or("", |account| account.as_str()),
            ),
            entry.environment.name().to_owned(),
        ];
        let values = columns.iter().map(|column| {
            let field = entry.fields.iter().find(|field| field.name == **column);
            // EXPOSE: into the file that the person asked for with a fresh code.
            field.map_or("", |field| field.value.expose())
        });
        row(&mut text, about.iter().map(String::as_str).chain(values));
    }
    left_out.sort_by_key(|(index, _)| *index);
    Written {
        bytes: SecretBytes::new(text.into_bytes()),
        left_out,
    }
}

fn names(entry: &ExportEntry) -> impl Iterator<Item = (usize, &FieldName)> {
    entry
        .fields
        .iter()
        .map(|field| (field.name.place(), &field.name))
}

fn check(entry: &ExportEntry) -> Result<(), LeftOut> {
    for field in &entry.fields {
        let name = field.name.as_str();
        let own = !field.name.is_known();
        // A field of the person's own must not be taken for something else when it is read.
        if own && (is_column_of_ours(name) || looks_like_data(name)) {
            return Err(LeftOut::NoPlace(field.name.clone()));
        }
        // EXPOSE: looked at for what a spreadsheet would do with it.
        if is_formula(field.value.expose()) {
            return Err(LeftOut::Formula(field.name.clone()));
        }
        // EXPOSE: looked at for what no table holds.
        if field.value.expose().contains('\0') {
            return Err(LeftOut::ReadDifferently(field.name.clone()));
        }
    }
    Ok(())
}

/// Whether a value could do something in a spreadsheet: it begins as a formula, and it has what a
/// call, a link or a reference elsewhere needs. Base64 and PEM have none of that.
fn is_formula(value: &str) -> bool {
    let harmless =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_' | '.');
    let white = |c: char| matches!(c, ' ' | '\n' | '\r');
    value.starts_with(crate::csv::FORMULA) && !value.chars().all(|c| harmless(c) || white(c))
}

fn guarded(name: &str) -> String {
    if name.starts_with(crate::csv::FORMULA) {
        format!("'{name}")
    } else {
        name.to_owned()
    }
}

fn row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(',');
        }
        let plain =
            !cell.contains([',', ';', '\t', '"', '\n', '\r']) && cell.trim().len() == cell.len();
        if plain {
            text.push_str(cell);
        } else {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        }
    }
    text.push_str("\r\n");
}
