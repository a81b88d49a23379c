//! Sharing by files: what would be given, making a share, opening one, and merging it.
//!
//! Files are encrypted and decrypted while the vault does other things: a passphrase takes a second.

use std::fs::File;
use std::io::{Read, Write};

use strongroom_domain::share::{GivenKey, Group};
use strongroom_vault as vault;
use strongroom_vault::{
    Agreed, LotWanted, MOST_SHARE_BYTES, Need, OpenVault, ShareBatchId, ShareError, SharePlan,
    ShareSender, lot_name, parse_lot,
};
use strongroom_wire as wire;
use strongroom_wire::{
    ErrorCode, Fault, ShareAccept, ShareAccepted, ShareApplied, ShareApply, ShareHistory,
    ShareHistoryAsk, ShareMade, ShareMake, ShareOpen, ShareOpened, SharePreview, SharePreviewAsk,
    ShareRows, ShareRowsAsk, ShareUndo, ShareUndone,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, contact_view, count, refused, share_ask};
use crate::grace::present;
use crate::handlers::create::hex;
use crate::page::Room;
use crate::router::Call;
use crate::session::LastTold;

/// Rows put in words for one page; the frame is full before that.
const MOST_ROWS: usize = 500;
/// Lots chosen at once.
const MOST_CHOSEN: usize = 1500;

pub(crate) fn share_preview(
    agent: &Agent,
    call: Call<'_>,
    request: SharePreviewAsk,
) -> Result<SharePreview, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let told = guard.told.remove(&call.peer.connection);
    let offer = match told {
        Some(LastTold::Offer(told)) if request.offset > 0 && told.0 == request.share => told.1,
        _ => {
            let ask = share_ask(&mut guard, &request.share)?;
            guard.vault.offer_share(&ask).map_err(Told::told)?
        }
    };
    let (offset, total) = (request.offset as usize, offer.keys.len());
    let recipients = offer.recipients.iter().map(|one| wire::ShareRecipient {
        id: one.id.to_string(),
        name: one.name.to_string(),
        fingerprint: one.fingerprint().to_string(),
        state: one.state.to_wire(),
    });
    let classes = offer.classes.iter().map(|one| wire::ClassGiven {
        class: one.class.name().to_owned(),
        keys: count(one.keys),
        secrets: count(one.secrets),
        could: one.could.to_owned(),
    });
    let (recipients, classes) = (recipients.collect(), classes.collect());
    let scope_words = guard.vault.scope_words(&offer.scope);
    let opened = &mut *guard;
    let rows = offer.keys.iter().skip(offset).take(MOST_ROWS * 2);
    let rows: Vec<wire::ShareKeyRow> = rows.map(|one| key_row(&mut opened.vault, one)).collect();
    let keys = Room::half_of_frame().take(rows);
    let end = offset + keys.len();
    let preview = SharePreview {
        role: offer.role.to_wire(),
        scope_words,
        recipients,
        classes,
        next: (end < total && !keys.is_empty()).then_some(count(end)),
        keys,
        total: count(total),
        notes: offer.notes.clone(),
        agreed: offer.agreed.to_string(),
    };
    if preview.next.is_some() {
        let told = LastTold::Offer(Box::new((request.share, offer)));
        opened.told.insert(call.peer.connection, told);
    }
    Ok(preview)
}

fn key_row(vault: &mut OpenVault, given: &GivenKey) -> wire::ShareKeyRow {
    let row = vault.key_row(given.key).ok();
    let label = given.label.as_ref().map(ToString::to_string);
    wire::ShareKeyRow {
        id: given.key.to_string(),
        label: label.unwrap_or_else(|| "(purged)".to_owned()),
        exchange_name: row
            .map(|row| row.exchange.display_name().to_owned())
            .unwrap_or_default(),
        account: row
            .and_then(|row| Some(row.account_label.as_ref()?.to_string()))
            .unwrap_or_default(),
        class: given.class.name().to_owned(),
        secrets: count(given.secrets.len()),
    }
}

pub(crate) fn share_make(
    agent: &Agent,
    mut call: Call<'_>,
    request: ShareMake,
) -> Result<ShareMade, Fault> {
    let Some(file) = call.file.take() else {
        return Err(refused(
            "the share",
            "the file must be passed beside the request",
        ));
    };
    let mut file = File::from(file);
    let found = file.metadata().map_err(Told::told)?;
    if !found.is_file() || found.len() > 0 {
        return Err(refused("the share", "the file must be a new, empty one"));
    }
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let ask = share_ask(&mut guard, &request.share)?;
    // A share that was not looked at is answered like one that is something else by now.
    let agreed = Agreed::parse(&request.agreed).ok_or_else(|| ShareError::Changed.told())?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )?;
    let drafted = opened.vault.draft_share(&ask, agreed, &step_up);
    let drafted = drafted.map_err(Told::told)?;
    drop(step_up);
    drop(guard);
    let sealed = drafted.seal().map_err(Told::told)?;
    let mut guard = session.open_verified(agent)?;
    let made = guard.vault.record_share(sealed, client(call.peer));
    drop(guard);
    let made = made.map_err(Told::told)?;
    file.write_all(&made.file)
        .and_then(|()| file.sync_all())
        .map_err(Told::told)?;
    Ok(ShareMade {
        bundle: hex(&made.bundle),
        seq: made.seq,
        bytes: made.file.len() as u64,
        keys: count(made.keys),
        secrets: count(made.secrets),
        passphrase: made.passphrase.map(Into::into),
    })
}

