//! Why an exchange refuses a key: the words it used, by what the record knows. Nothing is asked, and
//! nothing is opened unless somebody wants the form of the secret looked at.

use strongroom_vault::{Need, ToldBeside};
use strongroom_wire::{Diagnosis, Doctor, Fault};

use crate::agent::Agent;
use crate::convert::{Told, Twin, client, diagnosis_step};
use crate::grace::present;
use crate::handlers::keys::find;
use crate::router::Call;

pub(crate) fn doctor(agent: &Agent, call: Call<'_>, request: Doctor) -> Result<Diagnosis, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open_verified(agent)?;
    let key = find(&mut guard, &request.key)?;
    let beside = ToldBeside {
        address: request.address,
        clock_offset_ms: request.clock_offset_ms,
        wanted: request.wanted.map(Twin::from_wire),
    };
    let opened = &mut *guard;
    let looked = if request.look {
        let step_up = present(
            agent,
            &mut opened.vault,
            &opened.graces,
            call.peer.connection,
            request.step_up,
            Need::Code,
        )?;
        let by = client(call.peer);
        let form = opened.vault.look_at_form(key, &step_up, by);
        Some(form.map_err(Told::told)?)
    } else {
        None
    };
    let (exchange_name, diagnosis) = opened
        .vault
        .diagnose_text(key, &request.text, &beside, looked)
        .map_err(Told::told)?;
    Ok(Diagnosis {
        exchange_name: exchange_name.to_owned(),
        steps: diagnosis.steps.into_iter().map(diagnosis_step).collect(),
        sentence: diagnosis.sentence,
        remedy: diagnosis.remedy_words,
    })
}
