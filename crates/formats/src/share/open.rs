//! Opening a share, one step after the other.

use std::fmt;

use minicbor::Decoder;
use strongroom_crypto::{Fingerprint, Identity, PublicIdentity, age, sshsig};
use strongroom_secret::{SecretBytes, SecretText};

use super::card::CardRefused;
use super::envelope::Envelope;
use super::seal::count;
use super::write::{Place, ShareWrite, head_length};
use super::{MOST_FILE_BYTES, MOST_WRITES};

/// What there is to open a file with.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    pub identity: &'a Identity,
    pub passphrase: Option<&'a SecretText>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefused {
    #[error("the file is larger than a share can be (16 MiB)")]
    TooLarge,
    #[error(transparent)]
    Age(age::OpenError),
    #[error("the share is encrypted to others; ask the sender for one that is made for your card")]
    ToOthers,
    #[error("this is not a share of Strongroom")]
    NotAShare,
    #[error("the share is in a newer format; update Strongroom")]
    NewerFormat,
    #[error("the share asks for a newer reader; update Strongroom")]
    NewerReader,
    #[error("the share is not signed")]
    Unsigned,
    #[error("the contact card in the share was refused: {0}")]
    Card(#[from] CardRefused),
    #[error("the share is damaged, or was not made by Strongroom")]
    Damaged,
}

impl From<age::OpenError> for OpenRefused {
    fn from(refused: age::OpenError) -> Self {
        match refused {
            age::OpenError::NotForThisKey => Self::ToOthers,
            other => Self::Age(other),
        }
    }
}

impl From<minicbor::decode::Error> for OpenRefused {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Damaged
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyRefused {
    #[error("the share names another sender than the one it was checked against")]
    OtherSender,
    #[error(transparent)]
    Signature(#[from] sshsig::SshSigError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the share was made for somebody else: whoever passed it on was not meant to")]
pub struct ForSomebodyElse;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WritesRefused {
    #[error("the share is damaged, or was not made by Strongroom")]
    Damaged,
    #[error("the share holds what this version does not know; update Strongroom")]
    Unknown,
    #[error("the share holds a value that no vault would have written")]
    Value,
    #[error("the share does not hold what its envelope says")]
    Counts,
}

impl From<minicbor::decode::Error> for WritesRefused {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Damaged
    }
}

/// Whom a share was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressee {
    /// This member, by name.
    Me,
    /// Nobody by name: a first contact. Whoever had the passphrase could pass it on.
    WhoeverHasThePassphrase,
}

/// Whether a passphrase is needed, by the header alone. No work is done.
pub fn needs_passphrase(file: &[u8]) -> Result<bool, OpenRefused> {
    if file.len() > MOST_FILE_BYTES {
        return Err(OpenRefused::TooLarge);
    }
    Ok(age::lock_of(file)? == age::Lock::Passphrase)
}

/// Decrypts and reads the envelope, and nothing else.
pub fn open(file: &[u8], keys: &Keys<'_>) -> Result<Opened, OpenRefused> {
    if !needs_passphrase(file)? {
        return open_to_me(file, keys);
    }
    let passphrase = keys.passphrase.ok_or(age::OpenError::NeedsPassphrase)?;
    let plain = age::open_with_passphrase(file, passphrase)?;
    // EXPOSE: looked at for a second layer, and opened if there is one.
    match age::is_age(plain.expose()) {
        false => Opened::hash(plain, Locked::ByPassphrase),
        true => open_to_me(plain.expose(), keys),
    }
}

fn open_to_me(file: &[u8], keys: &Keys<'_>) -> Result<Opened, OpenRefused> {
    let key = keys.identity.age_key();
    let (plain, digest) = age::open_signed_with_key(file, key, sshsig::ARMOURED_BYTES)?;
    Opened::read(plain, digest, Locked::ToMe)
}

/// What another program decrypted, such as stock `age`: from here on nothing is different.
pub fn open_decrypted(plain: SecretBytes) -> Result<Opened, OpenRefused> {
    if plain.len() > MOST_FILE_BYTES {
        return Err(OpenRefused::TooLarge);
    }
    Opened::hash(plain, Locked::ToMe)
}

/// What the innermost layer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Locked {
    ToMe,
    ByPassphrase,
}

/// What was decrypted, and where its parts are.
struct Inside {
    plain: SecretBytes,
    /// Of what stands before the signature.
    digest: sshsig::Digest,
    envelope: Envelope,
    /// Where the writes begin, and where the signature does.
    writes_at: usize,
    signature_at: usize,
    locked: Locked,
}

impl Inside {
    fn signed(&self) -> &[u8] {
        // EXPOSE: what the signature is about.
        &self.plain.expose()[..self.signature_at]
    }
}

/// Decrypted; its envelope is a claim that nobody checked.
pub struct Opened(Inside);

/// Signed by the sender it names, who is the one it was checked against.
pub struct Verified(Inside);

/// Made for this member, or for whoever has its passphrase.
pub struct Addressed(Inside, Addressee);

