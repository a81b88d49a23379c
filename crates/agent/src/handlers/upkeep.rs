//! Keeping a vault: the audit log, backups and settings.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;

use strongroom_domain::EntryId;
use strongroom_vault::{AuditEntry, BackupView, Need};
use strongroom_wire as wire;
use strongroom_wire::{
    AuditExport, AuditList, AuditPage, AuditVerified, BackupDone, BackupList, BackupNow, Fault,
    Nothing, SettingSet, SettingsView, Written,
};

use crate::agent::Agent;
use crate::convert::{Told, ms};
use crate::grace::present;
use crate::handlers::create::{absolute, hex};
use crate::handlers::keys::find;
use crate::page::Room;
use crate::router::Call;
use crate::session::Opened;
use crate::settings;

/// Entries read in one go while looking for those that fit.
const ENTRIES_A_READ: u64 = 256;
/// Entries looked through for one page; the next page goes on from there.
const MOST_LOOKED_THROUGH: u64 = 20_000;
/// Entries of a page that names no limit.
const DEFAULT_LIMIT: u32 = 50;

pub(crate) fn audit_list(
    agent: &Agent,
    call: Call<'_>,
    request: AuditList,
) -> Result<AuditPage, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    // A key that was purged has no label any more; its id is still in the log.
    let about = match &request.key {
        Some(selector) => Some(match EntryId::parse(selector) {
            Ok(id) => id,
            Err(_) => find(&mut guard, selector)?,
        }),
        None => None,
    };
    let size = guard.vault.audit_size();
    let limit = match request.limit {
        0 => DEFAULT_LIMIT,
        limit => limit,
    } as usize;
    let mut below = request.before_seq.unwrap_or(size).min(size);
    let lowest = below.saturating_sub(MOST_LOOKED_THROUGH);
    let mut fitting: Vec<AuditEntry> = Vec::new();
    while below > lowest && fitting.len() < limit {
        let from = below.saturating_sub(ENTRIES_A_READ).max(lowest);
        let count = usize::try_from(below - from).unwrap_or(usize::MAX);
        let read = guard.vault.audit_entries(from, count).map_err(Told::told)?;
        let fits = |entry: &AuditEntry| {
            about.is_none_or(|id| entry.entry_id == Some(id))
                && request
                    .event
                    .as_deref()
                    .is_none_or(|event| entry.event.word() == event)
        };
        fitting.extend(read.into_iter().rev().filter(fits));
        below = from;
    }
    let cut = fitting.len() > limit;
    fitting.truncate(limit);
    let opened = &mut *guard;
    let rows: Vec<wire::AuditEntry> = fitting
        .into_iter()
        .map(|entry| entry_view(opened, entry))
        .collect();
    drop(guard);
    let total = rows.len();
    let entries = Room::of_frame().take(rows);
    let unfinished = cut || entries.len() < total;
    let next_before_seq = match entries.last() {
        Some(last) if unfinished => Some(last.seq),
        _ if below > 0 => Some(below),
        _ => None,
    };
    Ok(AuditPage {
        next_before_seq: next_before_seq.filter(|seq| *seq > 0),
        entries,
        size,
    })
}

pub(crate) fn entry_view(opened: &mut Opened, entry: AuditEntry) -> wire::AuditEntry {
    let label = entry
        .entry_id
        .and_then(|id| match opened.vault.key_row(id) {
            Ok(row) => Some(row.label.to_string()),
            Err(_) => opened.vault.contact_name(id),
        });
    wire::AuditEntry {
        seq: entry.seq,
        utc_ms: ms(entry.utc_ms),
        device: entry.device_id.to_string(),
        actor: entry.actor.word().to_owned(),
        client: entry.client.word().to_owned(),
        event: entry.event.word().to_owned(),
        entry_id: entry.entry_id.map(|id| id.to_string()),
        label,
        decision: entry.decision.word().to_owned(),
    }
}

