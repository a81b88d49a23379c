//! Staged rotation and revocation.

use strongroom_domain::{ConsumerName, EntryId, RotationAct, RotationStage, UtcMs};
use strongroom_vault as vault;
use strongroom_wire as wire;
use strongroom_wire::{
    Fault, KeySelector, Revocations, Revoke, RotateCheck, RotateStage, RotateSwitch, RotationView,
    SwitchWho,
};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, count, moment, new_fields, permission_set, refused};
use crate::handlers::keys::find;
use crate::page::Room;
use crate::router::Call;

/// Keys of one step: a list that a person reads.
pub(crate) const MOST_KEYS: usize = 1000;

pub(crate) fn rotate_status(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<RotationView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let rotation = guard.vault.rotation(key).map_err(Told::told)?;
    Ok(view(rotation, Vec::new()))
}

pub(crate) fn rotate_start(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<RotationView, Fault> {
    step(agent, &call, &request.key, &RotationAct::Start)
}

pub(crate) fn rotate_stage(
    agent: &Agent,
    call: Call<'_>,
    request: RotateStage,
) -> Result<RotationView, Fault> {
    let fields = new_fields(request.fields)?;
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let (rotation, warnings) = guard
        .vault
        .rotate_stage(key, fields, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    let warnings = warnings.iter().map(|one| one.words()).collect();
    Ok(view(rotation, warnings))
}

pub(crate) fn rotate_check(
    agent: &Agent,
    call: Call<'_>,
    request: RotateCheck,
) -> Result<RotationView, Fault> {
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
    let rotation = guard
        .vault
        .rotate_check(
            key,
            rights,
            request.growth_meant,
            expires,
            client(call.peer),
        )
        .map_err(Told::told)?;
    Ok(view(rotation, Vec::new()))
}

pub(crate) fn rotate_switch(
    agent: &Agent,
    call: Call<'_>,
    request: RotateSwitch,
) -> Result<RotationView, Fault> {
    let act = match request.who {
        SwitchWho::All {} => RotationAct::SwitchAll,
        SwitchWho::Back {} => RotationAct::Back,
        SwitchWho::Consumers { names } => {
            let names = names
                .iter()
                .map(|name| ConsumerName::parse(name).map_err(|why| refused("a consumer", why)))
                .collect::<Result<Vec<_>, _>>()?;
            let session = agent.session(&call.vault);
            let mut guard = session.open_verified(agent)?;
            let who = guard.vault.rotation_consumers(&names);
            RotationAct::Switch(who.map_err(Told::told)?)
        }
    };
    step(agent, &call, &request.key, &act)
}

pub(crate) fn rotate_revoke(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<RotationView, Fault> {
    step(agent, &call, &request.key, &RotationAct::Revoke)
}

pub(crate) fn rotate_confirm(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<RotationView, Fault> {
    step(agent, &call, &request.key, &RotationAct::Confirm)
}

pub(crate) fn rotate_abort(
    agent: &Agent,
    call: Call<'_>,
    request: KeySelector,
) -> Result<RotationView, Fault> {
    step(agent, &call, &request.key, &RotationAct::Abort)
}

fn step(
    agent: &Agent,
    call: &Call<'_>,
    key: &str,
    act: &RotationAct,
) -> Result<RotationView, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, key)?;
    let rotation = guard
        .vault
        .rotate(key, act, client(call.peer))
        .map_err(Told::told)?;
    guard.reminders_changed(agent);
    Ok(view(rotation, Vec::new()))
}

pub(crate) fn revoke(agent: &Agent, call: Call<'_>, request: Revoke) -> Result<Revocations, Fault> {
    if request.keys.len() > MOST_KEYS {
        return Err(refused("the keys", format!("at most {MOST_KEYS} at once")));
    }
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let rows = if request.keys.is_empty() {
        guard.vault.revocations().map_err(Told::told)?
    } else {
        let keys = request
            .keys
            .iter()
            .map(|key| find(&mut guard, key))
            .collect::<Result<Vec<EntryId>, _>>()?;
        let step = request.step;
        let done = guard
            .vault
            .revoke(&keys, Twin::from_wire(step), client(call.peer));
        let rows = done.map_err(Told::told)?;
        guard.reminders_changed(agent);
        rows
    };
    drop(guard);
    let total = count(rows.len());
    let keys = Room::of_frame().take(rows.into_iter().map(|row| wire::RevocationView {
        id: row.key.to_string(),
        label: row.label.to_string(),
        exchange_name: row.exchange_name,
        class: row.class.name().to_owned(),
        state: row.state.to_wire(),
        since_ms: row.since.map(UtcMs::ms),
        page: row.page.map(page),
    }));
    Ok(Revocations { keys, total })
}

fn page(page: vault::SitePage) -> wire::SitePage {
    wire::SitePage {
        url: page.url.to_owned(),
        then: page.then.map(str::to_owned),
    }
}

pub(super) fn view(rotation: vault::RotationView, warnings: Vec<String>) -> RotationView {
    let names = |names: &[ConsumerName]| names.iter().map(ToString::to_string).collect();
    RotationView {
        next: next(&rotation),
        id: rotation.key.to_string(),
        label: rotation.label.to_string(),
        exchange_name: rotation.exchange_name,
        stage: rotation.stage.to_wire(),
        old: rotation.old.map(|id| id.to_string()),
        new: rotation.new.map(|id| id.to_string()),
        switched: names(&rotation.switched),
        left: names(&rotation.left),
        grown: rotation.grown.into_iter().map(Twin::to_wire).collect(),
        ending_since_ms: rotation.ending_since.map(UtcMs::ms),
        manage: rotation.manage.map(page),
        revoke: rotation.revoke.map(page),
        warnings,
    }
}

/// What comes next, in one sentence.
fn next(rotation: &vault::RotationView) -> String {
    let exchange = &rotation.exchange_name;
    match rotation.stage {
        RotationStage::Idle => "No rotation is under way.".to_owned(),
        RotationStage::Begun => format!(
            "Make a new key at {exchange} with the same rights and the same addresses, then \
             record it with `rotate stage`; the old one stays as it is."
        ),
        RotationStage::Staged => {
            "Say what the new key may do with `rotate check`; without a word it is taken to have \
             the rights of the old one."
                .to_owned()
        }
        RotationStage::Grown => {
            let verbs: Vec<&str> = rotation.grown.iter().map(|verb| verb.name()).collect();
            format!(
                "The new key may do more than the old one ({}): take that away at {exchange} and \
                 `rotate check` again, or say that it is meant with `rotate check --grow`.",
                verbs.join(", ")
            )
        }
        RotationStage::Switching if rotation.left.is_empty() => {
            "Give the new secret to whatever uses the key, then say `rotate switch --all`."
                .to_owned()
        }
        RotationStage::Switching => {
            let left: Vec<&str> = rotation.left.iter().map(ConsumerName::as_str).collect();
            format!(
                "Give the new secret to {}, and tick each off with `rotate switch`; the old one \
                 stays in use until all have it.",
                left.join(", ")
            )
        }
        RotationStage::InUse => format!(
            "The new secret is in use. When the old one has fallen silent, end it at {exchange}: \
             `rotate revoke` shows where. `rotate switch --back` takes the old one back."
        ),
        RotationStage::Ending => format!(
            "End the old key at {exchange}, and say `rotate confirm` when it is dead. It is due \
             until then."
        ),
    }
}
