//! How the vault stands, and what somebody decided to live with.

use std::sync::atomic::Ordering;

use strongroom_domain::health::{Finding, ScoreLine, Standing, Subject};
use strongroom_domain::{Line, UtcMs};
use strongroom_vault::LockSources;
use strongroom_wire as wire;
use strongroom_wire::{
    Done, Fault, FindingAccept, FindingSubject, FindingUnaccept, FindingView, HealthAsk,
    HealthRule, HealthView,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, count, refused};
use crate::page::Room;
use crate::router::Call;

pub(crate) fn health(
    agent: &Agent,
    call: Call<'_>,
    request: HealthAsk,
) -> Result<HealthView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let health = guard.vault.health(locks(agent)).map_err(Told::told)?;
    drop(guard);
    let offset = request.offset as usize;
    let rules = health.score.lines.iter().map(rule_view).collect();
    let mut found = health.findings;
    if let Some(about) = request.about {
        found.retain(|one| matches!(one.subject, Subject::Entry(id) if id.to_string() == about));
    }
    let total = found.len();
    // There are few rules; what they take is left aside.
    let findings = found.into_iter().skip(offset).map(finding_view);
    let findings = Room::half_of_frame().take(findings);
    let end = offset + findings.len();
    Ok(HealthView {
        score: health.score.points,
        explained: health.score.words(),
        rules,
        next: (end < total && !findings.is_empty()).then_some(count(end)),
        findings,
        total: count(total),
    })
}

pub(crate) fn health_accept(
    agent: &Agent,
    call: Call<'_>,
    request: FindingAccept,
) -> Result<Done, Fault> {
    let reason = Line::parse(&request.reason).map_err(|why| refused("the reason", why))?;
    let until = UtcMs::parse(request.until_ms).map_err(|why| refused("the end", why))?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let subject = guard
        .vault
        .find_subject(request.subject.as_deref())
        .map_err(Told::told)?;
    guard
        .vault
        .accept_finding(
            &request.rule,
            subject,
            reason,
            until,
            locks(agent),
            client(call.peer),
        )
        .map_err(Told::told)?;
    Ok(Done {})
}

pub(crate) fn health_unaccept(
    agent: &Agent,
    call: Call<'_>,
    request: FindingUnaccept,
) -> Result<Done, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let subject = guard
        .vault
        .find_subject(request.subject.as_deref())
        .map_err(Told::told)?;
    guard
        .vault
        .withdraw_acceptance(&request.rule, subject, client(call.peer))
        .map_err(Told::told)?;
    Ok(Done {})
}

/// What tells the agent of sleep and of the screen; the self-test says it in words.
pub(crate) fn locks(agent: &Agent) -> LockSources {
    let logind = agent.events.logind.load(Ordering::Relaxed);
    let screen_saver = agent.events.screen_saver.load(Ordering::Relaxed);
    LockSources {
        suspend: logind,
        screen_lock: logind || screen_saver,
    }
}

fn rule_view(line: &ScoreLine) -> HealthRule {
    HealthRule {
        rule: line.rule.id.to_owned(),
        severity: line.rule.severity.to_wire(),
        title: line.rule.title.to_owned(),
        why: line.rule.why.to_owned(),
        open: count(line.open),
        accepted: count(line.accepted),
        points: line.cost,
    }
}

fn finding_view(finding: Finding) -> FindingView {
    FindingView {
        rule: finding.rule.id.to_owned(),
        severity: finding.rule.severity.to_wire(),
        subject: match finding.subject {
            Subject::Vault => FindingSubject::Vault {},
            Subject::Entry(id) => FindingSubject::Entry { id: id.to_string() },
            Subject::Exchange(id) => FindingSubject::Exchange { id: id.to_string() },
        },
        name: finding.name,
        reason: finding.reason,
        act: finding.act.to_wire(),
        remedy: finding.remedy,
        standing: match finding.standing {
            Standing::Open => wire::Standing::Open {},
            Standing::Accepted(one) => wire::Standing::Accepted {
                reason: one.reason.to_string(),
                until_ms: one.until.ms(),
            },
            Standing::Lapsed(one) => wire::Standing::Lapsed {
                reason: one.reason.to_string(),
                until_ms: one.until.ms(),
            },
        },
    }
}
