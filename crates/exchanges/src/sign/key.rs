//! The keys that sign: each made ready once from a credential's field, and wiped when dropped.
//!
//! Deliberately not here: what is signed, and any choice of algorithm by the request.

use chacha20::ChaCha20Rng;
use data_encoding::BASE64;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use hmac::KeyInit as _;
use hmac::block_api::HmacCore;
use hmac::digest::Output;
use hmac::digest::block_api::{Buffer, EagerHash, FixedOutputCore as _, UpdateCore as _};
use p256::ecdsa::signature::{RandomizedSigner as _, SignatureEncoding as _, Signer as _};
use rand_core::SeedableRng as _;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use sha2::{Sha256, Sha384, Sha512};
use strongroom_secret::SecretText;
use zeroize::Zeroizing;

use super::credential::{FieldRule, from_base64};
use super::encode;
use super::refusal::{CredentialError, SignError};
use super::text_buf::TextBuf;

/// A text signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Hex,
    Base64,
}

impl Form {
    pub(crate) fn write(self, bytes: &[u8], out: &mut TextBuf) {
        match self {
            Self::Hex => push_hex(bytes, out),
            Self::Base64 => push_base64(bytes, out),
        }
    }
}

/// Hex; a general encoder is slow enough to show beside a MAC.
pub(crate) fn push_hex(bytes: &[u8], out: &mut TextBuf) {
    // Without a table, so that many are looked at together.
    let digit = |half: u8| half + if half < 10 { b'0' } else { b'a' - 10 };
    out.write_ascii(2 * bytes.len(), |digits| {
        let (pairs, _) = digits.as_chunks_mut();
        for (pair, byte) in pairs.iter_mut().zip(bytes) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        digits.len()
    });
}

/// Base64, for the same reason.
fn push_base64(bytes: &[u8], out: &mut TextBuf) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |six: u8| DIGITS[usize::from(six & 0x3f)];
    let four = |[first, second, third]: [u8; 3]| {
        [
            digit(first >> 2),
            digit(first << 4 | second >> 4),
            digit(second << 2 | third >> 6),
            digit(third),
        ]
    };
    out.write_ascii(4 * bytes.len().div_ceil(3), |digits| {
        let (threes, rest) = bytes.as_chunks();
        let (fours, _) = digits.as_chunks_mut();
        for (digits, three) in fours.iter_mut().zip(threes) {
            *digits = four(*three);
        }
        if let Some(last) = fours.get_mut(threes.len()) {
            let mut three = [0; 3];
            three[..rest.len()].copy_from_slice(rest);
            *last = four(three);
        }
        let padding = (3 - rest.len()) % 3;
        digits
            .iter_mut()
            .rev()
            .take(padding)
            .for_each(|one| *one = b'=');
        digits.len()
    });
}

/// An HMAC key, absorbed: what is kept are the hash states after it, not the secret, and no empty
/// buffer beside them that would be copied for every message.
pub(crate) struct MacKey<D: EagerHash>(HmacCore<D>);

pub(crate) type MacSha256 = MacKey<Sha256>;
pub(crate) type MacSha384 = MacKey<Sha384>;
pub(crate) type MacSha512 = MacKey<Sha512>;

impl<D: EagerHash> MacKey<D> {
    /// The secret's text is the key.
    pub(crate) fn from_text(secret: &SecretText) -> Self {
        // EXPOSE: the MAC takes its key.
        Self::from_bytes(secret.expose().as_bytes())
    }

    /// The secret is the base64 of the key.
    pub(crate) fn from_base64(
        secret: &SecretText,
        rule: FieldRule,
    ) -> Result<Self, CredentialError> {
        let decoded = from_base64(secret, rule)?;
        // EXPOSE: the MAC takes its key.
        Ok(Self::from_bytes(decoded.expose()))
    }

    fn from_bytes(key: &[u8]) -> Self {
        Self(HmacCore::new_from_slice(key).expect("HMAC takes any length"))
    }

    pub(crate) fn tag(&self, message: &[u8]) -> Output<HmacCore<D>> {
        let mut states = self.0.clone();
        let mut buffer = Buffer::<HmacCore<D>>::default();
        buffer.digest_blocks(message, |blocks| states.update_blocks(blocks));
        let mut tag = Output::<HmacCore<D>>::default();
        states.finalize_fixed_core(&mut buffer, &mut tag);
        tag
    }
}

/// An Ed25519 key.
pub(crate) struct Ed25519Key(ed25519_dalek::SigningKey);

