//! Imports: preview, page through the plan, apply, undo.

use std::fs::File;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use strongroom_secret::{SecretBytes, SecretText};
use strongroom_vault::{BatchId, ImportOptions, ImportPlan, ImportSource, ImportedKey, SourceKey};
use strongroom_wire as wire;
use strongroom_wire::{
    ErrorCode, Fault, ImportApplied, ImportApply, ImportDraftView, ImportFieldView, ImportKeys,
    ImportPage, ImportPlanView, ImportPreview, ImportUndo, ImportUndone, ImportedPage, SecretField,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, count};
use crate::page::Room;
use crate::router::Call;

/// Configurations and lists of keys are far smaller.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

pub(crate) fn import_preview(
    agent: &Agent,
    mut call: Call<'_>,
    request: ImportPreview,
) -> Result<ImportPlanView, Fault> {
    let Some(file) = call.file.take() else {
        return Err(Fault::new(
            ErrorCode::Invalid,
            "the source must be passed as an open file beside the request",
        ));
    };
    let bytes = read_source(file.into())?;
    let options = ImportOptions {
        source: request.source,
        name_hint: request.name_hint,
        columns: request
            .columns
            .into_iter()
            .map(|mapping| (mapping.column, mapping.field))
            .collect(),
        exchange: request.exchange,
        account: request.account,
    };
    let password = request.source_password.map(SecretField::into_secret);
    let key_file = request.source_key_file.map(SecretField::into_secret);
    let key_file = key_file.map(SecretText::into_bytes);
    let session = agent.session(&call.vault);
    // A locked vault is said to be locked before anything slow is done. It is let go of for that:
    // opening an encrypted source takes seconds, and others want the vault meanwhile.
    drop(session.open_verified(agent)?);
    let source = opened(bytes, &options, password, key_file)?;
    let mut guard = session.open_verified(agent)?;
    let plan = guard
        .vault
        .plan_import(&source, &options)
        .map_err(Told::told)?;
    let mut view = page_of(&plan, 0, 0);
    let mono_ms = agent.ports.clock.mono_ms();
    view.plan = guard.plans.keep(call.peer.connection, plan, mono_ms);
    agent.alarm.tell();
    Ok(view)
}

pub(crate) fn import_page(
    agent: &Agent,
    call: Call<'_>,
    request: ImportPage,
) -> Result<ImportPlanView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mono_ms = agent.ports.clock.mono_ms();
    let plan = guard
        .plans
        .get(call.peer.connection, &request.plan, mono_ms)
        .ok_or_else(no_plan)?;
    let mut view = page_of(
        plan,
        request.drafts_from as usize,
        request.fields_from as usize,
    );
    view.plan = request.plan;
    Ok(view)
}

pub(crate) fn import_apply(
    agent: &Agent,
    call: Call<'_>,
    request: ImportApply,
) -> Result<ImportApplied, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mono_ms = agent.ports.clock.mono_ms();
    let plan = guard
        .plans
        .take(call.peer.connection, &request.plan, mono_ms)
        .ok_or_else(no_plan)?;
    let imported = guard
        .vault
        .apply_import(plan, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    let added_total = count(imported.added.len());
    Ok(ImportApplied {
        batch: imported
            .batch
            .map(|batch| batch.to_string())
            .unwrap_or_default(),
        added: Room::of_frame().take(imported.added.iter().map(imported_view)),
        added_total,
        already: count(imported.already),
    })
}

pub(crate) fn import_keys(
    agent: &Agent,
    call: Call<'_>,
    request: ImportKeys,
) -> Result<ImportedPage, Fault> {
    let batch = BatchId::parse(&request.batch).ok_or_else(no_batch)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let keys = guard.vault.import_keys(batch).map_err(Told::told)?;
    drop(guard);
    let offset = request.offset as usize;
    let page = Room::of_frame().take(keys.iter().skip(offset).map(imported_view));
    let end = offset + page.len();
    Ok(ImportedPage {
        next: (end < keys.len() && !page.is_empty()).then_some(count(end)),
        keys: page,
    })
}

pub(crate) fn import_undo(
    agent: &Agent,
    call: Call<'_>,
    request: ImportUndo,
) -> Result<ImportUndone, Fault> {
    let batch = match request.batch.as_deref() {
        Some(text) => Some(BatchId::parse(text).ok_or_else(no_batch)?),
        None => None,
    };
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let undone = guard
        .vault
        .undo_import(batch, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(ImportUndone {
        removed: count(undone.removed),
        kept: count(undone.kept),
    })
}

/// The source in plaintext. One encrypted source after the other: each may want much memory.
fn opened(
    bytes: SecretBytes,
    options: &ImportOptions,
    password: Option<SecretText>,
    key_file: Option<SecretBytes>,
) -> Result<ImportSource, Fault> {
    static TURN: Mutex<()> = Mutex::new(());
    let is_slow = password.is_some() || key_file.is_some();
    let _turn = is_slow.then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner));
    let key = SourceKey {
        password: password.as_ref(),
        key_file: key_file.as_ref(),
    };
    ImportSource::read(bytes, options, key).map_err(Told::told)
}

/// The whole source; it holds secrets until the plan is dropped.
fn read_source(file: File) -> Result<SecretBytes, Fault> {
    let mut bytes = zeroize::Zeroizing::new(Vec::new());
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(Told::told)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Fault::new(
            ErrorCode::Invalid,
            "the source is larger than 16 MiB; that is no list of keys",
        ));
    }
    Ok(SecretBytes::new(std::mem::take(&mut *bytes)))
}

fn page_of(plan: &ImportPlan, drafts_from: usize, fields_from: usize) -> ImportPlanView {
    let drafts = plan
        .drafts()
        .skip(drafts_from)
        .map(|draft| ImportDraftView {
            label: draft.label.to_string(),
            exchange: draft.exchange.as_str().to_owned(),
            account: draft.account.to_string(),
            environment: draft.environment.to_wire(),
            fields: draft
                .fields
                .iter()
                .map(|field| field.as_str().to_owned())
                .collect(),
            already: draft.already.as_ref().map(ToString::to_string),
            warnings: draft.warnings.clone(),
        });
    let fields = plan
        .fields()
        .iter()
        .skip(fields_from)
        .map(|field| ImportFieldView {
            place: field.place.clone(),
            outcome: field.outcome.word().to_owned(),
            detail: field.detail.clone(),
        });
    ImportPlanView {
        plan: String::new(),
        source: plan.source().to_owned(),
        drafts: Room::half_of_frame().take(drafts),
        drafts_total: count(plan.drafts().len()),
        fields: Room::half_of_frame().take(fields),
        fields_total: count(plan.fields().len()),
        notes: plan.notes().iter().take(20).cloned().collect(),
    }
}

fn imported_view(key: &ImportedKey) -> wire::ImportedKey {
    wire::ImportedKey {
        id: key.id.to_string(),
        label: key.label.to_string(),
        draft: count(key.draft),
    }
}

fn no_plan() -> Fault {
    Fault::new(
        ErrorCode::NotFound,
        "that preview is no longer held; preview the source again",
    )
}

fn no_batch() -> Fault {
    Fault::new(ErrorCode::NotFound, "there is no such import")
}
