//! What is printed on paper: the recovery secret RS and the ten recovery codes, in base32 groups
//! with a checksum that finds a slip of the pen before anything is tried.
//!
//! Deliberately not here: the pages around them (vault).

use sha2::{Digest, Sha256};
use strongroom_secret::{Key, Key32, SecretText};

use crate::random::{Random, RandomFailed};
use crate::safe::auth_block::recovery_digest;
use crate::safe::letters;

/// How many recovery codes a vault has.
pub const RECOVERY_CODES: usize = 10;

const CODE_LETTERS: usize = 25;
const CODE_CHECK_LETTERS: usize = 3;
const CODE_LABEL: &[u8] = b"strongroom/v1/recovery-code";
const SECRET_LETTERS: usize = 52;
const SECRET_CHECK_LETTERS: usize = 4;
const SECRET_LABEL: &[u8] = b"strongroom/v1/recovery-secret";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    #[error("a recovery code has 28 letters and digits, in seven groups of four")]
    Shape,
    #[error("the recovery code has a typing mistake in it")]
    Checksum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KitSecretError {
    #[error("the recovery secret has 56 letters and digits, in fourteen groups of four")]
    Shape,
    #[error("the recovery secret has a typing mistake in it")]
    Checksum,
}

/// A recovery code: 125 bits, kept as 16 bytes whose last three bits are zero.
#[derive(Debug)]
pub struct RecoveryCode(Key<16>);

impl RecoveryCode {
    pub fn make(random: &dyn Random) -> Result<Self, RandomFailed> {
        Key::try_filled_by(|bits: &mut [u8; 16]| {
            random.fill(bits)?;
            bits[15] &= 0b1111_1000;
            Ok(())
        })
        .map(Self)
    }

    /// Takes lower case, spaces and hyphens, and the digits 0 and 8 for the letters O and B.
    pub fn parse(text: &SecretText) -> Result<Self, RecoveryCodeError> {
        // EXPOSE: read letter by letter into memory that wipes itself.
        let typed = letters::read(text.expose(), CODE_LETTERS + CODE_CHECK_LETTERS)
            .ok_or(RecoveryCodeError::Shape)?;
        let (data, check) = typed.split_at(CODE_LETTERS);
        let bits = Key::filled_by(|bits: &mut [u8; 16]| letters::pack(data, bits));
        // EXPOSE: hashed for the checksum.
        if check_letters::<CODE_CHECK_LETTERS>(CODE_LABEL, bits.expose()) != check {
            return Err(RecoveryCodeError::Checksum);
        }
        Ok(Self(bits))
    }

    /// Seven groups of four: 25 letters and 3 of checksum.
    pub fn format(&self) -> SecretText {
        // EXPOSE: written for the person, into memory that wipes itself.
        format_groups(
            self.0.expose(),
            CODE_LETTERS,
            &check_letters::<CODE_CHECK_LETTERS>(CODE_LABEL, self.0.expose()),
        )
    }

    /// SHA-256 of the 16 bytes, as the auth block keeps it.
    pub fn digest(&self) -> [u8; 32] {
        // EXPOSE: hashed.
        recovery_digest(self.0.expose())
    }
}

pub fn make_recovery_codes(random: &dyn Random) -> Result<Vec<RecoveryCode>, RandomFailed> {
    (0..RECOVERY_CODES)
        .map(|_| RecoveryCode::make(random))
        .collect()
}

/// RS as fourteen groups of four: 52 letters and 4 of checksum.
pub fn format_recovery_secret(rs: &Key32) -> SecretText {
    // EXPOSE: written for the person, into memory that wipes itself.
    let bytes = rs.expose();
    let check = check_letters::<SECRET_CHECK_LETTERS>(SECRET_LABEL, bytes);
    format_groups(bytes, SECRET_LETTERS, &check)
}

