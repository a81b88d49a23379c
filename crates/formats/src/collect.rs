//! Turns what an importer grouped into drafts, and sees that every leaf gets its account.
//!
//! An importer says which leaves could give which field of which key, best first. Here one of
//! them is taken, those with the same value are taken with it, and the rest is accounted for.
//!
//! Deliberately not here: syntax, and what any format calls a field.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest, Sha256};
use strongroom_domain::{AccountLabel, Environment, KeyLabel};

use crate::exchanges;
use crate::leaf::Leaf;
use crate::plan::{
    Draft, DraftExchange, DraftField, FieldAccount, Ignored, ImportPlan, NotImported, Note, Place,
    TakenAs, Warning, What,
};
use crate::value::{self, Taken};
use crate::{FieldName, Source};

/// Everything of one key, before its values were looked at.
#[derive(Default)]
pub(crate) struct Group {
    /// The exchange as written; empty where the source names none.
    pub(crate) exchange: String,
    pub(crate) account: Option<String>,
    pub(crate) environment: Option<Environment>,
    /// A label the source gives; made from the exchange and the account without it.
    pub(crate) label: Option<String>,
    /// Leaves that gave the parts above.
    pub(crate) said_by: Vec<(usize, TakenAs)>,
    pub(crate) candidates: Vec<Candidate>,
}

pub(crate) struct Candidate {
    pub(crate) field: FieldName,
    /// Among candidates for one field the lowest is taken, then the later leaf.
    pub(crate) rank: u8,
    pub(crate) leaf: usize,
    pub(crate) warning: Option<Warning>,
}

impl Candidate {
    pub(crate) fn new(field: FieldName, rank: u8, leaf: usize) -> Self {
        Self {
            field,
            rank,
            leaf,
            warning: None,
        }
    }
}

pub(crate) struct Collector<'l, 'a, P> {
    leaves: &'l [Leaf<'a, P>],
    drafts: Vec<Draft>,
    accounts: Vec<Option<What>>,
    /// Labels given out → the number the next of that name gets.
    labels: HashMap<String, usize>,
    /// SHA-256 of exchange and key → draft.
    keys: HashMap<[u8; 32], usize>,
    notes: Vec<Note>,
}

