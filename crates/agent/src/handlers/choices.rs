//! What a face offers to choose from: counts beside the views of the list, and the exchanges.

use strongroom_vault as vault;
use strongroom_wire::{
    Alphabet, EnvironmentFacet, ExchangeList, ExchangeView, Facet, Facets, Fault, FieldShape,
    FieldTemplate, Nothing,
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
    let exchanges = vault::templates().into_iter().map(|one| ExchangeView {
        id: one.id.to_owned(),
        name: one.name.to_owned(),
        closed_on: one.closed_on.map(str::to_owned),
        facts_as_of: one.facts_as_of,
        fields: one.fields.into_iter().map(field).collect(),
        key_types: one.key_types.into_iter().map(Twin::to_wire).collect(),
    });
    Ok(ExchangeList {
        exchanges: exchanges.collect(),
    })
}

fn field(field: vault::TemplateField) -> FieldTemplate {
    FieldTemplate {
        name: field.name.as_str().to_owned(),
        secret: field.secret,
        required: field.required,
        shapes: field.shapes.iter().map(shape).collect(),
    }
}

fn shape(outline: &vault::Outline<'_>) -> FieldShape {
    use vault::OutlineAlphabet as From;
    FieldShape {
        prefix: (!outline.prefix.is_empty()).then(|| outline.prefix.to_owned()),
        least: count(outline.least),
        most: count(outline.most),
        alphabet: match outline.alphabet {
            From::Any => Alphabet::Any,
            From::Hex => Alphabet::Hex,
            From::UpperHex => Alphabet::UpperHex,
            From::Alphanumeric => Alphabet::Alphanumeric,
            From::Base64 => Alphabet::Base64,
            From::Base64Url => Alphabet::Base64Url,
            From::HexDashes => Alphabet::HexDashes,
            From::Pem => Alphabet::Pem,
        },
    }
}