/// Takes what [`RecoveryCode::parse`] takes.
pub fn parse_recovery_secret(text: &SecretText) -> Result<Key32, KitSecretError> {
    // EXPOSE: read letter by letter into memory that wipes itself.
    let typed = letters::read(text.expose(), SECRET_LETTERS + SECRET_CHECK_LETTERS)
        .ok_or(KitSecretError::Shape)?;
    let (data, check) = typed.split_at(SECRET_LETTERS);
    // 52 letters are 260 bits; the last four must be zero, or one secret had 16 spellings.
    if data[SECRET_LETTERS - 1] & 0b1111 != 0 {
        return Err(KitSecretError::Checksum);
    }
    let rs = Key32::filled_by(|bytes| letters::pack(data, bytes));
    // EXPOSE: hashed for the checksum.
    if check_letters::<SECRET_CHECK_LETTERS>(SECRET_LABEL, rs.expose()) != check {
        return Err(KitSecretError::Checksum);
    }
    Ok(rs)
}

/// Tells kits apart without giving anything away: 80 bits of a hash over the ids that stand in
/// the header, in four groups of four.
pub fn kit_fingerprint(vault_id: &[u8; 16], slot_id: &[u8; 16]) -> String {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(b"strongroom/v1/kit-fingerprint")
        .chain_update(vault_id)
        .chain_update(slot_id)
        .finalize()
        .into();
    letters::grouped(16, |index| letters::letter(&digest, index))
}

fn check_letters<const N: usize>(label: &[u8], bytes: &[u8]) -> [u8; N] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(label)
        .chain_update(bytes)
        .finalize()
        .into();
    std::array::from_fn(|index| letters::letter(&digest, index))
}

fn format_groups(bytes: &[u8], count: usize, check: &[u8]) -> SecretText {
    let total = count + check.len();
    SecretText::new(letters::grouped(total, |index| {
        let value = check.get(index.wrapping_sub(count)).copied();
        value.unwrap_or_else(|| letters::letter(bytes, index))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn text(text: &str) -> SecretText {
        SecretText::new(text.to_owned())
    }

    #[test]
    fn letters_are_those_of_rfc_4648() {
        let rs = Key32::filled_by(|bytes| {
            for (byte, value) in bytes.iter_mut().zip(0..) {
                *byte = value;
            }
        });
        let plain = format_recovery_secret(&rs).expose().replace('-', "");
        let reference = data_encoding::BASE32_NOPAD.encode(rs.expose());
        assert_eq!(&plain[..SECRET_LETTERS], reference);
    }

    #[test]
    fn codes_and_secrets_read_back_however_they_are_typed() {
        for _ in 0..50 {
            let code = RecoveryCode::make(&OsRandom).expect("randomness");
            let shown = code.format();
            assert_eq!(shown.expose().len(), 28 + 6);
            for spelling in [
                shown.expose().to_owned(),
                shown.expose().to_lowercase(),
                shown.expose().replace('-', " "),
                shown.expose().replace('O', "0").replace('B', "8"),
            ] {
                let read = RecoveryCode::parse(&text(&spelling)).expect("reads back");
                assert_eq!(read.digest(), code.digest());
            }
            let rs = Key32::try_filled_by(|rs| OsRandom.fill(rs)).expect("randomness");
            let shown = format_recovery_secret(&rs);
            assert_eq!(shown.expose().len(), 56 + 13);
            assert!(
                parse_recovery_secret(&shown)
                    .expect("reads back")
                    .ct_eq(&rs)
            );
        }
    }

    #[test]
    fn slips_of_the_pen_are_found() {
        let code = RecoveryCode(Key::filled_by(|bits: &mut [u8; 16]| bits[..15].fill(0x5a)));
        let shown = code.format().expose().to_owned();
        for index in (0..shown.len()).filter(|index| shown.as_bytes()[*index] != b'-') {
            let mut wrong = shown.clone().into_bytes();
            wrong[index] = if wrong[index] == b'A' { b'C' } else { b'A' };
            let wrong = String::from_utf8(wrong).expect("ascii");
            let refused = RecoveryCode::parse(&text(&wrong)).err();
            assert_eq!(refused, Some(RecoveryCodeError::Checksum), "{wrong}");
        }
        for shape in [
            "",
            "ABCD",
            &shown[1..],
            &format!("{shown}A"),
            &shown.replace('-', "1"),
        ] {
            let refused = RecoveryCode::parse(&text(shape)).err();
            assert_eq!(refused, Some(RecoveryCodeError::Shape), "{shape}");
            assert_eq!(
                parse_recovery_secret(&text(shape)).err(),
                Some(KitSecretError::Shape)
            );
        }
    }
}
