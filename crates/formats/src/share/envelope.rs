//! What stands before the writes of a share: who gives what to whom.
//!
//! Deliberately not here: whether any of it is true. Until the signature was checked it is a claim.

use minicbor::encode::Error;
use minicbor::{Decoder, Encoder};
use strongroom_crypto::Fingerprint;
use strongroom_crypto::age::MOST_RECIPIENTS;
use strongroom_domain::share::{Role, Scope};
use strongroom_domain::{Canonical, UtcMs};

use super::card::ContactCard;
use super::open::OpenRefused;
use super::{MOST_CHECKPOINT_BYTES, MOST_WRITES, READER};

const TYPE: &str = "strongroom-share/1";
const ANY_TYPE: &str = "strongroom-share/";
const PAIRS: u64 = 14;

/// What a bundle is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Keys, as a role may see them.
    Share,
    /// A first contact: the sender's card, and perhaps keys.
    Invite,
    /// The answer to one, with the answering member's card.
    Reply,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Share, Self::Invite, Self::Reply];

    const fn code(self) -> u8 {
        match self {
            Self::Share => 1,
            Self::Invite => 2,
            Self::Reply => 3,
        }
    }
}

/// What the sender lets the recipients see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub scope: Scope,
}

/// How much a bundle holds; compared with what it does hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub entries: u32,
    pub writes: u32,
    pub secrets: u32,
    pub purged: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub bundle_id: [u8; 16],
    pub kind: Kind,
    /// Who says that they made it.
    pub sender: ContactCard,
    /// Whom it was made for, ascending. Empty where whoever has the passphrase may read it.
    pub recipients: Vec<Fingerprint>,
    /// Counts up with every bundle of one sender for one set of recipients.
    pub seq: u64,
    /// SHA-512 of what was signed in the bundle before, the first 32 bytes, where there was one.
    pub previous: Option<[u8; 32]>,
    pub created: UtcMs,
    pub expires: Option<UtcMs>,
    /// Always there in a share.
    pub grant: Option<Grant>,
    pub counts: Counts,
    /// The sender's audit log as it stood: a signed note, opaque here.
    pub checkpoint: Option<Vec<u8>>,
}

impl Envelope {
    /// Whether the bundle is past the moment its sender set.
    pub fn is_expired(&self, now: UtcMs) -> bool {
        self.expires.is_some_and(|end| now >= end)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::new());
        self.write(&mut out).expect("writing to memory cannot fail");
        out.into_writer()
    }

    fn write(&self, out: &mut Encoder<Vec<u8>>) -> Result<(), Error<std::convert::Infallible>> {
        out.map(PAIRS)?;
        out.u8(0)?.str(TYPE)?;
        out.u8(1)?.u16(READER)?;
        out.u8(2)?.bytes(&self.bundle_id)?;
        out.u8(3)?.u8(self.kind.code())?;
        out.u8(4)?.bytes(self.sender.fingerprint().as_bytes())?;
        out.u8(5)?.bytes(&self.sender.to_bytes())?;
        out.u8(6)?.array(self.recipients.len() as u64)?;
        for recipient in &self.recipients {
            out.bytes(recipient.as_bytes())?;
        }
        out.u8(7)?.u64(self.seq)?;
        out.u8(8)?;
        write_bytes(out, self.previous.as_ref().map(<[u8; 32]>::as_slice))?;
        out.u8(9)?;
        self.created.write_cbor(out);
        out.u8(10)?;
        self.expires.write_cbor(out);
        out.u8(11)?;
        match &self.grant {
            Some(Grant { role, scope }) => {
                out.array(2)?;
                role.write_cbor(out);
                scope.write_cbor(out);
            }
            None => {
                out.null()?;
            }
        }
        out.u8(12)?.array(4)?;
        let Counts {
            entries,
            writes,
            secrets,
            purged,
        } = self.counts;
        for count in [entries, writes, secrets, purged] {
            out.u32(count)?;
        }
        out.u8(13)?;
        write_bytes(out, self.checkpoint.as_deref())
    }

    /// Reads the envelope and leaves what follows it.
    pub(super) fn read(input: &mut Decoder<'_>) -> Result<Self, OpenRefused> {
        let begun = input.position();
        let envelope = Self::read_fields(input)?;
        // Whatever spelling the decoder would forgive is refused here.
        if envelope.encode() == input.input()[begun..input.position()] {
            Ok(envelope)
        } else {
            Err(OpenRefused::Damaged)
        }
    }

    fn read_fields(input: &mut Decoder<'_>) -> Result<Self, OpenRefused> {
        check_version(input)?;
        key(input, 2)?;
        let bundle_id = fixed(input)?;
        key(input, 3)?;
        let code = input.u8()?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code);
        let kind = kind.ok_or(OpenRefused::Damaged)?;
        key(input, 4)?;
        let fingerprint = Fingerprint::from_bytes(fixed(input)?);
        key(input, 5)?;
        let sender = ContactCard::from_bytes(input.bytes()?)?;
        if sender.fingerprint() != fingerprint {
            return Err(OpenRefused::Damaged);
        }
        key(input, 6)?;
        let recipients = read_recipients(input)?;
        key(input, 7)?;
        let seq = input.u64()?;
        key(input, 8)?;
        let previous = match null(input)? {
            true => None,
            false => Some(fixed(input)?),
        };
        key(input, 9)?;
        let created = UtcMs::read_cbor(input).map_err(|_| OpenRefused::Damaged)?;
        key(input, 10)?;
        let expires = Option::read_cbor(input).map_err(|_| OpenRefused::Damaged)?;
        key(input, 11)?;
        let grant = read_grant(input)?;
        if kind == Kind::Share && grant.is_none() {
            return Err(OpenRefused::Damaged);
        }
        key(input, 12)?;
        let counts = read_counts(input)?;
        key(input, 13)?;
        let checkpoint = match null(input)? {
            true => None,
            false => Some(input.bytes()?)
                .filter(|note| note.len() <= MOST_CHECKPOINT_BYTES)
                .map(|note| Some(note.to_vec()))
                .ok_or(OpenRefused::Damaged)?,
        };
        Ok(Self {
            bundle_id,
            kind,
            sender,
            recipients,
            seq,
            previous,
            created,
            expires,
            grant,
            counts,
            checkpoint,
        })
    }
}