impl<'l, 'a, P> Collector<'l, 'a, P> {
    pub(crate) fn over(leaves: &'l [Leaf<'a, P>]) -> Self {
        Self {
            leaves,
            drafts: Vec::new(),
            accounts: std::iter::repeat_with(|| None).take(leaves.len()).collect(),
            labels: HashMap::new(),
            keys: HashMap::new(),
            notes: Vec::new(),
        }
    }

    pub(crate) fn account(&mut self, leaf: usize, what: What) {
        self.accounts[leaf] = Some(what);
    }

    pub(crate) fn ignore(&mut self, leaf: usize, reason: Ignored) {
        self.account(leaf, What::Ignored { reason });
    }

    pub(crate) fn refuse(&mut self, leaf: usize, reason: NotImported) {
        self.account(leaf, What::NotImported { reason });
    }

    pub(crate) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Makes the group a draft if it holds a credential, and accounts for its leaves either way.
    /// `empty` is said of the leaves around a credential that is not there.
    pub(crate) fn add(&mut self, group: Group, empty: What) {
        let draft = self.drafts.len();
        let mut warnings = Vec::new();
        let mut fields: Vec<DraftField> = Vec::new();
        let mut accounts: Vec<(usize, What)> = Vec::new();
        let mut candidates = group.candidates;
        candidates.sort_by_key(|candidate| {
            (
                candidate.field,
                candidate.rank,
                std::cmp::Reverse(candidate.leaf),
            )
        });

        // A field that is a reference already is settled: what it shadows stays shadowed.
        let mut referenced: Vec<FieldName> = Vec::new();
        for candidate in candidates {
            let field = candidate.field;
            let taken = What::Taken {
                draft,
                field: TakenAs::Credential(field),
            };
            let found = match value::credential(field, &self.leaves[candidate.leaf].value) {
                Ok(found) => found,
                Err(what) => {
                    if what
                        == (What::Ignored {
                            reason: Ignored::AlreadyReference,
                        })
                    {
                        referenced.push(field);
                    }
                    accounts.push((candidate.leaf, what));
                    continue;
                }
            };
            let shadowed = What::NotImported {
                reason: NotImported::Shadowed,
            };
            let what = match fields.iter().find(|known| known.name == field) {
                None if referenced.contains(&field) => shadowed,
                None => {
                    let Taken {
                        text,
                        warnings: noticed,
                    } = found;
                    fields.push(DraftField {
                        name: field,
                        value: text,
                    });
                    warnings.extend(noticed);
                    warnings.extend(candidate.warning);
                    taken
                }
                Some(known) if known.value.ct_eq(&found.text) => taken,
                Some(_) => {
                    warnings.push(Warning::GivenTwice(field));
                    shadowed
                }
            };
            accounts.push((candidate.leaf, what));
        }

        let id = exchanges::id_of(&group.exchange);
        let had_account = group.account.is_some();
        let outcome = if fields.is_empty() && !referenced.is_empty() {
            Some(What::Ignored {
                reason: Ignored::AlreadyReference,
            })
        } else if fields.is_empty() {
            Some(empty)
        } else if id.is_none() {
            self.note(Note::NoExchange);
            Some(What::NotImported {
                reason: NotImported::NoExchange,
            })
        } else {
            None
        };
        let (None, Some(id)) = (outcome, id) else {
            let outcome = outcome.unwrap_or(empty);
            for (leaf, what) in accounts {
                let lost = matches!(what, What::Taken { .. });
                self.account(leaf, if lost { outcome } else { what });
            }
            for (leaf, _) in group.said_by {
                self.account(leaf, outcome);
            }
            return;
        };

        for (leaf, what) in accounts {
            self.account(leaf, what);
        }
        for (leaf, field) in group.said_by {
            self.account(leaf, What::Taken { draft, field });
        }
        warnings.dedup();
        // Names of entries and variables are as wild as files are.
        let account = group
            .account
            .filter(|account| AccountLabel::parse(account).is_ok());
        if account.is_none() && had_account {
            warnings.push(Warning::AccountName);
        }
        let mut made = Draft {
            label: String::new(),
            exchange: DraftExchange {
                raw: group.exchange,
                id,
            },
            account,
            environment: group.environment,
            fields,
            warnings,
            record: None,
        };
        exchanges::look_over(&mut made);
        if let Some(first) = self.same_key(&made, draft) {
            made.warnings.push(Warning::SameKeyAs(first));
        }
        made.label = self.free_label(&group.label.unwrap_or_else(|| suggested_label(&made)));
        self.drafts.push(made);
    }

    pub(crate) fn finish(mut self, source: Source, place: impl Fn(&P) -> String) -> ImportPlan {
        if self.drafts.is_empty() {
            self.note(Note::NothingFound);
        }
        let fields = self
            .leaves
            .iter()
            .zip(self.accounts)
            .map(|(leaf, what)| FieldAccount {
                where_: Place {
                    name: place(&leaf.place),
                    line: leaf.line,
                },
                // An importer that forgot a leaf must not hide it.
                what: what.unwrap_or(What::NotImported {
                    reason: NotImported::UnknownName,
                }),
            })
            .collect();
        ImportPlan {
            source,
            drafts: self.drafts,
            fields,
            notes: self.notes,
            table: None,
        }
    }

    /// The earlier draft with the same exchange and key.
    fn same_key(&mut self, made: &Draft, index: usize) -> Option<usize> {
        let names = [
            FieldName::ApiKey,
            FieldName::PrivateKey,
            FieldName::Secret,
            FieldName::Token,
        ];
        let key = names.into_iter().find_map(|name| made.field(name))?;
        let mut hash = Sha256::new();
        hash.update(made.exchange.id.as_str().as_bytes());
        hash.update([0]);
        // EXPOSE: hashed, to find the same key twice in one file.
        hash.update(key.expose().as_bytes());
        match self.keys.entry(hash.finalize().into()) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(place) => {
                place.insert(index);
                None
            }
        }
    }

    /// The wanted label, or the next number behind it.
    fn free_label(&mut self, wanted: &str) -> String {
        let longest: String = wanted.chars().take(KeyLabel::MOST).collect();
        let wanted = match KeyLabel::parse(&longest) {
            Ok(label) => label.as_str().to_owned(),
            Err(_) => "imported".to_owned(),
        };
        let Some(next) = self.labels.get(&wanted).copied() else {
            self.labels.insert(wanted.clone(), 2);
            return wanted;
        };
        // Room is made for the number.
        let short: String = wanted.chars().take(KeyLabel::MOST - 8).collect();
        let mut number = next;
        loop {
            let label = format!("{}-{number}", short.trim_end());
            number += 1;
            if let Entry::Vacant(place) = self.labels.entry(label.clone()) {
                place.insert(2);
                self.labels.insert(wanted, number);
                return label;
            }
        }
    }
}

/// `binance`, `binance-main`, `binance-main-testnet`.
fn suggested_label(draft: &Draft) -> String {
    let mut label = draft.exchange.id.as_str().to_owned();
    if let Some(account) = &draft.account {
        label.push('-');
        label.push_str(account);
    }
    match draft.environment {
        Some(Environment::Testnet) => label.push_str("-testnet"),
        Some(Environment::Demo) => label.push_str("-demo"),
        Some(Environment::Development) => label.push_str("-dev"),
        Some(Environment::Production) | None => {}
    }
    label
}
