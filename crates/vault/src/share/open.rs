//! Opening a share of somebody else's: who sent it, whether it is for us and new, and what it would
//! do. The order is fixed, and each step refuses in words of its own.
//!
//! The file is decrypted without the vault, because a passphrase takes a second. From the secrets in
//! it nothing is kept in the clear: each is sealed under a key of this vault at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use strongroom_crypto::{Identity, read_passphrase};
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::{
    EntryId, EntryKind, ExchangeId, Material, Register, RegisterValue, WriteId,
};
use strongroom_formats::share as file;
use strongroom_secret::SecretText;
use strongroom_store::Fingerprint;

use super::contacts::{CardKnown, ContactError};
use super::error::OpenShareError;
use super::merge::Prints;
use super::plan::{ShareFacts, SharePlan, ShareSender, as_sender};
use super::seal::chain_of;
use crate::open::OpenVault;
use crate::records::ReadError;

/// One's own keys, to open a file with while the vault does other things.
#[derive(Debug)]
pub struct ShareKeys(Identity);

/// A decrypted share that nothing is believed of yet.
#[derive(Debug)]
pub struct OpenedShare {
    opened: file::Opened,
    by: OpenedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OpenedBy {
    Key,
    Passphrase,
}

/// How far the clock of a write may be ahead of ours.
const MOST_DAYS_AHEAD: u32 = 1;

/// The largest file that is read.
pub const MOST_SHARE_BYTES: usize = file::MOST_FILE_BYTES;

/// Whether a file asks for a passphrase, by its beginning alone.
pub fn share_needs_passphrase(bytes: &[u8]) -> Result<bool, OpenShareError> {
    Ok(file::needs_passphrase(bytes)?)
}

impl ShareKeys {
    /// Decrypts a file and reads who it says it is from.
    pub fn open(
        &self,
        bytes: &[u8],
        passphrase: Option<&SecretText>,
    ) -> Result<OpenedShare, OpenShareError> {
        let by = match file::needs_passphrase(bytes)? {
            true => OpenedBy::Passphrase,
            false => OpenedBy::Key,
        };
        let passphrase = passphrase.map(read_passphrase);
        let keys = file::Keys {
            identity: &self.0,
            passphrase: passphrase.as_ref(),
        };
        let opened = file::open(bytes, &keys)?;
        Ok(OpenedShare { opened, by })
    }
}

impl OpenVault {
    pub fn share_keys(&self) -> Result<ShareKeys, OpenShareError> {
        self.may_read()?;
        Ok(ShareKeys(self.identity()?))
    }

    /// Looks who sent an opened share, whether it is for us, and what it would do. Changes nothing.
    pub fn plan_share(&mut self, share: OpenedShare) -> Result<SharePlan, OpenShareError> {
        self.make_ready()?;
        let OpenedShare { opened, by } = share;
        let card = opened.envelope().sender.clone();
        let known = match self.known_by_card(&card) {
            Ok(CardKnown::Same(contact)) => Some(contact),
            Ok(CardKnown::OtherKeys(_)) => return Err(OpenShareError::KeyChanged),
            Ok(CardKnown::Nobody) => None,
            Err(ContactError::OwnCard) => return Err(OpenShareError::OwnShare),
            Err(error) => return Err(error.into()),
        };
        if known.as_ref().is_some_and(|one| one.removed.is_some()) {
            return Err(OpenShareError::SenderRemoved);
        }
        let pinned = known.as_ref().filter(|one| one.is_pinned());
        if pinned.is_none() && by == OpenedBy::Key {
            return Err(OpenShareError::UnknownSender);
        }
        let verified = opened.verify(card.identity())?;
        let own = self.identity()?.public().fingerprint();
        let addressed = verified.for_me(&own)?;
        let envelope = addressed.envelope();
        let (chain, hash) = (chain_of(&envelope.recipients), addressed.hash());
        let seen = known.as_ref().and_then(|one| one.seen.get(&chain));
        if let Some(seen) = seen
            && (seen.seq > envelope.seq || (seen.seq == envelope.seq && seen.hash != hash))
        {
            return Err(OpenShareError::Older {
                imported: seen.imported,
            });
        }
        if let Some(at) = envelope.expires.filter(|_| envelope.is_expired(self.now())) {
            return Err(OpenShareError::Expired { at });
        }
        let grant = envelope.grant.clone().ok_or(OpenShareError::NoGrant)?;
        let skipped = seen.is_some_and(|seen| {
            seen.hash != hash
                && envelope
                    .previous
                    .is_some_and(|previous| previous != seen.hash)
        });
        let facts = ShareFacts {
            bundle: envelope.bundle_id,
            kind: match envelope.kind {
                file::Kind::Share => "share",
                file::Kind::Invite => "invite",
                file::Kind::Reply => "reply",
            },
            seq: envelope.seq,
            created: envelope.created,
            expires: envelope.expires,
            role: grant.role,
            scope: grant.scope,
            recipients: envelope.recipients.len(),
            skipped,
            chain,
            hash,
        };
        let (incoming, prints) = self.take_writes(addressed.writes()?)?;
        drop(addressed);
        let contact = match known {
            Some(contact) => contact,
            None => self.make_contact(&card, super::contact::ContactState::Unverified)?,
        };
        let whole = self.whole()?;
        let preview = Self::preview_of(&whole, &incoming, &prints, &as_sender(&contact));
        let sender = match contact.is_pinned() {
            true => ShareSender::Known(contact),
            false => ShareSender::Unknown(card),
        };
        Ok(SharePlan {
            sender,
            facts,
            incoming,
            prints,
            preview,
            accepted: BTreeSet::new(),
            revision: 0,
        })
    }

