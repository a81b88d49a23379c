//! Asking an exchange about the staged secret of a rotation: the same questions as about the one in
//! use, by the same leave, and the answer is kept with the staged one.

use std::sync::Arc;

use strongroom_domain::UtcMs;
use strongroom_vault::ToldOfStaged;
use strongroom_wire::{CheckPlan, Fault, KeySelector, RotateAsk, RotateAsked};

use super::check::{plan_view, right};
use super::rotate::view;
use crate::agent::Agent;
use crate::asking::{self, About, Asking, Ended};
use crate::convert::{Told, client, loopback, moment, permission_set};
use crate::handlers::keys::find;
use crate::router::Call;

pub(crate) fn rotate_ask_plan(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<CheckPlan, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let plan = guard.vault.staged_check_plan(key).map_err(Told::told)?;
    Ok(plan_view(plan))
}

pub(crate) fn rotate_ask(
    agent: &Agent,
    call: Call<'_>,
    request: RotateAsk,
) -> Result<RotateAsked, Fault> {
    let loopback = request.loopback.map(loopback).transpose()?;
    let rights = request
        .rights
        .map(|rights| permission_set(rights, &[]))
        .transpose()?;
    let expires: Option<UtcMs> = request
        .expires_ms
        .map(|ms| moment("the end", ms))
        .transpose()?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    // Found out before a code is spent.
    let plan = guard.vault.staged_check_plan(key).map_err(Told::told)?;
    agent
        .pace
        .may_take(plan.host, agent.ports.clock.mono_ms())?;
    let proxy = guard.settings.proxy.clone();
    let right = right(agent, &mut guard, call.peer.connection, request.step_up)?;
    drop(guard);
    agent.pace.take(plan.host, agent.ports.clock.mono_ms())?;
    let asking = Asking {
        agent,
        session: Arc::clone(&session),
        key,
        right,
        about: About::Staged(ToldOfStaged {
            rights,
            growth_meant: request.growth_meant,
            expires,
        }),
        by: client(call.peer),
        nonce: request.nonce,
        proxy,
        loopback: loopback.or_else(asking::played),
    };
    let Ended { checked, .. } = asking.run(&plan.calls, None)?;
    let mut guard = session.open_verified(agent)?;
    let rotation = guard.vault.rotation(key).map_err(Told::told)?;
    Ok(RotateAsked {
        checked,
        rotation: view(rotation, Vec::new()),
    })
}
