//! `strongroom incident`: from "something happened" to a pack of evidence.
//!
//! Not here: which keys somebody ever held, and ending them at their exchanges.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use strongroom_papers::{Pack, Playbook, playbooks, standing};
use strongroom_wire::{
    IncidentClose, IncidentList, IncidentNote, IncidentOpen, IncidentPage, IncidentSelect,
    IncidentTimeline, IncidentView, KeysOf, Nothing, command,
};

use super::holds::{Whose, all as keys_of};
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::file_out;
use crate::link::Context;
use crate::output::Output;
use crate::playbook::find;
use crate::sanitise::sanitise;
use crate::table::{Table, pairs};
use crate::when::{Moment, parse_end};
use crate::words;

const AFTER: &str = "\
  strongroom incident open vendor-breached --vendor Acme
  strongroom incident contain
  strongroom incident note --key grid 'ended at the exchange, its history looks clean'
  strongroom revoke grid --confirmed
  strongroom incident close --root-cause 'their support tool could read keys of customers'
  strongroom incident pack evidence

It selects what somebody ever held, also retired keys, and orders it: what can withdraw first, \
then what trades, then what reads. Containing is one act: none of the keys is given out any more. \
Without --incident the newest open one is meant. It works without a network; Strongroom ends no \
key by itself.";

