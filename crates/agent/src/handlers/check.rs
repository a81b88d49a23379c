//! Asking an exchange about a key. The vault signs one question at a time, a worker without keys
//! sends it and reads the answer, and the vault is not held while anybody waits for the network.

use std::time::Duration;

use strongroom_domain::{EntryId, UtcMs};
use strongroom_vault::{Need, PlannedCall, Reads, SignedProbe, StepUp};
use strongroom_wire::{
    Check, CheckOutcome, CheckPlan, Checked, ErrorCode, Fault, KeySelector, QueryPair, Tri,
    WorkerAct, WorkerOutcome, WorkerReport, WorkerTask,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, loopback, seen_key, unanswered, worker_request};
use crate::grace::{Presented, present};
use crate::handlers::keys::find;
use crate::router::Call;
use crate::worker;

/// For one question, from the connection to the end of the answer.
const DEADLINE: Duration = Duration::from_secs(15);

pub(crate) fn check_plan(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<CheckPlan, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let plan = guard.vault.check_plan(key).map_err(Told::told)?;
    Ok(CheckPlan {
        exchange_name: plan.exchange_name.to_owned(),
        environment: plan.environment.to_wire(),
        host: plan.host.to_owned(),
        calls: plan.calls.iter().map(planned).collect(),
        warnings: plan.warnings,
    })
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
        can_be_sent_elsewhere: call.is_plain && matches!(call.reads, Reads::Key | Reads::Account),
    }
}

pub(crate) fn check(agent: &Agent, call: Call<'_>, request: Check) -> Result<Checked, Fault> {
    let loopback = request.loopback.map(loopback).transpose()?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    // Found out before a code is spent.
    let plan = guard.vault.check_plan(key).map_err(Told::told)?;
    agent.pace.take(plan.host, agent.ports.clock.mono_ms())?;
    let proxy = guard.settings.proxy.clone();
    let mut asking = Asking {
        agent,
        call: &call,
        key,
        fresh: None,
        nonce: request.nonce,
        uid: None,
    };
    let opened = &mut *guard;
    if let Presented::Fresh(step_up) = present(
        agent,
        &mut opened.vault,
        &opened.graces,
        call.peer.connection,
        request.step_up,
        Need::Code,
    )? {
        asking.fresh = Some(step_up);
    }
    drop(guard);

    let mut last = None;
    let mut brought = request.answer;
    for planned in plan.calls {
        if brought.is_some() && !matches!(planned.reads, Reads::Key | Reads::Account) {
            continue;
        }
        let probe = asking.signed(planned.name)?;
        let act = match brought.take() {
            Some(answer) => WorkerAct::Read { answer },
            None => WorkerAct::Send {
                request: worker_request(&probe.request),
                loopback: loopback.clone().map(Into::into),
                proxy: proxy
                    .clone()
                    .map(|proxy| strongroom_secret::SecretText::new(proxy).into()),
                deadline_ms: u32::try_from(DEADLINE.as_millis()).unwrap_or(u32::MAX),
            },
        };
        let is_brought = matches!(act, WorkerAct::Read { .. });
        let before = agent.ports.clock.utc_ms();
        let task = WorkerTask {
            exchange: probe.request.exchange.as_str().to_owned(),
            call: planned.name.to_owned(),
            key: probe.public.key.clone(),
            agent: probe.public.agent.clone(),
            now_ms: i64::try_from(before).unwrap_or(i64::MAX),
            act,
        };
        let Ok(report) = worker::ask(&task, DEADLINE) else {
            return Ok(no_report());
        };
        let offset = offset_ms(&report, before, agent.ports.clock.utc_ms());
        match asking.taken(report, planned.reads, offset)? {
            Some(checked) if is_final(&checked) || is_brought || planned.reads == Reads::Uid => {
                return Ok(checked);
            }
            Some(checked) => last = Some(checked),
            None => {}
        }
    }
    Ok(last.unwrap_or_else(no_report))
}

/// Our clock less the exchange's. The exchange tells whole seconds, so that less than one, and what
/// the request was under way, means nothing.
fn offset_ms(report: &WorkerReport, before: u64, after: u64) -> Option<i64> {
    let server = report.server_ms?;
    let middle = i64::try_from(before / 2 + after / 2).ok()?;
    let offset = middle - server - 500;
    let unsure = 1000 + i64::try_from(after - before.min(after)).ok()? / 2;
    Some(if offset.abs() <= unsure { 0 } else { offset })
}

/// Whether the calls that are left would tell nothing more.
fn is_final(checked: &Checked) -> bool {
    // Another call may need less than one that was refused for want of a right.
    checked.outcome != CheckOutcome::KeyIsKnown
}

/// One check under way.
struct Asking<'a> {
    agent: &'a Agent,
    call: &'a Call<'a>,
    key: EntryId,
    /// The code that came with it; else the grace of the connection is asked anew.
    fresh: Option<StepUp>,
    nonce: Option<String>,
    uid: Option<String>,
}

