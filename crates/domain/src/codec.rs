//! Deterministic CBOR: one value, one sequence of bytes.
//!
//! What is signed, hashed or compared must have one form only. A decoder that accepts a second
//! form of the same value (a longer integer, an unordered set, trailing bytes) would let two
//! devices hold different bytes for what both show as equal, so [`Canonical::decode`] encodes what
//! it read and compares.

use std::convert::Infallible;

use minicbor::{Decoder, Encoder};

/// Stored bytes are not one of our values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error("a stored value cannot be read")]
    Malformed,
    #[error("a stored value is not in its one canonical form")]
    NotCanonical,
    #[error("a stored value is of a kind this version does not know")]
    Unknown,
}

impl From<minicbor::decode::Error> for CodecError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Malformed
    }
}

pub(crate) type Enc = Encoder<Vec<u8>>;
pub(crate) type Dec<'b> = Decoder<'b>;

/// A value with exactly one sequence of bytes.
pub trait Canonical: Sized {
    fn write_cbor(&self, out: &mut Encoder<Vec<u8>>);
    fn read_cbor(input: &mut Decoder<'_>) -> Result<Self, CodecError>;

    fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::new(Vec::with_capacity(64));
        self.write_cbor(&mut out);
        out.into_writer()
    }

    /// Refuses trailing bytes and every form but the canonical one.
    fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let value = Self::decode_unchecked(bytes)?;
        if value.encode() == bytes {
            Ok(value)
        } else {
            Err(CodecError::NotCanonical)
        }
    }

    /// For bytes that this program wrote and that were authenticated since: skips the comparison.
    fn decode_unchecked(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut input = Decoder::new(bytes);
        let value = Self::read_cbor(&mut input)?;
        if input.position() == bytes.len() {
            Ok(value)
        } else {
            Err(CodecError::NotCanonical)
        }
    }
}

/// Writing to memory cannot fail.
pub(crate) trait Sure {
    fn sure(self);
}

impl<T> Sure for Result<T, minicbor::encode::Error<Infallible>> {
    fn sure(self) {
        self.expect("writing CBOR to memory cannot fail");
    }
}

/// Reads the head of an array that must have exactly `len` elements.
pub(crate) fn array_of(input: &mut Dec<'_>, len: u64) -> Result<(), CodecError> {
    if input.array()? == Some(len) {
        Ok(())
    } else {
        Err(CodecError::Malformed)
    }
}

/// Reads the head of an array of definite length, refusing absurd lengths before anything is
/// allocated for them.
pub(crate) fn array_len(input: &mut Dec<'_>, most: usize) -> Result<usize, CodecError> {
    let len = input.array()?.ok_or(CodecError::NotCanonical)?;
    usize::try_from(len)
        .ok()
        .filter(|len| *len <= most)
        .ok_or(CodecError::Malformed)
}

/// An absent value is CBOR null.
impl<T: Canonical> Canonical for Option<T> {
    fn write_cbor(&self, out: &mut Enc) {
        match self {
            Some(value) => value.write_cbor(out),
            None => out.null().map(drop).sure(),
        }
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        if input.datatype()? == minicbor::data::Type::Null {
            input.null()?;
            return Ok(None);
        }
        T::read_cbor(input).map(Some)
    }
}

impl Canonical for bool {
    fn write_cbor(&self, out: &mut Enc) {
        out.bool(*self).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Ok(input.bool()?)
    }
}

impl Canonical for crate::UtcMs {
    fn write_cbor(&self, out: &mut Enc) {
        out.i64(self.ms()).map(drop).sure();
    }

    fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
        Self::parse(input.i64()?).map_err(|_| CodecError::Malformed)
    }
}

macro_rules! canonical_ids {
    ($($id:ident),*) => {$(
        impl Canonical for crate::$id {
            fn write_cbor(&self, out: &mut Enc) {
                out.bytes(self.as_bytes()).map(drop).sure();
            }

            fn read_cbor(input: &mut Dec<'_>) -> Result<Self, CodecError> {
                Self::from_slice(input.bytes()?).ok_or(CodecError::Malformed)
            }
        }
    )*};
}
canonical_ids!(EntryId, WriteId, DeviceId, MemberId);

/// A fieldless enum with stable codes. The codes are stored, so none is ever given a new meaning.
macro_rules! coded_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident: $int:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $code:literal => $text:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stored code.
            pub const fn code(self) -> $int {
                match self { $(Self::$variant => $code,)* }
            }

            pub fn from_code(code: $int) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The word a person sees.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl $crate::codec::Canonical for $name {
            fn write_cbor(&self, out: &mut $crate::codec::Enc) {
                $crate::codec::Sure::sure(out.u64(u64::from(self.code())).map(drop));
            }

            fn read_cbor(
                input: &mut $crate::codec::Dec<'_>,
            ) -> Result<Self, $crate::codec::CodecError> {
                $int::try_from(input.u64()?)
                    .ok()
                    .and_then(Self::from_code)
                    .ok_or($crate::codec::CodecError::Unknown)
            }
        }
    };
}
pub(crate) use coded_enum;
