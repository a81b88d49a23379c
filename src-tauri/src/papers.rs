//! Papers that the window writes: a pack of evidence, a report. What stands in them comes from the
//! agent's views and goes to a file without passing through the page.
//!
//! Not here: the papers' text, which the command line writes as well (`strongroom-papers`).

use std::path::{Path, PathBuf};

use strongroom_papers::{Format, Pack, Report, built_in};
use strongroom_wire::{
    AuditEntry, ErrorCode, EvidenceWrite, EvidenceWritten, Fault, HeldAsk, HeldKey, IncidentPage,
    IncidentSelect, KeysOf, PlaybookList, PlaybookView, ReportFormat, ReportKind, ReportWrite,
    ReportWritten, command,
};

use crate::commands::Agent;
use crate::files;

/// The playbooks of the program.
pub(crate) fn playbooks() -> PlaybookList {
    let all = strongroom_papers::playbooks().map(|one| PlaybookView {
        text: one.text(),
        title: one.title,
        when: one.when,
        message: one.message,
    });
    PlaybookList {
        playbooks: all.collect(),
    }
}

/// Writes the evidence of an incident as Markdown and, beside it, as JSON.
///
/// # Errors
/// The agent's refusal, or what kept the files from being written; half a pack is not left.
pub(crate) fn write_evidence(
    agent: &Agent,
    request: &EvidenceWrite,
) -> Result<EvidenceWritten, Fault> {
    let (markdown, json) = names(&files::whole(&request.path)?);
    if json.exists() {
        // Half a pack would look like a whole one.
        return Err(Fault::new(
            ErrorCode::Invalid,
            "there is a file of that name already; name another",
        ));
    }
    let incident = Some(request.incident.clone());
    let view = agent.ask::<command::incident_show>(IncidentSelect { incident })?;
    let timeline = timeline(agent, &view.id)?;
    let message = built_in(&view.playbook.id).map(|one| one.message);
    let pack = Pack::new(&view, timeline, message.as_deref());
    let bytes = pack.json().map_err(|_| {
        Fault::new(
            ErrorCode::Internal,
            "the evidence could not be put together",
        )
    })?;
    files::write_new(&markdown, pack.markdown().as_bytes())?;
    files::write_new(&json, &bytes).inspect_err(|_| {
        let _ = std::fs::remove_file(&markdown);
    })?;
    Ok(EvidenceWritten {
        markdown: told(&markdown),
        json: told(&json),
        keys: view.total,
    })
}

/// Writes a report over every key, also retired ones.
///
/// # Errors
/// The agent's refusal, or what kept the file from being written.
pub(crate) fn write_report(agent: &Agent, request: &ReportWrite) -> Result<ReportWritten, Fault> {
    let path = files::whole(&request.path)?;
    let kind = match request.report {
        ReportKind::Inventory => strongroom_papers::ReportKind::Inventory,
        ReportKind::AccessReview => strongroom_papers::ReportKind::AccessReview,
    };
    let format = match request.format {
        ReportFormat::Markdown => Format::Markdown,
        ReportFormat::Csv => Format::Csv,
        ReportFormat::Json => Format::Json,
    };
    let made_ms = now_ms();
    let report = Report::new(kind, &every_key(agent)?, made_ms);
    files::write_new(&path, &report.bytes(format))?;
    Ok(ReportWritten {
        path: told(&path),
        lines: u32::try_from(report.lines()).unwrap_or(u32::MAX),
    })
}

/// The two files of a pack: what was chosen may end with the ending of either.
fn names(chosen: &Path) -> (PathBuf, PathBuf) {
    let is_ours = chosen
        .extension()
        .is_some_and(|ending| ending == "md" || ending == "json");
    let with = |ending: &str| {
        let stem = if is_ours {
            chosen.with_extension("")
        } else {
            chosen.to_owned()
        };
        let mut name = stem.into_os_string();
        name.push(ending);
        PathBuf::from(name)
    };
    (with(".md"), with(".json"))
}

fn timeline(agent: &Agent, incident: &str) -> Result<Vec<AuditEntry>, Fault> {
    let mut entries = Vec::new();
    let mut next = Some(0);
    while let Some(offset) = next {
        let incident = Some(incident.to_owned());
        let page = agent.ask::<command::incident_timeline>(IncidentPage { incident, offset })?;
        entries.extend(page.entries);
        next = page.next;
    }
    Ok(entries)
}

fn every_key(agent: &Agent) -> Result<Vec<HeldKey>, Fault> {
    let mut keys = Vec::new();
    let mut next = Some(0);
    while let Some(offset) = next {
        let whose = KeysOf::All {};
        let ask = HeldAsk {
            whose,
            ever: true,
            offset,
        };
        let page = agent.ask::<command::keys_of>(ask)?;
        keys.extend(page.keys);
        next = page.next;
    }
    Ok(keys)
}

fn told(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Only for the date that stands in a report.
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_two_files_whichever_ending_was_typed() {
        for chosen in ["/x/acme", "/x/acme.md", "/x/acme.json"] {
            let (markdown, json) = names(Path::new(chosen));
            assert_eq!(markdown, Path::new("/x/acme.md"), "{chosen}");
            assert_eq!(json, Path::new("/x/acme.json"), "{chosen}");
        }
        let (markdown, _) = names(Path::new("/x/v1.2 acme"));
        assert_eq!(markdown, Path::new("/x/v1.2 acme.md"));
    }

    #[test]
    fn every_playbook_has_a_title_and_a_message() {
        let all = playbooks().playbooks;
        assert_eq!(all.len(), 7);
        assert!(
            all.iter()
                .all(|one| !one.title.is_empty() && one.message.contains("{about}"))
        );
    }
}
