//! The typed data of EIP-712, as far as Hyperliquid signs it: flat messages of five types.
//!
//! Source: <https://eips.ethereum.org/EIPS/eip-712>.

use sha3::{Digest as _, Keccak256};

pub(crate) type Word = [u8; 32];

/// A field's value, as one word of 32 bytes.
pub(crate) fn text(value: &str) -> Word {
    keccak(value.as_bytes())
}

pub(crate) fn number(value: u64) -> Word {
    let mut word = [0; 32];
    word[24..].copy_from_slice(&value.to_be_bytes());
    word
}

pub(crate) fn address(value: &[u8; 20]) -> Word {
    let mut word = [0; 32];
    word[12..].copy_from_slice(value);
    word
}

/// The hash of a struct: of its type's text, then its fields.
pub(crate) fn structure(type_text: &str, fields: &[Word]) -> Word {
    let mut hash = Keccak256::new();
    hash.update(keccak(type_text.as_bytes()));
    for field in fields {
        hash.update(field);
    }
    hash.finalize().into()
}

/// A domain of version 1 without a contract.
pub(crate) fn domain(name: &str, chain: u64) -> Word {
    structure(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
        &[text(name), text("1"), number(chain), address(&[0; 20])],
    )
}

/// What is hashed and signed: a prefix that no transaction begins with, the domain, the message.
pub(crate) fn message(domain: &Word, structure: &Word) -> Vec<u8> {
    [b"\x19\x01".as_slice(), domain, structure].concat()
}

pub(crate) fn keccak(bytes: &[u8]) -> Word {
    Keccak256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn keccak_is_the_one_before_the_standard() {
        assert_eq!(
            HEXLOWER.encode(&keccak(b"")),
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
        );
    }
}
