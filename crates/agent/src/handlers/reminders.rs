//! What is due, put off or silenced; also while the vault is locked, as far as the index says.

use std::sync::Arc;

use strongroom_domain::EntryId;
use strongroom_domain::remind::{Reminder, ReminderIndex, ReminderKind, plan};
use strongroom_vault::{ReminderRow, reminder_rows, stale_backups};
use strongroom_wire::{
    Done, ErrorCode, Fault, Nothing, ReminderAck, ReminderList, ReminderSnooze, ReminderTested,
    ReminderView, StatusView,
};

use crate::agent::Agent;
use crate::convert::{LocalTime, Told, Twin, client, count};
use crate::page::Room;
use crate::platform::{Notice, Topic};
use crate::router::Call;
use crate::session::Glance;

/// How far ahead the status counts what is due.
const AHEAD_DAYS: i64 = 30;

pub(crate) fn reminder_list(
    agent: &Agent,
    call: Call<'_>,
    _: Nothing,
) -> Result<ReminderList, Fault> {
    let session = agent.session(&call.vault);
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    if session.peek().is_some() {
        let mut guard = session.open_verified(agent)?;
        let rows = guard.vault.reminder_rows().map_err(Told::told)?;
        let index = guard.vault.reminders().map_err(Told::told)?;
        let next_ms = next_ms(index, &local);
        return Ok(list_view(rows, next_ms, &local));
    }
    let locked = session.locked(agent)?;
    match locked.reminders() {
        Ok(index) => Ok(list_view(
            reminder_rows(&index, local.now()),
            next_ms(&index, &local),
            &local,
        )),
        Err(_) => Ok(ReminderList {
            reminders: Vec::new(),
            total: 0,
            next_ms: None,
            limited: true,
        }),
    }
}

fn list_view(rows: Vec<ReminderRow>, next_ms: Option<i64>, local: &LocalTime) -> ReminderList {
    let total = count(rows.len());
    let reminders = Room::of_frame().take(rows.into_iter().map(|row| ReminderView {
        id: row.key.to_string(),
        label: row.label.map(|label| label.to_string()),
        kind: row.kind.to_wire(),
        due: local.due(row.due),
        snoozed_until_ms: row.snoozed_until.map(strongroom_domain::UtcMs::ms),
        acknowledged: row.acknowledged,
    }));
    ReminderList {
        reminders,
        total,
        next_ms,
        limited: false,
    }
}

/// When the next reminder comes, as far as it can be known: that of backups comes only if none is
/// made until then, and is no date to be told.
fn next_ms(index: &ReminderIndex, local: &LocalTime) -> Option<i64> {
    let now = local.now();
    let next = |reminders: &[Reminder]| {
        let planned = plan(reminders, &index.settings, local.zone(), now);
        if planned.show.is_empty() {
            planned.next
        } else {
            Some(now)
        }
    };
    let next = if index.backups_stale_at().is_some_and(|at| at <= now) {
        next(index.reminders())
    } else {
        index.announced().into_iter().filter_map(next).min()
    };
    next.map(strongroom_domain::UtcMs::ms)
}

/// Counts what the status tells of reminders.
pub(crate) fn count_reminders(agent: &Agent, index: &ReminderIndex) -> Glance {
    let now_ms = agent.ports.clock.utc_ms();
    let local = LocalTime::at(now_ms);
    let now = local.now().ms();
    let mut due: Vec<EntryId> = Vec::new();
    let mut overdue: Vec<EntryId> = Vec::new();
    for reminder in index.reminders() {
        let left = reminder.due.at.ms().saturating_sub(now);
        if left <= 0 {
            overdue.push(reminder.key);
        } else if reminder.kind != ReminderKind::Backup
            && left <= AHEAD_DAYS * strongroom_domain::DAY_MS
        {
            due.push(reminder.key);
        }
    }
    // Reminders stand in the order of their keys, so a key with two stands twice in a row.
    due.dedup();
    overdue.dedup();
    Glance {
        counted_ms: now_ms,
        due: count(due.len()),
        overdue: count(overdue.len()),
        next_ms: next_ms(index, &local),
    }
}

/// Puts a count into the status.
pub(crate) fn describe_reminders(glance: Glance, view: &mut StatusView) {
    view.due = Some(glance.due);
    view.overdue = Some(glance.overdue);
    view.next_reminder_ms = glance.next_ms;
}

pub(crate) fn reminder_snooze(
    agent: &Agent,
    call: Call<'_>,
    request: ReminderSnooze,
) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    if session.peek().is_some() {
        let mut guard = session.open_verified(agent)?;
        let found = guard.vault.find_reminded(&request.key);
        let key = found.map_err(Told::told)?;
        guard
            .vault
            .snooze_reminder(key, request.hours, client(call.peer))
            .map_err(Told::told)?;
        guard.reminders_changed(agent);
        return Ok(Done {});
    }
    let backups = || {
        let index = session.locked(agent).ok()?.reminders().ok()?;
        let now = LocalTime::at(agent.ports.clock.utc_ms()).now();
        stale_backups(&index, &request.key, now)
    };
    let key = EntryId::parse(&request.key).ok().or_else(backups);
    let key = key.ok_or_else(|| {
        Fault::new(
            ErrorCode::Locked,
            "while the vault is locked a key is named by its id; unlock to use its label",
        )
    })?;
    session.snooze_locked(agent, &[key], request.hours)?;
    Ok(Done {})
}

pub(crate) fn reminder_ack(
    agent: &Agent,
    call: Call<'_>,
    request: ReminderAck,
) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let found = guard.vault.find_reminded(&request.key);
    let key = found.map_err(Told::told)?;
    guard
        .vault
        .acknowledge_reminder(key, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(Done {})
}

pub(crate) fn reminder_test(
    agent: &Agent,
    _: Call<'_>,
    _: Nothing,
) -> Result<ReminderTested, Fault> {
    let server = agent.notifier.server().map_err(Told::told)?;
    let notice = Notice {
        topic: Topic::Due,
        summary: "Strongroom can remind you".to_owned(),
        body: "This is what a reminder looks like. Nothing is due because of it.".to_owned(),
        urgent: false,
        can_snooze: false,
    };
    let shown = agent.notifier.show(&notice, Arc::new(|_| {}));
    Ok(ReminderTested {
        server,
        delivered: shown.is_ok(),
    })
}
