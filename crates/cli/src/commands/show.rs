//! `strongroom show`: all that is recorded of a key, but no secret.

use std::process::ExitCode;

use strongroom_wire::{CheckScheduleView, KeySelector, KeyView, Tri, command};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::link::Context;
use crate::output::{Output, Tone};
use crate::sanitise::{sanitise, sanitise_lines};
use crate::strip::{LEGEND, VERBS, cells, of, strip};
use crate::table::{Table, pairs};
use crate::words;

#[derive(Debug, clap::Args)]
#[command(after_long_help = LEGEND)]
pub(crate) struct Arguments {
    /// Label or id of the key
    key: String,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let view = context.call::<command::show>(KeySelector { key: arguments.key })?;
    context
        .output
        .result(&view, |view| page(view, context.output, now_ms()))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn page(view: &KeyView, output: Output, now: i64) -> String {
    let row = &view.row;
    let mut text = format!("{}\n", output.paint(Tone::Strong, &sanitise(&row.label)));
    let mut lines = vec![
        (
            "Exchange",
            format!(
                "{}, account {}",
                sanitise(&row.exchange_name),
                sanitise(&row.account)
            ),
        ),
        (
            "Environment",
            words::environment(row.environment).to_owned(),
        ),
        ("State", state(view, output, now)),
        ("Type", words::key_type(view.key_type).to_owned()),
        ("Permissions", permissions(view, output)),
        ("Allowlist", words::allowlist(&view.allowlist)),
    ];
    if !view.native_permissions.is_empty() {
        lines.push(("At the exchange", words::names(&view.native_permissions)));
    }
    if let Some(expiry) = &row.expiry {
        let when = words::due(expiry, now);
        lines.push(("Expiry", format!("{when} ({})", sanitise(&expiry.cause))));
    } else {
        lines.push(("Expiry", "none recorded".to_owned()));
    }
    let others: Vec<String> = view.expiry_causes.iter().map(words::expiry_cause).collect();
    if others.len() > 1 {
        lines.push(("Causes recorded", others.join("; ")));
    }
    lines.push(("Rotation", rotation(view, now)));
    lines.push(("Created", words::ago(view.created_ms, now)));
    lines.push(("Last rotated", words::ago(row.last_rotated_ms, now)));
    if let Some(used) = view.last_used_ms {
        lines.push(("Last used", words::ago(used, now)));
    }
    if let Some(asked) = view.observed_ms {
        lines.push(("Observed", words::ago(asked, now)));
    }
    if let Some(schedule) = &view.check_schedule {
        lines.push(("Asked by itself", asked_by_itself(schedule, now)));
    }
    if let Some(observation) = &view.observation {
        for change in &observation.drift {
            lines.push((
                "Changed there",
                output.paint(Tone::Amber, &sanitise(change)),
            ));
        }
    }
    for (name, value) in [("Purpose", &view.purpose), ("Owner", &view.owner)] {
        if let Some(value) = value {
            lines.push((name, sanitise(value)));
        }
    }
    if !row.consumers.is_empty() {
        lines.push(("Held by", words::names(&row.consumers)));
    }
    if !row.tags.is_empty() {
        lines.push(("Tags", words::names(&row.tags)));
    }
    if let Some(notes) = &view.notes {
        lines.push(("Notes", sanitise_lines(notes)));
    }
    if let Some(warning) = &view.notes_warning {
        lines.push(("", output.paint(Tone::Amber, &sanitise(warning))));
    }
    let fields: Vec<String> = view.fields.iter().map(|field| field.name.clone()).collect();
    lines.push(("Fields", words::names(&fields)));
    lines.push(("Id", row.id.clone()));
    text.push_str(&pairs(&lines, output));
    text.push_str(&versions(view, output));
    text.push_str(&conflicts(view, output));
    text
}

fn state(view: &KeyView, output: Output, now: i64) -> String {
    let mut text = words::state(view.row.state).to_owned();
    if let Some(since) = view.compromised_since_ms {
        let word = format!(", compromised {}", words::ago(since, now));
        text.push_str(&output.paint(Tone::Red, &word));
    }
    text
}

/// The strip, and what it says in words: granted, then what is not known.
fn permissions(view: &KeyView, output: Output) -> String {
    let row = &view.row;
    let named = |wanted: Tri| {
        let verbs = VERBS
            .iter()
            .filter(|(verb, _)| of(&row.declared, *verb) == wanted);
        verbs
            .map(|(verb, _)| words::verb(*verb))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut parts = Vec::new();
    for (tri, word) in [(Tri::Yes, ""), (Tri::Unknown, "unknown: ")] {
        let verbs = named(tri);
        if !verbs.is_empty() {
            parts.push(format!("{word}{verbs}"));
        }
    }
    if parts.is_empty() {
        parts.push("nothing".to_owned());
    }
    let mut text = format!("{}  {}", strip(row, output), parts.join("; "));
    if let Some(observed) = row.observed.filter(|observed| *observed != row.declared) {
        text.push_str(&format!("\n{}  observed at the exchange", cells(&observed)));
    }
    text
}

fn asked_by_itself(schedule: &CheckScheduleView, now: i64) -> String {
    let every = words::every(schedule.every_days);
    match (schedule.last_ms, schedule.last_outcome) {
        (Some(last), Some(outcome)) => format!(
            "{every}; {}: {}",
            words::ago(last, now),
            words::check_outcome(outcome)
        ),
        _ => format!("{every}; not yet"),
    }
}

fn rotation(view: &KeyView, now: i64) -> String {
    let every = words::plural(i64::from(view.rotation_days), "day");
    let whose = if view.rotation_override.is_some() {
        "set for this key"
    } else {
        "as its class has it"
    };
    match &view.row.rotation {
        Some(due) => format!("{}, every {every}, {whose}", words::due(due, now)),
        None => format!("every {every}, {whose}"),
    }
}

fn versions(view: &KeyView, output: Output) -> String {
    if view.versions.len() < 2 {
        return String::new();
    }
    let mut table = Table::new(&["VERSION", "STATE", "MADE", "SECRET"]);
    for version in &view.versions {
        let fields: Vec<String> = version
            .fields
            .iter()
            .map(|field| field.name.clone())
            .collect();
        let secret = if version.purged {
            "purged".to_owned()
        } else {
            words::names(&fields)
        };
        table.row([
            version.id.clone(),
            words::version_state(version.state).to_owned(),
            words::moment(version.made_ms),
            secret,
        ]);
    }
    format!("\n{}", table.print(output))
}

fn conflicts(view: &KeyView, output: Output) -> String {
    if view.conflicts.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["IN CONFLICT", "VALUE", "WRITTEN", "ID"]);
    for conflict in &view.conflicts {
        for value in &conflict.values {
            table.row([
                sanitise(&conflict.register),
                sanitise(&value.value),
                words::moment(value.at_ms),
                value.write_id.clone(),
            ]);
        }
    }
    format!(
        "\n{}`strongroom edit {} --resolve ID` says which holds.\n",
        table.print(output),
        view.row.id
    )
}

#[cfg(test)]
mod tests {
    use super::super::filter;
    use super::*;
    use strongroom_wire::KeyPage;

