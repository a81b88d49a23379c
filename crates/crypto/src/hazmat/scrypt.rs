//! scrypt (RFC 7914) with r = 8 and p = 1.
//!
//! Deliberately not here: which work factors are acceptable (`safe/age/passphrase.rs`).

use scrypt::Params;
use strongroom_secret::Key32;

const R: u32 = 8;
const P: u32 = 1;

/// 32 bytes; takes 2^`log_n` KiB of memory while it runs.
pub(crate) fn hash(password: &[u8], salt: &[u8], log_n: u8) -> Key32 {
    let params = Params::new(log_n, R, P).expect("work factors were looked at before");
    Key32::filled_by(|out| {
        scrypt::scrypt(password, salt, &params, out).expect("32 bytes are a length it makes");
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7914, section 12, third vector; what it has beyond 32 bytes is made block by block after.
    #[test]
    fn the_vector_of_rfc_7914() {
        let tag = hash(b"pleaseletmein", b"SodiumChloride", 14);
        assert_eq!(
            data_encoding::HEXLOWER.encode(tag.expose()),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        );
    }
}
