//! `vault.hdr` on the disk: read within limits, replaced as a whole, read back.
//!
//! Deliberately not here: what stands in it (crypto) and who may change it.

use strongroom_crypto::{AuthBlock, FixedPart, Header, HeaderError, MAX_HEADER_BYTES, Slot};

use crate::error::{FileError, StepUpError};
use crate::home::Home;
use crate::layout;
use crate::open::OpenVault;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderReadError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Header(#[from] HeaderError),
}

pub(crate) fn read(home: &Home) -> Result<Header, HeaderReadError> {
    let bytes =
        layout::read(home.folder(), layout::HEADER, MAX_HEADER_BYTES).map_err(
            |error| match error {
                FileError::TooLarge => HeaderReadError::Header(HeaderError::TooLarge),
                other => HeaderReadError::File(other),
            },
        )?;
    Ok(Header::parse(&bytes)?)
}

/// Replaces the header and reads it back.
pub(crate) fn write(home: &Home, header: &Header) -> Result<(), FileError> {
    let bytes = header.encode();
    home.replace(layout::HEADER, &bytes)?;
    match layout::read(home.folder(), layout::HEADER, MAX_HEADER_BYTES) {
        Ok(found) if found == bytes => Ok(()),
        _ => Err(FileError::NotAsWritten),
    }
}

impl OpenVault {
    /// Writes the auth block as it now is in memory, with everything else of the header unchanged.
    pub(crate) fn write_auth(&mut self) -> Result<(), StepUpError> {
        let (fixed, slots) = (self.header.fixed().clone(), self.header.slots().to_vec());
        self.write_header(fixed, slots)
    }

    /// Seals the auth block for these parts under the next hdr_rev and replaces the header.
    pub(crate) fn write_header<E>(&mut self, fixed: FixedPart, slots: Vec<Slot>) -> Result<(), E>
    where
        E: From<FileError> + From<strongroom_crypto::RandomFailed>,
    {
        // As at the unlock: under an alarm the revision stands still.
        let rev = self.header.rev() + u64::from(!self.note.header_rolled_back);
        let header = seal_header(
            &self.ports.random(),
            &self.keys,
            &self.auth,
            fixed,
            slots,
            rev,
        )?;
        self.replace_header(header)?;
        Ok(())
    }

    /// Ends the alarm of a rolled-back header: the present one becomes newer than any that this
    /// device has seen, so that those stay behind it.
    pub(crate) fn raise_header(&mut self, seen_rev: u64) -> Result<(), StepUpError> {
        let rev = self.header.rev().max(seen_rev) + 1;
        let (fixed, slots) = (self.header.fixed().clone(), self.header.slots().to_vec());
        let header = seal_header(
            &self.ports.random(),
            &self.keys,
            &self.auth,
            fixed,
            slots,
            rev,
        )?;
        Ok(self.replace_header(header)?)
    }

    /// Puts a header that is already sealed into the place of the present one.
    pub(crate) fn replace_header(&mut self, header: Header) -> Result<(), FileError> {
        if self.header_in_doubt {
            return Err(FileError::InDoubt);
        }
        let written = write(&self.home, &header);
        if matches!(written, Err(FileError::InDoubt | FileError::NotAsWritten)) {
            // Which of the two headers the next start will find is not known, so nothing may be
            // built on either.
            self.header_in_doubt = true;
        }
        written?;
        self.header = header;
        Ok(())
    }
}

pub(crate) fn seal_header(
    random: &dyn strongroom_crypto::Random,
    keys: &strongroom_crypto::VaultKeys,
    auth: &AuthBlock,
    fixed: FixedPart,
    slots: Vec<Slot>,
    rev: u64,
) -> Result<Header, strongroom_crypto::RandomFailed> {
    let sealed = auth.seal(random, &keys.derive_auth_key(), &fixed, &slots, rev)?;
    Ok(Header::new(fixed, slots, rev, sealed))
}
