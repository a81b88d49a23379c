//! The outer header: how a database is encrypted, and the settings of that. Nothing in it is secret.
//!
//! A field that is not known is left alone: it is covered by the hash of the header and, in version
//! 4, by its authentication.

use super::KdbxError;
use super::input::{Input, exactly};
use super::kdf::{self, Kdf};
use super::variant::{DictionaryWriter, Variant};

pub(super) const SIGNATURE: [u8; 8] = [0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5];
const SIGNATURE_KEEPASS1: [u8; 8] = [0x03, 0xd9, 0xa2, 0x9a, 0x65, 0xfb, 0x4b, 0xb5];

const AES256: [u8; 16] = [
    0x31, 0xc1, 0xf2, 0xe6, 0xbf, 0x71, 0x43, 0x50, 0xbe, 0x58, 0x05, 0x21, 0x6a, 0xfc, 0x5a, 0xff,
];
const CHACHA20: [u8; 16] = [
    0xd6, 0x03, 0x8a, 0x2b, 0x8b, 0x6f, 0x4c, 0xb5, 0xa5, 0x24, 0x33, 0x9a, 0x31, 0xdb, 0xb5, 0x9a,
];
const TWOFISH: [u8; 16] = [
    0xad, 0x68, 0xf2, 0x9f, 0x57, 0x6f, 0x4b, 0xb9, 0xa3, 0x6a, 0xd4, 0x7a, 0xf9, 0x65, 0x34, 0x6c,
];

/// What follows the last field by custom; any other content of it is fine as well.
const END: &[u8] = b"\r\n\r\n";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes256 { iv: [u8; 16] },
    ChaCha20 { nonce: [u8; 12] },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
}

/// What the two generations of the format do not share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Generation {
    Three {
        /// What the decrypted contents begin with.
        start: [u8; 32],
        stream: u32,
        stream_key: Vec<u8>,
    },
    Four,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) generation: Generation,
    pub(super) minor: u16,
    pub(super) cipher: Cipher,
    pub(super) compression: Compression,
    pub(super) master_seed: [u8; 32],
    pub(super) kdf: Kdf,
    /// Bytes of the file that are header.
    pub(super) length: usize,
}

/// The fields of a header as they stand; each may stand there once.
#[derive(Default)]
struct Fields<'a>([Option<&'a [u8]>; 13]);

impl<'a> Fields<'a> {
    fn put(&mut self, id: u8, value: &'a [u8]) -> Result<(), KdbxError> {
        match self.0.get_mut(usize::from(id)) {
            Some(Some(_)) => Err(KdbxError::MalformedHeader),
            Some(free) => {
                *free = Some(value);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn get(&self, id: usize) -> Result<&'a [u8], KdbxError> {
        self.0[id].ok_or(KdbxError::MalformedHeader)
    }

    fn number(&self, id: usize) -> Result<u32, KdbxError> {
        Ok(u32::from_le_bytes(exactly(self.get(id)?)?))
    }
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, KdbxError> {
        let mut input = Input::new(bytes);
        match input.array().map_err(|_| KdbxError::NotKdbx)? {
            SIGNATURE => {}
            SIGNATURE_KEEPASS1 => return Err(KdbxError::KeePass1),
            _ => return Err(KdbxError::NotKdbx),
        }
        let minor = input.u16()?;
        let major = input.u16()?;
        let is_four = match (major, minor) {
            (3, 0..=1) => false,
            (4, 0..=1) => true,
            _ => return Err(KdbxError::Version { major, minor }),
        };
        let mut fields = Fields::default();
        loop {
            let id = input.u8()?;
            let value = if is_four {
                input.counted()?
            } else {
                let length = input.u16()?;
                input.take(usize::from(length))?
            };
            if id == 0 {
                break;
            }
            fields.put(id, value)?;
        }
        let length = bytes.len() - input.rest().len();
        let compression = match fields.number(3)? {
            0 => Compression::None,
            1 => Compression::Gzip,
            _ => return Err(KdbxError::UnknownEncoding),
        };
        let cipher = match exactly(fields.get(2)?)? {
            AES256 => Cipher::Aes256 {
                iv: exactly(fields.get(7)?)?,
            },
            CHACHA20 => Cipher::ChaCha20 {
                nonce: exactly(fields.get(7)?)?,
            },
            TWOFISH => return Err(KdbxError::Twofish),
            _ => return Err(KdbxError::UnknownCipher),
        };
        let (generation, kdf) = if is_four {
            (Generation::Four, Kdf::from_dictionary(fields.get(11)?)?)
        } else {
            let rounds = u64::from_le_bytes(exactly(fields.get(6)?)?);
            let generation = Generation::Three {
                start: exactly(fields.get(9)?)?,
                stream: fields.number(10)?,
                stream_key: fields.get(8)?.to_vec(),
            };
            (generation, Kdf::aes(rounds, exactly(fields.get(5)?)?)?)
        };
        Ok(Self {
            generation,
            minor,
            cipher,
            compression,
            master_seed: exactly(fields.get(4)?)?,
            kdf,
            length,
        })
    }
}

/// What Strongroom asks of a guess at the password of a database that it writes: Argon2id with 64
/// MiB and ten passes over them, as KeePassXC does by default.
const WRITTEN_MEMORY: u64 = 64 * 1024 * 1024;
const WRITTEN_PASSES: u64 = 10;
const WRITTEN_LANES: u32 = 2;

/// The header of a database of version 4.1 with ChaCha20 and no compression.
pub(super) fn write(master_seed: &[u8; 32], nonce: &[u8; 12], salt: &[u8; 32]) -> Vec<u8> {
    let kdf = DictionaryWriter::new()
        .item("$UUID", &Variant::Bytes(&kdf::ARGON2ID))
        .item("V", &Variant::U32(0x13))
        .item("M", &Variant::U64(WRITTEN_MEMORY))
        .item("I", &Variant::U64(WRITTEN_PASSES))
        .item("P", &Variant::U32(WRITTEN_LANES))
        .item("S", &Variant::Bytes(salt))
        .finish();
    let mut out = SIGNATURE.to_vec();
    out.extend_from_slice(&[1, 0, 4, 0]);
    let fields: [(u8, &[u8]); 6] = [
        (2, &CHACHA20),
        (3, &[0; 4]),
        (4, master_seed),
        (7, nonce),
        (11, &kdf),
        (0, END),
    ];
    for (id, value) in fields {
        out.push(id);
        let length = u32::try_from(value.len()).expect("a header's fields are short");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(value);
    }
    out
}
