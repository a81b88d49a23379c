//! `vault.hdr`: what must be read before any key is known.
//!
//! Nothing in it is secret. What stands here is untrusted until the auth block opens: everything
//! is bounded and refused before memory or time is spent on it.
//!
//! Deliberately not here: reading and replacing the file (vault).

use minicbor::{Decoder, Encoder};
use sha2::{Digest, Sha256};

use crate::safe::cbor::{self, CborError, Written};
use crate::safe::kdf::{Cost, KdfError, KdfParams};
use crate::safe::slot::Slot;

/// A header larger than this is refused unread.
pub const MAX_HEADER_BYTES: usize = 64 * 1024;

const MAGIC: &str = "strongroom";
const FORMAT: u64 = 1;
const SUITE: u64 = 1;
const KDF_NAME: &str = "argon2id";
const KDF_VERSION: u64 = 0x13;
/// Far more devices than anybody has; a slot takes about 160 bytes.
const MAX_SLOTS: u64 = 64;
const MAX_AUTH_BYTES: usize = 8 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("this is not a vault header")]
    NotAHeader,
    #[error("this vault was written in a newer format; update Strongroom")]
    NewerFormat,
    #[error("this vault uses a newer cipher suite; update Strongroom")]
    NewerSuite,
    #[error("the vault header is larger than a header can be")]
    TooLarge,
    #[error(transparent)]
    Kdf(#[from] KdfError),
    #[error("the vault header is damaged: {0}")]
    Cbor(#[from] CborError),
}

/// H0: the part that every wrap and the auth block are bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedPart {
    vault_id: [u8; 16],
    kdf: KdfParams,
    key_gen: u32,
    bytes: Vec<u8>,
}

impl FixedPart {
    pub fn new(vault_id: [u8; 16], kdf: KdfParams, key_gen: u32) -> Self {
        let bytes = cbor::write(|out| Self::write(&vault_id, &kdf, key_gen, out));
        Self {
            vault_id,
            kdf,
            key_gen,
            bytes,
        }
    }

    pub fn vault_id(&self) -> &[u8; 16] {
        &self.vault_id
    }

    pub fn kdf(&self) -> &KdfParams {
        &self.kdf
    }

    pub fn key_gen(&self) -> u32 {
        self.key_gen
    }

    /// CBOR(H0).
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256(CBOR(H0)).
    pub(crate) fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    fn write(
        vault_id: &[u8; 16],
        kdf: &KdfParams,
        key_gen: u32,
        out: &mut Encoder<Vec<u8>>,
    ) -> Written {
        out.map(6)?;
        out.u8(0)?.str(MAGIC)?;
        out.u8(1)?.u64(FORMAT)?;
        out.u8(2)?.u64(SUITE)?;
        out.u8(3)?.bytes(vault_id)?;
        out.u8(4)?.map(6)?;
        out.u8(0)?.str(KDF_NAME)?;
        out.u8(1)?.u64(KDF_VERSION)?;
        out.u8(2)?.u32(kdf.cost.m_kib())?;
        out.u8(3)?.u32(kdf.cost.t())?;
        out.u8(4)?.u32(kdf.cost.p())?;
        out.u8(5)?.bytes(&kdf.salt)?;
        out.u8(5)?.u32(key_gen)?;
        Ok(())
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Self, HeaderError> {
        check_version(decoder)?;
        cbor::key(decoder, 3)?;
        let vault_id = cbor::fixed(decoder)?;
        cbor::key(decoder, 4)?;
        cbor::map(decoder, 6)?;
        cbor::key(decoder, 0)?;
        let name = decoder.str().map_err(CborError::from)?;
        cbor::key(decoder, 1)?;
        let version = decoder.u64().map_err(CborError::from)?;
        if name != KDF_NAME || version != KDF_VERSION {
            return Err(HeaderError::NewerSuite);
        }
        cbor::key(decoder, 2)?;
        let m_kib = decoder.u64().map_err(CborError::from)?;
        cbor::key(decoder, 3)?;
        let t = decoder.u64().map_err(CborError::from)?;
        cbor::key(decoder, 4)?;
        let p = decoder.u64().map_err(CborError::from)?;
        let narrow = |wide| u32::try_from(wide).map_err(|_| KdfError::TooHeavy);
        let cost = Cost::parse(narrow(m_kib)?, narrow(t)?, narrow(p)?)?;
        cbor::key(decoder, 5)?;
        let salt = cbor::fixed(decoder)?;
        cbor::key(decoder, 5)?;
        let key_gen = decoder.u32().map_err(CborError::from)?;
        Ok(Self::new(vault_id, KdfParams { cost, salt }, key_gen))
    }
}

/// Reads magic, format and suite, whatever else a newer version may have put around them.
fn check_version(decoder: &mut Decoder<'_>) -> Result<(), HeaderError> {
    let not_ours = |_| HeaderError::NotAHeader;
    let pairs = decoder.map().map_err(not_ours)?;
    cbor::key(decoder, 0).map_err(|_| HeaderError::NotAHeader)?;
    if decoder.str().map_err(not_ours)? != MAGIC {
        return Err(HeaderError::NotAHeader);
    }
    cbor::key(decoder, 1).map_err(|_| HeaderError::NotAHeader)?;
    if decoder.u64().map_err(not_ours)? != FORMAT {
        return Err(HeaderError::NewerFormat);
    }
    cbor::key(decoder, 2)?;
    if decoder.u64().map_err(CborError::from)? != SUITE {
        return Err(HeaderError::NewerSuite);
    }
    if pairs != Some(6) {
        return Err(CborError::Malformed.into());
    }
    Ok(())
}

/// The whole header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    fixed: FixedPart,
    slots: Vec<Slot>,
    rev: u64,
    auth: Vec<u8>,
}

