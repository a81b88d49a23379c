//! Making a share, in three steps: what goes along is opened from the vault, the file is made of it
//! without the vault (a passphrase takes a second), and only after the vault has recorded to whom it
//! was given does the file leave.
//!
//! Deliberately not here: what may go along (domain's `share`), and the form of the file.

use std::sync::Arc;

use strongroom_crypto::{Fingerprint, Identity, PublicIdentity, make_passphrase};
use strongroom_domain::EntryId;
use strongroom_domain::merge::{Body, Write};
use strongroom_domain::share::GivenList;
use strongroom_formats::share as file;
use strongroom_secret::SecretText;
use strongroom_store::LocalSpace;

use super::agreed::Agreed;
use super::contact::Contact;
use super::contacts::ContactError;
use super::error::ShareError;
use super::given::{ANYBODY, GivenRow};
use super::log::{ShareEvent, ShareWay};
use super::offer::{Lock, Settled, ShareAsk};
use crate::audit::{AuditEvent, Client, Detail, EventKind};
use crate::error::CommitError;
use crate::open::OpenVault;
use crate::ports::Ports;
use crate::records::{Draft, ReadError};
use crate::stepup::{Need, StepUp};

/// What goes along in a share, with its secrets in the clear. Dropping it wipes them.
pub struct DraftedShare {
    bundle: file::Bundle,
    identity: Identity,
    passphrase: Option<SecretText>,
    record: Record,
    ports: Ports,
}

/// A file that waits to be recorded.
pub struct SealedShare {
    sealed: file::Sealed,
    passphrase: Option<SecretText>,
    record: Record,
}

/// What is recorded of a share before it leaves.
struct Record {
    session: [u8; 16],
    bundle: [u8; 16],
    recipients: Vec<Contact>,
    grant: file::Grant,
    given: GivenList,
    chain: Vec<u8>,
    seq: u64,
}

/// A share that may leave.
pub struct ShareMade {
    pub file: Vec<u8>,
    /// To be told by another way than the file goes.
    pub passphrase: Option<SecretText>,
    pub bundle: [u8; 16],
    pub seq: u64,
    pub keys: usize,
    pub secrets: usize,
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
redacted!(DraftedShare, SealedShare, ShareMade);

/// The recipients of a share as the counting of shares knows them: their fingerprints, ascending.
pub(super) fn chain_of(recipients: &[Fingerprint]) -> Vec<u8> {
    let mut sorted = recipients.to_vec();
    sorted.sort_unstable();
    let bytes = sorted.iter().flat_map(|one| *one.as_bytes());
    bytes.collect()
}

/// Whether somebody may still be given what was meant for them, and holds the keys it was sealed
/// for.
fn is_as_meant(now: &Contact, meant: &Contact) -> bool {
    now.is_pinned() && now.grant == meant.grant && now.fingerprint() == meant.fingerprint()
}

/// The last share for a set of recipients.
struct Last {
    seq: u64,
    hash: [u8; 32],
}

impl Last {
    fn decode(body: &[u8]) -> Option<Self> {
        let (seq, hash) = body.split_first_chunk::<8>()?;
        Some(Self {
            seq: u64::from_be_bytes(*seq),
            hash: hash.try_into().ok()?,
        })
    }

    fn encode(&self) -> Vec<u8> {
        [&self.seq.to_be_bytes()[..], &self.hash].concat()
    }
}

impl OpenVault {
    /// Opens what is to go along.
    ///
    /// # Errors
    /// [`ShareError::Changed`] where that is not what was shown and agreed to; no secret was opened
    /// then.
    pub fn draft_share(
        &mut self,
        ask: &ShareAsk,
        agreed: Agreed,
        step_up: &StepUp,
    ) -> Result<DraftedShare, ShareError> {
        self.require(step_up, Need::Code)?;
        let identity = self.identity()?;
        let card = self.own_card()?.ok_or(ContactError::NoCard)?;
        self.make_ready()?;
        let whole = self.take_whole()?;
        let settled = self.settle_share(ask, &whole)?;
        drop(whole);
        if settled.agreed() != agreed {
            return Err(ShareError::Changed);
        }
        let Settled {
            role,
            scope,
            recipients,
            cut,
        } = settled;
        let writes = self.open_writes(cut.writes, &cut.given)?;
        let fingerprints: Vec<Fingerprint> = recipients.iter().map(Contact::fingerprint).collect();
        let chain = chain_of(&fingerprints);
        let last = self.last_of_chain(&chain)?;
        let now = self.now();
        // Counted by time: a vault that was put back to an earlier state, or a copy of it on another
        // machine, goes on above what it has sent since.
        let seq = now.ms().cast_unsigned();
        let seq = last.as_ref().map_or(seq, |last| seq.max(last.seq + 1));
        let bundle_id = self.ports.make_id()?;
        let passphrase = match ask.lock {
            Lock::Recipients => None,
            Lock::Passphrase => Some(make_passphrase(&self.ports.random())?),
        };
        let grant = file::Grant { role, scope };
        let note = self.audit_note().map_err(|_| ShareError::Log)?;
        let bundle = file::Bundle {
            bundle_id,
            kind: match recipients.is_empty() {
                true => file::Kind::Invite,
                false => file::Kind::Share,
            },
            sender: card,
            seq,
            previous: last.map(|last| last.hash),
            created: now,
            expires: ask.expires,
            grant: Some(grant.clone()),
            checkpoint: Some(note.into_bytes()),
            writes,
        };
        Ok(DraftedShare {
            bundle,
            identity,
            passphrase,
            record: Record {
                session: self.session,
                bundle: bundle_id,
                recipients,
                grant,
                given: cut.given,
                chain,
                seq,
            },
            ports: self.ports.clone(),
        })
    }

