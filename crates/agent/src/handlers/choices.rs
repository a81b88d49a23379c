//! What a face offers to choose from: counts beside the views of the list, and the exchanges.

use strongroom_domain::{EXCHANGES, ExchangeStatus};
use strongroom_vault as vault;
use strongroom_wire::{
    EnvironmentFacet, ExchangeList, ExchangeView, Facet, Facets, Fault, Nothing,
};

use crate::agent::Agent;
use crate::convert::{LocalTime, Told, Twin, count};
use crate::page::Room;
use crate::router::Call;

pub(crate) fn facets(agent: &Agent, call: Call<'_>, _: Nothing) -> Result<Facets, Fault> {
    let session = agent.session(&call.vault);
    let mut guard = session.open(agent)?;
    let local = LocalTime::at(agent.ports.clock.utc_ms());
    let facets = guard.vault.keys().map_err(Told::told)?.facets(local.now());
    drop(guard);
    let mut room = Room::of_frame();
    Ok(Facets {
        all: count(facets.all),
        due: count(facets.due),
        over_permissive: count(facets.over_permissive),
        unrestricted: count(facets.unrestricted),
        archived: count(facets.archived),
        environments: facets
            .environments
            .into_iter()
            .map(|(value, keys)| EnvironmentFacet {
                value: value.to_wire(),
                keys: count(keys),
            })
            .collect(),
        // What is longest without bounds comes last, so that it is what is cut.
        exchanges: room.take(facets.exchanges.into_iter().map(facet)),
        accounts: room.take(facets.accounts.into_iter().map(facet)),
        consumers: room.take(facets.consumers.into_iter().map(facet)),
        tags: room.take(facets.tags.into_iter().map(facet)),
    })
}

fn facet(facet: vault::Facet) -> Facet {
    Facet {
        value: facet.value,
        name: facet.name,
        keys: count(facet.keys),
    }
}

/// Needs no vault: the same for everybody.
pub(crate) fn exchange_list(_: &Agent, _: Call<'_>, _: Nothing) -> Result<ExchangeList, Fault> {
    let exchanges = EXCHANGES
        .iter()
        .map(|info| ExchangeView {
            id: info.id.to_owned(),
            name: info.name.to_owned(),
            closed_on: match info.status {
                ExchangeStatus::Active => None,
                ExchangeStatus::Closed { on } => Some(on.to_owned()),
            },
            fields: Vec::new(),
            key_types: Vec::new(),
        })
        .collect();
    Ok(ExchangeList { exchanges })
}