/// Reads type and reader, whatever else a newer version may have put behind them.
fn check_version(input: &mut Decoder<'_>) -> Result<(), OpenRefused> {
    let pairs = input.map().map_err(|_| OpenRefused::NotAShare)?;
    key(input, 0).map_err(|_| OpenRefused::NotAShare)?;
    match input.str() {
        Ok(TYPE) => {}
        Ok(other) if other.starts_with(ANY_TYPE) => return Err(OpenRefused::NewerFormat),
        _ => return Err(OpenRefused::NotAShare),
    }
    key(input, 1)?;
    if input.u64()? > u64::from(READER) {
        return Err(OpenRefused::NewerReader);
    }
    match pairs {
        Some(PAIRS) => Ok(()),
        _ => Err(OpenRefused::Damaged),
    }
}

fn read_recipients(input: &mut Decoder<'_>) -> Result<Vec<Fingerprint>, OpenRefused> {
    let count = array(input, MOST_RECIPIENTS)?;
    let mut recipients: Vec<Fingerprint> = Vec::with_capacity(count);
    for _ in 0..count {
        let next = Fingerprint::from_bytes(fixed(input)?);
        if recipients.last().is_some_and(|last| *last >= next) {
            return Err(OpenRefused::Damaged);
        }
        recipients.push(next);
    }
    Ok(recipients)
}

fn read_grant(input: &mut Decoder<'_>) -> Result<Option<Grant>, OpenRefused> {
    if null(input)? {
        return Ok(None);
    }
    if array(input, 2)? != 2 {
        return Err(OpenRefused::Damaged);
    }
    let role = Role::read_cbor(input).map_err(|_| OpenRefused::Damaged)?;
    let scope = Scope::read_cbor(input).map_err(|_| OpenRefused::Damaged)?;
    Ok(Some(Grant { role, scope }))
}

fn read_counts(input: &mut Decoder<'_>) -> Result<Counts, OpenRefused> {
    if array(input, 4)? != 4 {
        return Err(OpenRefused::Damaged);
    }
    let mut count = || {
        let count = input.u32()?;
        let fits = usize::try_from(count).is_ok_and(|count| count <= MOST_WRITES);
        fits.then_some(count).ok_or(OpenRefused::Damaged)
    };
    Ok(Counts {
        entries: count()?,
        writes: count()?,
        secrets: count()?,
        purged: count()?,
    })
}

fn write_bytes(
    out: &mut Encoder<Vec<u8>>,
    bytes: Option<&[u8]>,
) -> Result<(), Error<std::convert::Infallible>> {
    match bytes {
        Some(bytes) => out.bytes(bytes)?,
        None => out.null()?,
    };
    Ok(())
}

fn key(input: &mut Decoder<'_>, expected: u64) -> Result<(), OpenRefused> {
    match input.u64()? == expected {
        true => Ok(()),
        false => Err(OpenRefused::Damaged),
    }
}

/// Whether null stands here, which is then passed.
fn null(input: &mut Decoder<'_>) -> Result<bool, OpenRefused> {
    let null = input.datatype()? == minicbor::data::Type::Null;
    if null {
        input.null()?;
    }
    Ok(null)
}

/// The length of an array of at most `most`, before anything is allocated for it.
pub(super) fn array(input: &mut Decoder<'_>, most: usize) -> Result<usize, OpenRefused> {
    let length = input.array()?.ok_or(OpenRefused::Damaged)?;
    usize::try_from(length)
        .ok()
        .filter(|length| *length <= most)
        .ok_or(OpenRefused::Damaged)
}

fn fixed<const N: usize>(input: &mut Decoder<'_>) -> Result<[u8; N], OpenRefused> {
    input.bytes()?.try_into().map_err(|_| OpenRefused::Damaged)
}
