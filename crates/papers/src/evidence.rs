//! The pack of evidence of an incident: what is known, without secrets, as text and as JSON.
//!
//! Not here: gathering it.

use std::fmt::Write as _;

use serde::Serialize;
use strongroom_wire::{AuditEntry, HeldKey, IncidentView};

use crate::words::{allowlist_summary, cell, date, moment, standing};

/// Everything that is known of an incident.
#[derive(Debug, Serialize)]
pub struct Pack<'a> {
    incident: &'a IncidentView,
    /// What became of each key, in the order in which to act.
    clocks: Vec<Clock>,
    /// The audit log of the incident and its keys, oldest first.
    timeline: Vec<AuditEntry>,
    /// To those concerned, without secrets.
    message: Option<String>,
}

/// How long a key stayed alive.
#[derive(Debug, Serialize)]
pub struct Clock {
    pub key: String,
    pub label: String,
    pub contained_ms: Option<i64>,
    pub dead_ms: Option<i64>,
}

impl<'a> Pack<'a> {
    /// From an incident and its timeline; `message` is the template of its playbook.
    pub fn new(
        incident: &'a IncidentView,
        timeline: Vec<AuditEntry>,
        message: Option<&str>,
    ) -> Self {
        let last = |key: &HeldKey, event: &str| {
            let about = |entry: &&AuditEntry| entry.entry_id.as_ref() == Some(&key.id);
            let events = timeline.iter().rev().filter(about);
            let mut found = events.filter(|entry| entry.event == event);
            found.next().map(|entry| entry.utc_ms)
        };
        let clocks = incident
            .keys
            .iter()
            .map(|key| Clock {
                key: key.id.clone(),
                label: key.label.clone(),
                contained_ms: last(key, "revocation-begun"),
                dead_ms: last(key, "revocation-confirmed"),
            })
            .collect();
        let message = message.map(|text| {
            text.replace("{about}", &incident.about)
                .replace("{opened}", &date(incident.opened_ms))
                .replace("{count}", &incident.total.to_string())
        });
        Self {
            incident,
            clocks,
            timeline,
            message,
        }
    }

    /// For programs.
    ///
    /// # Errors
    /// None that is known: every part of it can be written.
    pub fn json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(self)
    }

    /// For people, and to be printed. Times are UTC: others read it elsewhere.
    pub fn markdown(&self) -> String {
        let incident = self.incident;
        let mut text = format!("# {}\n\n", cell(&incident.title));
        let _ = writeln!(
            text,
            "- About: {}\n- Playbook: {}\n- Opened: {}\n- Closed: {}\n- Keys: {}\n",
            cell(&incident.about),
            cell(&incident.playbook.id),
            moment(incident.opened_ms),
            incident.closed_ms.map_or_else(|| "open".to_owned(), moment),
            incident.total,
        );
        text.push_str(
            "This supports an account of what happened. It holds no secret. The audit log it \
             quotes is tamper-evident up to its last anchored checkpoint; it certifies nothing.\n\n",
        );
        text.push_str("## Keys, in the order in which to act\n\n");
        text.push_str(
            "| # | key | exchange | account | may | allowlist | state | contained | dead | held by |\n\
             |---|---|---|---|---|---|---|---|---|---|\n",
        );
        for (number, (key, clock)) in incident.keys.iter().zip(&self.clocks).enumerate() {
            let holds: Vec<String> = key
                .holds
                .iter()
                .map(|hold| {
                    let still = if hold.still { "" } else { " (before)" };
                    format!(
                        "{} since {}{still}",
                        cell(&hold.consumer),
                        date(hold.since_ms)
                    )
                })
                .collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                number + 1,
                cell(&key.label),
                cell(&key.exchange_name),
                cell(&key.account),
                cell(&key.class),
                allowlist_summary(key.allowlist),
                standing(key),
                clock.contained_ms.map(moment).unwrap_or_default(),
                clock.dead_ms.map(moment).unwrap_or_default(),
                holds.join(", "),
            );
        }
        if incident.gone > 0 {
            let _ = writeln!(text, "\nDeleted since: {}.", incident.gone);
        }
        text.push_str("\n## Steps\n\n");
        for step in &incident.playbook.steps {
            let _ = writeln!(text, "- [ ] {}", cell(step));
        }
        text.push_str("\n## Log\n\n");
        for note in &incident.notes {
            let key = note.key.as_ref().and_then(|id| {
                let found = incident.keys.iter().find(|key| key.id == *id)?;
                Some(format!("**{}**: ", cell(&found.label)))
            });
            let _ = writeln!(
                text,
                "- {} {}{}",
                moment(note.at_ms),
                key.unwrap_or_default(),
                cell(&note.text)
            );
        }
        text.push_str("\n## Root cause\n\n");
        match &incident.root_cause {
            Some(cause) => {
                let _ = writeln!(text, "{}\n", cell(cause));
            }
            None => text.push_str("Not known yet.\n\n"),
        }
        for question in &incident.playbook.questions {
            let _ = writeln!(
                text,
                "- {}\n  \n  ______________________________\n",
                cell(question)
            );
        }
        text.push_str("## To be done\n\n");
        let due = incident
            .notes
            .iter()
            .filter_map(|note| Some((note.due_ms?, note)));
        let mut due: Vec<_> = due.collect();
        due.sort_by_key(|(at, _)| *at);
        for (at, note) in &due {
            let _ = writeln!(text, "- [ ] until {}: {}", date(*at), cell(&note.text));
        }
        if due.is_empty() {
            text.push_str("Nothing was set a date.\n");
        }
        if let Some(message) = &self.message {
            let _ = writeln!(text, "\n## Message\n\n> {}", cell(message));
        }
        text.push_str(
            "\n## Timeline\n\n| when | what | key | through | decided |\n|---|---|---|---|---|\n",
        );
        for entry in &self.timeline {
            let about = entry.label.as_deref().or(entry.entry_id.as_deref());
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                moment(entry.utc_ms),
                cell(&entry.event),
                cell(about.unwrap_or_default()),
                cell(&entry.client),
                cell(&entry.decision),
            );
        }
        text
    }
}
