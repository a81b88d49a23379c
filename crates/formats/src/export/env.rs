//! `.env`: `BINANCE_MAIN_API_KEY='…'`, each value in single quotes, so that a shell takes it as it
//! stands.
//!
//! A value that programs read differently, such as one that ends in a backslash, is not written at
//! all: a key that is wrong in one character fails at the exchange, later.

use std::collections::HashSet;

use strongroom_domain::Environment;
use strongroom_secret::SecretBytes;

use super::entry::ExportEntry;
use super::names::{Fits, field_words, names};
use super::{LeftOut, Written, keep};
use crate::env::{self, Line, read_env};
use crate::leaf::Value;
use crate::{FieldName, Options};

const HEAD: &str = "\
# Exchange keys in plaintext, written by Strongroom. Whoever reads this file can use them.
# `strongroom run` gives a program its keys without such a file.
";

pub(super) fn write(entries: &[ExportEntry]) -> Written {
    let (kept, mut left_out) = keep(entries, check);
    let chosen: Vec<&ExportEntry> = kept.iter().map(|index| &entries[*index]).collect();
    let mut text = String::with_capacity(room(&chosen));
    text.push_str(HEAD);
    let mut taken = HashSet::new();
    for (index, name) in kept.iter().zip(names(&chosen, Fits::If(is_understood))) {
        let entry = &entries[*index];
        let variables = variables(entry, &name);
        let twice = |variable: &String| taken.contains(variable);
        if let Some(place) = variables.iter().position(twice) {
            let field = entry.fields[place].name.clone();
            left_out.push((*index, LeftOut::NoPlace(field)));
            continue;
        }
        text.push('\n');
        for (field, variable) in entry.fields.iter().zip(&variables) {
            // EXPOSE: into the file that the person asked for with a fresh code.
            push_line(&mut text, variable, field.value.expose());
        }
        taken.extend(variables);
    }
    left_out.sort_by_key(|(index, _)| *index);
    Written {
        bytes: SecretBytes::new(text.into_bytes()),
        left_out,
    }
}

/// Every value must be read back by the strict reader of such files as it is, and no two fields
/// may want one variable.
fn check(entry: &ExportEntry) -> Result<(), LeftOut> {
    let variables = variables(entry, "x");
    for (place, (field, variable)) in entry.fields.iter().zip(&variables).enumerate() {
        if variables[..place].contains(variable) {
            return Err(LeftOut::NoPlace(field.name.clone()));
        }
        let mut line = String::with_capacity(field.value.len() * 4 + 80);
        // EXPOSE: written as it would be, and read again; the line is wiped when it is freed.
        push_line(&mut line, variable, field.value.expose());
        let leaves = read_env(line.as_bytes());
        let same = leaves.is_ok_and(|leaves| match leaves.as_slice() {
            [leaf] => {
                matches!(&leaf.place, Line::Assignment { name, .. } if name == variable)
                    // EXPOSE: compared.
                    && matches!(&leaf.value, Value::Text(text) if text == field.value.expose())
            }
            _ => false,
        });
        // EXPOSE: looked at for what no variable can hold.
        if !same || field.value.expose().contains('\0') {
            return Err(LeftOut::ReadDifferently(field.name.clone()));
        }
    }
    Ok(())
}

/// Whether the importer takes variables of this name for the key they are of: `BINANCE_SECRET` and
/// `API_KEY` together would be another field.
fn is_understood(entry: &ExportEntry, name: &str) -> bool {
    /// Any value that is no placeholder.
    const VALUE: &str = "k3Yz0";
    if entry.exchange.info().is_none() {
        return true;
    }
    let mut text = String::new();
    for variable in variables(entry, name) {
        push_line(&mut text, &variable, VALUE);
    }
    let Ok(leaves) = read_env(text.as_bytes()) else {
        return false;
    };
    let plan = env::plan(&leaves, &Options::default());
    let wanted = entry
        .fields
        .iter()
        .filter_map(|field| FieldName::parse(field.name.as_str()));
    let [draft] = plan.drafts.as_slice() else {
        // Fields of the person's own alone are no key to an importer.
        return plan.drafts.is_empty() && wanted.count() == 0;
    };
    let mut wanted: Vec<FieldName> = wanted.collect();
    let mut found: Vec<FieldName> = draft.fields.iter().map(|field| field.name).collect();
    wanted.sort_unstable();
    found.sort_unstable();
    wanted == found
        && draft.exchange.id == entry.exchange
        && draft.environment.unwrap_or(Environment::Production) == entry.environment
}

/// In the order of the fields.
fn variables(entry: &ExportEntry, name: &str) -> Vec<String> {
    let words = entry.fields.iter().map(|field| field_words(&field.name));
    words
        .map(|words| {
            let variable = format!("{name}_{words}");
            let variable = variable.to_ascii_uppercase().replace('-', "_");
            // A shell takes no name that begins with a digit.
            if variable.starts_with(|first: char| first.is_ascii_digit()) {
                format!("_{variable}")
            } else {
                variable
            }
        })
        .collect()
}

/// A quote inside ends the quoting, stands escaped, and quoting begins anew.
fn push_line(text: &mut String, variable: &str, value: &str) {
    text.push_str(variable);
    text.push_str("='");
    for (number, piece) in value.split('\'').enumerate() {
        if number > 0 {
            text.push_str("'\\''");
        }
        text.push_str(piece);
    }
    text.push_str("'\n");
}

fn room(entries: &[&ExportEntry]) -> usize {
    let fields = entries.iter().flat_map(|entry| &entry.fields);
    HEAD.len() + fields.map(|field| field.value.len() + 128).sum::<usize>()
}
