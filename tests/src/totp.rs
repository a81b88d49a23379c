//! An authenticator: RFC 6238 by hand, from an `otpauth://` address.

use std::sync::Mutex;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// What an authenticator app keeps: the seed.
#[derive(Debug)]
pub struct Authenticator {
    seed: Vec<u8>,
    last_step: Mutex<i64>,
}

impl Authenticator {
    /// Reads an enrolment address.
    ///
    /// # Panics
    /// When it is not one.
    #[track_caller]
    pub fn enrol(address: &str) -> Self {
        assert!(
            address.starts_with("otpauth://totp/"),
            "not an enrolment address"
        );
        let query = address
            .split_once('?')
            .expect("an enrolment address has a query")
            .1;
        let value = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        assert_eq!(value("digits").unwrap_or("6"), "6");
        assert_eq!(value("period").unwrap_or("30"), "30");
        assert_eq!(value("algorithm").unwrap_or("SHA1"), "SHA1");
        Self::of_seed(value("secret").expect("an enrolment address has a seed"))
    }

    /// The enrolment address somewhere in a line of JSON or text.
    pub fn address_in(line: &str) -> Option<&str> {
        let rest = &line[line.find("otpauth://")?..];
        Some(&rest[..rest.find(['"', ' ', '\n']).unwrap_or(rest.len())])
    }

    /// Takes a seed as it is typed.
    ///
    /// # Panics
    /// When it is not base32.
    #[track_caller]
    pub fn of_seed(seed: &str) -> Self {
        let seed = BASE32_NOPAD
            .decode(seed.trim_end_matches('=').as_bytes())
            .expect("a seed is base32");
        Self {
            seed,
            last_step: Mutex::new(0),
        }
    }

    /// The code at this moment.
    pub fn code_at(&self, now_ms: i64) -> String {
        let step = u64::try_from(now_ms.div_euclid(30_000)).expect("time is after 1970");
        code(&self.seed, step)
    }

    /// Whether this moment's code was not asked for yet.
    ///
    /// # Panics
    /// When a thread panicked in between.
    pub fn is_fresh_at(&self, now_ms: i64) -> bool {
        *self.last_step.lock().expect("nothing panics here") < now_ms.div_euclid(30_000)
    }

    /// Remembers that this moment's code was used.
    pub(crate) fn used_at(&self, now_ms: i64) {
        *self.last_step.lock().expect("nothing panics here") = now_ms.div_euclid(30_000);
    }
}

fn code(seed: &[u8], step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(seed).expect("HMAC takes any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 0x0f);
    let four: [u8; 4] = digest[at..at + 4].try_into().expect("20 bytes have room");
    format!(
        "{:06}",
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SHA-1 rows of RFC 6238, appendix B, whose eight digits end in our six.
    #[test]
    fn codes_are_those_of_the_standard() {
        let seed = BASE32_NOPAD.encode(b"12345678901234567890");
        let phone = Authenticator::enrol(&format!("otpauth://totp/x?issuer=y&secret={seed}"));
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(phone.code_at(seconds * 1000), expected, "{seconds}");
        }
    }
}