#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The playbooks of the program
    Playbooks,
    /// Print a playbook as a file to edit; --playbook takes such a file
    Playbook {
        /// Its name
        name: String,
    },
    /// Open an incident over the keys that are concerned
    Open {
        /// A playbook of the program, or the path of a file
        playbook: String,
        #[command(flatten)]
        whose: Whose,
        /// What to call it
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Say which keys it would be, and open nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Every incident, newest first
    List,
    /// An incident: its steps, its keys in the order in which to act, its log
    Show(Selector),
    /// Contain every key of it in one act
    Contain {
        #[command(flatten)]
        incident: Selector,
        /// It is meant: do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Write a line into its log
    Note {
        #[command(flatten)]
        incident: Selector,
        /// What was seen or done; never a secret
        text: String,
        /// The key it is about
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Something to be done until then
        #[arg(long, value_name = "DATE", value_parser = parse_end)]
        due: Option<Moment>,
    },
    /// Close it with what it came of
    Close {
        #[command(flatten)]
        incident: Selector,
        /// What let it happen
        #[arg(long, value_name = "TEXT")]
        root_cause: String,
    },
    /// Write the evidence as Markdown and as JSON: NAME.md and NAME.json, which must not be there
    Pack {
        #[command(flatten)]
        incident: Selector,
        /// The files' name without its ending
        name: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Selector {
    /// Title or id of the incident
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let output = context.output;
    match arguments.what {
        What::Playbooks => {
            let all: Vec<Playbook> = playbooks().collect();
            output.result(&all, |all| playbook_table(all, output))?;
        }
        What::Playbook { name } => {
            let found = find(&name)?;
            let text = serde_json::to_string_pretty(&found).unwrap_or_default();
            output.bytes(format!("{text}\n").as_bytes())?;
        }
        What::Open {
            playbook,
            whose,
            title,
            dry_run,
        } => {
            let playbook = find(&playbook)?;
            let whose = whose.keys_of();
            if dry_run {
                let held = keys_of(whose, true, context)?;
                output.result(&held, |held| key_table(&held.keys, output))?;
                return Ok(ExitCode::SUCCESS);
            }
            let about = about(&whose);
            let opened = context.call::<command::incident_open>(IncidentOpen {
                title: title.unwrap_or_else(|| format!("{}: {about}", playbook.title)),
                playbook: playbook.text(),
                whose,
                about,
            })?;
            output.result(&opened, |view| page(view, output))?;
        }
        What::List => {
            let list = context.call::<command::incident_list>(Nothing {})?;
            output.result(&list, |list| table(list, output))?;
        }
        What::Show(selector) => {
            let view = show(selector.incident, context)?;
            output.result(&view, |view| page(view, output))?;
        }
        What::Contain { incident, yes } => {
            let view = show(incident.incident, context)?;
            let keys = words::plural(i64::from(view.total), "key");
            let said = format!("{keys} will be given to no program and not be copied any more.");
            confirm(yes, &said, "contain")?;
            let contained = context.call::<command::incident_contain>(IncidentSelect {
                incident: Some(view.id),
            })?;
            output.result(&contained, |view| page(view, output))?;
        }
        What::Note {
            incident,
            text,
            key,
            due,
        } => {
            let done = context.call::<command::incident_note>(IncidentNote {
                incident: incident.incident,
                key,
                text,
                due_ms: due.map(|at| at.0),
            })?;
            output.done(&done, |_| "Written into its log.".to_owned())?;
        }
        What::Close {
            incident,
            root_cause,
        } => {
            let done = context.call::<command::incident_close>(IncidentClose {
                incident: incident.incident,
                root_cause,
            })?;
            output.done(&done, |_| {
                "Closed. `incident pack` writes the evidence.".to_owned()
            })?;
        }
        What::Pack { incident, name } => pack(incident, &name, context)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Where a pack was written.
#[derive(Debug, Serialize)]
struct Written {
    markdown: String,
    json: String,
    keys: u32,
}

fn show(incident: Option<String>, context: &mut Context) -> Result<IncidentView, Failure> {
    context.call::<command::incident_show>(IncidentSelect { incident })
}

fn pack(incident: Selector, name: &std::path::Path, context: &mut Context) -> Result<(), Failure> {
    // The newest of all where none is open any more: the pack is what comes at the end.
    let incident = match incident.incident {
        Some(incident) => Some(incident),
        None => {
            let list = context.call::<command::incident_list>(Nothing {})?;
            let open = list.incidents.iter().find(|one| one.closed_ms.is_none());
            open.or(list.incidents.first()).map(|one| one.id.clone())
        }
    };
    let view = show(incident, context)?;
    let mut timeline: Option<IncidentTimeline> = None;
    loop {
        let offset = timeline.as_ref().map_or(Some(0), |so_far| so_far.next);
        let Some(offset) = offset else { break };
        let mut more = context.call::<command::incident_timeline>(IncidentPage {
            incident: Some(view.id.clone()),
            offset,
        })?;
        if let Some(so_far) = timeline.take() {
            more.entries.splice(0..0, so_far.entries);
        }
        timeline = Some(more);
    }
    let entries = timeline.map(|one| one.entries).unwrap_or_default();
    let message = find(&view.playbook.id).ok().map(|one| one.message);
    let pack = Pack::new(&view, entries, message.as_deref());
    let with = |ending: &str| {
        let mut path = name.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    };
    let json = pack.json().unwrap_or_default();
    let (markdown_path, json_path) = (with(".md"), with(".json"));
    if json_path.exists() {
        // Half a pack would look like a whole one.
        return Err(Failure::invalid(
            "there is a file of that name already; name another",
        ));
    }
    file_out::write_new(&markdown_path, pack.markdown().as_bytes())?;
    file_out::write_new(&json_path, &json)?;
    let written = Written {
        markdown: file_out::absolute(&markdown_path)?,
        json: file_out::absolute(&json_path)?,
        keys: view.total,
    };
    context.output.result(&written, |written| {
        format!(
            "Wrote {} and {}.",
            sanitise(&written.markdown),
            sanitise(&written.json)
        )
    })
}

fn about(whose: &KeysOf) -> String {
    match whose {
        KeysOf::Vendor { name } => format!("vendor {name}"),
        KeysOf::Consumer { name } => name.clone(),
        KeysOf::Person { name } => format!("person {name}"),
        KeysOf::Host { name } => format!("host {name}"),
        KeysOf::Exchange { name } => format!("exchange {name}"),
        KeysOf::Keys { keys } => match &keys[..] {
            [key] => format!("key {key}"),
            keys => words::plural(i64::try_from(keys.len()).unwrap_or(i64::MAX), "key"),
        },
        KeysOf::All {} => "every key".to_owned(),
    }
}

fn playbook_table(all: &[Playbook], output: Output) -> String {
    let mut table = Table::new(&["PLAYBOOK", "STEPS", "WHEN"]);
    for one in all {
        let row = [
            one.id.clone(),
            one.steps.len().to_string(),
            one.when.clone(),
        ];
        table.row(row);
    }
    table.print(output)
}

fn table(list: &IncidentList, output: Output) -> String {
    if list.incidents.is_empty() {
        return "No incident is recorded.".to_owned();
    }
    let mut table = Table::new(&["INCIDENT", "OPENED", "CLOSED", "KEYS", "ABOUT"]);
    for one in &list.incidents {
        table.row([
            sanitise(&one.title),
            words::moment(one.opened_ms),
            one.closed_ms.map(words::moment).unwrap_or_default(),
            one.keys.to_string(),
            sanitise(&one.about),
        ]);
    }
    table.print(output)
}

fn page(view: &IncidentView, output: Output) -> String {
    let mut lines = vec![
        ("Incident", sanitise(&view.title)),
        ("About", sanitise(&view.about)),
        ("Opened", words::moment(view.opened_ms)),
    ];
    lines.extend(view.closed_ms.map(|at| ("Closed", words::moment(at))));
    lines.extend(
        view.root_cause
            .as_deref()
            .map(|text| ("Root cause", sanitise(text))),
    );
    let mut text = pairs(&lines, output);
    text.push('\n');
    for (number, step) in view.playbook.steps.iter().enumerate() {
        text.push_str(&format!("{:>2}. {}\n", number + 1, sanitise(step)));
    }
    text.push('\n');
    text.push_str(&key_table(&view.keys, output));
    if usize::try_from(view.total).is_ok_and(|total| total > view.keys.len()) {
        let (shown, total) = (view.keys.len(), view.total);
        text.push_str(&format!("The first {shown} of {total}.\n"));
    }
    if view.gone > 0 {
        let gone = words::plural(i64::from(view.gone), "key");
        text.push_str(&format!("{gone} of it was deleted since.\n"));
    }
    for note in &view.notes {
        let key = note.key.as_ref().and_then(|id| {
            let found = view.keys.iter().find(|key| key.id == *id)?;
            Some(format!("{}: ", sanitise(&found.label)))
        });
        let due = note
            .due_ms
            .map(|at| format!(" (until {})", words::moment(at)));
        text.push_str(&format!(
            "\n{}  {}{}{}",
            words::moment(note.at_ms),
            key.unwrap_or_default(),
            sanitise(&note.text),
            due.unwrap_or_default()
        ));
    }
    text
}

fn key_table(keys: &[strongroom_wire::HeldKey], output: Output) -> String {
    if keys.is_empty() {
        return "No key is concerned.".to_owned();
    }
    let mut table = Table::new(&["#", "KEY", "EXCHANGE", "MAY", "ALLOWLIST", "STATE"]);
    for (number, key) in keys.iter().enumerate() {
        table.row([
            (number + 1).to_string(),
            sanitise(&key.label),
            sanitise(&key.exchange_name),
            sanitise(&key.class),
            words::allowlist_summary(key.allowlist),
            standing(key),
        ]);
    }
    table.print(output)
}
