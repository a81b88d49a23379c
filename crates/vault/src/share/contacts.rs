//! Adding people, comparing their fingerprints, giving them a role, letting them go.
//!
//! A card of somebody known that comes with other keys is never taken: it is told, and only a
//! person's own word, with the fingerprint they were told by another way, changes the keys.

use strongroom_crypto::Fingerprint;
use strongroom_domain::{ConsumerName, EntryId};
use strongroom_formats::share::{CardRefused, ContactCard};
use strongroom_store::{LocalSpace, StoreError};

use super::contact::{Contact, ContactId, ContactState, Grant};
use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::error::{CommitError, StepUpRequired};
use crate::open::OpenVault;
use crate::ports::EntropyFailed;
use crate::records::{Draft, ReadError};
use crate::stepup::{Need, StepUp};

/// Nobody was added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    #[error(
        "you have no card yet; give yourself a name first: `strongroom contact me --name NAME`"
    )]
    NoCard,
    #[error("nobody is known by that name")]
    NotFound,
    #[error("another contact has this name; choose one that tells them apart")]
    NameTaken,
    #[error("this is your own card")]
    OwnCard,
    #[error("this vault knows as many people as it can; forget one first")]
    TooMany,
    #[error("this is no contact card: {0}")]
    Card(#[from] CardRefused),
    #[error(
        "this is not the fingerprint of that contact. Nothing was changed: compare it with them \
         again, by another way than the one their card came on"
    )]
    OtherFingerprint,
    #[error(
        "this person was removed; giving them a role again takes them back, and asks for a code"
    )]
    Removed,
    #[error("a contact gets a role once their card was added; this one only came with a share")]
    Unverified,
    #[error(
        "this contact knows secrets of this vault, and who knows what is not forgotten; \
         `strongroom offboard` lets them go"
    )]
    GivenTo,
    #[error(
        "shares of this contact were imported, and which of them were is not forgotten, so that an \
         old one is never taken for a new one; `strongroom offboard` lets them go"
    )]
    ReceivedFrom,
    #[error("this contact was removed, and a removal is not forgotten")]
    KeptRemoved,
    #[error(transparent)]
    StepUp(#[from] StepUpRequired),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<EntropyFailed> for ContactError {
    fn from(failed: EntropyFailed) -> Self {
        CommitError::from(failed).into()
    }
}

impl From<strongroom_crypto::RandomFailed> for ContactError {
    fn from(failed: strongroom_crypto::RandomFailed) -> Self {
        EntropyFailed::from(failed).into()
    }
}

impl From<StoreError> for ContactError {
    fn from(error: StoreError) -> Self {
        ReadError::from(error).into()
    }
}

/// What became of a card.
#[derive(Debug, Clone, PartialEq)]
pub enum ContactAdded {
    Added(Contact),
    /// These keys are known.
    Known(Contact),
    /// Somebody of that name, or with one of these keys, is known with others. Nothing was changed.
    KeyChanged(Contact),
}

/// What is to be changed of a contact.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContactChange {
    pub name: Option<ConsumerName>,
    pub grant: Option<Grant>,
}

impl OpenVault {
    /// Everybody known, by name; those who were removed last.
    pub fn contacts(&self) -> Result<Vec<Contact>, ReadError> {
        self.may_read()?;
        let rows = self.store.local_rows(LocalSpace::Contact)?;
        let read = |row: &strongroom_store::LocalRow| {
            let id = EntryId::from_slice(&row.name).map(ContactId)?;
            Contact::decode(id, &row.body)
        };
        let all = rows.iter().map(read).collect::<Option<Vec<_>>>();
        let mut all = all.ok_or(ReadError::Damaged)?;
        all.sort_by_key(|one| (one.removed.is_some(), one.name.as_str().to_lowercase()));
        Ok(all)
    }

    /// The contact a person means, by name in any case or by id.
    pub fn find_contact(&self, selector: &str) -> Result<Contact, ContactError> {
        let all = self.contacts()?;
        let wanted = selector.trim().to_lowercase();
        let id = ContactId::parse(&wanted);
        all.into_iter()
            .find(|one| Some(one.id) == id || one.name.as_str().to_lowercase() == wanted)
            .ok_or(ContactError::NotFound)
    }

    /// What a person here calls somebody, for the log that names them by their id.
    pub fn contact_name(&self, id: EntryId) -> Option<String> {
        let contact = self.contact(ContactId(id)).ok()?;
        Some(contact.name.to_string())
    }

