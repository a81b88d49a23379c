//! Reports: an inventory and an access review, without secrets, for people who check.
//!
//! Not here: judging anything. A report supports a review and certifies nothing.

use std::fmt::Write as _;

use serde::Serialize;
use strongroom_wire::HeldKey;

use crate::sanitise::sanitise;
use crate::words::{allowlist_summary, cell, date, environment, standing};

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// A line for each key, also retired ones.
    Inventory,
    /// A line for each key and each holder, with room for the answer whether it is still needed.
    AccessReview,
}

/// A line of a list of keys to rotate. Whoever makes the list has put it in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotateLine {
    pub exchange: String,
    pub account: String,
    pub label: String,
    /// `withdraw`, `trade` or `read`: its highest right.
    pub class: String,
    /// Why, as one clause.
    pub reason: String,
    /// A date.
    pub due: String,
    pub owner: String,
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Csv,
    Json,
}

/// A table with its heads.
#[derive(Debug, Serialize)]
pub struct Report {
    report: &'static str,
    made_ms: i64,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Report {
    /// Of these keys, as of a moment.
    pub fn new(kind: ReportKind, keys: &[HeldKey], made_ms: i64) -> Self {
        match kind {
            ReportKind::Inventory => inventory(keys, made_ms),
            ReportKind::AccessReview => access_review(keys, made_ms),
        }
    }

    /// What is to be rotated, and why.
    pub fn rotate_list(lines: &[RotateLine], made_ms: i64) -> Self {
        let rows = lines.iter().map(|line| {
            vec![
                line.exchange.clone(),
                line.account.clone(),
                line.label.clone(),
                line.class.clone(),
                line.reason.clone(),
                line.due.clone(),
                line.owner.clone(),
            ]
        });
        Self {
            report: "rotate list",
            made_ms,
            columns: vec![
                "exchange", "account", "key", "may", "reason", "due", "owner",
            ],
            rows: rows.collect(),
        }
    }

    /// Lines without the heads.
    pub fn lines(&self) -> usize {
        self.rows.len()
    }

    pub fn bytes(&self, format: Format) -> Vec<u8> {
        match format {
            Format::Markdown => self.markdown().into_bytes(),
            Format::Csv => self.csv().into_bytes(),
            Format::Json => {
                let mut line = serde_json::to_vec(self).unwrap_or_default();
                line.push(b'\n');
                line
            }
        }
    }

    fn markdown(&self) -> String {
        let mut text = format!(
            "# {}\n\nMade on {}. It holds no secret. It supports a review and certifies \
             nothing: it says what was recorded here.\n\n",
            match self.report {
                "inventory" => "Inventory of exchange keys",
                "rotate list" => "Exchange keys to rotate",
                _ => "Access review of exchange keys",
            },
            date(self.made_ms)
        );
        let _ = writeln!(text, "| {} |", self.columns.join(" | "));
        let _ = writeln!(text, "|{}", "---|".repeat(self.columns.len()));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }

    fn csv(&self) -> String {
        let mut text = String::new();
        let heads = self.columns.iter().map(|head| field(head));
        let _ = write!(text, "{}\r\n", heads.collect::<Vec<_>>().join(","));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|text| field(text)).collect();
            let _ = write!(text, "{}\r\n", cells.join(","));
        }
        text
    }
}

fn inventory(keys: &[HeldKey], made_ms: i64) -> Report {
    let rows = keys.iter().map(|key| {
        let due = |due: &Option<strongroom_wire::Due>| {
            due.as_ref().map(|due| due.date.clone()).unwrap_or_default()
        };
        vec![
            key.label.clone(),
            key.exchange_name.clone(),
            key.account.clone(),
            environment(key.environment).to_owned(),
            key.class.clone(),
            allowlist_summary(key.allowlist),
            standing(key),
            key.owner.clone().unwrap_or_default(),
            holders(key),
            date(key.last_rotated_ms),
            key.last_used_ms.map(date).unwrap_or_default(),
            due(&key.expiry),
            due(&key.rotation),
            key.id.clone(),
        ]
    });
    Report {
        report: "inventory",
        made_ms,
        columns: vec![
            "key",
            "exchange",
            "account",
            "environment",
            "may",
            "allowlist",
            "state",
            "owner",
            "held by",
            "rotated",
            "last used",
            "expires",
            "rotate by",
            "id",
        ],
        rows: rows.collect(),
    }
}

fn access_review(keys: &[HeldKey], made_ms: i64) -> Report {
    let mut rows = Vec::new();
    for key in keys {
        let row = |holder: &str, since: String| {
            vec![
                holder.to_owned(),
                key.label.clone(),
                key.exchange_name.clone(),
                key.class.clone(),
                allowlist_summary(key.allowlist),
                standing(key),
                key.owner.clone().unwrap_or_default(),
                since,
                String::new(),
                String::new(),
            ]
        };
        let still = key.holds.iter().filter(|hold| hold.still);
        let before = rows.len();
        rows.extend(still.map(|hold| row(&hold.consumer, date(hold.since_ms))));
        if rows.len() == before {
            rows.push(row("nobody recorded", String::new()));
        }
    }
    Report {
        report: "access review",
        made_ms,
        columns: vec![
            "holder",
            "key",
            "exchange",
            "may",
            "allowlist",
            "state",
            "owner",
            "since",
            "still needed?",
            "reviewed by, on",
        ],
        rows,
    }
}

fn holders(key: &HeldKey) -> String {
    let still = key.holds.iter().filter(|hold| hold.still);
    let names: Vec<&str> = still.map(|hold| hold.consumer.as_str()).collect();
    names.join(", ")
}

/// A field of a table. What a spreadsheet would take for a formula is made a text.
fn field(text: &str) -> String {
    let text = sanitise(text);
    let formula = text.starts_with(['=', '+', '-', '@']);
    let guarded = if formula { format!("'{text}") } else { text };
    if guarded.contains([',', '"', '\n', '\r']) || formula {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_keys_to_rotate_is_this() {
        let line = |label: &str, class: &str| RotateLine {
            exchange: "Binance".to_owned(),
            account: "main".to_owned(),
            label: label.to_owned(),
            class: class.to_owned(),
            reason: "a person who held it has left".to_owned(),
            due: "2026-12-01".to_owned(),
            owner: "Ada".to_owned(),
        };
        let lines = [line("=treasury", "withdraw"), line("grid, two", "trade")];
        let list = Report::rotate_list(&lines, 1_790_000_000_000);
        assert_eq!(list.lines(), 2);
        let csv = String::from_utf8(list.bytes(Format::Csv)).expect("text");
        let markdown = String::from_utf8(list.bytes(Format::Markdown)).expect("text");
        insta::assert_snapshot!(format!("{}\n{markdown}", csv.replace("\r\n", "\n")));
    }

    #[test]
    fn a_table_holds_no_formula_and_keeps_its_columns() {
        for (text, expected) in [
            ("grid", "grid"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("-1", "\"'-1\""),
        ] {
            assert_eq!(field(text), expected);
        }
    }
}