    /// Noon of 23 November 2026.
    const NOW: i64 = 1_795_435_200_000;

    fn view() -> KeyView {
        serde_json::from_value(serde_json::json!({
            "row": {
                "id": "497ed68220055e89fadff6e65c145b12", "label": "grid \u{202e}evil\u{1b}[31m",
                "exchange": "binance", "exchange_name": "Binance", "account": "K\u{f6}ln 東京",
                "environment": "production", "state": "rotating", "compromised": true,
                "declared": {"read": "yes", "spot": "yes", "margin": "unknown", "derivatives": "no",
                    "transfer": "no", "withdraw": "yes", "sub_accounts": "no", "key_admin": "unknown"},
                "observed": {"read": "yes", "spot": "yes", "margin": "yes", "derivatives": "no",
                    "transfer": "no", "withdraw": "yes", "sub_accounts": "no", "key_admin": "no"},
                "allowlist": {"kind": "unrestricted"},
                "expiry": {"at_ms": 0, "date": "2026-12-05", "days": 12, "cause": "fixed date"},
                "rotation": {"at_ms": 1, "date": "2027-01-22", "days": 60,
                    "cause": "90 days since the last rotation"},
                "last_rotated_ms": 1_790_000_000_000_i64, "tags": ["a", "b"],
                "consumers": ["freqtrade", "Koinly"], "conflict": true, "has_secret": true, "excess": []
            },
            "key_type": "hmac", "purpose": "bot", "owner": "Ada",
            "notes": "first\n\u{7}second", "notes_warning": "the notes look as if they held a secret",
            "allowlist": {"kind": "unrestricted"}, "native_permissions": ["enableSpotTrading"],
            "expiry_causes": [{"kind": "no-allowlist", "days": 90}, {"kind": "inactivity", "days": 1}],
            "rotation_override": 90, "rotation_days": 90, "created_ms": 1_790_000_000_000_i64,
            "last_used_ms": null, "observed_ms": 1_795_400_000_000_i64,
            "observation": {"at_ms": 1_795_400_000_000_i64, "allowlist": {"kind": "unrestricted"},
                "expires_ms": null, "created_ms": null, "last_used_ms": null, "label": null,
                "stopped": null, "native": [], "unknown_words": [],
                "drift": ["The allowlist is gone: any address may use the key."]},
            "check_schedule": {"every_days": 7, "next_ms": 1_796_000_000_000_i64,
                "last_ms": 1_795_400_000_000_i64, "last_outcome": "no-answer"},
            "compromised_since_ms": 1_795_400_000_000_i64,
            "fields": [{"name": "apiKey", "secret": false}, {"name": "secret", "secret": true}],
            "versions": [],
            "conflicts": []
        }))
        .expect("a view of the contract")
    }

    #[test]
    fn the_page_shows_all_and_nothing_of_it_moves_the_cursor() {
        let text = page(&view(), Output::words_only(), NOW);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_list_is_a_row_a_key() {
        let mut other = view().row;
        other.label = "okx-watch".to_owned();
        (other.compromised, other.conflict, other.observed) = (false, false, None);
        other.expiry = None;
        let mut table = filter::table();
        let output = Output::words_only();
        for row in [view().row, other] {
            table.row(filter::cells(&row, output, NOW));
        }
        insta::assert_snapshot!(table.print(output));
    }

    #[test]
    fn a_page_is_printed_as_the_agent_wrote_it() {
        let page = KeyPage {
            rows: vec![view().row],
            total: 2,
            next: Some(1),
        };
        let written = serde_json::to_string(&page).expect("json");
        let unread: filter::UnreadPage = serde_json::from_str(&written).expect("a page");
        assert_eq!(serde_json::to_string(&unread).expect("json"), written);
    }
}