    /// Writes as this vault keeps them: secrets sealed under its own keys, with its own fingerprints
    /// beside them.
    fn take_writes(
        &self,
        writes: Vec<file::ShareWrite>,
    ) -> Result<(Vec<Arc<Write>>, Prints), OpenShareError> {
        let latest = self.now().plus_days(MOST_DAYS_AHEAD);
        let latest = u64::try_from(latest.ms()).unwrap_or(0);
        let mut told = Told::default();
        for write in &writes {
            // Whatever is written here next would be dated after it, for good.
            if write.hlc.wall_ms > latest {
                return Err(OpenShareError::Ahead);
            }
            told.note(write);
        }
        let mut prints = Prints::default();
        let mut taken = Vec::with_capacity(writes.len());
        for write in writes {
            let body = match write.body {
                file::ShareBody::Value(bytes) => Body::Value(bytes),
                file::ShareBody::Purged => Body::Purged,
                file::ShareBody::Secret(plain) => {
                    let material =
                        Material::decode(&plain).map_err(|_| OpenShareError::MixedSecret)?;
                    self.check_place(write.entry, &material, &mut told)?;
                    let (body, of_fields) = self.seal_foreign(write.entry, write.id, &material)?;
                    prints.note(&body, of_fields);
                    body
                }
            };
            taken.push(Arc::new(Write {
                id: write.id,
                entry: write.entry,
                kind: write.kind,
                register: write.register,
                supersedes: write.supersedes,
                author: write.author,
                device: write.device,
                hlc: write.hlc,
                body,
            }));
        }
        Ok((taken, prints))
    }

    fn seal_foreign(
        &self,
        version: EntryId,
        id: WriteId,
        material: &Material,
    ) -> Result<(Body, Vec<Fingerprint>), OpenShareError> {
        let body = self.seal_material(version, id, material)?;
        Ok((body, self.fingerprints(material.fields())))
    }

    /// A secret repeats the exchange, the key and the version it is of; all of that must be so, by
    /// what the share says or by what is here.
    fn check_place(
        &self,
        version: EntryId,
        material: &Material,
        told: &mut Told,
    ) -> Result<(), OpenShareError> {
        let keys = told.keys.entry(version).or_default();
        let parent = self.store.parent(EntryKind::Credential, version);
        keys.extend(parent.map_err(ReadError::from)?);
        let (Some(key), 1) = (keys.first().copied(), keys.len()) else {
            return Err(OpenShareError::MixedSecret);
        };
        let exchanges = told.exchanges.entry(key).or_default();
        if !exchanges.contains(material.exchange()) {
            let here = self.store.writes_of_register(key, Register::Exchange);
            for stored in here.map_err(ReadError::from)? {
                let Body::Value(bytes) = &stored.write.body else {
                    continue;
                };
                let value = RegisterValue::decode(EntryKind::Key, Register::Exchange, bytes);
                if let Ok(RegisterValue::Exchange(exchange)) = value {
                    exchanges.insert(exchange);
                }
            }
        }
        let exchange = material.exchange();
        match exchanges.contains(exchange) && material.is_for(exchange, key, version) {
            true => Ok(()),
            false => Err(OpenShareError::MixedSecret),
        }
    }
}

/// What a share says of the keys its secrets are of.
#[derive(Default)]
struct Told {
    keys: HashMap<EntryId, BTreeSet<EntryId>>,
    exchanges: HashMap<EntryId, BTreeSet<ExchangeId>>,
}

impl Told {
    fn note(&mut self, write: &file::ShareWrite) {
        let file::ShareBody::Value(bytes) = &write.body else {
            return;
        };
        if !matches!(write.register, Register::Key | Register::Exchange) {
            return;
        }
        match RegisterValue::decode(write.kind, write.register, bytes) {
            Ok(RegisterValue::Key(key)) => {
                self.keys.entry(write.entry).or_default().insert(key);
            }
            Ok(RegisterValue::Exchange(exchange)) => {
                let known = self.exchanges.entry(write.entry).or_default();
                known.insert(exchange);
            }
            _ => {}
        }
    }
}
