//! Consumers, vendors, and the keys somebody holds.

use strongroom_domain::{Checked, ConsumerName, ExchangeId, Line, Notes, Question, Tri, UtcMs};
use strongroom_vault as vault;
use strongroom_vault::{HolderChange, Span};
use strongroom_wire as wire;
use strongroom_wire::{
    Breach, ConsumerList, ConsumerSet, ConsumerView, Done, Fault, HeldAsk, HeldKeys, KeysOf,
    Nothing, VendorList, VendorSet, VendorView,
};

use crate::agent::Agent;
use crate::convert::{LocalTime, Told, Twin, allowlist_summary, client, count, moment, refused};
use crate::handlers::keys::find;
use crate::handlers::rotate::MOST_KEYS;
use crate::page::Room;
use crate::router::Call;
use crate::session::Opened;

pub(crate) fn consumers(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<ConsumerList, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let rows = guard.vault.consumers().map_err(Told::told)?;
    drop(guard);
    let total = count(rows.len());
    let consumers = Room::of_frame().take(rows.into_iter().map(|row| ConsumerView {
        id: row.record.id.to_string(),
        name: row.record.name.to_string(),
        kind: row.record.kind.map(Twin::to_wire),
        vendor: row.record.vendor.map(|line| line.to_string()),
        host: row.record.host.map(|line| line.to_string()),
        breached_ms: row.record.breached.map(UtcMs::ms),
        notes: row.record.notes.map(|notes| notes.to_string()),
        keys: count(row.keys),
    }));
    Ok(ConsumerList { consumers, total })
}

pub(crate) fn consumer_set(
    agent: &Agent,
    call: Call<'_>,
    request: ConsumerSet,
) -> Result<Done, Fault> {
    let mut changes = Vec::new();
    if let Some(rename) = &request.rename {
        changes.push(HolderChange::Name(name(rename)?));
    }
    changes.extend(
        request
            .kind
            .map(|kind| HolderChange::Kind(Twin::from_wire(kind))),
    );
    if let Some(text) = &request.vendor {
        changes.push(HolderChange::Vendor(line_or_none("the vendor", text)?));
    }
    if let Some(text) = &request.host {
        changes.push(HolderChange::Host(line_or_none("the host", text)?));
    }
    changes.extend(breach(request.breach)?);
    changes.extend(notes(request.notes.as_deref())?);
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    guard
        .vault
        .set_consumer(&name(&request.name)?, changes, client(call.peer))
        .map_err(Told::told)?;
    Ok(Done {})
}

pub(crate) fn vendors(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<VendorList, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let rows = guard.vault.vendors().map_err(Told::told)?;
    drop(guard);
    let total = count(rows.len());
    let vendors = Room::of_frame().take(rows.into_iter().map(vendor_view));
    Ok(VendorList { vendors, total })
}

