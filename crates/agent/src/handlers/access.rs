//! Secrets that leave: shown, copied, or handed to a program that is about to start. Every one
//! needs a step-up, and the vault has it in the log before anything leaves.

use strongroom_domain::EntryId;
use strongroom_vault::{Need, Purpose, TakenSecret, Wanted};
use strongroom_wire::{
    Copied, Copy, Done, ErrorCode, Fault, FieldInput, Nothing, Reveal, Revealed, Serve, Served,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, field_name};
use crate::grace::present;
use crate::handlers::keys::find;
use crate::router::Call;

pub(crate) fn reveal(agent: &Agent, call: Call<'_>, request: Reveal) -> Result<Revealed, Fault> {
    let wanted = Wanted {
        fields: request
            .fields
            .iter()
            .map(|name| field_name(name))
            .collect::<Result<_, _>>()?,
        version: request
            .version
            .as_deref()
            .map(EntryId::parse)
            .transpose()
            .map_err(|_| Fault::new(ErrorCode::NotFound, "there is no such version"))?,
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
        Need::Code,
    )?;
    opened
        .vault
        .take_secret(key, &wanted, Purpose::Reveal, &step_up, client(call.peer))
        .map(revealed)
        .map_err(Told::told)
}

pub(crate) fn copy(agent: &Agent, call: Call<'_>, request: Copy) -> Result<Copied, Fault> {
    let wanted = Wanted {
        fields: vec![field_name(&request.field)?],
        version: None,
    };
    // Found out before a code is spent.
    agent.clipboard.probe().map_err(Told::told)?;
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
        Need::Code,
    )?;
    let mut taken = opened
        .vault
        .take_secret(key, &wanted, Purpose::Copy, &step_up, client(call.peer))
        .map_err(Told::told)?;
    let seconds = opened.vault.settings().clipboard_seconds;
    drop(step_up);
    drop(guard);
    let Some(field) = taken.fields.pop() else {
        return Err(Fault::new(ErrorCode::NotFound, "the key has no such field"));
    };
    agent
        .clipboard
        .set(field.value, seconds)
        .map_err(Told::told)?;
    Ok(Copied {
        clears_after_s: seconds,
    })
}

pub(crate) fn copy_clear(agent: &Agent, _: Call<'_>, _: Nothing) -> Result<Done, Fault> {
    agent.clipboard.clear();
    Ok(Done {})
}

pub(crate) fn serve(agent: &Agent, call: Call<'_>, request: Serve) -> Result<Served, Fault> {
    if request.keys.is_empty() {
        return Err(Fault::new(ErrorCode::Invalid, "name at least one key"));
    }
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let keys = request
        .keys
        .iter()
        .map(|selector| find(&mut guard, selector))
        .collect::<Result<Vec<_>, _>>()?;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )?;
    let taken = opened
        .vault
        .take_for_run(&keys, &step_up, client(call.peer))
        .map_err(Told::told)?;
    drop(step_up);
    guard.reminders_changed(agent);
    Ok(Served {
        keys: taken.into_iter().map(revealed).collect(),
    })
}

fn revealed(taken: TakenSecret) -> Revealed {
    Revealed {
        label: taken.label.to_string(),
        exchange: taken.exchange.as_str().to_owned(),
        environment: taken.environment.to_wire(),
        fields: taken
            .fields
            .into_iter()
            .map(|field| FieldInput {
                name: field.name.as_str().to_owned(),
                value: field.value.into(),
            })
            .collect(),
    }
}
