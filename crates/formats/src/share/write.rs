//! One write as it travels: what it says, whose it is, and, inside the encryption, a secret in the
//! clear.
//!
//! Deliberately not here: whether the sender may say it (domain), and how a secret is kept (vault).

use std::collections::BTreeSet;
use std::fmt;

use minicbor::Decoder;
use strongroom_domain::{
    DeviceId, EntryId, EntryKind, Hlc, Material, MemberId, Register, RegisterValue, WriteId,
};
use strongroom_secret::SecretBytes;

use super::open::WritesRefused;

/// The most bytes of one value; the longest note takes 40,000.
const MOST_VALUE_BYTES: usize = 2 * 1024 * 1024;
/// The most bytes of one secret, with all of its fields.
const MOST_SECRET_BYTES: usize = 1024 * 1024;
/// The most writes that one write replaces.
const MOST_SUPERSEDED: usize = 10_000;

/// A write of a share. What vaults keep sealed is open here, in memory that wipes itself.
#[derive(Debug)]
pub struct ShareWrite {
    pub id: WriteId,
    pub entry: EntryId,
    pub kind: EntryKind,
    pub register: Register,
    pub supersedes: BTreeSet<WriteId>,
    pub author: MemberId,
    pub device: DeviceId,
    pub hlc: Hlc,
    pub body: ShareBody,
}

pub enum ShareBody {
    /// Canonical bytes of a [`RegisterValue`].
    Value(Vec<u8>),
    /// Canonical bytes of a [`Material`].
    Secret(SecretBytes),
    Purged,
}

/// Values can be labels, which have no place in a log; only the kind of body is told.
impl fmt::Debug for ShareBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(bytes) => write!(f, "Value({} bytes)", bytes.len()),
            Self::Secret(_) => f.write_str("Secret([redacted])"),
            Self::Purged => f.write_str("Purged"),
        }
    }
}

/// What writes are ordered by.
pub(super) type Place = (EntryId, u16, WriteId);

impl ShareWrite {
    /// The least bytes that one takes: what bounds how many a file can hold, whatever it claims.
    pub(super) const LEAST_BYTES: usize = 77;

    /// Writes stand in this order, each once: by entry, code of the register and id.
    #[inline(always)]
    pub(super) fn place(&self) -> Place {
        (self.entry, self.register.code(), self.id)
    }

    /// Whether register, kind and body go together.
    pub(super) fn is_sound(&self) -> bool {
        let fits = match &self.body {
            ShareBody::Value(bytes) => {
                !self.register.is_sealed() && bytes.len() <= MOST_VALUE_BYTES
            }
            ShareBody::Secret(bytes) => {
                self.register.is_sealed() && bytes.len() <= MOST_SECRET_BYTES
            }
            ShareBody::Purged => true,
        };
        fits && self.register.belongs_to(self.kind) && self.supersedes.len() <= MOST_SUPERSEDED
    }

    /// How many bytes [`Self::write`] makes.
    #[inline]
    pub(super) fn length(&self) -> usize {
        let body = match &self.body {
            ShareBody::Value(bytes) => 2 + string_length(bytes.len()),
            ShareBody::Secret(bytes) => 2 + string_length(bytes.len()),
            ShareBody::Purged => 2,
        };
        let ids = 4 + self.supersedes.len();
        HEAD + ids * ID_BYTES
            + head_length(u64::from(self.kind.code()))
            + head_length(u64::from(self.register.code()))
            + head_length(self.supersedes.len() as u64)
            + HEAD
            + head_length(self.hlc.wall_ms)
            + head_length(u64::from(self.hlc.counter))
            + body
    }

