//! Checkpoints of the audit log: C2SP `tlog-checkpoint` in a C2SP `signed-note`, signed by the
//! audit key AK (Ed25519), so that tools we did not write can check them.
//!
//! Deliberately not here: when one is made and where it is kept.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use strongroom_secret::Key32;

use crate::hazmat::signing;
use crate::random::{Random, RandomFailed};
use crate::safe::log::Hash;

const ED25519: u8 = 1;
/// Far more than a checkpoint of ours has.
const MAX_NOTE_BYTES: usize = 4096;

/// What a checkpoint says: a log of this name had this many leaves and this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("this is not a checkpoint")]
    Malformed,
    #[error("the checkpoint belongs to another log")]
    OtherLog,
    #[error("the checkpoint is not signed by this vault's audit key")]
    NotSigned,
}

/// The name of a vault's log, which is also the name of its key.
pub fn origin(vault_id: &[u8; 16]) -> String {
    format!(
        "strongroom/vault/{}",
        data_encoding::HEXLOWER.encode(vault_id)
    )
}

/// Draws the seed of an audit key.
pub fn make_seed(random: &dyn Random) -> Result<Key32, RandomFailed> {
    Key32::try_filled_by(|seed| random.fill(seed))
}

pub fn public_key(seed: &Key32) -> [u8; 32] {
    signing::public_key(seed)
}

/// The verifier key as C2SP writes it: `name+hash+base64(type ‖ key)`.
pub fn verifier_key(origin: &str, public: &[u8; 32]) -> String {
    let mut typed = vec![ED25519];
    typed.extend_from_slice(public);
    let id = data_encoding::HEXLOWER.encode(&key_id(origin, public));
    format!("{origin}+{id}+{}", BASE64.encode(&typed))
}

/// The signed note.
pub fn sign(checkpoint: &Checkpoint, seed: &Key32) -> String {
    let text = body(checkpoint);
    let mut signature = key_id(&checkpoint.origin, &signing::public_key(seed)).to_vec();
    signature.extend_from_slice(&signing::sign(seed, text.as_bytes()));
    format!(
        "{text}\n\u{2014} {} {}\n",
        checkpoint.origin,
        BASE64.encode(&signature)
    )
}

/// Reads a note and verifies that the audit key signed it. Signatures of others (cosigners) may
/// stand beside ours and are passed over.
pub fn verify(note: &str, origin: &str, public: &[u8; 32]) -> Result<Checkpoint, NoteError> {
    if note.len() > MAX_NOTE_BYTES {
        return Err(NoteError::Malformed);
    }
    let cut = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = (&note[..=cut], &note[cut + 2..]);
    let checkpoint = parse_body(text)?;
    if checkpoint.origin != origin {
        return Err(NoteError::OtherLog);
    }
    let id = key_id(origin, public);
    for line in signatures
        .strip_suffix('\n')
        .ok_or(NoteError::Malformed)?
        .split('\n')
    {
        let line = line.strip_prefix("\u{2014} ").ok_or(NoteError::Malformed)?;
        let (name, encoded) = line.split_once(' ').ok_or(NoteError::Malformed)?;
        let bytes = BASE64
            .decode(encoded.as_bytes())
            .map_err(|_| NoteError::Malformed)?;
        let Some((found, rest)) = bytes.split_first_chunk::<4>() else {
            return Err(NoteError::Malformed);
        };
        if name != origin || *found != id {
            continue;
        }
        let signature: &[u8; 64] = rest.try_into().map_err(|_| NoteError::Malformed)?;
        return match signing::verify(public, text.as_bytes(), signature) {
            true => Ok(checkpoint),
            false => Err(NoteError::NotSigned),
        };
    }
    Err(NoteError::NotSigned)
}

fn body(checkpoint: &Checkpoint) -> String {
    let Checkpoint { origin, size, root } = checkpoint;
    format!("{origin}\n{size}\n{}\n", BASE64.encode(root))
}

fn parse_body(text: &str) -> Result<Checkpoint, NoteError> {
    let mut lines = text.split('\n');
    let mut next = || lines.next().ok_or(NoteError::Malformed);
    let (origin, size, root) = (next()?, next()?, next()?);
    let root = BASE64
        .decode(root.as_bytes())
        .map_err(|_| NoteError::Malformed)?;
    let checkpoint = Checkpoint {
        origin: origin.to_owned(),
        size: size.parse().map_err(|_| NoteError::Malformed)?,
        root: root.try_into().map_err(|_| NoteError::Malformed)?,
    };
    // Ours have no extension lines, and one spelling of the number.
    if body(&checkpoint) == text {
        Ok(checkpoint)
    } else {
        Err(NoteError::Malformed)
    }
}

fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest: Hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(public)
        .finalize()
        .into();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: origin(&[0xab; 16]),
            size: 42,
            root: [7; 32],
        }
    }

    fn seed() -> Key32 {
        Key32::filled_by(|seed| seed.fill(9))
    }

    #[test]
    fn a_note_reads_back_and_verifies() {
        let note = sign(&checkpoint(), &seed());
        let public = public_key(&seed());
        assert_eq!(
            verify(&note, &checkpoint().origin, &public),
            Ok(checkpoint())
        );
        let cosigned = format!("{note}\u{2014} other AAAAAAAA\n");
        assert_eq!(
            verify(&cosigned, &checkpoint().origin, &public),
            Ok(checkpoint())
        );
    }

    #[test]
    fn what_is_not_our_note_is_refused() {
        let note = sign(&checkpoint(), &seed());
        let public = public_key(&seed());
        let check = |note: &str, origin: &str, expected| {
            assert_eq!(verify(note, origin, &public), Err(expected), "{note:?}");
        };
        let origin = checkpoint().origin;
        check(
            &note.replace("\n42\n", "\n43\n"),
            &origin,
            NoteError::NotSigned,
        );
        check(
            &note.replace("\n42\n", "\n042\n"),
            &origin,
            NoteError::Malformed,
        );
        check(&note, "strongroom/vault/other", NoteError::OtherLog);
        check("", &origin, NoteError::Malformed);
        check(&note[..note.len() - 1], &origin, NoteError::Malformed);
        let other = Key32::filled_by(|seed| seed.fill(8));
        check(&sign(&checkpoint(), &other), &origin, NoteError::NotSigned);
    }

    /// The verifier key published as the example of golang.org/x/mod/sumdb/note: the key of
    /// "PeterNeumann", whose hash is c74f20a3.
    #[test]
    fn the_key_id_is_that_of_the_signed_note_format() {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let encoded = text.rsplit('+').next().expect("three parts");
        let typed = BASE64.decode(encoded.as_bytes()).expect("base64");
        let public: [u8; 32] = typed[1..].try_into().expect("32 bytes");
        assert_eq!(verifier_key("PeterNeumann", &public), text);
    }
}