pub(crate) fn share_open(
    agent: &Agent,
    mut call: Call<'_>,
    request: ShareOpen,
) -> Result<ShareOpened, Fault> {
    let Some(file) = call.file.take() else {
        return Err(refused(
            "the share",
            "the file must be passed beside the request",
        ));
    };
    let bytes = read_share(file.into())?;
    let session = agent.session(&call.vault);
    let guard = session.open_verified(agent)?;
    let keys = guard.vault.share_keys().map_err(Told::told)?;
    drop(guard);
    let passphrase = request.passphrase.map(wire::SecretField::into_secret);
    let opened = keys.open(&bytes, passphrase.as_ref()).map_err(Told::told)?;
    drop((bytes, keys, passphrase));
    let mut guard = session.open_verified(agent)?;
    let plan = guard.vault.plan_share(opened).map_err(Told::told)?;
    let mut view = opened_view(&guard.vault, &plan);
    let mono_ms = agent.ports.clock.mono_ms();
    view.plan = guard.shares.keep(call.peer.connection, plan, mono_ms);
    agent.alarm.tell();
    Ok(view)
}

/// The whole file, or a refusal before it is read.
fn read_share(file: File) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.take(MOST_SHARE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Told::told)?;
    if bytes.len() > MOST_SHARE_BYTES {
        return Err(refused(
            "the share",
            "it is larger than 16 MiB; no share is",
        ));
    }
    Ok(bytes)
}

fn opened_view(vault: &OpenVault, plan: &SharePlan) -> ShareOpened {
    let facts = &plan.facts;
    let (suspicious, accepted) = plan.suspicious();
    let groups = Group::ALL.iter().map(|group| wire::ShareGroupCount {
        group: group.to_wire(),
        changes: count(plan.count(*group)),
    });
    let contact = match &plan.sender {
        ShareSender::Known(contact) => Some(contact_view(vault, contact, 0)),
        ShareSender::Unknown(_) => None,
    };
    let card = plan.sender.card();
    let mut notes = Vec::new();
    if contact.is_none() {
        notes.push(
            "Nobody has said who the sender is: it is unsigned as far as anybody here knows. \
             Compare the fingerprint with them, and add their card."
                .to_owned(),
        );
    } else if contact.as_ref().is_some_and(|one| one.role.is_none()) {
        notes
            .push("The sender has no role here, so nothing of theirs counts by itself.".to_owned());
    }
    if facts.recipients == 0 {
        notes.push(
            "It was made for nobody by name: whoever has the passphrase has it too.".to_owned(),
        );
    }
    if facts.skipped {
        notes.push(
            "Another share of the sender came before this one and was not imported.".to_owned(),
        );
    }
    ShareOpened {
        plan: String::new(),
        sender: wire::ShareSender {
            contact,
            name: card.name().to_string(),
            fingerprint: card.fingerprint().to_string(),
            card: card.to_text(),
        },
        bundle: hex(&facts.bundle),
        kind: facts.kind.to_owned(),
        seq: facts.seq,
        created_ms: facts.created.ms(),
        expires_ms: facts.expires.map(|at| at.ms()),
        role: facts.role.to_wire(),
        scope_words: vault.scope_words(&facts.scope),
        groups: groups.collect(),
        suspicious: count(suspicious),
        accepted: count(accepted),
        revision: plan.revision(),
        nothing_new: plan.is_nothing_new(),
        notes,
    }
}

pub(crate) fn share_rows(
    agent: &Agent,
    call: Call<'_>,
    request: ShareRowsAsk,
) -> Result<ShareRows, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mono_ms = agent.ports.clock.mono_ms();
    let opened = &mut *guard;
    let plan = opened
        .shares
        .get(call.peer.connection, &request.plan, mono_ms)
        .ok_or_else(no_plan)?;
    let offset = request.offset as usize;
    let group = request.group.map(Twin::from_wire);
    let rows = opened.vault.share_rows(plan, group, offset, MOST_ROWS);
    let (rows, total) = rows.map_err(Told::told)?;
    let revision = plan.revision();
    drop(guard);
    let rows = Room::of_frame().take(rows.into_iter().map(row_view));
    let end = offset + rows.len();
    Ok(ShareRows {
        next: (end < total && !rows.is_empty()).then_some(count(end)),
        rows,
        total: count(total),
        revision,
    })
}

/// The longest text of a value in a row; the whole of it stands with the key.
const MOST_WORDS: usize = 400;

