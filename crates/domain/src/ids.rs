//! The ids of entries, writes, devices and members: 16 bytes each, never confused for one another.
//!
//! Deliberately not here: making them. Randomness is a port of the vault.

/// The text is not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 32 hexadecimal digits")]
pub struct IdRefused;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name([u8; 16]);

        /// In the order of the bytes, which is that of the numbers they are: two of those are compared
        /// in a few steps, and large vaults are looked up in by the million.
        impl Ord for $name {
            #[inline]
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                u128::from_be_bytes(self.0).cmp(&u128::from_be_bytes(other.0))
            }
        }

        impl PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl $name {
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// `None` unless there are exactly 16 bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Takes 32 hexadecimal digits, in either case.
            pub fn parse(text: &str) -> Result<Self, IdRefused> {
                parse_hex(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let text = hex(&self.0);
                f.write_str(std::str::from_utf8(&text).map_err(|_| std::fmt::Error)?)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

id_type! {
    /// An entry: an account, a key, a version of its secret, a consumer, a vendor.
    EntryId
}
id_type! {
    /// One write to one register. Random, so that a vault restored from a backup never reuses one.
    WriteId
}
id_type! {
    /// The machine a write was made on.
    DeviceId
}
id_type! {
    /// The person who wrote.
    MemberId
}

/// By hand, because a long list prints thousands.
fn hex(bytes: &[u8; 16]) -> [u8; 32] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 32];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    text
}

fn parse_hex(text: &str) -> Result<[u8; 16], IdRefused> {
    let digits = text.as_bytes();
    if digits.len() != 32 {
        return Err(IdRefused);
    }
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(bytes)
}

fn digit(character: u8) -> Result<u8, IdRefused> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        b'A'..=b'F' => Ok(character - b'A' + 10),
        _ => Err(IdRefused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_parses_to_the_same_id() {
        let every = EntryId::from_bytes(std::array::from_fn(|at| (at * 0x11) as u8));
        assert_eq!(every.to_string(), "00112233445566778899aabbccddeeff");
        let id = EntryId::from_bytes([0xab; 16]);
        assert_eq!(EntryId::parse(&id.to_string()), Ok(id));
        assert_eq!(EntryId::parse(&id.to_string().to_uppercase()), Ok(id));
        assert_eq!(format!("{id:?}"), format!("EntryId({})", "ab".repeat(16)));
    }

    #[test]
    fn ids_stand_in_the_order_of_their_bytes() {
        let at = |place: usize, byte| {
            let mut id = [0x7f; 16];
            id[place] = byte;
            id
        };
        let every: Vec<[u8; 16]> = (0..16)
            .flat_map(|place| [0, 0x80, 0xff].map(|byte| at(place, byte)))
            .collect();
        for one in &every {
            for other in &every {
                let ids = (EntryId::from_bytes(*one), EntryId::from_bytes(*other));
                assert_eq!(ids.0.cmp(&ids.1), one.cmp(other), "{ids:?}");
            }
        }
    }

    #[test]
    fn anything_but_32_hexadecimal_digits_is_refused() {
        for text in [
            "",
            "ab",
            &"a".repeat(31),
            &"a".repeat(33),
            &"g".repeat(32),
            &"é".repeat(16),
        ] {
            assert_eq!(WriteId::parse(text), Err(IdRefused), "{text:?}");
        }
    }
}