pub(crate) fn vendor_set(agent: &Agent, call: Call<'_>, request: VendorSet) -> Result<Done, Fault> {
    let now = UtcMs::from_clock(agent.ports.clock.utc_ms());
    let mut changes: Vec<HolderChange> = breach(request.breach)?.into_iter().collect();
    if let Some(ms) = request.review_ms {
        let at = moment("the review", ms)?;
        changes.push(HolderChange::Review(Some(at)));
    }
    changes.extend(notes(request.notes.as_deref())?);
    for answer in request.answers {
        let known = Question::ALL.iter().copied();
        let question = known
            .into_iter()
            .find(|one| one.name() == answer.question)
            .ok_or_else(|| refused("the question", "it is none of the checklist"))?;
        let evidence = match &answer.evidence {
            Some(text) => line_or_none("the evidence", text)?,
            None => None,
        };
        changes.push(HolderChange::Answer(Checked {
            question,
            answer: Tri::from_wire(answer.answer),
            evidence,
            at: now,
        }));
    }
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    guard
        .vault
        .set_vendor(&name(&request.name)?, changes, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(Done {})
}

pub(crate) fn keys_of(agent: &Agent, call: Call<'_>, request: HeldAsk) -> Result<HeldKeys, Fault> {
    let span = if request.ever { Span::Ever } else { Span::Now };
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let whose = whose(&mut guard, &request.whose)?;
    let keys = guard.vault.keys_of(&whose, span).map_err(Told::told)?;
    drop(guard);
    let (offset, total) = (request.offset as usize, keys.len());
    let page = keys.into_iter().skip(offset);
    let keys = Room::of_frame().take(page.map(|key| held(key, &local)));
    let end = offset + keys.len();
    Ok(HeldKeys {
        next: (end < total && !keys.is_empty()).then_some(count(end)),
        keys,
        total: count(total),
    })
}

pub(crate) fn held(key: vault::HeldKey, local: &LocalTime) -> wire::HeldKey {
    let row = key.row;
    let contained = row.is_being_ended();
    wire::HeldKey {
        id: row.id.to_string(),
        label: row.label.to_string(),
        exchange_name: row.exchange.display_name().to_owned(),
        account: row
            .account_label
            .map(|label| label.to_string())
            .unwrap_or_default(),
        environment: row.environment.to_wire(),
        state: row.state.to_wire(),
        contained,
        class: key.class.name().to_owned(),
        allowlist: allowlist_summary(row.allowlist),
        owner: row.owner.map(|owner| owner.to_string()),
        last_rotated_ms: row.last_rotated.ms(),
        last_used_ms: row.last_used.map(UtcMs::ms),
        expiry: row.expiry.map(|due| local.due(due)),
        rotation: row.rotation.map(|due| local.due(due)),
        holds: key
            .holds
            .into_iter()
            .map(|hold| wire::HoldView {
                consumer: hold.consumer.to_string(),
                since_ms: hold.since.ms(),
                still: hold.still,
            })
            .collect(),
    }
}

pub(crate) fn whose(opened: &mut Opened, whose: &KeysOf) -> Result<vault::KeysOf, Fault> {
    Ok(match whose {
        KeysOf::Vendor { name: text } => vault::KeysOf::Vendor(name(text)?),
        KeysOf::Consumer { name: text } => vault::KeysOf::Consumer(name(text)?),
        KeysOf::Person { name: text } => vault::KeysOf::Person(name(text)?),
        KeysOf::Host { name: text } => vault::KeysOf::Host(name(text)?.to_string()),
        KeysOf::Exchange { name } => vault::KeysOf::Exchange(
            ExchangeId::parse(name).map_err(|why| refused("the exchange", why))?,
        ),
        KeysOf::Keys { keys } => {
            if keys.len() > MOST_KEYS {
                return Err(refused("the keys", format!("at most {MOST_KEYS} at once")));
            }
            let found = keys.iter().map(|key| find(opened, key));
            vault::KeysOf::Keys(found.collect::<Result<_, _>>()?)
        }
        KeysOf::All {} => vault::KeysOf::All,
    })
}

fn vendor_view(row: vault::VendorRow) -> VendorView {
    let checklist = &row.record.checklist;
    VendorView {
        id: row.record.id.to_string(),
        name: row.record.name.to_string(),
        breached_ms: row.record.breached.map(UtcMs::ms),
        review_ms: row.record.review.map(UtcMs::ms),
        checklist: Question::ALL
            .iter()
            .map(|question| {
                let found = checklist.get(*question);
                wire::CheckedView {
                    question: question.name().to_owned(),
                    words: question.words().to_owned(),
                    answer: found.map_or(Tri::Unknown, |one| one.answer).to_wire(),
                    evidence: found.and_then(|one| Some(one.evidence.as_ref()?.to_string())),
                    at_ms: found.map(|one| one.at.ms()),
                }
            })
            .collect(),
        good: count(checklist.good()),
        consumers: row.consumers.iter().map(ToString::to_string).collect(),
        keys: count(row.keys),
        notes: row.record.notes.map(|notes| notes.to_string()),
    }
}

fn name(text: &str) -> Result<ConsumerName, Fault> {
    ConsumerName::parse(text).map_err(|why| refused("the name", why))
}

fn line_or_none(what: &str, text: &str) -> Result<Option<Line>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Line::parse(text)
        .map(Some)
        .map_err(|why| refused(what, why))
}

fn notes(text: Option<&str>) -> Result<Option<HolderChange>, Fault> {
    let Some(text) = text else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(Some(HolderChange::Notes(None)));
    }
    let notes = Notes::parse(text).map_err(|why| refused("the notes", why))?;
    Ok(Some(HolderChange::Notes(Some(notes))))
}

fn breach(breach: Option<Breach>) -> Result<Option<HolderChange>, Fault> {
    Ok(match breach {
        None => None,
        Some(Breach::None {}) => Some(HolderChange::Breached(None)),
        Some(Breach::At { ms }) => {
            let at = moment("the breach", ms)?;
            Some(HolderChange::Breached(Some(at)))
        }
    })
}