impl Header {
    /// `auth` is the sealed auth block, made for exactly this `fixed` and `rev`.
    pub fn new(fixed: FixedPart, slots: Vec<Slot>, rev: u64, auth: Vec<u8>) -> Self {
        Self {
            fixed,
            slots,
            rev,
            auth,
        }
    }

    pub fn fixed(&self) -> &FixedPart {
        &self.fixed
    }

    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// hdr_rev: grows with every replacement.
    pub fn rev(&self) -> u64 {
        self.rev
    }

    pub fn auth(&self) -> &[u8] {
        &self.auth
    }

    pub fn encode(&self) -> Vec<u8> {
        cbor::write(|out| {
            out.map(4)?;
            out.u8(0)?;
            let fixed = &self.fixed;
            FixedPart::write(&fixed.vault_id, &fixed.kdf, fixed.key_gen, out)?;
            out.u8(1)?.array(self.slots.len() as u64)?;
            for slot in &self.slots {
                slot.write(out)?;
            }
            out.u8(2)?.u64(self.rev)?;
            out.u8(3)?.bytes(&self.auth)?;
            Ok(())
        })
    }

    /// Reads a header, refusing anything that this program would not have written.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > MAX_HEADER_BYTES {
            return Err(HeaderError::TooLarge);
        }
        cbor::canonical(bytes, Self::read, Self::encode)
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Self, HeaderError> {
        let pairs = decoder.map().map_err(|_| HeaderError::NotAHeader)?;
        cbor::key(decoder, 0).map_err(|_| HeaderError::NotAHeader)?;
        let fixed = FixedPart::read(decoder)?;
        if pairs != Some(4) {
            return Err(CborError::Malformed.into());
        }
        cbor::key(decoder, 1)?;
        let count = cbor::array(decoder, MAX_SLOTS)?;
        let mut slots: Vec<Slot> = Vec::new();
        for _ in 0..count {
            let slot = Slot::read(decoder)?;
            if slots.iter().any(|other| other.id() == slot.id()) {
                return Err(CborError::Malformed.into());
            }
            slots.push(slot);
        }
        cbor::key(decoder, 2)?;
        let rev = decoder.u64().map_err(CborError::from)?;
        cbor::key(decoder, 3)?;
        let auth = decoder.bytes().map_err(CborError::from)?;
        if auth.len() > MAX_AUTH_BYTES {
            return Err(CborError::Malformed.into());
        }
        Ok(Self {
            fixed,
            slots,
            rev,
            auth: auth.to_vec(),
        })
    }
}
