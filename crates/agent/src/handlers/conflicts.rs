//! Conflicts of everything there is: listed, and settled in one act.

use strongroom_domain::{EntryId, MemberId, WriteId};
use strongroom_vault as vault;
use strongroom_vault::ConflictRow;
use strongroom_wire as wire;
use strongroom_wire::{
    ConflictChoice, ConflictList, ConflictPage, ConflictResolve, ConflictsResolved, ErrorCode,
    Fault,
};

use crate::agent::Agent;
use crate::convert::{Told, client, count, refused};
use crate::page::Room;
use crate::router::Call;

/// Conflicts settled at once.
const MOST_CHOSEN: usize = 1500;

pub(crate) fn conflict_list(
    agent: &Agent,
    call: Call<'_>,
    request: ConflictPage,
) -> Result<ConflictList, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let conflicts = guard.vault.conflicts().map_err(Told::told)?;
    let contacts = guard.vault.contacts().map_err(Told::told)?;
    let own = (guard.vault.member_id(), guard.vault.device_id());
    drop(guard);
    let who = |choice: &vault::ConflictChoice| {
        if choice.author == own.0 || choice.device == own.1 {
            return "you".to_owned();
        }
        let of = |member: MemberId| contacts.iter().find(|one| one.member() == member);
        of(choice.author).map_or_else(|| "somebody else".to_owned(), |one| one.name.to_string())
    };
    let (offset, total) = (request.offset as usize, conflicts.len());
    let rows = conflicts.into_iter().skip(offset);
    let conflicts = Room::of_frame().take(rows.map(|row| conflict_view(row, &who)));
    let end = offset + conflicts.len();
    Ok(ConflictList {
        next: (end < total && !conflicts.is_empty()).then_some(count(end)),
        conflicts,
        total: count(total),
    })
}

fn conflict_view(
    row: ConflictRow,
    who: &dyn Fn(&vault::ConflictChoice) -> String,
) -> wire::ConflictRow {
    wire::ConflictRow {
        entry: row.root.to_string(),
        label: row.label,
        kind: row.kind.name().to_owned(),
        what: row.register.name().to_owned(),
        values: row
            .values
            .into_iter()
            .map(|value| ConflictChoice {
                write: value.write.to_string(),
                at_ms: value.at.ms(),
                who: who(&value),
                words: value.words,
            })
            .collect(),
    }
}

pub(crate) fn conflict_resolve(
    agent: &Agent,
    call: Call<'_>,
    request: ConflictResolve,
) -> Result<ConflictsResolved, Fault> {
    if request.choose.len() > MOST_CHOSEN {
        return Err(refused(
            "the values",
            format!("at most {MOST_CHOSEN} at once"),
        ));
    }
    let none = || Fault::new(ErrorCode::NotFound, "there is no such value to choose");
    let chosen = request.choose.iter().map(|one| {
        let (entry, write) = (EntryId::parse(&one.entry), WriteId::parse(&one.write));
        Some((entry.ok()?, write.ok()?))
    });
    let chosen: Vec<_> = chosen.collect::<Option<_>>().ok_or_else(none)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let resolved = guard.vault.resolve_conflicts(&chosen, client(call.peer));
    let resolved = resolved.map_err(Told::told)?;
    guard.reminders_changed(agent);
    let left = guard.vault.conflicts().map_err(Told::told)?.len();
    Ok(ConflictsResolved {
        resolved: count(resolved),
        left: count(left),
    })
}
