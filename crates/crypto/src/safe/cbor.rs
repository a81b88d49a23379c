//! Canonical CBOR: one value has one spelling, so a MAC or a hash over bytes is one over values.
//!
//! Written with minicbor's plain encoder (shortest integers, definite lengths, keys ascending).
//! Read by decoding, encoding again and comparing: whatever spelling the decoder would forgive is
//! refused there.

use minicbor::{Decoder, Encoder};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    #[error("the bytes are not what was expected here")]
    Malformed,
    #[error("the bytes are not in their one canonical form")]
    NotCanonical,
}

impl From<minicbor::decode::Error> for CborError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Malformed
    }
}

/// Decodes with `decode`, which must consume everything, encodes the result again with `encode`,
/// and refuses bytes that are not the same.
pub fn canonical<'b, T, E: From<CborError>>(
    bytes: &'b [u8],
    decode: impl FnOnce(&mut Decoder<'b>) -> Result<T, E>,
    encode: impl FnOnce(&T) -> Vec<u8>,
) -> Result<T, E> {
    let mut decoder = Decoder::new(bytes);
    let value = decode(&mut decoder)?;
    if decoder.position() != bytes.len() || encode(&value) != bytes {
        return Err(CborError::NotCanonical.into());
    }
    Ok(value)
}

/// Writes into memory, which cannot fail.
pub(crate) fn write(work: impl FnOnce(&mut Encoder<Vec<u8>>) -> Written) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    work(&mut encoder).expect("writing to memory cannot fail");
    encoder.into_writer()
}

pub(crate) type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

/// A map of exactly `pairs` pairs begins here.
pub(crate) fn map(decoder: &mut Decoder<'_>, pairs: u64) -> Result<(), CborError> {
    match decoder.map()? {
        Some(found) if found == pairs => Ok(()),
        _ => Err(CborError::Malformed),
    }
}

/// The length of an array of at most `most` elements.
pub(crate) fn array(decoder: &mut Decoder<'_>, most: u64) -> Result<u64, CborError> {
    match decoder.array()? {
        Some(found) if found <= most => Ok(found),
        _ => Err(CborError::Malformed),
    }
}

/// The next key of a map.
pub(crate) fn key(decoder: &mut Decoder<'_>, expected: u64) -> Result<(), CborError> {
    if decoder.u64()? == expected {
        Ok(())
    } else {
        Err(CborError::Malformed)
    }
}

/// A byte string of exactly `N` bytes.
pub(crate) fn fixed<const N: usize>(decoder: &mut Decoder<'_>) -> Result<[u8; N], CborError> {
    decoder
        .bytes()?
        .try_into()
        .map_err(|_| CborError::Malformed)
}
