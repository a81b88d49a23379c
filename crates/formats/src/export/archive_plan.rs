//! An import from our own archive: every key with all that is recorded of it.
//!
//! Versions of a secret that were not in use are accounted for and not taken: a key that is
//! recorded anew has one secret.

use std::collections::HashSet;

use strongroom_domain::KeyLabel;

use super::archive::{is_archive, read_archive};
use super::entry::ExportEntry;
use crate::plan::{
    Draft, DraftExchange, DraftField, DraftRecord, FieldAccount, Ignored, ImportPlan, NotImported,
    Note, Place, TakenAs, What,
};
use crate::text::read_text;
use crate::{FieldName, ImportError, Source};

pub(crate) fn plan(bytes: &[u8]) -> Result<ImportPlan, ImportError> {
    if !is_archive(bytes) {
        // What is no text at all is said as for every other source.
        read_text(bytes)?;
    }
    let archive = read_archive(bytes)?;
    let mut labels = HashSet::new();
    let mut plan = ImportPlan {
        source: Source::Strongroom,
        drafts: Vec::new(),
        fields: Vec::new(),
        notes: Vec::new(),
        table: None,
    };
    let keys = archive.entries.into_iter().zip(archive.lines);
    for (number, (entry, line)) in keys.enumerate() {
        let draft = (!entry.fields.is_empty()).then_some(plan.drafts.len());
        account(&entry, number, line, draft, &mut plan.fields);
        if draft.is_some() {
            let label = free_label(&entry.label, &mut labels);
            plan.drafts.push(drafted(entry, label));
        }
    }
    if plan.drafts.is_empty() {
        plan.notes.push(Note::NothingFound);
    }
    Ok(plan)
}

/// The label itself, or the next number behind it where an earlier key has it.
fn free_label(label: &KeyLabel, taken: &mut HashSet<String>) -> String {
    let short: String = label.as_str().chars().take(KeyLabel::MOST - 8).collect();
    let mut free = label.to_string();
    let mut number = 2;
    while !taken.insert(free.clone()) {
        free = format!("{} {number}", short.trim_end());
        number += 1;
    }
    free
}

/// Every member of a key's object, in its order.
fn account(
    entry: &ExportEntry,
    number: usize,
    line: u32,
    draft: Option<usize>,
    accounts: &mut Vec<FieldAccount>,
) {
    let mut push = |name: String, what| {
        let name = format!("keys.{number}.{name}");
        let where_ = Place { name, line };
        accounts.push(FieldAccount { where_, what });
    };
    let taken = |field| match draft {
        Some(draft) => What::Taken { draft, field },
        None => What::NotImported {
            reason: NotImported::NoSecret,
        },
    };
    push("label".to_owned(), taken(TakenAs::Label));
    push("exchange".to_owned(), taken(TakenAs::Exchange));
    if entry.account.is_some() {
        push("account".to_owned(), taken(TakenAs::Account));
    }
    push("environment".to_owned(), taken(TakenAs::Environment));
    for field in &entry.fields {
        let what = match FieldName::parse(field.name.as_str()) {
            Some(name) => TakenAs::Credential(name),
            None => TakenAs::Record,
        };
        push(format!("fields.{}", field.name), taken(what));
    }
    push("(its record)".to_owned(), taken(TakenAs::Record));
    for version in 0..entry.other_versions.len() {
        let reason = NotImported::OtherVersion;
        push(
            format!("other_versions.{version}"),
            What::NotImported { reason },
        );
    }
    let reason = Ignored::Derived;
    push("id".to_owned(), What::Ignored { reason });
    for (is_there, name) in [
        (entry.expires.is_some(), "expires_ms"),
        (entry.url.is_some(), "url"),
    ] {
        if is_there {
            push(name.to_owned(), What::Ignored { reason });
        }
    }
}

/// Values are taken as they are: nothing is trimmed, and none is a placeholder.
fn drafted(entry: ExportEntry, label: String) -> Draft {
    let (mut fields, mut other_fields) = (Vec::new(), Vec::new());
    for field in entry.fields {
        match FieldName::parse(field.name.as_str()) {
            Some(name) => fields.push(DraftField {
                name,
                value: field.value,
            }),
            None => other_fields.push(field),
        }
    }
    Draft {
        exchange: DraftExchange {
            raw: entry.exchange.as_str().to_owned(),
            id: entry.exchange,
        },
        label,
        account: entry.account.map(|account| account.to_string()),
        environment: Some(entry.environment),
        fields,
        warnings: Vec::new(),
        record: Some(Box::new(DraftRecord {
            details: entry.details,
            state: entry.state,
            compromised: entry.compromised,
            other_fields,
        })),
    }
}
