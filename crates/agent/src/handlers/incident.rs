//! Incidents.

use strongroom_domain::{ConsumerName, EntryId, Line, Notes, Playbook, UtcMs};
use strongroom_vault as vault;
use strongroom_vault::NewIncident;
use strongroom_wire as wire;
use strongroom_wire::{
    Done, Fault, IncidentClose, IncidentList, IncidentNote, IncidentNoteView, IncidentOpen,
    IncidentPage, IncidentRow, IncidentSelect, IncidentTimeline, IncidentView, Nothing,
    PlaybookText,
};

use crate::agent::Agent;
use crate::convert::{LocalTime, Told, client, count, moment, refused};
use crate::handlers::holders::{held, whose};
use crate::handlers::keys::find;
use crate::handlers::upkeep::entry_view;
use crate::page::Room;
use crate::router::Call;
use crate::session::Opened;

pub(crate) fn incident_open(
    agent: &Agent,
    call: Call<'_>,
    request: IncidentOpen,
) -> Result<IncidentView, Fault> {
    let title = ConsumerName::parse(&request.title).map_err(|why| refused("the title", why))?;
    let playbook = playbook(&request.playbook)?;
    let about = Line::parse(&request.about).map_err(|why| refused("what it is about", why))?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let new = NewIncident {
        title,
        playbook,
        whose: whose(&mut guard, &request.whose)?,
        about,
    };
    let opened = guard.vault.open_incident(new, client(call.peer));
    Ok(view(agent, opened.map_err(Told::told)?))
}

pub(crate) fn incident_show(
    agent: &Agent,
    call: Call<'_>,
    request: IncidentSelect,
) -> Result<IncidentView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let id = chosen(&mut guard, request.incident.as_deref())?;
    let found = guard.vault.incident(id).map_err(Told::told)?;
    Ok(view(agent, found))
}

pub(crate) fn incident_list(
    agent: &Agent,
    call: Call<'_>,
    _: Nothing,
) -> Result<IncidentList, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let all = guard.vault.incidents().map_err(Told::told)?;
    drop(guard);
    let incidents = Room::of_frame().take(all.into_iter().map(|record| IncidentRow {
        id: record.id.to_string(),
        title: record.title.to_string(),
        playbook: record.playbook.id.to_string(),
        about: record.about.to_string(),
        opened_ms: record.opened.ms(),
        closed_ms: record.closed.map(UtcMs::ms),
        keys: count(record.keys.len()),
    }));
    Ok(IncidentList { incidents })
}

pub(crate) fn incident_contain(
    agent: &Agent,
    call: Call<'_>,
    request: IncidentSelect,
) -> Result<IncidentView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let id = chosen(&mut guard, request.incident.as_deref())?;
    let contained = guard.vault.contain_incident(id, client(call.peer));
    let contained = contained.map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(view(agent, contained))
}

pub(crate) fn incident_note(
    agent: &Agent,
    call: Call<'_>,
    request: IncidentNote,
) -> Result<Done, Fault> {
    let text = Notes::parse(&request.text).map_err(|why| refused("the text", why))?;
    let due = request
        .due_ms
        .map(|ms| moment("the date", ms))
        .transpose()?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let id = chosen(&mut guard, request.incident.as_deref())?;
    let key = match &request.key {
        Some(selector) => Some(find(&mut guard, selector)?),
        None => None,
    };
    guard
        .vault
        .note_incident(id, key, text, due, client(call.peer))
        .map_err(Told::told)?;
    Ok(Done {})
}

pub(crate) fn incident_close(
    agent: &Agent,
    call: Call<'_>,
    request: IncidentClose,
) -> Result<Done, Fault> {
    let cause = Notes::parse(&request.root_cause).map_err(|why| refused("the root cause", why))?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let id = chosen(&mut guard, request.incident.as_deref())?;
    guard
        .vault
        .close_incident(id, cause, client(call.peer))
        .map_err(Told::told)?;
    Ok(Done {})
}

pub(crate) fn incident_timeline(
    agent: &Agent,
    call: Call<'_>,
    request: IncidentPage,
) -> Result<IncidentTimeline, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let id = chosen(&mut guard, request.incident.as_deref())?;
    let found = guard.vault.incident(id).map_err(Told::told)?;
    let entries = guard.vault.incident_timeline(&found).map_err(Told::told)?;
    let (offset, total) = (request.offset as usize, entries.len());
    let opened = &mut *guard;
    let page: Vec<wire::AuditEntry> = entries
        .into_iter()
        .skip(offset)
        .take(MOST_ENTRIES)
        .map(|entry| entry_view(opened, entry))
        .collect();
    drop(guard);
    let entries = Room::of_frame().take(page);
    let end = offset + entries.len();
    Ok(IncidentTimeline {
        next: (end < total && !entries.is_empty()).then_some(count(end)),
        entries,
        total: count(total),
    })
}

/// Entries looked at for one page; the frame is full before that.
const MOST_ENTRIES: usize = 500;

fn chosen(opened: &mut Opened, selector: Option<&str>) -> Result<EntryId, Fault> {
    opened.vault.find_incident(selector).map_err(Told::told)
}

fn playbook(text: &PlaybookText) -> Result<Playbook, Fault> {
    let lines = |what: &str, lines: &[String]| {
        if lines.len() > Playbook::MOST {
            return Err(refused(what, format!("at most {}", Playbook::MOST)));
        }
        let parse = |line: &String| Line::parse(line).map_err(|why| refused(what, why));
        lines.iter().map(parse).collect::<Result<Vec<_>, _>>()
    };
    Ok(Playbook {
        id: Line::parse(&text.id).map_err(|why| refused("the playbook", why))?,
        steps: lines("the steps", &text.steps)?,
        questions: lines("the questions", &text.questions)?,
    })
}

fn view(agent: &Agent, view: vault::IncidentView) -> IncidentView {
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let lines = |lines: &[Line]| lines.iter().map(ToString::to_string).collect();
    let record = view.record;
    let total = count(view.keys.len());
    let keys = view.keys.into_iter().map(|key| held(key, &local));
    let notes = view.notes.into_iter().map(|note| IncidentNoteView {
        at_ms: note.at.ms(),
        key: note.key.map(|key| key.to_string()),
        text: note.text.to_string(),
        due_ms: note.due.map(UtcMs::ms),
    });
    let mut room = Room::half_of_frame();
    IncidentView {
        id: record.id.to_string(),
        title: record.title.to_string(),
        playbook: PlaybookText {
            id: record.playbook.id.to_string(),
            steps: lines(&record.playbook.steps),
            questions: lines(&record.playbook.questions),
        },
        about: record.about.to_string(),
        opened_ms: record.opened.ms(),
        closed_ms: record.closed.map(UtcMs::ms),
        root_cause: record.root_cause.map(|text| text.to_string()),
        keys: room.take(keys),
        total,
        gone: count(view.gone),
        notes: room.take(notes),
    }
}
