//! Asking an exchange about a key: what would be sent, and by whose leave it is.

use std::sync::Arc;

use strongroom_domain::CheckEnd;
use strongroom_secret::SecretText;
use strongroom_vault::{Method, Need, PlannedCall, Reads, Request, RisingNumbers, SignAsk};
use strongroom_wire::{
    Check, CheckElsewhere, CheckOutcome, CheckPlan, CheckSchedule, Checked, Copied, Fault,
    KeySelector, KeyView, QueryPair, StepUp, curl_command,
};

use crate::agent::Agent;
use crate::asking::{self, About, Asking, Ended, Right};
use crate::convert::{LocalTime, Told, Twin, client, days, key_view, loopback};
use crate::grace::{Presented, present};
use crate::handlers::keys::find;
use crate::handlers::requests::signed_view;
use crate::router::Call;
use crate::session::Opened;

pub(crate) fn check_plan(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<CheckPlan, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let plan = guard.vault.check_plan(key).map_err(Told::told)?;
    Ok(plan_view(plan))
}

pub(super) fn plan_view(plan: strongroom_vault::CheckPlan) -> CheckPlan {
    CheckPlan {
        exchange_name: plan.exchange_name.to_owned(),
        environment: plan.environment.to_wire(),
        host: plan.host.to_owned(),
        calls: plan.calls.iter().map(planned).collect(),
        warnings: plan.warnings,
        rising_numbers: plan.rising_numbers,
        facts_as_of: plan.facts_as_of,
    }
}

fn planned(call: &PlannedCall) -> strongroom_wire::PlannedCall {
    strongroom_wire::PlannedCall {
        method: call.method.to_owned(),
        path: call.path.to_owned(),
        query: call
            .query
            .iter()
            .map(|(name, value)| QueryPair {
                name: name.clone(),
                value: value.clone(),
            })
            .collect(),
        body: call.body.map(str::to_owned),
        purpose: call.purpose.to_owned(),
        counts_as_use: call.counts_as_use.to_wire(),
        may_reset_inactivity: call.may_reset_inactivity.to_wire(),
        can_be_sent_elsewhere: can_be_sent_elsewhere(call),
    }
}

/// Nothing of the key's own has to be filled in, and the answer says something of the key.
fn can_be_sent_elsewhere(call: &PlannedCall) -> bool {
    call.is_plain && matches!(call.reads, Reads::Key | Reads::Account)
}

pub(crate) fn check(agent: &Agent, call: Call<'_>, request: Check) -> Result<Checked, Fault> {
    let loopback = request.loopback.map(loopback).transpose()?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    // Found out before a code is spent.
    let plan = guard.vault.check_plan(key).map_err(Told::told)?;
    let is_sent = request.answer.is_none();
    if is_sent {
        agent
            .pace
            .may_take(plan.host, agent.ports.clock.mono_ms())?;
    }
    let proxy = guard.settings.proxy.clone();
    let right = right(agent, &mut guard, call.peer.connection, request.step_up)?;
    drop(guard);
    if is_sent {
        agent.pace.take(plan.host, agent.ports.clock.mono_ms())?;
    }
    let asking = Asking {
        agent,
        session: Arc::clone(&session),
        key,
        right,
        about: About::InUse,
        by: client(call.peer),
        nonce: request.nonce,
        proxy,
        loopback: loopback.or_else(asking::played),
    };
    let Ended { checked, is_sent } = asking.run(&plan.calls, request.answer)?;
    if is_sent && checked.outcome != CheckOutcome::Answered {
        // Asking by hand counts for how often it is asked by itself. How it ended is told all the
        // same if that cannot be written.
        if let Ok(mut guard) = session.open_verified(agent) {
            let end = CheckEnd::from_wire(checked.outcome);
            let _ = guard.vault.note_unanswered(key, end, client(call.peer));
        }
    }
    Ok(checked)
}

/// By what right an exchange is asked: the code that came with the wish, or the grace of its
/// connection.
///
/// # Errors
/// As [`present`].
pub(super) fn right(
    agent: &Agent,
    opened: &mut Opened,
    connection: u64,
    given: Option<StepUp>,
) -> Result<Right, Fault> {
    let (vault, graces) = (&mut opened.vault, &opened.graces);
    Ok(
        match present(agent, vault, graces, connection, given, Need::Code)? {
            Presented::Fresh(step_up) => Right::Code(step_up),
            Presented::Grace(_) => Right::Grace(connection),
        },
    )
}

pub(crate) fn check_elsewhere(
    agent: &Agent,
    call: Call<'_>,
    request: CheckElsewhere,
) -> Result<Copied, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    // Found out before a code is spent.
    let plan = guard.vault.check_plan(key).map_err(Told::told)?;
    let question = plan.calls.iter().find(|call| can_be_sent_elsewhere(call));
    let ask = question.and_then(plain).ok_or_else(|| {
        Fault::new(
            strongroom_wire::ErrorCode::Refused,
            "no question to this exchange can be signed apart from the others; ask from a machine \
             whose address is on the key's list, with `strongroom check`",
        )
    })?;
    agent.clipboard.probe().map_err(Told::told)?;
    let seconds = guard.settings.clipboard_seconds;
    let opened = &mut *guard;
    let step_up = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )?;
    let signed = opened
        .vault
        .sign_request(key, &ask, &step_up, client(call.peer))
        .map_err(Told::told);
    drop(step_up);
    guard.reminders_changed(agent);
    drop(guard);
    let command = SecretText::new(curl_command(&signed_view(signed?)));
    agent.clipboard.set(command, seconds).map_err(Told::told)?;
    Ok(Copied {
        clears_after_s: seconds,
    })
}

/// Arranges that an exchange is asked by itself, or that it is not any more.
pub(crate) fn check_schedule(
    agent: &Agent,
    call: Call<'_>,
    request: CheckSchedule,
) -> Result<KeyView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let by = client(call.peer);
    match request.every_days {
        None => guard.vault.unschedule_checks(key, by).map_err(Told::told)?,
        Some(number) => {
            let every = days("days between two askings", number)?;
            let rising = if request.despite_rising_numbers {
                RisingNumbers::Accepted
            } else {
                RisingNumbers::NotSpokenOf
            };
            let opened = &mut *guard;
            // Found out before a code is spent.
            opened
                .vault
                .may_schedule_checks(key, rising)
                .map_err(Told::told)?;
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
                .schedule_checks(key, every, rising, &step_up, by)
                .map_err(Told::told)?;
        }
    }
    guard.reminders_changed(agent);
    let view = guard.vault.show_key(key).map_err(Told::told)?;
    Ok(key_view(&view, &LocalTime::at(agent.ports.clock.utc_ms())))
}

/// A question of the catalogue as a request of its own.
fn plain(call: &PlannedCall) -> Option<SignAsk> {
    Some(SignAsk {
        request: Request {
            method: Method::parse(call.method)?,
            path: call.path.to_owned(),
            query: call.query.to_vec(),
            body: call.body.map(str::to_owned),
        },
        host: None,
        timestamp_ms: None,
        nonce: None,
        receive_window_ms: None,
    })
}