    pub(super) fn contact(&self, id: ContactId) -> Result<Contact, ContactError> {
        let body = self
            .store
            .local(LocalSpace::Contact, id.0.as_bytes())
            .map_err(ReadError::from)?
            .ok_or(ContactError::NotFound)?;
        Contact::decode(id, &body).ok_or_else(|| ReadError::Damaged.into())
    }

    /// Whom a card is of, among those known.
    pub(super) fn known_by_card(&self, card: &ContactCard) -> Result<CardKnown, ContactError> {
        if let Some(own) = self.own_card()?
            && own.identity() == card.identity()
        {
            return Err(ContactError::OwnCard);
        }
        let all = self.contacts()?;
        let same = |one: &&Contact| one.identity() == card.identity();
        if let Some(known) = all.iter().find(same) {
            return Ok(CardKnown::Same(known.clone()));
        }
        let name = card.name().as_str().to_lowercase();
        let clashes = |one: &&Contact| {
            // Whoever only came along with a share stands in nobody's way.
            if one.state == ContactState::Unverified {
                return false;
            }
            let (old, new) = (one.identity(), card.identity());
            one.name.as_str().to_lowercase() == name
                || one.card.name().as_str().to_lowercase() == name
                || old.sign_key() == new.sign_key()
                || old.recipient() == new.recipient()
        };
        Ok(match all.iter().find(clashes) {
            Some(known) => CardKnown::OtherKeys(known.clone()),
            None => CardKnown::Nobody,
        })
    }

    /// Adds somebody by their card. Their keys are held fast from then on.
    pub fn add_contact(
        &mut self,
        card: &ContactCard,
        by: Client,
    ) -> Result<ContactAdded, ContactError> {
        self.make_ready()?;
        let contact = match self.known_by_card(card)? {
            CardKnown::OtherKeys(contact) => return Ok(ContactAdded::KeyChanged(contact)),
            CardKnown::Same(known) if known.is_pinned() => {
                return Ok(ContactAdded::Known(known));
            }
            // A card is no code: what a removal left on record would be gone with it.
            CardKnown::Same(known) if known.removed.is_some() => {
                return Err(ContactError::Removed);
            }
            // Known from a share alone.
            CardKnown::Same(known) => Contact {
                state: ContactState::Pinned,
                grant: None,
                ..known
            },
            CardKnown::Nobody => {
                let contact = self.make_contact(card, ContactState::Pinned)?;
                let members = self.contacts()?.len();
                if members >= Self::MOST_CONTACTS {
                    return Err(ContactError::TooMany);
                }
                contact
            }
        };
        let mut draft = Draft::new(self)?;
        for other in self.contacts()? {
            let same_name =
                other.name.as_str().to_lowercase() == contact.name.as_str().to_lowercase();
            if other.id != contact.id && other.state == ContactState::Unverified && same_name {
                draft.put_local(LocalSpace::Contact, other.id.0.as_bytes(), None);
            }
        }
        draft.put_contact(&contact);
        let ready = draft.finish();
        let event = self.contact_event(EventKind::ContactAdded, &contact);
        self.write_draft(event, by, ready)?;
        Ok(ContactAdded::Added(contact))
    }

    /// The most people a vault knows: every one of them is looked through for every card.
    pub const MOST_CONTACTS: usize = 10_000;

    pub(super) fn make_contact(
        &self,
        card: &ContactCard,
        state: ContactState,
    ) -> Result<Contact, ContactError> {
        let name = ConsumerName::parse(card.name().as_str()).map_err(|_| CardRefused::Name)?;
        Ok(Contact {
            id: ContactId(self.make_entry_id()?),
            name,
            card: card.clone(),
            state,
            grant: None,
            added: self.now(),
            shared: None,
            removed: None,
            seen: std::collections::BTreeMap::new(),
        })
    }

    /// Takes other keys for somebody who is known, on a person's own word: the fingerprint is the
    /// one they were told. What was compared before was of the old keys.
    pub fn change_contact_key(
        &mut self,
        id: ContactId,
        card: &ContactCard,
        told: &Fingerprint,
        step_up: &StepUp,
        by: Client,
    ) -> Result<Contact, ContactError> {
        self.require(step_up, Need::Code)?;
        self.make_ready()?;
        if card.identity().fingerprint() != *told {
            return Err(ContactError::OtherFingerprint);
        }
        let contact = self.contact(id)?;
        match self.known_by_card(card)? {
            CardKnown::Same(other) if other.id != id => return Err(ContactError::NameTaken),
            CardKnown::OtherKeys(other) if other.id != id => return Err(ContactError::NameTaken),
            _ => {}
        }
        let changed = Contact {
            card: card.clone(),
            state: ContactState::Pinned,
            // Shares are counted by who signs them.
            seen: std::collections::BTreeMap::new(),
            ..contact
        };
        self.put_contact(&changed, EventKind::ContactKeyChanged, by)?;
        Ok(changed)
    }

