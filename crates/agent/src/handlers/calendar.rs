//! What is due when, as a list and as a file.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use strongroom_domain::{DAY_MS, UtcMs};
use strongroom_vault::CalendarNames;
use strongroom_wire as wire;
use strongroom_wire::{
    CalendarAsk, CalendarEntry, CalendarExport, CalendarView, CalendarWritten, Fault,
};

use crate::agent::Agent;
use crate::convert::{LocalTime, Told, Twin, count};
use crate::handlers::create::absolute;
use crate::page::Room;
use crate::router::Call;

pub(crate) fn calendar(
    agent: &Agent,
    call: Call<'_>,
    request: CalendarAsk,
) -> Result<CalendarView, Fault> {
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let entries = guard.vault.calendar(horizon(&local, request.days));
    let entries = entries.map_err(Told::told)?;
    drop(guard);
    let total = count(entries.len());
    let entries = Room::of_frame().take(entries.into_iter().map(|entry| CalendarEntry {
        kind: entry.kind.to_wire(),
        id: entry.entry.to_string(),
        name: entry.name,
        exchange_name: entry.exchange_name,
        due: wire::Due {
            cause: entry.cause,
            ..local.moment(entry.at)
        },
        effect: entry.effect.map(str::to_owned),
        doubt: entry.doubt.map(str::to_owned),
    }));
    Ok(CalendarView { entries, total })
}

pub(crate) fn calendar_export(
    agent: &Agent,
    call: Call<'_>,
    request: CalendarExport,
) -> Result<CalendarWritten, Fault> {
    let path = absolute("the calendar", Some(request.path))?.unwrap_or_default();
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let names = if request.names {
        CalendarNames::Told
    } else {
        CalendarNames::LeftOut
    };
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let until = horizon(&local, request.days);
    let (bytes, entries) = guard
        .vault
        .calendar_file(until, names)
        .map_err(Told::told)?;
    drop(guard);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .map_err(Told::told)?;
    let written = file.write_all(&bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = std::fs::remove_file(&path);
        return Err(error.told());
    }
    Ok(CalendarWritten {
        path: path.to_string_lossy().into_owned(),
        entries: count(entries),
    })
}

fn horizon(local: &LocalTime, days: u32) -> UtcMs {
    local.now().plus_ms(i64::from(days).saturating_mul(DAY_MS))
}