pub(crate) fn audit_verify(
    agent: &Agent,
    call: Call<'_>,
    _: Nothing,
) -> Result<AuditVerified, Fault> {
    let session = agent.session(&call.vault);
    let guard = session.open_verified(agent)?;
    let report = guard.vault.audit_verify(None).map_err(Told::told)?;
    Ok(AuditVerified {
        size: report.size,
        root: hex(&report.root),
        anchored_size: Some(report.anchored),
        checkpoint_signer: report.verifier_key.clone(),
        claim: claim(&report),
    })
}

/// Exactly what was shown, and no more.
fn claim(report: &strongroom_vault::AuditReport) -> String {
    format!(
        "All {} entries hash to the root in the state record. This device has anchored the first \
         {}, and this vault's audit key has signed the first {}. The log is tamper-evident up to \
         there and attributable to device keys; to others it proves what a checkpoint they hold \
         covers.",
        report.size, report.anchored, report.checkpointed
    )
}

pub(crate) fn audit_export(
    agent: &Agent,
    call: Call<'_>,
    request: AuditExport,
) -> Result<Written, Fault> {
    let path = absolute("the export", Some(request.path))?.unwrap_or_default();
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .map_err(Told::told)?;
    let exported = guard.vault.audit_export(&mut file).map_err(Told::told);
    let synced = exported.and_then(|_| file.sync_all().map_err(Told::told));
    if let Err(fault) = synced {
        let _ = std::fs::remove_file(&path);
        return Err(fault);
    }
    let bytes = file.metadata().map_err(Told::told)?.len();
    Ok(Written {
        path: path.to_string_lossy().into_owned(),
        bytes,
    })
}

pub(crate) fn backup(
    agent: &Agent,
    call: Call<'_>,
    request: BackupNow,
) -> Result<BackupDone, Fault> {
    let extra = absolute("the backup", request.folder)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mut done = BackupDone {
        written: Vec::new(),
        failed: Vec::new(),
    };
    let report = guard.vault.back_up().map_err(Told::told)?;
    done.written
        .extend(report.made.into_iter().map(backup_view));
    done.failed.extend(
        report
            .failed
            .into_iter()
            .map(|(place, error)| format!("{}: {error}", place.word())),
    );
    if let Some(folder) = extra {
        match guard.vault.back_up_once(&folder) {
            Ok(made) => done.written.push(backup_view(made)),
            Err(error) => done.failed.push(format!("the folder named: {error}")),
        }
    }
    guard.reminders_changed(agent);
    Ok(done)
}

pub(crate) fn backup_list(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<BackupList, Fault> {
    let session = agent.session(&call.vault);
    let guard = session.open_verified(agent)?;
    let backups = guard.vault.backups().map_err(Told::told)?;
    Ok(BackupList {
        backups: Room::of_frame().take(backups.into_iter().map(backup_view)),
    })
}

/// A backup is kept only once it was opened and verified, so every one that is listed was.
fn backup_view(backup: BackupView) -> wire::BackupView {
    wire::BackupView {
        path: backup.path.to_string_lossy().into_owned(),
        at_ms: ms(backup.made_ms),
        bytes: backup.bytes,
        verified: true,
    }
}

pub(crate) fn settings(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<SettingsView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    settings::view(&mut guard.vault)
}

pub(crate) fn setting_set(
    agent: &Agent,
    call: Call<'_>,
    request: SettingSet,
) -> Result<SettingsView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    if request.name == settings::GRACE {
        let seconds = settings::grace_seconds(&request.value)?;
        let opened = &mut *guard;
        let step_up = present(
            agent,
            &mut opened.vault,
            &opened.graces,
            call.peer.connection,
            request.step_up,
            Need::Code,
        )?;
        opened
            .vault
            .set_grace(&step_up, seconds)
            .map_err(Told::told)?;
    } else {
        settings::set(&mut guard.vault, &request.name, &request.value)?;
    }
    guard.settings_changed(agent);
    settings::view(&mut guard.vault)
}
