//! Makes databases of any kind, whole and hostile, with a derivation that costs nothing. It shares
//! no code with the reader.

use std::io::Write;

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{Array, BlockCipherEncrypt, BlockModeEncrypt, KeyInit, KeyIvInit, StreamCipher};
use chacha20::ChaCha20;
use data_encoding::BASE64;
use flate2::write::GzEncoder;
use hmac::{Hmac, Mac};
use salsa20::Salsa20;
use sha2::{Digest, Sha256, Sha512};

pub(crate) const PASSWORD: &str = "p";

const SEED: [u8; 32] = [3; 32];
const TRANSFORM_SEED: [u8; 32] = [5; 32];
const STREAM_KEY: [u8; 32] = [9; 32];
const START: [u8; 32] = [11; 32];
const AES: &str = "31c1f2e6bf714350be5805216afc5aff";
const CHACHA20: &str = "d6038a2b8b6f4cb5a524339a31dbb59a";
const AES_KDF: &str = "c9d9f39a628a4460bf740d08c18a4fea";

#[derive(Clone)]
pub(crate) struct Maker {
    pub(crate) version: (u16, u16),
    /// In hexadecimal, as the specification lists it.
    pub(crate) cipher: String,
    pub(crate) compression: u32,
    pub(crate) stream: u32,
    /// Version 3: what the header says; version 4: the whole dictionary.
    pub(crate) rounds: u64,
    pub(crate) dictionary: Vec<u8>,
    /// `[[text]]` becomes a protected value's ciphertext.
    pub(crate) xml: String,
    pub(crate) attachments: Vec<Vec<u8>>,
    /// What is stored instead of the packed contents.
    pub(crate) packed: Option<Vec<u8>>,
}

impl Maker {
    pub(crate) fn four(xml: &str) -> Self {
        Self {
            version: (4, 1),
            cipher: CHACHA20.to_owned(),
            compression: 0,
            stream: 3,
            rounds: 2,
            dictionary: dictionary(&[
                (0x42, "$UUID", hex(AES_KDF)),
                (0x05, "R", 2_u64.to_le_bytes().to_vec()),
                (0x42, "S", TRANSFORM_SEED.to_vec()),
            ]),
            xml: xml.to_owned(),
            attachments: Vec::new(),
            packed: None,
        }
    }

    pub(crate) fn three(xml: &str) -> Self {
        Self {
            version: (3, 1),
            cipher: AES.to_owned(),
            stream: 2,
            ..Self::four(xml)
        }
    }

    pub(crate) fn aes(mut self) -> Self {
        self.cipher = AES.to_owned();
        self
    }

    pub(crate) fn gzip(mut self) -> Self {
        self.compression = 1;
        self
    }

    pub(crate) fn make(&self) -> Vec<u8> {
        let is_four = self.version.0 == 4;
        let iv = vec![7; if self.cipher == CHACHA20 { 12 } else { 16 }];
        let mut fields: Vec<(u8, Vec<u8>)> = vec![
            (2, hex(&self.cipher)),
            (3, self.compression.to_le_bytes().to_vec()),
            (4, SEED.to_vec()),
            (7, iv.clone()),
        ];
        if is_four {
            fields.push((11, self.dictionary.clone()));
        } else {
            fields.push((5, TRANSFORM_SEED.to_vec()));
            fields.push((6, self.rounds.to_le_bytes().to_vec()));
            fields.push((8, STREAM_KEY.to_vec()));
            fields.push((9, START.to_vec()));
            fields.push((10, self.stream.to_le_bytes().to_vec()));
        }
        fields.push((0, b"\r\n\r\n".to_vec()));
        let mut header = vec![0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5];
        header.extend(self.version.1.to_le_bytes());
        header.extend(self.version.0.to_le_bytes());
        for (id, value) in fields {
            header.push(id);
            if is_four {
                header.extend(u32::try_from(value.len()).expect("short").to_le_bytes());
            } else {
                header.extend(u16::try_from(value.len()).expect("short").to_le_bytes());
            }
            header.extend(value);
        }
        let transformed = transformed(self.rounds);
        let key: [u8; 32] = Sha256::new()
            .chain_update(SEED)
            .chain_update(transformed)
            .finalize()
            .into();
        let contents = self
            .packed
            .clone()
            .unwrap_or_else(|| self.contents(&header));
        if is_four {
            let sealed = self.seal(&key, &iv, contents);
            let hmac_key = Sha512::new()
                .chain_update(SEED)
                .chain_update(transformed)
                .chain_update([1])
                .finalize();
            let mac = |index: u64, data: &[u8]| {
                let key = Sha512::new()
                    .chain_update(index.to_le_bytes())
                    .chain_update(hmac_key)
                    .finalize();
                let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("any length");
                mac.update(data);
                mac.finalize().into_bytes()
            };
            let mut out = header.clone();
            out.extend(Sha256::digest(&header));
            out.extend(mac(u64::MAX, &header));
            // Small blocks, so that there are several.
            for (index, block) in (0_u64..).zip(sealed.chunks(200).chain([&[][..]])) {
                let length = u32::try_from(block.len()).expect("short").to_le_bytes();
                let framed = [&index.to_le_bytes()[..], &length, block].concat();
                out.extend(mac(index, &framed));
                out.extend(length);
                out.extend(block);
            }
            out
        } else {
            let mut plain = START.to_vec();
            for (index, block) in (0_u32..).zip(contents.chunks(200).chain([&[][..]])) {
                plain.extend(index.to_le_bytes());
                let hash: [u8; 32] = Sha256::digest(block).into();
                plain.extend(if block.is_empty() { [0; 32] } else { hash });
                plain.extend(u32::try_from(block.len()).expect("short").to_le_bytes());
                plain.extend(block);
            }
            let mut out = header;
            out.extend(self.seal(&key, &iv, plain));
            out
        }
    }