impl Opened {
    fn hash(plain: SecretBytes, locked: Locked) -> Result<Self, OpenRefused> {
        // EXPOSE: hashed, but for the signature.
        let bytes = plain.expose();
        let signed = bytes.len().saturating_sub(sshsig::ARMOURED_BYTES);
        let digest = sshsig::Digest::of(&bytes[..signed]);
        Self::read(plain, digest, locked)
    }

    fn read(
        plain: SecretBytes,
        digest: sshsig::Digest,
        locked: Locked,
    ) -> Result<Self, OpenRefused> {
        // EXPOSE: taken apart; the writes stay where they are.
        let bytes = plain.expose();
        let signature_at = bytes.len().checked_sub(sshsig::ARMOURED_BYTES);
        let signature_at = signature_at.ok_or(OpenRefused::NotAShare)?;
        let (signed, signature) = bytes.split_at(signature_at);
        let mut input = Decoder::new(signed);
        let envelope = Envelope::read(&mut input)?;
        if !signature.starts_with(b"-----BEGIN SSH SIGNATURE-----\n") {
            return Err(OpenRefused::Unsigned);
        }
        let writes_at = input.position();
        Ok(Self(Inside {
            plain,
            digest,
            envelope,
            writes_at,
            signature_at,
            locked,
        }))
    }

    /// What the file claims to be.
    pub fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    /// Checks that `sender` signed exactly these bytes. For a sender who is not pinned yet it is the
    /// identity on the card in the envelope: then all that is known is that one person made both.
    pub fn verify(self, sender: &PublicIdentity) -> Result<Verified, VerifyRefused> {
        if self.0.envelope.sender.identity() != sender {
            return Err(VerifyRefused::OtherSender);
        }
        // EXPOSE: the signature behind what is signed, which is no secret.
        let signature = &self.0.plain.expose()[self.0.signature_at..];
        let signature =
            std::str::from_utf8(signature).map_err(|_| sshsig::SshSigError::Malformed)?;
        sshsig::verify_digest(signature, &self.0.digest, sender)?;
        Ok(Verified(self.0))
    }
}

impl Verified {
    pub fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    /// Checks that the sender made it for `me`. The list is signed: somebody who was given it cannot
    /// encrypt it again for others and have it taken.
    pub fn for_me(self, me: &Fingerprint) -> Result<Addressed, ForSomebodyElse> {
        let recipients = &self.0.envelope.recipients;
        if recipients.binary_search(me).is_ok() {
            return Ok(Addressed(self.0, Addressee::Me));
        }
        if recipients.is_empty() && self.0.locked == Locked::ByPassphrase {
            return Ok(Addressed(self.0, Addressee::WhoeverHasThePassphrase));
        }
        Err(ForSomebodyElse)
    }
}

impl Addressed {
    pub fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    pub fn addressee(&self) -> Addressee {
        self.1
    }

    /// The name of what was signed: what the sender's next bundle names as its previous one.
    pub fn hash(&self) -> [u8; 32] {
        self.0.digest.name()
    }

    /// Every write, in the order of entries and registers; all of them or none.
    pub fn writes(&self) -> Result<Vec<ShareWrite>, WritesRefused> {
        let body = &self.0.signed()[self.0.writes_at..];
        let mut input = Decoder::new(body);
        let count_claimed = input.array()?.ok_or(WritesRefused::Damaged)?;
        // What is reserved is bounded by what is there, whatever is claimed.
        let most = MOST_WRITES.min(body.len() / ShareWrite::LEAST_BYTES);
        let length = usize::try_from(count_claimed)
            .ok()
            .filter(|length| *length <= most);
        let length = length.ok_or(WritesRefused::Damaged)?;
        if head_length(count_claimed) != input.position() {
            return Err(WritesRefused::Damaged);
        }
        let mut writes = Vec::with_capacity(length);
        let mut last: Option<Place> = None;
        for _ in 0..length {
            let write = ShareWrite::read(&mut input)?;
            let place = write.place();
            if last.replace(place).is_some_and(|last| last >= place) {
                return Err(WritesRefused::Damaged);
            }
            writes.push(write);
        }
        if input.position() != body.len() {
            return Err(WritesRefused::Damaged);
        }
        check_bodies(&writes)?;
        match count(&writes) == self.0.envelope.counts {
            true => Ok(writes),
            false => Err(WritesRefused::Counts),
        }
    }
}

/// From how many writes on it pays to check them on two cores.
const WORTH_SHARING: usize = 10_000;

/// Half of the work of reading: what every body says. Each stands for itself.
fn check_bodies(writes: &[ShareWrite]) -> Result<(), WritesRefused> {
    let check = |writes: &[ShareWrite]| writes.iter().try_for_each(ShareWrite::check_body);
    if writes.len() < WORTH_SHARING {
        return check(writes);
    }
    let (first, second) = writes.split_at(writes.len() / 2);
    std::thread::scope(|threads| {
        let second = threads.spawn(|| check(second));
        let first = check(first);
        first.and(second.join().expect("checking does not panic"))
    })
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
redacted!(Opened, Verified, Addressed);
