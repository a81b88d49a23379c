//! Keys as a list, one by one, and their changes. No secret leaves here.

use strongroom_domain::EntryId;
use strongroom_vault::{KeyError, PurgeWhat};
use strongroom_wire::{
    ErrorCode, Fault, HistoryLine, HistoryView, KeyAdd, KeyAdded, KeyEdit, KeyList, KeyPage,
    KeySelector, KeyView, Purge, Purged, SecretSet,
};

use crate::agent::Agent;
use crate::convert::{
    LocalTime, Told, client, count, key_change, key_filter, key_sort, key_view, new_fields,
    new_key, row,
};
use crate::grace::present;
use crate::page::Room;
use crate::router::Call;
use crate::session::Opened;

/// Rows looked at for one page; the frame is full before that.
const MOST_ROWS: u32 = 160;

pub(crate) fn list(agent: &Agent, call: Call<'_>, request: KeyList) -> Result<KeyPage, Fault> {
    let filter = key_filter(&request.filter)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open(agent)?;
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let limit = match request.limit {
        0 => MOST_ROWS,
        limit => limit.min(MOST_ROWS),
    };
    let offset = request.offset as usize;
    let page = guard.vault.keys().map_err(Told::told)?.page(
        &filter,
        key_sort(request.sort),
        offset,
        limit as usize,
        local.now(),
    );
    // Only what the frame has room for is made into rows.
    let rows = Room::of_frame().take(page.rows.iter().map(|summary| row(summary, &local)));
    let end = offset + rows.len();
    Ok(KeyPage {
        next: (end < page.total && !rows.is_empty()).then_some(count(end)),
        rows,
        total: count(page.total),
    })
}

pub(crate) fn show(agent: &Agent, call: Call<'_>, request: KeySelector) -> Result<KeyView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    view(agent, &mut guard, key)
}

pub(crate) fn history(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<HistoryView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let lines = guard.vault.key_history(key).map_err(Told::told)?;
    let devices = guard.vault.devices();
    drop(guard);
    let device_name = |id: String| {
        let known = devices.iter().find(|device| device.id == id);
        known
            .map(|device| device.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or(id)
    };
    let total = count(lines.len());
    let lines = Room::of_frame().take(lines.into_iter().map(|line| HistoryLine {
        at_ms: line.at.ms(),
        register: line.register.name().to_owned(),
        value: line.words,
        device: device_name(line.device.to_string()),
        current: line.current,
    }));
    Ok(HistoryView { lines, total })
}

pub(crate) fn add(agent: &Agent, call: Call<'_>, request: KeyAdd) -> Result<KeyAdded, Fault> {
    let new = new_key(request)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let added = guard
        .vault
        .add_key(new, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(KeyAdded {
        id: added.id.to_string(),
        warnings: added.warnings.iter().map(|one| one.words()).collect(),
    })
}

pub(crate) fn edit(agent: &Agent, call: Call<'_>, request: KeyEdit) -> Result<KeyView, Fault> {
    let changes = request
        .changes
        .into_iter()
        .map(key_change)
        .collect::<Result<Vec<_>, _>>()?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    guard
        .vault
        .edit_key(key, changes, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    view(agent, &mut guard, key)
}

pub(crate) fn secret_set(
    agent: &Agent,
    call: Call<'_>,
    request: SecretSet,
) -> Result<KeyView, Fault> {
    let fields = new_fields(request.fields)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    guard
        .vault
        .set_secret(key, fields, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    view(agent, &mut guard, key)
}

pub(crate) fn purge(agent: &Agent, call: Call<'_>, request: Purge) -> Result<Purged, Fault> {
    let what = match &request.what {
        strongroom_wire::PurgeWhat::Version { id } => PurgeWhat::Version(
            EntryId::parse(id)
                .map_err(|_| Fault::new(ErrorCode::NotFound, "there is no such version"))?,
        ),
        strongroom_wire::PurgeWhat::OldVersions {} => PurgeWhat::OldVersions,
        strongroom_wire::PurgeWhat::Key {} => PurgeWhat::Key,
    };
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        strongroom_vault::Need::Code,
    )?;
    let purged = opened
        .vault
        .purge(key, what, &step_up, client(call.peer))
        .map_err(Told::told)?;
    drop(step_up);
    guard.reminders_changed(agent);
    Ok(Purged {
        secrets: count(purged.secrets),
        key: match what {
            PurgeWhat::Key => None,
            PurgeWhat::Version(_) | PurgeWhat::OldVersions => Some(view(agent, &mut guard, key)?),
        },
    })
}

pub(crate) fn find(opened: &mut Opened, selector: &str) -> Result<EntryId, Fault> {
    opened.vault.find_key(selector).map_err(Told::told)
}

fn view(agent: &Agent, opened: &mut Opened, key: EntryId) -> Result<KeyView, Fault> {
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    opened
        .vault
        .show_key(key)
        .map(|view| key_view(&view, &local))
        .map_err(|error: KeyError| error.told())
}
