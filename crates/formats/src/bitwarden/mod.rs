//! Bitwarden's JSON export, of a person or an organisation.
//!
//! Deliberately not here: its encryption (`protected.rs`), its CSV (`logins::table`), and which
//! item is a key (`logins`).

pub(crate) mod protected;

use std::collections::BTreeMap;

use crate::collect::Collector;
use crate::json::{JsonLeaf, JsonPath};
use crate::leaf::Value;
use crate::logins::{Custom, Item, Kept};
use crate::plan::{Ignored, ImportPlan, NotImported, Note};
use crate::{Options, Source};

/// An item and the fields a person added to it, whose names stand apart from their values.
#[derive(Default)]
struct Parts {
    item: Item,
    names: BTreeMap<String, String>,
    values: BTreeMap<String, usize>,
}

pub(crate) fn plan(leaves: &[JsonLeaf<'_>], options: &Options) -> ImportPlan {
    let mut collector = Collector::over(leaves);
    collector.note(Note::PlaintextExport);
    let mut items: Vec<Parts> = Vec::new();
    let mut by_number: BTreeMap<String, usize> = BTreeMap::new();

    for (index, leaf) in leaves.iter().enumerate() {
        match leaf.place.names().as_slice() {
            ["items", number, inside @ ..] if !inside.is_empty() => {
                let at = *by_number.entry((*number).to_owned()).or_insert_with(|| {
                    items.push(Parts::default());
                    items.len() - 1
                });
                items[at].leaf(index, inside, leaf);
            }
            // Ciphertexts of an export that was not unlocked.
            ["data"] | ["encKeyValidation_DO_NOT_EDIT"] => {
                collector.refuse(index, NotImported::Unopened);
            }
            _ if matches!(leaf.value, Value::Nothing) => collector.ignore(index, Ignored::Empty),
            _ => collector.ignore(index, Ignored::Detail),
        }
    }
    for parts in items {
        parts
            .whole()
            .finish(leaves, options.account.as_deref(), &mut collector);
    }
    collector.finish(Source::Bitwarden, JsonPath::shown)
}

impl Parts {
    fn leaf(&mut self, index: usize, inside: &[&str], leaf: &JsonLeaf<'_>) {
        let item = &mut self.item;
        match inside {
            ["name"] => item.title = Some(index),
            ["notes"] => item.notes = Some(index),
            ["login", "username"] => item.username = Some(index),
            ["login", "password"] => item.password = Some(index),
            ["login", "totp"] => item.second_factor = Some(index),
            ["login", "uris", _, "uri"] => item.addresses.push(index),
            ["fields", number, "value"] => {
                self.values.insert((*number).to_owned(), index);
            }
            ["fields", number, "name"] => {
                let name = leaf.value.as_text().unwrap_or_default();
                self.names.insert((*number).to_owned(), name.to_owned());
                item.details.push(index);
            }
            ["passwordHistory", _, "password"] => item.earlier.push(index),
            ["deletedDate"] => {
                if leaf.value.as_text().is_some_and(|date| !date.is_empty()) {
                    item.place = Kept::InTrash;
                }
                item.details.push(index);
            }
            _ => item.details.push(index),
        }
    }

    fn whole(self) -> Item {
        let mut item = self.item;
        for (number, value) in self.values {
            let name = self.names.get(&number).cloned().unwrap_or_default();
            item.custom.push(Custom { name, value });
        }
        item
    }
}
