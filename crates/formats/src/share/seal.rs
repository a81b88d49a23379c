//! Making a share: envelope and writes side by side, signed, then encrypted.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::sync::{Arc, mpsc};

use minicbor::Encoder;
use strongroom_crypto::{Fingerprint, Identity, PublicIdentity, Random, RandomFailed, age, sshsig};
use strongroom_domain::UtcMs;
use strongroom_secret::{SecretBytes, SecretText};

use super::card::ContactCard;
use super::envelope::{Counts, Envelope, Grant, Kind};
use super::write::{ShareBody, ShareWrite};
use super::{MOST_CHECKPOINT_BYTES, MOST_FILE_BYTES, MOST_WRITES};

/// What encryption adds at most: a header of recipients, one of a passphrase, tags, nonces.
const OVERHEAD_BYTES: usize = 64 * 1024;

/// What is to be shared. Its recipients stand in [`Protection`], so that no file can name others than
/// it is encrypted to.
#[derive(Debug)]
pub struct Bundle {
    pub bundle_id: [u8; 16],
    pub kind: Kind,
    /// The sender's own card.
    pub sender: ContactCard,
    pub seq: u64,
    pub previous: Option<[u8; 32]>,
    pub created: UtcMs,
    pub expires: Option<UtcMs>,
    pub grant: Option<Grant>,
    pub checkpoint: Option<Vec<u8>>,
    /// In any order.
    pub writes: Vec<ShareWrite>,
}

