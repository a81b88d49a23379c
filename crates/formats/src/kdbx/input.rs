//! A cursor over foreign bytes: what is not there is an error, never a panic, and nothing is
//! copied or allocated by a length that the bytes themselves name.

use super::KdbxError;

pub(super) struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], KdbxError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(KdbxError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], KdbxError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(KdbxError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, KdbxError> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, KdbxError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, KdbxError> {
        self.array().map(u32::from_le_bytes)
    }

    /// As many bytes as the next four say. A length of more than the file is a file cut short.
    pub(super) fn counted(&mut self) -> Result<&'a [u8], KdbxError> {
        let count = self.u32()?;
        self.take(usize::try_from(count).unwrap_or(usize::MAX))
    }
}

/// A field of exactly so many bytes.
pub(super) fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], KdbxError> {
    bytes.try_into().map_err(|_| KdbxError::MalformedHeader)
}
