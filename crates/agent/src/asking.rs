//! One check of a key, from the first question to the record of the answer: the vault signs one
//! question at a time, a worker without keys sends it and reads the answer, and the vault is not
//! held while anybody waits for the network.
//!
//! Deliberately not here: whether somebody may ask (`handlers/check.rs`), and what each end means
//! in words (`convert/unanswered.rs`).

use std::sync::Arc;
use std::time::Duration;

use strongroom_domain::{Drift, EntryId, UtcMs};
use strongroom_vault::{
    Client, Leave, Need, PlannedCall, Reads, SignedProbe, StepUp, ToldOfStaged, Trust,
};
use strongroom_wire::{
    CheckOutcome, Checked, ErrorCode, Fault, NotAnswered, SecretField, Tri, WorkerAct,
    WorkerOutcome, WorkerTask,
};

use crate::agent::Agent;
use crate::convert::{
    Loopback, Told, Twin, diagnosis_step, ms, seen_key, unanswered, worker_request,
};
use crate::grace::present;
use crate::offset::{clock_remedy, offset_ms};
use crate::session::{Guard, Session};
use crate::worker;

/// For one question, from the connection to the end of the answer.
const DEADLINE: Duration = Duration::from_secs(15);

/// By what right the questions are signed.
pub(crate) enum Right {
    /// The code that came with the wish.
    Code(StepUp),
    /// The grace of this connection, looked for at every question.
    Grace(u64),
    /// Nobody is there: the owner wished that this key's exchange is asked regularly.
    Schedule,
}

/// Which secret of the key it is about.
pub(crate) enum About {
    /// The one in use: the answer is recorded as observed.
    InUse,
    /// The one that a rotation is to bring into use: the answer is recorded with it.
    Staged(ToldOfStaged),
}

/// How it ended.
pub(crate) struct Ended {
    pub(crate) checked: Checked,
    /// Whether anything may have reached the exchange.
    pub(crate) is_sent: bool,
}

/// Where the exchange is played for a test of what has no words for it: the window, and what
/// happens by itself.
#[cfg(feature = "test-clock")]
pub(crate) fn played() -> Option<Loopback> {
    let file = std::env::var_os("STRONGROOM_TEST_EXCHANGE")?;
    let told = std::fs::read(file).ok()?;
    crate::convert::loopback(serde_json::from_slice(&told).ok()?).ok()
}

#[cfg(not(feature = "test-clock"))]
pub(crate) fn played() -> Option<Loopback> {
    None
}

/// One check under way.
pub(crate) struct Asking<'a> {
    pub(crate) agent: &'a Agent,
    pub(crate) session: Arc<Session>,
    pub(crate) key: EntryId,
    pub(crate) right: Right,
    pub(crate) about: About,
    pub(crate) by: Client,
    /// For the first question; those after it take the next.
    pub(crate) nonce: Option<String>,
    pub(crate) proxy: Option<String>,
    /// Where a test plays the exchange.
    pub(crate) loopback: Option<Loopback>,
}