fn row_view(row: vault::ShareRow) -> wire::ShareRow {
    let cut = |words: Option<String>| {
        words.map(|words| match words.char_indices().nth(MOST_WORDS) {
            Some((at, _)) => format!("{} …", &words[..at]),
            None => words,
        })
    };
    wire::ShareRow {
        id: lot_name(row.lot),
        entry: row.root.to_string(),
        label: row.label,
        what: row.register.name().to_owned(),
        group: row.group.to_wire(),
        ours: cut(row.ours),
        theirs: cut(row.theirs),
        reasons: row.reasons.into_iter().map(str::to_owned).collect(),
        acceptable: row.acceptable,
        accepted: row.accepted,
    }
}

pub(crate) fn share_accept(
    agent: &Agent,
    call: Call<'_>,
    request: ShareAccept,
) -> Result<ShareAccepted, Fault> {
    if request.ids.len() > MOST_CHOSEN {
        return Err(refused(
            "the changes",
            format!("at most {MOST_CHOSEN} at once"),
        ));
    }
    let lots = request.ids.iter().map(|id| parse_lot(id));
    let lots: Vec<_> = lots.collect::<Option<_>>().ok_or_else(no_lot)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mono_ms = agent.ports.clock.mono_ms();
    let plan = guard
        .shares
        .get_mut(call.peer.connection, &request.plan, mono_ms)
        .ok_or_else(no_plan)?;
    let wanted = match request.accept {
        true => LotWanted::In,
        false => LotWanted::Out,
    };
    for lot in lots {
        plan.accept(lot, wanted).map_err(Told::told)?;
    }
    Ok(ShareAccepted {
        accepted: count(plan.suspicious().1),
        revision: plan.revision(),
    })
}

pub(crate) fn share_apply(
    agent: &Agent,
    call: Call<'_>,
    request: ShareApply,
) -> Result<ShareApplied, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let mono_ms = agent.ports.clock.mono_ms();
    let opened = &mut *guard;
    // Neither a wrong code nor another choice must cost the plan.
    let plan = opened
        .shares
        .get(call.peer.connection, &request.plan, mono_ms)
        .ok_or_else(no_plan)?;
    if plan.revision() != request.revision {
        return Err(ShareError::Changed.told());
    }
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )?;
    let plan = opened
        .shares
        .take(call.peer.connection, &request.plan, mono_ms)
        .ok_or_else(no_plan)?;
    let applied = opened.vault.apply_share(plan, &step_up, client(call.peer));
    drop(step_up);
    let applied = applied.map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(ShareApplied {
        batch: applied.batch.map(|batch| batch.to_string()),
        keys_added: count(applied.added),
        keys_changed: count(applied.changed),
        conflicts: count(applied.conflicts),
        left_out: count(applied.left_out),
    })
}

pub(crate) fn share_undo(
    agent: &Agent,
    call: Call<'_>,
    request: ShareUndo,
) -> Result<ShareUndone, Fault> {
    let no_batch = || Fault::new(ErrorCode::NotFound, "there is no such import of a share");
    let batch = request
        .batch
        .as_deref()
        .map(|text| ShareBatchId::parse(text).ok_or_else(no_batch));
    let batch = batch.transpose()?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let undone = guard.vault.undo_share(batch, client(call.peer));
    let undone = undone.map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(ShareUndone {
        restored: count(undone.restored),
        removed: count(undone.removed),
        kept: count(undone.kept),
    })
}

pub(crate) fn share_history(
    agent: &Agent,
    call: Call<'_>,
    request: ShareHistoryAsk,
) -> Result<ShareHistory, Fault> {
    let session = agent.session(&call.vault);
    let guard = session.open_verified(agent)?;
    let events = guard.vault.share_history().map_err(Told::told)?;
    let contacts = guard.vault.contacts().map_err(Told::told)?;
    let name = |id: &vault::ContactId| {
        let known = contacts.iter().find(|one| one.id == *id);
        known.map_or_else(|| "(forgotten)".to_owned(), |one| one.name.to_string())
    };
    let (offset, total) = (request.offset as usize, events.len());
    let rows = events.iter().skip(offset).map(|event| wire::ShareEvent {
        bundle: hex(&event.bundle),
        at_ms: event.at.ms(),
        way: event.way.to_wire(),
        who: event.who.iter().map(name).collect(),
        role: event.role.to_wire(),
        scope_words: guard.vault.scope_words(&event.scope),
        seq: event.seq,
        keys: u32::try_from(event.keys).unwrap_or(u32::MAX),
        secrets: u32::try_from(event.secrets).unwrap_or(u32::MAX),
        batch: event.batch().map(|batch| batch.to_string()),
    });
    let shares = Room::of_frame().take(rows);
    let end = offset + shares.len();
    Ok(ShareHistory {
        next: (end < total && !shares.is_empty()).then_some(count(end)),
        shares,
        total: count(total),
    })
}

fn no_plan() -> Fault {
    Fault::new(
        ErrorCode::NotFound,
        "that share is no longer held open; open the file again",
    )
}

fn no_lot() -> Fault {
    Fault::new(ErrorCode::NotFound, "there is no such change in this share")
}
