//! The blocks in which the contents of a database are stored: authenticated ones in version 4,
//! hashed ones in version 3.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use strongroom_secret::{Key, Key32};
use zeroize::Zeroizing;

use super::KdbxError;
use super::input::Input;

/// How much the other programs put into one block.
const BLOCK_BYTES: usize = 1024 * 1024;

/// The index under which the header is authenticated; no block comes so far.
const HEADER_INDEX: u64 = u64::MAX;

/// Makes the key of each block of a file.
pub(super) struct BlockKeys(Key<64>);

impl BlockKeys {
    pub(super) fn derive(master_seed: &[u8; 32], transformed: &Key32) -> Self {
        let mut hash = Sha512::new();
        hash.update(master_seed);
        // EXPOSE: hashed into the key that authenticates.
        hash.update(transformed.expose());
        hash.update([1]);
        Self(Key::filled_by(|key| hash.finalize_into(key.into())))
    }

    pub(super) fn header_mac(&self, header: &[u8]) -> [u8; 32] {
        self.mac_with(HEADER_INDEX, &[header])
            .finalize()
            .into_bytes()
            .into()
    }

    /// Compares in constant time.
    pub(super) fn header_is_whole(&self, header: &[u8], mac: &[u8; 32]) -> bool {
        let ours = self.mac_with(HEADER_INDEX, &[header]);
        ours.verify_slice(mac).is_ok()
    }

    fn block(&self, index: u64, block: &[u8]) -> Hmac<Sha256> {
        let length = u32::try_from(block.len()).expect("a block's length stood in four bytes");
        let length = length.to_le_bytes();
        self.mac_with(index, &[&index.to_le_bytes(), &length, block])
    }

    fn mac_with(&self, index: u64, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut hash = Sha512::new();
        hash.update(index.to_le_bytes());
        // EXPOSE: hashed into the key of one block.
        hash.update(self.0.expose());
        let key = Key::<64>::filled_by(|key| hash.finalize_into(key.into()));
        // EXPOSE: it is the key of the authentication.
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose())
            .expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(part);
        }
        mac
    }

    /// The blocks' contents, one after the other, if all are there and none was changed.
    pub(super) fn join(&self, bytes: &[u8]) -> Result<Vec<u8>, KdbxError> {
        let mut input = Input::new(bytes);
        let mut joined = Vec::with_capacity(bytes.len());
        for index in 0.. {
            let mac: [u8; 32] = input.array()?;
            let block = input.counted()?;
            self.block(index, block)
                .verify_slice(&mac)
                .map_err(|_| KdbxError::Damaged)?;
            if block.is_empty() {
                break;
            }
            joined.extend_from_slice(block);
        }
        // Nothing vouches for what stands behind the last block.
        if input.rest().is_empty() {
            Ok(joined)
        } else {
            Err(KdbxError::Damaged)
        }
    }

    pub(super) fn split(&self, bytes: &[u8], out: &mut Vec<u8>) {
        let blocks = bytes.chunks(BLOCK_BYTES).chain([&[][..]]);
        for (index, block) in (0..).zip(blocks) {
            out.extend_from_slice(&self.block(index, block).finalize().into_bytes());
            let length = u32::try_from(block.len()).expect("a block is 1 MiB at most");
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(block);
        }
    }
}

/// Joins the hashed blocks of version 3, which are decrypted already.
pub(super) fn join_hashed(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, KdbxError> {
    let mut input = Input::new(bytes);
    let mut joined = Zeroizing::new(Vec::with_capacity(bytes.len()));
    for index in 0_u32.. {
        let number = input.u32()?;
        let hash: [u8; 32] = input.array()?;
        let block = input.counted()?;
        if number != index {
            return Err(KdbxError::Damaged);
        }
        if block.is_empty() {
            if hash != [0; 32] {
                return Err(KdbxError::Damaged);
            }
            break;
        }
        if hash != *Sha256::digest(block) {
            return Err(KdbxError::Damaged);
        }
        joined.extend_from_slice(block);
    }
    if input.rest().is_empty() {
        Ok(joined)
    } else {
        Err(KdbxError::Damaged)
    }
}