    /// Notes that the fingerprint was compared with the person.
    pub fn verify_contact(
        &mut self,
        id: ContactId,
        compared: &Fingerprint,
        by: Client,
    ) -> Result<Contact, ContactError> {
        self.make_ready()?;
        let contact = self.contact(id)?;
        if contact.fingerprint() != *compared {
            return Err(ContactError::OtherFingerprint);
        }
        if contact.removed.is_some() {
            return Err(ContactError::Removed);
        }
        let verified = Contact {
            state: ContactState::Verified,
            ..contact
        };
        self.put_contact(&verified, EventKind::ContactVerified, by)?;
        Ok(verified)
    }

    /// Renames somebody, or gives them a role: that needs a step-up, because it says which secrets
    /// go to them and what their files may change. It takes back who was removed; whether their
    /// keys are still theirs is to be compared anew.
    pub fn edit_contact(
        &mut self,
        id: ContactId,
        change: ContactChange,
        step_up: Option<&StepUp>,
        by: Client,
    ) -> Result<Contact, ContactError> {
        self.make_ready()?;
        let mut contact = self.contact(id)?;
        if let Some(name) = change.name {
            let wanted = name.as_str().to_lowercase();
            let taken = self
                .contacts()?
                .iter()
                .any(|one| one.id != id && one.name.as_str().to_lowercase() == wanted);
            if taken {
                return Err(ContactError::NameTaken);
            }
            contact.name = name;
        }
        if let Some(grant) = change.grant {
            let step_up = step_up.ok_or(StepUpRequired { password: false })?;
            self.require(step_up, Need::Code)?;
            if contact.removed.take().is_some() {
                contact.state = ContactState::Pinned;
            }
            if !contact.is_pinned() {
                return Err(ContactError::Unverified);
            }
            contact.grant = Some(grant);
        }
        self.put_contact(&contact, EventKind::ContactEdited, by)?;
        Ok(contact)
    }

    /// Forgets somebody with whom nothing was shared either way. What went under a passphrase alone
    /// stays on record for everybody, and holds nobody here.
    pub fn forget_contact(&mut self, id: ContactId, by: Client) -> Result<(), ContactError> {
        self.make_ready()?;
        let contact = self.contact(id)?;
        if contact.removed.is_some() {
            return Err(ContactError::KeptRemoved);
        }
        if contact.imported().is_some() {
            return Err(ContactError::ReceivedFrom);
        }
        if self.was_given_anything(id)? {
            return Err(ContactError::GivenTo);
        }
        let mut draft = Draft::new(self)?;
        draft.put_local(LocalSpace::Contact, id.0.as_bytes(), None);
        let ready = draft.finish();
        let event = self.contact_event(EventKind::ContactForgotten, &contact);
        Ok(self.write_draft(event, by, ready)?)
    }

    pub(super) fn put_contact(
        &mut self,
        contact: &Contact,
        kind: EventKind,
        by: Client,
    ) -> Result<(), ContactError> {
        let mut draft = Draft::new(self)?;
        draft.put_contact(contact);
        let ready = draft.finish();
        let event = self.contact_event(kind, contact);
        Ok(self.write_draft(event, by, ready)?)
    }

    /// An event about somebody, with both fingerprints where there are two.
    pub(super) fn contact_event(&self, kind: EventKind, contact: &Contact) -> AuditEvent {
        let event = AuditEvent::from(kind).about(contact.id.0);
        match self.own_card() {
            Ok(Some(own)) => event.detail(Detail::Parties {
                from: *own.identity().fingerprint().as_bytes(),
                to: *contact.fingerprint().as_bytes(),
            }),
            _ => event,
        }
    }
}

/// Whom a card is of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CardKnown {
    Nobody,
    Same(Contact),
    OtherKeys(Contact),
}

impl Draft<'_> {
    pub(super) fn put_contact(&mut self, contact: &Contact) {
        let name = contact.id.0;
        let body = contact.encode();
        self.put_local(LocalSpace::Contact, name.as_bytes(), Some(body));
    }
}
