//! Any order of adding, changing, rotating, purging, archiving and locking, against a model of what
//! must be there.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use strongroom_domain::{EntryId, KeyState, KeySummary};
use strongroom_vault::{
    KeyChange, KeyFilter, KeySort, LockedVault, OpenVault, PurgeWhat, Purpose, StepUp, TakeError,
    Wanted,
};

use crate::desk::Desk;
use crate::{CLI, add, field, label, step_up};

#[derive(Debug, Clone)]
enum Act {
    Add,
    Rename(usize),
    Rotate(usize),
    State(usize, KeyState),
    PurgeOld(usize),
    PurgeCurrent(usize),
    PurgeKey(usize),
    Relock,
}

fn act() -> impl Strategy<Value = Act> {
    let which = || 0..8_usize;
    prop_oneof![
        4 => Just(Act::Add),
        3 => which().prop_map(Act::Rename),
        3 => which().prop_map(Act::Rotate),
        3 => (which(), prop::sample::select(KeyState::ALL)).prop_map(|(n, s)| Act::State(n, s)),
        2 => which().prop_map(Act::PurgeOld),
        1 => which().prop_map(Act::PurgeCurrent),
        1 => which().prop_map(Act::PurgeKey),
        1 => Just(Act::Relock),
    ]
}

/// What must be there of one key.
#[derive(Debug, Clone)]
struct Model {
    label: String,
    state: KeyState,
    /// Every secret it had, newest last; `None` where it was purged.
    secrets: Vec<Option<String>>,
}

struct Machine {
    desk: Desk,
    locked: LockedVault,
    vault: Option<OpenVault>,
    proof: StepUp,
    model: BTreeMap<EntryId, Model>,
    number: u32,
}

impl Machine {
    fn new() -> Self {
        let desk = Desk::new();
        let (mut vault, locked) = desk.create();
        let proof = step_up(&desk, &mut vault);
        Self {
            desk,
            locked,
            vault: Some(vault),
            proof,
            model: BTreeMap::new(),
            number: 0,
        }
    }

    fn pick(&self, which: usize) -> Option<EntryId> {
        let count = self.model.len();
        self.model.keys().nth(which.checked_rem(count)?).copied()
    }

    fn act(&mut self, act: &Act) {
        self.number += 1;
        self.desk.clock.pass(1000);
        let text = format!("number {}", self.number);
        let Some(mut vault) = self.vault.take() else {
            return;
        };
        match act {
            Act::Add => {
                let id = add(&mut vault, &text, &text);
                let (label, secrets) = (text.clone(), vec![Some(text)]);
                self.model.insert(
                    id,
                    Model {
                        label,
                        state: KeyState::Active,
                        secrets,
                    },
                );
            }
            Act::Relock => {
                drop(vault);
                vault = self.desk.unlock(&self.locked);
                self.proof = step_up(&self.desk, &mut vault);
            }
            Act::Rename(which)
            | Act::Rotate(which)
            | Act::State(which, _)
            | Act::PurgeOld(which)
            | Act::PurgeCurrent(which)
            | Act::PurgeKey(which) => {
                if let Some(id) = self.pick(*which) {
                    self.change(&mut vault, id, act, text);
                }
            }
        }
        self.vault = Some(vault);
    }

    fn change(&mut self, vault: &mut OpenVault, id: EntryId, act: &Act, text: String) {
        let model = self
            .model
            .get_mut(&id)
            .expect("it was picked from the model");
        match act {
            Act::Rename(_) => {
                vault
                    .edit_key(id, vec![KeyChange::Label(label(&text))], CLI)
                    .expect("is renamed");
                model.label = text;
            }
            Act::Rotate(_) => {
                let set = vault.set_secret(id, vec![field("secret", &text)], CLI);
                assert_eq!(set.is_ok(), model.state != KeyState::Archived);
                if set.is_ok() {
                    model.state = KeyState::Active;
                    model.secrets.push(Some(text));
                }
            }
            Act::State(_, state) => {
                vault
                    .edit_key(id, vec![KeyChange::State(*state)], CLI)
                    .expect("is changed");
                model.state = *state;
            }
            Act::PurgeOld(_) => {
                vault
                    .purge(id, PurgeWhat::OldVersions, &self.proof, CLI)
                    .expect("is purged");
                let newest = model.secrets.len() - 1;
                model.secrets[..newest].fill(None);
            }
            Act::PurgeCurrent(_) => {
                let record = vault.show_key(id).expect("shows").record;
                let version = record.current().expect("one is in use").id;
                let what = PurgeWhat::Version(version);
                vault.purge(id, what, &self.proof, CLI).expect("is purged");
                *model.secrets.last_mut().expect("at least one") = None;
            }
            Act::PurgeKey(_) => {
                vault
                    .purge(id, PurgeWhat::Key, &self.proof, CLI)
                    .expect("is purged");
                self.model.remove(&id);
            }
            Act::Add | Act::Relock => {}
        }
    }

    fn check(&mut self) {
        let vault = self.vault.as_mut().expect("open between acts");
        let everything = KeyFilter {
            archived: true,
            ..KeyFilter::default()
        };
        let now = strongroom_domain::UtcMs::EPOCH;
        let list = vault.keys().expect("the list");
        let page = list.page(&everything, KeySort::Label, 0, 1000, now);
        // Their own, because the vault is asked for each of them.
        let rows: Vec<KeySummary> = page.rows.into_iter().cloned().collect();
        assert_eq!(rows.len(), self.model.len());
        for row in rows {
            let model = &self.model[&row.id];
            assert_eq!(
                (row.label.as_str(), row.state),
                (model.label.as_str(), model.state)
            );
            let shown = vault.show_key(row.id).expect("shows");
            assert_eq!(shown.row, row, "the stored row follows from the writes");
            assert_eq!(shown.record.versions.len(), model.secrets.len());
            for (version, secret) in shown.record.versions.iter().zip(&model.secrets) {
                assert_eq!(version.purged, secret.is_none());
            }
        }
    }

    /// Every secret that must be there leaves as it was given, and no other.
    fn check_secrets(&mut self) {
        let vault = self.vault.as_mut().expect("open between acts");
        for (id, model) in &self.model {
            let versions = vault.show_key(*id).expect("shows").record.versions;
            for (version, secret) in versions.iter().zip(&model.secrets) {
                let wanted = Wanted {
                    fields: vec![strongroom_domain::FieldName::SECRET],
                    version: Some(version.id),
                };
                let taken = vault.take_secret(*id, &wanted, Purpose::Reveal, &self.proof, CLI);
                match (taken, secret) {
                    (Ok(taken), Some(secret)) => {
                        assert_eq!(taken.fields[0].value.expose(), secret);
                    }
                    (Err(error), None) => assert_eq!(error, TakeError::Purged),
                    (taken, _) => panic!("{taken:?} instead of {}", secret.is_some()),
                }
            }
        }
    }
}

proptest! {
    // Each case makes a real vault, and unlocking takes its time on purpose.
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_are_what_was_done_to_them(acts in vec(act(), 1..40)) {
        let mut machine = Machine::new();
        for act in &acts {
            machine.act(act);
            machine.check();
        }
        machine.act(&Act::Relock);
        machine.check();
        machine.check_secrets();
    }
}
