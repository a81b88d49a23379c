//! The people of a team as this vault knows them: their keys, how sure it is that they are theirs,
//! and what its owner gave them.
//!
//! A contact belongs to one vault: it is never shared, so nobody's role can be raised by a file.
//! Deliberately not here: what is done with them (`contacts.rs`).

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};
use strongroom_crypto::{Fingerprint, PublicIdentity};
use strongroom_domain::share::{Role, Scope};
use strongroom_domain::{Canonical, ConsumerName, EntryId, MemberId, UtcMs};
use strongroom_formats::share::ContactCard;

use super::codec::{array_of, is_null, moment, write_moment};

const FORM: u8 = 1;
/// Sets of recipients a sender's shares are counted by; more than any team has.
const MOST_CHAINS: usize = 1000;

/// Names a contact in this vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(pub(super) EntryId);

impl ContactId {
    pub fn parse(text: &str) -> Option<Self> {
        EntryId::parse(text).ok().map(Self)
    }

    /// The same as an entry of the audit log names it.
    pub fn entry(self) -> EntryId {
        self.0
    }
}

impl std::fmt::Display for ContactId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How sure it is that the keys are this person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactState {
    /// Came along with a share; nobody has said yes to it.
    Unverified,
    /// Taken from a card.
    Pinned,
    /// The fingerprint was compared with the person.
    Verified,
}

impl ContactState {
    const fn code(self) -> u8 {
        match self {
            Self::Unverified => 1,
            Self::Pinned => 2,
            Self::Verified => 3,
        }
    }

    const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Unverified),
            2 => Some(Self::Pinned),
            3 => Some(Self::Verified),
            _ => None,
        }
    }
}

/// What the owner of this vault gave somebody: which secrets go to them, and what of theirs counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub scope: Scope,
}

/// The newest share of a sender that was imported, of those for one set of recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub seq: u64,
    /// Of the whole signed bundle.
    pub hash: [u8; 32],
    pub imported: UtcMs,
}

/// Somebody something is shared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    pub id: ContactId,
    /// As this vault's owner calls them.
    pub name: ConsumerName,
    pub card: ContactCard,
    pub state: ContactState,
    pub grant: Option<Grant>,
    pub added: UtcMs,
    pub shared: Option<UtcMs>,
    /// Since when they are removed.
    pub removed: Option<UtcMs>,
    /// By the recipients' fingerprints.
    pub(super) seen: BTreeMap<Vec<u8>, Seen>,
}

impl Contact {
    pub fn identity(&self) -> &PublicIdentity {
        self.card.identity()
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.identity().fingerprint()
    }

    /// Who their writes say wrote them.
    pub fn member(&self) -> MemberId {
        member_of(self.identity())
    }

    pub fn imported(&self) -> Option<UtcMs> {
        self.seen.values().map(|seen| seen.imported).max()
    }

    /// Whether something may be shared with them, and theirs may count.
    pub fn is_pinned(&self) -> bool {
        self.state >= ContactState::Pinned && self.removed.is_none()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(256));
        let sure = "writing to memory cannot fail";
        out.array(9).expect(sure);
        out.u8(FORM).expect(sure);
        out.str(self.name.as_str()).expect(sure);
        out.bytes(&self.card.to_bytes()).expect(sure);
        out.u8(self.state.code()).expect(sure);
        match &self.grant {
            None => drop(out.null().expect(sure)),
            Some(grant) => {
                out.array(2).expect(sure);
                grant.role.write_cbor(&mut out);
                grant.scope.write_cbor(&mut out);
            }
        }
        write_moment(&mut out, Some(self.added));
        write_moment(&mut out, self.shared);
        write_moment(&mut out, self.removed);
        out.array(self.seen.len() as u64).expect(sure);
        for (chain, seen) in &self.seen {
            out.array(4).expect(sure);
            out.bytes(chain).expect(sure);
            out.u64(seen.seq).expect(sure);
            out.bytes(&seen.hash).expect(sure);
            out.i64(seen.imported.ms()).expect(sure);
        }
        out.into_writer()
    }

    /// `None` if the row is none that this program wrote.
    pub(super) fn decode(id: ContactId, body: &[u8]) -> Option<Self> {
        let mut input = Decoder::new(body);
        array_of(&mut input, 9)?;
        (input.u8().ok()? == FORM).then_some(())?;
        let name = ConsumerName::parse(input.str().ok()?).ok()?;
        let card = ContactCard::from_bytes(input.bytes().ok()?).ok()?;
        let state = ContactState::from_code(input.u8().ok()?)?;
        let grant = if is_null(&mut input)? {
            None
        } else {
            array_of(&mut input, 2)?;
            Some(Grant {
                role: Role::read_cbor(&mut input).ok()?,
                scope: Scope::read_cbor(&mut input).ok()?,
            })
        };
        let added = moment(&mut input)??;
        let (shared, removed) = (moment(&mut input)?, moment(&mut input)?);
        let count = input.array().ok()??;
        let mut seen = BTreeMap::new();
        for _ in 0..count {
            array_of(&mut input, 4)?;
            let chain = input.bytes().ok()?.to_vec();
            let one = Seen {
                seq: input.u64().ok()?,
                hash: input.bytes().ok()?.try_into().ok()?,
                imported: UtcMs::parse(input.i64().ok()?).ok()?,
            };
            seen.insert(chain, one);
        }
        (input.position() == body.len()).then_some(Self {
            id,
            name,
            card,
            state,
            grant,
            added,
            shared,
            removed,
            seen,
        })
    }

    /// Notes an import; what was imported longest ago gives way to it. The count of a chain never
    /// goes back.
    pub(super) fn has_seen(&mut self, chain: Vec<u8>, seen: Seen) {
        let known = self.seen.get(&chain);
        if known.is_some_and(|known| known.seq > seen.seq) {
            return;
        }
        self.seen.insert(chain, seen);
        while self.seen.len() > MOST_CHAINS {
            let oldest = self.seen.iter().min_by_key(|(_, seen)| seen.imported);
            let Some(oldest) = oldest.map(|(chain, _)| chain.clone()) else {
                return;
            };
            self.seen.remove(&oldest);
        }
    }
}

/// Whose writes they are follows from the keys, so that nobody can claim to be another author.
pub(crate) fn member_of(identity: &PublicIdentity) -> MemberId {
    let fingerprint = identity.fingerprint();
    let mut id = [0; 16];
    id.copy_from_slice(&fingerprint.as_bytes()[..16]);
    MemberId::from_bytes(id)
}