/// What a file is locked with.
#[derive(Debug, Clone, Copy)]
pub enum Protection<'a> {
    Recipients(&'a [PublicIdentity]),
    /// For a first contact whose keys are not known yet: whoever has the passphrase reads it.
    Passphrase(&'a SecretText),
    /// Two layers: the passphrase outside, the recipients inside.
    Both(&'a [PublicIdentity], &'a SecretText),
}

impl Protection<'_> {
    fn recipients(&self) -> &[PublicIdentity] {
        match self {
            Self::Recipients(recipients) | Self::Both(recipients, _) => recipients,
            Self::Passphrase(_) => &[],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealRefused {
    #[error(transparent)]
    Random(#[from] RandomFailed),
    #[error("a share needs at least one recipient, or a passphrase")]
    NoRecipient,
    #[error("a share has at most {most} recipients", most = age::MOST_RECIPIENTS)]
    TooManyRecipients,
    #[error("nothing can be encrypted to recipient number {}: ask for a new contact card", .index + 1)]
    Recipient { index: usize },
    #[error("recipient number {} is named twice", .index + 1)]
    Twice { index: usize },
    #[error("the contact card in the share is not that of the identity that signs it")]
    OtherCard,
    #[error("a share of keys says for which role and scope it is")]
    NoGrant,
    #[error("the checkpoint is longer than {most} bytes", most = MOST_CHECKPOINT_BYTES)]
    Checkpoint,
    #[error("write number {} of the share does not go with its register", .index + 1)]
    Write { index: usize },
    #[error("this is more than one share holds (16 MiB): share fewer keys, or without history")]
    TooLarge,
}

impl From<age::SealError> for SealRefused {
    fn from(problem: age::SealError) -> Self {
        match problem {
            age::SealError::Random(failed) => Self::Random(failed),
            age::SealError::NoRecipient => Self::NoRecipient,
            age::SealError::TooManyRecipients => Self::TooManyRecipients,
            age::SealError::Recipient { index } => Self::Recipient { index },
        }
    }
}

/// A finished file.
#[derive(Debug)]
pub struct Sealed {
    pub file: Vec<u8>,
    /// The name of what was signed: what the next bundle names as its previous one.
    pub hash: [u8; 32],
    pub counts: Counts,
}

/// Signs and encrypts. A passphrase takes about a second and 256 MiB.
pub fn seal(
    bundle: impl Borrow<Bundle>,
    identity: &Identity,
    protection: Protection<'_>,
    random: &dyn Random,
) -> Result<Sealed, SealRefused> {
    let bundle = bundle.borrow();
    let writes = &bundle.writes;
    check(
        &bundle.sender,
        bundle.kind,
        bundle.grant.as_ref(),
        bundle.checkpoint.as_deref(),
        identity,
    )?;
    if let Some(index) = writes.iter().position(|write| !write.is_sound()) {
        return Err(SealRefused::Write { index });
    }
    if writes.len() > MOST_WRITES {
        return Err(SealRefused::TooLarge);
    }
    let (ordered, entries) = in_order(writes)?;
    let envelope = Envelope {
        bundle_id: bundle.bundle_id,
        kind: bundle.kind,
        sender: bundle.sender.clone(),
        recipients: fingerprints(protection.recipients())?,
        seq: bundle.seq,
        previous: bundle.previous,
        created: bundle.created,
        expires: bundle.expires,
        grant: bundle.grant.clone(),
        counts: Counts {
            entries,
            ..count(writes)
        },
        checkpoint: bundle.checkpoint.clone(),
    };
    let head = head(&envelope, writes.len());
    let length =
        head.len() + writes.iter().map(ShareWrite::length).sum::<usize>() + sshsig::ARMOURED_BYTES;
    if length > MOST_FILE_BYTES - OVERHEAD_BYTES {
        return Err(SealRefused::TooLarge);
    }
    let pieces = std::iter::once(head).chain(Pieces(&ordered));
    let sealer = sealer(protection, length, random)?;
    let (inner, hash) = sign_and_encrypt(pieces, sealer, identity);
    let file = match protection {
        Protection::Recipients(_) | Protection::Passphrase(_) => inner,
        Protection::Both(_, passphrase) => age::seal_with_passphrase(passphrase, &inner, random)?,
    };
    Ok(Sealed {
        file,
        hash,
        counts: envelope.counts,
    })
}

fn check(
    sender: &ContactCard,
    kind: Kind,
    grant: Option<&Grant>,
    checkpoint: Option<&[u8]>,
    identity: &Identity,
) -> Result<(), SealRefused> {
    if *sender.identity() != identity.public() {
        return Err(SealRefused::OtherCard);
    }
    if kind == Kind::Share && grant.is_none() {
        return Err(SealRefused::NoGrant);
    }
    if checkpoint.is_some_and(|note| note.len() > MOST_CHECKPOINT_BYTES) {
        return Err(SealRefused::Checkpoint);
    }
    Ok(())
}

/// Of everybody, ascending.
fn fingerprints(recipients: &[PublicIdentity]) -> Result<Vec<Fingerprint>, SealRefused> {
    let mut seen = BTreeSet::new();
    for (index, recipient) in recipients.iter().enumerate() {
        if !seen.insert(recipient.fingerprint()) {
            return Err(SealRefused::Twice { index });
        }
    }
    Ok(seen.into_iter().collect())
}

/// The writes in their order, and of how many entries they are.
///
/// Those of one entry mostly come together and in order, and are many: so what is sorted are the
/// runs of those that do.
fn in_order(writes: &[ShareWrite]) -> Result<(Vec<&ShareWrite>, u32), SealRefused> {
    let goes_on =
        |one: &ShareWrite, next: &ShareWrite| one.entry == next.entry && one.place() < next.place();
    let mut runs: Vec<&[ShareWrite]> = writes.chunk_by(goes_on).collect();
    // Stable, here and below, so that of two in one place the later one is named.
    runs.sort_by_key(|run| run[0].entry);
    let mut ordered: Vec<&ShareWrite> = Vec::with_capacity(writes.len());
    let mut entries = 0;
    for of_entry in runs.chunk_by(|one, next| one[0].entry == next[0].entry) {
        entries += 1;
        let begun = ordered.len();
        ordered.extend(of_entry.iter().copied().flatten());
        if of_entry.len() > 1 {
            ordered[begun..].sort_by_key(|write| write.place());
            let mut pairs = ordered[begun..].windows(2);
            if let Some(pair) = pairs.find(|pair| pair[0].place() == pair[1].place()) {
                let index = writes.iter().position(|write| std::ptr::eq(write, pair[1]));
                return Err(SealRefused::Write {
                    index: index.unwrap_or_default(),
                });
            }
        }
    }
    Ok((ordered, entries))
}

/// Of writes in their order. Of others the entries are counted too often, and nothing else.
pub(super) fn count<'a>(writes: impl IntoIterator<Item = &'a ShareWrite>) -> Counts {
    let mut counts = Counts::default();
    let mut entry = None;
    for write in writes {
        counts.writes += 1;
        if entry.replace(write.entry) != Some(write.entry) {
            counts.entries += 1;
        }
        match write.body {
            ShareBody::Value(_) => {}
            ShareBody::Secret(_) => counts.secrets += 1,
            ShareBody::Purged => counts.purged += 1,
        }
    }
    counts
}

/// What stands before the writes: the envelope, and how many they are.
fn head(envelope: &Envelope, writes: usize) -> SecretBytes {
    let mut out = Encoder::new(envelope.encode());
    let written = out.array(writes as u64).map(drop);
    written.expect("writing to memory cannot fail");
    SecretBytes::new(out.into_writer())
}

/// Writes in their order, as pieces of what is signed and encrypted: small enough to stay in the cache
/// of a core until both is done.
struct Pieces<'a, 'w>(&'a [&'w ShareWrite]);

const PIECE_BYTES: usize = 512 * 1024;

impl Iterator for Pieces<'_, '_> {
    type Item = SecretBytes;

    fn next(&mut self) -> Option<SecretBytes> {
        let mut length = 0;
        let mut lengths = self.0.iter().map(|write| write.length());
        let count = lengths
            .position(|of_one| {
                length += of_one;
                length >= PIECE_BYTES
            })
            .map_or(self.0.len(), |last| last + 1);
        let (writes, rest) = self.0.split_at(count);
        self.0 = rest;
        if writes.is_empty() {
            return None;
        }
        // Of exactly its size, because a buffer that grew would leave copies behind.
        let mut piece = Vec::with_capacity(length);
        for write in writes {
            write.write(&mut piece);
        }
        assert_eq!(piece.len(), length, "as long as it said");
        Some(SecretBytes::new(piece))
    }
}

/// Each piece is encrypted while it is hashed, which takes longer, and the next one made; the signature
/// is the last of what is encrypted.
fn sign_and_encrypt(
    pieces: impl Iterator<Item = SecretBytes>,
    mut sealer: age::Sealer,
    identity: &Identity,
) -> (Vec<u8>, [u8; 32]) {
    let digest = std::thread::scope(|threads| {
        let (to_hash, hashed) = mpsc::sync_channel::<Arc<SecretBytes>>(PIECES_AHEAD);
        let hashing = threads.spawn(move || {
            let mut hasher = sshsig::Hasher::default();
            for piece in hashed {
                // EXPOSE: hashed, to be signed.
                hasher.take(piece.expose());
            }
            hasher.finish()
        });
        for piece in pieces {
            let piece = Arc::new(piece);
            to_hash
                .send(Arc::clone(&piece))
                .expect("hashing goes on until all pieces were sent");
            // EXPOSE: encrypted.
            sealer.take(piece.expose());
        }
        drop(to_hash);
        hashing.join().expect("hashing cannot fail")
    });
    sealer.take(identity.sign_share_digest(&digest).as_bytes());
    (sealer.finish(), digest.name())
}

/// How many pieces wait to be hashed at most.
const PIECES_AHEAD: usize = 4;

/// Of the innermost layer.
fn sealer(
    protection: Protection<'_>,
    length: usize,
    random: &dyn Random,
) -> Result<age::Sealer, SealRefused> {
    let sealer = match protection {
        Protection::Recipients(recipients) | Protection::Both(recipients, _) => {
            let recipients: Vec<_> = recipients.iter().map(PublicIdentity::recipient).collect();
            age::Sealer::to(&recipients, length, random)
        }
        Protection::Passphrase(passphrase) => {
            age::Sealer::with_passphrase(passphrase, length, random)
        }
    };
    Ok(sealer?)
}