impl Ed25519Key {
    /// 32 bytes of seed, or seed and public half as some exchanges hand it out.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            32 => Some(Self(ed25519_dalek::SigningKey::from_bytes(
                bytes.try_into().ok()?,
            ))),
            // The public half is compared: a wrong one would give away the seed to who sees two
            // signatures.
            64 => ed25519_dalek::SigningKey::from_keypair_bytes(bytes.try_into().ok()?)
                .ok()
                .map(Self),
            _ => None,
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// An RSA key for PKCS #1 v1.5 over SHA-256.
pub(crate) struct RsaKey(rsa::pkcs1v15::SigningKey<Sha256>);

impl RsaKey {
    fn new(key: rsa::PrivateKey) -> Option<Self> {
        // Exchanges take 2048 bits and more; shorter keys are broken or a slip.
        (key.n().bit_width() >= 2048).then(|| Self(rsa::pkcs1v15::SigningKey::new(key)))
    }

    pub(crate) fn sign(&self, message: &[u8], blinding: [u8; 32]) -> Result<Vec<u8>, SignError> {
        // Blinded: the time it takes tells nothing about the key. The signature is the same for
        // every seed.
        let mut random = ChaCha20Rng::from_seed(blinding);
        self.0
            .try_sign_with_rng(&mut random, message)
            .map(|signature| signature.to_vec())
            .map_err(|_| SignError::Key)
    }
}

/// A P-256 key for ES256; its nonces follow RFC 6979.
pub(crate) struct P256Key(p256::ecdsa::SigningKey);

impl P256Key {
    /// `r` and `s`, 32 bytes each.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}

/// A secp256k1 key for Ethereum's kind of signature; its nonces follow RFC 6979.
pub(crate) struct Secp256k1Key(k256::ecdsa::SigningKey);

/// `r`, `s` in the lower half of the order, and which of two public keys made it.
pub(crate) struct Recoverable {
    pub(crate) r: [u8; 32],
    pub(crate) s: [u8; 32],
    pub(crate) v: u8,
}

impl Secp256k1Key {
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        k256::ecdsa::SigningKey::from_slice(bytes).ok().map(Self)
    }

    /// The address on the chain that belongs to it: the end of the hash of the public key.
    pub(crate) fn address(&self) -> [u8; 20] {
        use sha3::Digest as _;
        let public = self.0.verifying_key().to_sec1_point(false);
        // Without the byte that says how the point is written.
        let hash: [u8; 32] = sha3::Keccak256::digest(&public.as_bytes()[1..]).into();
        let mut address = [0; 20];
        address.copy_from_slice(&hash[12..]);
        address
    }

    /// Signs 32 bytes that are a digest already.
    pub(crate) fn sign_digest(&self, digest: &[u8; 32]) -> Recoverable {
        let (signature, recovery) = self.0.sign_prehash_recoverable(digest);
        let (r, s) = signature.split_bytes();
        Recoverable {
            r: r.into(),
            s: s.into(),
            v: 27 + recovery.to_byte(),
        }
    }
}

/// A private key as a person pastes it.
pub(crate) enum PrivateKey {
    Ed25519(Ed25519Key),
    Rsa(RsaKey),
    P256(P256Key),
}

const EXPECTED_PRIVATE_KEY: &str =
    "an unencrypted private key in PEM (PKCS #8, PKCS #1 or SEC 1) of a kind the exchange takes";

impl PrivateKey {
    pub(crate) fn is_pem(secret: &SecretText) -> bool {
        // EXPOSE: only its first line is looked at.
        secret.expose().trim_start().starts_with("-----BEGIN")
    }

    /// A private key in PEM. Line breaks that were written as `\n`, as in JSON or an environment
    /// file, are read as such.
    pub(crate) fn from_pem(secret: &SecretText, rule: FieldRule) -> Result<Self, CredentialError> {
        // EXPOSE: parsed into a key that is wiped; so is the copy with its line breaks put right.
        let text = Zeroizing::new(secret.expose().trim().replace("\\n", "\n"));
        Self::read_pem(&text).ok_or(CredentialError::Malformed {
            field: rule.name(),
            expected: EXPECTED_PRIVATE_KEY,
        })
    }