impl Asking<'_> {
    /// Asks until one of the calls tells what the key may do. An answer that a person brought is
    /// read in place of the first that says anything of the key.
    ///
    /// # Errors
    /// Nothing could be signed, or the answer could not be recorded.
    pub(crate) fn run(
        mut self,
        calls: &[PlannedCall],
        mut brought: Option<SecretField>,
    ) -> Result<Ended, Fault> {
        let mut last = None;
        let mut uid = None;
        let mut is_sent = false;
        for (at, planned) in calls.iter().enumerate() {
            if brought.is_some() && !matches!(planned.reads, Reads::Key | Reads::Account) {
                continue;
            }
            let probe = self.signed(planned.name, uid.as_deref())?;
            let act = match brought.take() {
                Some(answer) => WorkerAct::Read { answer },
                None => self.sending(&probe),
            };
            let is_brought = matches!(act, WorkerAct::Read { .. });
            let before = self.agent.ports.clock.utc_ms();
            let task = WorkerTask {
                exchange: probe.request.exchange.as_str().to_owned(),
                call: planned.name.to_owned(),
                key: probe.public.key.clone(),
                agent: probe.public.agent.clone(),
                now_ms: i64::try_from(before).unwrap_or(i64::MAX),
                act,
            };
            let Ok(report) = worker::ask(&task, DEADLINE) else {
                let checked = self.told(unanswered::NO_REPORT, None);
                return Ok(Ended {
                    checked,
                    is_sent: true,
                });
            };
            is_sent |= may_have_arrived(&report.outcome);
            let offset = offset_ms(&report, before, self.agent.ports.clock.utc_ms());
            match report.outcome {
                WorkerOutcome::Uid { uid: told } => uid = Some(told),
                mut outcome => {
                    let next = calls.get(at + 1);
                    let hints = next.filter(|next| next.reads == Reads::WithdrawHint);
                    if let (WorkerOutcome::Seen { seen }, Some(next), false) =
                        (&mut outcome, hints, is_brought)
                    {
                        seen.notes.extend(self.hint(next)?);
                    }

                    if let Some(checked) = self.ended(outcome, planned.reads, offset)? {
                        if is_final(&checked) || is_brought || planned.reads == Reads::Uid {
                            return Ok(Ended { checked, is_sent });
                        }
                        last = Some(checked);
                    }
                }
            }
        }
        let checked = last.unwrap_or_else(|| self.told(unanswered::NO_REPORT, None));
        Ok(Ended { checked, is_sent })
    }

    /// What an exchange that does not tell of the right to withdraw lets one guess of it: a note,
    /// and no answer.
    fn hint(&mut self, planned: &PlannedCall) -> Result<Option<String>, Fault> {
        let probe = self.signed(planned.name, None)?;
        let task = WorkerTask {
            exchange: probe.request.exchange.as_str().to_owned(),
            call: planned.name.to_owned(),
            key: None,
            agent: None,
            now_ms: ms(self.agent.ports.clock.utc_ms()),
            act: self.sending(&probe),
        };
        let report = worker::ask(&task, DEADLINE);
        Ok(report.ok().and_then(|report| {
            let note = match report.outcome {
                WorkerOutcome::Seen { .. } => unanswered::MAY_WITHDRAW,
                WorkerOutcome::Refused { .. } => unanswered::MAY_NOT_WITHDRAW,
                _ => return None,
            };
            Some(note.to_owned())
        }))
    }

    fn sending(&self, probe: &SignedProbe) -> WorkerAct {
        let proxy = self.proxy.clone();
        WorkerAct::Send {
            request: worker_request(&probe.request),
            loopback: self.loopback.clone().map(Into::into),
            proxy: proxy.map(|proxy| strongroom_secret::SecretText::new(proxy).into()),
            deadline_ms: u32::try_from(DEADLINE.as_millis()).unwrap_or(u32::MAX),
        }
    }

    /// A person's question is a command, which puts the auto-lock off; one that nobody asked is
    /// none.
    fn hold(&self) -> Result<Guard<'_>, Fault> {
        if !matches!(self.right, Right::Schedule) {
            return self.session.open_verified(self.agent);
        }
        self.session
            .peek()
            .filter(|guard| guard.vault.trust() == Trust::Verified)
            .ok_or_else(|| Fault::new(ErrorCode::Locked, "the vault is locked; unlock it first"))
    }

    fn signed(&mut self, call: &str, uid: Option<&str>) -> Result<SignedProbe, Fault> {
        let nonce = self.nonce.take();
        let mut guard = self.hold()?;
        let opened = &mut *guard;
        let held;
        let leave = match &self.right {
            Right::Code(fresh) => Leave::StepUp(fresh),
            Right::Schedule => Leave::Schedule,
            Right::Grace(connection) => {
                held = present(
                    self.agent,
                    &mut opened.vault,
                    &opened.graces,
                    *connection,
                    None,
                    Need::Code,
                )?;
                Leave::StepUp(&held)
            }
        };
        let vault = &mut opened.vault;
        let probe = match (&self.about, leave) {
            (About::InUse, leave) => vault.sign_probe(self.key, call, uid, nonce, leave, self.by),
            (About::Staged(_), Leave::StepUp(step_up)) => {
                vault.sign_staged_probe(self.key, call, uid, nonce, step_up, self.by)
            }
            (About::Staged(_), Leave::Schedule) => {
                return Err(Fault::new(
                    ErrorCode::StepUpRequired,
                    "a secret that is not in use yet is asked about by hand only",
                ));
            }
        };
        let probe = probe.map_err(Told::told)?;
        guard.reminders_changed(self.agent);
        Ok(probe)
    }

    /// How the check would end with this report; none where it was a stepping stone, and the next
    /// call needs what it told.
    fn ended(
        &self,
        outcome: WorkerOutcome,
        reads: Reads,
        offset: Option<i64>,
    ) -> Result<Option<Checked>, Fault> {
        Ok(match outcome {
            // That an address is an agent is of use with what the next call tells. That it is the
            // account's own is the worst there is, and no next call would say so.
            WorkerOutcome::Seen { seen }
                if reads == Reads::Role && seen.permissions.withdraw != Tri::Yes =>
            {
                None
            }
            WorkerOutcome::Uid { .. } => None,
            WorkerOutcome::Seen { seen } => Some(self.recorded(seen, offset)?),
            WorkerOutcome::Refused {
                meaning,
                also,
                address,
            } => Some(self.explained(meaning, &also, address, offset)?),
            WorkerOutcome::Unreadable { why } => {
                Some(self.told(unanswered::unreadable(why), offset))
            }
            WorkerOutcome::NotAnswered { why } => {
                Some(self.told(unanswered::not_answered(why), offset))
            }
        })
    }

    fn recorded(&self, seen: strongroom_wire::Seen, offset: Option<i64>) -> Result<Checked, Fault> {
        let at = UtcMs::from_clock(self.agent.ports.clock.utc_ms());
        let answer = seen_key(&seen, at)?;
        let mut guard = self.hold()?;
        let vault = &mut guard.vault;
        let (drift, excess, known) = match &self.about {
            About::InUse => {
                let drift = vault.record_answer(self.key, &answer, self.by);
                let drift = drift.map_err(Told::told)?;
                let excess = vault.excess_of(self.key, &answer.permissions);
                let known = "The exchange knows the key; what it said is recorded as observed.";
                (drift, excess.map_err(Told::told)?, known)
            }
            About::Staged(told) => {
                let rotation = vault.rotate_check_seen(self.key, &answer, told, self.by);
                let known = "The exchange knows the new key; what it may do is recorded with it.";
                (Vec::new(), rotation.map_err(Told::told)?.grown, known)
            }
        };
        guard.reminders_changed(self.agent);
        let sentence = if seen.unknown_words.is_empty() {
            known.to_owned()
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
            asked_ms: at.ms(),
            clock_offset_ms: offset,
            seen: Some(seen),
            drift: drift.iter().map(Drift::words).collect(),
            excess: excess.into_iter().map(Twin::to_wire).collect(),
            steps: Vec::new(),
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
        let guard = self.hold()?;
        let explained = guard
            .vault
            .explain(self.key, refused, offset)
            .map_err(Told::told)?;
        Ok(Checked {
            outcome: unanswered::outcome(explained.verdict),
            sentence: explained.sentence,
            remedy: explained.remedy,
            steps: explained.steps.into_iter().map(diagnosis_step).collect(),
            ..self.told(("", ""), offset)
        })
    }

    fn told(&self, (sentence, remedy): (&str, &str), offset: Option<i64>) -> Checked {
        Checked {
            outcome: CheckOutcome::NoAnswer,
            sentence: sentence.to_owned(),
            remedy: remedy.to_owned(),
            asked_ms: ms(self.agent.ports.clock.utc_ms()),
            clock_offset_ms: offset,
            seen: None,
            drift: Vec::new(),
            excess: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// Whether the exchange may have seen the question: where not even a connection to it was agreed
/// on, it has not.
fn may_have_arrived(outcome: &WorkerOutcome) -> bool {
    use NotAnswered as N;
    !matches!(
        outcome,
        WorkerOutcome::NotAnswered {
            why: N::Stranger
                | N::Request
                | N::NotFound
                | N::NoConnection
                | N::Proxy
                | N::Certificate
                | N::Tls
        }
    )
}

/// Whether the calls that are left would tell nothing more.
fn is_final(checked: &Checked) -> bool {
    // Another call may need less than one that was refused for want of a right.
    checked.outcome != CheckOutcome::KeyIsKnown
}
