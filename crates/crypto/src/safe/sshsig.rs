//! SSH signatures over files (OpenSSH, PROTOCOL.sshsig) by Ed25519, in the namespace of shares, so that
//! `ssh-keygen -Y verify` can check what we signed.
//!
//! Deliberately not here: other kinds of keys, other hashes, other namespaces. A signature has exactly
//! one spelling: the one that `ssh-keygen -Y sign` writes.

use data_encoding::BASE64;
use sha2::{Digest as _, Sha512};
use strongroom_secret::Key32;

use crate::hazmat::signing;
use crate::safe::identity::PublicIdentity;

/// What our signatures are about: one made for anything else is never taken for a share's.
pub const NAMESPACE: &str = "strongroom-share";
/// How long an armoured signature of ours is, in bytes: always the same.
pub const ARMOURED_BYTES: usize =
    BEGIN.len() + END.len() + BASE64_BYTES + BASE64_BYTES.div_ceil(COLUMNS);

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const KEY_TYPE: &[u8] = b"ssh-ed25519";
const HASH: &[u8] = b"sha512";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
/// As OpenSSH breaks its lines.
const COLUMNS: usize = 70;
const BLOB_BYTES: usize = MAGIC.len()
    + 4
    + (4 + KEY_BYTES)
    + (4 + NAMESPACE.len())
    + 4
    + (4 + HASH.len())
    + (4 + SIGNATURE_BYTES);
const KEY_BYTES: usize = 4 + KEY_TYPE.len() + 4 + 32;
const SIGNATURE_BYTES: usize = 4 + KEY_TYPE.len() + 4 + 64;
const BASE64_BYTES: usize = BLOB_BYTES.div_ceil(3) * 4;
/// What is read at most before anything is decoded; foreign signatures (RSA) are larger than ours.
const MOST_BYTES: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SshSigError {
    #[error("this is not an SSH signature")]
    Malformed,
    #[error("the signature is of a kind that is not made here: Ed25519 with SHA-512 is")]
    OtherKind,
    #[error("the signature was made for something other than a share")]
    OtherNamespace,
    #[error("the signature was made with another key")]
    OtherKey,
    #[error("the signature does not belong to these bytes: they were changed, or it is forged")]
    Forged,
}

/// SHA-512 of a message: what a signature is about, and made once however often it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 64]);

impl Digest {
    pub fn of(message: &[u8]) -> Self {
        Self(Sha512::digest(message).into())
    }

    /// The first 32 bytes: enough to name a message by.
    pub fn name(&self) -> [u8; 32] {
        let (first, _) = self.0.split_first_chunk().expect("32 of 64 bytes");
        *first
    }
}

/// Makes the [`Digest`] of a message that comes in pieces.
#[derive(Debug, Default)]
pub struct Hasher(Sha512);

impl Hasher {
    pub fn take(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// The armoured signature over the message of this digest.
pub(crate) fn sign(seed: &Key32, digest: &Digest) -> String {
    let signature = signing::sign(seed, &preimage(digest));
    armour(&signing::public_key(seed), &signature)
}

/// Checks that `signer` signed exactly `message` as a share.
pub fn verify(armoured: &str, message: &[u8], signer: &PublicIdentity) -> Result<(), SshSigError> {
    verify_digest(armoured, &Digest::of(message), signer)
}

/// The same for a message that was hashed already.
pub fn verify_digest(
    armoured: &str,
    digest: &Digest,
    signer: &PublicIdentity,
) -> Result<(), SshSigError> {
    let (key, signature) = read(armoured)?;
    if key != *signer.sign_key() {
        return Err(SshSigError::OtherKey);
    }
    match signing::verify(&key, &preimage(digest), &signature) {
        true => Ok(()),
        false => Err(SshSigError::Forged),
    }
}

/// The public key as SSH lays it out: its kind, then its bytes.
pub(crate) fn key_blob(public: &[u8; 32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(KEY_BYTES);
    put(&mut out, KEY_TYPE);
    put(&mut out, public);
    out
}

/// What Ed25519 signs: the namespace and the hash of the message.
fn preimage(digest: &Digest) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    put(&mut out, NAMESPACE.as_bytes());
    put(&mut out, b"");
    put(&mut out, HASH);
    put(&mut out, &digest.0);
    out
}

fn armour(public: &[u8; 32], signature: &[u8; 64]) -> String {
    let mut blob = Vec::with_capacity(BLOB_BYTES);
    blob.extend_from_slice(MAGIC);
    blob.extend_from_slice(&VERSION.to_be_bytes());
    put(&mut blob, &key_blob(public));
    put(&mut blob, NAMESPACE.as_bytes());
    put(&mut blob, b"");
    put(&mut blob, HASH);
    let mut typed = Vec::with_capacity(SIGNATURE_BYTES);
    put(&mut typed, KEY_TYPE);
    put(&mut typed, signature);
    put(&mut blob, &typed);

    let encoded = BASE64.encode(&blob);
    let mut text = String::with_capacity(ARMOURED_BYTES);
    text.push_str(BEGIN);
    for line in encoded.as_bytes().chunks(COLUMNS) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str(END);
    text
}

/// The key and the signature; the armour is written again and compared, so that one signature has one
/// spelling.
fn read(armoured: &str) -> Result<([u8; 32], [u8; 64]), SshSigError> {
    if armoured.len() > MOST_BYTES {
        return Err(SshSigError::Malformed);
    }
    let lines = armoured
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.strip_suffix(END))
        .ok_or(SshSigError::Malformed)?;
    let encoded: String = lines.split('\n').collect();
    let blob = BASE64
        .decode(encoded.as_bytes())
        .map_err(|_| SshSigError::Malformed)?;
    let mut rest = blob.strip_prefix(MAGIC).ok_or(SshSigError::Malformed)?;
    let version = take::<4>(&mut rest)?;
    if u32::from_be_bytes(*version) != VERSION {
        return Err(SshSigError::OtherKind);
    }
    let mut key = take_string(&mut rest)?;
    let namespace = take_string(&mut rest)?;
    let _reserved = take_string(&mut rest)?;
    let hash = take_string(&mut rest)?;
    let mut typed = take_string(&mut rest)?;
    let kinds = [take_string(&mut key)?, take_string(&mut typed)?];
    if kinds != [KEY_TYPE; 2] || hash != HASH {
        return Err(SshSigError::OtherKind);
    }
    if namespace != NAMESPACE.as_bytes() {
        return Err(SshSigError::OtherNamespace);
    }
    let public = take_string(&mut key)?.try_into();
    let signature = take_string(&mut typed)?.try_into();
    let (Ok(public), Ok(signature)) = (public, signature) else {
        return Err(SshSigError::Malformed);
    };
    if armour(&public, &signature) == armoured {
        Ok((public, signature))
    } else {
        Err(SshSigError::Malformed)
    }
}

/// A string of SSH: its length in four bytes, then itself.
fn put(out: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).expect("parts of a signature are short");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(part);
}

