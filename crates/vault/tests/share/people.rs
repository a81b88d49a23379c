//! People, each with a desk, a vault and a card.

use std::collections::BTreeSet;

use strongroom_domain::share::{Group, History, Reach, Role, Scope};
use strongroom_domain::{
    AccountLabel, EntryId, Environment, ExchangeId, FieldName, KeyLabel, MemberName, Notes,
    PermissionSet, Tag, Tri, Verb,
};
use strongroom_secret::SecretText;
use strongroom_vault::{
    Client, Contact, ContactAdded, ContactCard, ContactChange, Grant, KeyChange, LockedVault,
    NewField, NewKey, OpenShareError, OpenVault, Presence, Purpose, ShareApplied, ShareAsk,
    ShareError, ShareMade, SharePlan, StepUp, TakeError, Wanted,
};

use crate::desk::Desk;

pub(crate) const CLI: Client = Client::CommandLine;

/// What a key of the tests may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum May {
    Read,
    Trade,
    Withdraw,
}

pub(crate) struct Person {
    pub(crate) desk: Desk,
    pub(crate) vault: OpenVault,
    pub(crate) locked: LockedVault,
}

impl Person {
    pub(crate) fn new(name: &str) -> Self {
        let desk = Desk::new();
        let (mut vault, locked) = desk.create();
        let name = MemberName::parse(name).expect("a name");
        vault.set_own_card(&name, CLI).expect("a card");
        Self {
            desk,
            vault,
            locked,
        }
    }

    pub(crate) fn card(&self) -> ContactCard {
        self.vault.own_card().expect("reads").expect("a card")
    }

    pub(crate) fn step_up(&mut self) -> StepUp {
        let code = self.desk.fresh_code();
        self.vault
            .step_up(Presence::Totp(&code), None)
            .expect("a fresh code")
    }

    /// Adds somebody and gives them a role over keys with a tag.
    pub(crate) fn knows(&mut self, other: &Self, role: Role, scope: Scope) -> Contact {
        let added = self
            .vault
            .add_contact(&other.card(), CLI)
            .expect("is added");
        let (ContactAdded::Added(contact) | ContactAdded::Known(contact)) = added else {
            panic!("the keys are new");
        };
        self.gives(&contact, role, scope)
    }

    pub(crate) fn gives(&mut self, contact: &Contact, role: Role, scope: Scope) -> Contact {
        let step_up = self.step_up();
        let change = ContactChange {
            name: None,
            grant: Some(Grant { role, scope }),
        };
        self.vault
            .edit_contact(contact.id, change, Some(&step_up), CLI)
            .expect("a role")
    }

    pub(crate) fn add(&mut self, label: &str, secret: &str, may: May, tags: &[&str]) -> EntryId {
        let exchange = ExchangeId::parse("binance").expect("an id");
        let account = AccountLabel::parse("main").expect("a label");
        let mut new = NewKey::new(key_label(label), exchange, account, Environment::Production);
        let mut rights = PermissionSet::new([Tri::No; 8]).with(Verb::Read, Tri::Yes);
        if may != May::Read {
            rights = rights.with(Verb::Spot, Tri::Yes);
        }
        if may == May::Withdraw {
            rights = rights.with(Verb::Withdraw, Tri::Yes);
        }
        new.declared = rights;
        new.tags = tags
            .iter()
            .map(|tag| Tag::parse(tag).expect("a tag"))
            .collect();
        new.fields = fields(secret);
        self.vault.add_key(new, CLI).expect("is recorded").id
    }

    pub(crate) fn edit(&mut self, key: EntryId, change: KeyChange) {
        self.vault
            .edit_key(key, vec![change], CLI)
            .expect("is changed");
    }

    pub(crate) fn note(&mut self, key: EntryId, text: &str) {
        self.edit(
            key,
            KeyChange::Notes(Some(Notes::parse(text).expect("notes"))),
        );
    }

    pub(crate) fn share(&mut self, ask: &ShareAsk) -> Result<ShareMade, ShareError> {
        self.desk.clock.pass(1);
        let agreed = self.vault.offer_share(ask)?.agreed;
        let step_up = self.step_up();
        let drafted = self.vault.draft_share(ask, agreed, &step_up)?;
        self.vault.record_share(drafted.seal()?, CLI)
    }

