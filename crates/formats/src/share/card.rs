//! A contact card: a name and the two public keys of a member, signed by themselves, as one line of text
//! that fits into a QR code.
//!
//! The signature says that whoever made the card holds the signing key; it says nothing about who they
//! are. That takes two people who compare fingerprints. Deliberately not here: who is trusted.

use data_encoding::BASE32_NOPAD;
use minicbor::{Decoder, Encoder};
use strongroom_crypto::{
    CborError, Fingerprint, Identity, IdentityRefused, PublicIdentity, canonical,
};
use strongroom_domain::{MemberName, UtcMs};

/// In letters that a QR code packs most densely, like all that follows.
const PREFIX: &str = "STRONGROOM-CARD:";
const LABEL: &str = "strongroom/v1/contact-card";
const VERSION: u64 = 1;
const SIGNATURE_BYTES: usize = 64;
/// Larger than the card with the longest name.
const MOST_BYTES: usize = 512;
/// What is read at most before anything is decoded; mail programs break lines.
const MOST_LETTERS: usize = 2048;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardRefused {
    #[error("this is not a contact card: one begins with STRONGROOM-CARD:")]
    NotACard,
    #[error("the contact card is damaged; ask for it again")]
    Damaged,
    #[error("the contact card was made by a newer version; update Strongroom")]
    Newer,
    #[error("the name on the contact card could deceive: it is not shown; ask for another card")]
    Name,
    #[error(transparent)]
    Identity(#[from] IdentityRefused),
    #[error("the contact card is not signed by the key on it: it was changed, or is forged")]
    Forged,
}

impl From<CborError> for CardRefused {
    fn from(_: CborError) -> Self {
        Self::Damaged
    }
}

impl From<minicbor::decode::Error> for CardRefused {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Damaged
    }
}

/// A card whose signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactCard {
    name: MemberName,
    identity: PublicIdentity,
    created: UtcMs,
    signature: [u8; SIGNATURE_BYTES],
}

impl ContactCard {
    pub fn sign(name: MemberName, created: UtcMs, identity: &Identity) -> Self {
        let public = identity.public();
        let signature = identity.sign(LABEL, &encode(&name, &public, created));
        Self {
            name,
            identity: public,
            created,
            signature,
        }
    }

    /// What the member calls themselves; nobody vouches for it.
    pub fn name(&self) -> &MemberName {
        &self.name
    }

    pub fn identity(&self) -> &PublicIdentity {
        &self.identity
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.identity.fingerprint()
    }

    pub fn created(&self) -> UtcMs {
        self.created
    }

    /// One line of capital letters and digits, also the whole content of a card's file.
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&self.to_bytes()))
    }

    /// Takes the text in either case and broken into lines however a mail program did it.
    pub fn parse(text: &str) -> Result<Self, CardRefused> {
        if text.len() > MOST_LETTERS {
            return Err(CardRefused::NotACard);
        }
        let letters: String = text
            .chars()
            .filter(|letter| !letter.is_ascii_whitespace())
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let encoded = letters.strip_prefix(PREFIX).ok_or(CardRefused::NotACard)?;
        let bytes = BASE32_NOPAD
            .decode(encoded.as_bytes())
            .map_err(|_| CardRefused::Damaged)?;
        Self::from_bytes(&bytes)
    }

    /// The card's CBOR and the signature behind it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = encode(&self.name, &self.identity, self.created);
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CardRefused> {
        if bytes.len() > MOST_BYTES {
            return Err(CardRefused::Damaged);
        }
        let (body, signature) = bytes
            .split_last_chunk::<SIGNATURE_BYTES>()
            .ok_or(CardRefused::Damaged)?;
        let (name, identity, created) = canonical(body, decode, |(name, identity, created)| {
            encode(name, identity, *created)
        })?;
        if !identity.verify(LABEL, body, signature) {
            return Err(CardRefused::Forged);
        }
        Ok(Self {
            name,
            identity,
            created,
            signature: *signature,
        })
    }
}

fn encode(name: &MemberName, identity: &PublicIdentity, created: UtcMs) -> Vec<u8> {
    let mut out = Encoder::new(Vec::with_capacity(MOST_BYTES));
    let written = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        out.array(5)?;
        out.u64(VERSION)?;
        out.str(name.as_str())?;
        out.bytes(identity.sign_key())?;
        out.bytes(identity.recipient().as_bytes())?;
        out.i64(created.ms())?;
        Ok(())
    };
    let mut written = written;
    written().expect("writing to memory cannot fail");
    out.into_writer()
}

fn decode(input: &mut Decoder<'_>) -> Result<(MemberName, PublicIdentity, UtcMs), CardRefused> {
    let parts = input.array()?.ok_or(CardRefused::Damaged)?;
    if input.u64()? != VERSION {
        return Err(CardRefused::Newer);
    }
    if parts != 5 {
        return Err(CardRefused::Damaged);
    }
    let text = input.str()?;
    let name = MemberName::parse(text).map_err(|_| CardRefused::Name)?;
    let mut key = || <[u8; 32]>::try_from(input.bytes()?).map_err(|_| CardRefused::Damaged);
    let (sign, encrypt) = (key()?, key()?);
    let identity = PublicIdentity::parse(sign, encrypt)?;
    let created = UtcMs::parse(input.i64()?).map_err(|_| CardRefused::Damaged)?;
    Ok((name, identity, created))
}