    fn contents(&self, header: &[u8]) -> Vec<u8> {
        let mut inner = Vec::new();
        if self.version.0 == 4 {
            let mut item = |id: u8, value: &[u8]| {
                inner.push(id);
                inner.extend(u32::try_from(value.len()).expect("short").to_le_bytes());
                inner.extend(value);
            };
            item(1, &self.stream.to_le_bytes());
            item(2, &STREAM_KEY);
            for attachment in &self.attachments {
                item(3, &[&[1], attachment.as_slice()].concat());
            }
            item(0, &[]);
        }
        let hash = BASE64.encode(&Sha256::digest(header));
        let xml = self.xml.replace("HEADERHASH", &hash);
        inner.extend(protect(&xml, self.stream).into_bytes());
        if self.compression == 1 {
            gzipped(&inner)
        } else {
            inner
        }
    }

    fn seal(&self, key: &[u8; 32], iv: &[u8], mut contents: Vec<u8>) -> Vec<u8> {
        if self.cipher == CHACHA20 {
            let nonce: [u8; 12] = iv.try_into().expect("12 bytes");
            ChaCha20::new(key.into(), (&nonce).into()).apply_keystream(&mut contents);
            contents
        } else {
            let iv: [u8; 16] = iv.try_into().expect("16 bytes");
            let length = contents.len();
            contents.resize(length + 16, 0);
            cbc::Encryptor::<Aes256>::new(key.into(), (&iv).into())
                .encrypt_padded::<Pkcs7>(&mut contents, length)
                .expect("there is room")
                .to_vec()
        }
    }
}

/// AES in ECB, as the key derivation of old does it.
fn transformed(rounds: u64) -> [u8; 32] {
    let composite = Sha256::digest(Sha256::digest(PASSWORD.as_bytes()));
    let cipher = Aes256::new((&TRANSFORM_SEED).into());
    let mut key = Vec::new();
    for half in composite.chunks(16) {
        let mut block = Array::try_from(half).expect("16 bytes");
        for _ in 0..rounds {
            cipher.encrypt_block(&mut block);
        }
        key.extend(block);
    }
    Sha256::digest(&key).into()
}

fn protect(xml: &str, stream: u32) -> String {
    let mut chacha = {
        let hash = Sha512::digest(STREAM_KEY);
        let key: [u8; 32] = hash[..32].try_into().expect("32 bytes");
        let nonce: [u8; 12] = hash[32..44].try_into().expect("12 bytes");
        ChaCha20::new((&key).into(), (&nonce).into())
    };
    let mut salsa = {
        let key: [u8; 32] = Sha256::digest(STREAM_KEY).into();
        let nonce = [0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a];
        Salsa20::new((&key).into(), (&nonce).into())
    };
    let mut out = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once("[[") {
        let (text, after) = after.split_once("]]").expect("closed");
        let mut value = text.as_bytes().to_vec();
        if stream == 2 {
            salsa.apply_keystream(&mut value);
        } else {
            chacha.apply_keystream(&mut value);
        }
        out.push_str(before);
        out.push_str(&BASE64.encode(&value));
        rest = after;
    }
    out + rest
}

pub(crate) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub(crate) fn dictionary(items: &[(u8, &str, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0, 1];
    for (kind, name, value) in items {
        out.push(*kind);
        out.extend(u32::try_from(name.len()).expect("short").to_le_bytes());
        out.extend(name.as_bytes());
        out.extend(u32::try_from(value.len()).expect("short").to_le_bytes());
        out.extend(value);
    }
    out.push(0);
    out
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER
        .decode(text.as_bytes())
        .expect("hexadecimal")
}
