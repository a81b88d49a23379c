//! The two halves of an age key pair, as stock programs write them.

use std::fmt;

use strongroom_secret::{Key32, SecretText};

use crate::hazmat::x25519;
use crate::random::{Random, RandomFailed};
use crate::safe::bech32;

const RECIPIENT: &str = "age";
const SECRET_KEY: &str = "age-secret-key-";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    #[error("an age recipient begins with age1 and has 62 letters and digits")]
    Recipient,
    #[error("nothing can be encrypted to this age recipient: it is not a sound key")]
    Unsound,
    #[error("an age secret key begins with AGE-SECRET-KEY-1 and has 74 letters and digits")]
    SecretKey,
}

/// Somebody to encrypt to: an X25519 point that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// Refuses points of low order, which would let everybody read, and second spellings of a point.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyRefused> {
        if x25519::is_sound(&bytes) {
            Ok(Self(bytes))
        } else {
            Err(KeyRefused::Unsound)
        }
    }

    /// `age1…`, as `age-keygen` prints it.
    pub fn parse(text: &str) -> Result<Self, KeyRefused> {
        let mut bytes = [0; 32];
        bech32::decode_into(RECIPIENT, text, &mut bytes).ok_or(KeyRefused::Recipient)?;
        Self::from_bytes(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// `age1…`, which stock `age -r` takes.
impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(RECIPIENT, &self.0))
    }
}

/// What opens files that were encrypted to its [`Recipient`].
#[derive(Debug)]
pub struct SecretKey(pub(super) Key32);

impl SecretKey {
    pub fn make(random: &dyn Random) -> Result<Self, RandomFailed> {
        Key32::try_filled_by(|seed| random.fill(seed)).map(Self)
    }

    pub fn from_seed(seed: Key32) -> Self {
        Self(seed)
    }

    /// `AGE-SECRET-KEY-1…`, as `age-keygen` prints it.
    pub fn parse(text: &SecretText) -> Result<Self, KeyRefused> {
        Key32::try_filled_by(|seed| {
            // EXPOSE: read letter by letter into memory that wipes itself.
            bech32::decode_into(SECRET_KEY, text.expose(), seed).ok_or(KeyRefused::SecretKey)
        })
        .map(Self)
    }

    /// `AGE-SECRET-KEY-1…`, which stock `age -d -i` takes.
    pub fn to_text(&self) -> SecretText {
        // EXPOSE: written as text that wipes itself; the change of case is made in place.
        let mut text = bech32::encode(SECRET_KEY, self.0.expose());
        text.make_ascii_uppercase();
        SecretText::new(text)
    }

    pub fn recipient(&self) -> Recipient {
        Recipient(x25519::public_key(&self.0))
    }

    pub(crate) fn seed(&self) -> &Key32 {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_of_age_keygen() {
        let secret = "AGE-SECRET-KEY-1Y4GWLA96P2T758WSNUWAVUHNVJSGEU3F4VPS7WVJX9CG9GWZ3VRSQHKXCJ";
        let secret = SecretKey::parse(&SecretText::new(secret.to_owned())).expect("a key");
        assert_eq!(
            secret.recipient().to_string(),
            "age1dgj9n46jy3r430t5tslwzdcfp6el4738ct27qrphltnhdgtynvjsvcfqsn"
        );
        assert_eq!(
            secret.to_text().expose(),
            "AGE-SECRET-KEY-1Y4GWLA96P2T758WSNUWAVUHNVJSGEU3F4VPS7WVJX9CG9GWZ3VRSQHKXCJ"
        );
        assert_eq!(
            Recipient::parse("age1dgj9n46jy3r430t5tslwzdcfp6el4738ct27qrphltnhdgtynvjsvcfqsn"),
            Ok(secret.recipient())
        );
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let zero = bech32::encode(RECIPIENT, &[0; 32]);
        assert_eq!(Recipient::parse(&zero), Err(KeyRefused::Unsound));
        for text in ["", "age1", "age1qqqq", "ssh-ed25519 AAAA"] {
            assert_eq!(Recipient::parse(text), Err(KeyRefused::Recipient), "{text}");
            let secret = SecretKey::parse(&SecretText::new(text.to_owned()));
            assert_eq!(secret.err(), Some(KeyRefused::SecretKey), "{text}");
        }
    }
}