fn take<'b, const N: usize>(rest: &mut &'b [u8]) -> Result<&'b [u8; N], SshSigError> {
    let (taken, left) = rest.split_first_chunk().ok_or(SshSigError::Malformed)?;
    *rest = left;
    Ok(taken)
}

fn take_string<'b>(rest: &mut &'b [u8]) -> Result<&'b [u8], SshSigError> {
    let length = u32::from_be_bytes(*take::<4>(rest)?);
    let length = usize::try_from(length).map_err(|_| SshSigError::Malformed)?;
    let (taken, left) = rest
        .split_at_checked(length)
        .ok_or(SshSigError::Malformed)?;
    *rest = left;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;
    use crate::safe::identity::Identity;

    fn identity() -> Identity {
        Identity::make(&OsRandom).expect("randomness")
    }

    #[test]
    fn a_signature_verifies_for_its_bytes_and_its_signer_alone() {
        let signer = identity();
        let armoured = signer.sign_share(b"message");
        assert_eq!(armoured.len(), ARMOURED_BYTES);
        let public = signer.public();
        assert_eq!(verify(&armoured, b"message", &public), Ok(()));
        assert_eq!(
            verify(&armoured, b"messagf", &public),
            Err(SshSigError::Forged)
        );
        assert_eq!(
            verify(&armoured, b"message", &identity().public()),
            Err(SshSigError::OtherKey)
        );
    }

    #[test]
    fn every_changed_letter_is_refused() {
        let signer = identity();
        let armoured = signer.sign_share(b"message");
        for at in 0..armoured.len() {
            for replacement in ["A", "B", "\n", "\r", "="] {
                let mut changed = armoured.clone();
                changed.replace_range(at..=at, replacement);
                if changed != armoured {
                    let verified = verify(&changed, b"message", &signer.public());
                    assert!(verified.is_err(), "{at} {replacement:?}");
                }
            }
            let cut = verify(&armoured[..at], b"message", &signer.public());
            assert_eq!(cut, Err(SshSigError::Malformed), "{at}");
        }
        for around in [format!("{armoured}\n"), format!(" {armoured}")] {
            let verified = verify(&around, b"message", &signer.public());
            assert_eq!(verified, Err(SshSigError::Malformed));
        }
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for length in [1_u32, 0x7fff_ffff, u32::MAX] {
            let mut blob = MAGIC.to_vec();
            blob.extend_from_slice(&VERSION.to_be_bytes());
            blob.extend_from_slice(&length.to_be_bytes());
            let text = format!("{BEGIN}{}\n{END}", BASE64.encode(&blob));
            assert_eq!(read(&text), Err(SshSigError::Malformed), "{length}");
        }
        let long = format!("{BEGIN}{}{END}", "A".repeat(MOST_BYTES));
        assert_eq!(read(&long), Err(SshSigError::Malformed));
    }
}
