//! The authenticator: RFC 6238 with a seed of 20 bytes, SHA-1, 6 digits and steps of 30 s, which
//! is what every authenticator app understands.
//!
//! It is a presence check, not a key: nothing is encrypted with it.

use std::fmt;

use strongroom_secret::{Key, SecretText};
use totp_rs::{Algorithm, Builder, Secret};
use zeroize::{Zeroize, Zeroizing};

use crate::random::{Random, RandomFailed};

/// Milliseconds of a step.
const STEP_MS: u64 = 30_000;

/// Six digits as a person typed them.
pub struct TotpCode(Zeroizing<[u8; 6]>);

impl TotpCode {
    /// Takes six digits with spaces anywhere; anything else is no code.
    pub fn parse(text: &SecretText) -> Option<Self> {
        let mut digits = Zeroizing::new([0; 6]);
        let mut count = 0;
        // EXPOSE: read digit by digit into memory that wipes itself.
        for byte in text
            .expose()
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
        {
            if !byte.is_ascii_digit() {
                return None;
            }
            *digits.get_mut(count)? = byte;
            count += 1;
        }
        (count == 6).then_some(Self(digits))
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The enrolled authenticator.
#[derive(Debug)]
pub struct Totp(Key<20>);

impl Totp {
    pub fn new(seed: Key<20>) -> Self {
        Self(seed)
    }

    pub fn make(random: &dyn Random) -> Result<Self, RandomFailed> {
        Key::try_filled_by(|seed| random.fill(seed)).map(Self)
    }

    pub(crate) fn seed(&self) -> &Key<20> {
        &self.0
    }

    /// The step in which `now_ms` lies.
    pub fn step_at(now_ms: u64) -> u64 {
        now_ms / STEP_MS
    }

    /// The step whose code this is, if it is that of now, of the one before or of the one after,
    /// and comes after `last_step`. A step is accepted once: the caller remembers the step.
    pub fn check(&self, code: &TotpCode, now_ms: u64, last_step: u64) -> Option<u64> {
        let digits = std::str::from_utf8(code.0.as_slice()).ok()?;
        let totp = self.generator();
        let now = Self::step_at(now_ms);
        let mut accepted = None;
        // All three are computed, so that the time does not tell which one it was.
        for step in now.saturating_sub(1)..=now + 1 {
            let matched = totp.check(digits, step * (STEP_MS / 1000)).is_some();
            if matched && step > last_step && accepted.is_none() {
                accepted = Some(step);
            }
        }
        accepted
    }

    /// The code of this moment: what an authenticator would show. For a throw-away vault that
    /// has no authenticator, and for tests.
    pub fn code_at(&self, now_ms: u64) -> SecretText {
        SecretText::new(self.generator().generate(now_ms / 1000).to_string())
    }

    fn generator(&self) -> totp_rs::Totp {
        // EXPOSE: copied into the memory of the generator, which wipes itself.
        let secret = Secret::new(Box::from(self.0.expose().as_slice()));
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(STEP_MS / 1000)
            .with_secret(secret)
            .build()
            .expect("20 bytes and 6 digits are within the RFC")
    }

    /// `otpauth://totp/…` for the QR code. `account` names the vault in the app.
    pub fn uri(&self, account: &str) -> SecretText {
        let account = percent_encoded(account);
        let mut secret = self.base32();
        let mut uri = String::with_capacity(160 + account.len());
        uri.push_str("otpauth://totp/Strongroom:");
        uri.push_str(&account);
        uri.push_str("?secret=");
        uri.push_str(&secret);
        uri.push_str("&issuer=Strongroom&algorithm=SHA1&digits=6&period=30");
        secret.zeroize();
        SecretText::new(uri)
    }

    /// The seed as it is typed into an app that cannot scan: 32 letters.
    pub fn seed_text(&self) -> SecretText {
        SecretText::new(self.base32())
    }

    fn base32(&self) -> String {
        // EXPOSE: the person's authenticator needs the seed once.
        data_encoding::BASE32_NOPAD.encode(self.0.expose())
    }
}

/// RFC 3986 for the label of the URI: everything but unreserved characters is encoded.
fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> Totp {
        Totp::new(Key::from_slice(b"12345678901234567890").expect("20 bytes"))
    }

    fn code(text: &str) -> TotpCode {
        TotpCode::parse(&SecretText::new(text.to_owned())).expect("six digits")
    }

    /// RFC 6238, appendix B, SHA-1: the last six of the eight digits given there.
    #[test]
    fn the_vectors_of_rfc_6238() {
        for (seconds, digits) in [
            (59, "287082"),
            (1111111109, "081804"),
            (1111111111, "050471"),
            (1234567890, "005924"),
            (2000000000, "279037"),
            (20000000000, "353130"),
        ] {
            let step = seconds / 30;
            assert_eq!(
                rfc().check(&code(digits), seconds * 1000, 0),
                Some(step),
                "{seconds}"
            );
        }
    }

    #[test]
    fn one_step_either_side_and_each_once() {
        // The code of step 37037037 (1111111110 s).
        let (digits, step) = ("050471", 37_037_037);
        let check = |now_step: u64, last_step, expected| {
            let now_ms = now_step * STEP_MS + 12_345;
            assert_eq!(
                rfc().check(&code(digits), now_ms, last_step),
                expected,
                "at {now_step}"
            );
        };
        check(step, 0, Some(step));
        check(step - 1, 0, Some(step));
        check(step + 1, 0, Some(step));
        check(step - 2, 0, None);
        check(step + 2, 0, None);
        check(step, step - 1, Some(step));
        check(step, step, None);
        check(step, step + 1, None);
    }

    #[test]
    fn what_is_not_six_digits_is_no_code() {
        for text in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(
                TotpCode::parse(&SecretText::new(text.to_owned())).is_none(),
                "{text}"
            );
        }
        assert!(TotpCode::parse(&SecretText::new(" 123 456\n".to_owned())).is_some());
    }

    #[test]
    fn the_uri_is_what_apps_read() {
        assert_eq!(
            rfc().uri("desk, main").expose(),
            "otpauth://totp/Strongroom:desk%2C%20main?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Strongroom&algorithm=SHA1&digits=6&period=30"
        );
    }
}
