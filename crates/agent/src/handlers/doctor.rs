//! Why an exchange refuses a key: the words it used, by what the record knows. Nothing is opened
//! and nothing is asked.

use strongroom_vault::ToldBeside;
use strongroom_wire::{Diagnosis, Doctor, Fault};

use crate::agent::Agent;
use crate::convert::{Told, Twin, diagnosis_step};
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
    let (exchange_name, diagnosis) = guard
        .vault
        .diagnose_text(key, &request.text, &beside)
        .map_err(Told::told)?;
    Ok(Diagnosis {
        exchange_name: exchange_name.to_owned(),
        steps: diagnosis.steps.into_iter().map(diagnosis_step).collect(),
        sentence: diagnosis.sentence,
        remedy: diagnosis.remedy_words,
    })
}
