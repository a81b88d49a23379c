//! What a key of each exchange is made of, for whoever types one in.
//!
//! The facts are the catalogue's; here they become what a form needs. Deliberately not here:
//! checking what was typed, which `records` does whatever the form said.

use strongroom_domain::{EXCHANGES, ExchangeStatus, FieldName, KeyType};
use strongroom_exchanges::catalogue::{self, KeyTypeFacts, Outline, Told};

/// One exchange that is known by name.
#[derive(Debug, Clone)]
pub struct Template {
    pub id: &'static str,
    pub name: &'static str,
    /// ISO date.
    pub closed_on: Option<&'static str>,
    /// ISO date on which what is known of it was compared with its sources.
    pub facts_as_of: Option<String>,
    pub fields: Vec<TemplateField>,
    /// The usual one first.
    pub key_types: Vec<KeyType>,
}

#[derive(Debug, Clone)]
pub struct TemplateField {
    pub name: &'static FieldName,
    pub secret: bool,
    pub required: bool,
    pub shapes: Vec<Outline<'static>>,
}

/// Every exchange, by id.
pub fn templates() -> Vec<Template> {
    EXCHANGES
        .iter()
        .map(|info| {
            let facts = catalogue::facts(info.id);
            let fields = facts.map(|facts| facts.fields.as_slice()).unwrap_or(&[]);
            let kinds = facts.map(|facts| facts.key_types.as_slice()).unwrap_or(&[]);
            Template {
                id: info.id,
                name: info.name,
                closed_on: match info.status {
                    ExchangeStatus::Active => None,
                    ExchangeStatus::Closed { on } => Some(on),
                },
                facts_as_of: facts.map(|facts| facts.as_of.to_string()),
                fields: fields.iter().map(field).collect(),
                key_types: offered(kinds),
            }
        })
        .collect()
}

fn field(facts: &'static catalogue::FieldFacts) -> TemplateField {
    TemplateField {
        name: &facts.name,
        secret: facts.secret,
        required: facts.required,
        shapes: facts
            .shapes
            .iter()
            .filter_map(|one| one.shape.outline())
            .collect(),
    }
}

/// Each kind once, what the exchange still offers.
fn offered(kinds: &[KeyTypeFacts]) -> Vec<KeyType> {
    let mut all = Vec::new();
    for kind in kinds {
        if kind.offered != Told::No && !all.contains(&kind.kind) {
            all.push(kind.kind);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_knows_what_a_key_is_made_of() {
        let all = templates();
        assert_eq!(all.len(), EXCHANGES.len());
        let of = |id: &str| all.iter().find(|one| one.id == id).expect(id);
        let okx: Vec<_> = of("okx")
            .fields
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(okx, ["apiKey", "secret", "passphrase"]);
        assert!(of("okx").fields.iter().all(|one| one.required));
        let key = &of("binance").fields[0];
        assert!(!key.secret && key.shapes[0].least == 64);
        assert_eq!(of("okx").facts_as_of.as_deref(), Some("2026-11-23"));
        assert_eq!(of("bitmex").closed_on, Some("2026-09-23"));
        assert!(of("binance").key_types.contains(&KeyType::Ed25519));
    }
}
