//! Making a share: envelope and writes side by side, signed, then encrypted.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use minicbor::Encoder;
use strongroom_crypto::{Fingerprint, Identity, PublicIdentity, Random, RandomFailed, age, sshsig};
use strongroom_domain::UtcMs;
use strongroom_secret::{SecretBytes, SecretText};

use super::card::ContactCard;
use super::envelope::{Counts, Envelope, Grant, Kind};
use super::write::{Place, ShareBody, ShareWrite, head_length};
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
    let ordered = in_order(writes)?;
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
        counts: count(ordered.iter().copied()),
        checkpoint: bundle.checkpoint.clone(),
    };
    let (plain, hash) = sign(&envelope, &ordered, identity)?;
    Ok(Sealed {
        file: encrypt(&plain, protection, random)?,
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

/// Their numbers are sorted, not the writes: those are large and would be moved about.
fn in_order(writes: &[ShareWrite]) -> Result<Vec<&ShareWrite>, SealRefused> {
    let mut places: Vec<(Place, usize)> = writes.iter().map(ShareWrite::place).zip(0..).collect();
    places.sort_unstable();
    match places.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(SealRefused::Write { index: pair[1].1 }),
        None => Ok(places.iter().map(|(_, at)| &writes[*at]).collect()),
    }
}

/// Of writes in their order.
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

/// Envelope, writes and signature in one buffer of exactly their size, because one that grew would
/// leave copies behind; and the hash of what was signed.
fn sign(
    envelope: &Envelope,
    writes: &[&ShareWrite],
    identity: &Identity,
) -> Result<(SecretBytes, [u8; 32]), SealRefused> {
    let envelope = envelope.encode();
    let length = envelope.len()
        + head_length(writes.len() as u64)
        + writes.iter().map(|write| write.length()).sum::<usize>()
        + sshsig::ARMOURED_BYTES;
    if length > MOST_FILE_BYTES - OVERHEAD_BYTES {
        return Err(SealRefused::TooLarge);
    }
    let mut plain = Vec::with_capacity(length);
    plain.extend_from_slice(&envelope);
    let mut out = Encoder::new(plain);
    let written = out.array(writes.len() as u64).map(drop);
    written.expect("writing to memory cannot fail");
    for write in writes {
        write
            .write(&mut out)
            .expect("writing to memory cannot fail");
    }
    let mut plain = out.into_writer();
    let digest = sshsig::Digest::of(&plain);
    let signature = identity.sign_share_digest(&digest);
    plain.extend_from_slice(signature.as_bytes());
    debug_assert_eq!(
        plain.len(),
        length,
        "a buffer that grew leaves copies behind"
    );
    Ok((SecretBytes::new(plain), digest.name()))
}

fn encrypt(
    plain: &SecretBytes,
    protection: Protection<'_>,
    random: &dyn Random,
) -> Result<Vec<u8>, SealRefused> {
    // EXPOSE: encrypted.
    let plain = plain.expose();
    let to = |recipients: &[PublicIdentity]| {
        let recipients: Vec<_> = recipients.iter().map(PublicIdentity::recipient).collect();
        age::seal_to(&recipients, plain, random)
    };
    let sealed = match protection {
        Protection::Recipients(recipients) => to(recipients),
        Protection::Passphrase(passphrase) => age::seal_with_passphrase(passphrase, plain, random),
        Protection::Both(recipients, passphrase) => {
            to(recipients).and_then(|inner| age::seal_with_passphrase(passphrase, &inner, random))
        }
    };
    sealed.map_err(|problem| match problem {
        age::SealError::Random(failed) => SealRefused::Random(failed),
        age::SealError::NoRecipient => SealRefused::NoRecipient,
        age::SealError::TooManyRecipients => SealRefused::TooManyRecipients,
        age::SealError::Recipient { index } => SealRefused::Recipient { index },
    })
}