    /// Writes as they travel: secrets are opened, each with its own key, for as long as the file is
    /// being made.
    fn open_writes(
        &self,
        writes: Vec<Arc<Write>>,
        given: &GivenList,
    ) -> Result<Vec<file::ShareWrite>, ShareError> {
        let keys: std::collections::HashMap<EntryId, EntryId> = given
            .secrets()
            .map(|(key, given)| (given.version, key))
            .collect();
        writes
            .into_iter()
            .map(|write| {
                let body = match &write.body {
                    // Copied, so that what the file is made of lies together.
                    Body::Value(bytes) => file::ShareBody::Value(bytes.clone()),
                    Body::Purged => file::ShareBody::Purged,
                    Body::Sealed { .. } => {
                        let key = keys.get(&write.entry).ok_or(ReadError::Damaged)?;
                        let material = self.open_material_of(*key, &write)?;
                        file::ShareBody::Secret(material.encode())
                    }
                };
                Ok(file::ShareWrite {
                    id: write.id,
                    entry: write.entry,
                    kind: write.kind,
                    register: write.register,
                    supersedes: write.supersedes.clone(),
                    author: write.author,
                    device: write.device,
                    hlc: write.hlc,
                    body,
                })
            })
            .collect()
    }

    fn last_of_chain(&self, chain: &[u8]) -> Result<Option<Last>, ReadError> {
        let body = self.store.local(LocalSpace::ShareChain, chain)?;
        body.map(|body| Last::decode(&body).ok_or(ReadError::Damaged))
            .transpose()
    }

    /// Records to whom what was given, and lets the file go. If it cannot be recorded, nothing
    /// leaves.
    ///
    /// # Errors
    /// [`ShareError::Changed`] where a recipient has other keys or another role by now, or is
    /// removed: the vault was free while the file was made.
    pub fn record_share(
        &mut self,
        share: SealedShare,
        by: Client,
    ) -> Result<ShareMade, ShareError> {
        let SealedShare {
            sealed,
            passphrase,
            record,
        } = share;
        if record.session != self.session {
            return Err(ShareError::Locked);
        }
        self.make_ready()?;
        let last = self.last_of_chain(&record.chain)?;
        if last.is_some_and(|last| last.seq >= record.seq) {
            return Err(ShareError::Overtaken);
        }
        let now = self.now();
        let mut draft = Draft::new(self)?;
        let last = Last {
            seq: record.seq,
            hash: sealed.hash,
        };
        draft.put_local(LocalSpace::ShareChain, &record.chain, Some(last.encode()));
        let mut events = Vec::new();
        for meant in &record.recipients {
            let mut contact = self.contact(meant.id)?;
            if !is_as_meant(&contact, meant) {
                return Err(ShareError::Changed);
            }
            contact.shared = Some(now);
            draft.put_contact(&contact);
            GivenRow::of(contact.id, now, record.bundle, &record.given).put(&mut draft);
            events.push(self.contact_event(EventKind::ShareMade, &contact).by(by));
        }
        if record.recipients.is_empty() {
            GivenRow::of(ANYBODY, now, record.bundle, &record.given).put(&mut draft);
        }
        let (keys, secrets) = (record.given.keys.len(), record.given.secrets().count());
        ShareEvent {
            at: now,
            bundle: record.bundle,
            way: ShareWay::Made,
            who: record.recipients.iter().map(|one| one.id).collect(),
            role: record.grant.role,
            scope: record.grant.scope,
            seq: record.seq,
            keys: keys as u64,
            secrets: secrets as u64,
            can_be_undone: false,
        }
        .put(&mut draft);
        let ready = draft.finish();
        // The log says how many secrets left, to whom, and of each key how many of them.
        let made = |secrets: usize| {
            let count = Detail::Count(secrets as u64);
            AuditEvent::from(EventKind::ShareMade).detail(count).by(by)
        };
        let of_keys = record.given.keys.iter();
        events.extend(of_keys.map(|one| made(one.secrets.len()).about(one.key)));
        self.commit_each(made(secrets), &events, |tx| {
            ready.put(tx).map_err(CommitError::from)
        })?;
        self.take_over(ready);
        Ok(ShareMade {
            file: sealed.file,
            passphrase,
            bundle: record.bundle,
            seq: record.seq,
            keys,
            secrets,
        })
    }
}

impl DraftedShare {
    /// Signs and encrypts. Needs no vault.
    pub fn seal(self) -> Result<SealedShare, ShareError> {
        let recipients: Vec<PublicIdentity> = self
            .record
            .recipients
            .iter()
            .map(|contact| *contact.identity())
            .collect();
        let protection = match (&self.passphrase, recipients.is_empty()) {
            (None, _) => file::Protection::Recipients(&recipients),
            (Some(passphrase), true) => file::Protection::Passphrase(passphrase),
            (Some(passphrase), false) => file::Protection::Both(&recipients, passphrase),
        };
        let random = self.ports.random();
        let sealed = file::seal(self.bundle, &self.identity, protection, &random)?;
        Ok(SealedShare {
            sealed,
            passphrase: self.passphrase,
            record: self.record,
        })
    }
}