    pub(crate) fn open(&mut self, file: &[u8]) -> Result<SharePlan, OpenShareError> {
        self.open_with(file, None)
    }

    pub(crate) fn open_with(
        &mut self,
        file: &[u8],
        passphrase: Option<&SecretText>,
    ) -> Result<SharePlan, OpenShareError> {
        let keys = self.vault.share_keys()?;
        let opened = keys.open(file, passphrase)?;
        self.vault.plan_share(opened)
    }

    pub(crate) fn apply(&mut self, plan: SharePlan) -> Result<ShareApplied, ShareError> {
        let step_up = self.step_up();
        self.vault.apply_share(plan, &step_up, CLI)
    }

    /// Opens and merges all that is not suspicious.
    pub(crate) fn import(&mut self, file: &[u8]) -> ShareApplied {
        let plan = self.open(file).expect("opens");
        self.apply(plan).expect("is merged")
    }

    pub(crate) fn secret(&mut self, key: EntryId) -> Result<String, TakeError> {
        let step_up = self.step_up();
        let taken =
            self.vault
                .take_secret(key, &Wanted::default(), Purpose::Reveal, &step_up, CLI)?;
        let field = taken
            .fields
            .iter()
            .find(|one| one.name.as_str() == "secret");
        Ok(field.expect("a secret").value.expose().to_owned())
    }

    pub(crate) fn labels(&mut self) -> BTreeSet<String> {
        let list = self.vault.keys().expect("the list");
        list.rows()
            .iter()
            .map(|row| row.label.to_string())
            .collect()
    }

    pub(crate) fn notes_of(&mut self, key: EntryId) -> Option<String> {
        let view = self.vault.show_key(key).expect("is shown");
        view.record.notes.map(|notes| notes.to_string())
    }

    pub(crate) fn events(&self, count: usize) -> Vec<&'static str> {
        let size = self.vault.audit_size();
        let from = size.saturating_sub(count as u64);
        let entries = self.vault.audit_entries(from, count).expect("reads");
        entries.iter().map(|entry| entry.event.word()).collect()
    }

    /// Every byte of the vault's folder, backups included.
    pub(crate) fn all_files(&self) -> Vec<u8> {
        fn read(folder: &std::path::Path, into: &mut Vec<u8>) {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                match path.is_dir() {
                    true => read(&path, into),
                    false => into.extend(std::fs::read(&path).unwrap_or_default()),
                }
            }
        }
        let mut bytes = Vec::new();
        read(&self.desk.folder(), &mut bytes);
        bytes
    }
}

pub(crate) fn key_label(text: &str) -> KeyLabel {
    KeyLabel::parse(text).expect("a label")
}

pub(crate) fn fields(secret: &str) -> Vec<NewField> {
    [
        ("apiKey", format!("key-of-{secret}")),
        ("secret", secret.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| NewField {
        name: FieldName::parse(name).expect("a name"),
        value: SecretText::new(value),
    })
    .collect()
}

pub(crate) fn tagged(tag: &str) -> Scope {
    let tags = BTreeSet::from([Tag::parse(tag).expect("a tag")]);
    Scope::only(tags, BTreeSet::new(), BTreeSet::new(), History::Without).expect("names a tag")
}

pub(crate) fn everything() -> Scope {
    Scope::everything(History::Without)
}

/// A share for these people with the role and the keys they were given.
pub(crate) fn to(contacts: &[&Contact]) -> ShareAsk {
    ShareAsk {
        to: contacts.iter().map(|one| one.id).collect(),
        role: None,
        reach: None::<Reach>,
        history: History::Without,
        expires: None,
        lock: strongroom_vault::Lock::Recipients,
    }
}

pub(crate) fn counts(plan: &SharePlan) -> Vec<(Group, usize)> {
    Group::ALL
        .iter()
        .map(|group| (*group, plan.count(*group)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

pub(crate) fn holds(bytes: &[u8], canary: &str) -> bool {
    bytes
        .windows(canary.len())
        .any(|window| window == canary.as_bytes())
}