    fn read_pem(text: &str) -> Option<Self> {
        if text.starts_with("-----BEGIN EC PRIVATE KEY-----") {
            let key = p256::SecretKey::from_sec1_pem(text).ok()?;
            return Some(Self::P256(P256Key(key.into())));
        }
        if text.starts_with("-----BEGIN RSA PRIVATE KEY-----") {
            let key = rsa::PrivateKey::from_pkcs1_pem(text).ok()?;
            return RsaKey::new(key).map(Self::Rsa);
        }
        // PKCS #8 names its algorithm; each reader takes its own only.
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(text) {
            return Some(Self::Ed25519(Ed25519Key(key)));
        }
        if let Ok(key) = p256::SecretKey::from_pkcs8_pem(text) {
            return Some(Self::P256(P256Key(key.into())));
        }
        let key = rsa::PrivateKey::from_pkcs8_pem(text).ok()?;
        RsaKey::new(key).map(Self::Rsa)
    }

    /// An Ed25519 key as base64 of 32 or 64 bytes.
    pub(crate) fn from_base64_ed25519(
        secret: &SecretText,
        rule: FieldRule,
    ) -> Result<Self, CredentialError> {
        let bytes = from_base64(secret, rule)?;
        // EXPOSE: made into a key that is wiped.
        Ed25519Key::from_bytes(bytes.expose())
            .map(Self::Ed25519)
            .ok_or(CredentialError::Malformed {
                field: rule.name(),
                expected: "an Ed25519 key of 32 or 64 bytes in base64",
            })
    }
}

/// What the exchanges take that sign with a shared secret or with a private key of one's own.
pub(crate) enum SecretOrKey {
    Secret(MacSha256),
    Ed25519(Ed25519Key),
    Rsa(RsaKey),
}

impl SecretOrKey {
    pub(crate) fn from_text(
        secret: &SecretText,
        rule: FieldRule,
        with_ed25519: Ed25519Taken,
    ) -> Result<Self, CredentialError> {
        if !PrivateKey::is_pem(secret) {
            return Ok(Self::Secret(MacSha256::from_text(secret)));
        }
        match PrivateKey::from_pem(secret, rule)? {
            PrivateKey::Ed25519(key) if with_ed25519 == Ed25519Taken::Yes => Ok(Self::Ed25519(key)),
            PrivateKey::Rsa(key) => Ok(Self::Rsa(key)),
            PrivateKey::Ed25519(_) | PrivateKey::P256(_) => Err(CredentialError::Malformed {
                field: rule.name(),
                expected: EXPECTED_PRIVATE_KEY,
            }),
        }
    }

    pub(crate) fn sign(&self, message: &[u8], blinding: [u8; 32]) -> Result<Signature, SignError> {
        Ok(match self {
            Self::Secret(key) => Signature::Mac(key.tag(message).into()),
            Self::Ed25519(key) => Signature::Ed25519(key.sign(message)),
            Self::Rsa(key) => Signature::Rsa(key.sign(message, blinding)?),
        })
    }

    /// How long a signature gets, each of its characters escaped where it may need that.
    pub(crate) fn room(&self) -> usize {
        match self {
            Self::Secret(_) => 64,
            Self::Ed25519(_) => 128,
            // Of 4096 bits.
            Self::Rsa(_) => 1024,
        }
    }
}

/// A signature that is not text yet.
pub(crate) enum Signature {
    Mac([u8; 32]),
    Ed25519([u8; 64]),
    Rsa(Vec<u8>),
}

impl Signature {
    /// Appends it as a header's text: a MAC in a form of the exchange's choice, others in base64.
    pub(crate) fn push(&self, mac_form: Form, out: &mut TextBuf) {
        match self {
            Self::Mac(tag) => mac_form.write(tag, out),
            Self::Ed25519(signature) => Form::Base64.write(signature, out),
            Self::Rsa(signature) => Form::Base64.write(signature, out),
        }
    }

    /// Appends it as a value of a query: hex, which needs no escape, or base64, which does.
    pub(crate) fn push_as_value(&self, out: &mut TextBuf) {
        match self {
            Self::Mac(tag) => push_hex(tag, out),
            Self::Ed25519(signature) => encode::push_escaped(out, &BASE64.encode(signature)),
            Self::Rsa(signature) => encode::push_escaped(out, &BASE64.encode(signature)),
        }
    }
}

/// Whether an exchange takes Ed25519 keys beside secrets and RSA keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ed25519Taken {
    Yes,
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_a_general_encoder_writes_them() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for length in (0..150).chain([512]) {
            for from in [0, 90, 200] {
                let some = &bytes[from.min(bytes.len() - length)..][..length];
                let (mut hex, mut base64) = (TextBuf::default(), TextBuf::default());
                Form::Hex.write(some, &mut hex);
                Form::Base64.write(some, &mut base64);
                assert_eq!(hex.as_str(), data_encoding::HEXLOWER.encode(some));
                assert_eq!(base64.as_str(), BASE64.encode(some));
            }
        }
    }
}