impl Asking<'_> {
    fn signed(&mut self, call: &str) -> Result<SignedProbe, Fault> {
        let session = self.agent.session(&self.call.vault);
        let mut guard = session.open_verified(self.agent)?;
        let opened = &mut *guard;
        let held;
        let step_up = match &self.fresh {
            Some(fresh) => fresh,
            None => {
                held = present(
                    self.agent,
                    &mut opened.vault,
                    &opened.graces,
                    self.call.peer.connection,
                    None,
                    Need::Code,
                )?;
                &*held
            }
        };
        let by = client(self.call.peer);
        // A number of the person's own serves the first request; those after it take the next.
        let nonce = self.nonce.take();
        let uid = self.uid.as_deref();
        let probe = opened
            .vault
            .sign_probe(self.key, call, uid, nonce, step_up, by)
            .map_err(Told::told)?;
        guard.reminders_changed(self.agent);
        Ok(probe)
    }

    /// How the check would end with this report; none where it was a stepping stone, and the next
    /// call needs what it told.
    fn taken(
        &mut self,
        report: WorkerReport,
        reads: Reads,
        offset: Option<i64>,
    ) -> Result<Option<Checked>, Fault> {
        Ok(match report.outcome {
            WorkerOutcome::Uid { uid } => {
                self.uid = Some(uid);
                None
            }
            // That an address is an agent is of use with what the next call tells. That it is the
            // account's own is the worst there is, and no next call would say so.
            WorkerOutcome::Seen { seen }
                if reads == Reads::Role && seen.permissions.withdraw != Tri::Yes =>
            {
                None
            }
            WorkerOutcome::Seen { seen } => Some(self.recorded(seen, offset)?),
            WorkerOutcome::Refused {
                meaning,
                also,
                address,
            } => Some(self.explained(meaning, &also, address, offset)?),
            WorkerOutcome::Unreadable { why } => Some(told(unanswered::unreadable(why), offset)),
            WorkerOutcome::NotAnswered { why } => Some(told(unanswered::not_answered(why), offset)),
        })
    }

    fn recorded(&self, seen: strongroom_wire::Seen, offset: Option<i64>) -> Result<Checked, Fault> {
        let at = UtcMs::from_clock(self.agent.ports.clock.utc_ms());
        let answer = seen_key(&seen, at)?;
        let session = self.agent.session(&self.call.vault);
        let mut guard = session.open_verified(self.agent)?;
        let by = client(self.call.peer);
        let vault = &mut guard.vault;
        let drift = vault
            .record_answer(self.key, &answer, by)
            .map_err(Told::told)?;
        let excess = vault
            .excess_of(self.key, &answer.permissions)
            .map_err(Told::told)?;
        guard.reminders_changed(self.agent);
        let sentence = if seen.unknown_words.is_empty() {
            "The exchange knows the key; what it said is recorded as observed.".to_owned()
        } else {
            format!(
                "The exchange knows the key, and grants it what nobody here knows: {}. Each of \
                 these may be the right to withdraw.",
                seen.unknown_words.join(", ")
            )
        };
        Ok(Checked {
            outcome: CheckOutcome::Answered,
            sentence,
            remedy: clock_remedy(offset),
            clock_offset_ms: offset,
            seen: Some(seen),
            drift,
            excess: excess.into_iter().map(Twin::to_wire).collect(),
        })
    }

    fn explained(
        &self,
        meaning: u8,
        also: &[u8],
        address: Option<std::net::IpAddr>,
        offset: Option<i64>,
    ) -> Result<Checked, Fault> {
        let refused = unanswered::refused(meaning, also, address)
            .ok_or_else(|| Fault::new(ErrorCode::Internal, "the worker said what it cannot say"))?;
        let session = self.agent.session(&self.call.vault);
        let guard = session.open_verified(self.agent)?;
        let explained = guard
            .vault
            .explain(self.key, refused, offset)
            .map_err(Told::told)?;
        Ok(Checked {
            outcome: unanswered::outcome(explained.verdict),
            sentence: explained.sentence,
            remedy: explained.remedy,
            clock_offset_ms: offset,
            seen: None,
            drift: Vec::new(),
            excess: Vec::new(),
        })
    }
}

fn clock_remedy(offset: Option<i64>) -> String {
    match offset {
        Some(offset) if offset.abs() >= 1000 => format!(
            "This machine's clock is {} {} the exchange's: let it set its clock by the network.",
            seconds(offset.abs()),
            if offset > 0 { "ahead of" } else { "behind" }
        ),
        _ => String::new(),
    }
}

fn seconds(ms: i64) -> String {
    if ms < 120_000 {
        format!("{} seconds", ms / 1000)
    } else {
        format!("{} minutes", ms / 60_000)
    }
}

fn told((sentence, remedy): (&str, &str), offset: Option<i64>) -> Checked {
    Checked {
        outcome: CheckOutcome::NoAnswer,
        sentence: sentence.to_owned(),
        remedy: remedy.to_owned(),
        clock_offset_ms: offset,
        seen: None,
        drift: Vec::new(),
        excess: Vec::new(),
    }
}

fn no_report() -> Checked {
    told(unanswered::NO_REPORT, None)
}

#[cfg(test)]
mod tests {
    use strongroom_wire::NotAnswered;

    use super::*;

    #[test]
    fn an_offset_is_told_only_where_it_is_more_than_the_exchange_can_tell() {
        let report = |server_ms| WorkerReport {
            server_ms,
            outcome: WorkerOutcome::NotAnswered {
                why: NotAnswered::Cut,
            },
        };
        // The exchange tells the second that has begun; the request was under way for 200 ms.
        for (server_ms, offset) in [
            (None, None),
            (Some(1_000_000), Some(0)),
            (Some(999_000), Some(0)),
            (Some(940_000), Some(60_100)),
            (Some(1_061_000), Some(-60_900)),
        ] {
            let told = offset_ms(&report(server_ms), 1_000_500, 1_000_700);
            assert_eq!(told, offset, "{server_ms:?}");
        }
        assert!(clock_remedy(Some(61_000)).contains("61 seconds ahead of"));
        assert!(clock_remedy(Some(-180_000)).contains("3 minutes behind"));
        assert_eq!(clock_remedy(Some(0)), "");
    }
}
