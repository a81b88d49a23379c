//! What is due when, as a list and as a file.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use strongroom_domain::{AccountLabel, DAY_MS, Due, DueCause, ExchangeId, ExpiryCause, UtcMs};
use strongroom_vault::CalendarNames;
use strongroom_wire as wire;
use strongroom_wire::{
    AccountKeys, AccountPassword, CalendarAsk, CalendarEntry, CalendarExport, CalendarView,
    CalendarWritten, Fault,
};

use crate::agent::Agent;
use crate::convert::{LocalTime, Told, Twin, client, count, moment, refused};
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
    write_new(&path, &bytes)?;
    Ok(CalendarWritten {
        path: path.to_string_lossy().into_owned(),
        entries: count(entries),
    })
}

pub(crate) fn account_password(
    agent: &Agent,
    call: Call<'_>,
    request: AccountPassword,
) -> Result<AccountKeys, Fault> {
    let exchange =
        ExchangeId::parse(&request.exchange).map_err(|why| refused("the exchange", why))?;
    let account =
        AccountLabel::parse(&request.account).map_err(|why| refused("the account", why))?;
    let at = moment("the change", request.at_ms)?;
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = guard
        .vault
        .password_changed(&exchange, &account, at, client(call.peer));
    let found = found.map_err(Told::told)?;
    guard.reminders_changed(agent);
    let keys = found.into_iter().map(|one| wire::AccountKey {
        id: one.key.to_string(),
        label: one.label.to_string(),
        ends: one.ends.map(|at| {
            let cause = DueCause::Expiry(ExpiryCause::PasswordChange { at });
            local.due(Due { at, cause })
        }),
    });
    Ok(AccountKeys {
        keys: Room::of_frame().take(keys),
    })
}

/// Writes a file that is not there yet, for its owner alone, whole or not at all.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Told::told)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = std::fs::remove_file(path);
        error.told()
    })
}

fn horizon(local: &LocalTime, days: u32) -> UtcMs {
    local.now().plus_ms(i64::from(days).saturating_mul(DAY_MS))
}
