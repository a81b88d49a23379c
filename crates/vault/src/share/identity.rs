//! The person this vault belongs to, as others know them: two keys and a card.
//!
//! The keys are made when a card is first asked for, and belong to the person, not to a machine: a
//! vault that is carried to another machine, restored, or given a new vault key keeps them. They
//! lie sealed in the database and nowhere else.
//!
//! From then on what is written here names an author that follows from the keys, so that whose
//! writes they are needs no word of anybody.

use strongroom_crypto::Identity;
use strongroom_domain::MemberName;
use strongroom_formats::share::ContactCard;
use strongroom_store::LocalSpace;

use super::contact::member_of;
use super::contacts::ContactError;
use crate::audit::{AuditEvent, Client, EventKind};
use crate::open::OpenVault;
use crate::records::{Draft, ReadError};
use crate::sealed_local::IDENTITY;
use crate::state::AUTHOR;

const CARD: &[u8] = b"card";

impl OpenVault {
    /// One's own card; `None` until a name was given.
    pub fn own_card(&self) -> Result<Option<ContactCard>, ReadError> {
        self.may_read()?;
        let Some(row) = self.store.local(LocalSpace::Identity, CARD)? else {
            return Ok(None);
        };
        let card = ContactCard::from_bytes(&row).map_err(|_| ReadError::Damaged)?;
        Ok(Some(card))
    }

    /// Gives oneself a name, and keys if there are none yet. The keys stay the same for good, so a
    /// card that was given away before still is one's own.
    pub fn set_own_card(
        &mut self,
        name: &MemberName,
        by: Client,
    ) -> Result<ContactCard, ContactError> {
        self.make_ready()?;
        let known = self.own_card()?;
        if let Some(card) = known.as_ref().filter(|card| card.name() == name) {
            return Ok(card.clone());
        }
        let mut draft = Draft::new(self)?;
        let identity = match known {
            Some(_) => self.identity()?,
            None => {
                let made = Identity::make(&self.ports.random())?;
                let vault_id = *self.vault_id();
                let body = IDENTITY.seal(&self.ports, &self.keys, vault_id, &made.seeds())?;
                let (space, name) = IDENTITY.place();
                draft.put_local(space, name, Some(body));
                let author = *member_of(&made.public()).as_bytes();
                draft.put_local(LocalSpace::Setting, AUTHOR, Some(author.to_vec()));
                made
            }
        };
        let created = draft.now();
        let card = ContactCard::sign(name.clone(), created, &identity);
        draft.put_local(LocalSpace::Identity, CARD, Some(card.to_bytes()));
        let ready = draft.finish();
        let author = member_of(&identity.public());
        self.write_draft(AuditEvent::from(EventKind::IdentitySet), by, ready)?;
        self.author = author;
        Ok(card)
    }

    /// One's own keys.
    pub(crate) fn identity(&self) -> Result<Identity, ContactError> {
        let found = IDENTITY.open(&self.store, &self.keys, *self.vault_id());
        let seeds = found.map_err(|_| ReadError::Damaged)?;
        Ok(Identity::from_seeds(&seeds.ok_or(ContactError::NoCard)?))
    }
}