    /// Appends it to `out`, which has room for it.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut head = Head::default();
        head.byte(ARRAY | 9);
        head.id(self.id.as_bytes());
        head.id(self.entry.as_bytes());
        head.number(UNSIGNED, u64::from(self.kind.code()));
        head.number(UNSIGNED, u64::from(self.register.code()));
        head.number(ARRAY, self.supersedes.len() as u64);
        if !self.supersedes.is_empty() {
            out.extend_from_slice(head.taken());
            head = Head::default();
            for superseded in &self.supersedes {
                out.push(BYTES | 16);
                out.extend_from_slice(superseded.as_bytes());
            }
        }
        head.id(self.author.as_bytes());
        head.id(self.device.as_bytes());
        head.byte(ARRAY | 2);
        head.number(UNSIGNED, self.hlc.wall_ms);
        head.number(UNSIGNED, u64::from(self.hlc.counter));
        let (code, bytes) = match &self.body {
            ShareBody::Value(bytes) => (0, bytes.as_slice()),
            // EXPOSE: into the piece that is encrypted next.
            ShareBody::Secret(bytes) => (1, bytes.expose()),
            ShareBody::Purged => {
                head.byte(ARRAY | 1);
                head.byte(2);
                out.extend_from_slice(head.taken());
                return;
            }
        };
        head.byte(ARRAY | 2);
        head.byte(code);
        head.number(BYTES, bytes.len() as u64);
        out.extend_from_slice(head.taken());
        out.extend_from_slice(bytes);
    }

    /// Reads one write, refusing every form but the one that is written. What its body says is for
    /// [`Self::check_body`].
    ///
    /// The fields have definite lengths and stand in a fixed order, so that all another form could have
    /// is longer heads: it would be longer altogether than what is written.
    pub(super) fn read(input: &mut Decoder<'_>) -> Result<Self, WritesRefused> {
        let begun = input.position();
        let write = Self::read_fields(input)?;
        if input.position() - begun != write.length() {
            return Err(WritesRefused::Damaged);
        }
        match write.is_sound() {
            true => Ok(write),
            false => Err(WritesRefused::Damaged),
        }
    }

    fn read_fields(input: &mut Decoder<'_>) -> Result<Self, WritesRefused> {
        exactly(input, 9)?;
        let id = WriteId::from_bytes(fixed(input)?);
        let entry = EntryId::from_bytes(fixed(input)?);
        let kind = EntryKind::from_code(input.u8()?).ok_or(WritesRefused::Unknown)?;
        let register = Register::from_code(input.u16()?).ok_or(WritesRefused::Unknown)?;
        let count = input.array()?.ok_or(WritesRefused::Damaged)?;
        if count > MOST_SUPERSEDED as u64 {
            return Err(WritesRefused::Damaged);
        }
        let mut supersedes = BTreeSet::new();
        for _ in 0..count {
            let next = WriteId::from_bytes(fixed(input)?);
            if supersedes.last().is_some_and(|last| *last >= next) {
                return Err(WritesRefused::Damaged);
            }
            supersedes.insert(next);
        }
        let author = MemberId::from_bytes(fixed(input)?);
        let device = DeviceId::from_bytes(fixed(input)?);
        exactly(input, 2)?;
        let hlc = Hlc {
            wall_ms: input.u64()?,
            counter: input.u32()?,
        };
        let parts = input.array()?;
        let body = match (input.u8()?, parts) {
            (0, Some(2)) => ShareBody::Value(input.bytes()?.to_vec()),
            (1, Some(2)) => ShareBody::Secret(SecretBytes::new(input.bytes()?.to_vec())),
            (2, Some(1)) => ShareBody::Purged,
            _ => return Err(WritesRefused::Damaged),
        };
        Ok(Self {
            id,
            entry,
            kind,
            register,
            supersedes,
            author,
            device,
            hlc,
            body,
        })
    }

    /// A value is one of its register in canonical form, with text that deceives nobody; a secret is
    /// one that a vault could have sealed for this very version.
    pub(super) fn check_body(&self) -> Result<(), WritesRefused> {
        match &self.body {
            ShareBody::Value(bytes) => RegisterValue::decode(self.kind, self.register, bytes)
                .map(drop)
                .map_err(|_| WritesRefused::Value),
            ShareBody::Secret(bytes) => Material::decode(bytes)
                .map(drop)
                .map_err(|_| WritesRefused::Value),
            ShareBody::Purged => Ok(()),
        }
    }
}

/// Major types of CBOR.
const UNSIGNED: u8 = 0 << 5;
const BYTES: u8 = 2 << 5;
const ARRAY: u8 = 4 << 5;

/// What stands before the body of a write, put together on the stack. A share has a hundred thousand
/// of these and this crate is built for size: every step here is a few stores, and none is a call.
struct Head {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Default for Head {
    #[inline(always)]
    fn default() -> Self {
        Self {
            bytes: [0; Self::ROOM],
            length: 0,
        }
    }
}

impl Head {
    /// Four ids, six numbers, four heads of known length, and what the last number writes too much.
    const ROOM: usize = 4 * ID_BYTES + 6 * 9 + 4 + 8;

    #[inline(always)]
    fn byte(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    #[inline(always)]
    fn id(&mut self, id: &[u8; 16]) {
        self.byte(BYTES | 16);
        self.bytes[self.length..self.length + 16].copy_from_slice(id);
        self.length += 16;
    }

    /// An integer, or the head of something of this length, in the shortest form there is.
    #[inline(always)]
    fn number(&mut self, major: u8, number: u64) {
        let length = head_length(number) - 1;
        if length == 0 {
            self.byte(major | number as u8);
            return;
        }
        self.byte(major | 24 | length.trailing_zeros() as u8);
        // Its last bytes, brought to the front; those behind them are written over by what is next.
        let bytes = (number << (64 - 8 * length)).to_be_bytes();
        self.bytes[self.length..self.length + 8].copy_from_slice(&bytes);
        self.length += length;
    }

    #[inline(always)]
    fn taken(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The head of a short array.
const HEAD: usize = 1;
/// An id of 16 bytes with its head.
const ID_BYTES: usize = 17;

/// How many bytes an integer takes, or the head of something of this length.
#[inline(always)]
pub(super) fn head_length(number: u64) -> usize {
    // Without a branch: it is asked a million times for a large share.
    1 + usize::from(number > 23)
        + usize::from(number > 0xff)
        + 2 * usize::from(number > 0xffff)
        + 4 * usize::from(number > 0xffff_ffff)
}

fn string_length(length: usize) -> usize {
    head_length(length as u64) + length
}

fn exactly(input: &mut Decoder<'_>, length: u64) -> Result<(), WritesRefused> {
    match input.array()? == Some(length) {
        true => Ok(()),
        false => Err(WritesRefused::Damaged),
    }
}

fn fixed(input: &mut Decoder<'_>) -> Result<[u8; 16], WritesRefused> {
    input
        .bytes()?
        .try_into()
        .map_err(|_| WritesRefused::Damaged)
}
